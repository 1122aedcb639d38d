"""Importer of the places that providers offer, a row a week of one service."""

from datetime import date
from pathlib import Path
from typing import IO

import numpy as np
import pandas as pd

from data.imports.cells import Faults, check_headings, find_repeated, values_of
from data.imports.identity import refuse_identities
from data.imports.tables import TextTable, read_table
from models.columns import names
from models.matching.columns import SLOTS

SHEET = "slots"


def read_slots(source: str | Path | IO[bytes], today: date | None = None) -> pd.DataFrame:
    """Gives the places in a CSV, Excel or Parquet file, a row each, with every column described.

    Raises IdentityFound or FaultsFound, which lists what is wrong and where; both are TandemErrors.
    """
    table = read_table(source, SHEET)
    refuse_identities(
        table, names(SLOTS), ids="slot_id", places=["site", "week"], today=today or date.today()
    )
    check_headings(table, SLOTS)
    frame, faults = values_of(table, SLOTS)
    find_repeated(table, frame, "slot_id", faults)
    half = np.flatnonzero(frame["latitude"].isna() ^ frame["longitude"].isna())
    faults.add("latitude", table.lines[half], lambda place: "give both latitude and longitude, or neither")
    for low, high in (("min_bmi", "max_bmi"), ("min_age", "max_age")):
        _in_order(table, frame, low, high, faults)
    faults.refuse()
    return frame


def _in_order(table: TextTable, frame: pd.DataFrame, low: str, high: str, faults: Faults) -> None:
    crossed = (frame[low] > frame[high]).fillna(False).to_numpy(bool)
    faults.add(low, table.lines[np.flatnonzero(crossed)], lambda place: f"is above {high}: nobody would fit")
