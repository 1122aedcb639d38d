"""The columns of the official RTT full extract, April 2021 on: 13 of text, 105 week bands, 3 totals."""

from data.database.figures import BANDS
from data.imports.columns import Column, Kind

TEXT_COLUMNS = (
    Column("Period", "month of the return, as RTT-June-2025", name="period"),
    Column("Provider Parent Org Code", "board of the provider in this month", name="board"),
    Column("Provider Parent Name", "its name", required=False, name="board_name"),
    Column("Provider Org Code", "provider", name="provider"),
    Column("Provider Org Name", "its name", required=False, name="provider_name"),
    Column(
        "Commissioner Parent Org Code",
        "board of the commissioner, blank for hubs",
        required=False,
        name="parent",
    ),
    Column("Commissioner Parent Name", "its name", required=False, name="parent_name"),
    Column("Commissioner Org Code", "commissioner; NONC is not English", name="commissioner"),
    Column("Commissioner Org Name", "its name", required=False, name="commissioner_name"),
    Column("RTT Part Type", "which return: stops, waiting or starts", name="part"),
    Column("RTT Part Description", "the same in words", required=False, name="part_description"),
    Column(
        "Treatment Function Code", "treatment function; C_999 is the total of the others", name="function"
    ),
    Column("Treatment Function Name", "its name", required=False, name="function_name"),
)


def _band_heading(week: int) -> str:
    open_band = week == BANDS - 1
    return f"Gt {week:02d} Weeks SUM 1" if open_band else f"Gt {week:02d} To {week + 1:02d} Weeks SUM 1"


BAND_NAMES = tuple(f"w{week:03d}" for week in range(BANDS))
BAND_COLUMNS = tuple(
    Column(_band_heading(week), f"pathways of {week} whole weeks", Kind.COUNT, required=False, name=name)
    for week, name in enumerate(BAND_NAMES)
)
TOTAL_COLUMNS = (
    Column(
        "Total", "clock stops of known wait; blank for the waiting", Kind.COUNT, required=False, name="total"
    ),
    Column(
        "Patients with unknown clock start date",
        "clock stops of unknown wait",
        Kind.COUNT,
        required=False,
        name="unknown_start",
    ),
    Column("Total All", "all pathways of the row", Kind.COUNT, name="total_all"),
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
