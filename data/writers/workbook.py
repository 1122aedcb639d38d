"""An Excel workbook: a first sheet that says what it is, tidy tables, and charts that can be edited."""

import io
from datetime import date, datetime
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from models.reports.picture import COLOURS, Picture
from models.reports.report import Report, Sheet, inert

FIRST = "README"
WIDEST = 60  # characters of a column
CHARTS_FROM = 2  # columns right of a table


def workbook(report: Report) -> bytes:
    """The workbook as an .xlsx file."""
    file = io.BytesIO()
    # text stays text: no formula is made of what begins like one, no link of what looks like an address
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"title": f"{report.title}: {report.place}", "author": "Tandem"})
        formats = {
            "head": book.add_format(
                {"bold": True, "bg_color": "#F3F6F9", "text_wrap": True, "valign": "top"}
            ),
            "title": book.add_format({"bold": True, "font_size": 16}),
            "bold": book.add_format({"bold": True, "valign": "top"}),
            "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
            "whole": book.add_format({"num_format": "#,##0"}),
            "part": book.add_format({"num_format": "#,##0.0"}),
            "day": book.add_format({"num_format": "d mmm yyyy"}),
        }
        first = book.add_worksheet(FIRST)
        _readme(first, report, formats)
        _print_on_a4(first, report)
        for sheet in report.sheets:
            page = book.add_worksheet(sheet.tab)
            _table(page, sheet, formats)
            _print_on_a4(page, report)
            if sheet.picture is not None:
                _chart(book, page, sheet, sheet.picture)
    return file.getvalue()


def _readme(page: Worksheet, report: Report, formats: dict[str, Any]) -> None:
    page.hide_gridlines(2)
    page.set_column(0, 0, 28)
    page.set_column(1, 1, 100)
    page.write_string(0, 0, f"{report.title}: {report.place}", formats["title"])
    rows: list[tuple[str, str]] = [("Answer", report.headline)]
    rows += [("", message.sentence) for message in report.messages if message.sentence != report.headline]
    rows += [("Labels", ", ".join(report.labels))] if report.labels else []
    rows += [("Please note", text) for text in report.caveats]
    rows += list(report.about.items())
    rows += [(f"Sheet '{sheet.tab}'", sheet.explained) for sheet in report.sheets]
    for row, (name, text) in enumerate(rows, 2):
        page.write_string(row, 0, name, formats["bold"])
        page.write_string(row, 1, str(inert(text)), formats["wrap"])


def _table(page: Worksheet, sheet: Sheet, formats: dict[str, Any]) -> None:
    for column, name in enumerate(sheet.frame.columns):
        values = sheet.frame[name].tolist()
        page.write_string(0, column, str(inert(str(name))), formats["head"])
        for row, value in enumerate(values, 1):
            _cell(page, row, column, value, formats)
        longest = max([len(str(name)) / 2, 10, *(len(str(value)) for value in values[:200])])
        page.set_column(column, column, min(longest + 2, WIDEST))
    page.freeze_panes(1, 1)
    page.repeat_rows(0)
    page.autofilter(0, 0, len(sheet.frame), len(sheet.frame.columns) - 1)


def _print_on_a4(page: Worksheet, report: Report) -> None:
    """Print a sheet on its side and no wider than the paper, saying at its foot what it is."""
    page.set_paper(9)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    footer = f"{report.place}, figures to {report.data_month}. {', '.join(report.labels)}"
    page.set_footer(f"&L{footer.replace('&', '&&')[:200]}&RPage &P of &N")


def _cell(page: Worksheet, row: int, column: int, value: object, formats: dict[str, Any]) -> None:
    value = inert(value)
    if value is None or value is pd.NaT:
        page.write_blank(row, column, None)
    elif isinstance(value, datetime | date):
        page.write_datetime(row, column, value, formats["day"])
    elif isinstance(value, bool):
        page.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        page.write_number(row, column, value, formats["whole" if float(value).is_integer() else "part"])
    else:
        page.write_string(row, column, str(value))


def _chart(book: xlsxwriter.Workbook, page: Worksheet, sheet: Sheet, picture: Picture) -> None:
    """A chart that reads its numbers from the sheet's own columns, named as the picture's series."""
    lines = picture.kind == "line"
    chart = book.add_chart({"type": "line" if lines else "bar"})
    names, last = list(sheet.frame.columns), len(sheet.frame)
    for series in picture.series:
        column = names.index(series.name)
        colour = COLOURS[series.role]
        chart.add_series(
            {
                "name": [sheet.tab, 0, column],
                "categories": [sheet.tab, 1, 0, last, 0],
                "values": [sheet.tab, 1, column, last, column],
                "line": {"color": colour, "width": 2.5},
                "fill": {"color": colour},
            }
        )
    chart.set_title({"name": picture.title, "name_font": {"size": 13}})
    chart.set_legend({"position": "bottom"} if len(picture.series) > 1 else {"none": True})
    axis = {"num_format": '0"%"' if picture.unit == "%" else "#,##0", "major_gridlines": {"visible": True}}
    category = {"num_format": "mmm yyyy"} if lines else {"reverse": True, "label_position": "low"}
    chart.set_y_axis(axis | ({"min": 0} if lines else {}) if lines else category)
    chart.set_x_axis(category if lines else axis)
    chart.set_size({"width": 860, "height": 420 if lines else max(420, 26 * last)})
    page.insert_chart(xl_rowcol_to_cell(1, len(names) + CHARTS_FROM - 1), chart)
