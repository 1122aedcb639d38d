"""The sentences of a matching: why no place, what would change it, why a place has no patient."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType

import numpy as np
import pandas as pd

from models.matching import rules
from models.matching.inputs import Ints
from models.matching.reasons import HELD_AHEAD, Unmatched, Unused
from models.matching.rule import Gain, Rule, places_counted
from models.matching.rules import RULES, WITHIN
from models.matching.solving.proof import SPARE_IN_REACH

HELD_AHEAD_NAME = "held_ahead"  # beside the rules' names: places there are, and others hold them
FIT_ELSEWHERE_NAME = "placed_elsewhere"  # of a place left: whoever could use it holds another
NOBODY_NAME = "nobody"  # of a place left: nobody waits for it
HEADINGS: Mapping[str, str] = MappingProxyType(  # of whatever may stand where a rule's name does
    {name: rule.heading for name, rule in RULES.items()}
    | {
        HELD_AHEAD_NAME: "Held by stronger claims",
        FIT_ELSEWHERE_NAME: "All who fit are placed",
        NOBODY_NAME: "Nobody waits for it",
    }
)
WEEK_BEGUN = (rules.not_past.name, "The week has begun.")  # of a place left in a week gone by
NO_CHANGE = "No single change would do."


def binding_names(unmatched: Unmatched, function_offered: bool, setting_offered: bool) -> list[str]:
    """Gives each unmatched patient's binding rule by name."""
    if not function_offered:
        return [rules.treatment_function.name] * len(unmatched.patient)
    if not setting_offered:
        return [rules.setting.name] * len(unmatched.patient)
    names = [rule.name for rule in WITHIN] + [HELD_AHEAD_NAME]
    return [names[rule] for rule in unmatched.binding]


def reasons(
    unmatched: Unmatched, names: Sequence[str], closed: Sequence[int], patients: pd.DataFrame
) -> Iterator[str]:
    """Yields why each patient has no place; `patients` are theirs of the list, in this order."""
    values_of = _values_of(patients)
    for row, name in enumerate(names):
        if name != HELD_AHEAD_NAME:
            yield f"No place: {RULES[name].fails.format(**values_of(RULES[name])[row])}."
        elif unmatched.suitable[row] == 0:
            yield "Every place that would suit has been accepted by somebody already."
        else:
            suitable = int(unmatched.suitable[row])
            all_of_them = "The 1 place" if suitable == 1 else f"All {suitable:,} places"
            yield (
                f"{all_of_them} that would suit {'is' if suitable == 1 else 'are'} held by patients with at "
                "least as strong a claim. They could go nowhere but to "
                f"{places_counted(int(closed[row]))}, all held in the same way."
            )


def changes(unmatched: Unmatched, patients: pd.DataFrame) -> Iterator[tuple[str, int, str]]:
    """Yields, for each patient, the rule whose change alone gives a place, how many, and the sentence.

    Of several, the last of the waterfall, which is the patient's own to change. Blank and 0 where there is
    none.
    """
    values_of = _values_of(patients)
    mendable = np.array([bool(rule.change) for rule in WITHIN])
    winning = (unmatched.would_win > 0) & mendable
    last = winning.shape[1] - 1 - np.argmax(winning[:, ::-1], axis=1)
    for row, any_wins in enumerate(winning.any(axis=1)):
        if not any_wins:
            yield "", 0, NO_CHANGE
            continue
        rule = WITHIN[last[row]]
        values, earliest = values_of(rule)[row], int(unmatched.earliest[row])
        gain = Gain(
            places=int(unmatched.would_win[row, last[row]]),
            nearest=float(unmatched.nearest[row]),
            earliest=None if earliest == SPARE_IN_REACH else earliest,
            values=values,
        )
        yield rule.name, gain.places, rule.tell(rule.change.format(**values), gain)


def _values_of(patients: pd.DataFrame) -> Callable[[Rule], list[dict[str, str]]]:
    """Gives what tells the patients' values in a rule's words, worked out once for each rule asked for."""
    return cache(lambda rule: rule.values_of(patients))


def unused_words(unused: Unused, patients: int) -> Iterator[tuple[str, str]]:
    """Yields why each batch has places left: the rule's name, and the sentence."""
    for row in range(len(unused.batch)):
        if patients == 0:
            yield NOBODY_NAME, "Nobody still to be matched waits for this treatment function and setting."
        elif unused.fit[row] > 0:
            yield FIT_ELSEWHERE_NAME, _placed(int(unused.fit[row]))
        else:
            yield _kept_out(unused.kept_out[row], int(unused.binding[row]))


def _placed(fit: int) -> str:
    if fit == 1:
        return "The 1 patient who could use it holds a place already."
    return f"All {fit:,} patients who could use it hold a place already."


def _kept_out(kept_out: Ints, binding: int) -> tuple[str, str]:
    most = int(np.argmax(kept_out))
    if kept_out[most] == 0:
        rule = WITHIN[min(binding, HELD_AHEAD - 1)]
        return (
            rule.name,
            f"No patient fits, nor would one if a single rule changed. The last fail: {rule.sentence}",
        )
    rule = WITHIN[most]
    kept = "1 patient is" if kept_out[most] == 1 else f"{kept_out[most]:,} patients are"
    return rule.name, f"No patient fits. {kept} kept out by one rule alone: {rule.sentence}"
