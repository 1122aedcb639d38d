"""Running: the same bytes however the work is split, and refusals that say what would fit."""

from threading import Event
from typing import Any

import numpy as np
import pytest

from models.errors import TandemError
from models.scenarios.presets import preset
from models.scenarios.scenario import read_scenario
from sim.engine import kernel, state
from sim.observers.counts import Counts, CountsByTreatmentFunction
from sim.runs import runner
from sim.runs import work_units as units
from sim.runs.comparison import by_treatment_function
from sim.runs.executors import Threads
from sim.runs.runner import MOST_COUNTS, Cancelled, observe, observe_in_batches, run
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


SHARING = read_scenario(
    {
        "name": "levers that share an amount, and a pairing",
        "levers": [
            {"lever": "extra_sessions", "clinics": 3, "theatre_slots": 4},
            {"lever": "emeritus_consultants", "sessions": 3},
            {"lever": "independent_sector", "slots": 5},
            {"lever": "trust_pairing", "home": "RWE", "partner": "NT322", "weekly_limit": 4},
        ],
    }
)


@pytest.mark.parametrize("most", [1, 9 * 20 * len(state.MEASURES), 40_000_000])
@pytest.mark.parametrize("workers", [1, 2, 9])
def test_any_cut_by_providers_gives_the_same_bytes(
    most: int, workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    serial = run(board(), SHARING, weeks=20, replications=3, workers=1)
    monkeypatch.setattr(units, "BATCH_COUNTS", most)  # one replication at a time, by providers; or all
    found = run(board(), SHARING, weeks=20, replications=3, workers=workers)
    assert found.counts.tobytes() == serial.counts.tobytes()
    assert found.closing.tobytes() == serial.closing.tobytes()


def test_a_batch_of_more_units_than_are_away_at_once_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    calibration = board(providers=[f"R{n:02d}" for n in range(9)])
    serial = run(calibration, preset("baseline"), weeks=4, replications=3)
    monkeypatch.setattr(units, "BATCH_COUNTS", 1)
    monkeypatch.setattr(Threads, "turns", 9)  # nine units a batch, two away
    found = run(calibration, preset("baseline"), weeks=4, replications=3, workers=1)
    assert found.counts.tobytes() == serial.counts.tobytes()


def test_paired_providers_are_never_parted() -> None:
    calibration = board(providers=["RA1", "RB1", "RC1", "RD1", "RE1"])
    chain = read_scenario(
        {
            "name": "chain",
            "levers": [
                {"lever": "trust_pairing", "home": "RA1", "partner": "RC1"},
                {"lever": "trust_pairing", "home": "RE1", "partner": "RC1"},
            ],
        }
    )
    shares = units.shares_of_providers(calibration, chain, 10)
    found = {tuple(sorted(set(calibration.providers[rows].tolist()))) for rows in shares}
    assert found == {("RA1", "RC1", "RE1"), ("RB1",), ("RD1",)}
    assert sorted(np.concatenate(shares).tolist()) == list(range(15))


@pytest.mark.parametrize(
    ("series", "replications", "pieces", "batches", "parts"),
    [
        (9, 30, 2, [15, 15], 1),  # a board: by replications, one batch a worker
        (9, 1, 4, [1], 4),  # one replication: by providers
        (4000, 30, 2, [4, 4, 3, 4, 4, 3, 4, 4], 2),  # four replications fit: 8 batches, each by providers
    ],
)
def test_what_is_held_at_once_is_bounded(
    series: int,
    replications: int,
    pieces: int,
    batches: list[int],
    parts: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(units, "BATCH_COUNTS", 4 * 4000 * 104 * len(state.MEASURES))
    found = units.plan(series, 104, replications, pieces)
    assert sorted(map(len, found[0])) == sorted(batches)
    assert [number for batch in found[0] for number in batch] == list(range(replications))
    assert found[1] == parts


def test_batches_may_be_reduced_as_they_come(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = by_treatment_function(run(board(), SHARING, weeks=12, replications=5))
    monkeypatch.setattr(units, "BATCH_COUNTS", 2 * 9 * 12 * len(state.MEASURES))
    monkeypatch.setattr(runner, "MOST_COUNTS", 1)  # no more than is kept needs to fit
    (found,) = observe(board(), SHARING, (CountsByTreatmentFunction(),), weeks=12, replications=5)
    assert found.counts.tobytes() == whole.counts.tobytes()
    assert found.closing == pytest.approx(whole.closing)
    assert found.about() == whole.about()


def test_batches_number_their_replications_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(units, "BATCH_COUNTS", 2 * 9 * 5 * len(state.MEASURES))
    batches = observe_in_batches(board(), SHARING, (Counts(),), weeks=5, replications=5)
    found = [results for (results,) in batches]
    assert [batch.replications for batch in found] == [2, 1, 2]
    numbers = [number for batch in found for frame in batch.frames() for number in set(frame["replication"])]
    assert numbers == [1, 2, 3, 4, 5]


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


def cancelled_half_way(**how: Any) -> tuple[Cancelled, float]:
    cancel = Event()
    heard: list[float] = []

    def stop_half_way(share: float) -> None:
        heard.append(share)
        if share >= 0.5:
            cancel.set()

    with pytest.raises(Cancelled) as fault:
        run(board(), preset("baseline"), weeks=20, workers=1, progress=stop_half_way, cancel=cancel, **how)
    return fault.value, max(heard)


def test_a_cancelled_run_stops_within_the_week() -> None:
    fault, share = cancelled_half_way()
    assert fault.remedy
    assert fault.kept is None  # all 30 replications were on their way together
    assert share == pytest.approx(0.5)


def test_a_cancelled_run_keeps_the_replications_that_are_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(units, "BATCH_COUNTS", 2 * 9 * 20 * len(state.MEASURES))  # two at a time
    fault, share = cancelled_half_way(replications=10)
    assert 0.5 <= share < 0.52  # in the middle of the third two; the next may have begun a week
    assert "its first 4 replications are kept" in fault.message
    few = run(board(), preset("baseline"), weeks=20, replications=4)
    assert fault.kept is not None
    assert fault.kept.counts.tobytes() == few.counts.tobytes()
    assert fault.kept.closing.tobytes() == few.closing.tobytes()


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
