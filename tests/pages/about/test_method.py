"""The Method page names every default and marks those without a source."""

import pytest

from models.scenarios.assumptions import REGISTER
from tests.pages.conftest import Open

pytestmark = pytest.mark.integration


def test_every_default_is_listed_and_assumptions_say_so(open_page: Open) -> None:
    app = open_page("pages/about/method.py")
    assert not app.exception
    table = app.table[0].value
    assert sorted(table["What"]) == sorted(entry.label for entry in REGISTER.values())
    assumed = {entry.label for entry in REGISTER.values() if entry.is_assumption}
    marked = table[table["Evidence"].str.startswith("**Assumption:**")]
    assert set(marked["What"]) == assumed
    assert marked.index.tolist() == list(range(len(assumed)))  # they stand first
    repeat = table.set_index("What").loc["Virtual appointments that must be repeated face to face"]
    assert repeat[["Default", "Range"]].tolist() == ["8%", "0 to 40%"]
