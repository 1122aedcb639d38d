"""A forecast made on earlier figures, laid over what was published since, on the Compare page."""

import uuid
from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from data.edition import edition
from data.lists import trend
from data.scenarios import SavedScenario, saved_scenarios
from data.store import Store
from models.measures import measure
from models.months import month_label, month_range
from models.presets import preset
from models.scenario import read_scenario
from models.waiting_list import STANDARD
from pages.parts.figures import BASELINE, INK, SCENARIO, Line, line_chart, show
from pages.parts.lab_link import Request, canonical
from pages.parts.lab_studies import watch
from pages.parts.runs import desk
from sim.outturn import SHARE, Outturn, outturn, outturn_said
from sim.takeaway import UNCHANGED

EARLIER = 12  # months back that a forecast is offered from; before them too few flows are held
USUAL = 6  # months back at first
state = st.session_state


def show_outturn(store: Store, scope: str, place: str, held: Sequence[str]) -> None:
    """Draw the choice of a forecast made on earlier figures, and what came of it."""
    since = [each for each in saved_scenarios(store, scope) if each.data_month < held[-1]]
    saved = {each.id: each for each in since if each.data_month in held}
    earlier = list(held[:-1])[-EARLIER:][::-1]
    if not earlier:
        st.markdown("#### Nothing has come yet")
        st.markdown(
            f"Only {month_label(held[-1])} is held. Import a later month on the Data page, and a forecast "
            "made on this one stands here beside what came."
        )
        return
    which, when = st.columns([3, 2], vertical_alignment="bottom")
    chosen = which.selectbox(
        "Forecast", ["", *saved], key="compare_forecast",
        format_func=lambda each: _named(saved[each]) if each else f"{UNCHANGED}, from a month you choose",
    )  # fmt: skip
    if chosen:
        request = _request_of(store, saved[chosen])
    else:
        month = when.selectbox(
            "Made on the figures to", earlier, min(USUAL, len(earlier)) - 1, format_func=month_label,
            key="compare_from",
        )  # fmt: skip
        request = Request(scope, month, edition(store, month), canonical(preset("baseline")), weeks=52)
    watcher = state.setdefault("compare_watcher", uuid.uuid4().hex)
    if state.get("compare_back_stopped") == request.digest:
        st.warning("The run was stopped before it was done.")
        st.button("Run again", on_click=lambda: state.pop("compare_back_stopped"), key="compare_back_again")
        return
    job = desk().ask(store, request, watcher)
    job.done.wait(0.05)
    if not job.done.is_set():

        def stop() -> None:
            state["compare_back_stopped"] = request.digest
            desk().cancel(job, watcher)

        watch(job, stop, "compare_back_cancel")
        return
    if job.fault:
        st.error(f"{job.fault.message}\n\n**What to do:** {job.fault.remedy}")
        return
    assert job.comparison is not None
    published = trend(store, scope).rename(columns={"incomplete": "waiting"})
    rows = published[["month", "waiting", "within_18", "over_52"]].to_dict("records")
    found = outturn(job.comparison.scenario.results, rows)
    if not found["waiting"]:
        st.info("No month that this run reaches has been published since.")
        return
    headline, further = outturn_said(found)
    title = request.scenario.title if chosen else UNCHANGED
    st.caption(f"{place} · {title} · forecast on the figures to {month_label(request.month)}")
    st.markdown(f"## {headline}")
    st.markdown(further)
    if chosen and request.scenario.levers:
        st.markdown(
            ":material/info: A miss is of the forecast and of the scenario together: what came may have come "
            "without the levers that this scenario pulls."
        )
    for name in ("waiting", SHARE, "over_52"):
        _draw(name, found[name], published, request.month, title)


def _draw(name: str, found: Sequence[Outturn], published: pd.DataFrame, start: str, title: str) -> None:
    """Published months as a line up to the newest, the forecast with its band from its own month on."""
    share = name == SHARE
    shown = published[published["month"] <= found[-1].month]
    months = list(month_range(shown["month"].iloc[0], found[-1].month))
    values = 100 * shown["within_18"] / shown["waiting"] if share else shown[name]
    came = dict(zip(shown["month"], values, strict=True))
    expected: Mapping[str, tuple[float, float, float]] = {
        each.month: (each.expected.mean, each.expected.lower, each.expected.upper) for each in found
    } | {start: (came[start],) * 3}
    nothing = (float("nan"),) * 3
    mean, lower, upper = zip(*(expected.get(month, nothing) for month in months), strict=True)
    colour = BASELINE if title == UNCHANGED else SCENARIO
    at = months.index(start)
    table = pd.DataFrame(
        {
            "Month": [month_label(each.month) for each in found],
            "Published": [round(each.published, 1 if share else None) for each in found],
            "Expected": [round(each.expected.mean, 1 if share else None) for each in found],
            "80% from": [round(each.expected.lower, 1 if share else None) for each in found],
            "80% to": [round(each.expected.upper, 1 if share else None) for each in found],
            "Expected less published": [round(each.missed, 1 if share else None) for each in found],
            "Inside the range": ["yes" if each.inside else "no" for each in found],
        }
        | ({} if share else {"Off, %": [round(each.error, 1) for each in found]})
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
        f"{month_label(found[-1].month)}; inside the 80% range in {sum(each.inside for each in found)} of "
        f"{len(found)} months.",
        table=table,
        key=f"compare_back_{name}",
    )


def _named(saved: SavedScenario) -> str:
    return f"{saved.name}, saved on the figures to {month_label(saved.data_month)}"


def _request_of(store: Store, saved: SavedScenario) -> Request:
    return Request(
        saved.scope, saved.data_month, edition(store, saved.data_month),
        canonical(read_scenario(saved.document)), saved.weeks, saved.replications, saved.seed,
    )  # fmt: skip
