from django import forms

from accounts.names import NameField


class CampaignForm(forms.Form):
    name = NameField(label="Name of the campaign", help_text="One push, for instance Pumpkin week.")
