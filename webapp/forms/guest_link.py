from django import forms

from .link import LifetimeField, NoteField


class GuestLinkForm(forms.Form):
    days = LifetimeField()
    note = NoteField("The printer in Mill Lane")
