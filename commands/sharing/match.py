"""`match`: which waiting patients could go to which offered places, and why not the others."""

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from commands.parts.opening import Progress, command, open_store
from data.database.version import PRODUCT_VERSION
from models.errors import TandemError

if TYPE_CHECKING:
    from commands.parts.opening import Commands
    from models.matching.preview import Preview


def add(commands: "Commands") -> None:
    """Add to the front door's commands."""
    parser = command(commands, "match", _match, "preview a matching of waiting patients to offered places")
    parser.add_argument(
        "--patients", type=Path, required=True, metavar="FILE", help="the list: .csv, .xlsx or .parquet"
    )
    parser.add_argument(
        "--slots", type=Path, required=True, metavar="FILE", help="the places: .csv, .xlsx or .parquet"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for what is found")
    parser.add_argument("--format", choices=["csv", "parquet"], default="csv", help="of the tables (csv)")
    parser.add_argument(
        "--as-of", type=_day, metavar="YYYY-MM-DD", help="weeks begun by this day are past (today)"
    )
    parser.add_argument(
        "--count-asked",
        action="store_true",
        help="also match patients whose home trust has been asked and has yet to answer",
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise argparse.ArgumentTypeError(f"'{text}' is not a date: write 2026-09-01") from fault


def _match(options: argparse.Namespace) -> int:
    from data.imports.patients import read_patients
    from data.imports.slots import read_slots
    from data.saved.matching import located
    from models.matching.preview import preview_matching
    from models.matching.summary import summary
    from models.matching.terms import Terms

    terms = Terms(options.as_of or date.today(), options.count_asked)
    try:
        options.out.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise TandemError(
            f"The folder {options.out} could not be made: {fault.strerror}.", "Name another with --out."
        ) from fault
    patients = read_patients(options.patients, terms.as_of)
    slots = read_slots(options.slots, terms.as_of)
    with open_store(options) as store:
        slots = located(store, slots)  # places that gave none stand where their provider does
    preview = preview_matching(patients, slots, terms, progress=Progress("Matching").say)
    figures = summary(preview).sentences()
    rows = _write(preview, figures, options)
    print("\n".join(figures))
    print(f"{rows:,} rows written to {options.out}: a preview for planners, nobody is moved by it.")
    return 0


def _write(preview: "Preview", figures: list[str], options: argparse.Namespace) -> int:
    from data.writers.exports import write_results
    from models.matching.summary import flows, give_and_take

    about = {
        "patients": options.patients.name,
        "slots": options.slots.name,
        "as_of": str(preview.terms.as_of),
        "count_asked": preview.terms.count_asked,
        "synthetic": preview.synthetic,
        "version": PRODUCT_VERSION,
    }
    tables = {
        "matches": preview.matches,
        "offers": preview.offers,
        "reasons": preview.unmatched,
        "unused": preview.unused,
        "fairness": preview.fairness,
        "providers": give_and_take(preview),
        "flows": flows(preview),
    }
    rows = sum(
        write_results([table], options.out / f"{name}.{options.format}", about)
        for name, table in tables.items()
    )
    (options.out / "summary.txt").write_text("\n".join(figures) + "\n", encoding="utf-8")
    return rows
