from django import forms

from accounts.models import Role

from .link_fields import LifetimeField, NoteField


class InvitationForm(forms.Form):
    role = forms.ChoiceField(choices=Role.choices, initial=Role.EDITOR, label="Role")
    days = LifetimeField()
    note = NoteField("Erin from the market")


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=Role.choices, label="Role")
