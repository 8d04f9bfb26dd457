from django import forms

from accounts.names import NameField

from .choices import LifetimeField


class GuestLinkForm(forms.Form):
    days = LifetimeField()
    note = NameField(label="For whom", required=False, help_text="A name, so that you know the link again.")
