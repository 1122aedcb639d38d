"""Capacity from the store: what each series has shown, needs and can spare, and how often that came true."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.database.store import Store
from data.returns.calibrations import calibration
from data.returns.capacity_uploads import uploaded_lines
from data.returns.history import history
from data.returns.lists import months
from data.shipped.load import rows_of
from models.calibration.rates import Calibration
from models.capacity.estimate import HISTORY_MONTHS, OWN_SHARE, Capacity, Floor, capacity
from models.capacity.spare_appointments import PerStop, per_stop
from models.capacity.spare_record import Record
from models.capacity.uploaded import Series, Stop, uploaded_stops
from models.errors import TandemError
from models.queueing.clinic_minutes import Clinic
from models.rtt.history import History
from models.rtt.months import DAYS_A_WEEK, last_day, month_label
from models.rtt.organisations import ENGLAND
from models.scenarios.assumptions import resolve
from models.scenarios.presets import preset


def capacity_of(
    store: Store,
    scope: str,
    as_of: str | None = None,
    floor: Floor = OWN_SHARE,
    england: History | None = None,
    usual: Calibration | None = None,
) -> Capacity:
    """The capacity of each series of a scope as of a month (default: the newest held).

    What boards uploaded takes the place of its estimate: for the newest month what holds today, for another
    what held at its end. `england`, from `data.returns.calibrations.england_history` for the same month,
    saves loading it again, as does `usual`, the scope's calibration under the register's assumptions,
    reckoning that again for what was uploaded. Raises TandemError for an unknown scope, a month that is not
    held, or too few months before it.
    """
    held_months = months(store)
    if as_of and as_of not in held_months:
        latest = f" Months up to {month_label(held_months[-1])} are." if held_months else ""
        raise TandemError(
            f"{month_label(as_of)} is not held.{latest}", "Choose one of them, or import the month."
        )
    here = history(store, scope, as_of, HISTORY_MONTHS)
    if england is None:
        whole = here if scope == ENGLAND else history(store, ENGLAND, as_of, HISTORY_MONTHS)
        england = whole.throughout().pooled()
    month = here.months[-1]
    day = date.today() if month == held_months[-1] else last_day(month)
    lines = [line for line in uploaded_lines(store) if line.holds_on(day)]
    estimate = capacity(here, england, floor)
    if not {line.series for line in lines} & set(_series(estimate)):
        return estimate
    values = resolve({})
    usual = usual or calibration(store, scope, preset("baseline"), month)
    each = per_stop(usual, values, {}, estimate)
    given = uploaded_stops(lines, _stops(estimate, each), Clinic.from_assumptions(values), day)
    return capacity(here, england, floor, given)


def _series(estimate: Capacity) -> list[Series]:
    codes = zip(estimate.providers, estimate.treatment_functions, strict=True)
    return [(str(provider), str(function)) for provider, function in codes]


def _stops(estimate: Capacity, each: PerStop) -> dict[Series, Stop]:
    """What a clock stop takes, of the series that a calibration tells of."""
    appointments = each.face_to_face + each.virtual
    return {
        series: Stop(
            minutes=float(each.minutes[i]),
            theatre=float(each.theatre[i]),
            most_virtual=float(each.most_virtual[i] / appointments[i]),
        )
        for i, series in enumerate(_series(estimate))
        if appointments[i] > 0
    }


def spare_for(
    store: Store,
    calibration: Calibration,
    values: Mapping[str, float],
    floor: Floor = OWN_SHARE,
    england: History | None = None,
) -> NDArray[np.float64]:
    """Exits a working day that each series of `calibration` can spare; 0 where it is not known. (S,)"""
    estimate = capacity_of(store, calibration.scope, calibration.data_month, floor, england)
    exits = estimate.spare * per_stop(calibration, values, {}, estimate).exits / DAYS_A_WEEK
    spare = dict(zip(zip(estimate.providers, estimate.treatment_functions, strict=True), exits, strict=True))
    wanted = zip(calibration.providers, calibration.treatment_functions, strict=True)
    return np.nan_to_num(np.array([spare.get(key, 0.0) for key in wanted]))


def capacity_frame(found: Capacity, each: PerStop) -> pd.DataFrame:
    """One row a series, ordered by provider and treatment function; empty where it is not known.

    Columns: provider_code, tfc, share_within_18; in clock stops a week shown, needed, spare, spare_lower,
    spare_upper, short; what shown, needed and spare stand for a week in appointments (`_face_to_face`,
    `_virtual`) and theatre slots (`_theatre`); spare_could_be_virtual, the spare appointments that could be
    held by video or telephone; source, estimated or uploaded (by its board); note.
    """
    amounts = {"shown": found.shown, "needed": found.needed, "spare": found.spare}
    columns = {
        "provider_code": found.providers,
        "tfc": found.treatment_functions,
        "share_within_18": np.round(found.share, 4),
        **amounts,
        "spare_lower": found.spare_lower,
        "spare_upper": found.spare_upper,
        "short": found.short,
    }
    for name, stops in amounts.items():
        columns[f"{name}_face_to_face"] = stops * each.face_to_face
        columns[f"{name}_virtual"] = stops * each.virtual
        columns[f"{name}_theatre"] = stops * each.theatre
    columns["spare_could_be_virtual"] = found.spare * each.most_virtual
    kept = ("provider_code", "tfc", "share_within_18")
    rounded = {name: values if name in kept else np.round(values, 2) for name, values in columns.items()}
    source = ["uploaded" if i in found.uploaded else "estimated" for i in range(len(found.providers))]
    return pd.DataFrame({**rounded, "source": source, "note": found.notes})


@lru_cache(maxsize=1)
def spare_record() -> tuple[Record, ...]:
    """How often what was called spare came true on the shipped months: all series first, then groups."""
    return tuple(
        Record(
            group=row["group"],
            series=int(row["series"]),
            all_series=int(row["all_series"]),
            called=int(row["called"]),
            delivered=float(row["delivered"] or "nan"),
            held=float(row["held"] or "nan"),
            held_by_all=float(row["held_by_all"] or "nan"),
            below_range=float(row["below_range"] or "nan"),
            above_range=float(row["above_range"] or "nan"),
        )
        for row in rows_of("spare_record.csv")
    )
