"""What the match preview says in more than one place: the banner, the headline, numbers in words."""

import numpy as np

from models.matching.preview import Preview

BANNER = (
    "**A preview for planners. No patient is moved by it.** A clinician decides, and the patient chooses; "
    "nobody is told of anything written here."
)


def headline(preview: Preview) -> str:
    """Gives the answer in a sentence: how many could have a place, and what it would save."""
    patients = len(preview.inputs.patients.ids)
    saved = preview.matches["weeks_saved"].dropna()
    words = f"{len(preview.matches):,} of {patients:,} patients could have a place"
    if len(saved):
        words += f" and save {three_figures(saved.sum())} weeks of waiting in all"
    return f"{words}. {patients - len(preview.matches):,} could not."


def three_figures(number: float) -> str:
    """Gives a number as it is said, to three figures: 18,700."""
    digits = 3 - len(f"{abs(number):.0f}")
    return f"{round(number, min(digits, 0)):,.0f}"


def rounded_miles(miles: float) -> str:
    """Gives a distance as it is said: '12 miles', 'distance not known', '0 miles'."""
    if np.isnan(miles):
        return "distance not known"
    return f"{miles:,.0f} {'mile' if round(miles) == 1 else 'miles'}"
