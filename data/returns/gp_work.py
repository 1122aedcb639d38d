"""Which part of each provider's list is an area's, as published."""

import pandas as pd

from data.database.store import Store
from data.returns.scope import boards_of
from models.rtt.organisations import merged_by


def area_shares(store: Store, board: str, month: str) -> pd.DataFrame:
    """Give where the patients of a board's areas wait at a month's end, and their share of that list.

    Columns: area, provider, treatment_function, waiting, share (0 to 1, of everybody who waits there, whoever
    pays). A merged trust's list is its successor's. No rows where the month is not held.
    """
    boards = boards_of(store, board)
    here = f"c.board IN ({', '.join('?' * len(boards))})" if boards else "coalesce(c.board, '') != ''"
    mine = store.frame(
        "SELECT f.commissioner AS area, f.provider, f.treatment_function, sum(f.total)::BIGINT AS waiting "
        "FROM flows f JOIN commissioners c ON c.code = f.commissioner AND c.month = f.month "
        f"WHERE f.month = ? AND f.part = 'incomplete' AND {here} GROUP BY ALL",
        [month, *boards],
    )
    everyone = store.frame(
        "SELECT provider, treatment_function, sum(total)::BIGINT AS everyone FROM flows "
        "WHERE month = ? AND part = 'incomplete' GROUP BY ALL",
        [month],
    )
    keys = ["provider", "treatment_function"]
    for frame in (mine, everyone):
        frame["provider"] = frame["provider"].replace(merged_by(month))
    mine = mine.groupby(["area", *keys], as_index=False).sum()
    shares = mine.merge(everyone.groupby(keys, as_index=False).sum(), on=keys)
    shares["share"] = shares["waiting"] / shares["everyone"].where(shares["everyone"] > 0)
    shares = shares[shares["waiting"] > 0].drop(columns="everyone")
    return shares.sort_values(["area", *keys], ignore_index=True)
