from django import forms

from webapp.business.link_form import LifetimeField, NoteField


class GuestLinkForm(forms.Form):
    days = LifetimeField()
    note = NoteField("The printer in Mill Lane")
