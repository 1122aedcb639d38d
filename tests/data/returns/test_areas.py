"""Areas on the shipped figures: sums equal the published flows, and waits are said where they are known."""

import numpy as np
import pandas as pd
import pytest

from data.database.store import Store
from data.returns import areas
from data.returns.organisations import providers_by_code
from data.returns.wait_curves import curves_of
from data.shipped import load as reference
from models.errors import TandemError
from models.rtt.organisations import Place
from models.waits.expected_waits import mixed, weeks_until

pytestmark = pytest.mark.integration

MONTH = "2025-08"
COUNTS = {"waiting": "total", "within_18": "within_18", "over_52": "over_52", "over_65": "over_65"}


def test_an_areas_sums_are_the_published_flows(reference_store: Store) -> None:
    for area in ["01A", *areas.areas(reference_store, "ENGLAND")["code"][::10]]:
        found = areas.flows_of(reference_store, area, MONTH)
        assert not found.duplicated(["treatment_function", "provider"]).any()
        columns = ", ".join(f"sum({column})" for column in COUNTS.values())
        [published] = reference_store.rows(
            f"SELECT {columns} FROM flows WHERE part = 'incomplete' AND month = ? AND commissioner = ?",
            [MONTH, area],
        )
        assert tuple(found[name].sum() for name in COUNTS) == published
        [(starts,)] = reference_store.rows(
            "SELECT sum(total) FROM flows WHERE part = 'starts' AND commissioner = ? "
            "AND month BETWEEN '2024-09' AND '2025-08'",
            [area],
        )
        assert found["starts"].sum() == starts


def test_the_areas_and_the_hubs_are_all_of_england(reference_store: Store) -> None:
    by_commissioner = dict(
        reference_store.rows(
            "SELECT commissioner, sum(total) FROM flows WHERE part = 'incomplete' AND month = ? GROUP BY ALL",
            [MONTH],
        )
    )
    codes = set(areas.areas(reference_store, "ENGLAND")["code"])
    assert len(codes) == 106
    hubs = sum(count for code, count in by_commissioner.items() if code not in codes and code != "NONC")
    own = sum(by_commissioner[code] for code in codes)
    england = {row["month"]: int(row["england_waiting"]) for row in reference.rows_of("months.csv")}
    assert own + hubs == england[MONTH]


def test_area_and_function_rows_agree(reference_store: Store) -> None:
    each = areas.area_waits(reference_store, "01A", MONTH)
    whole = areas.function_waits(reference_store, "01A", MONTH).set_index("treatment_function")
    summed = each.groupby("treatment_function")[["waiting", "starts", "over_52"]].sum()
    assert (summed == whole.loc[summed.index, summed.columns]).all(axis=None)
    assert each.groupby("treatment_function")["share"].sum().to_numpy() == pytest.approx(1.0)
    # where one is known is as the curves say; where not, the reason stands there
    assert (each["known"] == (each["why_not"] == "")).all()
    assert each.loc[~each["known"], "half_within"].isna().all()
    assert each.loc[each["known"], "half_within"].notna().all()
    here = each[(each["treatment_function"] == "C_110") & each["known"]]
    curves = curves_of(reference_store, MONTH)
    at = [curves.places()[code, "C_110"] for code in here["provider"]]
    expected = weeks_until(mixed(curves.untreated()[at], here["share"].to_numpy()), 0.5)
    assert whole.loc["C_110", "half_within"] == pytest.approx(float(expected))
    assert here["half_within"].min() <= whole.loc["C_110", "half_within"] <= here["half_within"].max()
    assert whole.loc["C_110", "known_share"] == pytest.approx(here["share"].sum())


def test_an_area_whose_trust_stopped_reporting_is_not_told(reference_store: Store) -> None:
    sheffield = areas.function_waits(reference_store, "03N", MONTH).set_index("treatment_function")
    assert not sheffield.loc["C_110", "known"]
    assert (
        "Sheffield Teaching Hospitals: nothing was returned in August 2025"
        in sheffield.loc["C_110", "why_not"]
    )
    with pytest.raises(TandemError, match="not known"):
        areas.remaining_waits(reference_store, "03N", "C_110", MONTH)


def test_a_merged_trusts_patients_are_its_successors(reference_store: Store) -> None:
    north_central = areas.flows_of(reference_store, "93C", MONTH)
    assert "RAP" not in set(north_central["provider"])
    assert "RAL" in set(north_central["provider"])


def test_what_remains_falls_with_what_was_waited(reference_store: Store) -> None:
    left = areas.remaining_waits(reference_store, "01A", "C_110", MONTH)
    today = areas.function_waits(reference_store, "01A", MONTH).set_index("treatment_function")
    assert left["waited"].tolist() == list(areas.AGES)
    assert left["half_within"][0] == pytest.approx(today.loc["C_110", "half_within"])
    assert (np.diff(left["waited"] + left["nine_in_ten_within"]) >= 0).all()


def test_alternatives_are_sooner_and_near(reference_store: Store) -> None:
    own = areas.function_waits(reference_store, "01A", MONTH).set_index("treatment_function")
    half = own.loc["C_110", "half_within"]
    wide = areas.alternatives(reference_store, "01A", "C_110", MONTH, 30)
    near = areas.alternatives(reference_store, "P81003", "C_110", MONTH, 15)
    assert len(wide) > 5
    assert (wide["half_within"] < half).all()
    assert wide["weeks_sooner"].to_numpy() == pytest.approx(half - wide["half_within"].to_numpy())
    assert wide["half_within"].is_monotonic_increasing
    assert set(wide["kind"]) == {"NHS trust", "Independent or other"}
    assert (near["miles"] <= 15).all()
    # from the practice itself, at 53.71 north and 2.29 west
    places = providers_by_code(reference_store)
    for row in near.itertuples():
        place = places[str(row.provider)].place
        assert place is not None
        assert row.miles == pytest.approx(Place(53.71, -2.29).miles_to(place))


def test_practices_and_their_areas(reference_store: Store) -> None:
    found = areas.practices("01A")
    assert found.loc[found["code"] == "P81003", "name"].item() == "St James' Medical Centre"
    assert areas.area_of("p81003") == "01A"
    assert areas.board_of(reference_store, "01A", MONTH) == "QE1"
    assert areas.areas(reference_store, "QE1")["name"].tolist()[:2] == ["Blackburn with Darwen", "Blackpool"]
    by_name = areas.find_practices("st james' medical")
    assert "P81003" in set(by_name["code"])
    assert set(areas.find_practices("BB4")["area"]) >= {"01A"}
    with pytest.raises(TandemError, match="not the code of a practice"):
        areas.area_of("P99999")
    with pytest.raises(TandemError, match="Nothing is published of area XYZ"):
        areas.flows_of(reference_store, "XYZ", MONTH)
    with pytest.raises(TandemError, match="no area or practice"):
        areas.alternatives(reference_store, "XYZ", "C_110", MONTH, 10)
    with pytest.raises(TandemError, match="no area 'XYZ'"):
        areas.board_of(reference_store, "XYZ", MONTH)


def test_every_area_has_practices_and_every_practice_an_area(reference_store: Store) -> None:
    codes = areas.areas(reference_store, "ENGLAND")["code"]
    found = pd.concat([areas.practices(code) for code in codes])
    # 6,693 with a practice's code, and 253 whose code begins with Y and whose name is a practice's
    assert len(found) == 6_946
    assert found["code"].is_unique
    assert min(len(areas.practices(code)) for code in codes) == 8


def test_waits_are_told_from_months_too_few_to_tell_what_is_spare(reference_store: Store) -> None:
    found = areas.alternatives(reference_store, "01A", "C_110", "2024-07", 20)
    assert len(found) > 3
    assert found["spare"].isna().all()


def test_too_few_months_are_said(reference_store: Store) -> None:
    with pytest.raises(TandemError, match="Only 2 months before June 2024"):
        curves_of(reference_store, "2024-06")
    with pytest.raises(TandemError, match="is not held"):
        curves_of(reference_store, "2026-01")
