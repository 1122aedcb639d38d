"""The Pairing page as a planner meets it: the plan, its limits in the link, and both sides once tried."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from models.statements import rounded
from sim.reports.pairing_statements import warnings

pytestmark = pytest.mark.integration

Open = Callable[..., AppTest]
PAGE = "pages/sharing/pairing.py"
NAMES = {
    "RXL": "Blackpool Teaching Hospitals",
    "RXR": "East Lancashire Hospitals",
    "RTX": "University Hospitals of Morecambe Bay",
}


def words(page: AppTest) -> str:
    assert not page.exception
    return "\n".join(str(each.value) for each in (*page.markdown, *page.caption, *page.warning))


def test_the_plan_in_sentences_with_how_far_spare_is_believed(open_page: Open) -> None:
    said = words(open_page(PAGE, board="QE1"))
    assert "2 pairs of trusts, with 42 virtual appointments a week, would avoid 82 weeks of waiting" in said
    assert "**84%** later delivered that much" in said
    assert "East Lancashire Hospitals offers Blackpool Teaching Hospitals 24 appointments a week" in said
    assert "25% fewer weeks avoided" in said


def test_limits_are_read_from_the_link(open_page: Open) -> None:
    said = words(open_page(PAGE, board="QE1", partners="1", ban="RXL:RXR", waited="26"))
    assert "1 pair of trusts" in said
    assert "beyond 26 weeks" in said
    assert "**Blackpool Teaching Hospitals and East Lancashire Hospitals**" not in said


def test_an_area_where_nothing_is_possible_says_so(open_page: Open) -> None:
    said = words(open_page(PAGE, board="QE1", function="C_170"))
    assert "No pair is possible within these limits." in said


def test_trying_it_shows_both_sides(open_page: Open) -> None:
    page = open_page(PAGE, board="QE1")
    page.button(key="pair_try").click().run()
    assert page.session_state["pair_job"].done.wait(120)
    said = words(page.run())
    assert "All pairs together, by August 2027" in said
    table = next(each.value for each in page.dataframe if "Measure" in each.value.columns)
    failed = {"Missed: waited on", "Home, to be repeated in person", "Home for a diagnostic"}
    assert set(table["Measure"]) == {"List", "Within 18 weeks", "Over 52 weeks"} | failed
    sides = table[~table["Measure"].isin(failed)]
    assert {each.rsplit(", ", 1)[1] for each in sides["Trust"]} == {"helps", "is helped"}
    trial = page.session_state["pair_job"].answer.trial
    helper = trial.pairs[0].sides[0]
    row = table[(table["Measure"] == "List") & table["Trust"].str.endswith(", helps")].iloc[0]
    assert row["Now"] == f"{helper.now['waiting']:,.0f}"
    for column, ends in (("Without (80%)", helper.without), ("With (80%)", helper.with_plan)):
        number = ends["waiting"]
        assert row[column] == (
            f"{rounded(number.mean):,} ({rounded(number.lower):,} to {rounded(number.upper):,})"
        )
    for each in (said for both in trial.pairs for said in warnings(both, NAMES)):
        assert each in said
    # over two years the queues together keep next to none of the 82 weeks that the plan counts
    assert "The plan counts 82 weeks of waiting beyond 18 weeks avoided, each week." in said
    assert "pairing moves long waits rather than removes them" in said


def test_any_pair_can_be_asked_about(open_page: Open) -> None:
    said = words(open_page(PAGE, board="QE1", one="RXN", other="RXR"))
    assert "Lancashire Teaching Hospitals and East Lancashire Hospitals are not in the plan." in said
    # 5.6 appointments a week could flow for ear, nose and throat
    assert "5.6 could flow" in said
    assert "spare ear, nose and throat appointments go to Blackpool Teaching Hospitals." in said
    assert "are the same trust" in "\n".join(
        str(each.value) for each in open_page(PAGE, board="QE1", one="RXR", other="RXR").info
    )


def test_neighbours_come_first_and_boards_may_be_left_out(open_page: Open) -> None:
    page = open_page(PAGE, board="QE1", **{"with": "QOP"}, function="C_120")
    offered = next(each for each in page.multiselect if each.label == "Together with")
    assert offered.options.index("Greater Manchester") < offered.options.index("Kent and Medway")
    assert "QOP" in page.session_state["chosen_plan"].scope
    out = open_page(PAGE, board="ENGLAND", without="QE1", function="C_120", partners="1")
    plan = out.session_state["chosen_plan"].plan
    assert plan.pairs
    assert not {"RXL", "RXN", "RXR", "RTX"} & {code for pair in plan.trusts for code in pair}


def test_more_who_need_a_diagnostic_leave_less_to_avoid(open_page: Open) -> None:
    # 92.4% come, 92% of them need not be repeated, half of those need no diagnostic: 0.425 for 0.638
    said = words(open_page(PAGE, board="QE1", diagnostic="50"))
    assert "would avoid 55 weeks of waiting" in said
    assert "if 50% of those seen need a diagnostic at home" in said
