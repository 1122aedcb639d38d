"""Milestones a planner sets for an expectation that no figure measures: what is to be done, and by when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from models.errors import TandemError
from models.outcomes.expectations import EXPECTATIONS
from models.rtt import months

LONGEST = 200  # characters of what is to be done
LONGEST_WHO = 80


@dataclass(frozen=True)
class Milestone:
    """One version of a milestone; `who` is as the person called herself, `changed_at` UTC without a zone.

    Raises TandemError for an unknown expectation, a month that isn't one, or a text blank or too long.
    """

    scope: str  # a board's code
    expectation: str
    name: str  # what is to be done
    due: str  # month, 'YYYY-MM'
    who: str
    done: bool = False
    id: str = ""  # given when it is first saved
    version: int = 0
    deleted: bool = False
    changed_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.expectation not in EXPECTATIONS:
            raise TandemError(
                f"There is no expectation called '{self.expectation[:40]}'.",
                f"The ten are {', '.join(EXPECTATIONS)}.",
            )
        months.parse_month(self.due)
        for what, text, most in (("milestone", self.name, LONGEST), ("name", self.who, LONGEST_WHO)):
            if not text.strip():
                blank = "says nothing to be done" if what == "milestone" else "has nobody's name"
                raise TandemError(f"The milestone {blank}.", "Fill it in and save again.")
            if len(text) > most:
                raise TandemError(f"The {what} has {len(text):,} characters.", f"Keep it to {most:,}.")

    def overdue(self, today: date) -> bool:
        """Whether its month is over and it is not done."""
        return not self.done and today > months.last_day(self.due)

    def said(self, today: date) -> str:
        """It in a line: 'Patient panel meets (due March 2026): done'."""
        state = "done" if self.done else "overdue" if self.overdue(today) else "to do"
        return f"{self.name} (due {months.month_label(self.due)}): {state}"


def progress_said(milestones: Iterable[Milestone], today: date) -> str:
    """How far milestones are: '1 of 3 milestones done, 1 overdue'; that none is set where there is none."""
    known = list(milestones)
    if not known:
        return "No milestone set"
    overdue = sum(each.overdue(today) for each in known)
    progress = f"{sum(each.done for each in known)} of {len(known)} "
    progress += f"{'milestone' if len(known) == 1 else 'milestones'} done"
    return f"{progress}, {overdue} overdue" if overdue else progress
