"""The recipe for a page in CONTRIBUTING.md, followed in a copy: its file, and the two places that name it."""

from pathlib import Path

import pytest

from data.database.store import Store
from data.imports.rtt_extract import import_rtt
from tests.data import extracts
from tests.recipes.copies import TWINS, added, copied, ran, touched, twins_hold

pytestmark = pytest.mark.integration

PAGE, FRAME = "pages/today/months.py", "app.py"
RECIPE = {PAGE, FRAME, TWINS}

SOURCE = '''\
"""Months: those that the store holds."""

import streamlit as st

from models.rtt.months import month_label
from pages.parts.store import held_months, shared_store

st.title("Months")
st.markdown(", ".join(map(month_label, held_months(shared_store()))))
'''
REGISTERED = 'st.Page("pages/today/months.py", title="Months"),\n            '
TWIN = '"pages/today/months.py": ("status",),\n    '
OPENED = """
from streamlit.testing.v1 import AppTest

app = AppTest.from_file("app.py", default_timeout=60).switch_page("pages/today/months.py").run()
assert not app.exception, app.exception
print(app.title[0].value, "|", app.markdown[0].value)
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy with the page's file and its place in the frame."""
    copy = copied(tmp_path)
    added(copy, PAGE, SOURCE)
    added(copy, FRAME, REGISTERED, before='st.Page("pages/about/data.py"')
    return copy


def test_a_page_is_a_file_that_two_others_name(copy: Path, tmp_path: Path) -> None:
    added(copy, TWINS, TWIN, before='"pages/about/data.py"')
    twins_hold(copy)
    path = tmp_path / "small.duckdb"
    with Store.create(path) as store:
        import_rtt(store, extracts.save(tmp_path, extracts.extract()))
    assert ran(copy, "-c", OPENED, TANDEM_STORE=str(path)).splitlines()[-1] == "Months | June 2025"
    assert touched(copy) == RECIPE


def test_one_without_a_command_is_missed(copy: Path) -> None:
    with pytest.raises(AssertionError, match="1 failed, 3 passed"):
        twins_hold(copy)
