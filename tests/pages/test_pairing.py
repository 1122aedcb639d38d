"""The Pairing page as a planner meets it: the plan, its limits in the link, and both sides once tried."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

pytestmark = pytest.mark.integration

Open = Callable[..., AppTest]
PAGE = "pages/sharing/pairing.py"


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
    assert page.session_state["pair_study"].done.wait(120)
    said = words(page.run())
    assert "All pairs together, by August 2027" in said
    table = next(each.value for each in page.dataframe if "Measure" in each.value.columns)
    assert set(table["Measure"]) == {"List", "Within 18 weeks", "Over 52 weeks"}
    assert {each.rsplit(", ", 1)[1] for each in table["Trust"]} == {"helps", "is helped"}


def test_more_who_need_a_diagnostic_leave_less_to_avoid(open_page: Open) -> None:
    # 92.4% come, 92% of them need not be repeated, half of those need no diagnostic: 0.425 for 0.638
    said = words(open_page(PAGE, board="QE1", diagnostic="50"))
    assert "would avoid 55 weeks of waiting" in said
    assert "if 50% of those seen need a diagnostic at home" in said
