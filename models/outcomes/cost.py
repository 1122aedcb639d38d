"""What a scenario costs at prices that the planner gives; Tandem has none of its own.

Counted is what a scenario adds: clinic sessions, theatre slots, independent-sector patients and emeritus
sessions, as planned, whether or not all of them find somebody to see. Nothing that a scenario saves is set
against it.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType

from models.errors import TandemError
from models.scenarios.scenario import LeverSetting, Scenario
from models.statements import Interval, count, rounded

DEAREST = 1_000_000  # pounds for one session, slot or patient


@dataclass(frozen=True)
class Item:
    """Something a scenario adds by the week: its lever, the setting that says how much, what it is called."""

    lever: str
    parameter: str
    label: str
    unit: str
    is_session: bool  # whether it takes a session of a clinic's staff


ITEMS: Mapping[str, Item] = MappingProxyType(
    {
        "clinic": Item("extra_sessions", "clinics", "Extra clinic sessions", "session", True),
        "theatre": Item("extra_sessions", "theatre_slots", "Extra theatre slots", "patient", False),
        "independent": Item("independent_sector", "slots", "Independent-sector slots", "patient", False),
        "emeritus": Item("emeritus_consultants", "sessions", "Emeritus sessions", "session", True),
    }
)


@dataclass(frozen=True)
class Prices:
    """Pounds for one of each item of `ITEMS`; None where the planner has given no price."""

    clinic: float | None = None
    theatre: float | None = None
    independent: float | None = None
    emeritus: float | None = None

    def __post_init__(self) -> None:
        for name, price in self.given().items():
            if not 0 <= price <= DEAREST:  # also refuses nan
                raise TandemError(
                    f"The price of one of '{ITEMS[name].label.lower()}' is {price:g} pounds.",
                    f"Give 0 to {DEAREST:,}, or leave it out.",
                )

    def given(self) -> dict[str, float]:
        """The prices that were given, pounds by item."""
        prices = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: float(price) for name, price in prices.items() if price is not None}

    def said(self) -> str:
        """The prices in words, as an export prints them; blank if there are none."""
        return "; ".join(
            f"{ITEMS[name].label.lower()} {pounds(price)} each" for name, price in self.given().items()
        )


def read_prices(parts: Iterable[str], mark: str) -> Prices:
    """The prices in parts such as 'clinic=900': an item of `ITEMS` and pounds, `mark` between them.

    Raises TandemError that names the part that can't be read.
    """
    given: dict[str, float] = {}
    for part in parts:
        name, _, amount = part.partition(mark)
        try:
            pounds = float(amount)
        except ValueError:
            pounds = math.nan
        if name not in ITEMS or name in given or math.isnan(pounds):
            twice = "is given twice" if name in given else "can't be read"
            raise TandemError(
                f"The price '{part[:40]}' {twice}.",
                f"Write {', '.join(ITEMS)}, each once, with pounds up to {DEAREST:,}, such as "
                f"clinic{mark}900.",
            )
        given[name] = pounds
    return Prices(**given)


@dataclass(frozen=True)
class Cost:
    """What a scenario adds over a run, and what that comes to."""

    amounts: Mapping[str, float]  # over the run, by item of ITEMS, in its unit; only what is added at all
    sessions_a_week: float  # staff sessions in the fullest week
    pounds: float | None  # None where something that is added has no price
    unpriced: tuple[str, ...]  # labels of what is added and has no price

    @property
    def sessions(self) -> float:
        """Staff sessions over the run."""
        return sum(amount for name, amount in self.amounts.items() if ITEMS[name].is_session)


def cost_of(scenario: Scenario, prices: Prices, data_month: str, weeks: int) -> Cost:
    """What the scenario adds in the `weeks` after `data_month`, and its cost at these prices in pounds."""
    amounts = dict.fromkeys(ITEMS, 0.0)
    staffed = [0.0] * weeks
    for setting in scenario.levers:
        for name, item in ITEMS.items():
            if setting.lever.name != item.lever:
                continue
            first, last = _weeks_of(setting, data_month, weeks)
            a_week = setting.number(item.parameter)
            amounts[name] += a_week * (last - first)
            if item.is_session:
                for week in range(first, last):
                    staffed[week] += a_week
    added = {name: amount for name, amount in amounts.items() if amount > 0}
    given = prices.given()
    unpriced = tuple(ITEMS[name].label for name in added if name not in given)
    whole = None if unpriced else sum(amount * given[name] for name, amount in added.items())
    return Cost(MappingProxyType(added), max(staffed, default=0.0), whole, unpriced)


def for_each_avoided(cost: Cost, change: Interval) -> Interval | None:
    """Pounds for each long wait avoided: the cost over how many fewer wait long at the run's end.

    `change` is scenario less baseline, patients. None where there is no cost, or where the change is not
    clearly a fall, so that a few futures would divide by nothing.
    """
    if not cost.pounds or not change.clear or change.mean >= 0:
        return None
    return Interval(cost.pounds / -change.mean, cost.pounds / -change.lower, cost.pounds / -change.upper)


def pounds(value: float) -> str:
    """An amount as it is said, to three figures: '£1,230,000'; pence are not known."""
    return f"£{count(value)}"


def sessions_said(cost: Cost) -> str:
    """The staff sessions a scenario takes, in a sentence; blank where it takes none."""
    if not rounded(cost.sessions):
        return ""
    return (
        f"It takes {count(cost.sessions)} staff sessions over the run, "
        f"{count(cost.sessions_a_week)} a week at most."
    )


def cost_said(cost: Cost, change: Interval, weeks_waited: int = 52) -> str:
    """The cost in one sentence, with the cost of each long wait avoided where there is one."""
    if not cost.amounts:
        return "It adds nothing that is priced here."
    if cost.pounds is None:
        return f"No cost: {', '.join(cost.unpriced).lower()} have no price."
    sentence = f"It would cost {pounds(cost.pounds)} over the run"
    each = for_each_avoided(cost, change)
    if each is None:
        return f"{sentence}; there is no clear fall in those over {weeks_waited} weeks to hold it against."
    return (
        f"{sentence}, {pounds(each.mean)} for each wait over {weeks_waited} weeks avoided at its end "
        f"(80%: {pounds(each.lower)} to {pounds(each.upper)})."
    )


def _weeks_of(setting: LeverSetting, data_month: str, weeks: int) -> tuple[int, int]:
    """The weeks of a run in which a lever is in force: from the first to before the second."""
    end = setting.week("ends", data_month)
    last = weeks if end is None else min(end, weeks)
    return min(setting.week("starts", data_month) or 0, last), last
