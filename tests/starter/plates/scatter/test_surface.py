"""What a ray meets, and what a piece hides from a lamp."""

import numpy as np
import pytest

from generation.starter.plates.scatter.finish import Sheen
from generation.starter.plates.scatter.kinds.skins import plain
from generation.starter.plates.scatter.outlines import disc, oblong
from generation.starter.plates.scatter.piece import Body
from generation.starter.plates.scatter.pose import Pose, turned, unit
from generation.starter.plates.scatter.shadow import hidden
from generation.starter.plates.scatter.surface import Ball, Met, Sheet, Shell

DOWN = np.array([[0, 0, -1.0]])


def met(surface: Shell, x: float, y: float) -> Met:
    """By a ray that comes from straight above."""
    return surface.met(np.array([[x, y, 5.0]]), DOWN)


def ball(high: float) -> Body:
    pose = Pose(np.array([0, 0, high]), turned(0.0), np.full(3, 0.1))
    return Body(pose, Ball(), plain(np.ones(3)), Sheen())


def test_a_ball_is_met_where_it_is_round() -> None:
    found = met(Ball(), 0.6, 0)
    assert found.away == pytest.approx(5 - 0.8)
    assert found.normal[0] == pytest.approx([0.6, 0, 0.8])
    assert met(Ball(), 1.1, 0).margin < 0


def test_a_cut_ball_is_flat_there() -> None:
    found = met(Ball((((0, 0, 1), 0.5),)), 0.3, 0.2)
    assert found.away == pytest.approx(4.5)
    assert found.normal[0] == pytest.approx([0, 0, 1])


def test_what_is_behind_is_not_met() -> None:
    assert Ball().met(np.array([[0, 0, -5.0]]), DOWN).margin < 0


@pytest.mark.parametrize("is_cupped", [False, True])
def test_a_sheet_has_its_outline_along_its_bend(is_cupped: bool) -> None:
    sheet = Sheet(disc, 2.0, is_cupped)
    edge = np.sin(1 / 2.0)
    assert met(sheet, edge - 0.01, 0).margin > 0
    assert met(sheet, edge + 0.01, 0).margin < 0


def test_samples_of_a_sheet_are_on_it() -> None:
    for sheet in (Sheet(oblong(0.5, 1.0), 1.5), Sheet(disc, 1.5, is_cupped=True)):
        points = sheet.samples()
        from_axis = points if sheet.is_cupped else points[:, [0, 2]]
        assert np.allclose(np.hypot.reduce(from_axis, axis=1), 1)


def test_a_shadow_is_dark_below_and_softer_from_higher_up() -> None:
    across = np.stack([np.linspace(0, 0.5, 60), np.zeros(60), np.zeros(60)], -1)
    above, width = np.array([[0, 0, 1.0]]), np.array([0.2])
    low, high = (hidden([ball(up)], across, above, width)[:, 0] for up in (0.1, 0.6))
    assert low[0] > high[0] > 0.3
    assert low[0] > 0.9
    assert low[-1] == high[-1] == 0
    assert (np.diff(low) <= 0).all()
    assert ((high > 0.02) & (high < 0.3)).sum() > ((low > 0.02) & (low < 0.3)).sum()


def test_a_lamp_from_the_side_throws_it_away_from_itself() -> None:
    ways = unit(np.array([[-1.0, 0, 1.0], [1.0, 0, 1.0]]))
    points = np.array([[0.3, 0, 0], [-0.3, 0, 0]])
    (dark, lit), other = hidden([ball(0.3)], points, ways, np.array([0.1, 0.1]))
    assert dark > 0.8
    assert lit == 0
    assert (other == [lit, dark]).all()
