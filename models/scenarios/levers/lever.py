"""What a lever is made of: its settings, their units and limits, and the moments that all share."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["number", "optional", "when", "table", "provider"]


@dataclass(frozen=True)
class Parameter:
    """One setting of a lever.

    `kind` is a plain number, an optional one (left empty: as today), a moment ('2026-04-06', or '+26w' after
    the first simulated week), a table of numbers by treatment function, or a provider's code. `low` and
    `high` are what a planner may choose, in `unit`. `neutral` is the value that changes nothing; where
    `neutral_today`, that is today's, which the register has under `assumption`.
    """

    name: str
    label: str
    kind: Kind = "number"
    unit: str = ""
    default: float | str | None = None
    neutral: float | None = None
    neutral_today: bool = False
    low: float = 0.0
    high: float = 100.0
    step: float = 1.0
    assumption: str | None = None  # key in the register of assumptions that stands behind it
    help: str = ""
    usual: Callable[[str], float] | None = None  # of a table: what holds for a treatment function if left out

    @property
    def can_vary(self) -> bool:
        """Whether it is a number with a value at which it changes nothing, from which it can be raised."""
        return self.kind == "number" and (self.neutral is not None or self.neutral_today)


@dataclass(frozen=True)
class Lever:
    """A named policy: what it does in a sentence, its settings, the document it comes from."""

    name: str
    title: str
    sentence: str
    parameters: tuple[Parameter, ...]
    source: str
    assumptions: tuple[str, ...] = ()  # register keys that decide what the lever achieves
    group: str = "Capacity and demand"  # of levers from one document, as the form shows them together
    limits_together: bool = False  # each of its numbers limits the same thing: one at neutral stops it

    def parameter(self, name: str) -> Parameter:
        return next(p for p in self.parameters if p.name == name)


STARTS = Parameter(
    "starts", "Starts", kind="when", default="+0w", help="A date, or weeks after the latest figures: +4w."
)
FULL_BY = Parameter(
    "full_by", "In full by", kind="when", default="+26w", help="It grows evenly from its start to this date."
)
ENDS = Parameter("ends", "Ends", kind="when", default="", help="Left empty, it carries on.")
