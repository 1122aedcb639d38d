"""Files for a meeting, made from a `models.takeaway.Takeaway`: slides, a workbook, a page to print."""

from collections.abc import Mapping
from typing import Any

import yaml

from models.takeaway import Takeaway, inert


def contents(ending: str, taken: Takeaway, document: Mapping[str, Any]) -> bytes:
    """The bytes of a file by its ending: .pptx, .xlsx, .html, .csv, or .yaml for the scenario itself."""
    # each brings its library, which a page that is only looked at does not need
    if ending == ".pptx":
        from data.takeaway.slides import slides

        return slides(taken)
    if ending == ".xlsx":
        from data.takeaway.workbook import workbook

        return workbook(taken)
    if ending == ".html":
        from data.takeaway.page import page

        return page(taken)
    if ending == ".csv":
        return table(taken)
    if ending == ".yaml":
        return scenario_file(taken, document)
    raise ValueError(f"no takeaway ends in {ending}")


def table(taken: Takeaway) -> bytes:
    """All sheets in one long CSV for a spreadsheet: sheet, row, column, value; then what it rests on."""
    import pandas as pd

    parts = []
    for sheet in taken.sheets:
        key = sheet.frame.columns[0]
        long = sheet.frame.melt(id_vars=key, var_name="column", value_name="value")
        parts.append(long.rename(columns={key: "row"}).assign(sheet=sheet.name))
    about = pd.DataFrame(
        {"sheet": "About", "row": list(taken.about), "column": "", "value": list(taken.about.values())}
    )
    notes = pd.DataFrame({"sheet": "About", "row": "Please note", "column": "", "value": list(taken.caveats)})
    whole = pd.concat([*parts, about, notes], ignore_index=True)[["sheet", "row", "column", "value"]]
    return whole.map(inert).to_csv(index=False).encode("utf-8-sig")


def scenario_file(taken: Takeaway, document: Mapping[str, Any]) -> bytes:
    """The scenario as a document that loads elsewhere, with what it was run on in comments before it."""
    head = "".join(
        f"# {name}: {' '.join(value.split())}\n" for name, value in taken.about.items() if name != "Scenario"
    )
    return (head + yaml.safe_dump(dict(document), sort_keys=False, allow_unicode=True)).encode()
