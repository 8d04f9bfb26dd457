from datetime import date, datetime, time, timedelta

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.utils import timezone

from accounts import audit
from accounts.models import Account, AuditEvent, User

NOBODY = "nobody"


class ActivityFilter(forms.Form):
    """Which events of an account to show. What is not understood is not filtered by, and said."""

    person = forms.ChoiceField(required=False)
    verb = forms.ChoiceField(required=False, label="What")
    day = forms.DateField(
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        validators=[MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2999, 12, 31))],
    )

    def __init__(self, *args, account: Account, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.account = account
        actors = account.audit_events.order_by().values("actor_id").distinct()
        people = User.objects.filter(pk__in=actors).order_by("name", "pk")
        self.fields["person"].choices = [
            ("", "Everybody"),
            *((str(user.pk), str(user)) for user in people),
            (NOBODY, "Guests and the machine"),
        ]
        self.fields["verb"].choices = [("", "Everything"), *audit.VERBS.items()]

    def events(self) -> QuerySet[AuditEvent]:
        """The events that fit, newest first."""
        events = self.account.audit_events.order_by("-pk")
        self.is_valid()  # What is not understood is left out of cleaned_data.
        chosen = self.cleaned_data
        if person := chosen.get("person"):
            events = events.filter(actor=None if person == NOBODY else int(person))
        if verb := chosen.get("verb"):
            events = events.filter(verb=verb)
        if day := chosen.get("day"):
            start = timezone.make_aware(datetime.combine(day, time.min))
            events = events.filter(at__gte=start, at__lt=start + timedelta(days=1))
        return events
