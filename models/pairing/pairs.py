"""Pairing trusts: what a planner allows, the flows that are possible, and a plan made of them.

A trust with long waits is helped by one with capacity to spare: its long waiters are offered virtual first
appointments there. Rates are appointments offered a week. How a plan is valued and found: `docs/pairing.md`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.errors import TandemError

Floats = NDArray[np.float64]
Places = NDArray[np.intp]
Trusts = frozenset[str]  # the codes of two trusts, in no order

PARTNERS = 2  # usual limit for each trust
WAITED = 18  # weeks from which a wait is long
LEAST = 2.0  # appointments a week that make a pair worth its setting up


@dataclass(frozen=True)
class Limits:
    """What the planner allows. Pairs are of two trusts, whichever helps."""

    partners: int = PARTNERS  # most for each trust
    waited: int = WAITED  # weeks
    treatment_functions: tuple[str, ...] = ()  # none: all
    banned: frozenset[Trusts] = frozenset()
    pinned: frozenset[Trusts] = frozenset()
    miles: float | None = None  # most between the two trusts' head offices; None: video has no distance

    def __post_init__(self) -> None:
        if self.partners < 1:
            raise TandemError(f"A trust can't have {self.partners} partners.", "Allow 1 or more.")
        if not 1 <= self.waited <= 104:
            raise TandemError(f"Waits from {self.waited} weeks were asked for.", "Choose 1 to 104 weeks.")
        for both in sorted(map(named, self.banned & self.pinned)):
            raise TandemError(f"{both} are pinned and banned.", "Take away one of the two.")
        for trust in sorted({code for pair in self.pinned for code in pair}):
            pins = sum(trust in pair for pair in self.pinned)
            if pins > self.partners:
                raise TandemError(
                    f"{trust} is pinned to {pins} partners, and {self.partners} are allowed.",
                    "Allow more partners a trust, or take a pin away.",
                )


def pair_of(text: str) -> Trusts:
    """The two trusts of 'RXN:RXR'; raises TandemError where it names no two."""
    codes = [code.strip().upper() for code in text.split(":")]
    if len(codes) != 2 or not all(codes) or codes[0] == codes[1]:
        raise TandemError(f"'{text}' does not name two trusts.", "Write them as RXN:RXR.")
    return frozenset(codes)


def named(pair: Iterable[str]) -> str:
    """A pair as it is written: 'RXN and RXR'."""
    return " and ".join(sorted(pair))


@dataclass(frozen=True)
class Choices:
    """S series of NHS trusts, what each wants and can give, and the N flows that would avoid long waits."""

    scope: str
    data_month: str
    providers: NDArray[Any]  # (S,) codes
    treatment_functions: NDArray[Any]  # (S,)
    wanted: Floats  # (S,) appointments a week for long waiters who can be seen virtually
    spare: Floats  # (S,) virtual appointments a week that its own floor does not need
    home: Places  # (N,) the series that is helped
    partner: Places  # (N,) the series that helps
    weeks: Floats  # (N,) weeks of long waiting that an appointment avoids

    @property
    def most(self) -> Floats:
        """The most that can flow, appointments a week. (N,)"""
        return np.minimum(self.wanted[self.home], self.spare[self.partner])

    def trusts(self) -> NDArray[Any]:
        """The trusts' codes, sorted."""
        return np.unique(self.providers)

    def left(self, flows: "Iterable[Flow]") -> tuple[Floats, Floats]:
        """Long waits that these flows offer nothing, and spare that they don't use. (S,) each"""
        keys = zip(self.providers.tolist(), self.treatment_functions.tolist(), strict=True)
        place = {key: row for row, key in enumerate(keys)}
        wanted, spare = self.wanted.copy(), self.spare.copy()
        for flow in flows:
            wanted[place[flow.home, flow.treatment_function]] -= flow.a_week
            spare[place[flow.partner, flow.treatment_function]] -= flow.a_week
        return wanted, spare

    def only(self, flows: NDArray[Any]) -> "Choices":
        """The same with these flows alone, a mask or places."""
        return Choices(
            self.scope,
            self.data_month,
            self.providers,
            self.treatment_functions,
            self.wanted,
            self.spare,
            self.home[flows],
            self.partner[flows],
            self.weeks[flows],
        )


@dataclass(frozen=True)
class Flow:
    """Appointments that one trust's long waiters are offered at another, in one treatment function."""

    home: str
    partner: str
    treatment_function: str
    a_week: float
    weeks_each: float  # of long waiting avoided by one appointment

    @property
    def weeks(self) -> float:
        """Weeks of long waiting avoided each week."""
        return self.a_week * self.weeks_each


@dataclass(frozen=True)
class Pair:
    """Two trusts and what flows between them, most weeks avoided first; nothing may flow where pinned."""

    trusts: Trusts
    flows: tuple[Flow, ...]
    pinned: bool = False

    @property
    def a_week(self) -> float:
        """Appointments offered a week, both ways."""
        return sum(flow.a_week for flow in self.flows)

    @property
    def weeks(self) -> float:
        """Weeks of long waiting avoided each week."""
        return sum(flow.weeks for flow in self.flows)


@dataclass(frozen=True)
class Plan:
    """Pairs, most weeks avoided first, and the most that any plan within the limits could avoid."""

    pairs: tuple[Pair, ...]
    bound: float  # weeks of long waiting a week

    @property
    def flows(self) -> tuple[Flow, ...]:
        return tuple(flow for pair in self.pairs for flow in pair.flows)

    @property
    def a_week(self) -> float:
        """Appointments offered a week."""
        return sum(pair.a_week for pair in self.pairs)

    @property
    def weeks(self) -> float:
        """Weeks of long waiting avoided each week."""
        return sum(pair.weeks for pair in self.pairs)

    @property
    def gap(self) -> float:
        """How far the best possible plan could lie above this one, as a fraction of this one."""
        return max(self.bound - self.weeks, 0.0) / self.weeks if self.weeks > 0 else 0.0

    @property
    def proven(self) -> bool:
        """Whether no plan within the limits avoids more, but for a thousandth."""
        return self.gap <= 1e-3

    @property
    def trusts(self) -> frozenset[Trusts]:
        return frozenset(pair.trusts for pair in self.pairs)
