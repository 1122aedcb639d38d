"""`outturn`: a forecast made on earlier figures, or a saved scenario, beside what was published since."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from commands.parts.asking import answer_to, check_table, write_table
from commands.parts.opening import command, open_store, scenario_of
from data.database.version import PRODUCT_VERSION
from models.errors import TandemError

if TYPE_CHECKING:
    from commands.parts.opening import Commands
    from data.database.store import Store
    from data.saved.scenarios import SavedScenario
    from models.rtt.measures import Measure
    from questions.question import Question
    from sim.studies.outturn import Outturn

WEEKS = 52


def add(commands: "Commands") -> None:
    """Add to the front door's commands."""
    parser = command(commands, "outturn", _outturn, "set an earlier forecast beside what was published since")
    parser.add_argument(
        "--board",
        default="QK1",
        metavar="CODE",
        help="a board's code, ENGLAND, or boards to run together, as QE1+QOP (QK1)",
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--scenario",
        default="baseline",
        metavar="NAME",
        help="a preset's name, or a .yaml or .json file (baseline: nothing changes)",
    )
    which.add_argument("--saved", metavar="NAME", help="a scenario saved for the board, as it was run then")
    parser.add_argument(
        "--train-to", metavar="YYYY-MM", help="the newest figures the forecast may know; not for --saved"
    )
    parser.add_argument("--replications", type=int, default=30, help="how many futures to draw (30)")
    parser.add_argument("--seed", type=int, default=1, help="equal seeds give equal results (1)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write every month: .csv or .parquet")


def _outturn(options: argparse.Namespace) -> int:
    from models.rtt.measures import measure
    from models.rtt.months import month_label
    from questions.outturn import Outturn
    from questions.plain_report import about

    check_table(options.out)
    if bool(options.saved) == bool(options.train_to):
        raise TandemError(
            "It is not said which forecast." if not options.saved else "A saved scenario has its own month.",
            "Give --train-to YYYY-MM for a new forecast, or --saved NAME alone.",
        )
    with open_store(options) as store:
        question = _question(store, options)
        answer = answer_to(store, Outturn(question), "Simulating")
    print(
        f"{question.scope}, {question.scenario.name}, forecast on the figures to "
        f"{month_label(question.month)}, seed {question.seed}, {question.replications} replications, "
        f"Tandem {PRODUCT_VERSION}"
    )
    print("\n".join(answer.sentences))
    for name, months in answer.months.items():
        print(f"{measure(name).label}: published, expected with its 80% range, expected less published")
        print("\n".join(_row(each, measure(name)) for each in months))
    write_table([answer.frame()], options.out, about(question))
    return 0


def _question(store: "Store", options: argparse.Namespace) -> "Question":
    """What is forecast, on the very month that is named; raises TandemError where that is not held."""
    from data.returns.lists import months
    from data.returns.scope import scope_code
    from models.rtt.months import parse_month
    from models.scenarios.scenario import read_scenario
    from questions.outturn import nothing_since
    from questions.question import Question

    options.weeks, scope = WEEKS, scope_code(store, options.board)
    if options.saved:
        saved = _saved(store, scope, options.saved)
        scenario, until = read_scenario(saved.document), saved.data_month
        options.weeks, options.replications, options.seed = saved.weeks, saved.replications, saved.seed
    else:
        scenario, until = scenario_of(options.scenario), parse_month(options.train_to)
    held_months = months(store)
    if until not in held_months:
        raise nothing_since(until, held_months[-1])
    run = (options.weeks, options.replications, options.seed)
    return Question.of(store, scope, scenario, until, *run)


def _row(month: "Outturn", of: "Measure") -> str:
    from models.rtt.months import month_label

    unit = "%" if of.is_share else ""
    expected, lower, upper = (
        of.form(value) + unit for value in (month.expected.mean, month.expected.lower, month.expected.upper)
    )
    off = f"{month.missed:+.1f} points" if of.is_share else f"{month.error:+.1f}%"
    return (
        f"  {month_label(month.month):<15} published {of.form(month.published)}{unit}, expected {expected} "
        f"({lower} to {upper}), off {off.replace('-', '−')}, {'inside' if month.inside else 'outside'}"
    )


def _saved(store: "Store", scope: str, name: str) -> "SavedScenario":
    from data.saved.scenarios import saved_scenarios

    offered = saved_scenarios(store, scope)
    for saved in offered:
        if saved.name.casefold() == name.casefold():
            return saved
    raise TandemError(
        f"No scenario is saved for {scope} as '{name}'.",
        f"Saved are: {', '.join(saved.name for saved in offered)}."
        if offered
        else "Save one in the scenario lab.",
    )
