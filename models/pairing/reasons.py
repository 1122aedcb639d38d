"""Why these pairs: what a plan would lose without each of them, and why a likely-looking one is not in it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from models.pairing.optimum import WHOLE, best_plan, plan_without
from models.pairing.pairs import LEAST, Choices, Flow, Limits, Pair, Plan, Trusts
from models.rtt.treatment_functions import name_of
from models.statements import rounded

Names = Mapping[str, str]  # of trusts by code
NAMED = 3  # specialties told one by one
FEW = 6  # pairs that are the cheapest to do without, of many
INSTEAD = 2  # pairs told one by one


@dataclass(frozen=True)
class Alternative:
    """The best plan without one of the pairs."""

    pair: Trusts
    lost: float  # weeks of long waiting a week
    share: float  # of the plan's
    instead: tuple[Trusts, ...]  # pairs that come in
    at_most: bool = False  # whether a plan made wholly anew could lose less


@dataclass(frozen=True)
class Refusal:
    """A pair that looks likely and is not in the plan."""

    pair: Trusts
    alone: float  # weeks of long waiting a week that it could avoid if no other were made
    reason: str


def alternatives(choices: Choices, limits: Limits, plan: Plan) -> tuple[Alternative, ...]:
    """The next best: the plan without each pair that is not pinned, the cheapest to do without first.

    Where more pairs are possible than are solved to proof, the other pairs and their flows are kept, so the
    loss is at most so much, and only the `FEW` cheapest are given.
    """
    whole = len(possible_pairs(choices)) <= WHOLE
    others = []
    for pair in plan.pairs:
        if pair.pinned:
            continue
        if whole:
            other = best_plan(choices, replace(limits, banned=limits.banned | {pair.trusts}))
        else:
            other = plan_without(choices, limits, plan, pair)
        lost = max(plan.weeks - other.weeks, 0.0)
        instead = tuple(sorted(other.trusts - plan.trusts, key=sorted))
        others.append(Alternative(pair.trusts, lost, lost / plan.weeks, instead, at_most=not whole))
    others.sort(key=lambda each: (each.lost, sorted(each.pair)))
    return tuple(others if whole else others[:FEW])


def possible_pairs(choices: Choices) -> dict[Trusts, list[int]]:
    """The flows of each two trusts between which any would avoid long waits."""
    pairs: dict[Trusts, list[int]] = {}
    for flow, (home, partner) in enumerate(zip(choices.home, choices.partner, strict=True)):
        pair = frozenset((str(choices.providers[home]), str(choices.providers[partner])))
        pairs.setdefault(pair, []).append(flow)
    return pairs


def refusals(
    choices: Choices, limits: Limits, plan: Plan, names: Names, most: int = 5
) -> tuple[Refusal, ...]:
    """The pairs that would avoid most if they were the only one and are not in the plan, with the reason."""
    flows = possible_pairs(choices)
    worth = choices.most * choices.weeks
    alone = {pair: float(worth[places].sum()) for pair, places in flows.items() if pair not in plan.trusts}
    likely = sorted(alone, key=lambda pair: (-alone[pair], sorted(pair)))[:most]
    return tuple(Refusal(pair, alone[pair], why_not(choices, limits, plan, pair, names)) for pair in likely)


def why_not(choices: Choices, limits: Limits, plan: Plan, pair: Trusts, names: Names) -> str:
    """Why a pair is not in the plan, in a sentence."""
    if pair in limits.banned:
        return "It is banned."
    places = possible_pairs(choices).get(pair)
    if places is None:
        return _impossible(choices, pair, names)
    wanted, spare = choices.left(plan.flows)
    home, partner = choices.home[places], choices.partner[places]
    if choices.most[places].sum() < LEAST:
        return f"Fewer than {LEAST:g} appointments a week could flow."
    if np.minimum(wanted[home], spare[partner]).sum() >= LEAST:
        full = full_said(limits, plan, pair, names)
        return full or "It would avoid about as much as what is in the plan."
    best = places[int(np.argmax((choices.most * choices.weeks)[places]))]
    return better_use(choices, plan, int(best), names, wanted, spare)


def full_said(limits: Limits, plan: Plan, pair: Trusts, names: Names) -> str:
    """Which of two trusts have as many partners as allowed, in a sentence; empty where neither has."""
    full = [code for code in sorted(pair) if _partners(plan, code) >= limits.partners]
    if not full:
        return ""
    have = "have their" if len(full) == 2 else "has its"
    partners = "partner" if limits.partners == 1 else f"{limits.partners} partners"
    full_ones = both_said(frozenset(full), names)
    return f"{full_ones} already {have} {partners}, with whom more weeks are avoided."


def better_use(
    choices: Choices, plan: Plan, flow: int, names: Names, wanted: np.ndarray, spare: np.ndarray
) -> str:
    """Where the plan sends what a flow would take, in a sentence; `wanted` and `spare` are what it leaves."""
    one, other = choices.home[flow], choices.partner[flow]
    name = name_of(str(choices.treatment_functions[one]))
    if spare[other] <= wanted[one]:
        goes = _others(plan, str(choices.providers[other]), name, names, given=True)
        return f"{_of(choices, other, names)} spare {_lower(name)} appointments go {goes}."
    goes = _others(plan, str(choices.providers[one]), name, names, given=False)
    return f"{_of(choices, one, names)} long waits in {_lower(name)} are offered appointments {goes}."


def sentence(pair: Pair, names: Names) -> str:
    """A pair in a sentence: who offers whom how many appointments, in what, and what it avoids."""
    if not pair.flows:
        return f"{both_said(pair.trusts, names)} are pinned, but nothing can flow between them."
    offers = []
    for helped in sorted({flow.home for flow in pair.flows}, key=lambda code: -_given(pair, code)):
        flows = [flow for flow in pair.flows if flow.home == helped]
        helper = names.get(flows[0].partner, flows[0].partner)
        amount = f"{amount_said(_given(pair, helped))} {_plural(_given(pair, helped))} a week"
        offers.append(f"{helper} offers {names.get(helped, helped)} {amount}{_functions(flows)}.")
    return f"{' '.join(offers)} {weeks_said(pair.weeks)}"


def both_said(pair: Trusts, names: Names) -> str:
    """The names of two trusts: 'Blackpool Teaching Hospitals and East Lancashire Hospitals'."""
    return " and ".join(names.get(code, code) for code in sorted(pair))


def alternative_said(found: Alternative, names: Names) -> str:
    """What doing without a pair would cost, in a sentence."""
    share = "under 1%" if found.share < 0.01 else f"{found.share:.0%}"
    most = "at most " if found.at_most and found.share >= 0.01 else ""
    loss = f"Without {both_said(found.pair, names)}: {most}{share} fewer weeks avoided"
    if not found.instead:
        return f"{loss}; no pair takes its place."
    told = "; ".join(both_said(pair, names) for pair in found.instead[:INSTEAD])
    more = len(found.instead) - INSTEAD
    return f"{loss}, with {told}{f' and {more} more' if more > 0 else ''} instead."


def weeks_said(weeks: float) -> str:
    """What a pair avoids, said: 'Each week of it avoids 52 weeks of long waiting.'"""
    return f"Each week of it avoids {amount_said(weeks)} weeks of long waiting."


def whose(name: str) -> str:
    """A trust's name before what is its own: 'Bolton’s', 'East Kent Hospitals’'."""
    return f"{name}’" if name.endswith("s") else f"{name}’s"


def amount_said(amount: float) -> str:
    """A number of appointments or weeks, said: 17, 22,300 for 22,333, and 2.2 where it is small."""
    return f"{rounded(amount):,}" if amount >= 9.95 else f"{amount:.1f}".removesuffix(".0")


def _impossible(choices: Choices, pair: Trusts, names: Names) -> str:
    one, other = sorted(pair)
    functions = choices.treatment_functions
    both = [
        (home, partner)
        for home in np.flatnonzero(np.isin(choices.providers, [one, other]) & (choices.wanted > 0))
        for partner in np.flatnonzero(
            np.isin(choices.providers, [one, other]) & (functions == functions[home]) & (choices.spare > 0)
        )
        if choices.providers[home] != choices.providers[partner]
    ]
    if not both:
        return "Neither has capacity to spare where the other has long waits."
    named = sorted({_lower(name_of(str(functions[home]))) for home, _ in both})
    return (
        f"Where one has capacity to spare ({', '.join(named[:NAMED])}) the other's long waits would not be "
        "seen sooner, have spare of their own, or the trusts are too far apart."
    )


def _partners(plan: Plan, code: str) -> int:
    return sum(code in pair.trusts for pair in plan.pairs)


def _others(plan: Plan, code: str, function: str, names: Names, *, given: bool) -> str:
    flows = [flow for flow in plan.flows if name_of(flow.treatment_function) == function]
    ends = [
        flow.home if given else flow.partner
        for flow in flows
        if (flow.partner if given else flow.home) == code
    ]
    whom = " and ".join(names.get(end, end) for end in dict.fromkeys(ends))
    return f"{'to' if given else 'at'} {whom}" if whom else "elsewhere"


def _of(choices: Choices, series: int, names: Names) -> str:
    code = str(choices.providers[series])
    return whose(names.get(code, code))


def _given(pair: Pair, helped: str) -> float:
    return sum(flow.a_week for flow in pair.flows if flow.home == helped)


def _functions(flows: list[Flow]) -> str:
    if len(flows) == 1:
        return f" for {_lower(name_of(flows[0].treatment_function))}"
    told = [f"{amount_said(flow.a_week)} for {_lower(name_of(flow.treatment_function))}" for flow in flows]
    rest = sum(flow.a_week for flow in flows[NAMED:])
    return ": " + "; ".join([*told[:NAMED], f"{amount_said(rest)} for others"] if rest > 0 else told)


def _plural(amount: float) -> str:
    return "appointment" if amount_said(amount) == "1" else "appointments"


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]
