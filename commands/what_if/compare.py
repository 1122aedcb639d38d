"""`compare`: up to five scenarios and the baseline side by side, on the same random numbers."""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from commands.parts.asking import answer_to, question_of
from commands.parts.opening import command, open_store, scenario_of
from commands.parts.taking_away import TABLES, add_file_options, add_run_options, check_files, write_files
from data.database.version import PRODUCT_VERSION

if TYPE_CHECKING:
    from commands.parts.opening import Commands
    from models.outcomes.cost import Prices
    from sim.reports.side_by_side import Column, Outcome


def add(commands: "Commands") -> None:
    """Add to the front door's commands."""
    parser = command(commands, "compare", _compare, "set up to five scenarios and the baseline side by side")
    parser.add_argument(
        "--board",
        default="QK1",
        metavar="CODE",
        help="a board's code, ENGLAND, or boards to run together, as QE1+QOP (QK1)",
    )
    parser.add_argument(
        "--scenario",
        action="append",
        required=True,
        metavar="NAME",
        help="a preset's name, or a .yaml or .json file; given once for each, up to five",
    )
    add_run_options(parser)
    add_file_options(parser, TABLES)


def _compare(options: argparse.Namespace) -> int:
    from models.outcomes.cost import read_prices
    from questions.compare import Compare
    from questions.scorecard import usual

    check_files(options.out, TABLES)
    prices = read_prices(options.price, "=")
    scenarios = [scenario_of(name) for name in options.scenario]
    with open_store(options) as store:
        questions = tuple(question_of(store, options, scenario) for scenario in scenarios)
        cards = tuple(map(usual, questions)) if options.scorecard else ()
        answer = answer_to(store, Compare(questions, cards, options.equity), "Simulating")
    answer = replace(answer, equity=tuple(each.compared for each in answer.equity if each))
    first = answer.answers[0]
    print("\n".join(_said(answer.columns, first.place, prices)))
    for message in answer.part().messages:
        print("\n  ".join((message.sentence, *message.points)))
    print(first.past_error)
    write_files(answer.report(prices), options, {})
    return 0


def _said(columns: "Sequence[Column]", place: str, prices: "Prices") -> Iterator[str]:
    """The answer, every outcome of every scenario with its range and difference, and the costs."""
    from models.rtt.months import month_label
    from sim.reports.costs import cost_message
    from sim.reports.side_by_side import OUTCOMES, also_said, best_said
    from sim.runs.comparison import end_month

    first = columns[0].scenario
    yield (
        f"{place} ({first.scope}), figures of {month_label(first.data_month)}, seed {first.seed}, "
        f"{first.replications} replications, Tandem {PRODUCT_VERSION}"
    )
    yield best_said(columns)
    yield from also_said(columns)
    yield f"In {end_month(first)}, with 80% ranges; differences are taken future by future:"
    for outcome in OUTCOMES.values():
        yield from _rows(outcome, columns)
    yield "Better or worse than if nothing changed"
    yield from (f"  {column.title}: {column.scorecard()}" for column in columns)
    if prices.given():
        cost = cost_message(columns, prices)
        yield f"{cost.sentence} ({prices.said()})"
        yield from (f"  {point}" for point in cost.points)


def _rows(outcome: "Outcome", columns: "Sequence[Column]") -> Iterator[str]:
    """One outcome: the baseline, then each scenario with its difference."""
    from models.statements import Interval
    from sim.reports.scenario_report import UNCHANGED
    from sim.runs.results import band

    def between(interval: Interval) -> str:
        if interval.mean != interval.mean:  # no outpatient appointment at all
            return "none"
        ends = f"{outcome.form(interval.lower)} to {outcome.form(interval.upper)}"
        return f"{outcome.form(interval.mean)} ({ends})"

    yield f"{outcome.label}"
    width = max(len(title) for title in (UNCHANGED, *(column.title for column in columns)))
    yield f"  {UNCHANGED:<{width}}  {between(Interval.of(band(outcome.values(columns[0].baseline))))}"
    for column in columns:
        change, better = column.change(outcome), column.is_better(outcome)
        ends = f"{outcome.form_change(change.lower)} to {outcome.form_change(change.upper)}"
        moved = "" if change.mean != change.mean else f"  {outcome.form_change(change.mean)} ({ends})"
        mark = {True: " better", False: " worse", None: ""}[better]
        yield f"  {column.title:<{width}}  {between(column.end(outcome)):<28}{moved}{mark}"
