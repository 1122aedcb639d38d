"""`pair`: which trusts to pair, so that the most weeks of long waiting are avoided."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from commands.parts.asking import answer_to, check_table, write_table
from commands.parts.opening import command, open_store
from data.database.version import PRODUCT_VERSION

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from commands.parts.opening import Commands
    from data.database.store import Store
    from data.returns.pairing import Ground
    from models.pairing.pairs import Choices, Limits, Plan, Trusts
    from sim.studies.pairing_trial import BothSides, Side

SHOWN = 20  # pairs told; `--out` has all
LEGS = 6  # of a pair asked about


def add(commands: "Commands") -> None:
    """Add to the front door's commands."""
    parser = command(commands, "pair", _pair, "choose the trusts to pair, and say why")
    _add_limits(parser)
    _add_trial(parser)
    parser.add_argument("--out", type=Path, metavar="FILE", help="write every flow: .csv or .parquet")


def _add_limits(parser: argparse.ArgumentParser) -> None:
    """Let it say what is planned for, within which limits, and about which trusts it asks."""
    parser.add_argument("--board", default="ENGLAND", metavar="CODE", help="a board's code (ENGLAND)")
    parser.add_argument("--boards", metavar="CODES", help="boards to plan for together, as QE1,QOP")
    parser.add_argument("--without-boards", default="", metavar="CODES", help="boards that take no part")
    parser.add_argument("--partners", type=int, default=2, help="most partners a trust has (2)")
    parser.add_argument(
        "--waited", type=int, default=18, metavar="WEEKS", help="weeks from which a wait is long (18)"
    )
    parser.add_argument("--ban", action="append", default=[], metavar="A:B", help="trusts not to pair")
    parser.add_argument(
        "--pin", action="append", default=[], metavar="A:B", help="trusts to pair in any case"
    )
    parser.add_argument(
        "--functions", default="", metavar="CODES", help="treatment functions, as C_110,C_502"
    )
    parser.add_argument("--miles", type=float, help="most between two head offices (default: any, by video)")
    parser.add_argument(
        "--floor",
        default="own",
        metavar="SHARE",
        help="percent within 18 weeks each trust keeps for its own patients, or own: what it has today",
    )
    parser.add_argument("--by", metavar="YYYY-MM", help="month by which the floor is met (in six months)")
    parser.add_argument("--until", metavar="YYYY-MM", help="plan on this month (default: the latest)")
    parser.add_argument(
        "--ask",
        action="append",
        default=[],
        metavar="A:B[:C]",
        help="why two trusts are paired or not; with a treatment function, as RXN:RXR:C_120, in that one",
    )


def _add_trial(parser: argparse.ArgumentParser) -> None:
    """Let it simulate the plan, with what is placed beside the pairs."""
    parser.add_argument("--try", dest="tried", action="store_true", help="simulate it, and tell both sides")
    parser.add_argument(
        "--emeritus",
        action="append",
        default=[],
        metavar="CODE=SESSIONS",
        help="sessions a week beside the pairs for who is helped, as C_120=2; with --try",
    )
    parser.add_argument(
        "--independent",
        action="append",
        default=[],
        metavar="CODE=SLOTS",
        help="independent-sector slots a week, as C_110=5; with --try",
    )
    parser.add_argument(
        "--diagnostic",
        type=float,
        metavar="SHARE",
        help="percent who need a diagnostic at home (the register)",
    )
    parser.add_argument("--weeks", type=int, default=104, help="how far to simulate it (104)")
    parser.add_argument("--replications", type=int, default=30, help="how many futures to draw (30)")


def _pair(options: argparse.Namespace) -> int:
    from commands.sharing.spare import floor_of
    from data.returns.capacity import spare_record
    from data.returns.pairing import ground, without_boards
    from data.returns.scope import JOINT
    from models.pairing.optimum import best_plan
    from models.rtt.months import month_label, parse_month

    check_table(options.out)
    limits, asked = _limits(options), [_question(text) for text in options.ask]
    scope = JOINT.join(_codes(options.boards)) if options.boards else options.board
    until = parse_month(options.until) if options.until else None
    with open_store(options) as store:
        here = ground(store, scope, floor=floor_of(options), until=until, changed=_changed(options))
        choices = without_boards(store, here.choices(limits), _codes(options.without_boards))
        names = here.names
        plan = best_plan(choices, limits)
        print(f"{choices.scope}, figures of {month_label(choices.data_month)}, Tandem {PRODUCT_VERSION}")
        print("\n".join(_answer(plan, choices, limits, names)))
        for pair, function in asked:
            print("\n".join(_why(here, choices, limits, plan, pair, function)))
        print(
            "Estimated. Of the series called spare in past months "
            f"{spare_record()[0].delivered:.0%} later delivered it."
        )
        if options.tried and plan.flows:
            print("\n".join(_both_sides(store, here, plan, limits, options)))
    write_table([flow_frame(plan, names)], options.out, _about(plan, choices, limits, options))
    return 0


def _about(
    plan: "Plan", choices: "Choices", limits: "Limits", options: argparse.Namespace
) -> dict[str, object]:
    """What makes the plan again, as its file says it."""
    return {
        "scope": choices.scope,
        "data_month": choices.data_month,
        "floor": options.floor,
        "by": options.by,
        "partners": limits.partners,
        "waited": limits.waited,
        "pinned": sorted(map(sorted, limits.pinned)),
        "banned": sorted(map(sorted, limits.banned)),
        "miles": limits.miles,
        "unit": "appointments offered a week; weeks of long waiting avoided",
        "bound": plan.bound,
        "version": PRODUCT_VERSION,
    }


def _limits(options: argparse.Namespace) -> "Limits":
    from models.pairing.pairs import Limits, pair_of
    from models.rtt.treatment_functions import treatment_function

    functions = _codes(options.functions)
    for code in functions:
        treatment_function(code)  # refuses what is none
    return Limits(
        partners=options.partners,
        waited=options.waited,
        treatment_functions=functions,
        banned=frozenset(map(pair_of, options.ban)),
        pinned=frozenset(map(pair_of, options.pin)),
        miles=options.miles,
    )


def _changed(options: argparse.Namespace) -> dict[str, float]:
    """Assumptions other than the register's, by key."""
    return {} if options.diagnostic is None else {"local_diagnostic": options.diagnostic}


def _amounts(texts: list[str]) -> dict[str, float]:
    """Numbers by treatment function from 'C_120=2'; raises TandemError for what does not read so."""
    from models.errors import TandemError
    from models.rtt.treatment_functions import treatment_function

    amounts = {}
    for text in texts:
        code, _, number = text.partition("=")
        try:
            amounts[treatment_function(code.strip().upper()).code] = float(number)
        except ValueError:
            raise TandemError(f"'{text}' gives no number a week.", "Write it as C_120=2.") from None
    return amounts


def _codes(text: str) -> tuple[str, ...]:
    return tuple(code.strip().upper() for code in text.split(",") if code.strip())


def _answer(plan: "Plan", choices: "Choices", limits: "Limits", names: "Mapping[str, str]") -> list[str]:
    from models.pairing.reasons import (
        alternative_said,
        alternatives,
        amount_said,
        both_said,
        refusals,
        sentence,
    )

    if not plan.pairs:
        return [
            "No pair is possible within these limits: where trusts have long waits, none has capacity to "
            "spare that would see them sooner."
        ]
    lines = [
        f"{len(plan.pairs)} {'pair' if len(plan.pairs) == 1 else 'pairs'}, {amount_said(plan.a_week)} "
        f"appointments a week, avoiding {amount_said(plan.weeks)} weeks of waiting beyond {limits.waited} "
        "weeks, each week.",
        "No plan within the limits avoids more."
        if plan.proven
        else f"No plan within the limits avoids over {plan.gap:.1%} more.",
    ]
    lines += [f"  {sentence(pair, names)}" for pair in plan.pairs[:SHOWN]]
    if len(plan.pairs) > SHOWN:
        lines.append(f"  and {len(plan.pairs) - SHOWN} more pairs.")
    for each in alternatives(choices, limits, plan):
        lines.append(alternative_said(each, names))
    for refusal in refusals(choices, limits, plan, names):
        lines.append(f"Not {both_said(refusal.pair, names)}: {refusal.reason}")
    return lines


def _question(text: str) -> "tuple[Trusts, str]":
    """The two trusts of 'RXN:RXR', or of 'RXN:RXR:C_120' with its treatment function."""
    from models.pairing.pairs import pair_of
    from models.rtt.treatment_functions import treatment_function

    if text.count(":") != 2:
        return pair_of(text), ""
    pair, _, function = text.rpartition(":")
    return pair_of(pair), treatment_function(function.strip().upper()).code


def _why(
    here: "Ground", choices: "Choices", limits: "Limits", plan: "Plan", pair: "Trusts", function: str
) -> list[str]:
    from models.pairing.why_not import about_pair, answer_said, leg_said

    names = here.names
    everything = here.everything(limits.waited)
    answer = about_pair(everything, choices, limits, plan, pair, names, here.miles_between(pair))
    legs = [leg for leg in answer.legs if not function or leg.treatment_function == function]
    if function and not legs:
        return [answer_said(answer, names), "  Neither has long waits in it that could be seen virtually."]
    return [answer_said(answer, names), *(f"  {leg_said(leg, names)}" for leg in legs[:LEGS])]


def _both_sides(
    store: "Store", here: "Ground", plan: "Plan", limits: "Limits", options: argparse.Namespace
) -> list[str]:
    from models.pairing.reasons import both_said
    from models.pairing.trial_scenario import trial_scenario
    from questions.pairing import PairingTrial

    scenario = trial_scenario(
        plan,
        limits,
        emeritus=_amounts(options.emeritus),
        independent=_amounts(options.independent),
        assumptions=here.changed,
    )
    scope, run = here.calibration.scope, (options.weeks, options.replications)
    asked = PairingTrial(scope, here, plan, scenario, repr(limits), *run)
    answer = answer_to(store, asked, "Simulating")
    lines = list(answer.sentences)
    for both in answer.trial.pairs:
        lines.append(f"{both_said(both.pair.trusts, here.names)}:")
        lines += [f"  {line}" for line in (*_both_lines(both, here.names), *answer.of_pair(both))]
    return lines


def _both_lines(both: "BothSides", names: "Mapping[str, str]") -> list[str]:
    """What the simulated plan does to each side of a pair, and the way of the patients between them."""
    from models.statements import count
    from sim.reports.pairing_statements import range_said

    steps = both.way.steps
    way = (
        f"Of {count(steps['offered'].mean)} patients offered, {range_said(steps['missed'])} miss it, "
        f"{range_said(steps['repeated'])} are to be repeated in person and "
        f"{range_said(steps['diagnostic'])} go home for a diagnostic."
    )
    return [*(_side_line(side, names) for side in both.sides), way]


def _side_line(side: "Side", names: "Mapping[str, str]") -> str:
    from models.statements import count, signed_points
    from sim.reports.pairing_statements import change_said

    end, share = side.with_plan["waiting"], side.change["share_within_18"]
    return (
        f"{names[side.trust]} {'helps' if side.helps else 'is helped'}: "
        f"{count(side.without['waiting'].mean)} waiting without it, {count(end.mean)} with it; "
        f"{signed_points(share.mean)} points within 18 weeks "
        f"(80%: {signed_points(share.lower)} to {signed_points(share.upper)}); "
        f"{change_said(side.change['over_52'])} over 52 weeks."
    )


def flow_frame(plan: "Plan", names: "Mapping[str, str]") -> "pd.DataFrame":
    """A row a flow: home and partner (code, name), tfc, appointments a week, weeks avoided, pinned."""
    import pandas as pd

    columns = (
        "home_code",
        "home_name",
        "partner_code",
        "partner_name",
        "tfc",
        "appointments_a_week",
        "weeks_avoided_each",
        "weeks_avoided_a_week",
        "pinned",
    )
    rows = [
        (
            flow.home,
            names.get(flow.home, ""),
            flow.partner,
            names.get(flow.partner, ""),
            flow.treatment_function,
            round(flow.a_week, 2),
            round(flow.weeks_each, 2),
            round(flow.weeks, 2),
            pair.pinned,
        )
        for pair in plan.pairs
        for flow in pair.flows
    ]
    return pd.DataFrame(rows, columns=list(columns))
