"""The capacity map's marks and arcs: what each provider has, and who could help or helps whom."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from models.capacity.partners import helped, helpers
from models.rtt.organisations import ENGLAND, Place
from pages.sharing.map.chosen_plan import ChosenPlan
from pages.sharing.map.figures import Figures, Medium, Side

MOST_POSSIBLE, MOST_PLANNED = 12, 60  # arcs drawn, the largest first
_THINNEST, _WIDEST = 1.5, 6.0  # pixels
_UNITS: Mapping[Medium, str] = {
    "both": "appointments",
    "face_to_face": "face-to-face appointments",
    "virtual": "virtual appointments",
    "could_be_virtual": "appointments that could be virtual",
}


@dataclass(frozen=True)
class Flow:
    """Patients who could go, or by a plan go, from where they wait to where capacity is spare."""

    waiting: str  # provider
    spare: str  # provider
    a_week: float  # clock stops that are possible, or appointments that are planned


def possible_flows(data: Figures, code: str, side: Side) -> list[Flow]:
    """The largest flows between a provider and its partners: whom it could help, or who could help it."""
    if code not in data.places:
        return []
    if side == "spare":
        flows = [Flow(each.provider, code, each.stops) for each in helped(data.found, code, data.places)]
    else:
        flows = [Flow(code, each.provider, each.stops) for each in helpers(data.found, code, data.places)]
    return _drawn(flows, data.places, MOST_POSSIBLE)


def planned_flows(data: Figures, chosen: ChosenPlan, function: str | None) -> list[Flow]:
    """The largest flows of a plan, in one treatment function or all."""
    amounts: dict[tuple[str, str], float] = {}
    for flow in chosen.plan.flows:
        if function in (None, flow.treatment_function):
            ends = flow.home, flow.partner
            amounts[ends] = amounts.get(ends, 0.0) + flow.a_week
    flows = [Flow(home, partner, a_week) for (home, partner), a_week in amounts.items()]
    return _drawn(flows, data.places, MOST_PLANNED)


def _drawn(flows: list[Flow], places: Mapping[str, Place], most: int) -> list[Flow]:
    known = [flow for flow in flows if flow.waiting in places and flow.spare in places]
    return sorted(known, key=lambda flow: (-flow.a_week, flow.waiting, flow.spare))[:most]


def arcs_of(data: Figures, flows: list[Flow]) -> pd.DataFrame:
    """Flows as lines from who waits to what is spare: columns from, to and width (pixels)."""
    rows = []
    for flow in flows:
        source, target = data.places[flow.waiting], data.places[flow.spare]
        rows.append(
            {
                "from": [source.longitude, source.latitude],
                "to": [target.longitude, target.latitude],
                "width": round(_THINNEST + (_WIDEST - _THINNEST) * flow.a_week / flows[0].a_week, 1),
            }
        )
    return pd.DataFrame(rows, columns=["from", "to", "width"])


def marks_of(
    data: Figures, rows: pd.DataFrame, side: Side, medium: Medium, flows: list[Flow], chosen: str | None
) -> pd.DataFrame:
    """A mark a provider of `rows` whose place is known, and one for each other end of an arc and the chosen.

    Columns: code, name, said (what is spare or short, for the tooltip), latitude, longitude, amount.
    """
    word, unit = side, _UNITS[medium]
    located = rows.dropna(subset=["latitude"])
    source = ["in part as uploaded by its board" if many else "estimated" for many in located["uploaded"]]
    words = [
        f"{amount:,.0f} {unit} a week {word}, {how}" if amount > 0 else f"nothing {word}"
        for amount, how in zip(located["amount"], source, strict=True)
    ]
    marks = located.assign(said=words)[["code", "name", "said", "latitude", "longitude", "amount"]]
    located_codes = set(located["code"])
    ends = {end for flow in flows for end in (flow.waiting, flow.spare)} | ({chosen} if chosen else set())
    others = [
        (code, data.names.get(code, code), "outside these filters", place.latitude, place.longitude, 0.0)
        for code in sorted(ends - located_codes)
        if (place := data.places.get(code))
    ]
    return pd.concat([marks, pd.DataFrame(others, columns=marks.columns)]) if others else marks


def flows_said(flows: list[Flow], chosen: ChosenPlan | None, names: Mapping[str, str]) -> str:
    """What the arcs are, in a sentence."""
    count = f"{len(flows)} {'flow' if len(flows) == 1 else 'flows'}"
    if chosen is None:
        return f"Arcs lead from who waits to what is spare: the {count} that could be largest."
    where = (
        "England"
        if chosen.scope == ENGLAND
        else ", ".join(names.get(board, board) for board in chosen.scope.split("+"))
    )
    a_week = sum(flow.a_week for flow in flows)
    return (
        f"Arcs are the chosen plan's for {where}, from who waits to who helps: {count} of {a_week:,.0f} "
        "virtual appointments a week."
    )
