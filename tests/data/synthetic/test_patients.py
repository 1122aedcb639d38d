"""Made-up patients on the shipped figures: as many as the real list has, where and who it says they are."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from data.database.store import Store
from data.imports.patients import read_patients
from data.imports.templates import as_written
from data.returns import lists
from data.returns.home_areas import catchments, list_shares, middles, small_areas
from data.synthetic.patients import MOST, synthetic_patients, waiting
from models.columns import names
from models.errors import TandemError
from models.matching.columns import PATIENTS
from models.matching.inputs import matching_inputs
from models.rtt.organisations import great_circle_miles
from models.scenarios.assumptions import virtual_ceiling
from tests.data.imports.lists import csv_file, slot_row

pytestmark = pytest.mark.integration

AS_OF = date(2026, 11, 22)
TRUST = "RXN"  # Lancashire Teaching Hospitals
CELL = ["home_provider", "treatment_function", "weeks_waited"]


@pytest.fixture(scope="module")
def everyone(reference_store: Store) -> pd.DataFrame:
    return synthetic_patients(reference_store, "QE1", None, 1, AS_OF)


@pytest.fixture(scope="module")
def sample(reference_store: Store) -> pd.DataFrame:
    return synthetic_patients(reference_store, "QE1", 10_000, 1, AS_OF)


def test_all_of_them_agree_with_the_real_list_cell_by_cell(
    everyone: pd.DataFrame, reference_store: Store
) -> None:
    assert np.array_equal(
        np.bincount(everyone["weeks_waited"], minlength=105), lists.profile(reference_store, "QE1", "2025-08")
    )
    providers, functions, counts = waiting(reference_store, "QE1", "2025-08")
    index = pd.MultiIndex.from_arrays([providers, functions])
    drawn = everyone.groupby(CELL).size().unstack(fill_value=0).reindex(columns=range(105), fill_value=0)
    assert (drawn.reindex(index).to_numpy() == counts.sum(axis=2)).all()
    decided = everyone["setting"].isin(["day_case", "inpatient"])
    found = np.bincount(everyone.loc[decided, "weeks_waited"], minlength=105)
    assert np.array_equal(found, counts[:, :, 1].sum(axis=0))
    # providers return a few more with a decision than wait in all: in such a cell all have one
    dta = lists.profile(reference_store, "QE1", "2025-08", "dta")
    assert (found <= dta).all()
    assert dta.sum() - found.sum() < 0.001 * dta.sum()
    assert everyone["synthetic"].all()
    assert everyone["patient_id"].is_unique


def test_a_sample_has_its_share_of_every_cell(sample: pd.DataFrame, everyone: pd.DataFrame) -> None:
    assert len(sample) == 10_000
    for by in (CELL[:1], CELL[:2], CELL):
        whole, part = everyone.groupby(by).size(), sample.groupby(by).size()
        share = whole * 10_000 / len(everyone)
        assert (part.reindex(whole.index, fill_value=0) - share).abs().max() < 1.0


def test_equal_seeds_give_equal_patients(sample: pd.DataFrame, reference_store: Store) -> None:
    pd.testing.assert_frame_equal(synthetic_patients(reference_store, "QE1", 10_000, 1, AS_OF), sample)
    other = synthetic_patients(reference_store, "QE1", 10_000, 2, AS_OF)
    assert not other["bmi"].equals(sample["bmi"])


def test_homes_are_in_the_catchment_within_sampling_error(everyone: pd.DataFrame) -> None:
    here = everyone[everyone["home_provider"] == TRUST]
    published = catchments().query("provider == @TRUST").set_index("district")["share"]
    published = published / published.sum()
    found = here["home_area"].value_counts(normalize=True).reindex(published.index, fill_value=0)
    assert set(here["home_area"]) <= set(published.index)
    error = np.sqrt(published * (1 - published) / len(here))
    assert ((found - published).abs() / error).max() < 4.5
    latitude, longitude = middles(here["home_area"])
    miles = great_circle_miles(here["latitude"], here["longitude"], latitude, longitude)
    assert np.median(miles) < 8  # of the middle of the district


def test_age_sex_and_deprivation_are_as_published(everyone: pd.DataFrame) -> None:
    here = everyone[everyone["home_provider"] == TRUST]
    published = list_shares().query("code == @TRUST").set_index(["dimension", "group"])["share"]
    female = (here["sex"] == "female").mean()
    children = here["age_band"].isin(["0-4", "5-15", "16-17"]).mean()
    # four standard errors: sqrt(0.5 x 0.5 / 70,000) x 4 = 0.0076
    assert female == pytest.approx(published["sex", "female"], abs=0.008)
    assert children == pytest.approx(published["age", "0-18"], abs=0.008)
    tenths = here["deprivation"].value_counts(normalize=True).sort_index()
    wanted = [published["deprivation", str(tenth)] for tenth in range(1, 11)]
    assert tenths.to_numpy() == pytest.approx(np.array(wanted), abs=0.02)
    gynaecology = here[here["treatment_function"] == "C_502"]
    assert (gynaecology["sex"] == "female").mean() > 0.95


def test_access_to_video_falls_with_age_and_exclusion_and_averages_as_assumed(everyone: pd.DataFrame) -> None:
    suited = everyone[
        (everyone["treatment_function"] == "C_320") & (everyone["setting"] == "first_outpatient")
    ]
    oldest, middle = suited["age_band"] == "80+", suited["age_band"] == "40-49"
    assert suited.loc[oldest, "can_video"].mean() < suited.loc[middle, "can_video"].mean() - 0.1
    most, least = suited["deprivation"] <= 2, suited["deprivation"] >= 9
    assert suited.loc[most, "can_video"].mean() < suited.loc[least, "can_video"].mean() - 0.02
    assert (~everyone["can_video"] | everyone["can_telephone"]).all()
    assert not everyone.loc[everyone["setting"] == "day_case", "can_telephone"].any()
    # of the adults who are clinically suited 6% can use neither, and 6% more only the telephone
    adults = everyone[~everyone["age_band"].isin(["0-4", "5-15", "16-17"])]
    adults = adults[adults["setting"].isin(["first_outpatient", "follow_up"])]
    suited_share = adults["treatment_function"].map(virtual_ceiling).mean() / 100
    assert adults["can_telephone"].mean() == pytest.approx(suited_share * 0.94, abs=0.01)
    assert adults["can_video"].mean() == pytest.approx(suited_share * 0.88, abs=0.01)


def test_they_are_read_back_and_matched(sample: pd.DataFrame) -> None:
    from io import BytesIO

    from data.imports.slots import read_slots

    assert list(sample) == names(PATIENTS)
    some = sample.iloc[:500].reset_index(drop=True)
    text = BytesIO(as_written(some, PATIENTS).to_csv(index=False).encode())
    pd.testing.assert_frame_equal(read_patients(text, AS_OF), some)
    assert len(matching_inputs(sample, read_slots(csv_file(slot_row()), AS_OF), AS_OF).patients.ids) == 10_000


def test_a_provider_without_a_catchment_has_its_boards_trusts(sample: pd.DataFrame) -> None:
    elsewhere = sample[~sample["home_provider"].isin(catchments()["provider"])]
    assert len(elsewhere) > 50
    assert set(elsewhere["home_area"]) <= set(small_areas()["district"])
    assert elsewhere["latitude"].between(53, 55.2).mean() > 0.95  # Lancashire and South Cumbria


@pytest.mark.parametrize("size", [0, 229_089])
def test_more_than_wait_are_refused(reference_store: Store, size: int) -> None:
    with pytest.raises(TandemError, match="229,088 wait in QE1") as fault:
        synthetic_patients(reference_store, "QE1", size, 1, AS_OF)
    assert fault.value.remedy == "Ask for 1 to 229,088."


def test_what_can_not_be_asked(reference_store: Store) -> None:
    with pytest.raises(TandemError, match=f"{MOST:,} at most"):
        synthetic_patients(reference_store, "ENGLAND", None, 1, AS_OF)
    with pytest.raises(TandemError, match="There is no board 'QQQ'"):
        synthetic_patients(reference_store, "QQQ", 10, 1, AS_OF)
    with pytest.raises(TandemError, match="January 2020 is not held"):
        synthetic_patients(reference_store, "QE1", 10, 1, AS_OF, "2020-01")
