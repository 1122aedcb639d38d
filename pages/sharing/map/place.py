"""A place to look around: a provider's head office, or the middle of an outward postcode."""

import re
from collections.abc import Mapping

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data.imports.identity import is_outward_postcode
from data.returns.home_areas import middles
from models.rtt.organisations import Around, Place
from pages.parts.scope import ALL, choose, forget, pick

MILES = {ALL: "Any distance", "10": "10 miles", "25": "25 miles", "50": "50 miles", "100": "100 miles"}
FIRST_MILES = "25"  # once a place is chosen and no distance is
_POSTCODE = "postcode-"  # of the link: some postcodes are also a trust's code, such as RM3
_WHOLE = re.compile(r"([A-Z]{1,2}[0-9][0-9A-Z]?)[0-9][A-Z]{2}")
_EXAMPLE = "Type the first half of a postcode, such as PR2 or LA1, or choose a provider."


def choose_around(
    names: Mapping[str, str],
    places: Mapping[str, Place],
    near: DeltaGenerator,
    within: DeltaGenerator,
    notes: DeltaGenerator,
) -> Around | None:
    """Draw the selectors of a place (in `near`) and of the miles from it, and give both; None for anywhere.

    The choices are the query parameters `near` (a provider's code, or postcode-PR2) and `miles`. A place that
    is not known is explained in `notes`. `names` are the providers' by code; only those with a place are
    offered.
    """
    with near:
        name, place = _choose_place({code: names[code] for code in places if code in names}, places, notes)
    with within:
        miles = pick("miles", "Within", MILES, ALL, help="As the crow flies, to a provider's head office")
    if place is None:
        if miles != ALL and not name:
            notes.caption(f"Within {miles} miles of what? Choose a place under “Near”.")
        return None
    return Around(name, place, None if miles == ALL else float(miles))


def outward_half(text: str) -> str:
    """The first half of a postcode, of which the whole may have been typed: 'pr2 9ht' is PR2."""
    joined = re.sub(r"\s", "", text).upper()
    whole = _WHOLE.fullmatch(joined)
    return whole.group(1) if whole else joined


def _choose_place(
    names: Mapping[str, str], places: Mapping[str, Place], notes: DeltaGenerator
) -> tuple[str, Place | None]:
    """The chosen place's name, '' for anywhere, and where it is; None where that is not known."""
    wanted = st.query_params.get("near") or st.session_state.get("linked_near") or ALL
    offered = {ALL: "Anywhere"} | dict(sorted(names.items(), key=lambda item: item[1]))
    if wanted not in offered:
        offered[wanted] = wanted.removeprefix(_POSTCODE)
    st.session_state["choose_near"] = wanted
    if wanted != ALL:
        choose("near", wanted)

    def follow() -> None:
        chosen = st.session_state["choose_near"]
        if chosen == ALL or not chosen:
            forget("near")
            forget("miles")
            return
        choose("near", chosen if chosen in offered else _POSTCODE + outward_half(chosen))
        if st.session_state.get("linked_miles", ALL) == ALL:
            choose("miles", FIRST_MILES)

    st.selectbox(
        "Near",
        list(offered),
        format_func=lambda code: offered.get(code, code),
        key="choose_near",
        on_change=follow,
        accept_new_options=True,
        filter_mode="contains",
        help=f"{_EXAMPLE} Of a whole postcode only the first half is kept.",
    )
    if wanted == ALL:
        return "", None
    name = offered[wanted]
    if wanted in places:
        return name, places[wanted]
    latitude, longitude = middles(pd.Series([name]))
    if wanted.startswith(_POSTCODE) and is_outward_postcode(name) and pd.notna(latitude[0]):
        return name, Place(float(latitude[0]), float(longitude[0]))
    notes.warning(f"The place of “{name}” is not known here, so no distance is asked for. {_EXAMPLE}")
    return name, None
