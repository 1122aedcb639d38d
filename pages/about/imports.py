"""The files that the Data page takes: a month of the returns, trusts, and boards' boundaries."""

import pandas as pd

from data.database.store import Store
from data.imports import ods, rtt_columns
from data.imports.boundaries import Boundaries, read_boundaries, store_boundaries
from data.imports.ods import TrustFile, read_trusts, store_trusts
from data.imports.rtt_extract import Extract, read_extract, store_extract
from models.rtt.months import month_label
from pages.parts.upload import Importer, Outcome, Understood


def returns(store: Store) -> Importer[Extract]:
    """Full extracts of the monthly returns, several at once."""
    return Importer(
        "returns",
        "RTT full extract of one month, zip or CSV; several at once if you like",
        read_extract,
        lambda extract: Understood(
            f"{month_label(extract.month)}: {_figures(extract)}.", notes=extract.notes
        ),
        lambda extract, name: _keep_extract(store, extract),
        types=("zip", "csv"),
        several=True,
        columns=rtt_columns.COLUMNS,
    )


def trusts(store: Store) -> Importer[TrustFile]:
    """The trusts file of the Organisation Data Service."""
    return Importer(
        "trusts",
        "Trusts file of the Organisation Data Service, CSV or zip",
        read_trusts,
        lambda file: Understood(f"{len(file.trusts):,} organisations.", pd.DataFrame(map(vars, file.trusts))),
        lambda file, name: _keep_trusts(store, file),
        types=("csv", "zip"),
        columns=ods.COLUMNS,
    )


def boundaries(store: Store) -> Importer[Boundaries]:
    """Boards' boundaries of one edition."""
    return Importer(
        "boundaries",
        "Board boundaries, GeoJSON",
        read_boundaries,
        lambda shapes: Understood(
            f"{_shapes(shapes)}.",
            pd.DataFrame([(board.code, board.name) for board in shapes.boards], columns=["code", "name"]),
        ),
        lambda shapes, name: _keep_boundaries(store, shapes),
        types=("geojson", "json"),
    )


def _figures(extract: Extract) -> str:
    return f"{extract.file_rows:,} rows, {extract.england_waiting:,} pathways waiting in England"


def _keep_extract(store: Store, extract: Extract) -> Outcome:
    outcome = store_extract(store, extract)
    month, figures = month_label(outcome.month), _figures(extract)
    text = {
        "new": f"**{month} is new.** {figures}. Every page can show it now.",
        "replaced": f"**{month} was replaced** by the revised figures. {figures}.",
        "unchanged": f"**Nothing changed.** {month} is held already, with the same figures: {figures}.",
    }[outcome.status]
    return Outcome("unchanged" if outcome.status == "unchanged" else "changed", text, outcome.notes)


def _keep_trusts(store: Store, file: TrustFile) -> Outcome:
    outcome = store_trusts(store, file)
    if outcome.status == "unchanged":
        return Outcome("unchanged", "**Nothing changed.** The organisations are as held.")
    return Outcome(
        "changed", f"**{outcome.added:,} organisations are new, {outcome.changed:,} were changed.**"
    )


def _keep_boundaries(store: Store, shapes: Boundaries) -> Outcome:
    status = store_boundaries(store, shapes)
    if status == "unchanged":
        return Outcome("unchanged", f"**Nothing changed.** {_shapes(shapes)} are as held.")
    done = "are new" if status == "new" else "took the place of those held"
    return Outcome("changed", f"**{_shapes(shapes)} {done}.**")


def _shapes(shapes: Boundaries) -> str:
    return f"The {len(shapes.boards):,} board boundaries of {shapes.edition}"
