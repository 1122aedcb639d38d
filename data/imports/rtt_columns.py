"""The columns of the official RTT full extract, April 2021 on: 13 of text, 105 week bands, 3 totals."""

from data.database.figures import BANDS
from models.columns import Column, Kind


def _text(heading: str, name: str, meaning: str, *, required: bool = True) -> Column:
    return Column(name, meaning, required=required, heading=heading)


def _count(heading: str, name: str, meaning: str, *, required: bool = False) -> Column:
    return Column(name, meaning, Kind.COUNT, "pathways", required, low=0, heading=heading)


TEXT_COLUMNS = (
    _text("Period", "period", "month of the return, as RTT-June-2025"),
    _text("Provider Parent Org Code", "board", "board of the provider in this month"),
    _text("Provider Parent Name", "board_name", "its name", required=False),
    _text("Provider Org Code", "provider", "provider"),
    _text("Provider Org Name", "provider_name", "its name", required=False),
    _text(
        "Commissioner Parent Org Code", "parent", "board of the commissioner, blank for hubs", required=False
    ),
    _text("Commissioner Parent Name", "parent_name", "its name", required=False),
    _text("Commissioner Org Code", "commissioner", "commissioner; NONC is not English"),
    _text("Commissioner Org Name", "commissioner_name", "its name", required=False),
    _text("RTT Part Type", "part", "which return: stops, waiting or starts"),
    _text("RTT Part Description", "part_description", "the same in words", required=False),
    _text("Treatment Function Code", "function", "treatment function; C_999 is the total of the others"),
    _text("Treatment Function Name", "function_name", "its name", required=False),
)


def _band_heading(week: int) -> str:
    open_band = week == BANDS - 1
    return f"Gt {week:02d} Weeks SUM 1" if open_band else f"Gt {week:02d} To {week + 1:02d} Weeks SUM 1"


BAND_NAMES = tuple(f"w{week:03d}" for week in range(BANDS))
BAND_COLUMNS = tuple(
    _count(_band_heading(week), name, f"pathways of {week} whole weeks")
    for week, name in enumerate(BAND_NAMES)
)
TOTAL_COLUMNS = (
    _count("Total", "total", "clock stops of known wait; blank for the waiting"),
    _count("Patients with unknown clock start date", "unknown_start", "clock stops of unknown wait"),
    _count("Total All", "total_all", "all pathways of the row", required=True),
)
COLUMNS = TEXT_COLUMNS + BAND_COLUMNS + TOTAL_COLUMNS

PARTS = {
    "Part_1A": "admitted",
    "Part_1B": "non_admitted",
    "Part_2": "incomplete",
    "Part_2A": "dta",
    "Part_3": "starts",
}
TOTAL_FUNCTION = "C_999"
NOT_ENGLISH = "NONC"
