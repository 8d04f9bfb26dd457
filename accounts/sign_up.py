"""Signing up makes a person and, unless an invitation brought them, their business."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import SignupForm
from django import forms
from django.conf import settings
from django.http import HttpRequest

from .businesses import open_business
from .models import User

INVITATION_KEY = "invitation"  # session: the token of the invitation that brought the person here


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return settings.OPEN_SIGN_UP or INVITATION_KEY in request.session


class SignUpForm(SignupForm):
    """E-mail, password, the person's name and the business's name."""

    name = forms.CharField(label="Your name", max_length=80)
    business = forms.CharField(label="Your business", max_length=80, required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["name", "business", "email", "password1"])

    def save(self, request: HttpRequest) -> User:
        user = super().save(request)
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])
        if INVITATION_KEY not in request.session:
            open_business(self.cleaned_data["business"] or f"{user.name}'s business", by=user)
        return user
