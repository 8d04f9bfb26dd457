"""Signing up makes a person and, unless an invitation brought them, their business."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import SignupForm
from allauth.core import context
from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from . import audit
from .businesses import open_business
from .models import Invitation, User
from .names import NameField

INVITATION_KEY = "invitation"  # session: key of the invitation whose link the person opened


def open_invitation(request: HttpRequest) -> Invitation | None:
    """The invitation that brought this person here, while it can be accepted."""
    key = request.session.get(INVITATION_KEY)
    invitation = Invitation.objects.select_related("account").filter(pk=key).first() if key else None
    return invitation if invitation and invitation.is_open else None


class AccountAdapter(DefaultAccountAdapter):
    """Where people go after they came in, and the record of it."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return settings.OPEN_SIGN_UP or open_invitation(request) is not None

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        if open_invitation(request):
            return reverse("invitation_acceptance")
        return super().get_login_redirect_url(request)

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return self.get_login_redirect_url(request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("home")

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: str) -> str:
        # allauth counts by host and address: the Host header's port is the visitor's to choose, and each
        # port would have five tries of its own.
        return credentials["email"].lower()

    @transaction.atomic
    def set_password(self, user: User, password: str) -> None:
        super().set_password(user, password)
        audit.record_person(user, "user.password_changed")

    @transaction.atomic
    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        audit.record_person(user, "user.signed_in")


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

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        try:
            return super().try_save(request)
        except IntegrityError:
            # Somebody signed up with this address between the check and the insert.
            self.account_already_exists = True
            return super().try_save(request)

    @transaction.atomic
    def save(self, request: HttpRequest) -> User:
        user = super().save(request)
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])
        if "business" in self.cleaned_data:
            open_business(self.cleaned_data["business"], by=user)
        return user
