"""One provider's card beside the map: its list and waits, what it can spare and why, and its partners."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from models.capacity.estimate import explained
from models.capacity.partners import Partner, helped, helpers, nearest
from models.rtt.organisations import Provider
from models.rtt.treatment_functions import name_of
from models.rtt.waiting_list import STANDARD_WEEKS
from pages.parts.scope import choose, forget
from pages.sharing.map.figures import Figures, Side, by_function

_SAID_AT_ONCE = 3


def show_card(figures: Figures, code: str, side: Side) -> None:
    """Draw the card of one provider; a button goes back to the table."""
    provider = figures.providers.get(code, Provider(code, code))
    st.button("Back to all providers", key="close_card", on_click=forget, args=("provider",), type="tertiary")
    st.markdown(f"### {figures.names.get(code, code)}")
    st.caption(_place_said(provider))
    st.markdown(_list_said(figures, code))
    functions = by_function(figures, code, side)
    st.markdown(_summary(functions))
    _show_functions(functions)
    _show_sentences(figures, functions, side)


def show_partners(figures: Figures, code: str) -> None:
    """Draw who could help a provider and whom it could help, side by side where there is room."""
    halves = st.grid(2, min_column_width=400, gap="medium")
    own = figures.found.providers == code
    if (figures.stops("short")[own] > 0).any():
        with halves.cell():
            partners = helpers(figures.found, code, figures.places)
            _show_partners(figures, code, partners, "Could help it")
    if (figures.stops("spare")[own] > 0).any():
        with halves.cell():
            partners = helped(figures.found, code, figures.places)
            _show_partners(figures, code, partners, "It could help")


def _place_said(provider: Provider) -> str:
    where = "the mark is its head office, not each clinic" if provider.place else "its place is not known"
    return f"{provider.kind}, {provider.code}; {where}"


def _list_said(figures: Figures, code: str) -> str:
    if code not in figures.lists.index:
        return "It returned no waiting list for this month."
    row = figures.lists.loc[code]
    within = 100 * row["within_18"] / max(row["waiting"], 1)
    return (
        f"**{row['waiting']:,}** waiting, **{within:.0f}%** of them within {STANDARD_WEEKS} weeks and "
        f"**{row['over_52']:,}** over a year; half under {row['median_weeks']:.0f} weeks."
    )


def _summary(functions: pd.DataFrame) -> str:
    spare, short = (functions["stops"] > 0).sum(), (functions["stops"] < 0).sum()
    unknown = (~functions["known"]).sum()
    uploaded = int(functions["uploaded"].sum())
    source = f"estimated but for {_many(uploaded)} that the board uploaded" if uploaded else "estimated"
    parts = [
        f"**Spare in {_many(spare)}**, {source}, {functions['face_to_face'].sum():,.0f} face-to-face and "
        f"{functions['virtual'].sum():,.0f} virtual appointments a week"
        if spare
        else "**Nothing to spare**",
        f"**plainly short in {_many(short)}**" if short else "nothing plainly short",
    ]
    if unknown:
        parts.append(f"not known in {_many(unknown)}")
    return f"{'; '.join(parts)}."


def _many(count: int) -> str:
    return f"{count} {'specialty' if count == 1 else 'specialties'}"


def _show_functions(functions: pd.DataFrame) -> None:
    """The specialties as a table, a week."""
    stops = functions["stops"]
    told = functions.assign(
        name=[name_of(code) for code in functions["tfc"]],
        said=np.select(
            [~functions["known"], stops > 0, stops < 0], ["not known", "spare", "short"], "in balance"
        ),
        source=np.where(functions["uploaded"], "uploaded", "estimated"),
    )
    amounts = ["stops", "face_to_face", "virtual", "could_be_virtual", "theatre"]
    told[amounts] = told[amounts].mask(told[amounts] == 0)
    number = st.column_config.NumberColumn
    st.dataframe(
        told[["name", "said", *amounts, "share", "source"]],
        hide_index=True,
        height=min(35 * (len(told) + 1) + 3, 250),
        key="card_functions",
        alt="Table: spare and short by specialty, a week",
        placeholder="",
        column_config={
            "name": st.column_config.TextColumn("Specialty", width=135, pinned=True),
            "said": st.column_config.TextColumn("Is", width=75),
            "stops": number(
                "Clock stops", format="%+.1f", width=85, help="A week: spare above 0, short below"
            ),
            "face_to_face": number("Face to face", format="%.0f", help="Spare appointments a week"),
            "virtual": number("Virtual", format="%.0f", help="Spare appointments a week, by today's mix"),
            "could_be_virtual": number("Could be virtual", format="%.0f", help="Of both, a week"),
            "theatre": number("Theatre slots", format="%.1f", help="Spare, a week"),
            "share": number(f"Within {STANDARD_WEEKS} weeks", format="%.0f%%"),
            "source": st.column_config.TextColumn("Source", help="Uploaded: by the board itself"),
        },
    )


def _show_sentences(figures: Figures, functions: pd.DataFrame, side: Side) -> None:
    """Why, in a sentence each: first those of the side looked at and what a board uploaded, then the rest."""
    telling = functions["stops"] > 0 if side == "spare" else functions["stops"] < 0
    first = (telling & (telling.cumsum() <= _SAID_AT_ONCE)) | functions["uploaded"]

    def explain(rows: pd.DataFrame) -> None:
        sentences = (
            f"- **{name_of(row.tfc)}**: {explained(figures.found, int(row.place))}"
            for row in rows.itertuples()
        )
        st.markdown("\n".join(sentences))

    explain(functions[first])
    others = "The other specialties explained" if first.any() else "Every specialty explained"
    panel = st.expander(others, key="card_explained", on_change="rerun")
    if panel.open:
        with panel:
            explain(functions[~first])


def _show_partners(figures: Figures, code: str, partners: Sequence[Partner], title: str) -> None:
    """The best and the nearest partner in a sentence, all of them in a table; a row opens its card."""
    if not partners:
        st.markdown(f"**{title}:** nobody that the returns tell of.")
        return
    lines = [f"- The most: {_partner_said(figures, partners[0])}"]
    lines += [f"- The nearest: {_partner_said(figures, each)}" for each in nearest(partners, 1)]
    st.markdown("\n".join([f"**{title}**, estimated:", "", *lines]))
    key = f"partners_{code}_{title}"

    def follow() -> None:
        picked = st.session_state[key]["selection"]["cells"]
        if picked:
            choose("provider", partners[picked[0][0]].provider)

    st.dataframe(
        pd.DataFrame(
            {
                "name": [figures.names.get(each.provider, each.provider) for each in partners],
                "miles": [each.miles for each in partners],
                "stops": [each.stops for each in partners],
                "functions": [", ".join(map(name_of, each.treatment_functions)) for each in partners],
            }
        ),
        hide_index=True,
        height=min(35 * (len(partners) + 1) + 3, 215),
        key=key,
        on_select=follow,
        selection_mode="single-cell",
        alt=f"Table: {title.lower()}, the most first",
        placeholder="",
        column_config={
            "name": st.column_config.TextColumn("Provider", width=215, pinned=True),
            "miles": st.column_config.NumberColumn("Miles", format="%.0f", width=55),
            "stops": st.column_config.NumberColumn("Clock stops", format="%.1f", width=85, help="A week"),
            "functions": st.column_config.TextColumn("In"),
        },
    )


def _partner_said(figures: Figures, each: Partner) -> str:
    functions = ", ".join(name_of(code).lower() for code in each.treatment_functions[:2])
    more = len(each.treatment_functions) - 2
    others = f" and {more} more" if more > 0 else ""
    miles = "" if np.isnan(each.miles) else f", {each.miles:.0f} miles away"
    name = figures.names.get(each.provider, each.provider)
    return f"{name}{miles}: {each.stops:,.1f} clock stops a week in {functions}{others}."
