from django import forms

from accounts.names import NameField


class BusinessForm(forms.Form):
    name = NameField(label="Name of the business", help_text="As your customers know it.")
