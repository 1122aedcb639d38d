"""The capacity map's page without a browser: its sentence, its filters, a provider's card, and uploads."""

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from data.database.store import Store
from data.returns.capacity import capacity_of
from models.capacity.estimate import Floor
from models.pairing.pairs import Flow, Pair, Plan
from models.rtt.organisations import Around, great_circle_miles
from pages.parts import provider_map
from pages.sharing.map.chosen_plan import ChosenPlan
from pages.sharing.map.edit import as_text
from pages.sharing.map.figures import Asked, Figures, by_function, figures, narrowed
from pages.sharing.map.place import outward_half
from tests.pages.conftest import Open

pytestmark = pytest.mark.integration

PAGE = "pages/sharing/capacity_map.py"
MONTH = "2025-08"


def text(app: AppTest) -> str:
    return "\n".join(each.value for each in [*app.markdown, *app.caption, *app.warning])


def layers(app: AppTest) -> dict[str, Any]:
    (chart,) = app.get("deck_gl_json_chart")
    return {layer["id"]: layer for layer in json.loads(chart.proto.json)["layers"]}


@pytest.fixture(scope="module")
def data(reference_store: Store) -> Figures:
    return figures(reference_store, MONTH, Floor())


def test_the_page_says_what_it_draws_and_opens_a_card(open_page: Open, data: Figures) -> None:
    app = open_page(PAGE, board="QE1")
    rows = narrowed(data, Asked(board="QE1"))
    some = rows["amount"] > 0
    assert app.markdown[0].value == (
        f"## {some.sum()} of {len(rows)} providers in Lancashire and South Cumbria have capacity to spare: "
        f"an estimated {rows['amount'].sum():,.0f} appointments a week."
    )
    assert "**84%** later delivered that much" in text(app)
    drawn = layers(app)
    assert len(drawn["amounts"]["data"]) == (some & rows["latitude"].notna()).sum()
    assert drawn["boards"]["data"].startswith("app/static/made/boards-2022-")
    assert f"{rows['latitude'].isna().sum()} providers have no known place" in text(app)

    app.query_params["provider"] = "RXR"
    said = text(app.run())
    assert "### East Lancashire Hospitals" in said
    assert "the mark is its head office" in said
    assert "- **Cardiology**: Can be relied on for" in said
    assert "**It could help**, estimated:" in said
    drawn = layers(app)
    assert 0 < len(drawn["flows"]["data"]) <= 12
    here = drawn["chosen"]["data"][0]["at"]
    assert all(np.allclose(arc["to"], here, atol=1e-3) for arc in drawn["flows"]["data"])  # spare is here
    assert "### East Lancashire Hospitals" not in text(app.button(key="close_card").click().run())

    app.query_params["provider"] = "ZZZ"
    assert "Provider 'ZZZ' is not in the returns of August 2025." in text(app.run())
    app.selectbox(key="choose_medium").select("could_be_virtual").run()
    moved = narrowed(data, Asked(board="QE1", medium="could_be_virtual"))
    assert 0 < moved["virtual"].sum() <= moved["amount"].sum() < rows["amount"].sum()
    assert app.markdown[0].value.endswith(
        f"an estimated {moved['amount'].sum():,.0f} appointments a week that could be virtual, "
        f"{moved['virtual'].sum():,.0f} of which are today."
    )


def test_filters_narrow_to_what_they_say(data: Figures) -> None:
    every = narrowed(data, Asked())
    found = data.found
    both = data.each.face_to_face + data.each.virtual
    assert every["amount"].sum() == pytest.approx(np.nansum(found.spare * both))
    assert every["stops"].sum() == pytest.approx(np.nansum(found.spare))
    urology = narrowed(data, Asked(function="C_101"))
    assert urology["stops"].sum() == pytest.approx(
        np.nansum(found.spare[found.treatment_functions == "C_101"])
    )
    by_medium = [narrowed(data, Asked(medium=each))["amount"].sum() for each in ("face_to_face", "virtual")]
    assert sum(by_medium) == pytest.approx(every["amount"].sum())
    trusts = narrowed(data, Asked(kind="NHS trust"))
    assert set(trusts["kind"]) == {"NHS trust"}
    short = narrowed(data, Asked(side="short"))
    assert short["stops"].sum() == pytest.approx(np.nansum(found.plainly_short))
    preston = data.places["RXN"]
    near = narrowed(data, Asked(around=Around("Preston", preston, 25.0)))
    miles = great_circle_miles(preston.latitude, preston.longitude, near["latitude"], near["longitude"])
    assert miles.max() <= 25
    assert "RXN" in set(near["code"])
    assert len(near) < len(narrowed(data, Asked(around=Around("Preston", preston, 50.0)))) < len(every)


def test_a_card_lists_every_specialty_of_its_side_first(data: Figures) -> None:
    spare, short = by_function(data, "RXR", "spare"), by_function(data, "RXR", "short")
    assert len(spare) == (data.found.providers == "RXR").sum()
    assert spare["stops"].iloc[0] == spare["stops"].max() > 0
    assert short["stops"].iloc[0] == short["stops"].min() < 0
    assert not spare["known"].iloc[-1]


@pytest.mark.parametrize(("month", "edition", "boards"), [("2026-03", 2022, 42), ("2026-04", 2026, 36)])
def test_each_month_has_the_boards_it_had(
    reference_store: Store, month: str, edition: int, boards: int
) -> None:
    assert provider_map.edition_of(month) == edition
    url = provider_map.boundaries_url(reference_store, edition)
    served = (provider_map.STATIC.parent / url.removeprefix("app/")).read_bytes()
    assert len(json.loads(served)["features"]) == boards
    assert len(served) < 300_000
    latitude, longitude, zoom = provider_map.view_of(reference_store, edition, ["QE1"])
    assert 53.4 < latitude < 54.6
    assert -3.3 < longitude < -2.0
    assert zoom > provider_map.ENGLAND_VIEW[2]


def test_an_editors_lines_are_read_as_a_file_would_be() -> None:
    edited = pd.DataFrame(
        {
            "treatment_function": ["C_101", None],
            "medium": ["virtual", None],
            "sessions": [2.0, np.nan],
            "minutes": [np.nan, np.nan],
            "theatre_slots": [np.nan, np.nan],
            "valid_from": [pd.Timestamp("2025-10-01"), pd.NaT],
            "valid_to": [pd.NaT, pd.NaT],
        }
    )
    table = as_text(edited, "RXN")
    assert [column.tolist() for column in table.columns] == [
        ["RXN"],
        ["C_101"],
        ["virtual"],
        ["2"],
        [""],
        [""],
        ["2025-10-01"],
        [""],
    ]


def test_england_and_a_board_tell_the_same_story(data: Figures, reference_store: Store) -> None:
    # the map reads England's returns, without care commissioned elsewhere; a board's own hold it
    own = capacity_of(reference_store, "QE1", MONTH)
    rows = narrowed(data, Asked(board="QE1"))
    assert rows["stops"].sum() == pytest.approx(np.nansum(own.spare), rel=0.15)


def test_a_postcode_or_a_provider_is_looked_around(open_page: Open, data: Figures) -> None:
    app = open_page(PAGE, board="ENGLAND", near="postcode-RM3", miles="10")  # east of London
    assert "providers in England within 10 miles of RM3 " in app.markdown[0].value
    ring = layers(app)["ring"]
    assert ring["getRadius"] == round(10 * 1609.344)
    assert ring["data"] == [pytest.approx([0.2, 51.6], abs=0.1)]
    app = open_page(PAGE, board="ENGLAND", near="RM3", miles="10")  # the trust of that code, in Salford
    assert f"within 10 miles of {data.names['RM3']} " in app.markdown[0].value
    app = open_page(PAGE, board="ENGLAND", near="postcode-ZZ9", miles="10")
    assert "within" not in app.markdown[0].value
    assert "The place of “ZZ9” is not known here" in text(app)
    app.selectbox(key="choose_near").select("Anywhere").run()
    assert "ZZ9" not in text(app)
    assert "near" not in app.query_params


@pytest.mark.parametrize(
    ("typed", "outward"),
    [("pr2", "PR2"), ("PR2 9HT", "PR2"), ("ec1a1bb", "EC1A"), (" la1 ", "LA1"), ("Leeds", "LEEDS")],
)
def test_only_the_first_half_of_a_postcode_is_kept(typed: str, outward: str) -> None:
    assert outward_half(typed) == outward


def test_a_chosen_plans_flows_are_drawn(open_page: Open, data: Figures) -> None:
    app = open_page(PAGE, board="QE1", arcs="plan")
    assert "No plan was made in this session" in text(app)
    flows = (Flow("RXN", "RXR", "C_320", 12.0, 5.0), Flow("RXN", "RXR", "C_120", 8.0, 5.0))
    plan = Plan((Pair(frozenset({"RXN", "RXR"}), flows),), 100.0)
    app.session_state["chosen_plan"] = ChosenPlan(plan, "QE1")
    app.run()
    (arc,) = layers(app)["flows"]["data"]
    preston, blackburn = data.places["RXN"], data.places["RXR"]  # who waits, who helps
    assert arc["from"] == [preston.longitude, preston.latitude]
    assert arc["to"] == [blackburn.longitude, blackburn.latitude]
    assert (
        "the chosen plan's for Lancashire and South Cumbria, from who waits to who helps: 1 flow of 20 "
        "virtual appointments a week." in text(app)
    )
    app.selectbox(key="choose_function").select("C_120").run()
    assert "1 flow of 8 virtual appointments a week" in text(app)
    app.query_params["provider"] = "RR8"  # Leeds, of another board: chosen, and outside these filters
    app.run()
    (mark,) = [each for each in layers(app)["providers"]["data"] if each["code"] == "RR8"]
    assert mark["said"] == "outside these filters"
    assert len(layers(app)["chosen"]["data"]) == 1
