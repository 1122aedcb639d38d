"""Files for a meeting, made from a `models.reports.report.Report`: slides, a workbook, a page to print."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import yaml

from models.reports.report import Report, Sheet, inert

if TYPE_CHECKING:
    import pandas as pd


def contents(ending: str, report: Report, document: Mapping[str, Any]) -> bytes:
    """The bytes of a file by its ending: .pptx, .xlsx, .html, .csv, .parquet, or .yaml for the scenario."""
    # each brings its library, which a page that is only looked at does not need
    if ending == ".pptx":
        from data.writers.slides import slides

        return slides(report)
    if ending == ".xlsx":
        from data.writers.workbook import workbook

        return workbook(report)
    if ending == ".html":
        from data.writers.page import page

        return page(report)
    if ending == ".csv":
        return table(report)
    if ending == ".parquet":
        return parquet(report)
    if ending == ".yaml":
        return scenario_file(report, document)
    raise ValueError(f"no report ends in {ending}")


def table(report: Report) -> bytes:
    """All sheets in one long CSV for a spreadsheet: sheet, row, column, value; then what it rests on."""
    return _long(report).map(inert).to_csv(index=False).encode("utf-8-sig")


def parquet(report: Report) -> bytes:
    """The same as Parquet: sheet, row, column, and either a number or a text."""
    import pandas as pd

    long = _long(report)
    worded = long["value"].map(lambda value: isinstance(value, str))
    number = pd.to_numeric(long["value"].mask(worded))
    text = long["value"].where(worded).astype("string")
    typed = long.drop(columns="value").astype("string").assign(number=number, text=text)
    return bytes(typed.to_parquet(index=False))


def _long(report: Report) -> "pd.DataFrame":
    """All sheets as rows of sheet, row, column, value; then what they rest on."""
    import pandas as pd

    parts = []
    for sheet in report.sheets:
        frame, keys = sheet.frame, _keys(sheet)
        named = frame[keys].astype(str).agg(", ".join, axis=1) if len(keys) > 1 else frame[keys[0]]
        long = (
            frame.drop(columns=keys)
            .assign(row=named)
            .melt(id_vars="row", var_name="column", value_name="value")
        )
        parts.append(long.assign(sheet=sheet.name))
    about = pd.DataFrame(
        {"sheet": "About", "row": list(report.about), "column": "", "value": list(report.about.values())}
    )
    notes = pd.DataFrame(
        {"sheet": "About", "row": "Please note", "column": "", "value": list(report.caveats)}
    )
    return pd.concat([*parts, about, notes], ignore_index=True)[["sheet", "row", "column", "value"]]


def _keys(sheet: Sheet) -> list[str]:
    """The first columns of words that tell a sheet's rows apart: of scenarios by outcomes, both."""
    frame, keys = sheet.frame, []
    for name in frame.columns:
        if name in sheet.counts or not frame[name].map(lambda value: isinstance(value, str)).all():
            break
        keys.append(name)
        if not frame.duplicated(keys).any():
            break
    return keys or [frame.columns[0]]


def scenario_file(report: Report, document: Mapping[str, Any]) -> bytes:
    """The scenario as a document that loads elsewhere, with what it was run on in comments before it."""
    head = "".join(
        f"# {name}: {' '.join(value.split())}\n" for name, value in report.about.items() if name != "Scenario"
    )
    return (head + yaml.safe_dump(dict(document), sort_keys=False, allow_unicode=True)).encode()
