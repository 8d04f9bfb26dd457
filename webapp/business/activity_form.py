from datetime import date, datetime, time, timedelta

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from accounts import audit
from accounts.models import AuditEvent, Business, User

NOBODY = "nobody"

# DISTINCT would read the whole log. This goes from one actor to the next, a look into the index each.
ACTORS = """
WITH RECURSIVE actors AS (
    (SELECT min(actor_id) AS id FROM accounts_auditevent WHERE business_id = %(business)s)
    UNION ALL
    SELECT (
        SELECT min(actor_id) FROM accounts_auditevent
        WHERE business_id = %(business)s AND actor_id > actors.id
    ) FROM actors WHERE actors.id IS NOT NULL
)
SELECT id FROM actors WHERE id IS NOT NULL
"""


VERBS = [(verb, words) for verb, words in audit.VERBS.items() if verb not in audit.OF_THE_MACHINE]


class ActivityFilter(forms.Form):
    """Which events of a business to show. What is not understood is not filtered by, and said."""

    person = forms.ChoiceField(required=False)
    verb = forms.ChoiceField(required=False, label="What", choices=[("", "Everything"), *VERBS])
    day = forms.DateField(
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        validators=[MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2999, 12, 31))],
    )

    def __init__(self, *args, business: Business, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.business = business
        people = User.objects.filter(pk__in=_actors(business)).order_by("name", "pk")
        person = self.fields["person"]
        assert isinstance(person, forms.ChoiceField)
        person.choices = [
            ("", "Everybody"),
            *((str(user.pk), str(user)) for user in people),
            (NOBODY, "Guests and the machine"),
        ]

    def events(self) -> QuerySet[AuditEvent]:
        """The events that fit, newest first."""
        events = self.business.audit_events.order_by("-pk")
        self.is_valid()  # What is not understood is left out of cleaned_data.
        chosen = self.cleaned_data
        if person := chosen.get("person"):
            events = events.filter(actor=None if person == NOBODY else int(person))
        if verb := chosen.get("verb"):
            events = events.filter(verb__in=audit.names_of(verb))
        if day := chosen.get("day"):
            start = timezone.make_aware(datetime.combine(day, time.min))
            events = events.filter(at__gte=start, at__lt=start + timedelta(days=1))
        return events


def _actors(business: Business) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(ACTORS, {"business": business.pk})
        return [key for (key,) in cursor.fetchall()]
