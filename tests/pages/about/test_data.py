"""The Data page: what is held, and uploads that are told in plain words."""

import dataclasses

import pytest
from streamlit.testing.v1 import AppTest

from tests.data import extracts
from tests.pages.conftest import Open

pytestmark = pytest.mark.integration

DATA = "pages/about/data.py"


def upload(app: AppTest, name: str, content: bytes) -> AppTest:
    turn = app.session_state["returns_turn"]
    app.file_uploader(key=f"returns_file_{turn}").set_value((name, content, "text/csv")).run()
    app.button(key="returns_import").click().run()
    assert not app.exception
    return app


def test_it_lists_months_gaps_and_england(open_page: Open) -> None:
    app = open_page(DATA)
    assert app.markdown[0].value == (
        "## 17 months are held, April 2024 to August 2025. 7,312,356 pathways were waiting in England at the "
        "end of August 2025."
    )
    months, gaps = [table.value for table in app.dataframe]
    june = months.set_index("Month").loc["June 2025"]
    assert june["Waiting in England"] == 7_367_836
    assert june["Came"] == "with Tandem"
    assert gaps.iloc[0][["Code", "Last reported", "Waiting then", "Reports again from"]].tolist() == [
        "RHQ",
        "June 2025",
        91_323,
        "not yet",
    ]


def test_a_new_month_is_told_and_shown_at_once(open_small_page: Open) -> None:
    app = open_small_page(DATA)
    assert app.markdown[0].value.startswith("## 1 month is held, June 2025.")
    upload(app, "july.csv", extracts.extract(period="RTT-July-2025"))
    # 18 + 7 + 7 wait for English commissioners, and 4 for NONC
    assert app.success[0].value.startswith("**July 2025 is new.**")
    assert "32 pathways waiting in England" in app.success[0].value
    assert app.markdown[0].value.startswith("## 2 months are held, June 2025 to July 2025.")
    assert app.dataframe[0].value["Came"].tolist() == ["by import", "by import"]


def test_the_same_month_again_changes_nothing_and_a_revised_one_replaces_it(open_small_page: Open) -> None:
    app = upload(open_small_page(DATA), "june.csv", extracts.extract())
    assert app.info[0].value.startswith("**Nothing changed.** June 2025 is held already")
    more = dataclasses.replace(extracts.ROWS[0], weeks={0: 11, 17: 5, 18: 2, 104: 1})
    upload(app, "june.csv", extracts.extract([more, *extracts.ROWS[1:]]))
    assert app.success[0].value.startswith("**June 2025 was replaced**")
    assert "33 pathways waiting in England" in app.success[0].value  # 32 and one more
    assert not app.info


def test_a_broken_file_is_refused_with_its_place_and_what_to_do(open_small_page: Open) -> None:
    cells = extracts.table()
    cells[3][extracts.place("Gt 00 To 01 Weeks SUM 1")] = "many"
    app = upload(open_small_page(DATA), "broken.csv", extracts.render(cells))
    refused = app.error[0].value
    assert refused.startswith("**Nothing was imported.**")
    assert "broken.csv, line 4" in refused
    assert "many" in refused
    assert "**What to do:**" in refused
    assert app.markdown[0].value.startswith("## 1 month is held, June 2025.")
    assert app.dataframe[0].value["Waiting in England"].tolist() == [32]


def test_a_board_without_a_month_that_england_has_is_still_drawn(open_small_page: Open) -> None:
    rows = [dataclasses.replace(row, board="QF7") for row in extracts.ROWS]
    upload(open_small_page(DATA), "july.csv", extracts.extract(rows, period="RTT-July-2025"))
    app = open_small_page("pages/today/backlog.py", board="QF7")
    assert not app.exception
    # under 18 weeks wait 10 + 5 of 32 for England, and with NONC's 4 more 19 of 36 here
    share = next(table.value for table in app.dataframe if "England, %" in table.value)
    assert share["Month"].tolist() == ["July 2025"]
    assert share["Within 18 weeks, %"].tolist() == [52.8]  # 19 / 36
    assert share["England, %"].tolist() == [46.9]  # 15 / 32
