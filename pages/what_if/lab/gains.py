"""Who gains and who loses in the lab: by specialty and by provider, as small multiples, worst first."""

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import pandas as pd
import streamlit as st

from models.rtt.measures import measure as measure_called
from models.rtt.treatment_functions import name_of
from models.statements import Interval
from pages.parts.figures import BASELINE, SCENARIO, SHORT, Line, bar_chart, line_chart, show
from pages.parts.figures.multiples import Panel, small_multiples
from pages.parts.numbers import NOTHING_CHANGED, columns_of
from questions.lab import LabAnswer
from sim.observers.groups import Groups, grouped, worst_first
from sim.reports.scenario_report import UNCHANGED
from sim.runs.comparison import changes_by_treatment_function, end_month
from sim.runs.results import Results, band

By = Literal["specialty", "provider"]
AT_MOST = 12  # panels before "show all"
IN_ALL = 60  # panels that a browser draws at ease; a table has the rest
BY: Mapping[By, str] = {"specialty": "By specialty", "provider": "By provider"}
MANY: Mapping[By, str] = {"specialty": "specialties", "provider": "providers"}
MEASURES = {
    "waiting": "List",
    "share_within_18": "Within 18 weeks",
    "over_52": "Over 52 weeks",
    "over_65": "Over 65 weeks",
}


def show_gains(lab: LabAnswer, names: dict[str, str]) -> None:
    """Draw who gains and loses; `names` are the providers' by code."""
    comparison, title = lab.comparison, lab.title
    if lab.unchanged:
        st.info(NOTHING_CHANGED)
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        by: By = st.segmented_control(
            "Shown",
            list(BY),
            format_func=lambda each: BY[each],
            default="specialty",
            required=True,
            key="gains_by",
            label_visibility="collapsed",
        )
        name = st.segmented_control(
            "Measure",
            list(MEASURES),
            format_func=MEASURES.__getitem__,
            default="waiting",
            required=True,
            key="gains_measure",
            label_visibility="collapsed",
        )
    if by == "specialty":
        both = [
            grouped(each.results, "treatment_functions")
            for each in (comparison.scenario, comparison.baseline)
        ]
        called = {code: name_of(code) for code in both[0].names}
    else:
        both = [comparison.scenario.providers, comparison.baseline.providers]
        called = {code: names.get(code, code) for code in both[0].names}
    alone = st.selectbox(
        "Only",
        [None, *sorted(called, key=called.__getitem__)],
        key=f"gains_only_{by}",
        format_func=lambda code: called[code] if code else f"All {MANY[by]}, worst first",
        label_visibility="collapsed",
    )
    if alone is not None:
        show_one(both[0], both[1], alone, called[alone], name, title)
        return
    show_multiples(both[0], both[1], called, by, name, title)
    if by == "specialty" and name == "waiting":
        _show_functions(lab)


def show_multiples(
    scenario: Groups, baseline: Groups, called: dict[str, str], by: By, name: str, title: str
) -> None:
    """Draw a panel a group, worst first: the difference for counts, both lines for the share."""
    order = worst_first(scenario, baseline, name)
    many = MANY[by]
    wanted = min(len(order), AT_MOST)
    if len(order) > AT_MOST:
        most = min(len(order), IN_ALL)
        every = f"Show all {most} {many}" if most == len(order) else f"Show the first {most} of {len(order)}"
        if st.toggle(every, key=f"gains_all_{by}"):
            wanted = most
    days = [each.item() for each in scenario.week_ends]
    share = name == "share_within_18"
    panels = [_panel(scenario, baseline, place, called, name, title) for place in order[:wanted]]
    heading = (
        f"Within 18 weeks, %: {UNCHANGED.lower()} (grey) and {title} (blue)"
        if share
        else f"{_noun(name)} more (above zero) or fewer (below) than if nothing changed, with 80% band"
    )
    show(
        small_multiples(days, panels, percent=share, signed=not share),
        title=f"{heading}, worst first",
        alt=_said(panels, many),
        table=_table(scenario, baseline, order, called, name, by),
        key=f"lab_gains_{by}_{name}",
    )


def show_one(scenario: Groups, baseline: Groups, code: str, called: str, name: str, title: str) -> None:
    """Draw one specialty's or provider's list under both, with its change in a sentence."""
    place, share = scenario.names.index(code), name == "share_within_18"
    end, without = (np.nan_to_num(each.values(name)[:, place]) for each in (scenario, baseline))
    change = measure_called(name).say_change(Interval.of(band((end - without)[:, -1])))
    month = f"{scenario.week_ends[-1].item():%B %Y}"
    sentence = f"{called}, {month}: {change}."
    st.markdown(f"#### {sentence}")
    days, lines = [each.item() for each in scenario.week_ends], []
    columns: dict[str, object] = {}
    for label, values, colour in ((UNCHANGED, without, BASELINE), (title, end, SCENARIO)):
        outcome = band(values)
        lines.append(Line(label, outcome.mean, colour, outcome.lower, outcome.upper))
        columns |= columns_of(label, outcome, 1 if share else 0)
    show(
        line_chart(days, lines, percent=share),
        title=f"{'Share within 18 weeks, %' if share else _noun(name)}: {called}",
        alt=sentence,
        table=pd.DataFrame({"Week ending": days} | columns),
        key=f"lab_one_{name}",
    )


def _panel(
    scenario: Groups, baseline: Groups, place: int, called: dict[str, str], name: str, title: str
) -> Panel:
    end, without = (each.values(name)[:, place] for each in (scenario, baseline))
    words = _change_in_words(Interval.of(band(np.nan_to_num(end - without)[:, -1])), name)
    if name == "share_within_18":
        lines = tuple(
            Line(label, np.nanmean(values, axis=0) if np.isfinite(values).any() else values[0], colour)
            for label, values, colour in ((UNCHANGED, without, BASELINE), (title, end, SCENARIO))
        )
    else:
        change = band(end - without)
        worse = float(change.mean[-1]) > 0
        lines = (Line(title, change.mean, SHORT if worse else SCENARIO, change.lower, change.upper),)
    return Panel(called[scenario.names[place]], words, lines)


def _change_in_words(change: Interval, name: str) -> str:
    """A change as it fits above a panel, whose band says how sure it is: '1,240 fewer', '2.1 points more'."""
    whole = measure_called(name).say_change(change).partition(" (")[0]
    if "no clear difference" in whole:
        return "No clear difference"
    phrase = measure_called(name).phrase
    return whole.replace(f" {phrase}", "").replace("as many", "No difference")


def _noun(name: str) -> str:
    return "Pathways" if name == "waiting" else f"Pathways {measure_called(name).phrase}"


def _said(panels: Sequence[Panel], many: str) -> str:
    first = [f"{panel.title}: {panel.words}" for panel in panels[:3]]
    return f"Of {len(panels)} {many}, the worst first. {'; '.join(first)}."


def _table(
    scenario: Groups, baseline: Groups, order: Sequence[int], called: dict[str, str], name: str, by: str
) -> pd.DataFrame:
    end, without = (each.values(name)[:, :, -1] for each in (scenario, baseline))
    opening, decimals = scenario.opening_values(name), 1 if name == "share_within_18" else 0
    change = band(np.nan_to_num(end - without))

    def shown(values: np.ndarray) -> list[float]:
        rounded = np.round(np.nan_to_num(values)[list(order)], decimals)
        return [float(each) if decimals else int(each) for each in rounded]

    return pd.DataFrame(
        {
            by.capitalize(): [called[scenario.names[place]] for place in order],
            "Now": shown(opening),
            UNCHANGED: shown(np.nan_to_num(without).mean(axis=0)),
            "Scenario": shown(np.nan_to_num(end).mean(axis=0)),
            "Difference": shown(change.mean),
            "80% from": shown(change.lower),
            "80% to": shown(change.upper),
        }
    )


def _show_functions(lab: LabAnswer) -> None:
    scenario, baseline = lab.scenario, lab.baseline
    change = changes_by_treatment_function(scenario, baseline)
    admission = changes_by_treatment_function(scenario, baseline, "waiting_admission")
    names, month = [name_of(code) for code in change], end_month(scenario)
    figure = bar_chart(
        names,
        [round(each.mean) for each in change.values()],
        colours=[SHORT if each.mean > 0 else SCENARIO for each in change.values()],
        lower=[min(each.lower, round(each.mean)) for each in change.values()],
        upper=[max(each.upper, round(each.mean)) for each in change.values()],
    )
    table = pd.DataFrame(
        [
            {
                "Specialty": name_of(code),
                "Waiting now": scenario.opening_value("waiting", scenario.chosen(None, [code])),
                UNCHANGED: _at_end(baseline, code),
                "Scenario": _at_end(scenario, code),
                "Difference": round(each.mean),
                "80% from": round(each.lower),
                "80% to": round(each.upper),
                "Of it, waiting for admission": round(admission[code].mean),
            }
            for code, each in change.items()
        ]
    )
    show(
        figure,
        title=f"Pathways more (orange) or fewer (blue) than if nothing changed, {month}, with 80% range",
        alt=" ".join((*lab.statements.losses, *lab.statements.gains)),
        table=table,
        key="lab_functions",
    )


def _at_end(results: Results, code: str) -> int:
    return round(results.total("waiting", results.chosen(None, [code]))[:, -1].mean())
