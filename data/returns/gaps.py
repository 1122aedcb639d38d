"""Gaps in the returns: providers that stopped reporting while others went on, and months the store lacks."""

import pandas as pd

from data.database.store import Store
from data.returns.lists import months
from models.rtt.months import month_range
from models.rtt.organisations import provider_kind

LARGE_LIST = 500  # pathways: a smaller list that ends is more often a contract's end than a gap


def gaps(store: Store) -> pd.DataFrame:
    """Give each stretch of held months that a provider left out after it had begun to report.

    Columns: provider, name, kind, board (its parent then), gap ('stopped' when it lasts to the newest month
    held, else 'skipped'), last_month (the last one reported before), waiting (pathways waiting then, NONC
    included), missing (months), returned (the month it reported again, blank when it has not). NHS trusts and
    lists over 500 come first, larger lists before smaller.
    """
    held_months = months(store)
    reports = store.frame(
        "SELECT provider, month, max(board) AS board, sum(waiting)::BIGINT AS waiting FROM ("
        "SELECT provider, month, board, CASE WHEN part = 'incomplete' THEN total ELSE 0 END AS waiting "
        "FROM pathways "
        "UNION ALL SELECT provider, month, board, 0 FROM clock_starts) GROUP BY ALL ORDER BY provider, month"
    )
    place = {month: number for number, month in enumerate(held_months)}
    reports["place"] = reports["month"].map(place)
    following = reports.groupby("provider")["place"].shift(-1)
    reports["missing"] = (following.fillna(len(held_months)) - reports["place"] - 1).astype(int)
    stretches = reports[reports["missing"] > 0].copy()
    back = following[stretches.index]
    names = dict(store.rows("SELECT code, name FROM providers"))
    stretches["name"] = [names.get(code, code) for code in stretches["provider"]]
    stretches["kind"] = [provider_kind(code) for code in stretches["provider"]]
    stretches["gap"] = ["stopped" if pd.isna(number) else "skipped" for number in back]
    stretches["returned"] = ["" if pd.isna(number) else held_months[int(number)] for number in back]
    stretches["first"] = (stretches["kind"] == "NHS trust") | (stretches["waiting"] > LARGE_LIST)
    stretches = stretches.sort_values(
        ["first", "waiting", "provider", "month"], ascending=[False, False, True, True], ignore_index=True
    )
    columns = ["provider", "name", "kind", "board", "gap", "month", "waiting", "missing", "returned"]
    return stretches[columns].rename(columns={"month": "last_month"})


def missing_months(store: Store) -> list[str]:
    """Give the months between the first and the newest held that the store lacks."""
    present = months(store)
    return (
        [month for month in month_range(present[0], present[-1]) if month not in present] if present else []
    )
