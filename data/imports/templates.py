"""Empty lists to fill in, their data dictionary, and lists written as an importer reads them."""

import io
from collections.abc import Sequence

import numpy as np
import pandas as pd
import xlsxwriter

from models.columns import Column, Kind, names
from models.matching.columns import ANYWHERE
from models.rtt.treatment_functions import TREATMENT_FUNCTIONS

_DICTIONARY = "dictionary"
_ROWS_FOR_TEXT = 100_000  # rows of the template that a spreadsheet keeps as typed


def template_csv(columns: Sequence[Column]) -> str:
    """Gives an empty list as CSV: the headings alone."""
    return ",".join(names(columns)) + "\n"


def template_workbook(columns: Sequence[Column], sheet: str) -> bytes:
    """Gives an empty list as an .xlsx file: a sheet to fill in, and the data dictionary on a second.

    Cells are text, so that a spreadsheet makes no date of the age band 5-15; choices come as a menu.
    """
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        head = book.add_format({"bold": True, "bg_color": "#F3F6F9", "num_format": "@"})
        text = book.add_format({"num_format": "@"})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        page = book.add_worksheet(sheet)
        page.set_column(0, len(columns) - 1, 18, text)
        page.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            page.write_string(0, place, column.name, head)
            choices = column.values or (("yes", "no") if column.kind is Kind.YES_NO else ())
            if choices:
                page.data_validation(
                    1, place, _ROWS_FOR_TEXT, place, {"validate": "list", "source": list(choices)}
                )
        meanings = dictionary(columns)
        page = book.add_worksheet(_DICTIONARY)
        for place, heading in enumerate(meanings.columns):
            page.set_column(place, place, 60 if heading in ("meaning", "cell") else 20)
            page.write_string(0, place, heading, head)
            for row, value in enumerate(meanings[heading], start=1):
                page.write_string(row, place, value, wrap)
    return file.getvalue()


def dictionary(columns: Sequence[Column]) -> pd.DataFrame:
    """Gives the data dictionary, a row a column: what it means, what a cell may hold, unit, need, example."""
    return pd.DataFrame(
        [
            {
                "column": column.heading or column.name,
                "meaning": column.meaning,
                "cell": _cell(column),
                "unit": column.unit,
                "needed": "yes" if column.required else "no",
                "if_blank": "" if column.default is None else str(written(column.default)),
                "example": column.example,
            }
            for column in columns
        ]
    )


def as_written(frame: pd.DataFrame, columns: Sequence[Column]) -> pd.DataFrame:
    """Gives a list with its cells as an importer reads them: dates as YYYY-MM-DD, yes and no, anywhere."""
    texts = {}
    for column in columns:
        codes, values = pd.factorize(frame[column.name].to_numpy(object))
        if column.kind in (Kind.DATE, Kind.WEEK):
            values = [f"{pd.Timestamp(value):%Y-%m-%d}" for value in values]
        else:
            values = [written(value) for value in values]
        texts[column.name] = np.array([*values, ""], dtype=object)[codes]
    return pd.DataFrame(texts)


def written(value: object) -> str:
    """Gives a value as it stands in a file."""
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, float):
        return ANYWHERE if value == np.inf else f"{value:.10g}"
    return str(value)


def _cell(column: Column) -> str:
    if column.values == tuple(TREATMENT_FUNCTIONS):
        return "one of " + ", ".join(f"{each.code} ({each.name})" for each in TREATMENT_FUNCTIONS.values())
    return column.allowed
