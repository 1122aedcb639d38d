"""The sentences of a matching: why no place, what would change it, why a place has no patient."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from models.matching.columns import LABELS
from models.matching.inputs import Ints, monday_of
from models.matching.proof import SPARE_IN_REACH
from models.matching.reasons import HELD_AHEAD, Unmatched, Unused
from models.matching.rules import RULES, WITHIN
from models.rtt.treatment_functions import TREATMENT_FUNCTIONS

HELD_AHEAD_NAME = "held_ahead"  # beside the rules' names: places there are, and others hold them
FIT_ELSEWHERE_NAME = "placed_elsewhere"  # of a place left: whoever could use it holds another
NOBODY_NAME = "nobody"  # of a place left: nobody waits for it
NO_CHANGE = "No single change would do."


def binding_names(unmatched: Unmatched, function_offered: bool, setting_offered: bool) -> list[str]:
    """Gives each unmatched patient's binding rule by name."""
    if not function_offered:
        return ["treatment_function"] * len(unmatched.patient)
    if not setting_offered:
        return ["setting"] * len(unmatched.patient)
    names = [rule.name for rule in WITHIN] + [HELD_AHEAD_NAME]
    return [names[rule] for rule in unmatched.binding]


def values_of(patients: pd.DataFrame) -> list[dict[str, str]]:
    """Gives, for each patient, the values the rules' sentences name, as a reader writes them."""
    booked = pd.to_datetime(patients["next_appointment"])
    return [
        dict(zip(_NAMED, values, strict=True))
        for values in zip(
            [TREATMENT_FUNCTIONS[code].name for code in patients["treatment_function"]],
            [LABELS[setting] for setting in patients["setting"]],
            patients["priority"].astype(str),
            _numbers(patients["asa"], "ASA grade {:g}", "an ASA grade that is not known"),
            _numbers(patients["bmi"], "a BMI of {:g}", "a BMI that is not known"),
            ("age " + patients["age_band"].astype(object)).fillna("an age that is not known"),
            [_miles(miles) for miles in patients["travel_miles"]],
            booked.dt.strftime("%-d %B %Y").fillna("none"),
            strict=True,
        )
    ]


_NAMED = (
    "treatment_function",
    "setting",
    "priority",
    "asa",
    "bmi",
    "age_band",
    "travel_miles",
    "next_appointment",
)


def _numbers(column: pd.Series, known: str, unknown: str) -> list[str]:
    found = pd.to_numeric(column).to_numpy(float, na_value=np.nan)
    return [unknown if np.isnan(value) else known.format(value) for value in found]


def _miles(miles: float) -> str:
    return "any distance" if np.isinf(miles) else f"{miles:g} {'mile' if miles == 1 else 'miles'}"


def _places(count: int) -> str:
    return "1 place" if count == 1 else f"{count:,} places"


def reasons(
    unmatched: Unmatched, names: Sequence[str], closed: Sequence[int], values: Sequence[dict[str, str]]
) -> Iterator[str]:
    """Yields why each patient has no place."""
    for row, name in enumerate(names):
        if name != HELD_AHEAD_NAME:
            yield f"No place: {RULES[name].fails.format(**values[row])}."
        elif unmatched.suitable[row] == 0:
            yield "Every place that would suit has been accepted by somebody already."
        else:
            suitable = int(unmatched.suitable[row])
            all_of_them = "The 1 place" if suitable == 1 else f"All {suitable:,} places"
            yield (
                f"{all_of_them} that would suit {'is' if suitable == 1 else 'are'} held by patients with at "
                "least as strong a claim. They could go nowhere but to "
                f"{_places(int(closed[row]))}, all held in the same way."
            )


def changes(unmatched: Unmatched, values: Sequence[dict[str, str]]) -> Iterator[tuple[str, int, str]]:
    """Yields, for each patient, the rule whose change alone gives a place, how many, and the sentence.

    Of several, the last of the waterfall, which is the patient's own to change. Blank and 0 where there is
    none.
    """
    mendable = np.array([bool(rule.change) for rule in WITHIN])
    winning = (unmatched.would_win > 0) & mendable
    last = winning.shape[1] - 1 - np.argmax(winning[:, ::-1], axis=1)
    for row, any_wins in enumerate(winning.any(axis=1)):
        if not any_wins:
            yield "", 0, NO_CHANGE
            continue
        rule = WITHIN[last[row]]
        count = int(unmatched.would_win[row, last[row]])
        nearest = unmatched.nearest[row]
        if rule.name == "distance" and np.isfinite(nearest):
            least = int(np.ceil(nearest))
            sentence = f"A place within {least} miles; willing {values[row]['travel_miles']}."
            if count > 1:
                sentence = f"{sentence} {_places(count)} if distance did not count."
        elif rule.name == "distance":
            sentence = f"{_places(count)} if it were known where the patient lives."
        else:
            sentence = f"{_places(count)} if {rule.change.format(**values[row])}."
            if rule.name == "before_appointment" and unmatched.earliest[row] != SPARE_IN_REACH:
                first = monday_of(np.array([unmatched.earliest[row]], dtype=np.int32))[0].item()
                sentence = f"{sentence[:-1]}, from the week of {first:%-d %B %Y}."
        yield rule.name, count, sentence


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
