"""A question about any two trusts: what a pair of them would avoid, and what stands in its way."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from models.errors import TandemError
from models.pairing.gains import FEWEST
from models.pairing.optimum import best_plan
from models.pairing.pairs import LEAST, Choices, Limits, Plan, Trusts
from models.pairing.reasons import amount_said, better_use, both_said, full_said, possible_pairs, whose
from models.rtt.treatment_functions import name_of

SAME = 0.5  # weeks of long waiting a week: a smaller difference is none
Names = Mapping[str, str]  # of trusts by code
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Leg:
    """One direction of a pair in one treatment function. Appointments a week; weeks of long waiting each."""

    home: str
    partner: str
    treatment_function: str
    wanted: float
    spare: float
    weeks_each: float  # 0 where nobody would be seen sooner
    planned: float
    reason: str  # why no more is in the plan; empty where all that could flow is

    @property
    def most(self) -> float:
        """What could flow, appointments a week."""
        return min(self.wanted, self.spare) if self.weeks_each > 0 else 0.0


@dataclass(frozen=True)
class Answer:
    """What is known of a pair. Weeks of long waiting a week."""

    pair: Trusts
    in_plan: bool
    alone: float  # that it would avoid if no other were made, within the limits
    difference: float | None  # of the plan with it pinned, or left out where it is in; None: not to be pinned
    gone: tuple[Trusts, ...]  # pairs that would make room for it
    instead: tuple[Trusts, ...]  # pairs that would come in
    legs: tuple[Leg, ...]  # those with the most weeks to avoid first


def about_pair(
    everything: Choices,
    choices: Choices,
    limits: Limits,
    plan: Plan,
    pair: Trusts,
    names: Names,
    miles: float | None = None,
) -> Answer:
    """What a pair would avoid and what stands in its way.

    `everything` are the choices without limits of specialty, distance and boards, `choices` those within,
    from which `plan` is made; `miles` lie between the two. Raises TandemError where one of them has nobody
    waiting in the area.
    """
    for code in sorted(pair):
        if code not in everything.providers:
            raise TandemError(
                f"{names.get(code, code)} has nobody waiting in {everything.scope}.",
                "Name two trusts of the area, or plan for the boards of both together.",
            )
    places = possible_pairs(choices).get(pair, [])
    alone = float((choices.most * choices.weeks)[places].sum())
    in_plan = pair in plan.trusts
    difference: float | None = None
    gone: tuple[Trusts, ...] = ()
    instead: tuple[Trusts, ...] = ()
    if in_plan or places:
        other = _other_plan(choices, limits, plan, pair)
        if other:
            difference = other.weeks - plan.weeks
            gone = tuple(sorted(plan.trusts - other.trusts - {pair}, key=sorted))
            instead = tuple(sorted(other.trusts - plan.trusts - {pair}, key=sorted))
    legs = _Case(everything, choices, limits, plan, pair, names, miles).legs()
    return Answer(pair, in_plan, alone, difference, gone, instead, legs)


def answer_said(answer: Answer, names: Names) -> str:
    """The answer in sentences."""
    who = both_said(answer.pair, names)
    if answer.in_plan:
        if answer.difference is None:
            return f"{who} are in the plan because they are pinned."
        lost = max(-answer.difference, 0.0)
        without = f"Without them {amount_said(lost)} fewer weeks would be avoided, each week."
        return f"{who} are in the plan. {without}"
    if not any(leg.most for leg in answer.legs):
        return f"{who} are not in the plan: nothing could flow between them that would avoid a long wait."
    if not answer.alone:
        return f"{who} are not in the plan: your limits leave nothing to flow between them."
    alone = f"By themselves they would avoid {amount_said(answer.alone)} weeks, each week."
    refusal = f"{who} are not in the plan. {alone}"
    if answer.difference is None:
        return f"{refusal} They can't be pinned beside your pins within the partners allowed."
    if abs(answer.difference) < SAME:
        effect = "would avoid about as many"
    else:
        more = "more" if answer.difference > 0 else "fewer"
        effect = f"would avoid {amount_said(abs(answer.difference))} {more}"
    room = " and ".join(both_said(each, names) for each in answer.gone[:2])
    if len(answer.gone) > 2:
        room += f" and {len(answer.gone) - 2} other pairs"
    return f"{refusal} The best plan with them {effect}{f', without {room}' if room else ''}."


def leg_said(leg: Leg, names: Names) -> str:
    """A leg in sentences: what is wanted and spare a week, what could flow and avoid, and what stops it."""
    ends = f"{names.get(leg.partner, leg.partner)} for {names.get(leg.home, leg.home)}"
    statement = (
        f"{ends}, {name_of(leg.treatment_function).lower()}: {amount_said(leg.wanted)} wanted a week, "
        f"{amount_said(leg.spare)} to spare"
    )
    if leg.most:
        statement += (
            f", {amount_said(leg.most)} could flow and avoid {amount_said(leg.most * leg.weeks_each)} weeks"
        )
    if leg.planned:
        statement += f"; {amount_said(leg.planned)} in the plan"
    return f"{statement}. {leg.reason}".strip()


def _other_plan(choices: Choices, limits: Limits, plan: Plan, pair: Trusts) -> Plan | None:
    """The best plan without a pair that is in, or with one that is not; None where a pin forbids it."""
    if pair in limits.pinned:
        return None
    if pair in plan.trusts:
        return best_plan(choices, replace(limits, banned=limits.banned | {pair}))
    try:
        with_it = replace(limits, banned=limits.banned - {pair}, pinned=limits.pinned | {pair})
    except TandemError:  # more pins than partners
        return None
    return best_plan(choices, with_it)


@dataclass(frozen=True)
class _Case:
    """What the legs of one pair are judged by, as `about_pair` takes it."""

    everything: Choices
    choices: Choices
    limits: Limits
    plan: Plan
    pair: Trusts
    names: Names
    miles: float | None

    @cached_property
    def row(self) -> dict[tuple[str, str], int]:
        """Where a trust's treatment function stands among all series."""
        keys = zip(
            self.everything.providers.tolist(), self.everything.treatment_functions.tolist(), strict=True
        )
        return {key: place for place, key in enumerate(keys)}

    @cached_property
    def gain(self) -> dict[tuple[int, int], float]:
        """Weeks of long waiting that an appointment would avoid, by the series at both ends."""
        ends = zip(self.everything.home.tolist(), self.everything.partner.tolist(), strict=True)
        return dict(zip(ends, self.everything.weeks.tolist(), strict=True))

    @cached_property
    def allowed(self) -> dict[tuple[int, int], int]:
        """The flows within the limits, by the series at both ends."""
        ends = zip(self.choices.home.tolist(), self.choices.partner.tolist(), strict=True)
        return {each: flow for flow, each in enumerate(ends)}

    @cached_property
    def planned(self) -> dict[tuple[str, str, str], float]:
        """Appointments a week in the plan, by home, partner and treatment function."""
        return {(flow.home, flow.partner, flow.treatment_function): flow.a_week for flow in self.plan.flows}

    @cached_property
    def left(self) -> tuple[Floats, Floats]:
        """What the plan leaves wanted and spare, by series."""
        return self.choices.left(self.plan.flows)

    @cached_property
    def too_few(self) -> bool:
        """Whether less could flow between the two, within the limits, than makes a pair."""
        flows = possible_pairs(self.choices).get(self.pair, [])
        return float(self.choices.most[flows].sum()) < LEAST

    def legs(self) -> tuple[Leg, ...]:
        """Both directions in every treatment function that is wanted, the most weeks to avoid first."""
        one, other = sorted(self.pair)
        functions = dict.fromkeys(self.everything.treatment_functions.tolist())
        legs = [
            leg
            for home, partner in ((one, other), (other, one))
            for code in functions
            if (leg := self._leg(home, partner, code))
        ]
        legs.sort(key=lambda leg: (-leg.most * leg.weeks_each, -leg.wanted, leg.treatment_function))
        return tuple(legs)

    def _leg(self, home: str, partner: str, code: str) -> Leg | None:
        """One direction in one treatment function; None where too few are wanted to ask."""
        here, there = self.row.get((home, code)), self.row.get((partner, code))
        if here is None or self.everything.wanted[here] < FEWEST:
            return None
        wanted = float(self.everything.wanted[here])
        spare = 0.0 if there is None else float(self.everything.spare[there])
        given = self.planned.get((home, partner, code), 0.0)
        if there is None:
            reason = f"{self.names.get(partner, partner)} has nobody waiting in it."
            return Leg(home, partner, code, wanted, spare, 0.0, given, reason)
        reason = self._reason((here, there), code, given)
        return Leg(home, partner, code, wanted, spare, self.gain.get((here, there), 0.0), given, reason)

    def _reason(self, ends: tuple[int, int], code: str, given: float) -> str:
        """Why no more than `given` flows between two series; empty where all that could flow does."""
        here, there = ends
        if ends not in self.gain:
            return _nothing(self.everything, here, there, self.names)
        if ends not in self.allowed:
            return _barred(self.limits, code, self.miles)
        able = min(float(self.everything.wanted[here]), float(self.everything.spare[there]))
        if given >= able - FEWEST / 10:
            return ""
        if self.pair in self.limits.banned:
            return "The pair is banned."
        if self.too_few:
            return f"Fewer than {LEAST:g} appointments a week could flow between them in all."
        wanted, spare = self.left
        if self.pair not in self.plan.trusts and min(wanted[here], spare[there]) >= FEWEST:
            full = full_said(self.limits, self.plan, self.pair, self.names)
            return full or "What is left of it would not make a pair, or another avoids as much."
        return better_use(self.choices, self.plan, self.allowed[ends], self.names, wanted, spare)


def _nothing(everything: Choices, here: int, there: int, names: Names) -> str:
    """Why nothing can flow from one series to another, whatever the limits."""
    home, partner = str(everything.providers[here]), str(everything.providers[there])
    if everything.spare[here] >= FEWEST:
        own = amount_said(float(everything.spare[here]))
        return f"{names.get(home, home)} has {own} a week of its own to spare, for its own long waits first."
    if everything.spare[there] < FEWEST:
        return f"Above its floor {names.get(partner, partner)} has nothing to spare in it."
    return f"{whose(names.get(home, home))} long waits would not be seen sooner there."


def _barred(limits: Limits, code: str, miles: float | None) -> str:
    """Which limit a flow that would avoid long waits does not keep."""
    if limits.treatment_functions and code not in limits.treatment_functions:
        return "It is not among the specialties chosen."
    if limits.miles is not None and (miles is None or miles > limits.miles):
        apart = "further apart than is known" if miles is None else f"{miles:,.0f} miles apart"
        return f"The trusts are {apart}, and {limits.miles:g} miles are allowed."
    return "The board of one of them is left out."
