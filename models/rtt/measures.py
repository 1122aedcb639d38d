"""What is read off a list: its measures by name, with their units and how a change in one is said."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from models import statements as answers
from models.errors import TandemError
from models.statements import Interval


@dataclass(frozen=True)
class Measure:
    """One measure of a list at a week's end; a change in it is in `unit_of_change`."""

    name: str
    label: str
    unit: str
    unit_of_change: str
    phrase: str  # who or what is meant: '1,200 fewer waiting'

    @property
    def is_share(self) -> bool:
        return self.unit == "%"

    def form(self, value: float) -> str:
        """A value as it is printed: whole patients, or percent to one decimal."""
        return f"{value:,.1f}" if self.is_share else f"{value:,.0f}"

    def say_change(self, change: Interval) -> str:
        """A change with its 80% band, without a full stop: '1,200 fewer waiting (80%: 1,100 to 1,300)'."""
        if self.is_share:
            return self._say_points(change)
        if change.none:
            return f"as many {self.phrase}"
        if not change.clear:
            between = answers.straddling(change, "fewer", "more")
            return f"no clear difference in those {self.phrase} (80%: {between})"
        way = "more" if change.mean > 0 else "fewer"
        return f"{answers.count(change.mean)} {way} {self.phrase} ({answers.spread(change)})"

    def _say_points(self, change: Interval) -> str:
        if max(abs(change.mean), abs(change.lower), abs(change.upper)) < 0.05:
            return f"the same share {self.phrase}"
        if not change.is_clear(0.05):
            ends = f"{answers.signed_points(change.lower)} to {answers.signed_points(change.upper)} points"
            return f"no clear difference in the share {self.phrase} (80%: {ends})"
        way = "more" if change.mean > 0 else "less"
        low, high = sorted((abs(change.lower), abs(change.upper)))
        return f"{abs(change.mean):.1f} points {way} {self.phrase} (80%: {low:.1f} to {high:.1f})"


def _over(weeks: int) -> Measure:
    waited = f"over {weeks} weeks"
    return Measure(f"over_{weeks}", waited.capitalize(), "patients", "patients", f"waiting {waited}")


MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        each.name: each
        for each in (
            Measure("waiting", "Waiting", "patients", "patients", "waiting"),
            Measure("share_within_18", "Within 18 weeks", "%", "points", "within 18 weeks"),
            Measure("within_18", "Waiting under 18 weeks", "patients", "patients", "waiting under 18 weeks"),
            *(_over(weeks) for weeks in (52, 65, 78, 104)),
            Measure(
                "waiting_admission", "Waiting for admission", "patients", "patients", "waiting for admission"
            ),
        )
    }
)
USUAL = ("waiting", "share_within_18", "over_52", "over_65")  # what is told where nothing else is asked for


def measure(name: str) -> Measure:
    """The measure called `name`; raises TandemError, naming the measures, if there is none."""
    found = MEASURES.get(name)
    if found is None:
        raise TandemError(f"There is no measure called {name!r}.", f"The measures are {', '.join(MEASURES)}.")
    return found
