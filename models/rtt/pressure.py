"""Where the pressure is: a month's lists by treatment function and provider, the worst first."""

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.queueing.theory import waiting_list_pressure
from models.rtt.history import History
from models.rtt.organisations import plain_name
from models.rtt.treatment_functions import TREATMENT_FUNCTIONS
from models.rtt.waiting_list import STANDARD_WEEKS, mean_wait, median, over, share_within, total

FEWEST_RANKED = 100  # pathways: chance moves the waits of a smaller list too much to rank it with the others
FEWEST_SHOWN = 10  # pathways, for a cell of the table

Measure = Literal["pressure", "share_within_18", "share_over_52"]


def ranked(codes: NDArray[Any], weeks: NDArray[np.int32], names: Mapping[str, str]) -> pd.DataFrame:
    """Give lists by code, most pressure first, from S series with their codes (S,) and weeks waited (S, 105).

    Columns: code, name, waiting, share_within_18 and share_over_52 (%), over_52, median_weeks, pressure (as
    `models.queueing.theory.waiting_list_pressure`, against 18 weeks). Lists under FEWEST_RANKED pathways come
    last, larger before smaller. `names` holds names by code.
    """
    lists = _measured(weeks, pd.DataFrame({"code": codes}))
    lists.insert(1, "name", [names.get(code, code) for code in lists["code"]])
    lists["small"] = lists["waiting"] < FEWEST_RANKED
    lists["order"] = np.where(lists["small"], -lists["waiting"], -lists["pressure"])
    lists = lists.sort_values(["small", "order", "code"], ignore_index=True)
    return lists.drop(columns=["small", "order"])


def table(
    returns: History, measure: Measure, functions: pd.DataFrame, providers: pd.DataFrame
) -> pd.DataFrame:
    """Give one measure with a row a treatment function and a column a provider, each as they are ranked.

    `functions` and `providers` are as `ranked` gives them; the index and columns are their codes. Cells with
    fewer than FEWEST_SHOWN pathways are nan. The first column, 'all', takes in every provider.
    """
    pairs = pd.DataFrame({"function": returns.treatment_functions, "provider": returns.providers})
    lists = _measured(returns.incomplete[-1], pairs)
    lists.loc[lists["waiting"] < FEWEST_SHOWN, measure] = np.nan
    cells = lists.pivot(index="function", columns="provider", values=measure)
    cells = cells.reindex(index=functions["code"], columns=providers["code"])
    cells.insert(0, "all", functions[measure].to_numpy())
    return cells


def function_names() -> dict[str, str]:
    """Give the treatment functions' names by code, as a planner says them."""
    return {code: each.name for code, each in TREATMENT_FUNCTIONS.items()}


def provider_names(official: Mapping[str, str]) -> dict[str, str]:
    """Give providers' plain names by code; the code stands behind a name that two of them share."""
    plain = {code: plain_name(name) for code, name in official.items()}
    repeated = pd.Series(plain).duplicated(keep=False)
    return {code: f"{name} ({code})" if repeated[code] else name for code, name in plain.items()}


def _measured(weeks: NDArray[np.int32], keys: pd.DataFrame) -> pd.DataFrame:
    """The lists of each distinct row of `keys`, with their measures, but for those with nobody waiting."""
    groups = keys.groupby(list(keys), sort=True)
    added = np.zeros((groups.ngroups, weeks.shape[1]), dtype=np.int64)
    np.add.at(added, groups.ngroup().to_numpy(), weeks)
    lists = keys.drop_duplicates().sort_values(list(keys), ignore_index=True)
    lists["waiting"] = total(added)
    lists["share_within_18"] = 100 * share_within(added)
    lists["over_52"] = over(added, 52)
    lists["share_over_52"] = 100 * lists["over_52"] / np.maximum(lists["waiting"], 1)
    lists["median_weeks"] = median(added)
    lists["pressure"] = waiting_list_pressure(mean_wait(added), STANDARD_WEEKS)
    return lists[lists["waiting"] > 0].reset_index(drop=True)
