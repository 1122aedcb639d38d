"""The hindcast's tables: the figures by hand, in text and for a document."""

import numpy as np
import pytest

from sim.studies.hindcast import Outcome
from sim.studies.hindcast_boards import WholeLists
from sim.studies.hindcast_table import Table, tables

pytestmark = pytest.mark.unit


def whole(origin: str, horizon: int) -> WholeLists:
    """Boards of 100 and 900: forecast 2% and 4% too long, with shares as published, left 10% too long."""
    published = np.array([[100.0, 50.0, 10.0], [900.0, 450.0, 90.0], [1000.0, 500.0, 100.0]])
    forecast = published * np.array([[1.02], [1.04], [1.038]])
    return WholeLists(origin, horizon, ("QE1", "QK1", "ENGLAND"), published, forecast, published * 1.1)


def outcome(origin: str = "2025-02", horizon: int = 6) -> Outcome:
    """Two lists of 100 and 400 at trusts of two boards, and one of 500 at another provider."""
    waiting = np.array([100.0, 400.0, 500.0])
    return Outcome(
        origin=origin,
        horizon=horizon,
        treatment_functions=np.array(["C_110", "C_130", "C_110"]),
        board=np.array([0, 1, 1]),
        boards=("QE1", "QK1"),
        trust=np.array([True, True, False]),
        waiting=waiting,
        within=waiting / 2,
        listed={"tandem": waiting * 1.02, "nothing": waiting * 1.1, "flows": waiting * 0.7},
        listed_within={"tandem": waiting * 0.51, "nothing": waiting * 0.44, "flows": waiting * 0.35},
        lower=np.array([90.0, 410.0, 450.0]),
        upper=np.array([110.0, 500.0, 550.0]),
        board_bounds=(np.array([95.0, 390.0]), np.array([105.0, 410.0])),
        england_bounds=(480.0, 520.0),
        whole=whole(origin, horizon),
    )


def named(title: str, found: list[Table]) -> Table:
    [table] = [table for table in found if table.title == title]
    return table


def test_methods_side_by_side() -> None:
    found = named("Trusts' lists, 6 months ahead", tables([outcome()]))
    # 2% too long everywhere, half within 18 weeks as published; 10% too long and 0.44 / 1.1 = 40% against 50
    assert found.rows[0][:6] == ("Tandem", "2.00%", "0.00", "+2.0%", "+2.0%", "2.00%")
    assert found.rows[1][:4] == ("nothing changes", "10.00%", "10.00", "+10.0%")
    assert found.rows[2][:4] == ("stock and flow", "30.00%", "0.00", "-30.0%")
    # of the trusts' two lists one lies in its range; of all three two do
    assert found.rows[0][6] == "50%"
    assert named("All providers' lists, 6 months ahead", tables([outcome()])).rows[0][6] == "67%"


def test_parts_hold_trusts_series() -> None:
    found = tables([outcome(), outcome("2025-01")])
    by_size = named("By size of list, 6 months ahead", found)
    # at the origin 110 and 440 waited
    assert [row[:3] for row in by_size.rows] == [("under 300", "1", "2.0%"), ("300 to 999", "1", "2.0%")]
    assert [row[0] for row in named("By origin, 6 months ahead", found).rows] == ["2025-02", "2025-01"]
    functions = named("By treatment function, 6 months ahead", found)
    assert [row[:2] for row in functions.rows] == [("Trauma and orthopaedics", "1"), ("Ophthalmology", "1")]


def test_boards_as_a_whole() -> None:
    found = named("By board as a whole, 6 months ahead", tables([outcome()]))
    assert found.rows == (
        ("QE1", "2.0%", "10.0%", "30.0%", "100%"),
        ("QK1", "2.0%", "10.0%", "30.0%", "100%"),
    )


def test_whole_lists_of_every_provider() -> None:
    found = named("Boards and England as a whole, 6 months ahead", tables([outcome()]))
    # boards: (2 + 36) / 1,000; England: 38 / 1,000; over 52 weeks likewise
    assert found.rows == (
        ("boards: Tandem", "3.80%", "0.00", "3.8%"),
        ("boards: nothing changes", "10.00%", "0.00", "10.0%"),
        ("England: Tandem", "3.80%", "0.00", "3.8%"),
        ("England: nothing changes", "10.00%", "0.00", "10.0%"),
    )


def test_each_horizon_has_its_tables() -> None:
    found = tables([outcome(horizon=3), outcome(horizon=6)])
    assert len(found) == 14
    assert len({table.title for table in found}) == 14


def test_text_and_markdown() -> None:
    table = Table("Errors", ("method", "error"), (("Tandem", "2%"), ("nothing changes", "10%")))
    assert table.text() == "Errors\nmethod           error\nTandem              2%\nnothing changes    10%"
    assert table.markdown() == (
        "### Errors\n\n| method | error |\n|---|---:|\n| Tandem | 2% |\n| nothing changes | 10% |"
    )
