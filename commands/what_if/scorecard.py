"""`scorecard`: hold a scenario against the ten expectations, and say what it changes in travel."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from commands.parts.opening import command, open_store, scenario_of
from commands.parts.taking_away import add_run_options, by_class, ran
from data.database.version import PRODUCT_VERSION

if TYPE_CHECKING:
    from commands.parts.opening import Commands


def add(commands: "Commands") -> None:
    """Add to the front door's commands."""
    parser = command(commands, "scorecard", _scorecard, "hold a scenario against the ten expectations")
    parser.add_argument("--board", default="QK1", metavar="CODE", help="a board's code, or ENGLAND (QK1)")
    parser.add_argument(
        "--scenario", default="baseline", metavar="NAME", help="a preset's name, or a .yaml or .json file"
    )
    parser.add_argument(
        "--target",
        action="append",
        default=[],
        metavar="NAME=LEVEL@YYYY-MM",
        help="ask for another level by another month, such as virtual-by-default=60@2026-06; LEVEL 'better' "
        "asks only for better than if nothing changed; can be given for each expectation with a measure",
    )
    parser.add_argument(
        "--carbon", default="", metavar="KG", help="kg CO2e a mile by car, or none (default: the scenario's)"
    )
    add_run_options(parser)
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help="write a row for each expectation: .parquet or .csv"
    )


def _scorecard(options: argparse.Namespace) -> int:
    from data.returns.equity import composition
    from data.writers.exports import check_format, write_results
    from models.outcomes.expectations import last_whole_month, read_targets, target_parts, usual_targets
    from models.outcomes.scorecard import sheet
    from models.outcomes.travel import read_carbon
    from models.pairing.default_pair import with_trusts
    from models.rtt.months import month_label, parse_month
    from models.scenarios.assumptions import resolve
    from models.scenarios.presets import baseline_for
    from questions.prepare import calibration
    from questions.scorecard import Judge
    from sim.reports.scorecard import Distances, gap_reading, score, travel, weeks_to

    scenario, own = scenario_of(options.scenario), read_targets(options.target)
    carbon = read_carbon(options.carbon, resolve(scenario.assumptions)["carbon_a_mile"])
    until = parse_month(options.until) if options.until else None
    if options.out:
        check_format(options.out)
    with open_store(options) as store:
        found = calibration(store, options.board, scenario, until)
        judge = Judge.of(store, found)
        everyone = composition(store, found) if options.equity else None
    scenario = with_trusts(scenario, found)
    title = scenario.title or scenario.name
    with_it = ran(found, scenario, options, "Simulating the scenario")
    without = ran(found, baseline_for(scenario), options, "Simulating its baseline")
    distances = Distances(judge.miles, carbon)
    targets = usual_targets(found.data_month, last_whole_month(found.data_month, options.weeks)) | own
    gap = None
    if everyone:
        followed = by_class(found, everyone, scenario, options, "Following who waits")
        weeks = weeks_to(found.data_month, options.weeks, targets["equitable-care"].month)
        gap = gap_reading(*followed, weeks)
    card = score(title, with_it, without, targets, distances, judge.milestones, gap)
    print(
        f"{found.scope}, {scenario.name}, figures of {month_label(found.data_month)}, seed {options.seed}, "
        f"{options.replications:,} replications, Tandem {PRODUCT_VERSION}"
    )
    print("\n".join(card.sentences))
    print("\n".join(travel(title, with_it, without, distances, judge.names).sentences))
    if options.out:
        about = {
            "scope": found.scope,
            "scenario": scenario.document(),
            "data_month": found.data_month,
            "seed": options.seed,
            "weeks": options.weeks,
            "replications": options.replications,
            "targets": list(target_parts(targets)),
            "carbon_a_mile": carbon,
            "version": PRODUCT_VERSION,
        }
        rows = write_results([sheet([card]).frame], options.out, about)
        print(f"{rows:,} rows written to {options.out}")
    return 0
