"""Signing up makes a person and, unless an invitation brought them, their business."""

from allauth.account.forms import SignupForm
from allauth.core import context, ratelimit
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from .businesses import open_business
from .locales import of_browser
from .models import Invitation, User
from .names import NameField

TOO_MANY = "Many businesses were opened from your network today. Go on tomorrow, or ask for an invitation."
INVITATION_KEY = "invitation"  # session: key of the invitation whose link the person opened


def open_invitation(request: HttpRequest) -> Invitation | None:
    """The invitation that brought this person here, while it can be accepted."""
    key = request.session.get(INVITATION_KEY)
    invitation = Invitation.objects.select_related("business").filter(pk=key).first() if key else None
    return invitation if invitation and invitation.is_open else None


class SignUpForm(SignupForm):
    """The person's name, the business's name unless they were invited to one, e-mail and password."""

    name = NameField(label="Your name")
    business = NameField(label="Your business", help_text="As your customers know it.")
    field_order = ("name", "business", "email", "password1")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.invitation = open_invitation(context.request)
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["business"].widget.attrs["autocomplete"] = "organization"
        if self.invitation:
            del self.fields["business"]

    def clean(self) -> dict[str, object]:
        cleaned = super().clean()
        opens_business = "business" in self.fields and not self.errors
        if opens_business and not ratelimit.consume(context.request, action="open_business"):
            raise ValidationError(TOO_MANY, code="too_many")
        return cleaned

    def clean_email(self) -> str:
        email = super().clean_email()
        if email.lower().endswith(".localhost"):  # No letter gets there; the demo business has one.
            raise ValidationError("Please use an address that letters reach.", code="unreachable")
        return email

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        try:
            return super().try_save(request)
        except IntegrityError:
            # Somebody signed up with this address between the check and the insert: with a second click,
            # mostly, so that who is signed in by the first goes on from there.
            if not settings.SMTP_URL:
                return None, redirect("account_login")
            self.account_already_exists = True  # allauth then writes to them, and tells a stranger nothing.
            return super().try_save(request)

    @transaction.atomic
    def save(self, request: HttpRequest) -> User:
        user = super().save(request)
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])
        if "business" in self.cleaned_data:
            locale = of_browser(request.headers.get("Accept-Language", ""))
            open_business(self.cleaned_data["business"], by=user, locale=locale)
        return user
