from django.conf import settings
from django.db import models


class Role(models.TextChoices):
    OWNER = "owner", "Owner"
    EDITOR = "editor", "Editor"
    VIEWER = "viewer", "Viewer"

    @property
    def rank(self) -> int:
        return {Role.VIEWER: 0, Role.EDITOR: 1, Role.OWNER: 2}[self]

    def covers(self, other: "Role") -> bool:
        """Whether this role may do all that `other` may do."""
        return self.rank >= other.rank

    @classmethod
    def covering(cls, other: "Role") -> list["Role"]:
        """The roles that may do all that `other` may do."""
        return [role for role in cls if role.covers(other)]


class Membership(models.Model):
    """A person's role in a business."""

    business = models.ForeignKey("accounts.Business", on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["business", "user"], name="membership_once"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user} is {self.role} of {self.business}"

    def covers(self, role: Role) -> bool:
        return Role(self.role).covers(role)

    @classmethod
    def holders(cls, business_id: int, role: Role) -> models.QuerySet:
        """Keys of the people who may do in the business what `role` may.

        What lets others in, an invitation or a guest link, is good only while its maker is one of them.
        """
        rows = cls.objects.filter(business_id=business_id, role__in=Role.covering(role), user__is_active=True)
        return rows.values_list("user_id", flat=True)
