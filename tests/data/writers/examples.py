"""A small report with known numbers."""

from datetime import date, timedelta

import pandas as pd

from models.reports.picture import Picture, Series
from models.reports.report import Message, Report, Sheet

DAYS = tuple(date(2025, 9, 7) + timedelta(weeks=week) for week in range(4))
BEFORE = Series("If nothing changes", (100.0, 110.0, 120.0, 130.0), "baseline")
AFTER = Series(
    "70% virtual",
    (100.0, 95.0, 90.0, 85.5),
    "scenario",
    ((90.0, 85.0, 80.0, 75.0), (110.0, 105.0, 100.0, 95.0)),
)
LINE = Picture("line", "Pathways waiting", DAYS, (BEFORE, AFTER))
SHARE = Picture(
    "line",
    "Within 18 weeks, %",
    DAYS,
    (Series("70% virtual", (60.0, 61.5, 62.0, 63.0)),),
    "%",
    ("Standard: 92%", 92.0),
)
BARS = Picture(
    "bar", "Who gains", ("ENT", "Gynaecology"), (Series("Difference", (40.0, -85.0)),), changes=True
)
WEEKLY = pd.DataFrame({"Week ending": DAYS, "If nothing changes": BEFORE.values, "70% virtual": AFTER.values})
SPECIALTIES = pd.DataFrame(
    {"Specialty": ["ENT", "=HYPERLINK(1)"], "Difference": [3, -85], "Waiting now": [12, 4]}
)
REPORT = Report(
    title="70% virtual by default",
    place="Lancashire and South Cumbria",
    data_month="August 2025",
    headline="By October 2025 the list would be 45 lower.",
    messages=(
        Message("By October 2025 the list would be 45 lower.", LINE, ("100 are waiting now.",), ("Say so.",)),
        Message("63% would be within 18 weeks.", SHARE),
        Message("Gynaecology gains, ENT loses.", BARS),
        Message("What limits it", None, ("Few ENT patients can be seen by video.",)),
    ),
    sheets=(
        Sheet("Waiting: by week", "The list by week.", WEEKLY, ("70% virtual",), LINE),
        Sheet("By specialty", "Differences.", SPECIALTIES, ("Difference", "Waiting now"), None),
    ),
    about={"Board": "Lancashire and South Cumbria (QE1)", "Seed": "7", "Tandem": "0.1.0"},
    caveats=("The future is simulated, not known.",),
    labels=("Estimated by simulation",),
)
