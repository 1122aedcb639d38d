"""The pairs that avoid the most weeks of long waiting: a mixed-integer programme, solved by HiGHS.

Binary variables say which two trusts are partners, continuous ones what flows between them:

    most    sum over flows of weeks x flow
    with    the flows from a series within its long waits, the flows to a series within its spare
            a flow only between partners; a pair of `LEAST` appointments a week at least
            no more partners than allowed for any trust; pins chosen

Up to `WHOLE` possible pairs are solved to proof. Of more, those are kept that the programme without whole
numbers would use, which also bounds what any plan could avoid.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array, vstack

from models.errors import TandemError
from models.pairing.pairs import LEAST, Choices, Floats, Flow, Limits, Pair, Places, Plan, Trusts

WHOLE = 600  # possible pairs
NODES = 2000  # of the search tree: a limit of time would give another plan on another machine
SECONDS = 60.0  # that end it all the same
SAME = 1e-4  # relative difference at which a plan counts as best
NEARLY = 0.02  # the same among many pairs, where the bound leaves more open than that
NEXT = 400  # possible pairs taken in at a time
WORTH_A_TRY = 0.1  # of a pair: less of it in the programme without whole numbers is left out
ENOUGH = 2e-3  # relative difference at which the bound is near enough
NO_FLOW = 1e-6  # appointments a week


def best_plan(choices: Choices, limits: Limits) -> Plan:
    """The plan that avoids the most weeks of long waiting, with a bound on what any plan could avoid."""
    programme = _Programme.of(choices, limits)
    everything = np.arange(len(programme.pairs))
    if len(everything) <= WHOLE:
        chosen, flows, bound = programme.solve(everything, SAME)
        return programme.plan(chosen, flows, bound)
    used, bound = programme.relaxed()
    chosen, _, _ = programme.solve(used, NEARLY)
    chosen, flows, _ = programme.solve(np.union1d(chosen, programme.with_room(chosen)), NEARLY)
    return programme.plan(chosen, flows, bound)


def plan_without(choices: Choices, limits: Limits, plan: Plan, pair: Pair) -> Plan:
    """A plan with a pair taken out: its trusts' waits and spare are used anew, the rest stays as it is.

    No other plan that keeps the rest avoids more; one made wholly anew may. The bound is the plan's.
    """
    others = [each for each in plan.pairs if each.trusts != pair.trusts]
    wanted, spare = choices.left(flow for each in others for flow in each.flows)
    home, partner = choices.providers[choices.home], choices.providers[choices.partner]
    near = np.isin(home, sorted(pair.trusts)) | np.isin(partner, sorted(pair.trusts))
    open_ = replace(choices, wanted=wanted.clip(0), spare=spare.clip(0)).only(near)
    ends = zip(home[near].tolist(), partner[near].tolist(), strict=True)
    kept = frozenset(map(frozenset, ends)) & {each.trusts for each in others}
    programme = _Programme.of(open_, replace(limits, banned=limits.banned | {pair.trusts}, pinned=kept))
    far = [code for each in others if each.trusts not in kept for code in each.trusts]
    taken = np.array([far.count(str(code)) for code in programme.trusts], dtype=np.float64)
    programme = replace(programme, room=limits.partners - taken)
    chosen, flows, _ = programme.solve(np.arange(len(programme.pairs)), SAME)
    again = {each.trusts: each.flows for each in programme.plan(chosen, flows, 0.0).pairs}
    changed = [Pair(each.trusts, each.flows + again.pop(each.trusts, ()), each.pinned) for each in others]
    changed += [Pair(trusts, new) for trusts, new in again.items()]
    changed.sort(key=lambda each: (-each.weeks, sorted(each.trusts)))
    return Plan(tuple(changed), max(plan.bound, sum(each.weeks for each in changed)))


@dataclass(frozen=True)
class _Programme:
    choices: Choices
    limits: Limits
    pairs: tuple[Trusts, ...]  # (E,) possible ones
    pair: Places  # (N,) of each flow
    members: Places  # (E, 2) the trusts of each pair
    trusts: NDArray[Any]  # (T,) codes
    room: Floats  # (T,) partners allowed beside pins without a flow
    pinned: NDArray[np.bool_]  # (E,)
    idle: tuple[Trusts, ...]  # pins between which nothing can flow

    @classmethod
    def of(cls, choices: Choices, limits: Limits) -> "_Programme":
        """The programme of what is possible, bans left out."""
        codes = [
            frozenset((str(home), str(partner)))
            for home, partner in zip(
                choices.providers[choices.home], choices.providers[choices.partner], strict=True
            )
        ]
        allowed = np.array([pair not in limits.banned for pair in codes], dtype=np.bool_)
        kept = [pair for pair in codes if pair not in limits.banned]
        pairs = tuple(sorted(set(kept), key=sorted))
        number = {pair: place for place, pair in enumerate(pairs)}
        trusts = choices.trusts()
        idle = tuple(sorted(limits.pinned - set(pairs), key=sorted))
        room = np.full(len(trusts), float(limits.partners))
        for pin in idle:
            room[np.isin(trusts, sorted(pin))] -= 1
        return cls(
            choices=choices.only(allowed),
            limits=limits,
            pairs=pairs,
            pair=np.array([number[pair] for pair in kept], dtype=np.intp),
            members=np.array([np.searchsorted(trusts, sorted(pair)) for pair in pairs], np.intp).reshape(
                -1, 2
            ),
            trusts=trusts,
            room=room,
            pinned=np.array([pair in limits.pinned for pair in pairs], dtype=np.bool_),
            idle=idle,
        )

    def solve(self, among: Places, gap: float) -> tuple[Places, Floats, float]:
        """The best of the pairs `among`, within `gap`: those chosen, all flows (N,), and a bound on them."""
        flows = np.flatnonzero(np.isin(self.pair, among))
        none = np.zeros(len(self.pair))
        if not len(flows):
            return np.empty(0, np.intp), none, 0.0
        rules, most = self._rules(among, flows)
        count, least = len(flows), self.pinned[among].astype(float)
        optimum = milp(
            np.concatenate([-self.choices.weeks[flows], np.zeros(len(among))]),
            constraints=LinearConstraint(rules, -np.inf, most),
            integrality=np.concatenate([np.zeros(count), np.ones(len(among))]),
            bounds=Bounds(
                np.concatenate([np.zeros(count), least]),
                np.concatenate([self.choices.most[flows], np.ones(len(among))]),
            ),
            options={"mip_rel_gap": gap, "node_limit": NODES, "time_limit": SECONDS},
        )
        if optimum.x is None:
            raise TandemError(
                f"No pairs were found in {SECONDS:g} seconds.",
                "Plan for fewer boards or specialties, or allow fewer partners a trust.",
            )
        none[flows] = np.maximum(optimum.x[:count], 0.0)
        return among[optimum.x[count:] > 0.5], none, float(-optimum.mip_dual_bound)

    def relaxed(self) -> tuple[Places, float]:
        """The pairs of which the programme without whole numbers uses part, and a bound on what it avoids.

        Solved on a growing part of the pairs. What the others would add at the prices of its rules is the
        most that they could; it ends when that is next to nothing.
        """
        alone = np.bincount(self.pair, self.choices.most * self.choices.weeks, len(self.pairs))
        among = np.union1d(np.argsort(-alone, kind="stable")[:NEXT], np.flatnonzero(self.pinned))
        while True:
            flows = np.flatnonzero(np.isin(self.pair, among))
            rules, most = self._rules(among, flows)
            count = len(flows)
            limits = np.concatenate([self.choices.most[flows], np.ones(len(among))])
            least = np.concatenate([np.zeros(count), self.pinned[among].astype(float)])
            optimum = linprog(
                np.concatenate([-self.choices.weeks[flows], np.zeros(len(among))]),
                A_ub=rules,
                b_ub=most,
                bounds=np.column_stack([least, limits]),
                method="highs",
            )
            gain = np.maximum(self._gain_of_another(-optimum.ineqlin.marginals), 0.0)
            gain[among] = 0.0
            bound = float(gain.sum() - optimum.fun)
            if bound <= -optimum.fun * (1 + ENOUGH):
                return among[optimum.x[count:] > WORTH_A_TRY], bound
            more = np.argsort(-gain, kind="stable")[:NEXT]
            more = more[gain[more] > 0]
            among = np.union1d(among, more)

    def with_room(self, chosen: Places) -> Places:
        """The pairs of which both trusts may have a partner more than those chosen give them."""
        partners = np.bincount(self.members[chosen].ravel(), minlength=len(self.trusts))
        return np.flatnonzero((partners < self.room)[self.members].all(axis=1))

    def _gain_of_another(self, prices: Floats) -> Floats:
        """What each pair would add at the prices of waits, spare and partners. (E,)"""
        series, trusts = len(self.choices.providers), len(self.trusts)
        waits, spare, partners = np.split(prices[: 2 * series + trusts], [series, 2 * series])
        pays = self.choices.weeks - waits[self.choices.home] - spare[self.choices.partner]
        worth = np.bincount(self.pair, np.maximum(pays, 0.0) * self.choices.most, len(self.pairs))
        return np.asarray(worth - partners[self.members].sum(axis=1))

    def _rules(self, among: Places, flows: Places) -> tuple[csr_array, Floats]:
        """The rows A and limits b of A (flows, pairs) <= b: waits, spare, partners, flow of pairs, least."""
        choices, count = self.choices, len(flows)
        series, trusts, width = len(choices.providers), len(self.trusts), len(flows) + len(among)
        column = np.arange(count)
        own = count + np.searchsorted(among, self.pair[flows])  # each flow's pair
        most, pairs = choices.most[flows], np.arange(len(among))
        ones = np.ones(count)
        least = LEAST * ~self.pinned[among]
        blocks = [
            csr_array((ones, (choices.home[flows], column)), shape=(series, width)),
            csr_array((ones, (choices.partner[flows], column)), shape=(series, width)),
            csr_array(
                (np.ones(2 * len(among)), (self.members[among].ravel(), count + np.repeat(pairs, 2))),
                shape=(trusts, width),
            ),
            csr_array(
                (np.concatenate([ones, -most]), (np.tile(column, 2), np.concatenate([column, own]))),
                shape=(count, width),
            ),
            csr_array(
                (
                    np.concatenate([-ones, least]),
                    (np.concatenate([own - count, pairs]), np.concatenate([column, count + pairs])),
                ),
                shape=(len(among), width),
            ),
        ]
        limits = [choices.wanted, choices.spare, self.room, np.zeros(count), np.zeros(len(among))]
        return vstack(blocks, format="csr"), np.concatenate(limits)

    def plan(self, chosen: Places, flows: Floats, bound: float) -> Plan:
        """The pairs chosen, with their flows, and the pins between which nothing flows."""
        pairs, choices = [], self.choices
        for place in chosen:
            here = np.flatnonzero((self.pair == place) & (flows > NO_FLOW))
            made = [_flow(choices, int(each), float(flows[each])) for each in here]
            ordered = tuple(sorted(made, key=_most_first))
            pairs.append(Pair(self.pairs[place], ordered, bool(self.pinned[place])))
        pairs += [Pair(pin, (), pinned=True) for pin in self.idle]
        pairs.sort(key=lambda pair: (-pair.weeks, sorted(pair.trusts)))
        return Plan(tuple(pairs), max(bound, sum(pair.weeks for pair in pairs)))


def _most_first(flow: Flow) -> tuple[float, str]:
    return (-flow.weeks, flow.treatment_function)


def _flow(choices: Choices, place: int, a_week: float) -> Flow:
    home, partner = choices.home[place], choices.partner[place]
    return Flow(
        home=str(choices.providers[home]),
        partner=str(choices.providers[partner]),
        treatment_function=str(choices.treatment_functions[home]),
        a_week=a_week,
        weeks_each=float(choices.weeks[place]),
    )
