"""Saving from the lab: a name, the next version, and two planners who never overwrite each other unseen."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from data.database.store import Store
from data.imports.rtt_extract import import_rtt
from data.saved.scenarios import (
    LONGEST_NAME,
    SavedScenario,
    save_scenario,
    saved_scenario,
    saved_scenarios,
    scenario_versions,
)
from models.errors import TandemError
from models.scenarios.presets import preset
from pages.what_if.lab.saved import read_saved, request_of, save_dialog, saved_link, to_save, versions_dialog
from questions.question import Question, canonical
from tests.data import extracts

pytestmark = pytest.mark.unit


@pytest.fixture
def store(tmp_path) -> Iterator[Store]:
    """A store of one small month, June 2025."""
    with Store.create(tmp_path / "small.duckdb") as opened:
        import_rtt(opened, extracts.save(tmp_path, extracts.extract()))
        yield opened


REQUEST = Question("QK1", "2025-06", "0123456789ab", canonical(preset("referral-growth")), 52, 10, 4)


def save_window(store: Store, basis: SavedScenario | None) -> AppTest:
    """A page that is nothing but the window to save from; `opened` in its session is what it turned to."""
    return window(
        lambda: save_dialog(store, REQUEST, basis, lambda saved: st.session_state.update(opened=saved))
    )


def window(draw: Callable[[], None]) -> AppTest:
    def page(draw) -> None:
        draw()

    return AppTest.from_function(page, args=(draw,)).run()


def test_a_question_is_saved_with_its_data_and_opens_again(store: Store) -> None:
    saved = save_scenario(store, to_save(REQUEST, " Growth  as agreed ", "In May."))
    assert (saved.name, saved.description, saved.version) == ("Growth as agreed", "In May.", 1)
    assert saved.document["title"] == "Growth as agreed"
    back = request_of(store, saved, ["2025-06"])
    assert (back.scope, back.month, back.weeks, back.replications, back.seed) == ("QK1", "2025-06", 52, 10, 4)
    assert back.scenario.levers == REQUEST.scenario.levers
    with pytest.raises(TandemError, match="June 2025, which are not held"):
        request_of(store, saved, ["2025-07"])


def test_a_link_names_the_version(store: Store) -> None:
    first = save_scenario(store, to_save(REQUEST, "Growth", ""))
    second = save_scenario(store, to_save(REQUEST, "Growth", "Again", first))
    assert saved_link("http://here/lab", first) == f"http://here/lab?saved={first.id}&version=1"
    assert read_saved(store, first.id, "1").description == ""
    assert read_saved(store, first.id, "") == second
    for version in ("one", "-1", "99999999", "²"):
        with pytest.raises(TandemError, match="not a whole number"):
            read_saved(store, first.id, version)


def test_the_window_saves_under_the_name_given(store: Store) -> None:
    page = save_window(store, None)
    assert page.text_input(key="save_name").value == "Referrals up 2% a year"
    page.text_input(key="save_name").set_value("")
    page.button(key="save_now").click().run()
    assert "has no name" in page.error[0].value
    page.text_input(key="save_name").set_value("The planner's view")
    page.text_area(key="save_description").set_value("For the June board.")
    page.button(key="save_now").click().run()
    (saved,) = saved_scenarios(store)
    assert (saved.name, saved.description, saved.version) == ("The planner's view", "For the June board.", 1)
    assert page.session_state["opened"] == saved


def test_two_planners_do_not_overwrite_each_other(store: Store) -> None:
    basis = save_scenario(store, to_save(REQUEST, "Growth", ""))
    page = save_window(store, basis)
    hers = save_scenario(store, replace(basis, description="Hers"))  # meanwhile
    page.text_area(key="save_description").set_value("Mine")
    page.button(key="save_now").click().run()
    assert "Somebody saved version 2 of 'Growth'" in page.error[0].value
    assert "Nothing was overwritten" in page.error[0].value
    assert [each.description for each in scenario_versions(store, basis.id)] == ["Hers", ""]
    page.button(key="save_look").click().run()
    assert page.session_state["opened"] == hers
    # from hers the next version can be saved; or mine as a scenario of its own
    page = save_window(store, hers)
    page.button(key="save_now").click().run()
    assert saved_scenario(store, basis.id).version == 3
    page = save_window(store, hers)
    page.radio(key="save_way").set_value("As a new scenario")
    page.text_input(key="save_name").set_value("Mine")
    page.button(key="save_now").click().run()
    assert {each.name: each.version for each in saved_scenarios(store)} == {"Growth": 3, "Mine": 1}


def test_every_version_can_be_opened(store: Store) -> None:
    first = save_scenario(store, to_save(REQUEST, "Growth", "One"))
    save_scenario(store, to_save(REQUEST, "Growth", "Two", first))
    page = window(lambda: versions_dialog(store, first, lambda saved: st.session_state.update(opened=saved)))
    page.button(key="version_1").click().run()
    assert page.session_state["opened"] == first


def test_a_proposed_name_fits(store: Store) -> None:
    long = replace(REQUEST, document=canonical(replace(REQUEST.scenario, title="x" * 200)))
    page = window(lambda: save_dialog(store, long, None, lambda saved: None))
    assert len(page.text_input(key="save_name").value or "") == LONGEST_NAME
