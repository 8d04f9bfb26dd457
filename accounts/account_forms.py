"""Forms with which people change how they sign in; allauth's, with what is asked and recorded here."""

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.core import context
from django.db import transaction
from django.http import HttpRequest

from . import audit, reauthentication
from .models import User


class AddEmailForm(allauth_forms.AddEmailForm):
    """Asks for another address. It takes the old one's place when it is confirmed; where the old one never
    was, because this machine sends no letters, at once.
    """

    def clean_email(self) -> str:
        email = super().clean_email()
        is_taken = User.objects.exclude(pk=self.user.pk).filter(email__iexact=email).exists()
        if is_taken and not self._waits_for_confirmation():
            raise get_adapter().validation_error("email_taken")
        return email

    @transaction.atomic
    def save(self, request: HttpRequest) -> EmailAddress:
        """Nothing is changed when a letter cannot be sent."""
        old, waits = self.user.email, self._waits_for_confirmation()
        audit.record_person(self.user, "user.email_change_asked", by=self.user)
        address = super().save(request)
        if not waits:
            address.set_as_primary()
            audit.record_person(self.user, "user.email_changed", by=self.user)
        letter = "email_change_asked" if waits else "email_changed"
        context_ = {"from_email": old, "to_email": address.email}
        get_adapter().send_notification_mail(f"account/email/{letter}", self.user, context_, email=old)
        return address

    def _waits_for_confirmation(self) -> bool:
        return EmailAddress.objects.get_verified(self.user) is not None


class ChangePasswordForm(allauth_forms.ChangePasswordForm):
    """Asks for the old password, but not somebody who has just come by a sign-in link."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if reauthentication.came_by_link(context.request):
            del self.fields["oldpassword"]

    def clean_oldpassword(self) -> str:
        # Not only `check_password`: guesses count and are recorded as those at the door are.
        password = self.cleaned_data["oldpassword"]
        if not get_adapter().reauthenticate(self.user, password):
            raise get_adapter().validation_error("enter_current_password")
        return password


class SetPasswordForm(allauth_forms.SetPasswordForm):
    """The first password of somebody who has none; allauth asks for no proof."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        reauthentication.require_before_typing(context.request, "choose a password")


class ReauthenticateForm(allauth_forms.ReauthenticateForm):
    """Asks for the password before an act that it can name."""

    @property
    def act(self) -> str:
        return reauthentication.act_asked_for(context.request)
