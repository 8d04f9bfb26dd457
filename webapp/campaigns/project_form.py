from django import forms

from accounts.names import NameField


class ProjectForm(forms.Form):
    name = NameField(label="Name of the project", help_text="A line of work, for instance Autumn menu.")
