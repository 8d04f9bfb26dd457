"""Fair shares of each queue between businesses: start-time fair queueing (Goyal, Vin and Cheng, 1996).

Every job gets a virtual start and finish time when it is submitted. A business's jobs follow one another in
virtual time, each as long as its cost divided by the business's weight; a business that was away starts at
the clock, not in the past. However many jobs one business has waiting, another's first job is behind at most
the work that is already being done.
"""

from dataclasses import dataclass

from accounts.models import Business
from generation.models import Queue, QueueTag, VirtualClock


@dataclass(frozen=True, slots=True)
class Tags:
    start: float
    finish: float


def take_turn(business: Business, queue: Queue, cost: float) -> Tags:
    """The next place in the business's own line. The caller holds the business's row locked."""
    tag, _ = QueueTag.objects.get_or_create(business=business, queue=queue)
    start = max(virtual_time(queue), tag.last_tag)
    tag.last_tag = start + cost / business.weight
    tag.save(update_fields=["last_tag"])
    return Tags(start, tag.last_tag)


def virtual_time(queue: Queue) -> float:
    """The latest start tag that was claimed; it never runs backwards. `lease.claim` moves it."""
    clock = VirtualClock.objects.filter(queue=queue)
    return clock.values_list("virtual_time", flat=True).first() or 0.0
