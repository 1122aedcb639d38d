"""`export`: a scenario's slides, workbook, printable page or scenario file, as the pages give them."""

import argparse
from dataclasses import replace
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

if TYPE_CHECKING:
    from commands.parts.opening import Commands

FORMATS = (*TABLES, ".yaml")


def add(commands: "Commands") -> None:
    """Add to the front door's commands."""
    parser = command(commands, "export", _export, "make slides, a workbook or a page to print of a scenario")
    parser.add_argument(
        "--board",
        default="QK1",
        metavar="CODE",
        help="a board's code, ENGLAND, or boards to run together, as QE1+QOP (QK1)",
    )
    parser.add_argument(
        "--scenario", default="baseline", metavar="NAME", help="a preset's name, or a .yaml or .json file"
    )
    add_run_options(parser)
    add_file_options(parser, FORMATS, required=True)


def _export(options: argparse.Namespace) -> int:
    from data.returns.equity import composition
    from data.returns.past_errors import error_said
    from data.returns.scope import scope_name
    from models.outcomes.cost import read_prices
    from models.pairing.default_pair import with_trusts
    from models.reports.report import joined
    from models.rtt.months import WEEKS_PER_MONTH, parse_month
    from models.scenarios.presets import baseline_for
    from questions.prepare import calibration
    from questions.scorecard import Judge
    from sim.reports.report_sections import equity_part
    from sim.reports.scenario_report import scenario_report

    check_files(options.out, FORMATS)
    prices = read_prices(options.price, "=")
    scenario = scenario_of(options.scenario)
    until = parse_month(options.until) if options.until else None
    with open_store(options) as store:
        found = calibration(store, options.board, scenario, until)
        place = scope_name(store, found.scope)
        judge = Judge.of(store, found) if options.scorecard else None
        everyone = composition(store, found) if options.equity else None
    scenario = with_trusts(scenario, found)
    baseline = ran(found, baseline_for(scenario), options, "Simulating if nothing changes")
    changed = replace(baseline, results=replace(baseline.results, document=scenario.document()))
    if scenario.levers:
        changed = ran(found, scenario, options, "Simulating the scenario")
    missed = error_said(found.scope, options.weeks / WEEKS_PER_MONTH)
    taken = scenario_report(changed.results, baseline.results, place, PRODUCT_VERSION, missed, prices)
    followed = [by_class(found, everyone, scenario, options, "Following who waits")] if everyone else []
    if judge:
        taken = joined(taken, [judge.part([(taken.title, changed, baseline)], followed)])
    if followed:
        taken = joined(taken, [equity_part([(taken.title, *followed[0])])])
    print(taken.headline)
    write_files(taken, options, scenario.document())
    return 0
