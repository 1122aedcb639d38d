"""A preview of a matching: both sides in, matches, offers, reasons and fairness out. It moves nobody."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.matching.answers import Standing, standing
from models.matching.fairness import share_matched
from models.matching.frames import matches_frame, offers_frame, unmatched_frame, unused_frame
from models.matching.priority_matching import NO_BLOCK
from models.matching.problems import Solved, solve_all
from models.matching.sides import Ints, Sides, sides_of
from models.matching.terms import Decision, Terms


@dataclass(frozen=True)
class Preview:
    """What a matching gives. Frames are for readers; `sides`, `standing` and `held` for what asks further.

    `matches` has a row a patient with a place; `offers` up to five a patient, best first; `unmatched` a row a
    patient without; `unused` a row a block with places left; `fairness` a row a group.
    """

    terms: Terms
    decisions: tuple[Decision, ...]
    sides: Sides
    standing: Standing
    held: Ints  # (N,): block of each patient, in the sides' order
    kept: tuple[tuple[int, int], ...]  # services kept and all, of problems pruned for least travel
    matches: pd.DataFrame
    offers: pd.DataFrame
    unmatched: pd.DataFrame
    unused: pd.DataFrame
    fairness: pd.DataFrame

    @property
    def matched(self) -> NDArray[np.bool_]:
        """Gives which patients have a place, (N,)."""
        return self.held != NO_BLOCK

    @property
    def synthetic(self) -> bool:
        """Gives whether any patient or slot was made up by Tandem."""
        made_up = self.sides.patient_frame["synthetic"], self.sides.slot_frame["synthetic"]
        return any(bool(rows.any()) for rows in made_up)


def preview(
    patients: pd.DataFrame,
    slots: pd.DataFrame,
    terms: Terms,
    decisions: Sequence[Decision] = (),
    progress: Callable[[float, str], None] | None = None,
) -> Preview:
    """Gives the preview of matching frames with the described columns, after the decisions so far.

    Whoever has accepted keeps that place; everyone else is matched afresh. The order of rows changes nothing.
    Raises TandemError for values that can't be, or acceptances that can't stand.
    """
    sides = sides_of(patients, slots, terms.as_of)
    answered = standing(sides, decisions)
    solved = solve_all(sides, answered, terms, progress)
    held = answered.confirmed.copy()
    for each in solved:
        winners = each.block != NO_BLOCK
        held[each.problem.patients[winners]] = each.problem.blocks[each.block[winners]]
    return Preview(
        terms=terms,
        decisions=tuple(decisions),
        sides=sides,
        standing=answered,
        held=held,
        kept=_pruned(solved),
        matches=matches_frame(sides, held, answered),
        offers=offers_frame(sides, answered, solved),
        unmatched=unmatched_frame(sides, solved),
        unused=unused_frame(sides, solved),
        fairness=share_matched(sides.patient_frame, held != NO_BLOCK),
    )


def _pruned(solved: Sequence[Solved]) -> tuple[tuple[int, int], ...]:
    return tuple((each.kept, each.options) for each in solved if each.kept < each.options)
