"""`outturn`: a forecast made on earlier figures, or a saved scenario, beside what was published since."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from commands.parts.opening import command, open_store, scenario_of
from commands.parts.taking_away import ran
from data.database.version import PRODUCT_VERSION
from models.errors import TandemError

if TYPE_CHECKING:
    from commands.parts.opening import Commands
    from data.database.store import Store
    from data.saved.scenarios import SavedScenario
    from models.rtt.measures import Measure
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
    from data.returns.lists import trend
    from data.returns.scope import scope_code
    from data.writers.exports import check_format, write_results
    from models.pairing.default_pair import with_trusts
    from models.rtt.measures import measure
    from models.rtt.months import month_label, parse_month
    from models.scenarios.scenario import read_scenario
    from questions.prepare import calibration
    from sim.studies.outturn import MISSED_TOGETHER, outturn, outturn_frame, outturn_said

    if options.out:
        check_format(options.out)
    if bool(options.saved) == bool(options.train_to):
        raise TandemError(
            "It is not said which forecast." if not options.saved else "A saved scenario has its own month.",
            "Give --train-to YYYY-MM for a new forecast, or --saved NAME alone.",
        )
    options.weeks = WEEKS
    with open_store(options) as store:
        scope = scope_code(store, options.board)
        if options.saved:
            saved = _saved(store, scope, options.saved)
            scenario, until = read_scenario(saved.document), saved.data_month
            options.weeks, options.replications, options.seed = saved.weeks, saved.replications, saved.seed
        else:
            scenario, until = scenario_of(options.scenario), parse_month(options.train_to)
        found = calibration(store, scope, scenario, until)
        published = trend(store, scope).rename(columns={"incomplete": "waiting"}).to_dict("records")
    newest = str(published[-1]["month"])
    if not found.data_month == until < newest:
        raise TandemError(
            f"Nothing that came after {month_label(until)} can be set beside a forecast from there.",
            f"Name a month that is held, before {newest}.",
        )
    held = outturn(ran(found, with_trusts(scenario, found), options, "Simulating").results, published)
    print(
        f"{scope}, {scenario.name}, forecast on the figures to {month_label(until)}, seed {options.seed}, "
        f"{options.replications} replications, Tandem {PRODUCT_VERSION}"
    )
    print("\n".join(outturn_said(held)))
    if scenario.levers:
        print(MISSED_TOGETHER)
    for name, months in held.items():
        print(f"{measure(name).label}: published, expected with its 80% range, expected less published")
        print("\n".join(_row(each, measure(name)) for each in months))
    if options.out:
        about = {
            "scope": scope,
            "scenario": scenario.document(),
            "data_month": until,
            "seed": options.seed,
            "weeks": options.weeks,
            "replications": options.replications,
            "version": PRODUCT_VERSION,
        }
        rows = write_results([outturn_frame(held)], options.out, about)
        print(f"{rows:,} rows written to {options.out}")
    return 0


def _row(found: "Outturn", of: "Measure") -> str:
    from models.rtt.months import month_label

    unit = "%" if of.is_share else ""
    expected, lower, upper = (
        of.form(value) + unit for value in (found.expected.mean, found.expected.lower, found.expected.upper)
    )
    off = f"{found.missed:+.1f} points" if of.is_share else f"{found.error:+.1f}%"
    return (
        f"  {month_label(found.month):<15} published {of.form(found.published)}{unit}, expected {expected} "
        f"({lower} to {upper}), off {off.replace('-', '−')}, {'inside' if found.inside else 'outside'}"
    )


def _saved(store: "Store", scope: str, name: str) -> "SavedScenario":
    from data.saved.scenarios import saved_scenarios

    held = saved_scenarios(store, scope)
    for saved in held:
        if saved.name.casefold() == name.casefold():
            return saved
    raise TandemError(
        f"No scenario is saved for {scope} as '{name}'.",
        f"Saved are: {', '.join(saved.name for saved in held)}." if held else "Save one in the scenario lab.",
    )
