"""The Equity page as a planner meets it: the run behind it, the gap, who is left behind, and every group."""

from collections.abc import Callable

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from models.outcomes.equity import CLASSES, DIMENSIONS
from pages.patients.equity_parts.charts import groups_table
from sim.engine.class_tracking import EVENTS, WAITS
from sim.observers.equity import Equity

pytestmark = pytest.mark.integration

Open = Callable[..., AppTest]
PAGE = "pages/patients/equity.py"


def words(page: AppTest) -> str:
    assert not page.exception
    said = (*page.markdown, *page.caption, *page.warning, *page.info, *page.error)
    return "\n".join(str(each.value) for each in said)


def test_a_scenario_is_run_behind_the_page_and_answered(open_page: Open) -> None:
    page = open_page(
        PAGE, board="QHG", weeks="52", replications="10", **{"with": "recovery-programme"}
    )  # the least that the page runs
    assert page.session_state["equity_job"].done.wait(200)
    said = words(page.run())
    assert "of patients in the most deprived fifth of areas would be within 18 weeks" in said
    assert "Of those kept from a virtual appointment by want of access alone" in said
    assert "The face-to-face route for the" in said
    assert "Who can use neither video nor telephone is an assumption" in said
    table = next(each.value for each in page.table if each.value.index.name == "Deprivation")
    assert table.index[0] == "1, the most deprived fifth"
    assert len(table) == 5
    assert "Difference, points (80%)" in table.columns
    gap = next(each.value for each in page.dataframe if "Gap, points" in each.value.columns)
    assert list(gap["When"]) == ["Today", "If nothing changes", "With the scenario"]


def test_all_england_waits_to_be_asked(open_page: Open) -> None:
    page = open_page(PAGE, board="ENGLAND")
    assert "All England takes some five minutes" in words(page)
    assert page.button(key="equity_go").label == "Run"
    assert "equity_job" not in page.session_state


def made(within: float) -> Equity:
    """Two futures of 45 classes of 10 patients, `within` of them within 18 weeks at the end, 5 now."""
    waits = np.full((2, 2, len(WAITS), CLASSES), 10.0)
    waits[:, 0, WAITS.index("within_18")] = 5
    waits[:, 1, WAITS.index("within_18")] = within
    waits[:, :, WAITS.index("over_52")] = 1
    waits[:, :, WAITS.index("weeks_waited")] = 125
    events = np.zeros((2, 2, len(EVENTS), CLASSES))
    events[:, 1, EVENTS.index("first_virtual")] = 3
    events[:, 1, EVENTS.index("review_face_to_face")] = 9
    return Equity("QE1", "2025-08", {"name": "made"}, 1, (0, 4), waits, events, np.full((2, 2), 20.0))


def test_the_table_of_groups_by_hand() -> None:
    # 15 classes a route, 9 a fifth; 8 of 10 against 6 of 10 are 20 points; 3 of 12 virtual
    table = groups_table(made(8), made(6), "route", "within_18")
    assert list(table["Waiting now"]) == ["150", "150", "150"]
    assert set(table["Now"]) == {"50%"}
    assert set(table["If nothing changes"]) == {"60%"}
    assert set(table["With the scenario"]) == {"80%"}
    assert set(table["Difference, points (80%)"]) == {"+20.0 (+20.0 to +20.0)"}
    ends = {
        measure: set(groups_table(made(8), made(6), "route", measure)["With the scenario"])
        for measure in ("over_52_patients", "seen_virtually", "mean_weeks")
    }
    assert ends == {"over_52_patients": {"15"}, "seen_virtually": {"25%"}, "mean_weeks": {"12.5"}}
    assert "Now" not in groups_table(made(8), made(6), "route", "seen_virtually")
    alone = groups_table(made(6), None, "deprivation", "within_18")
    assert list(alone.columns) == ["Deprivation", "Waiting now", "Now", "If nothing changes"]
    assert len(alone) == len(DIMENSIONS["deprivation"])
