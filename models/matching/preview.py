"""A preview of a matching: two lists in, matches, offers, reasons and fairness out. It moves nobody."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.matching.answers import Standing, standing
from models.matching.fairness import share_matched
from models.matching.frames import matches_frame, offers_frame, unmatched_frame, unused_frame
from models.matching.inputs import Ints, MatchingInputs, matching_inputs
from models.matching.solving.priority_matching import NO_BATCH
from models.matching.solving.problems import Solved, solve_all
from models.matching.terms import Decision, Terms


@dataclass(frozen=True)
class Preview:
    """What a matching gives: frames for readers; `inputs`, `standing` and `assignment` for what asks further.

    `matches` has a row a patient with a place; `offers` up to five a patient, best first; `unmatched` a row a
    patient without; `unused` a row a slot batch with places left; `fairness` a row a group.
    """

    terms: Terms
    decisions: tuple[Decision, ...]
    inputs: MatchingInputs
    standing: Standing
    assignment: Ints  # (N,): batch of each patient, in the inputs' order
    kept: tuple[tuple[int, int], ...]  # services kept and all, of problems pruned for least travel
    matches: pd.DataFrame
    offers: pd.DataFrame
    unmatched: pd.DataFrame
    unused: pd.DataFrame
    fairness: pd.DataFrame

    @property
    def matched(self) -> NDArray[np.bool_]:
        """Gives which patients have a place, (N,)."""
        return self.assignment != NO_BATCH

    @property
    def synthetic(self) -> bool:
        """Gives whether any patient or slot was made up by Tandem."""
        made_up = self.inputs.patient_frame["synthetic"], self.inputs.slot_frame["synthetic"]
        return any(bool(rows.any()) for rows in made_up)


def preview_matching(
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
    inputs = matching_inputs(patients, slots, terms.as_of)
    answered = standing(inputs, decisions)
    solved = solve_all(inputs, answered, terms, progress)
    assignment = answered.confirmed.copy()
    for each in solved:
        winners = each.batch != NO_BATCH
        assignment[each.problem.patients[winners]] = each.problem.batches[each.batch[winners]]
    return Preview(
        terms=terms,
        decisions=tuple(decisions),
        inputs=inputs,
        standing=answered,
        assignment=assignment,
        kept=_pruned(solved),
        matches=matches_frame(inputs, assignment, answered),
        offers=offers_frame(inputs, answered, solved),
        unmatched=unmatched_frame(inputs, solved),
        unused=unused_frame(inputs, solved),
        fairness=share_matched(inputs.patient_frame, assignment != NO_BATCH),
    )


def _pruned(solved: Sequence[Solved]) -> tuple[tuple[int, int], ...]:
    return tuple((each.kept, each.options) for each in solved if each.kept < each.options)
