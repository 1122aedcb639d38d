"""The pictures of the Backlog page, each with its message in words and its table."""

import pandas as pd

from models.rtt import list_statements
from models.rtt.months import month_label
from models.rtt.waiting_list import BANDS, STANDARD, STANDARD_WEEKS, WaitingList
from pages.parts.figures import Line, line_chart, profile_chart, show

STANDARD_PERCENT = 100 * STANDARD.share


def show_waiting(trend: pd.DataFrame, gaps: pd.DataFrame) -> None:
    """Draw the list month by month, with a letter where a provider stopped reporting."""
    months = trend["month"].tolist()
    newest = trend["waiting"].iloc[-1]
    figure = line_chart(
        months,
        [Line("" if pd.isna(newest) else f"{newest:,.0f}", trend["waiting"])],
        marks=dict(zip(gaps["first"], gaps["letter"], strict=True)),
    )
    show(
        figure,
        title="Pathways waiting at each month's end",
        alt=list_statements.trend_words(months, trend["waiting"].tolist(), "The list"),
        table=_table(trend, {"waiting": "Waiting", "over_52": "Over 52 weeks"}),
        key="waiting",
    )


def show_share(trend: pd.DataFrame, england: pd.DataFrame | None) -> None:
    """Draw the share within 18 weeks month by month against the standard, and England's where given."""
    months = trend["month"].tolist()
    lines = [Line(_end("Here" if england is not None else "", trend), trend["share_within_18"])]
    columns = trend[["month", "share_within_18"]]
    names = {"share_within_18": "Within 18 weeks, %"}
    if england is not None:
        # England may hold a month in which this board has nothing, or the other way round
        columns = columns.merge(
            england[["month", "share_within_18"]], how="left", on="month", suffixes=("", "_england")
        )
        lines.append(Line(_end("England", england), columns["share_within_18_england"], dash="dot"))
        names["share_within_18_england"] = "England, %"
    figure = line_chart(
        months,
        lines,
        percent=True,
        standard=STANDARD_PERCENT,
        standard_label=f"Standard: {STANDARD_PERCENT:.0f}%",
    )
    noun = f"The share that has waited under {STANDARD_WEEKS} weeks"
    words = list_statements.trend_words(months, trend["share_within_18"].tolist(), noun, "%")
    show(
        figure,
        title=f"Share waiting under {STANDARD_WEEKS} weeks, %",
        alt=f"{words} The standard is {STANDARD_PERCENT:.0f}%.",
        table=_table(columns, names),
        key="share",
    )


def show_profile(waiting: WaitingList) -> None:
    """Draw pathways by whole weeks waited."""
    weeks = [str(week) for week in range(BANDS - 1)] + ["104 or more"]
    show(
        profile_chart(waiting.weeks, label="Waiting"),
        title="Pathways by whole weeks waited",
        alt=list_statements.profile_words(waiting),
        table=pd.DataFrame({"Weeks waited": weeks, "Pathways": waiting.weeks}),
        key="profile",
    )


def _end(name: str, trend: pd.DataFrame) -> str:
    newest = trend["share_within_18"].iloc[-1]
    return "" if pd.isna(newest) else f"{name} {newest:.0f}%".strip()


def _table(trend: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    table = trend[["month", *names]].rename(columns={"month": "Month", **names})
    table["Month"] = [month_label(month) for month in table["Month"]]
    return table.round(1)
