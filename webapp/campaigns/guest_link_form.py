from django import forms

from webapp.business.link_fields import LifetimeField, NoteField


class GuestLinkForm(forms.Form):
    days = LifetimeField()
    note = NoteField("The printer in Mill Lane")
