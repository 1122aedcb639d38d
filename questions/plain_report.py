"""The report of an answer that is sentences and tables."""

from collections.abc import Mapping, Sequence
from typing import Any

from data.database.version import PRODUCT_VERSION
from models.reports.report import Message, Report, Sheet
from models.rtt.months import month_label
from questions.question import Question
from sim.reports.scenario_report import CAVEATS, assumptions_said, levers_said


def plain_report(
    question: Question, place: str, sentences: Sequence[str], sheets: Sequence[Sheet] = ()
) -> Report:
    """The report of a question about `place`, in words: its first sentence leads, the others follow."""
    scenario = question.scenario
    return Report(
        title=scenario.title or scenario.name,
        place=place,
        data_month=month_label(question.month),
        headline=sentences[0],
        messages=(Message(sentences[0], points=tuple(sentences[1:])),),
        sheets=tuple(sheets),
        about=basis(question, place),
        caveats=CAVEATS,
        labels=("Estimated by simulation",),
    )


def basis(question: Question, place: str) -> dict[str, str]:
    """What makes an answer again and what it rests on, in words by label, as every export prints it."""
    scenario = question.scenario
    return {
        "Board": f"{place} ({question.scope})",
        "Scenario": f"{scenario.title or scenario.name}: {scenario.description}".strip(": "),
        "Levers": levers_said(scenario),
        "Assumptions changed from default": assumptions_said(scenario),
        "Figures to": month_label(question.month),
        "Weeks ahead": f"{question.weeks}",
        "Simulated futures": f"{question.replications}",
        "Seed": f"{question.seed}",
        "Tandem": PRODUCT_VERSION,
        "Source": "RTT waiting times, NHS England, Open Government Licence v3.0",
    }


def about(question: Question, document: Mapping[str, Any] | None = None) -> dict[str, object]:
    """The same as values by name, as a table's file carries them; `document`: the scenario as it ran."""
    return {
        "scope": question.scope,
        "scenario": dict(document) if document else question.scenario.document(),
        "data_month": question.month,
        "seed": question.seed,
        "weeks": question.weeks,
        "replications": question.replications,
        "version": PRODUCT_VERSION,
    }
