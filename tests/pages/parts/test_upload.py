"""The one upload flow: looked at before it is kept, refused in words, and never a traceback."""

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from tests.data import extracts
from tests.pages.conftest import Open

pytestmark = pytest.mark.integration


def a_page() -> None:
    """A page with one importer of numbers, a line each."""
    from typing import IO

    import pandas as pd
    import streamlit as st

    from models.columns import Column, Kind
    from models.errors import TandemError
    from pages.parts.upload import Importer, Outcome, Understood, show_templates, show_upload

    def read(file: IO[bytes]) -> list[int]:
        text = file.read().decode()
        if "no" in text:
            raise TandemError("list.csv, line 1: 'no' is not a number.", "Give a number.")
        return [int(line) for line in text.split()]

    def keep(numbers: list[int], name: str) -> Outcome:
        if not st.session_state.get("who"):
            raise TandemError("It is not said who you are.", "Give your name.")
        st.session_state["kept"] = numbers
        return Outcome("changed", f"**{len(numbers)} numbers are kept.**", ("One is odd.",))

    importer = Importer(
        "numbers",
        "Numbers",
        read,
        lambda numbers: Understood(f"{len(numbers)} numbers.", pd.DataFrame({"number": numbers})),
        keep,
        columns=(Column("number", "Any number.", Kind.COUNT, required=True, low=0),),
        sheet="numbers",
    )
    show_upload(importer)
    show_templates(importer)


def dropped(content: str, button: str, *, who: str = "AB") -> AppTest:
    page = AppTest.from_function(a_page).run()
    page.session_state["who"] = who
    page.file_uploader(key="numbers_file_0").set_value(("list.csv", content.encode(), "text/csv")).run()
    return page.button(key=f"numbers_{button}").click().run()


def test_a_file_is_looked_at_without_being_kept_and_then_kept() -> None:
    page = dropped("3 1 4 1 5 9", "check")
    assert page.info[0].value == "**list.csv** can be read. 6 numbers. Nothing is kept yet."
    pd.testing.assert_frame_equal(page.dataframe[0].value, pd.DataFrame({"number": [3, 1, 4, 1, 5]}))
    assert "kept" not in page.session_state
    page.button(key="numbers_import").click().run()  # the file is still there
    assert page.session_state["kept"] == [3, 1, 4, 1, 5, 9]
    assert (page.success[0].value, page.warning[0].value) == ("**6 numbers are kept.**", "One is odd.")
    assert page.session_state["numbers_turn"] == 1  # and is let go of
    assert not page.info


def test_a_file_that_is_not_in_order_is_refused_and_let_go_of() -> None:
    page = dropped("no", "check")
    assert page.error[0].value == (
        "**Nothing was imported.** list.csv, line 1: 'no' is not a number.\n\n**What to do:** Give a number."
    )
    assert page.session_state["numbers_turn"] == 1


def test_a_file_in_order_stays_where_something_else_is_missing() -> None:
    page = dropped("3 1", "import", who="")
    assert "It is not said who you are." in page.error[0].value
    assert page.session_state["numbers_turn"] == 0
    page.session_state["who"] = "AB"
    page.button(key="numbers_import").click().run()
    assert page.session_state["kept"] == [3, 1]


def test_a_fault_of_tandems_own_is_told_without_a_traceback_or_a_cell(
    caplog: pytest.LogCaptureFixture,
) -> None:
    page = dropped("secret", "import")  # int() raises ValueError, with the text in it
    assert not page.exception
    assert page.error[0].value.startswith(
        "**Nothing was imported.** list.csv could not be taken in, for a reason that is Tandem's own "
        "(ValueError)."
    )
    assert "ValueError while a file came in" in caplog.text
    assert "secret" not in caplog.text


def test_template_and_dictionary_are_offered_and_the_columns_explained() -> None:
    page = AppTest.from_function(a_page).run()
    keys = {each.key for each in page.get("download_button")}
    assert keys == {"numbers_template_xlsx", "numbers_template_csv", "numbers_dictionary"}
    page.session_state["numbers_columns"] = True
    meanings = page.run().dataframe[0].value
    assert meanings[["column", "cell", "needed"]].to_numpy().tolist() == [
        ["number", "a whole number, 0 or more", "yes"]
    ]


def test_several_months_come_in_at_once_and_one_that_is_broken_does_not(open_small_page: Open) -> None:
    app = open_small_page("pages/about/data.py")
    july, august = (extracts.extract(period=f"RTT-{month}-2025") for month in ("July", "August"))
    files = {"a.csv": july, "b.csv": b"x", "c.csv": august}
    app.file_uploader(key="returns_file_0").set_value(
        [(name, content, "text/csv") for name, content in files.items()]
    ).run()
    app.button(key="returns_import").click().run()
    assert not app.exception
    assert [each.value.partition(".")[0] for each in app.success] == [
        "**July 2025 is new",
        "**August 2025 is new",
    ]
    assert len(app.error) == 1
    assert app.markdown[0].value.startswith("## 3 months are held, June 2025 to August 2025.")
