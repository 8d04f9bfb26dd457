import uuid

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from accounts import audit, roles
from accounts.models import Role, User

from .stored_file import StoredFileField

PICTURES = "pictures"  # the kind of the jobs that have outputs
# Of pictures: as `Output.may_be_shown`, in a query.
MAY_BE_SHOWN = models.Q(hidden_at=None) & ~models.Q(file="")


class Output(models.Model):
    """One picture of a job: an empty frame at submission, filled once in the transaction that finishes the
    job.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    job = models.ForeignKey("generation.Job", on_delete=models.CASCADE, related_name="outputs")
    index = models.PositiveSmallIntegerField(help_text="Place in the job, from 0.")
    seed = models.BigIntegerField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()

    step = models.PositiveSmallIntegerField(default=0)
    steps = models.PositiveSmallIntegerField()
    preview = models.BinaryField(
        null=True, help_text="A small WebP of the latest estimate; dropped at the end."
    )

    file = StoredFileField(help_text="Relative to the media folder.")
    thumbnail = StoredFileField(help_text="The same, small, as WebP.")
    sha256 = models.CharField(max_length=64, blank=True)
    bytes = models.PositiveIntegerField(default=0)
    generation_record = models.JSONField(
        default=dict, help_text="What reproduces the pixels; the prompt stays in the request."
    )

    taken_down_at = models.DateTimeField(
        null=True, blank=True, help_text="When its files were deleted because of a report; sha256 stays."
    )
    hidden_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Since when it waits, shown to nobody, for what is decided of a report.",
    )
    cancelled_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When it was taken out of its job, which goes on without it: by a person, or withheld.",
    )
    kept_at = models.DateTimeField(null=True, blank=True)
    discarded_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "index"], name="output_slot_once"),
            models.CheckConstraint(
                condition=models.Q(kept_at__isnull=True) | models.Q(discarded_at__isnull=True),
                name="output_kept_or_discarded",
            ),
        ]
        indexes = [models.Index(fields=["seed"], name="output_twins")]

    def __str__(self) -> str:
        return f"picture {self.pk}"

    @property
    def is_stored(self) -> bool:
        return bool(self.file)

    @property
    def may_be_shown(self) -> bool:
        """Whether it is there to be looked at, by whoever may see the business's pictures."""
        return self.is_stored and self.hidden_at is None

    @property
    def small_file(self) -> str:
        """The thumbnail, or the picture itself where none was made of it."""
        return self.thumbnail or self.file

    def keep(self, *, by: User) -> None:
        """Choose this picture. One that may not be shown, or is kept already, stays as it is."""
        self._decide("output.kept", models.Q(kept_at=None), by, kept_at=timezone.now(), discarded_at=None)

    def discard(self, *, by: User) -> None:
        """Turn this picture down; its file stays, so that `release` can bring it back."""
        self._decide(
            "output.discarded", models.Q(discarded_at=None), by, kept_at=None, discarded_at=timezone.now()
        )

    def release(self, *, by: User) -> None:
        """Take back a decision."""
        decided = models.Q(kept_at__isnull=False) | models.Q(discarded_at__isnull=False)
        self._decide("output.released", decided, by, kept_at=None, discarded_at=None)

    @transaction.atomic
    def _decide(self, verb: str, undecided: models.Q, by: User, **decision) -> None:
        roles.require(by, self.job.business, Role.EDITOR)
        # One conditional UPDATE: of two clicks at once, one changes the row and is recorded.
        rows = Output.objects.filter(undecided, MAY_BE_SHOWN, pk=self.pk)
        if rows.update(**decision, decided_by=by):
            audit.record(by, verb, self, business=self.job.business)
        self.refresh_from_db(fields=["kept_at", "discarded_at", "decided_by"])
