"""The inputs of a matching as arrays: waiting patients, and services with their places by week.

A service is what is offered alike in several weeks: one provider, site, medium and set of exclusions. A
batch is one row of the slots: a service's places in one week.
"""

from dataclasses import dataclass, fields
from datetime import date
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.columns import Column
from models.errors import TandemError
from models.matching.columns import (
    AGE_BANDS,
    APPROVALS,
    BY_PATIENT,
    DIAGNOSTICS,
    MEDIA,
    PATIENTS,
    SETTINGS,
    SLOTS,
)
from models.rtt.treatment_functions import TREATMENT_FUNCTIONS

NEVER = 2**30  # a day or week later than any other
_MONDAY = 4  # 5 January 1970 was a Monday, four days after NumPy's day 0

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class _Rows:
    def take(self, rows: NDArray[np.intp] | NDArray[np.int32]) -> Self:
        """Gives these rows alone, in this order."""
        return type(self)(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})


@dataclass(frozen=True)
class Patients(_Rows):
    """N waiting patients as arrays of N, in the order of their pseudonyms. NaN is not known."""

    ids: NDArray[np.object_]
    home_provider: Ints  # codes shared with the services
    treatment_function: Ints  # place in the returns' order
    setting: Ints  # place in SETTINGS
    procedure: Ints  # codes shared with the services; -1 none given
    priority: Ints  # 1 the most urgent
    weeks_waited: Ints
    deprivation: Floats  # tenth, 1 the most deprived
    appointment_day: Ints  # days since 1970; NEVER without one
    expected_weeks: Floats
    latitude: Floats
    longitude: Floats
    travel_miles: Floats  # infinity is anywhere
    asa: Floats
    bmi: Floats
    age_low: Floats  # the band's ends, years
    age_high: Floats
    can_video: Flags
    can_telephone: Flags
    needs_interpreter: Flags
    needs_diagnostic: Flags
    approval: Ints  # place in APPROVALS
    by_patient: Flags  # the patient's own right to ask

    @property
    def last_week(self) -> Ints:
        """Gives the last week before the one of the next appointment, in weeks as `week_of` counts."""
        week = (self.appointment_day - _MONDAY) // 7 - 1
        return np.where(self.appointment_day == NEVER, NEVER, week).astype(np.int32)


@dataclass(frozen=True)
class Services(_Rows):
    """S services as arrays of S. NaN is no limit, or a place that is not known."""

    provider: Ints
    treatment_function: Ints
    setting: Ints
    procedure: Ints  # -1: any
    medium: Ints  # place in MEDIA
    latitude: Floats
    longitude: Floats
    most_urgent: Floats
    min_bmi: Floats
    max_bmi: Floats
    max_asa: Floats
    min_age: Floats
    max_age: Floats
    interpreter: Flags
    diagnostic: Ints  # place in DIAGNOSTICS
    first_week: Ints  # first and last week with places, not in the past; NEVER where none
    last_week: Ints  # last week of all


@dataclass(frozen=True)
class SlotBatches(_Rows):
    """B slot batches as arrays of B, by service, then week, then name."""

    ids: NDArray[np.object_]
    service: Ints  # place in the services
    week: Ints
    count: Ints
    price: Floats  # pounds; NaN none given


@dataclass(frozen=True)
class MatchingInputs:
    """Patients, services and slot batches, with the frames they came from in the arrays' order."""

    patients: Patients
    services: Services
    batches: SlotBatches
    first_week: int  # the first that has not begun
    as_of_day: int
    patient_frame: pd.DataFrame
    slot_frame: pd.DataFrame


def week_of(day: date) -> int:
    """Gives the week a day is in, in weeks since that of 5 January 1970."""
    return ((day - date(1970, 1, 1)).days - _MONDAY) // 7


def monday_of(weeks: Ints) -> NDArray[np.datetime64]:
    """Gives the Mondays of weeks counted as `week_of` does."""
    return (weeks.astype(np.int64) * 7 + _MONDAY).astype("datetime64[D]")


def matching_inputs(patients: pd.DataFrame, slots: pd.DataFrame, as_of: date) -> MatchingInputs:
    """Gives the inputs as arrays from frames with the described columns; weeks begun by `as_of` are past.

    Columns that need not be filled may be left out. Raises TandemError for a missing or repeated name, or a
    value outside its list.
    """
    patients = _ordered(patients, PATIENTS, "patient_id", "The list of patients")
    slots = _ordered(slots, SLOTS, "slot_id", "The list of slots")
    as_of_day = (as_of - date(1970, 1, 1)).days
    first_week = -((_MONDAY - as_of_day) // 7)  # that of the first Monday on or after the day
    home, provider = _shared_codes(patients["home_provider"], slots["provider"])
    wanted, offered = _shared_codes(_plain(patients["procedure"]), _plain(slots["procedure"]))
    waiting = _patients(patients, home, wanted)
    week = (_days(slots["week"]) - _MONDAY) // 7
    by_row = _services(slots, provider, offered)
    service = _alike(by_row, _plain(slots["site"]))
    order = np.lexsort((week, service))  # stable: within a week by name
    batches = SlotBatches(
        ids=slots["slot_id"].to_numpy(object)[order],
        service=service[order],
        week=week[order],
        count=_ints(slots["count"])[order],
        price=_floats(slots["price"])[order],
    )
    services = by_row.take(order[np.searchsorted(batches.service, np.arange(service.max(initial=-1) + 1))])
    _weeks_with_places(services, batches, first_week)
    return MatchingInputs(
        waiting, services, batches, first_week, as_of_day, patients, slots.iloc[order].reset_index(drop=True)
    )


def _patients(patients: pd.DataFrame, home_provider: Ints, procedure: Ints) -> Patients:
    low, high = _age_ends(patients["age_band"])
    return Patients(
        ids=patients["patient_id"].to_numpy(object),
        home_provider=home_provider,
        procedure=procedure,
        treatment_function=_place_in(patients, "treatment_function", tuple(TREATMENT_FUNCTIONS)),
        setting=_place_in(patients, "setting", SETTINGS),
        priority=_ints(patients["priority"]),
        weeks_waited=_ints(patients["weeks_waited"]),
        appointment_day=_days(patients["next_appointment"]),
        age_low=low,
        age_high=high,
        approval=_place_in(patients, "home_approval", APPROVALS),
        by_patient=(patients["route"] == BY_PATIENT).to_numpy(bool),
        deprivation=_floats(patients["deprivation"]),
        expected_weeks=_floats(patients["expected_weeks"]),
        latitude=_floats(patients["latitude"]),
        longitude=_floats(patients["longitude"]),
        travel_miles=_floats(patients["travel_miles"]),
        asa=_floats(patients["asa"]),
        bmi=_floats(patients["bmi"]),
        can_video=patients["can_video"].to_numpy(bool),
        can_telephone=patients["can_telephone"].to_numpy(bool),
        needs_interpreter=patients["needs_interpreter"].to_numpy(bool),
        needs_diagnostic=patients["needs_diagnostic"].to_numpy(bool),
    )


def _services(slots: pd.DataFrame, provider: Ints, procedure: Ints) -> Services:
    """Gives each slot batch's service, one a row; its weeks are still to be told."""
    return Services(
        provider=provider,
        procedure=procedure,
        treatment_function=_place_in(slots, "treatment_function", tuple(TREATMENT_FUNCTIONS)),
        setting=_place_in(slots, "setting", SETTINGS),
        medium=_place_in(slots, "medium", MEDIA),
        interpreter=slots["interpreter"].to_numpy(bool),
        diagnostic=_place_in(slots, "diagnostic", DIAGNOSTICS),
        first_week=np.zeros(len(slots), dtype=np.int32),
        last_week=np.zeros(len(slots), dtype=np.int32),
        latitude=_floats(slots["latitude"]),
        longitude=_floats(slots["longitude"]),
        most_urgent=_floats(slots["most_urgent"]),
        min_bmi=_floats(slots["min_bmi"]),
        max_bmi=_floats(slots["max_bmi"]),
        max_asa=_floats(slots["max_asa"]),
        min_age=_floats(slots["min_age"]),
        max_age=_floats(slots["max_age"]),
    )


def _ordered(frame: pd.DataFrame, columns: tuple[Column, ...], name: str, which: str) -> pd.DataFrame:
    """Gives the frame by `name`, with every described column, blanks filled where there is a default."""
    missing = [each.name for each in columns if each.required and each.name not in frame]
    if missing:
        raise TandemError(f"{which} has no column {', '.join(missing)}.", "Use the template's headings.")
    frame = frame.reindex(columns=[each.name for each in columns])
    for each in columns:
        if each.default is not None:
            frame[each.name] = frame[each.name].astype(object).where(frame[each.name].notna(), each.default)
        elif each.required and frame[each.name].isna().any():
            raise TandemError(f"{which} has a blank {each.name}.", "Fill it in every row.")
    repeated = frame.loc[frame[name].duplicated(), name]
    if len(repeated):
        raise TandemError(
            f"{which} has {name} {repeated.iloc[0]} more than once.", "Give each row a name of its own."
        )
    return frame.sort_values(name, kind="stable", ignore_index=True)


def _place_in(frame: pd.DataFrame, column: str, values: tuple[str, ...]) -> Ints:
    places = pd.Index(values).get_indexer(frame[column].to_numpy(object)).astype(np.int32)
    if (places < 0).any():
        raise TandemError(
            f"'{frame[column].iloc[int(np.argmin(places))]}' is not a {column}.",
            f"Use one of {', '.join(values)}.",
        )
    return places


def _shared_codes(one: pd.Series, other: pd.Series) -> tuple[Ints, Ints]:
    """Gives whole numbers that are equal where the words are; -1 for a blank."""
    codes = pd.factorize(np.concatenate([one.to_numpy(object), other.to_numpy(object)]))[0].astype(np.int32)
    return codes[: len(one)], codes[len(one) :]


def _plain(words: pd.Series) -> pd.Series:
    plain = words.astype("string").str.strip().str.casefold()
    return plain.mask(plain == "").astype(object)


def _age_ends(bands: pd.Series) -> tuple[Floats, Floats]:
    ends = np.array(
        [
            (float(band.rstrip("+")), np.inf) if "+" in band else tuple(map(float, band.split("-")))
            for band in AGE_BANDS
        ]
        + [(np.nan, np.nan)]
    )
    place = pd.Index(AGE_BANDS).get_indexer(bands.to_numpy(object))  # -1 takes the last, not known
    return ends[place, 0], ends[place, 1]


def _floats(column: pd.Series) -> Floats:
    return pd.to_numeric(column).to_numpy(np.float64, na_value=np.nan)


def _ints(column: pd.Series) -> Ints:
    return _floats(column).astype(np.int32)


def _days(column: pd.Series) -> Ints:
    days = pd.to_datetime(column).to_numpy("datetime64[D]")
    return np.where(np.isnat(days), NEVER, days.astype(np.int64)).astype(np.int32)


def _alike(rows: Services, site: pd.Series) -> Ints:
    """Gives each row's service: rows alike in all but week, count and price are one."""
    frame = pd.DataFrame({field.name: getattr(rows, field.name) for field in fields(rows)})
    frame["site"] = site.to_numpy()
    return frame.groupby(list(frame), dropna=False, sort=False).ngroup().to_numpy(np.int32)


def _weeks_with_places(services: Services, batches: SlotBatches, first_week: int) -> None:
    services.first_week[:] = NEVER
    services.last_week[:] = -NEVER
    open_still = (batches.week >= first_week) & (batches.count > 0)
    np.minimum.at(services.first_week, batches.service[open_still], batches.week[open_still])
    np.maximum.at(services.last_week, batches.service, batches.week)
