"""Saved runs: what was simulated, and the summary it gave."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
import pyarrow as pa

from data.database.store import Store
from data.database.version import PRODUCT_VERSION
from models.errors import TandemError

RESULT_COLUMNS = ("week", "provider", "treatment_function", "measure", "mean", "lower", "upper")
_RESULTS = pa.schema(
    [
        ("run", pa.string()),
        ("week", pa.int32()),
        ("provider", pa.string()),
        ("treatment_function", pa.string()),
        ("measure", pa.string()),
        ("mean", pa.float64()),
        ("lower", pa.float64()),
        ("upper", pa.float64()),
    ]
)


@dataclass(frozen=True)
class Run:
    """One run of a scenario; times are UTC without a zone. `id` is given when it is saved."""

    document: Mapping[str, Any]  # the scenario as it was run
    scope: str
    seed: int
    weeks: int
    replications: int
    data_month: str
    started_at: datetime
    finished_at: datetime
    product_version: str = PRODUCT_VERSION
    id: str = ""


def save_run(store: Store, run: Run, results: pd.DataFrame) -> str:
    """Save a run and its summary in one transaction; give the run's id.

    `results` has the columns week, provider, treatment_function, measure, mean, lower, upper (80% band); a
    blank provider or treatment function means all of them. Raises TandemError when a column is missing.
    """
    missing = [column for column in RESULT_COLUMNS if column not in results.columns]
    if missing:
        raise TandemError(
            f"The results lack the column '{missing[0]}'.", f"Give {', '.join(RESULT_COLUMNS)}."
        )
    identity = run.id or uuid.uuid4().hex
    rows = pa.Table.from_pandas(results.assign(run=identity)[_RESULTS.names], _RESULTS, preserve_index=False)
    with store.write() as writer:
        writer.execute(
            "INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                identity,
                json.dumps(run.document, sort_keys=True),
                run.scope,
                run.seed,
                run.weeks,
                run.replications,
                run.data_month,
                run.product_version,
                run.started_at,
                run.finished_at,
            ],
        )
        writer.insert("run_results", rows)
    return identity


def load_run(store: Store, identity: str) -> tuple[Run, pd.DataFrame]:
    """Give a saved run and its summary, ordered by week, provider, treatment function and measure.

    Raises TandemError when no run has this id.
    """
    rows = store.rows(
        "SELECT document, scope, seed, weeks, replications, data_month, started_at, finished_at, "
        "product_version, id "
        "FROM runs WHERE id = ?",
        [identity],
    )
    if not rows:
        raise TandemError(f"The store holds no run '{identity}'.", "Choose one of the saved runs.")
    results = store.frame(
        "SELECT week, provider, treatment_function, measure, mean, lower, upper FROM run_results "
        "WHERE run = ? "
        "ORDER BY week, provider, treatment_function, measure",
        [identity],
    )
    document, *rest = rows[0]
    return Run(json.loads(document), *rest), results


def runs(store: Store) -> pd.DataFrame:
    """Give the saved runs, newest first.

    Columns: id, scope, seed, weeks, replications, data_month, started_at, finished_at.
    """
    return store.frame(
        "SELECT id, scope, seed, weeks, replications, data_month, started_at, finished_at FROM runs "
        "ORDER BY started_at DESC, id"
    )
