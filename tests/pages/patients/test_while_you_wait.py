"""The While you wait page: the answer, messages as edited, a scenario, and links it can't follow."""

import math

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from data.database.store import Store
from data.returns.areas import area_waits, function_waits
from pages.patients.waiting.chart import PAST, picture, table, worst_first
from pages.patients.waiting.places import alternatives_table, places_table
from questions.jobs import jobs
from tests.pages.conftest import Open

pytestmark = pytest.mark.integration

PAGE = "pages/patients/while_you_wait.py"
MONTH = "2025-08"


def said(app: AppTest) -> str:
    assert not app.exception
    return "\n".join(element.value for element in (*app.markdown, *app.caption, *app.warning, *app.success))


def test_an_area_is_answered_with_its_waits_and_messages_that_say_the_same(
    open_page: Open, reference_store: Store
) -> None:
    app = open_page(PAGE, area="00R", practice="P81016", function="C_110")
    assert app.selectbox(key="choose_board").value == "QE1"  # an area's link needs no board
    rows = function_waits(reference_store, "00R", MONTH)
    row = rows.set_index("treatment_function").loc["C_110"]
    words = said(app)
    assert f"{rows['waiting'].sum():,} referrals of patients from Blackpool are waiting." in words
    assert (
        f"within {round(row['half_within'])} weeks, nine in ten within {round(row['nine_in_ten_within'])}."
        in words
    )
    assert "A practice's own list is not published" in words
    assert words.count("Reads at about age 1") == 2
    each = area_waits(reference_store, "00R", MONTH)
    first = each[each["treatment_function"] == "C_110"].iloc[0]
    to_patients, to_practice = (element.value for element in app.code)
    for message in (to_patients, to_practice):
        assert first["provider_name"] in message
        assert f"within {round(first['half_within'])} weeks" in message
    assert f"{first['waiting']:,} referrals from Blackpool" in to_practice
    assert f"an estimated {0.1 * rows['waiting'].sum():,.0f} GP contacts a month in Blackpool" in words


def test_a_text_that_is_edited_is_filled_judged_and_kept(open_page: Open) -> None:
    app = open_page(PAGE, area="00R", function="C_110")
    hard = (
        "Ophthalmological prioritisation considerations necessitate individually determined administration."
    )
    app.text_area(key="message_patients_usual").set_value(f"{hard} Go to {{hospital}}.").run()
    assert app.code[0].value.startswith(hard)
    assert f"“{hard}”: split or shorten it" in said(app)
    app.selectbox(key="choose_function").set_value("C_130").run()
    assert (app.text_area(key="message_patients_usual").value or "").startswith(hard)
    app.text_area(key="message_patients_usual").set_value("Dear {name}").run()
    assert "no field called '{name}'" in app.error[0].value
    assert "{hospital}" in app.error[0].value
    app.button(key="message_patients_usual_ship").click().run()
    assert "While you wait" in app.code[0].value


def test_a_scenario_shows_both_the_waits_and_the_work_it_moves(open_page: Open) -> None:
    link = {"board": "QK1", "area": "04C", "function": "C_110", "with": "jointly-managed", "referred": "26"}
    app = open_page(PAGE, **link)
    assert not app.exception
    for study in list(jobs()._running.values()):
        assert study.done.wait(120)
    app = app.run()
    words = said(app)
    assert "Under Jointly managed list, of those referred in six months: half within" in words
    assert "more from advice in place of a referral" in words
    assert "A year on, Jointly managed list would make" in words


def test_a_link_that_names_what_is_not_there_is_explained(open_page: Open) -> None:
    app = open_page(PAGE, board="QE1", area="XXX", practice="NONE", function="C_999")
    words = said(app)
    for what in ("'XXX'", "'NONE'", "'C_999'"):
        assert what in words
    assert app.code[0].value


def test_another_board_starts_with_its_own_first_area(open_page: Open) -> None:
    app = open_page(PAGE, board="QE1", area="00R")
    app.selectbox(key="choose_board").set_value("QK1").run()
    assert not app.exception
    assert not app.warning
    assert app.selectbox(key="choose_area").value in {"03W", "04C", "04V"}


def waits(*rows: tuple[str, float, float]) -> pd.DataFrame:
    columns = ["treatment_function", "half_within", "nine_in_ten_within"]
    found = pd.DataFrame(rows, columns=columns)
    return found.assign(
        known=found["half_within"].notna(), why_not="", waiting=1200, within_18=600, over_52=0, providers=3
    )


def test_the_picture_puts_the_longest_wait_first_and_the_unknown_last() -> None:
    found = worst_first(
        waits(("C_100", 10, 30), ("C_110", 20, math.inf), ("C_120", math.nan, math.nan), ("C_130", 20, 40))
    )
    assert found["treatment_function"].tolist() == ["C_110", "C_130", "C_100", "C_120"]
    drawn = picture(found.iloc[:3], None)
    half, nine = drawn.data[1], drawn.data[2]
    assert list(half.x) == [20, 20, 10]
    assert list(nine.x) == [PAST, 40, 30]  # past 104 weeks
    assert "over 104 weeks" in nine.text[0]
    assert list(half.customdata) == ["C_110", "C_130", "C_100"]
    assert table(found, None)["Half within"].tolist() == ["20 weeks", "20 weeks", "10 weeks", "not known"]
    named = {each.text: (each.x, each.y) for each in drawn.layout.annotations}
    assert named["half"] == (20, 1)  # of the second row: the first ends past what is drawn
    assert named["nine in ten"] == (40, 1)
    after = waits(("C_130", 15, 35)).set_index("treatment_function")
    both = picture(found.iloc[:3], after, "A scenario")
    assert list(both.data[4].x)[1] == 15
    assert table(found, after.reset_index())["Half, with the scenario"].tolist()[1] == "15 weeks"


def test_the_ends_are_named_where_they_stand_apart() -> None:
    both_past = waits(("C_110", math.inf, math.inf), ("C_130", 50, 52), ("C_100", 10, 30))
    named = {each.text: each.y for each in picture(both_past, None).layout.annotations}
    assert (named["half"], named["nine in ten"]) == (2, 2)  # 2 weeks apart in the second row, 20 in the third


def test_a_shorter_wait_says_what_is_not_known_and_what_is_none() -> None:
    near = pd.DataFrame(
        {
            "provider_name": ["A", "B", "C"],
            "kind": "NHS trust",
            "miles": [1.6, 2.0, 2.0],
            "half_within": [3.0, 8.0, 10.0],
            "nine_in_ten_within": [8.0, 24.0, math.inf],
            "weeks_sooner": [17.0, 12.0, 9.0],
            "spare": [math.nan, 0.04, 1.1],
        }
    )
    shown = alternatives_table(near)
    assert shown["Spare a week"].tolist() == ["not known", "none", "1.1"]
    assert shown["Miles"].tolist() == ["2", "2", "2"]
    assert shown["Nine in ten within"].tolist() == ["8 weeks", "24 weeks", "over 104 weeks"]


def test_the_places_stand_beside_what_a_scenario_makes_of_them() -> None:
    here = pd.DataFrame(
        {
            "provider": ["X", "Y"],
            "provider_name": ["A", "B"],
            "share": [0.4994, 0.25],
            "half_within": [29.0, 8.0],
            "nine_in_ten_within": [56.0, 24.0],
            "waiting": [2066, 443],
            "over_52": [30, 0],
            "known": True,
            "why_not": "",
        }
    )
    shown = places_table(here, here.iloc[:1].assign(half_within=27.0))
    assert shown["Of its referrals in a year"].tolist() == ["49.9%", "25.0%"]
    assert shown["Half within"].tolist() == [
        "29 weeks  \n:small[27 weeks with the scenario]",
        "8 weeks  \n:small[not known with the scenario]",
    ]
    assert shown["Waiting"].tolist() == ["2,066", "443"]
    assert "Why not known" not in shown
