"""Standards from week bands, and digests that follow the content alone."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from data.database.figures import BANDS, WEEKS, Figures, standards, weeks_column, weeks_matrix
from data.imports.rtt_extract import read_extract
from models.rtt.waiting_list import counts_by_standard
from tests.data import extracts

pytestmark = pytest.mark.unit

WEEKS_ARRAYS = npst.arrays(
    np.int32, st.tuples(st.integers(0, 5), st.just(BANDS)), elements=st.integers(0, 10_000)
)


@settings(max_examples=50, deadline=None)
@given(weeks=WEEKS_ARRAYS)
def test_standards_agree_with_the_models_words(weeks: np.ndarray) -> None:
    meant = counts_by_standard(weeks)
    for name, counts in standards(weeks).items():
        assert counts.tolist() == meant[name].tolist()


@settings(max_examples=50, deadline=None)
@given(weeks=WEEKS_ARRAYS)
def test_weeks_come_back_from_a_column(weeks: np.ndarray) -> None:
    column = pa.chunked_array([weeks_column(weeks)[:2], weeks_column(weeks)[2:]], WEEKS)
    assert weeks_matrix(column).tolist() == weeks.tolist()


@pytest.fixture
def figures(tmp_path: Path) -> Figures:
    return read_extract(extracts.save(tmp_path, extracts.extract())).figures


def changed(figures: Figures, table: str, column: str) -> Figures:
    """Give the figures with the first value of a column changed."""
    tables = figures.tables()
    rows = tables[table].to_pylist()
    value = rows[0][column]
    if isinstance(value, list):
        rows[0][column] = [value[0] + 1, *value[1:]]
    elif isinstance(value, bool):
        rows[0][column] = not value
    else:
        rows[0][column] = value + 1 if isinstance(value, int) else f"{value}x"
    tables[table] = pa.Table.from_pylist(rows, tables[table].schema)
    return Figures(**tables)


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("pathways", "weeks"),
        ("pathways", "english"),
        ("pathways", "board"),
        ("clock_starts", "total"),
        ("flows", "commissioner"),
        ("commissioners", "board"),
    ],
)
def test_any_figure_or_code_changes_the_digest(figures: Figures, table: str, column: str) -> None:
    assert changed(figures, table, column).digest() != figures.digest()


def test_a_name_alone_does_not(figures: Figures) -> None:
    assert changed(figures, "commissioners", "name").digest() == figures.digest()


def test_the_same_text_stored_as_a_dictionary_has_the_same_digest(figures: Figures) -> None:
    flows = figures.flows
    coded = flows.set_column(2, "provider", flows["provider"].dictionary_encode())
    assert (
        Figures(figures.pathways, figures.clock_starts, coded, figures.commissioners).digest()
        == figures.digest()
    )
