"""The simulator: that it does what the real engine does, and that its rivals are what they say."""

import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from bench import traces, virtual_time
from bench.capacity import Demand, Law
from bench.drawing import svg
from bench.policies import Fifo, OmniLike, Ours, Static
from bench.simulate import H200_QWEN, Costs, replay
from bench.simulate_cli import main
from bench.traces import Arrival, Crowd

COSTS = Costs(H200_QWEN)


def arrival(time: float, steps: int, size: int = 1024, share: str = "a") -> Arrival:
    return Arrival(time=time, share=share, steps=steps, size=size)


def test_the_real_engine_takes_the_same_turns_as_the_simulator() -> None:
    """Fibers, grouping and forwards of the engine, on a clock that only the simulator's costs move."""
    rate = traces.rate_at(1.5, (512, 1024), lambda size: H200_QWEN[size].at(1))
    trace = [
        Arrival(time=each.time, share=each.share, steps=min(each.steps, 12), size=each.size)
        for each in traces.poisson(3, 10, rate, (512, 1024), Crowd(shares=3))
    ]
    real = virtual_time.Driver(trace, COSTS).run(virtual_time.small_pipeline())
    found = replay(trace, Ours, virtual_time.WITH_FREE_ENDS)
    assert real.calls == [len(turn.rides) for turn in found.turns if turn.seconds > 1e-6]
    for ride, steps_done in zip(found.rides, real.steps_done, strict=True):
        assert ride.steps_done == pytest.approx(steps_done, abs=1e-3)


def test_one_request_takes_its_steps_and_no_more() -> None:
    for policy in (Fifo, OmniLike, Ours):
        (ride,) = replay([arrival(1.0, 4)], policy, COSTS).rides
        assert ride.latency == pytest.approx(4 * 0.243)


def test_fifo_runs_one_after_the_other() -> None:
    first, second = replay([arrival(0.0, 50), arrival(0.1, 4)], Fifo, COSTS).rides
    assert first.finished == pytest.approx(50 * 0.243)
    assert second.finished == pytest.approx(54 * 0.243)


def test_static_batches_wait_for_their_window_and_for_each_other() -> None:
    trace = [arrival(0.0, 4, 512), arrival(0.04, 4, 512), arrival(0.06, 4, 512)]
    together, also, late = replay(trace, Static, COSTS).rides
    assert together.finished == also.finished == pytest.approx(0.05 + 4 * 0.183)
    assert late.finished == pytest.approx(0.05 + 4 * 0.183 + 4 * 0.167)


def test_omni_like_holds_back_all_behind_one_of_another_size() -> None:
    trace = [arrival(0.0, 20, 512), arrival(0.1, 4, 1024), arrival(0.2, 4, 512)]
    running, head, behind = replay(trace, OmniLike, COSTS).rides
    assert head.finished > running.finished
    assert behind.finished > head.finished


def test_the_engine_s_schedule_lets_the_short_one_through() -> None:
    long, short = replay([arrival(0.0, 50), arrival(0.1, 4)], Ours, COSTS).rides
    assert short.finished < 7 * 0.243 < long.finished
    assert long.finished <= 54 * 0.243 + 1e-9, "it may share a step, and loses none"


def test_engines_with_one_queue_share_the_work() -> None:
    found = replay([arrival(0.0, 4) for _ in range(4)], Fifo, COSTS, engines=2, slots=1)
    assert {ride.engine for ride in found.rides} == {0, 1}
    assert max(ride.finished for ride in found.rides) == pytest.approx(8 * 0.243)


def test_a_trace_is_read_from_a_file_in_the_order_of_its_arrivals(tmp_path: Path) -> None:
    lines = ["time,share,steps,size,rows", "2.5,b,20,512,2", "0.0,a,4,1024,"]
    (tmp_path / "trace.csv").write_text("\n".join(lines))
    first, second = traces.read(tmp_path / "trace.csv")
    assert first == arrival(0.0, 4)
    assert second == Arrival(time=2.5, share="b", steps=20, size=512, rows=2)


def test_arrivals_come_at_the_load_and_in_the_mix_asked_for() -> None:
    trace = traces.poisson(1, 4_000, 2.0, (512,), Crowd(noisy=0.8))
    assert trace[-1].time == pytest.approx(2_000, rel=0.1)
    assert sum(each.steps == 4 for each in trace) == pytest.approx(2_400, rel=0.1)
    assert sum(each.share == traces.NOISY for each in trace) == pytest.approx(3_200, rel=0.1)


def test_the_law_answers_with_enough_engines_and_not_one_too_many() -> None:
    law = Law(ceiling=0.8, slack=0.2)
    for offered in (0.1, 1.0, 7.5, 926.3):
        engines = law.engines(offered)
        assert engines * law.load(engines) >= offered
        assert engines == 1 or (engines - 1) * law.load(engines - 1) < offered
    assert Demand(businesses=36_000, pictures=10, peak=0.1).rate == pytest.approx(10)


def test_the_picture_is_an_svg_with_a_line_for_every_request() -> None:
    trace = [arrival(0.0, 50), arrival(0.1, 4)]
    drawn = svg({"FIFO": replay(trace, Fifo, COSTS), "ours": replay(trace, Ours, COSTS)})
    assert len(ElementTree.fromstring(drawn).findall("{*}rect")) >= 2 * 2 * len(trace)


def test_a_trace_is_replayed_from_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "trace.csv").write_text("time,share,steps,size\n0.0,a,4,1024\n")
    main(["replay", str(tmp_path / "trace.csv")])
    assert capsys.readouterr().out.count("p50     0.97 s") == 3


def test_the_schedule_needs_no_torch() -> None:
    code = (
        "import sys, types\n"
        "for name in ('generation', 'generation.engine'):\n"
        "    module = types.ModuleType(name); module.__path__ = [name.replace('.', '/')]\n"
        "    sys.modules[name] = module\n"
        "import generation.engine.batch_scheduler\n"
        "assert 'torch' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])
