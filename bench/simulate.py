"""Replay a trace through the engine's own schedule, or another policy, on a clock that only costs move."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bench.policies import Policy, look_again
from bench.traces import Arrival
from generation.engine.batch_scheduler import Waiting
from generation.engine.latency_curve import LatencyCurve

# Qwen-Image on one H200 by SGLang's published measurements: seconds of a step by requests in it, by size in
# pixels. At 512 rows share a step nearly for nothing up to three; at 1024 one row fills the machine.
H200_QWEN: dict[int, LatencyCurve] = {
    512: LatencyCurve({1: 0.167, 2: 0.183, 3: 0.186, 4: 0.240, 8: 0.425, 16: 0.832}),
    1024: LatencyCurve({1: 0.243, 2: 0.474, 3: 0.711}),
}


@dataclass(frozen=True)
class Costs:
    """Seconds of each call by its rows: a step by size in pixels and, where it matters, text and decoding."""

    steps: Mapping[int, LatencyCurve]
    encode: LatencyCurve | None = None
    decode: Mapping[int, LatencyCurve] = field(default_factory=dict)

    def solo(self, arrival: Arrival) -> float:
        """Seconds of a picture that has the machine to itself."""
        seconds = arrival.steps * self.steps[arrival.size].at(arrival.rows)
        seconds += self.encode.at(1) if self.encode else 0.0
        return seconds + (self.decode[arrival.size].at(1) if self.decode else 0.0)


class Ride:
    """One arrival on its way; all times in the trace's seconds."""

    def __init__(self, number: int, arrival: Arrival, costs: Costs) -> None:
        self.number = number
        self.arrival = arrival
        self.steps_done: list[float] = []  # when each step ended
        self.finished: float | None = None
        self.engine: int | None = None
        self._stages = ["encode"] * (costs.encode is not None) + ["step"] + ["decode"] * bool(costs.decode)
        self.waiting = self._park()

    @property
    def latency(self) -> float:
        assert self.finished is not None
        return self.finished - self.arrival.time

    def advance(self, now: float) -> None:
        """A call of it ended."""
        if self._stages[0] == "step":
            self.steps_done.append(now)
        if self._stages[0] != "step" or len(self.steps_done) == self.arrival.steps:
            self._stages.pop(0)
        if self._stages:
            self.waiting = self._park()
        else:
            self.finished = now

    def _park(self) -> Waiting:
        stage, arrival = self._stages[0], self.arrival
        place = ("encode",) if stage == "encode" else (stage, arrival.size)
        return Waiting(
            request=self.number,
            key=(*place, (arrival.size, arrival.rows)) if stage == "encode" else place,
            place=place,
            denoising=stage == "step",
            rows=arrival.rows if stage == "step" else 1,
            steps_left=arrival.steps - len(self.steps_done),
            steps=arrival.steps,
            arrived=arrival.time,
            share=arrival.share,
        )


@dataclass(frozen=True, slots=True)
class Turn:
    """One call: on which engine, when, for how long, of which rides."""

    engine: int
    began: float
    seconds: float
    rides: tuple[int, ...]


class Machine:
    """One engine: its policy and the rides in flight on it."""

    def __init__(self, number: int, policy: Policy, costs: Costs) -> None:
        self.number = number
        self.free_at = 0.0
        self.rides: dict[int, Ride] = {}
        self._policy = policy
        self._costs = costs
        self._running: list[Ride] = []

    @property
    def busy(self) -> bool:
        return bool(self._running)

    def settle(self, now: float) -> None:
        """End the call that was running."""
        for ride in self._running:
            ride.advance(now)
            if ride.finished is not None:
                del self.rides[ride.number]
        self._running = []

    def start(self, now: float) -> Turn | None:
        """Begin the next call, or say in `free_at` when to look again."""
        waiting = [ride.waiting for ride in self.rides.values()]
        chosen = self._policy.pick(waiting, now)
        if not chosen:
            self.free_at = look_again(self._policy) if waiting else float("inf")
            return None
        seconds = self._seconds(chosen)
        self._policy.charge(chosen, seconds)
        self._running = [self.rides[call.request] for call in chosen]
        self.free_at = now + seconds
        return Turn(self.number, now, seconds, tuple(call.request for call in chosen))

    def _seconds(self, chosen: Sequence[Waiting]) -> float:
        place = chosen[0].place
        assert isinstance(place, tuple), "as `Ride.waiting` says it"
        if place[0] == "encode":
            assert self._costs.encode is not None
            return self._costs.encode.at(len(chosen))
        stage, size = place
        curves = self._costs.steps if stage == "step" else self._costs.decode
        return curves[size].at(sum(call.rows for call in chosen))


@dataclass(frozen=True)
class Replay:
    """What came of a trace."""

    rides: list[Ride]
    turns: list[Turn]


def replay(
    trace: Iterable[Arrival],
    policy: Callable[[], Policy],
    costs: Costs,
    *,
    engines: int = 1,
    slots: int | None = None,
) -> Replay:
    """Run a trace to its end on `engines` machines with one queue.

    A machine takes from the queue while it has fewer than `slots` requests in flight, the emptiest first.
    """
    rides = [Ride(number, arrival, costs) for number, arrival in enumerate(trace)]
    machines = [Machine(number, policy(), costs) for number in range(engines)]
    turns: list[Turn] = []
    queue: list[Ride] = []
    coming, now = 0, 0.0
    while True:
        while coming < len(rides) and rides[coming].arrival.time <= now:
            queue.append(rides[coming])
            coming += 1
        for machine in machines:
            if machine.busy and machine.free_at <= now:
                machine.settle(now)
        _hand_out(queue, machines, slots)
        for machine in machines:
            if not machine.busy and machine.rides and (turn := machine.start(now)):
                turns.append(turn)
        busy = [machine.free_at for machine in machines if machine.rides]
        following = rides[coming].arrival.time if coming < len(rides) else float("inf")
        if not busy and following == float("inf"):
            return Replay(rides, turns)
        now = min([following, *busy])


def _hand_out(queue: list[Ride], machines: Sequence[Machine], slots: int | None) -> None:
    while queue:
        emptiest = min(machines, key=lambda machine: len(machine.rides))
        if slots is not None and len(emptiest.rides) >= slots:
            return
        ride = queue.pop(0)
        ride.engine = emptiest.number
        emptiest.rides[ride.number] = ride
