"""A list over the months held, narrowed to a treatment function or provider if asked, and its gaps."""

import numpy as np
import pandas as pd

from data.database.store import Store
from data.returns import lists
from data.returns.gaps import LARGE_LIST, gaps
from models.rtt.months import next_month
from models.rtt.organisations import ENGLAND
from models.rtt.waiting_list import over, share_within, total

MOST_MARKED = 6  # gaps on one chart


def months_of(
    store: Store, scope: str, function: str | None = None, provider: str | None = None
) -> pd.DataFrame:
    """Give a list at the end of each month held, oldest first; nan where nothing was returned.

    Columns: month, waiting, share_within_18 (%), over_52.
    """
    if function is None and provider is None:
        trend = lists.trend(store, scope)
        share = 100 * trend["within_18"] / trend["incomplete"].replace(0, np.nan)
        return pd.DataFrame(
            {
                "month": trend["month"],
                "waiting": trend["incomplete"].astype(float),
                "share_within_18": share,
                "over_52": trend["over_52"].astype(float),
            }
        )
    months = lists.months(store)
    weeks = np.stack(
        [
            lists.profile(store, scope, month, provider=provider, treatment_function=function)
            for month in months
        ]
    )
    history = pd.DataFrame(
        {
            "month": months,
            "waiting": total(weeks).astype(float),
            "share_within_18": 100 * share_within(weeks),
            "over_52": over(weeks, 52).astype(float),
        }
    )
    history.loc[history["waiting"] == 0, ["waiting", "over_52"]] = np.nan
    return history


def gaps_in(store: Store, scope: str, provider: str | None = None) -> tuple[pd.DataFrame, int]:
    """Give a scope's largest gaps, oldest first, and how many smaller ones there are besides.

    Columns as `data.returns.gaps.gaps`, and `first` (the first month left out) and `letter` (one a month, a
    to z).
    """
    stretches = gaps(store)
    stretches = stretches[stretches["waiting"] > 0]
    if scope != ENGLAND:
        stretches = stretches[stretches["board"] == scope]
    if provider is not None:
        stretches = stretches[stretches["provider"] == provider]
    large = stretches[(stretches["kind"] == "NHS trust") | (stretches["waiting"] > LARGE_LIST)]
    marked = large.nlargest(MOST_MARKED, "waiting")
    marked = marked.assign(first=[next_month(month) for month in marked["last_month"]])
    marked = marked.sort_values(["first", "waiting"], ascending=[True, False], ignore_index=True)
    letters = {month: chr(ord("a") + place) for place, month in enumerate(marked["first"].unique())}
    return marked.assign(letter=[letters[month] for month in marked["first"]]), len(stretches) - len(marked)
