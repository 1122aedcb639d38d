"""Letters small enough for their box, and no smaller; paragraphs shared out whole and in order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.writers.fitting import fitting_size, height_of, lines_of, paged

pytestmark = pytest.mark.unit

TEXTS = st.lists(st.text("abc defg", max_size=300), min_size=1, max_size=12)


def test_lines_are_broken_between_words() -> None:
    # at 10 points a letter takes 5.3: 107 points hold 20 letters
    assert lines_of(["a" * 20], 107, 10) == 1
    assert lines_of(["aaaa bbbb cccc dddd eeee"], 107, 10) == 2
    assert lines_of(["", "a"], 107, 10) == 2
    # three lines of 12 points and one gap of 3.5
    assert height_of(["aaaa bbbb cccc dddd eeee", "a"], 107, 10) == pytest.approx(39.5)


def test_what_fits_keeps_its_size() -> None:
    assert fitting_size(["short"], 800, 100, 28) == 28
    assert fitting_size(["word " * 400], 800, 100, 28, least=8) == 8


@given(TEXTS, st.floats(100, 900), st.floats(20, 400))
def test_the_size_is_the_greatest_that_fits(texts: list[str], width: float, height: float) -> None:
    size = fitting_size(texts, width, height, 24, least=8)
    assert 8 <= size <= 24
    assert size == 8 or height_of(texts, width, size) <= height
    assert size == 24 or height_of(texts, width, size + 0.5) > height


@given(TEXTS, st.floats(100, 900), st.floats(20, 400))
def test_pages_hold_all_paragraphs_in_order(texts: list[str], width: float, height: float) -> None:
    pages = paged(texts, width, height, 12)
    assert [text for page in pages for text in page] == texts
    assert all(len(page) == 1 or height_of(page, width, 12) <= height for page in pages)
