from django import forms

from accounts.models import Role
from accounts.names import NameField

from .choices import LifetimeField


class InvitationForm(forms.Form):
    role = forms.ChoiceField(choices=Role.choices, initial=Role.EDITOR, label="Role")
    days = LifetimeField()
    note = NameField(label="For whom", required=False, help_text="A name, so that you know the link again.")


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=Role.choices, label="Role")
