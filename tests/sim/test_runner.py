"""Running: the same bytes however the work is split, and refusals that say what would fit."""

from threading import Event
from typing import Any

import numpy as np
import pytest

from models.errors import TandemError
from models.presets import preset
from sim import kernel, state
from sim.runner import MOST_COUNTS, Cancelled, run
from sim.warm import warm
from tests.sim.clinics import board, only

pytestmark = pytest.mark.unit


def counts(scenario: str = "virtual-70", calibration=None, **how) -> bytes:
    wanted = {"weeks": 20, "replications": 7, "workers": 1} | how
    found = run(calibration or board(), preset(scenario), **wanted)
    return found.counts.tobytes() + found.closing.tobytes()


def test_equal_seeds_equal_bytes() -> None:
    assert counts() == counts()


def test_different_seeds_differ() -> None:
    assert counts(seed=1) != counts(seed=2)


@pytest.mark.parametrize("workers", [2, 3, 5, 7, 50])
def test_any_split_gives_the_same_bytes(workers: int) -> None:
    assert counts(workers=workers) == counts(workers=1)


def test_fewer_replications_are_the_first_of_more() -> None:
    few = run(board(), preset("baseline"), weeks=10, replications=3)
    many = run(board(), preset("baseline"), weeks=10, replications=8)
    assert (many.counts[:3] == few.counts).all()


def test_a_longer_run_begins_as_the_shorter() -> None:
    # beyond the interval of follow-ups, and beyond the end of the shorter run's arrays
    short = run(board(), preset("virtual-70"), weeks=15, replications=3)
    long = run(board(), preset("virtual-70"), weeks=60, replications=3)
    assert (long.counts[:, :, :15] == short.counts).all()


def test_a_provider_alone_is_the_same_as_within_its_board() -> None:
    whole = board()
    alone = whole.providers == "RNQ"
    within = run(whole, preset("virtual-70"), weeks=30, replications=4)
    found = run(only(whole, alone), preset("virtual-70"), weeks=30, replications=4)
    assert found.counts.tobytes() == within.counts[:, alone].tobytes()


def test_a_treatment_function_alone_is_the_same_as_within_its_provider() -> None:
    whole = board()
    alone = whole.treatment_functions == "C_130"
    within = run(whole, preset("referral-growth"), weeks=30, replications=4)
    found = run(only(whole, alone), preset("referral-growth"), weeks=30, replications=4)
    assert found.counts.tobytes() == within.counts[:, alone].tobytes()


def test_results_say_what_was_run() -> None:
    found = run(board(), preset("virtual-70"), seed=9, weeks=8, replications=2)
    assert (found.scope, found.data_month, found.seed) == ("QK1", "2025-08", 9)
    assert found.document == preset("virtual-70").document()
    assert found.counts.shape == (2, 9, 8, len(state.MEASURES))
    assert (found.opening == board().waiting).all()


def test_progress_rises_to_one() -> None:
    heard: list[float] = []
    run(board(), preset("baseline"), weeks=10, replications=4, workers=2, progress=heard.append)
    assert heard == pytest.approx(np.arange(1, 21) / 20)


def test_a_cancelled_run_keeps_nothing() -> None:
    cancel = Event()
    heard: list[float] = []

    def stop_half_way(share: float) -> None:
        heard.append(share)
        if share >= 0.5:
            cancel.set()

    with pytest.raises(Cancelled) as fault:
        run(board(), preset("baseline"), weeks=20, workers=1, progress=stop_half_way, cancel=cancel)
    assert fault.value.remedy
    assert max(heard) == pytest.approx(0.5)  # within the week


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"weeks": 0}, "0 weeks"),
        ({"weeks": 261}, "261 weeks"),
        ({"replications": 0}, "0 replications"),
        ({"replications": 1001}, "1,001 replications"),
    ],
)
def test_a_run_out_of_range_is_refused(how: dict[str, Any], said: str) -> None:
    with pytest.raises(TandemError, match=said) as fault:
        run(board(), preset("baseline"), **how)
    assert "Choose from 1 to" in fault.value.remedy


def test_a_run_too_large_for_memory_says_what_fits() -> None:
    # 40 providers x 3 x 260 weeks x 1,000 replications x 20 measures = 624 million counts; 801 fit
    calibration = board(providers=[f"R{n:02d}" for n in range(40)])
    with pytest.raises(TandemError, match="would not fit in memory") as fault:
        run(calibration, preset("baseline"), weeks=260, replications=1000)
    fits = MOST_COUNTS // (120 * 260 * len(state.MEASURES))
    assert f"{fits:,} replications" in fault.value.remedy


def test_warming_compiles_all_there_is() -> None:
    warm()
    compiled = len(kernel.provider_week.signatures)
    run(board(), preset("virtual-70"), weeks=3, replications=3)
    assert len(kernel.provider_week.signatures) == compiled
