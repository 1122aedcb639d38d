"""Sentences of the Backlog page: the numbers in them and their grammar."""

import math

import numpy as np
import pandas as pd
import pytest

from models.rtt import list_statements
from models.rtt.waiting_list import WaitingList

pytestmark = pytest.mark.unit


def a_list(**by_week: int) -> WaitingList:
    weeks = np.zeros(105, dtype=int)
    for week, count in by_week.items():
        weeks[int(week.removeprefix("w"))] = count
    return WaitingList(weeks)


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [
        (0, 400, "0 in 100"),
        (1, 400, "fewer than 1 in 100"),  # 0.25
        (210, 400, "53 in 100"),  # 52.5, halves go up
        (399, 400, "more than 99 in 100"),  # 99.75
        (400, 400, "100 in 100"),
    ],
)
def test_shares_in_a_hundred(part: int, whole: int, words: str) -> None:
    assert list_statements.in_hundred(part, whole) == words


def test_the_answer() -> None:
    # 600 under 18 weeks of 1,000; 30 + 1 at 52 weeks or more
    waiting = a_list(w0=600, w18=369, w52=30, w104=1)
    assert list_statements.answer("in Norfolk", waiting) == (
        "1,000 pathways are waiting in Norfolk. 60 in 100 have waited under 18 weeks; the standard is 92. "
        "31 have waited over a year."
    )


def test_the_answer_for_few_and_for_none() -> None:
    one = list_statements.answer("in Norfolk", a_list(w60=1))
    assert one.startswith("1 pathway is waiting in Norfolk. 0 in 100")
    assert one.endswith("1 has waited over a year.")
    assert list_statements.answer("in Norfolk", a_list(w0=2)).endswith("None has waited over a year.")
    assert list_statements.answer("in Norfolk", a_list()) == "No pathways are waiting in Norfolk."


def test_england_beside() -> None:
    # England 260 / 10,000 = 26 in 1,000; here 30 / 1,000
    england, here = a_list(w0=6_100, w20=3_640, w52=260), a_list(w0=970, w52=30)
    assert list_statements.beside(england, here) == (
        "In England: 10,000 waiting, 61 in 100 under 18 weeks and 26 in 1,000 over a year; here 30 in 1,000."
    )
    assert list_statements.beside(england, a_list(), "Urology") == (
        "In England, for urology: 10,000 waiting, 61 in 100 under 18 weeks and 26 in 1,000 over a year."
    )


def test_what_a_list_is_of() -> None:
    assert list_statements.place_words("Norfolk") == "in Norfolk"
    assert list_statements.place_words("Norfolk", "Ear, nose and throat", "Spire") == (
        "for ear, nose and throat at Spire in Norfolk"
    )


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ([1000.0, 900.0, 1200.0], "The list rose from 1,000 in April 2024 to 1,200 in June 2024."),
        ([math.nan, 900.0, 800.0], "The list fell from 900 in May 2024 to 800 in June 2024."),
        ([5.0, 9.0, 5.0], "The list stayed the same from 5 in April 2024 to 5 in June 2024."),
        ([math.nan, 900.0, math.nan], "The list is known for one month only."),
        ([math.nan] * 3, "The list is not known."),
    ],
)
def test_how_a_series_went(counts: list[float], words: str) -> None:
    assert list_statements.trend_words(["2024-04", "2024-05", "2024-06"], counts, "The list") == words


def test_what_a_profile_shows() -> None:
    # half of 100 lie within week 0 to 1, spread evenly: 50 / 90; 92 lie at 2 / 10 of week 60
    words = list_statements.profile_words(a_list(w0=90, w60=10))
    assert words == (
        "Half have waited under 1 weeks and 92 in 100 under 60 weeks. 10 have waited 18 weeks or more, 10 of "
        "them over 52 and 0 over 65."
    )
    assert "92 in 100 under 104 weeks or more" in list_statements.profile_words(a_list(w0=50, w104=50))
    assert list_statements.profile_words(a_list()) == "Nobody waits."


def test_gaps_are_told_by_letter() -> None:
    marked = pd.DataFrame(
        {
            "letter": ["a", "b"],
            "name": ["SHEFFIELD TEACHING HOSPITALS NHS FOUNDATION TRUST", "FAIRFIELD HOSPITAL"],
            "gap": ["stopped", "skipped"],
            "last_month": ["2025-06", "2024-12"],
            "returned": ["", "2025-03"],
            "waiting": [91_323, 700],
        }
    )
    assert list_statements.gap_notes(marked, 1).split("  \n") == [
        "**a**: Sheffield Teaching Hospitals has reported nothing since June 2025, with 91,323 waiting then.",
        "**b**: Fairfield Hospital reported nothing from January 2025 until March 2025, with 700 waiting "
        "then.",
        "And 1 smaller gap: the Data page lists them.",
    ]
