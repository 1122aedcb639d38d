"""Saved runs come back as they were."""

from datetime import datetime

import pandas as pd
import pytest

from data.database.store import Store
from data.saved.runs import RESULT_COLUMNS, Run, load_run, runs, save_run
from models.errors import TandemError

pytestmark = pytest.mark.unit

RUN = Run(
    document={"name": "virtual-70", "levers": [{"lever": "virtual_share", "share": 70}]},
    scope="QK1",
    seed=1,
    weeks=104,
    replications=30,
    data_month="2025-08",
    started_at=datetime(2026, 1, 2, 3, 4, 5),
    finished_at=datetime(2026, 1, 2, 3, 4, 7),
)
RESULTS = pd.DataFrame(
    [
        (1, "", "", "waiting", 112_000.0, 111_000.0, 113_000.0),
        (0, "", "", "waiting", 112_685.0, 112_685.0, 112_685.0),
    ],
    columns=list(RESULT_COLUMNS),
)


def test_a_run_comes_back_with_its_results_in_order(store: Store) -> None:
    identity = save_run(store, RUN, RESULTS)
    run, results = load_run(store, identity)
    assert run.document == RUN.document
    assert (run.scope, run.seed, run.started_at, run.id) == ("QK1", 1, RUN.started_at, identity)
    assert results["week"].tolist() == [0, 1]
    assert results["lower"].tolist() == [112_685.0, 111_000.0]
    assert runs(store)["id"].tolist() == [identity]


def test_results_that_lack_a_column_save_nothing(store: Store) -> None:
    with pytest.raises(TandemError, match="lack the column 'upper'"):
        save_run(store, RUN, RESULTS.drop(columns="upper"))
    assert runs(store).empty


def test_a_run_that_is_not_held(store: Store) -> None:
    with pytest.raises(TandemError, match="no run 'x'"):
        load_run(store, "x")
