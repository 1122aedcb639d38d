"""What a hard rule is: a test of patients against services, and everything that is said of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from string import Formatter

import numpy as np
import pandas as pd

from models.errors import TandemError
from models.matching.inputs import Flags
from models.matching.pairs import Pairs

Test = Callable[[Pairs], Flags]  # True for pairs that agree, of a shape that broadcasts to (N, S)
CellWords = Callable[[pd.Series], Sequence[str]]  # a column's cells, each as a reader writes it


@dataclass(frozen=True)
class Gain:
    """What a patient would gain if one rule alone were not there."""

    places: int
    nearest: float  # least miles beyond the patient's reach; infinity where none is known
    earliest: int | None  # first week among those too late for the patient
    values: Mapping[str, str]  # the patient's, in the rule's words

    @property
    def counted(self) -> str:
        """Gives the number of places: '1 place', '3 places'."""
        return places_counted(self.places)


def places_counted(count: int) -> str:
    """Gives a number of places: '1 place', '3 places'."""
    return "1 place" if count == 1 else f"{count:,} places"


def places_if(change: str, gain: Gain) -> str:
    """Gives the usual sentence of what would change it: '3 places if the home trust approved.'"""
    return f"{gain.counted} if {change}."


@dataclass(frozen=True, eq=False)
class Rule:
    """One hard rule; `fails` and `change` may name in braces the columns that `values` has words for.

    Raises TandemError if they name another, or the rule has no sentence.
    """

    name: str
    heading: str  # at the head of its column, and wherever rules are listed or counted: 'ASA grade'
    sentence: str  # what must hold
    fails: str  # why a patient has no place: 'No place: ...'
    change: str  # what would let the patient through: 'Three places if ...'; blank where nobody can change it
    passes: Test
    values: Mapping[str, CellWords] = field(default_factory=dict)  # by column of the list of patients
    tell: Callable[[str, Gain], str] = places_if  # the sentence of `change`, with what it would give

    def __post_init__(self) -> None:
        if not self.sentence:
            raise TandemError(
                f"The rule {self.name} does not say what must hold.", "Say it in its test's docstring."
            )
        named = {name for words in (self.fails, self.change) for _, name, _, _ in Formatter().parse(words)}
        unknown = sorted(name for name in named if name and name not in self.values)
        if unknown:
            raise TandemError(
                f"The rule {self.name} speaks of {', '.join(unknown)}, for which it has no words.",
                "Say in its values how the column's cells are written.",
            )

    def values_of(self, patients: pd.DataFrame) -> list[dict[str, str]]:
        """Gives each patient's values in the rule's words, by column."""
        if not self.values:
            return [{}] * len(patients)
        columns = [words(patients[name]) for name, words in self.values.items()]
        return [dict(zip(self.values, cells, strict=True)) for cells in zip(*columns, strict=True)]


def hard_rule(
    heading: str,
    *,
    fails: str,
    change: str = "",
    values: Mapping[str, CellWords] | None = None,
    tell: Callable[[str, Gain], str] = places_if,
) -> Callable[[Test], Rule]:
    """Makes the test below it a rule: its name is the rule's, and its docstring says what must hold."""

    def made(passes: Test) -> Rule:
        sentence = " ".join((passes.__doc__ or "").split())
        return Rule(passes.__name__, heading, sentence, fails, change, passes, values or {}, tell)

    return made


def numbers(known: str, unknown: str) -> CellWords:
    """Gives words for a column of numbers: `known` with the number in braces, `unknown` for a blank."""

    def words(cells: pd.Series) -> list[str]:
        values = pd.to_numeric(cells).to_numpy(float, na_value=np.nan)
        return [unknown if np.isnan(value) else known.format(value) for value in values]

    return words
