"""`scorecard`: hold a scenario against the ten expectations, and say what it changes in travel."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from commands.parts.asking import answer_to, check_table, heading, question_of, write_table
from commands.parts.opening import command, open_store, scenario_of
from commands.parts.taking_away import add_run_options

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
    from models.outcomes.expectations import read_targets, target_parts
    from models.outcomes.scorecard import sheet
    from models.outcomes.travel import read_carbon
    from models.scenarios.assumptions import resolve
    from questions.plain_report import about
    from questions.scorecard import Scorecard

    scenario, own = scenario_of(options.scenario), read_targets(options.target)
    carbon = read_carbon(options.carbon, resolve(scenario.assumptions)["carbon_a_mile"])
    check_table(options.out)
    with open_store(options) as store:
        asked = Scorecard(question_of(store, options, scenario), own, carbon, by_class=options.equity)
        answer = answer_to(store, asked, "Simulating")
    print(heading(asked.question))
    print("\n".join(answer.card.sentences))
    print("\n".join(answer.travel.sentences))
    whole = about(asked.question, answer.lab.scenario.document)
    version = whole.pop("version")
    whole |= {"targets": list(target_parts(asked.targets)), "carbon_a_mile": carbon, "version": version}
    write_table([sheet([answer.card]).frame], options.out, whole)
    return 0
