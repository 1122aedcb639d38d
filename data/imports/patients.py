"""Importer of lists of waiting patients, by pseudonym. A list with a person's identity in it is refused."""

from datetime import date
from pathlib import Path
from typing import IO

import numpy as np
import pandas as pd

from data.imports.cells import check_headings, find_repeated, values_of
from data.imports.identity import refuse_identities
from data.imports.tables import read_table
from data.returns.home_areas import middles
from models.columns import names
from models.matching.columns import PATIENTS

SHEET = "patients"
_HOME_DECIMALS = 2  # of a degree: about a mile, so that no home can be told


def read_patients(source: str | Path | IO[bytes], today: date | None = None) -> pd.DataFrame:
    """Gives the patients in a CSV, Excel or Parquet file, a row each, with every column described.

    Homes are kept to two decimals of a degree; where there is none, the middle of the home area stands in.
    Raises IdentityFound (before anything else is looked at) or FaultsFound, which lists what is wrong and
    where; both are TandemErrors. `today` (default: this day) tells an appointment from a date of birth.
    """
    table = read_table(source, SHEET)
    refuse_identities(
        table, names(PATIENTS), ids="patient_id", dates=["next_appointment"], today=today or date.today()
    )
    check_headings(table, PATIENTS)
    frame, faults = values_of(table, PATIENTS)
    find_repeated(table, frame, "patient_id", faults)
    half = np.flatnonzero(frame["latitude"].isna() ^ frame["longitude"].isna())
    faults.add("latitude", table.lines[half], lambda place: "give both latitude and longitude, or neither")
    areas = frame["home_area"].str.replace(" ", "").str.upper()
    latitude, longitude = middles(areas)
    unknown = np.flatnonzero(areas.notna() & np.isnan(latitude))
    faults.add(
        "home_area",
        table.lines[unknown],
        lambda place: "is neither an outward postcode with a known place, such as LE1, nor a district's code",
    )
    faults.refuse()
    frame["home_area"] = areas
    frame["latitude"] = frame["latitude"].fillna(pd.Series(latitude)).round(_HOME_DECIMALS)
    frame["longitude"] = frame["longitude"].fillna(pd.Series(longitude)).round(_HOME_DECIMALS)
    return frame
