"""Who would go where, on the map: an arc for each pair of providers, wider for more patients."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from data.database.store import Store
from models.matching.preview import Preview
from models.matching.summary import flows
from models.rtt.organisations import Provider
from pages.parts.provider_map import boundaries_url, deck, drawn, edition_of, view_of
from pages.parts.store import held_months

HEIGHT = 420  # pixels
_WIDEST = 9.0  # pixels of an arc


def show_map(store: Store, preview: Preview, providers: Mapping[str, Provider]) -> None:
    """Draw the pairs as arcs; says how many patients' pairs can't be drawn for want of a place."""
    pairs = flows(preview)
    marks, arcs = marks_of(pairs, providers), arcs_of(pairs, providers)
    if not len(arcs):
        return
    edition = edition_of(held_months(store)[-1])
    boards = sorted({providers[code].board for code in marks["code"] if providers[code].board})
    url, view = boundaries_url(store, edition), view_of(store, edition, boards)
    st.pydeck_chart(deck(url, view, marks, arcs, "spare", None, boards), height=HEIGHT, key="match_map")
    missing = int(pairs["patients"].sum()) - int(arcs["patients"].sum())
    beyond = f" {missing:,} patients are in the table only: a place is not known." if missing else ""
    st.caption(
        "From orange, where patients wait, to teal, where they could be seen; marks grow with those who "
        f"would come. Places are head offices.{beyond}"
    )


def marks_of(pairs: pd.DataFrame, providers: Mapping[str, Provider]) -> pd.DataFrame:
    """Gives a mark a provider that gives or takes, with how many would come to it and go from it."""
    come = pairs.groupby("provider")["patients"].sum()
    go = pairs.groupby("home_provider")["patients"].sum()
    rows = []
    for code in sorted({*come.index, *go.index}):
        place = providers[code].place if code in providers else None
        if place:
            words = f"{int(come.get(code, 0)):,} would come, {int(go.get(code, 0)):,} would go"
            rows.append(
                (
                    code,
                    providers[code].plain_name,
                    words,
                    place.latitude,
                    place.longitude,
                    float(come.get(code, 0)),
                )
            )
    columns = ["code", "name", "said", "latitude", "longitude", "amount"]
    return drawn(pd.DataFrame(rows, columns=columns), "spare")


def arcs_of(pairs: pd.DataFrame, providers: Mapping[str, Provider]) -> pd.DataFrame:
    """Gives an arc a pair whose places are both known: from, to, width and patients."""
    most = max(pairs["patients"].max(), 1) if len(pairs) else 1
    rows = []
    for pair in pairs.itertuples(index=False):
        ends = [
            providers[code].place if code in providers else None
            for code in (pair.home_provider, pair.provider)
        ]
        if ends[0] and ends[1]:
            points = [[end.longitude, end.latitude] for end in ends if end]
            rows.append((*points, max(_WIDEST * pair.patients / most, 1.0), pair.patients))
    return pd.DataFrame(rows, columns=["from", "to", "width", "patients"])
