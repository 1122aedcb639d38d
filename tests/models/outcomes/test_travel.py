"""Travel: what is said of miles and carbon, and the table to take away."""

import pytest

from models.errors import TandemError
from models.outcomes.travel import Journeys, Travel, message, read_carbon, sheet
from models.statements import Interval

pytestmark = pytest.mark.unit


def travel(
    change: Interval, carbon: float | None = 0.25, appointments: float = 0.0, left_out: float = 0.0
) -> Travel:
    own = Journeys("RXX", "Riverside", 10.0, Interval(900, 880, 920), Interval(-400, -500, -300), change)
    more = Interval(appointments, appointments, appointments)
    return Travel("Virtual clinics", 52, (own,), Interval(9000, 8800, 9200), change, more, carbon, left_out)


def test_miles_saved_and_their_carbon() -> None:
    found = travel(Interval(-4000, -5000, -3000))
    assert found.sentences == (
        "In the last 52 weeks of the run, Virtual clinics saves 4,000 miles of travel to outpatient "
        "appointments (80%: 3,000 to 5,000).",
        "By car that is 1.0 tonnes CO2e less (80%: 0.8 to 1.2), at 0.25 kg a mile.",  # 4,000 x 0.25 kg
    )


def test_more_appointments_are_said_beside_more_miles() -> None:
    said = " ".join(travel(Interval(80_000, 60_000, 100_000), appointments=2000, left_out=0.258).sentences)
    assert "adds 80,000 miles" in said
    assert "20 tonnes CO2e more (80%: 15 to 25)" in said
    assert "2,000 more appointments are kept" in said
    assert "25.8% of appointments face to face" in said


def test_no_clear_difference_and_none_at_all() -> None:
    assert "no clear difference to the miles" in travel(Interval(-50, -400, 300)).sentences[0]
    assert "changes nothing in the miles" in travel(Interval(0, 0, 0)).sentences[0]


def test_without_a_factor_no_carbon_is_worked_out() -> None:
    found = travel(Interval(-4000, -5000, -3000), carbon=None)
    assert found.tonnes is None
    assert found.sentences[1] == "Carbon is not worked out: give kg CO2e a mile."
    assert "Tonnes CO2e, difference" not in sheet([found]).frame


def test_the_table_has_each_trust_and_the_whole() -> None:
    found = travel(Interval(-4000, -5000, -3000))
    frame = sheet([found]).frame
    assert frame["Trust"].tolist() == ["Riverside", "All together"]
    assert frame["Miles, difference"].tolist() == [-4000, -4000]
    assert frame["Tonnes CO2e, difference"].tolist() == [-1.0, -1.0]
    assert message([found]).sentence == found.sentences[0]
    assert len(message([found, found]).points) == 2


def test_a_factor_is_read_as_it_is_written() -> None:
    assert [read_carbon(text, 0.3) for text in ("", "none", "0.2")] == [0.3, None, 0.2]
    for text in ("lots", "-1", "nan", "7"):
        with pytest.raises(TandemError, match="can't be read"):
            read_carbon(text, 0.3)
