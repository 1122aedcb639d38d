"""What can join the takeaway of a scenario or of a comparison: the ten expectations, and travel."""

from collections.abc import Sequence

from models import scorecard, travel
from models.scorecard import Scorecard
from models.takeaway import Part
from models.travel import Travel


def expectations_part(scored: Sequence[tuple[Scorecard, Travel]]) -> Part:
    """The scorecards and the travel of one or more scenarios, judged against the same targets."""
    cards, travels = [card for card, _ in scored], [travelled for _, travelled in scored]
    asked = [f"{each.expectation.title}: {each.target_said}" for each in cards[0].judged if each.target]
    carbon = travels[0].carbon
    return Part(
        messages=(scorecard.message(cards), travel.message(travels)),
        sheets=(scorecard.sheet(cards), travel.sheet(travels)),
        about={
            "Targets": "; ".join(asked) or "none",
            "Carbon from a mile by car": "not given" if carbon is None else f"{carbon:g} kg CO2e",
        },
    )
