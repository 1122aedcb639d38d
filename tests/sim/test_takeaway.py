"""A takeaway says what the page says, with the run's own numbers."""

import numpy as np
import pytest

from models.presets import baseline_for, preset
from sim.comparison import answer
from sim.results import Results
from sim.runner import run
from sim.takeaway import takeaway
from tests.sim.clinics import board

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def ran() -> tuple[Results, Results]:
    scenario, found = preset("referral-growth"), board()
    changed, unchanged = (
        run(found, each, weeks=26, replications=4, seed=5) for each in (scenario, baseline_for(scenario))
    )
    return changed, unchanged


def test_it_says_what_the_page_says(ran: tuple[Results, Results]) -> None:
    taken, said = takeaway(*ran, "Somewhere", "9.9.9"), answer(*ran)
    assert taken.headline == said.headline == taken.messages[0].sentence
    assert [message.sentence for message in taken.messages[1:3]] == list(said.changes)
    assert taken.about["Seed"] == "5"
    assert taken.about["Tandem"] == "9.9.9"
    assert taken.about["Levers"].startswith("Referral growth (growth in clock starts 2 % a year")
    assert taken.labels == ("Estimated by simulation",)
    told = takeaway(*ran, "Somewhere", "9.9.9", "Forecasts have missed by 3%.")
    assert told.caveats == (*taken.caveats, "Forecasts have missed by 3%.")


def test_its_numbers_are_the_runs(ran: tuple[Results, Results]) -> None:
    scenario, baseline = ran
    taken = takeaway(scenario, baseline, "Somewhere", "9.9.9")
    picture = taken.messages[0].picture
    assert picture is not None
    unchanged, changed = picture.series
    assert changed.values == pytest.approx(scenario.total("waiting").mean(axis=0), abs=0.05)
    assert unchanged.ends is not None
    assert unchanged.ends[0] == pytest.approx(np.percentile(baseline.total("waiting"), 10, axis=0), abs=0.05)
    weekly = taken.sheets[0].frame
    assert (
        weekly["Referrals up 2% a year"].tolist() == np.round(scenario.total("waiting").mean(axis=0)).tolist()
    )
    assert [series.name for series in picture.series] == ["If nothing changes", "Referrals up 2% a year"]
    # every picture of a sheet names its columns
    for sheet in taken.sheets:
        assert sheet.picture is not None
        assert {series.name for series in sheet.picture.series} <= set(sheet.frame.columns)


def test_a_baseline_alone_has_one_line_and_nobody_gains(ran: tuple[Results, Results]) -> None:
    taken = takeaway(ran[1], ran[1], "Somewhere", "9.9.9")
    assert [len(message.picture.series) for message in taken.messages if message.picture] == [1, 1, 1]
    assert taken.about["Levers"] == "none"
