"""A forecast made on earlier figures, laid over what was published since, on the Compare page."""

import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress

import pandas as pd
import streamlit as st

from data.database.edition import edition
from data.database.store import Store
from data.returns.lists import trend
from data.saved.scenarios import SavedScenario
from models.errors import TandemError
from models.rtt.measures import measure
from models.rtt.months import month_label, month_range
from models.rtt.waiting_list import STANDARD
from models.scenarios.presets import preset
from models.scenarios.scenario import read_scenario
from pages.parts.figures import BASELINE, INK, SCENARIO, Line, line_chart, show
from pages.parts.jobs import finished
from pages.parts.scope import linked, linked_choice
from questions.choice import offered, read_choice
from questions.outturn import Outturn as Asked
from questions.question import Question, canonical
from sim.reports.scenario_report import UNCHANGED
from sim.studies.outturn import SHARE, Outturn

EARLIER = 12  # months back that a forecast is offered from; before them too few flows are held
USUAL = 6  # months back at first
SAVED_THEN, MADE_ON = (
    "forecast",
    "made",
)  # of the link: a saved scenario, or a month that nothing changes from
LINKED = (SAVED_THEN, MADE_ON)
state = st.session_state


def show_outturn(store: Store, scope: str, place: str, held: Sequence[str]) -> None:
    """Draw the choice of a forecast made on earlier figures, kept in the link, and what came of it."""
    earlier = list(held[:-1])[-EARLIER:][::-1]
    if not earlier:
        st.markdown("#### Nothing has come yet")
        st.markdown(
            f"Only {month_label(held[-1])} is held. Import a later month on the Data page, and a forecast "
            "made on this one stands here beside what came."
        )
        return
    chosen, question = _choose(store, scope, held, earlier)
    watcher = state.setdefault("compare_watcher", uuid.uuid4().hex)
    answer = finished(store, Asked(question), watcher, "compare_back_stopped", "compare_back_cancel")
    if answer is None:
        return
    if not answer.months["waiting"]:
        st.info("No month that this run reaches has been published since.")
        return
    headline, further, *caution = answer.sentences
    published = trend(store, scope).rename(columns={"incomplete": "waiting"})
    title = question.scenario.title if chosen else UNCHANGED
    st.caption(f"{place} · {title} · forecast on the figures to {month_label(question.month)}")
    st.markdown(f"## {headline}")
    st.markdown(further)
    for sentence in caution:
        st.markdown(f":material/info: {sentence}")
    for name in ("waiting", SHARE, "over_52"):
        _draw(name, answer.months[name], published, question.month, title)


def _draw(name: str, since: Sequence[Outturn], published: pd.DataFrame, start: str, title: str) -> None:
    """Published months as a line up to the newest, the forecast with its band from its own month on."""
    share = name == SHARE
    shown = published[published["month"] <= since[-1].month]
    months = list(month_range(shown["month"].iloc[0], since[-1].month))
    values = 100 * shown["within_18"] / shown["waiting"] if share else shown[name]
    came = dict(zip(shown["month"], values, strict=True))
    expected: Mapping[str, tuple[float, float, float]] = {
        each.month: (each.expected.mean, each.expected.lower, each.expected.upper) for each in since
    } | {start: (came[start],) * 3}
    nothing = (float("nan"),) * 3
    mean, lower, upper = zip(*(expected.get(month, nothing) for month in months), strict=True)
    colour = BASELINE if title == UNCHANGED else SCENARIO
    at = months.index(start)
    table = pd.DataFrame(
        {
            "Month": [month_label(each.month) for each in since],
            "Published": [round(each.published, 1 if share else None) for each in since],
            "Expected": [round(each.expected.mean, 1 if share else None) for each in since],
            "80% from": [round(each.expected.lower, 1 if share else None) for each in since],
            "80% to": [round(each.expected.upper, 1 if share else None) for each in since],
            "Expected less published": [round(each.missed, 1 if share else None) for each in since],
            "Inside the range": ["yes" if each.inside else "no" for each in since],
        }
        | ({} if share else {"Off, %": [round(each.error, 1) for each in since]})
    )
    label = measure(name).label
    show(
        line_chart(
            months,
            [
                Line("expected", mean, colour, lower, upper, dash="dash"),
                Line("published", [came.get(month, float("nan")) for month in months], INK),
            ],
            percent=share,
            standard=100 * STANDARD.share if share else None,
            standard_label="Standard: 92%" if share else "",
            marks={months[at]: "forecast made"},
        ),
        title=f"{label}{', %' if share else ''}: expected and published",
        alt=f"{label} as expected on the figures to {month_label(start)} and as published to "
        f"{month_label(since[-1].month)}; inside the 80% range in {sum(each.inside for each in since)} of "
        f"{len(since)} months.",
        table=table,
        key=f"compare_back_{name}",
    )


def _choose(
    store: Store, scope: str, held_months: Sequence[str], earlier: Sequence[str]
) -> tuple[SavedScenario | None, Question]:
    """Draw which forecast, and on which figures it was made; gives the saved scenario chosen, and its run."""
    known = {token: choice.saved for token, choice in offered(store, scope).items() if choice.saved}
    token = linked(SAVED_THEN)
    with suppress(TandemError):  # an older version, or one deleted since, is known by its link alone
        if token and token not in known and (linked_to := read_choice(store, token).saved):
            known[token] = linked_to
    saved = {
        each: scenario
        for each, scenario in known.items()
        if scenario.scope == scope and scenario.data_month in held_months[:-1]
    }
    which, when = st.columns([3, 2], vertical_alignment="bottom")
    with which:
        chosen = linked_choice(
            SAVED_THEN,
            "Forecast",
            ["", *saved],
            "",
            key="compare_forecast",
            format_func=lambda each: _named(saved[each]) if each else f"{UNCHANGED}, from a month you choose",
            explain=lambda each: (
                f"No scenario is saved here as '{each[:40]}' on figures since followed by "
                "others. Shown is what was expected if nothing changed."
            ),
        )
    if chosen:
        st.query_params.pop(MADE_ON, None)
        return saved[chosen], _request_of(store, saved[chosen])
    usual = earlier[min(USUAL, len(earlier)) - 1]
    st.query_params.setdefault(MADE_ON, linked(MADE_ON) or usual)  # so that the link opens here
    st.query_params.pop(SAVED_THEN, None)
    with when:
        month = linked_choice(
            MADE_ON,
            "Made on the figures to",
            earlier,
            usual,
            format_func=month_label,
            key="compare_from",
            explain=lambda each: (
                f"No forecast is offered from '{each[:10]}'. Shown is one from {month_label(usual)}."
            ),
        )
    return None, Question(scope, month, edition(store, month), canonical(preset("baseline")), weeks=52)


def _named(saved: SavedScenario) -> str:
    return f"{saved.name}, saved on the figures to {month_label(saved.data_month)}"


def _request_of(store: Store, saved: SavedScenario) -> Question:
    return Question(
        saved.scope,
        saved.data_month,
        edition(store, saved.data_month),
        canonical(read_scenario(saved.document)),
        saved.weeks,
        saved.replications,
        saved.seed,
    )
