"""Scenarios side by side: differences future by future, the best first, who is worse off."""

from typing import Any

import numpy as np
import pytest

from sim.engine.state import MEASURES
from sim.reports.side_by_side import OUTCOMES, Column, also_said, best_said, ordered
from sim.runs.results import Results

pytestmark = pytest.mark.unit


def results(levers: int = 1, weeks: int = 20, **measures: list[int]) -> Results:
    """A run of one series whose measures stand at these values by replication in every week."""
    replications = len(next(iter(measures.values())))
    counts = np.zeros((replications, 1, weeks, len(MEASURES)), np.int32)
    for name, values in measures.items():
        counts[:, 0, :, MEASURES.index(name)] = np.array(values)[:, None]
    document: dict[str, Any] = {"name": "x", "levers": [{"lever": "extra_sessions"}] * levers}
    return Results(
        scope="QK1",
        data_month="2025-08",
        document=document,
        seed=1,
        providers=np.array([""]),
        treatment_functions=np.array(["C_110"]),
        counts=counts,
        opening=np.zeros((1, 105), np.int32),
        closing=np.zeros((1, 105)),
    )


BASELINE = results(
    0, waiting=[1000, 3000], over_52=[50, 70], within_18=[500, 1500], waiting_admission=[10, 20]
)
SHORTER = results(waiting=[900, 2880], over_52=[60, 80], within_18=[450, 1440], waiting_admission=[10, 20])
FAIRER = results(waiting=[980, 2990], over_52=[20, 40], within_18=[588, 1794], waiting_admission=[10, 20])
TWO = [Column("Shorter", SHORTER, BASELINE), Column("Fairer", FAIRER, BASELINE)]


def test_a_difference_is_taken_future_by_future() -> None:
    change = TWO[0].change(OUTCOMES["waiting"])
    # -100 and -120: the band is of these, not of lists that lie 2,000 apart
    assert change.mean == -110
    assert (change.lower, change.upper) == pytest.approx((-118, -102))
    share = TWO[1].change(OUTCOMES["share_within_18"])
    assert share.mean == pytest.approx(60 - 50)


def test_runs_of_two_worlds_are_refused() -> None:
    other = Column("Longer", results(weeks=21, waiting=[1, 2]), BASELINE)
    with pytest.raises(ValueError, match="weeks"):
        other.change(OUTCOMES["waiting"])


def test_the_best_stands_first_by_each_outcome() -> None:
    def titles(name: str) -> list[str]:
        return [column.title for column in ordered(TWO, OUTCOMES[name])]

    assert titles("waiting") == ["Shorter", "Fairer"]
    assert titles("over_52") == ["Fairer", "Shorter"]
    assert titles("share_within_18") == ["Fairer", "Shorter"]


def test_better_and_worse_are_counted_and_told() -> None:
    # the list shorter, ten more over 52 weeks; the share, over 65 and admission as they were
    assert TWO[0].is_better(OUTCOMES["waiting"]) is True
    assert TWO[0].is_better(OUTCOMES["over_52"]) is False
    assert TWO[0].is_better(OUTCOMES["share_within_18"]) is None
    assert TWO[0].scorecard() == "1 better, 1 worse, 3 unclear"
    assert also_said(TWO) == (
        "Most within 18 weeks: Fairer, 60%.",
        "Fewest over 52 weeks: Fairer, 30.",
        "Worse under Shorter: over 52 weeks +10.",
    )


def test_the_sentence_says_who_is_ahead_and_by_how_much() -> None:
    # -100 and -120 against the baseline; against Fairer -80 and -110, so 95 more there
    assert best_said(TWO) == (
        "Shorter would leave 110 fewer waiting (80%: 102 to 118) in January 2026 than if nothing changed, "
        "the fewest of these. The next is Fairer, with 95 more."
    )
    assert best_said(TWO[:1]).startswith("Shorter would leave 110 fewer waiting (80%: 102 to 118) in January")


def test_one_that_is_not_clearly_ahead_is_not_called_so() -> None:
    near = results(waiting=[890, 2891], within_18=[1, 1], over_52=[0, 0])
    said = best_said([Column("Near", near, BASELINE), TWO[0]])
    assert said.endswith("It is not clearly ahead of the next, Near.")


def test_none_that_shortens_the_list_is_told() -> None:
    longer = Column("Longer", results(waiting=[1100, 3100]), BASELINE)
    longest = Column("Longest", results(waiting=[1200, 3200]), BASELINE)
    assert best_said([longest, longer]) == (
        "None of these would clearly leave a shorter list by January 2026 than if nothing changed. The "
        "nearest is Longer: 100 more waiting (80%: 100 to 100)."
    )


def test_one_that_may_be_shorter_is_not_put_before_one_that_is() -> None:
    chance = Column("Chance", results(waiting=[500, 3200]), BASELINE)  # -500 or +200
    assert best_said([chance, TWO[0]]).endswith(
        "Chance may leave fewer still, or more than if nothing changed: that is not clear."
    )
    assert best_said([chance]) == (
        "Chance would not clearly leave a shorter list by January 2026 than if nothing changed: no clear "
        "difference in those waiting (80%: 430 fewer to 130 more)."
    )


def test_the_share_held_virtually_is_of_both_kinds_over_the_last_weeks() -> None:
    seen = results(
        first_virtual=[30, 0],
        first_face_to_face=[70, 0],
        follow_up_virtual=[50, 0],
        follow_up_face_to_face=[50, 0],
    )
    share = OUTCOMES["virtual"].values(seen)
    assert share[0] == 40  # 80 of 200
    assert np.isnan(share[1])  # nobody was seen


def test_values_and_changes_are_said_in_three_figures() -> None:
    waiting, share = OUTCOMES["waiting"], OUTCOMES["share_within_18"]
    assert waiting.form(191_678) == "192,000"
    assert waiting.form_change(-4_709.6) == "−4,710"
    assert waiting.form_change(12) == "+12"
    assert waiting.form_change(-0.2) == "0"
    assert share.form(52.06) == "52.1%"
    assert share.form_change(-1.23) == "−1.2"
