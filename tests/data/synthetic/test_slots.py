"""Made-up places on the shipped figures: as many as a share of the work done, or as the spare given."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from data.database.store import Store
from data.synthetic.patients import weekly_stops
from data.synthetic.slots import synthetic_slots
from models.columns import names
from models.errors import TandemError
from models.matching.columns import SLOTS

pytestmark = pytest.mark.integration

AS_OF = date(2026, 11, 22)  # a Sunday


def test_as_many_as_a_share_of_the_stops(reference_store: Store) -> None:
    found = synthetic_slots(reference_store, "QE1", 1, AS_OF)
    stops = weekly_stops(reference_store, "QE1", "2025-08").groupby("part")["stops"].sum()
    # 5% of admitted stops, and 5% x 1.4 appointments of the others, over 8 weeks; Poisson
    expected = 8 * 0.05 * (stops["admitted"] + 1.4 * stops["non_admitted"])
    assert found["count"].sum() == pytest.approx(expected, abs=4 * np.sqrt(expected))
    assert list(found) == names(SLOTS)
    assert found["synthetic"].all()
    assert found["slot_id"].is_unique
    assert found["week"].min() == pd.Timestamp(2026, 11, 23)
    assert found["week"].max() == pd.Timestamp(2027, 1, 11)
    assert (found["count"] > 0).all()
    assert found["latitude"].notna().mean() > 0.8
    independent = ~found["provider"].str.match("R..$")
    assert (found.loc[independent, "min_age"] == 18).all()
    pd.testing.assert_frame_equal(synthetic_slots(reference_store, "QE1", 1, AS_OF), found)


def test_as_many_as_the_spare_capacity_given(reference_store: Store) -> None:
    spare = pd.DataFrame(
        {
            "provider_code": ["RXN", "RXR", "RTX"],
            "tfc": ["C_110", "C_320", "C_502"],
            "spare_face_to_face": [50.0, 0.0, np.nan],
            "spare_virtual": [0.0, 80.0, np.nan],
            "spare_theatre": [20.0, 0.0, np.nan],
        }
    )
    found = synthetic_slots(reference_store, "QE1", 1, AS_OF, weeks=10, spare=spare)
    assert set(found["provider"]) == {"RXN", "RXR"}
    counts = found.groupby(["provider", found["medium"] == "face_to_face"])["count"].sum()
    # 10 weeks of 50 + 20 a week, and of 80; four standard deviations of a Poisson number
    assert counts["RXN", True] == pytest.approx(700, abs=4 * np.sqrt(700))
    assert counts["RXR", False] == pytest.approx(800, abs=4 * np.sqrt(800))
    admitted = found[found["setting"].isin(["day_case", "inpatient"])]
    assert admitted["count"].sum() == pytest.approx(200, abs=4 * np.sqrt(200))
    named = admitted.loc[admitted["procedure"].notna(), "count"].sum()
    assert named == pytest.approx(100, abs=4 * np.sqrt(100))  # half name a procedure
    assert found["site"].iloc[0] == "Lancashire Teaching Hospitals"


def test_weeks_that_can_not_be(reference_store: Store) -> None:
    for weeks in (0, 53):
        with pytest.raises(TandemError, match=f"{weeks} weeks of places"):
            synthetic_slots(reference_store, "QE1", 1, AS_OF, weeks)
