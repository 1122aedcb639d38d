"""What the store holds, as values and as plain text for `python run.py status`."""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

from data.database.store import Store
from data.database.version import PRODUCT_VERSION
from data.returns.gaps import LARGE_LIST, gaps, missing_months
from models.rtt.months import month_label
from models.rtt.organisations import plain_name

_SHOWN_GAPS = 8


@dataclass(frozen=True)
class Status:
    """The store at one moment. `months`, `gaps` and `imports` are frames, see `status`."""

    path: Path
    file_size: int  # bytes
    schema_version: int
    product_version: str
    duckdb_version: str
    months: pd.DataFrame
    missing_months: tuple[str, ...]
    gaps: pd.DataFrame
    imports: pd.DataFrame


def status(store: Store) -> Status:
    """Give what the store holds.

    Frames: months (month, file_rows, providers, england_waiting, origin, file), gaps (as
    `data.returns.gaps.gaps`), imports (the ledger, newest first: kind, month, file, digest, file_rows,
    origin, product_version, imported_at).
    """
    held_months = store.frame(
        "WITH newest AS (SELECT month, arg_max(file_rows, imported_at) AS file_rows, "
        "arg_max(origin, imported_at) AS origin, arg_max(file, imported_at) AS file "
        "FROM imports WHERE kind = 'rtt' GROUP BY month) "
        "SELECT month, any_value(file_rows) AS file_rows, count(DISTINCT provider) AS providers, "
        "coalesce(sum(total) FILTER (english AND part = 'incomplete'), 0)::BIGINT AS england_waiting, "
        "any_value(origin) AS origin, any_value(file) AS file "
        "FROM pathways JOIN newest USING (month) GROUP BY month ORDER BY month"
    )
    return Status(
        path=store.path,
        file_size=store.path.stat().st_size,
        schema_version=store.rows("SELECT max(version) FROM schema_version")[0][0],
        product_version=PRODUCT_VERSION,
        duckdb_version=duckdb.__version__,
        months=held_months,
        missing_months=tuple(missing_months(store)),
        gaps=gaps(store),
        imports=store.frame("SELECT * FROM imports ORDER BY imported_at DESC, month DESC"),
    )


def render(held: Status) -> str:
    """Give the status as plain text, one fact a line."""
    lines = [
        f"Store: {held.path} ({held.file_size / 1e6:.1f} MB)",
        f"Versions: Tandem {held.product_version}, schema {held.schema_version}, DuckDB "
        f"{held.duckdb_version}",
        "",
        f"Months held: {len(held.months)}",
        "  month    rows     providers  waiting in England  from",
    ]
    lines += [
        f"  {row.month}  {row.file_rows:>7,}  {row.providers:>9,}  {row.england_waiting:>18,}  "
        f"{row.origin}, {row.file}"
        for row in held.months.itertuples()
    ]
    if held.missing_months:
        lines.append(f"  Missing between them: {', '.join(held.missing_months)}")
    lines += ["", *_gap_lines(held.gaps), ""]
    imported = held.imports[held.imports["origin"] == "imported"]
    lines.append(f"Imports: {len(held.imports) - len(imported)} shipped with Tandem, {len(imported)} since")
    lines += [
        f"  {row.imported_at:%Y-%m-%d %H:%M} UTC  {row.kind}  {row.month or 'all months'}  {row.file}"
        for row in imported.itertuples()
    ]
    return "\n".join(lines)


def _gap_lines(stretches: pd.DataFrame) -> list[str]:
    large = stretches[(stretches["kind"] == "NHS trust") | (stretches["waiting"] > LARGE_LIST)]
    if stretches.empty:
        return ["Gaps: none; every provider that began to report went on"]
    lines = [
        f"Gaps: {len(stretches)}, of which {len(large)} at NHS trusts or with more than {LARGE_LIST} waiting"
    ]
    for row in large.head(_SHOWN_GAPS).itertuples():
        what = (
            f"stopped reporting after {month_label(row.last_month)}"
            if row.gap == "stopped"
            else f"reported nothing after {month_label(row.last_month)} until {month_label(row.returned)}"
        )
        lines.append(f"  {plain_name(row.name)} ({row.provider}) {what}, with {row.waiting:,} waiting then")
    if len(large) > _SHOWN_GAPS:
        lines.append(f"  and {len(large) - _SHOWN_GAPS} more; the Data page lists all")
    return lines
