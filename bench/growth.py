"""Do the queue and the pages stay as quick when there is a thousand times as much?

A private PostgreSQL is filled to each size; pages are asked for through the whole of Django by a signed-in
owner, jobs are claimed as a worker does. The exponent of growth is the slope of log seconds over log size.
"""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bench.harness import Cell, Result, Target, percentile, seconds_of

TARGETS = (
    Target("claim", "claim p95 at most jobs", 5, " ms", at_most=True),
    Target("claim_exponent", "growth exponent of claim, by jobs", 0.1, "", at_most=True),
    Target("pages_exponent", "growth exponent of the worst page, by jobs", 0.1, "", at_most=True),
    Target("businesses_exponent", "the same by businesses, claim and pages", 0.1, "", at_most=True),
    Target("queries", "pages whose number of queries depends on the size", 0, "", at_most=True),
)


@dataclass(frozen=True, slots=True)
class Sizes:
    """Sizes as (jobs, businesses): the first axis at one number of businesses, the second at one of jobs."""

    by_jobs: tuple[tuple[int, int], ...]
    by_businesses: tuple[tuple[int, int], ...]
    visits: int


FULL = Sizes(
    by_jobs=((10**3, 10), (10**4, 10), (10**5, 10), (10**6, 10)),
    by_businesses=((10**5, 1), (10**5, 10), (10**5, 100), (10**5, 1000)),
    visits=30,
)
QUICK = Sizes(by_jobs=((10**3, 10), (10**4, 10)), by_businesses=((10**4, 1), (10**4, 100)), visits=12)


@dataclass(frozen=True, slots=True)
class Measured:
    """Of one size: seconds of each visit and of each claim, queries of each page."""

    jobs: int
    businesses: int
    pages: dict[str, tuple[float, ...]]
    claims: tuple[float, ...]
    queries: dict[str, int]

    def cells(self) -> Iterator[Cell]:
        where = f"{self.jobs:,} jobs, {self.businesses:,} businesses"
        yield Cell(where, "claim", "ms", tuple(1000 * each for each in self.claims))
        for name, seconds in self.pages.items():
            note = f"{self.queries[name]} queries"
            yield Cell(where, name, "ms", tuple(1000 * each for each in seconds), note)


def run(quick: bool, sizes: Sizes | None = None) -> Result:
    from bench import installation

    installation.set_up()
    sizes = sizes or (QUICK if quick else FULL)
    by_jobs = [_measure(*size, sizes.visits) for size in sizes.by_jobs]
    by_businesses = [_measure(*size, sizes.visits) for size in sizes.by_businesses]
    cells = [cell for size in (*by_jobs, *by_businesses) for cell in size.cells()]
    return Result("growth", cells, measured=_measured(by_jobs, by_businesses))


def _measured(by_jobs: Sequence[Measured], by_businesses: Sequence[Measured]) -> dict[str, float]:
    pages = list(by_jobs[0].pages)
    jobs = [size.jobs for size in by_jobs]
    businesses = [size.businesses for size in by_businesses]
    queries = [{size.queries[page] for size in (*by_jobs, *by_businesses)} for page in pages]
    return {
        "claim": 1000 * percentile(by_jobs[-1].claims, 95),
        "claim_exponent": exponent(jobs, [size.claims for size in by_jobs]),
        "pages_exponent": max(exponent(jobs, [size.pages[page] for size in by_jobs]) for page in pages),
        "businesses_exponent": max(
            exponent(businesses, [size.claims for size in by_businesses]),
            *(exponent(businesses, [size.pages[page] for size in by_businesses]) for page in pages),
        ),
        "queries": float(sum(len(counts) > 1 for counts in queries)),
    }


def exponent(sizes: Sequence[int], seconds: Sequence[Sequence[float]]) -> float:
    """The slope of log(median seconds) over log(size), by least squares: 0 is flat, 1 is in proportion."""
    points = [statistics.median(each) for each in seconds]
    slope, _ = statistics.linear_regression([math.log(n) for n in sizes], [math.log(s) for s in points])
    return slope


def _measure(jobs: int, businesses: int, visits: int) -> Measured:
    from bench.population import WAITING, populate

    populate(jobs, businesses)
    client, addresses = _visitor()
    pages, queries = {}, {}
    for name, address in addresses.items():
        visit = _visit(client, address)
        queries[name] = _queries(visit)
        pages[name] = tuple(seconds_of(visit) for _ in range(visits))
    return Measured(jobs, businesses, pages, _claims(min(10 * visits, int(jobs * WAITING) - 1)), queries)


def _visitor():
    """The owner of the first business, signed in, and the pages to ask for."""
    from django.test import Client

    from accounts.models import User
    from webapp.models import Campaign

    client = Client(HTTP_HOST="localhost")
    client.force_login(User.objects.get(pk=1), backend="allauth.account.auth_backends.AuthenticationBackend")
    campaigns = Campaign.objects.filter(project__business=1).order_by("created_at")
    # The newest one waits, at the end of the queue; the first one is long done.
    waiting, done = campaigns.reverse()[0], campaigns[0]
    return client, {
        "home": "/",
        "campaign, done": f"/campaigns/{done.pk}/",
        "campaign, waiting": f"/campaigns/{waiting.pk}/",
        "gallery poll": f"/campaigns/{waiting.pk}/gallery/",
        "usage": "/usage/",
        "activity": "/activity/",
    }


def _visit(client, address: str) -> Callable[[], None]:
    def visit() -> None:
        answer = client.get(address, headers={"HX-Request": "true"} if "gallery" in address else None)
        assert answer.status_code == 200, (address, answer.status_code)

    return visit


def _queries(visit: Callable[[], None]) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    visit()  # what is read once a process does not count
    with CaptureQueriesContext(connection) as captured:
        visit()
    return len(captured)


def _claims(times: int) -> tuple[float, ...]:
    from generation import jobs

    jobs.claim("bench")
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        assert jobs.claim("bench") is not None
        taken.append(time.perf_counter() - began)
    return tuple(taken)
