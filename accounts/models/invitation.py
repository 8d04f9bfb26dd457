from django.conf import settings
from django.db import models
from django.utils import timezone

from .membership import Membership, Role


class Invitation(models.Model):
    """A link that makes whoever opens it, signed in, a member, once. Only the token's hash is kept."""

    class State(models.TextChoices):
        OPEN = "open"
        ACCEPTED = "accepted"
        REVOKED = "revoked"
        EXPIRED = "expired"

    business = models.ForeignKey("accounts.Business", on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=10, choices=Role.choices)
    note = models.CharField(
        max_length=80, blank=True, help_text="For whom the link is, in the inviter's words."
    )
    token_hash = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="invitation_role_known")
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    @property
    def state(self) -> "Invitation.State":
        if self.accepted_at:
            return self.State.ACCEPTED
        if self.revoked_at or not self._maker_may_invite():
            return self.State.REVOKED
        return self.State.EXPIRED if self.expires_at <= timezone.now() else self.State.OPEN

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    def _maker_may_invite(self) -> bool:
        return Membership.holders(self.business_id, Role.OWNER).filter(user=self.created_by_id).exists()
