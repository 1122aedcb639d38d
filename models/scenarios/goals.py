"""Goals a planner sets for a list: a measure, the value to reach, the month and the probability asked for.

A goal is met in a simulated future if the list meets it in the last whole week of its month; it is reached if
it is met in as large a share of the futures as the probability asked for.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models import statements as answers
from models.errors import TandemError
from models.rtt import measures, months
from models.rtt.measures import Measure
from models.statements import Interval

GOALS: Mapping[str, str] = MappingProxyType(
    {"within-18": "share_within_18", "over-52": "over_52", "over-65": "over_65", "list": "waiting"}
)  # as a planner names them, and the measures they are read from
MOST_PATIENTS = 100_000_000  # more than anyone would ask for; past it a number was mistyped
SURENESS = (0.05, 0.99)  # the probabilities that some hundred futures can tell apart from never and always
CONFIDENCE = 0.8  # of the interval about a least amount, as of every range in Tandem
_GOAL = re.compile(r"([a-z0-9-]+)\s*=\s*([0-9][0-9,]*(?:\.[0-9]+)?)\s*%?")


@dataclass(frozen=True)
class Goal:
    """A measure to bring to `value` by the end of `month` ('YYYY-MM') with `probability` (0 to 1).

    `name` is one of GOALS; `value` is percent for within-18, which is to be that much or more, and patients
    for the others, which are to be that many or fewer. Raises TandemError, naming the range, for what cannot
    be asked.
    """

    name: str
    value: float
    month: str
    probability: float = 0.8

    def __post_init__(self) -> None:
        if self.name not in GOALS:
            raise TandemError(f"There is no goal called {self.name!r}.", f"The goals are {', '.join(GOALS)}.")
        months.parse_month(self.month)
        low, high = SURENESS
        if not low <= self.probability <= high:
            raise TandemError(
                f"The probability asked for is {self.probability:g}, outside {low:g} to {high:g}.",
                "Give it as a share: 0.8 is four futures in five.",
            )
        if self.measure.is_share and not 0 < self.value <= 100:
            raise TandemError(
                f"The goal {self.name} is {self.value:g}%, outside 0 to 100%.",
                "Give percent, such as within-18=92.",
            )
        if not self.measure.is_share and not (
            0 <= self.value <= MOST_PATIENTS and float(self.value).is_integer()
        ):
            raise TandemError(
                f"The goal {self.name} is {self.value:,g} patients, outside the whole numbers from 0 to "
                f"{MOST_PATIENTS:,}.",
                "Give whole patients, such as over-65=0 or list=200000.",
            )

    @property
    def measure(self) -> Measure:
        return measures.measure(GOALS[self.name])

    @property
    def at_least(self) -> bool:
        """Whether more is better: the share within 18 weeks, unlike counts of patients."""
        return self.measure.is_share

    def met(self, values: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Whether each future's value, in percent or patients, meets the goal. (R,)"""
        return np.asarray(values >= self.value if self.at_least else values <= self.value)

    def assured(self, values: NDArray[np.float64]) -> float:
        """The value that the share of futures asked for do as well as, or better: what can be counted on.

        The goal is reached exactly if this value meets it.
        """
        ordered = np.sort(values)[::-1] if self.at_least else np.sort(values)
        return float(ordered[self.needed(len(values)) - 1])

    def needed(self, replications: int) -> int:
        """The futures, of `replications`, that must meet the goal: the share asked for, rounded up."""
        return max(math.ceil(self.probability * replications - 1e-9), 1)

    def ranks(self, replications: int) -> tuple[int, int]:
        """The futures between whose least amounts the true one lies with 80% confidence, each from 1.

        The least amount for the goal is the quantile, at the probability asked for, of the futures' own least
        amounts. How many of those fall below the true quantile is binomial, whatever their distribution; the
        10th percentile of that number and one past the 90th are the ranks (David and Nagaraja, Order
        Statistics, 2003, section 7.1). The second may be past the last: too few futures for an upper end.
        """
        tail = (1 - CONFIDENCE) / 2
        below = np.cumsum(
            [
                math.comb(replications, k)
                * self.probability**k
                * (1 - self.probability) ** (replications - k)
                for k in range(replications + 1)
            ]
        )
        lower, upper = np.searchsorted(below, (tail - 1e-12, 1 - tail - 1e-12))
        needed = self.needed(replications)
        return min(max(int(lower), 1), needed), max(int(upper) + 1, needed)

    def weeks(self, data_month: str) -> int:
        """The weeks to simulate from the list of `data_month` to the last whole week of the goal's month.

        Raises TandemError where the month ends before the first simulated week does.
        """
        ahead = (months.last_day(self.month) - months.first_simulated_monday(data_month)).days + 1
        if ahead < 7:
            raise TandemError(
                f"The goal is set for {months.month_label(self.month)}, and the figures are those of "
                f"{months.month_label(data_month)}.",
                f"Choose a month after {months.month_label(data_month)}.",
            )
        return ahead // 7

    @property
    def phrase(self) -> str:
        """What is asked for: '92% or more within 18 weeks', 'nobody waiting over 65 weeks'."""
        if self.at_least:
            return f"{self.value:g}% or more {self.measure.phrase}"
        if self.value == 0:
            return f"nobody {self.measure.phrase}"
        return f"{self.value:,.0f} or fewer {self.measure.phrase}"

    @property
    def sentence(self) -> str:
        """The goal in a sentence: '92% or more within 18 weeks by August 2027, with a probability of 80%.'"""
        phrase = f"{self.phrase} by {months.month_label(self.month)}, with a probability of "
        return f"{phrase[0].upper()}{phrase[1:]}{answers.percent(100 * self.probability)}."

    def said(self, value: float) -> str:
        """A value of the measure: percent with its sign, or patients with thousands separators."""
        return answers.percent(value) if self.at_least else answers.count(value)

    def outcome(self, found: Interval) -> str:
        """What the list is at the end, with its 80% range: '91.2% (80%: 88.4% to 93.9%) within 18 weeks'."""
        ends = [self.said(end) for end in (found.lower, found.upper)]
        between = f" (80%: {ends[0]} to {ends[1]})" if ends[0] != ends[1] else ""
        return f"{self.said(found.mean)}{between} {self.measure.phrase}"

    def document(self) -> dict[str, Any]:
        """The goal as plain values."""
        return {"goal": self.name, "value": self.value, "by": self.month, "probability": self.probability}


def read_goal(text: str, month: str, probability: float = 0.8) -> Goal:
    """The goal written as 'within-18=92', 'over-52=0', 'over-65=0' or 'list=200,000'; raises TandemError."""
    matched = _GOAL.fullmatch(text.strip().lower())
    if matched is None or matched[1] not in GOALS:
        raise TandemError(
            f"{text!r} is not a goal.", "Write within-18=92 (percent), over-52=0, over-65=0 or list=200000."
        )
    return Goal(matched[1], float(matched[2].replace(",", "")), months.parse_month(month), probability)
