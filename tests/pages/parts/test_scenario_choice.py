"""The selector of one scenario: what it offers, its link, and what it says of a link it can't follow."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from data.database.store import Store
from data.saved.scenarios import SavedScenario, save_scenario
from models.scenarios.presets import PRESETS, preset
from models.scenarios.scenario import read_scenario
from pages.parts.scenario_choice import choose_scenario
from questions.question import pack

pytestmark = pytest.mark.unit

CHANGING = [name for name in PRESETS if preset(name).levers]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store with two scenarios saved for QK1 and one for QE1."""
    with Store.create(tmp_path / "tandem.duckdb") as opened:
        for name, scope in (("First", "QK1"), ("Second", "QK1"), ("Elsewhere", "QE1")):
            document = preset("extra-sessions").document()
            save_scenario(opened, SavedScenario(name, "", document, scope, "2025-06", "e", 52, 10, 1))
        yield opened


def opened(store: Store, **query: str) -> AppTest:
    """A page that is nothing but the selector; `chosen` in its session is what it gave."""

    def draw() -> None:
        st.session_state["chosen"] = choose_scenario(store, "QK1", key="one")

    def page(draw) -> None:
        draw()

    app = AppTest.from_function(page, args=(draw,))
    app.query_params.update(query)
    return app.run()


def token_of(store: Store, name: str) -> str:
    identity = store.rows("SELECT id FROM scenarios WHERE name = ?", [name])[0][0]
    return f"s.{identity}.1"


def test_it_offers_what_is_saved_here_latest_first_and_then_the_presets(store: Store) -> None:
    page = opened(store)
    assert page.session_state["chosen"] is None
    assert "with" not in page.query_params
    saved = [f"{name} (saved, version 1)" for name in ("Second", "First")]
    titles = [preset(name).title for name in CHANGING]
    assert page.selectbox(key="one").options == ["None: as things are heading", *saved, *titles]


def test_a_choice_goes_into_the_link_and_the_link_gives_it_back(store: Store) -> None:
    page = opened(store)
    token = token_of(store, "First")
    page.selectbox(key="one").select(token).run()
    assert page.query_params["with"] == token
    assert page.session_state["chosen"].title == "First"
    assert opened(store, **{"with": token}).session_state["chosen"].title == "First"
    page.selectbox(key="one").select("").run()
    assert page.session_state["chosen"] is None


def test_a_scenario_of_nobodys_list_is_offered_when_a_link_carries_it(store: Store) -> None:
    document = preset("virtual-70").document() | {"name": "mine", "title": "My own"}
    chosen = opened(store, **{"with": pack(read_scenario(document))}).session_state["chosen"]
    assert chosen.title == "My own"


@pytest.mark.parametrize(
    ("token", "said"),
    [
        ("no-such-preset", "no-such-preset"),
        ("s.0123.1", "No scenario is saved here under '0123'"),
        ("elsewhere", "'Elsewhere' was saved for another health board"),
    ],
)
def test_a_link_it_cannot_follow_is_explained(store: Store, token: str, said: str) -> None:
    page = opened(store, **{"with": token_of(store, "Elsewhere") if token == "elsewhere" else token})
    assert said in page.warning[0].value
    assert page.session_state["chosen"] is None
