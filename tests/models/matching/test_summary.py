"""What a matching comes to."""

import numpy as np
import pandas as pd
import pytest

from models.matching.preview import preview_matching
from models.matching.summary import flows, give_and_take, summary
from tests.models.matching.small_lists import MILE, TERMS, frame, patient, slot

pytestmark = pytest.mark.unit

# P1 and P2 of RWE, P3 of RNS; two places 10 miles off, one 30 miles off
PATIENTS = frame(
    patient("P1", weeks_waited=60, next_appointment=pd.Timestamp("2026-10-05"), travel_miles=20.0),
    patient("P2", weeks_waited=50, expected_weeks=11.0),
    patient("P3", home_provider="RNS", weeks_waited=40, travel_miles=20.0),
    patient("P4", weeks_waited=30, home_approval="no"),
)
SLOTS = frame(
    slot("S1", count=2, latitude=52 + 10 * MILE),
    slot("S2", provider="RNS", latitude=52 + 30 * MILE, price=180.0),
    slot("S3", provider="RNS", weeks=-2, count=9),
)


def test_figures_of_a_matching() -> None:
    preview = summary(preview_matching(PATIENTS, SLOTS, TERMS))
    assert (preview.patients, preview.places, preview.matched, preview.confirmed) == (4, 3, 3, 0)
    # P1: week of 5 October less week of 7 September is 4; P2: 11 - 1 is 10
    assert (preview.weeks_saved, preview.weeks_known_for) == (14.0, 2)
    # 10, 10 and 30 miles: the 90th percentile lies 0.8 of the way from 10 to 30
    assert (preview.median_miles, preview.miles_90) == (10.0, 26.0)
    assert preview.share_with_choice == 0.0
    assert preview.share_with_standby == 0.25  # P2 alone may go to either
    assert preview.sentences()[:3] == [
        "3 of 4 patients have a place (75%), 0 of them accepted; 0 of 3 places are left.",
        "14 weeks of waiting saved, over the 2 matched patients whose wait at home is known.",
        "3 travel: half of them 10 miles or less, nine in ten 26 or less, as the crow flies.",
    ]


def test_who_gives_and_who_takes() -> None:
    preview = preview_matching(PATIENTS, SLOTS, TERMS)
    assert give_and_take(preview).to_numpy().tolist() == [
        ["NVC07", 0, 0, 2, 2],
        ["RNS", 1, 1, 1, 1],
        ["RWE", 3, 2, 0, 0],
    ]
    assert flows(preview).to_numpy().tolist() == [
        ["RNS", "NVC07", 1, 10.0],
        ["RWE", "NVC07", 1, 10.0],
        ["RWE", "RNS", 1, 30.0],
    ]
    assert preview.matches["price"].fillna(0).tolist() == [0.0, 180.0, 0.0]


def test_nothing_matched_says_so() -> None:
    preview = summary(preview_matching(PATIENTS.iloc[3:], SLOTS, TERMS))
    assert preview.sentences()[:2] == [
        "0 of 1 patients have a place (0%), 0 of them accepted; 3 of 3 places are left.",
        "No matched patient's wait at home is known, so weeks saved are not counted.",
    ]
    assert np.isnan(preview.median_miles)


def test_made_up_rows_are_called_synthetic() -> None:
    made_up = preview_matching(PATIENTS.assign(synthetic=True), SLOTS, TERMS)
    assert made_up.matches["synthetic"].all()
    assert summary(made_up).sentences()[0].startswith("Synthetic: ")
