"""Where lists head: still lists stand still, the parts add up as the constants say."""

from dataclasses import replace

import numpy as np
import pytest

from models.calibration import outlook as rules
from models.calibration.flows import steady_months
from models.calibration.outlook import Outlook, outlook
from models.rtt.history import History
from models.rtt.months import WEEKS_PER_MONTH
from tests.models.histories import england, growing, silent, still

pytestmark = pytest.mark.unit


def looked(history: History) -> Outlook:
    return outlook(history, england(), steady_months(history))


def test_a_list_that_stood_still_moves_only_by_its_size() -> None:
    # its waits are England's, nothing has moved: SIZE x ln(1,000 / 50,000 / 0.01) = -0.0021 x ln 2 a month
    found = looked(still((1000,)))
    size = still((1000,)).incomplete[-1].sum()
    assert found.soon == pytest.approx([0.0])
    assert found.later[0] == pytest.approx(-0.0021 * np.log(2) * size / WEEKS_PER_MONTH, rel=0.01)
    assert found.share == pytest.approx([0.0], abs=1e-3)


def test_the_latest_movement_carries_on_in_part() -> None:
    # 1% of the first list a month, 12% by the end: 0.01 / 1.12 a month; by week 13 come 0.25 + 0.15 of it for
    # the list and 0.4 for its provider's, which are this one; England's stand still
    history = growing(still((1000,)), 0.01)
    size = history.incomplete[-1].sum()
    assert looked(history).soon[0] * rules.SOON_WEEKS == pytest.approx(0.8 * 0.01 / 1.12 * size, rel=0.02)
    # growth of late means more on their way past 18 weeks: -0.1 x 0.0089 x 6 months
    fall = -0.1 * 0.01 / 1.12 * rules.ANCHOR_WEEKS / WEEKS_PER_MONTH
    assert looked(history).share[0] == pytest.approx(fall, abs=5e-4)


def test_a_list_with_shorter_waits_than_englands_grows() -> None:
    history = still((1000,))
    short = history.incomplete.copy()
    short[:, :, 18:] //= 2
    shorter = replace(history, incomplete=short)
    now = short[-1, 0].sum()
    share = short[-1, 0, :18].sum() / now
    whole = england().incomplete[-1, 0]
    gap = share - whole[:18].sum() / whole.sum()
    part = np.log(now / whole.sum() / rules.USUAL_PART)
    # 0.044 of the gap a month, and what its size adds
    wanted = (0.044 * gap - 0.0021 * part) * now / WEEKS_PER_MONTH
    assert gap > 0.1
    assert looked(shorter).later[0] == pytest.approx(wanted, rel=1e-6)
    assert looked(shorter).share[0] == pytest.approx(-0.02 * gap * 26 / WEEKS_PER_MONTH, rel=1e-6)


def test_other_providers_stand_still() -> None:
    history = growing(still((1000,)), 0.02)
    found = looked(replace(history, providers=np.array(["NT322"])))
    assert [float(found.soon[0]), float(found.later[0]), float(found.share[0])] == [0, 0, 0]
    assert found.over_52.tolist() == [1.0]


def test_half_of_englands_drift_carries_on() -> None:
    # England grows by 1% of its first list a month: 0.01 / 1.12 of the last; half of it goes on
    whole = growing(england(), 0.01)
    history = still((1000,))
    used = steady_months(history)
    size = history.incomplete[-1].sum()
    more = outlook(history, whole, used).later[0] - outlook(history, england(), used).later[0]
    # the list's part in an England 12% larger is smaller: -0.0021 x -ln 1.12 more
    wanted = 0.5 * 0.01 / 1.12 + 0.0021 * np.log(1.12)
    assert more == pytest.approx(wanted * size / WEEKS_PER_MONTH, rel=0.02)


def test_movements_across_a_break_say_nothing() -> None:
    history = growing(still((1000,)), 0.01)
    used = steady_months(history)
    used[-2:] = [[True], [False]]
    # the list's own movement is not read; its provider's is, as a recoding within a provider moves nobody
    size = history.incomplete[-1].sum()
    found = outlook(history, england(), used).soon * rules.SOON_WEEKS
    assert found == pytest.approx(0.4 * 0.01 / 1.12 * size, rel=0.02)


def test_all_lists_of_a_provider_share_its_movement() -> None:
    # one list doubles in the last month, the other stands still: of the provider's third more 6% count
    history = replace(still((1000, 1000)), providers=np.array(["R00", "R00"]))
    jumped = history.incomplete.copy()
    jumped[-1, 0] *= 2
    history = replace(history, incomplete=jumped)
    found = looked(history).soon * rules.SOON_WEEKS
    size = history.incomplete[-1].sum(axis=1)
    # a third of 6% is the mean of three months; the list that doubled has no months of its own to read
    assert found == pytest.approx(0.4 * 0.06 / 3 * size)


def test_a_provider_that_was_silent_shows_no_movement() -> None:
    history = silent(still((1000,)), 0, [10])
    assert looked(history).soon == pytest.approx([0.0])


def test_half_of_englands_drift_over_a_year_carries_on() -> None:
    whole = england()
    fewer = whole.incomplete.copy()
    # over 52 weeks a tenth fewer than in the first list, within a list nearly as long
    fewer[1:, :, 52:] = np.rint(0.9 * fewer[1:, :, 52:]).astype(np.int32)
    size = fewer.sum(axis=(1, 2))
    history = still((1000,))
    found = outlook(history, replace(whole, incomplete=fewer), steady_months(history)).over_52
    over = fewer[:, :, 52:].sum(axis=(1, 2)) / size
    months_ahead = rules.ANCHOR_WEEKS / WEEKS_PER_MONTH
    assert found == pytest.approx(np.exp(0.5 * np.log(over[-1] / over[0]) / 12 * months_ahead))
    assert found[0] == pytest.approx(1 - 0.1 * 0.5 * months_ahead / 12, abs=0.002)


def test_growth_is_by_week() -> None:
    found = Outlook(soon=np.array([2.0]), later=np.array([1.0]), share=np.array([0.0]), over_52=np.ones(1))
    assert found.growth(60)[0].tolist() == [3.0] * 13 + [1.0] * 26 + [0.0] * 21
