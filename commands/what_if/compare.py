"""`compare`: up to five scenarios and the baseline side by side, on the same random numbers."""

import argparse
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from commands.parts.opening import command, open_store, scenario_of
from commands.parts.taking_away import (
    TABLES,
    add_file_options,
    add_run_options,
    by_class,
    check_files,
    ran,
    write_files,
)
from data.database.version import PRODUCT_VERSION
from models.errors import TandemError

if TYPE_CHECKING:
    from commands.parts.opening import Commands
    from models.calibration.rates import Calibration
    from models.outcomes.cost import Prices
    from models.scenarios.scenario import Scenario
    from sim.reports.scorecard import Run
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
    from data.returns.calibrations import england_history
    from data.returns.equity import composition
    from data.returns.past_errors import error_said
    from data.returns.scope import scope_name
    from models.outcomes.cost import read_prices
    from models.pairing.default_pair import with_trusts
    from models.reports.report import joined
    from models.rtt.months import WEEKS_PER_MONTH, parse_month
    from questions.prepare import calibration
    from questions.scorecard import Judge
    from sim.reports.comparison_report import MOST, comparison_report
    from sim.reports.report_sections import equity_part
    from sim.reports.side_by_side import Column

    check_files(options.out, TABLES)
    prices = read_prices(options.price, "=")
    if len(options.scenario) > MOST:
        raise TandemError(
            f"{len(options.scenario)} scenarios were named.", f"Name up to {MOST}: more can't be told apart."
        )
    scenarios = [scenario_of(name) for name in options.scenario]
    until = parse_month(options.until) if options.until else None
    with open_store(options) as store:
        england = england_history(store, until)
        found = [calibration(store, options.board, scenario, until, england) for scenario in scenarios]
        place = scope_name(store, found[0].scope)
        judge = Judge.of(store, found[0]) if options.scorecard else None
        everyone = [composition(store, each) for each in found] if options.equity else []
    runs = _runs(scenarios, found, options)
    columns = [Column(title, run.results, baseline.results) for title, run, baseline in runs]
    print("\n".join(_said(columns, place, prices)))
    missed = error_said(found[0].scope, options.weeks / WEEKS_PER_MONTH)
    taken = comparison_report(columns, place, PRODUCT_VERSION, prices, missed)
    followed = [
        by_class(rates, people, with_trusts(scenario, rates), options, f"Following who waits: {title}")
        for rates, people, scenario, (title, *_) in zip(found, everyone, scenarios, runs, strict=False)
    ]
    parts = [judge.part(runs, followed)] if judge else []
    if followed:
        parts.append(equity_part([(title, *pair) for (title, *_), pair in zip(runs, followed, strict=True)]))
    taken = joined(taken, parts)
    for part in parts:
        for message in part.messages:
            print("\n  ".join((message.sentence, *message.points)))
    print(missed)
    write_files(taken, options, {})
    return 0


def _runs(
    scenarios: "Sequence[Scenario]", found: "Sequence[Calibration]", options: argparse.Namespace
) -> "list[tuple[str, Run, Run]]":
    """Each scenario's title, its run and its baseline's, which scenarios of one world share."""
    from models.pairing.default_pair import with_trusts
    from models.scenarios.presets import baseline_for
    from sim.reports.scenario_report import numbered

    known: list[tuple[Scenario, Run]] = []
    done = []
    titles = numbered([scenario.title for scenario in scenarios])
    for title, scenario, rates in zip(titles, scenarios, found, strict=True):
        whole = with_trusts(scenario, rates)
        unchanged = baseline_for(whole)
        baseline = next((run for each, run in known if each == unchanged), None)
        if baseline is None:
            baseline = ran(rates, unchanged, options, "Simulating if nothing changes")
            known.append((unchanged, baseline))
        done.append((title, ran(rates, whole, options, f"Simulating {title}"), baseline))
    return done


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
        said = cost_message(columns, prices)
        yield f"{said.sentence} ({prices.said()})"
        yield from (f"  {point}" for point in said.points)


def _rows(outcome: "Outcome", columns: "Sequence[Column]") -> Iterator[str]:
    """One outcome: the baseline, then each scenario with its difference."""
    from models.statements import Interval
    from sim.reports.scenario_report import UNCHANGED
    from sim.runs.results import band

    def between(found: Interval) -> str:
        if found.mean != found.mean:  # no outpatient appointment at all
            return "none"
        ends = f"{outcome.form(found.lower)} to {outcome.form(found.upper)}"
        return f"{outcome.form(found.mean)} ({ends})"

    yield f"{outcome.label}"
    width = max(len(title) for title in (UNCHANGED, *(column.title for column in columns)))
    yield f"  {UNCHANGED:<{width}}  {between(Interval.of(band(outcome.values(columns[0].baseline))))}"
    for column in columns:
        change, better = column.change(outcome), column.is_better(outcome)
        ends = f"{outcome.form_change(change.lower)} to {outcome.form_change(change.upper)}"
        moved = "" if change.mean != change.mean else f"  {outcome.form_change(change.mean)} ({ends})"
        mark = {True: " better", False: " worse", None: ""}[better]
        yield f"  {column.title:<{width}}  {between(column.end(outcome)):<28}{moved}{mark}"
