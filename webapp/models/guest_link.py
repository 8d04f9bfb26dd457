import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.models import Membership, Role


class GuestLink(models.Model):
    """A link by which anybody may look at one campaign until it expires. Only the token's hash is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    campaign = models.ForeignKey("webapp.Campaign", on_delete=models.CASCADE, related_name="guest_links")
    token_hash = models.CharField(max_length=64, unique=True)
    note = models.CharField(max_length=80, blank=True, help_text="For whom the link is.")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    opened_count = models.PositiveIntegerField(default=0)
    last_opened_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"guest link {self.pk}"

    @property
    def business(self):
        return self.campaign.business

    @property
    def is_open(self) -> bool:
        """Whether it still leads anywhere: not while the campaign or its project is put away, and never
        again once its maker may not make one."""
        put_away = self.campaign.archived_at or self.campaign.project.archived_at
        is_current = self.revoked_at is None and self.expires_at > timezone.now()
        return is_current and not put_away and self._maker_may_share()

    def _maker_may_share(self) -> bool:
        may = Membership.holders(self.campaign.project.business_id, Role.EDITOR)
        return may.filter(user=self.created_by_id).exists()
