"""Where allauth asks this site: who may sign up, where people go, what is recorded of their coming."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core import context
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse

from . import audit, client_address, reauthentication, sign_in_links
from .models import User
from .sign_up import open_invitation
from .unsent_letters import UnsentLetter


class AccountAdapter(DefaultAccountAdapter):
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

    def get_client_ip(self, request: HttpRequest) -> str:
        client_address.look_for_proxies(request)
        return client_address.plain(super().get_client_ip(request))

    # Coming and going

    @transaction.atomic
    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        reauthentication.remember(request)
        audit.record_person(user, "user.signed_in", by=user)

    @transaction.atomic
    def logout(self, request: HttpRequest) -> None:
        user = request.user
        assert isinstance(user, User), "allauth asks only for somebody who is signed in"
        audit.record_person(user, "user.signed_out", by=user)
        super().logout(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: str) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:  # Too many tries: this one is not even compared, but it was one.
            self.authentication_failed(request, **credentials)
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: str) -> None:
        """Record the try where the address is somebody's; what else was typed is kept nowhere."""
        user = User.objects.filter(email__iexact=credentials["email"]).first()
        # Counted for nobody too: how long the answer takes says nothing of the address.
        times = audit.telling_count("user.sign_in_failed", user.pk if user else "nobody")
        if user and times:
            with transaction.atomic():
                audit.record_person(user, "user.sign_in_failed", by=None, times=times)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: str) -> str:
        # allauth counts by host and address: the Host header's port is the visitor's to choose, and each
        # port would have five tries of its own. Who is signed in and asked again has tries of their own: a
        # stranger who knows the address cannot use them up.
        user = getattr(request, "user", None)
        return f"again {user.pk}" if user and user.is_authenticated else credentials["email"].lower()

    # Asking again

    def reauthenticate(self, user: User, password: str) -> bool:
        is_right = super().reauthenticate(user, password)
        if is_right:
            reauthentication.remember(context.request)
            reauthentication.drop_late_act(context.request)
        return is_right

    def is_reauthentication_required(self, *, app: str, **kwargs: object) -> bool:
        # Raised here, as allauth asks nobody who has no password.
        reauthentication.require(context.request, _act_on_address(context.request))
        return False

    def get_reauthentication_methods(self, user: User) -> list[dict]:
        """The page of the question, also for people without a password: it tells them what to do."""
        return [{"id": "reauthenticate", "url": reverse("account_reauthenticate")}]

    # Passwords and addresses

    @transaction.atomic
    def set_password(self, user: User, password: str) -> None:
        super().set_password(user, password)
        is_own = self.request.user == user
        audit.record_person(user, "user.password_changed" if is_own else "user.password_reset", by=user)
        sign_in_links.withdraw(user)

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as error:  # SMTP's errors are of this kind too.
            raise UnsentLetter(error) from error

    def send_password_reset_mail(self, user: User, email: str, context: dict) -> None:
        with transaction.atomic():
            if times := audit.telling_count("user.password_reset_asked", user.pk):
                audit.record_person(user, "user.password_reset_asked", by=None, times=times)
        super().send_password_reset_mail(user, email, context)

    @transaction.atomic
    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        user = email_address.user
        if User.objects.exclude(pk=user.pk).filter(email__iexact=email_address.email).exists():
            # Somebody else signs in with it, though they never confirmed it.
            words, named = "account/messages/email_confirmation_failed.txt", {"email": email_address.email}
            self.add_message(request, messages.ERROR, words, named)
            return False
        is_change = user.email.lower() != email_address.email.lower()
        is_confirmed = super().confirm_email(request, email_address)
        if is_confirmed:
            verb = "user.email_changed" if is_change else "user.email_confirmed"
            audit.record_person(user, verb, by=user)
        return is_confirmed


def _act_on_address(request: HttpRequest) -> str:
    """allauth asks only before these two."""
    if "action_add" in request.POST:
        return f"change your e-mail address to {request.POST.get('email', '')}"
    return "keep the e-mail address you have"
