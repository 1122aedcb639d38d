"""`gp-work`: the GP contacts that waiting makes in a board's areas, today and under a scenario."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from commands.parts.opening import INTERRUPTED, Progress, command, interrupted, open_store, scenario_of
from data.database.version import PRODUCT_VERSION

if TYPE_CHECKING:
    from commands.parts.opening import Commands
    from models.calibration.rates import Calibration
    from models.scenarios.scenario import Scenario
    from models.waits.gp_work import AreaLists
    from sim.observers.gp_work import GpChange


def add(commands: "Commands") -> None:
    """Add to the front door's commands."""
    parser = command(
        commands, "gp-work", _gp_work, "show the GP contacts that waiting makes, by practice area"
    )
    parser.add_argument("--board", default="QK1", metavar="CODE", help="a board's code (QK1)")
    parser.add_argument(
        "--scenario",
        default="jointly-managed",
        metavar="NAME",
        help="a preset's name, or a .yaml or .json file (jointly-managed)",
    )
    parser.add_argument("--weeks", type=int, default=52, help="how far to run (52)")
    parser.add_argument("--replications", type=int, default=20, help="how many futures to draw (20)")
    parser.add_argument("--seed", type=int, default=1, help="equal seeds give equal results (1)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write a row an area: .csv or .parquet")


def _gp_work(options: argparse.Namespace) -> int:
    from data.returns.areas import areas
    from data.returns.gp_work import area_shares
    from data.writers.exports import check_format, write_results
    from models.rtt.months import month_label
    from models.scenarios.assumptions import resolve
    from models.waits.gp_work import FACTORS, area_lists, change_said, changes, table
    from questions.prepare import calibration

    if options.out:
        check_format(options.out)
    scenario = scenario_of(options.scenario)
    with open_store(options) as store:
        rates = calibration(store, options.board, scenario)
        names = areas(store, options.board).set_index("code")["name"].to_dict()
        shares = area_shares(store, options.board, rates.data_month)
    lists = area_lists(shares, names, rates.providers.tolist(), rates.treatment_functions.tolist())
    change = _change(rates, scenario, lists, options)
    if change is None:
        return INTERRUPTED
    rows = table(change.today, change.baseline, change.scenario)
    factors = resolve(scenario.assumptions)
    print(f"GP contacts a month, estimated: {month_label(rates.data_month)}, and {options.weeks} weeks on")
    print(rows.drop(columns=["per_thousand"]).round(0).astype(int, errors="ignore").to_string(index=False))
    print(f"{change_said(changes(change.baseline, change.scenario), options.board)}.")
    print(f"Assumed: {', '.join(f'{key} {factors[key]:g}' for key in FACTORS)}; no source was found for any.")
    if options.out:
        about = {
            "scope": options.board,
            "scenario": scenario.document(),
            "data_month": rates.data_month,
            "weeks": options.weeks,
            "replications": options.replications,
            "seed": options.seed,
            "assumed": {key: factors[key] for key in FACTORS},
            "unit": "GP contacts a month",
            "version": PRODUCT_VERSION,
        }
        written = write_results([rows], options.out, about)
        print(f"{written:,} rows written to {options.out}")
    return 0


def _change(
    rates: "Calibration", scenario: "Scenario", lists: "AreaLists", options: argparse.Namespace
) -> "GpChange | None":
    """The contacts under a scenario and without it; None where interrupted."""
    from models.pairing.default_pair import with_trusts
    from sim.observers.gp_work import gp_change
    from sim.runs.runner import Cancelled

    with interrupted() as cancel:
        try:
            return gp_change(
                rates,
                with_trusts(scenario, rates),
                lists,
                weeks=options.weeks,
                replications=options.replications,
                seed=options.seed,
                progress=Progress("Simulating").say,
                cancel=cancel,
            )
        except Cancelled:
            return None
