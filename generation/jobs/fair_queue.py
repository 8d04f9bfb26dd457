"""Fair shares of the queue between businesses: start-time fair queueing (Goyal, Vin and Cheng, 1996).

Every job gets a virtual start and finish time when it is submitted. A business's jobs follow one another in
virtual time, each as long as its cost divided by the business's weight; a business that was away starts at
the clock, not in the past. However many jobs one business has waiting, another's first job is behind at most
the work that is already being done.
"""

from dataclasses import dataclass

from accounts.models import Business
from generation.models import PictureRequest, QueueTag, VirtualClock

MEGAPIXEL = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Tags:
    start: float
    finish: float


def cost_of(request: PictureRequest, pictures: int) -> float:
    """The work of a request in megapixel steps: what the queue weighs and what time left is told from."""
    return pictures * request.steps * request.width * request.height / MEGAPIXEL


def take_turn(business: Business, cost: float) -> Tags:
    """The next place in the business's own line. The caller holds the business's row locked."""
    tag, _ = QueueTag.objects.get_or_create(business=business)
    start = max(virtual_time(), tag.last_tag)
    tag.last_tag = start + cost / business.weight
    tag.save(update_fields=["last_tag"])
    return Tags(start, tag.last_tag)


def virtual_time() -> float:
    """The latest start tag that was claimed; it never runs backwards. `lease.claim` moves it."""
    return VirtualClock.objects.values_list("virtual_time", flat=True).first() or 0.0
