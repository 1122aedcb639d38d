"""`waits`: where an area's patients go, how long they can expect to wait, and how wrong that has been."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from commands.parts.asking import answer_to, check_table, write_table
from commands.parts.opening import Progress, command, open_store, scenario_of
from data.database.version import PRODUCT_VERSION
from models.errors import TandemError

if TYPE_CHECKING:
    import pandas as pd

    from commands.parts.opening import Commands
    from data.database.store import Store
    from models.waits.expected_waits import WaitCurves

_SCENARIO = "under_scenario"


def add(commands: "Commands") -> None:
    """Add to the front door's commands."""
    parser = command(commands, "waits", _waits, "show how long an area's patients can expect to wait")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--area", metavar="CODE", help="a sub-ICB location's code, such as 01A")
    where.add_argument("--practice", metavar="CODE", help="a general practice's code: its area's flows stand")
    where.add_argument(
        "--hindcast", action="store_true", help="hold expected waits of past months against what came"
    )
    parser.add_argument("--function", metavar="CODE", help="one treatment function, provider by provider")
    parser.add_argument("--as-of", metavar="YYYY-MM", help="the figures of this month (default: the latest)")
    parser.add_argument("--miles", type=float, default=30.0, help="how far to look for shorter waits (30)")
    parser.add_argument("--scenario", metavar="NAME", help="also under a preset, or a .yaml or .json file")
    parser.add_argument(
        "--referred", type=int, default=0, metavar="WEEKS", help="under it, for those referred so long on (0)"
    )
    parser.add_argument("--replications", type=int, default=10, help="how many futures to draw (10)")
    parser.add_argument("--seed", type=int, default=1, help="equal seeds give equal results (1)")
    parser.add_argument("--ship", action="store_true", help="with --hindcast, make the table of past errors")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write all rows: .csv or .parquet")


def _waits(options: argparse.Namespace) -> int:
    check_table(options.out)
    if options.hindcast:
        return _hindcast(options)
    if not (options.area or options.practice):
        raise TandemError("No area was named.", "Give --area 01A or --practice P81003, or --hindcast.")
    if options.referred < 0 or options.replications < 1:
        raise TandemError(
            f"{options.replications} futures of referrals in {options.referred} weeks can't be drawn.",
            "Ask for 1 future or more, and for 0 weeks or more.",
        )
    from data.returns.areas import area_of
    from data.returns.lists import months
    from models.rtt.months import parse_month

    area = area_of(options.practice) if options.practice else options.area.strip().upper()
    with open_store(options) as store:
        month = parse_month(options.as_of) if options.as_of else months(store)[-1]
        curves = _under(store, options, area, month) if options.scenario else None
        return _answer(store, options, area, month, curves)


def _under(store: "Store", options: argparse.Namespace, area: str, month: str) -> "WaitCurves":
    """Today's curves with the scenario's change in those of the area's board."""
    from data.returns.areas import board_of
    from questions.question import Question
    from questions.waits import Waits

    question = Question.of(
        store,
        board_of(store, area, month),
        scenario_of(options.scenario),
        month,
        replications=options.replications,
        seed=options.seed,
    )
    asked = Waits(question, (options.referred,))
    return answer_to(store, asked, "Simulating", workers=2).curves[options.referred]


def _answer(
    store: "Store", options: argparse.Namespace, area: str, month: str, curves: "WaitCurves | None"
) -> int:
    from data.returns.areas import alternatives, area_waits, areas, function_waits, waits_error
    from models.rtt.months import month_label
    from models.rtt.organisations import ENGLAND
    from models.rtt.treatment_functions import name_of

    each, functions = area_waits(store, area, month), function_waits(store, area, month)
    if curves:
        each = _beside(each, area_waits(store, area, month, curves))
        functions = _beside(functions, function_waits(store, area, month, curves))
    if options.function:
        name = name_of(options.function)
        each = each[each["treatment_function"] == options.function]
        functions = functions[functions["treatment_function"] == options.function]
        if functions.empty:
            raise TandemError(f"No patient of {area} waits for {name}.", "Leave --function out to see which.")
    names = areas(store, ENGLAND).set_index("code")["name"]
    print(f"{names.get(area, area)} ({area}), figures of {month_label(month)}, Tandem {PRODUCT_VERSION}")
    if options.practice:
        print("Nothing is published by practice: its area's flows stand for it.")
    print("Weeks from referral to treatment, for a patient who stays on the list until treated:")
    functions.insert(1, "name", [name_of(code) for code in functions["treatment_function"]])
    print(_table(functions, ["treatment_function", "name", "waiting", "over_52"]))
    if options.function:
        print("Where they go:")
        print(_table(each[each["share"] > 0].head(15), ["provider", "provider_name", "share", "waiting"]))
        near = options.practice or area
        shorter = alternatives(store, near, options.function, month, options.miles)
        print(f"Shorter waits today within {options.miles:g} miles, from head offices: {len(shorter)}")
        if len(shorter):
            print(_table(shorter, ["provider", "provider_name", "kind", "miles"]))
    if curves:
        print(
            f"{_SCENARIO}: {options.scenario}, its change applied to today's waits at the board's providers."
        )
    print(waits_error())
    about = {
        "area": area,
        "data_month": month,
        "scenario": options.scenario,
        "referred": options.referred,
        "replications": options.replications,
        "seed": options.seed,
        "unit": "weeks from referral to treatment; inf: over 104",
        "version": PRODUCT_VERSION,
    }
    write_table([each], options.out, about)
    return 0


def _beside(today: "pd.DataFrame", after: "pd.DataFrame") -> "pd.DataFrame":
    """Today's waits with those under the scenario in further columns; both are in the same order."""
    for name in ("half_within", "nine_in_ten_within"):
        today[f"{name}_{_SCENARIO}"] = after[name]
    return today


def _table(frame: "pd.DataFrame", first: list[str]) -> str:
    from models.waits.expected_waits import weeks_said

    weeks = [name for name in frame.columns if "_within" in name and not name.endswith("18")]
    shown = frame[[*first, *weeks]].copy()
    for name in weeks:
        shown[name] = [weeks_said(value) for value in frame[name]]
    forms = {"share": "{:.1%}".format, "miles": "{:.0f}".format}
    forms |= dict.fromkeys(("waiting", "over_52"), "{:,.0f}".format)
    return str(
        shown.to_string(index=False, formatters={name: forms[name] for name in forms if name in shown})
    )


def _hindcast(options: argparse.Namespace) -> int:
    import pandas as pd

    from data.returns.history import history
    from data.returns.lists import months
    from data.returns.past_waits import write_wait_errors
    from models.rtt.organisations import ENGLAND
    from models.waits.wait_errors import follow, origins, wait_errors

    watch = Progress("Looking back")
    with open_store(options) as store:
        held_months = months(store)
        whole = history(store, ENGLAND, months=len(held_months))
    chosen = origins(held_months)
    if not chosen:
        raise TandemError(
            f"Only {len(held_months)} months are held; a look back takes eleven.", "Import earlier months."
        )
    followed = []
    for place, month in enumerate(chosen):
        watch.say(place / len(chosen), month)
        followed += follow(whole, month)
    watch.say(1.0)
    errors = wait_errors(followed)
    frame = pd.DataFrame(errors).round(2)
    print(f"Share still waiting, missed in points; figures of {chosen[0]} to {chosen[-1]}")
    print(frame.to_string(index=False, formatters={"patients": "{:,}".format}))
    if options.ship:
        print(f"{len(errors)} errors written to {write_wait_errors(errors)}")
    write_table([frame], options.out, {"origins": chosen, "version": PRODUCT_VERSION})
    return 0
