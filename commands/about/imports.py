"""`import-rtt`, `-ods`, `-boundaries`, `-capacity`, `build-reference`: files into the store."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from commands.parts.opening import Progress, command, open_store
from commands.parts.templates import give_dictionary, give_template
from models.errors import TandemError

if TYPE_CHECKING:
    from commands.parts.opening import Commands


def add(commands: "Commands") -> None:
    """Add to the front door's commands."""
    importing = command(commands, "import-rtt", _import_rtt, "import official RTT full extracts")
    importing.add_argument("files", nargs="+", type=Path, metavar="FILE", help="zip or CSV, as published")

    trusts = command(commands, "import-ods", _import_ods, "import the official ODS file of trusts")
    trusts.add_argument("file", type=Path, metavar="FILE")

    shapes = command(commands, "import-boundaries", _import_boundaries, "import boards' boundaries (GeoJSON)")
    shapes.add_argument("file", type=Path, metavar="FILE")

    clinics = command(
        commands, "import-capacity", _import_capacity, "import a board's own clinics and theatre slots"
    )
    clinics.add_argument("file", type=Path, nargs="?", metavar="FILE", help=".csv, .xlsx or .parquet")
    clinics.add_argument("--who", default="command line", metavar="NAME", help="who makes the change")
    clinics.add_argument("--template", type=Path, metavar="FILE", help="write an empty .csv or .xlsx instead")
    clinics.add_argument("--dictionary", action="store_true", help="say what each column holds instead")

    build = command(commands, "build-reference", _build_reference, "make the figures that ship with Tandem")
    build.add_argument(
        "--from",
        dest="source",
        type=Path,
        required=True,
        metavar="DIR",
        help="folder with rtt/, org/ and geo/ as published",
    )
    build.add_argument("--out", type=Path, metavar="DIR", help="where to write them (default: as shipped)")


def _import_rtt(options: argparse.Namespace) -> int:
    from data.imports.rtt_extract import import_rtt

    done = {"new": "imported", "replaced": "replaced what was held", "unchanged": "nothing changed"}
    refused = 0
    with open_store(options) as store:
        for file in options.files:
            try:
                outcome = import_rtt(store, file)
            except TandemError as fault:
                refused += 1
                print(f"{fault.message}\n{fault.remedy}".strip(), file=sys.stderr)
                continue
            print(
                f"{outcome.month}: {done[outcome.status]} ({outcome.file}, {outcome.file_rows:,} rows, "
                f"{outcome.england_waiting:,} waiting in England)"
            )
            for note in outcome.notes:
                print(f"  {note}")
    return 1 if refused else 0


def _import_ods(options: argparse.Namespace) -> int:
    from data.imports.ods import read_trusts, store_trusts

    file = read_trusts(options.file)
    with open_store(options) as store:
        outcome = store_trusts(store, file)
    print(f"{len(file.trusts):,} organisations read: {outcome.added:,} new, {outcome.changed:,} changed")
    return 0


def _import_boundaries(options: argparse.Namespace) -> int:
    from data.imports.boundaries import read_boundaries, store_boundaries

    boundaries = read_boundaries(options.file)
    with open_store(options) as store:
        status = store_boundaries(store, boundaries)
    print(f"Boundaries of {len(boundaries.boards)} boards, {boundaries.edition} edition: {status}")
    return 0


def _import_capacity(options: argparse.Namespace) -> int:
    from data.imports.capacity import SHEET, read_capacity
    from data.returns.capacity_uploads import keep
    from models.capacity.columns import CAPACITY

    if options.dictionary:
        give_dictionary(CAPACITY, None)
        return 0
    if options.template:
        give_template(CAPACITY, SHEET, options.template)
        return 0
    if options.file is None:
        raise TandemError("No file is named.", "Give one, or --template FILE for an empty one.")
    with open_store(options) as store:
        lines = read_capacity(store, options.file)
        act = keep(store, lines, f"upload of {options.file.name}"[:200], options.who)
    if act is None:
        print(f"{len(lines):,} lines read: nothing changed")
    else:
        print(f"{len(lines):,} lines read: {len(act.series):,} series now have the capacity uploaded")
    return 0


def _build_reference(options: argparse.Namespace) -> int:
    from data.building.figures import build
    from data.shipped import load as reference

    written = build(options.source, options.out or reference.FOLDER, Progress("Building").say)
    for path in written:
        print(f"{path.stat().st_size:>10,} bytes  {path}")
    return 0
