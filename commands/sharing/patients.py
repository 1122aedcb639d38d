"""`patients` and `slots`: both sides of a matching, made up to try it with, checked, or as a template."""

import argparse
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commands.parts.asking import answer_to
from commands.parts.opening import command, open_store
from commands.parts.templates import give_dictionary, give_template
from data.database.version import PRODUCT_VERSION
from models.errors import TandemError

if TYPE_CHECKING:
    import pandas as pd

    from commands.parts.opening import Commands
    from data.database.store import Store

ALL = "all"


def add(commands: "Commands") -> None:
    """Add both to the front door's commands."""
    patients = command(
        commands, "patients", _patients, "make up, check or keep a list of patients for a matching"
    )
    patients.add_argument(
        "--synthetic", metavar="N", help="make up so many patients like the board's own list, or all"
    )
    slots = command(commands, "slots", _slots, "make up, check or keep the places for a matching")
    slots.add_argument(
        "--synthetic", action="store_true", help="make up places, 5%% of what the board's own work takes"
    )
    slots.add_argument("--spare", action="store_true", help="make up as many as the board's spare capacity")
    slots.add_argument("--weeks", type=int, default=8, help="over so many weeks (8)")
    for parser in (patients, slots):
        parser.add_argument("--board", default="QK1", metavar="CODE", help="a board's code, or ENGLAND (QK1)")
        parser.add_argument("--file", type=Path, metavar="FILE", help="check a list: .csv, .xlsx or .parquet")
        parser.add_argument(
            "--keep", metavar="NAME", help="keep the list in the store under this name, for the dashboard"
        )
        parser.add_argument("--template", action="store_true", help="write an empty list: .csv or .xlsx")
        parser.add_argument("--dictionary", action="store_true", help="say what each column holds")
        parser.add_argument("--seed", type=int, default=1, help="equal seeds give equal lists (1)")
        parser.add_argument(
            "--as-of", type=date.fromisoformat, metavar="YYYY-MM-DD", help="day of the list (today)"
        )
        parser.add_argument("--month", metavar="YYYY-MM", help="figures to make it like (the latest)")
        parser.add_argument("--out", type=Path, metavar="FILE", help="write it here")


def _patients(options: argparse.Namespace) -> int:
    from data.imports.patients import SHEET, read_patients
    from data.saved.matching import store_patients
    from models.matching.columns import PATIENTS

    return _carry_out(
        options,
        PATIENTS,
        SHEET,
        read_patients,
        _made_up_patients if options.synthetic else None,
        store_patients,
    )


def _slots(options: argparse.Namespace) -> int:
    from data.imports.slots import SHEET, read_slots
    from data.saved.matching import store_slots
    from models.matching.columns import SLOTS

    made_up = _made_up_slots if options.synthetic or options.spare else None
    return _carry_out(options, SLOTS, SHEET, read_slots, made_up, store_slots)


def _carry_out(
    options: argparse.Namespace,
    columns: Any,
    sheet: str,
    read: "Callable[[Path], pd.DataFrame]",
    make_up: "Callable[[Store, argparse.Namespace], pd.DataFrame] | None",
    keep: Callable[..., Any],
) -> int:
    if options.dictionary:
        give_dictionary(columns, options.out)
        return 0
    if options.template:
        give_template(columns, sheet, options.out)
        return 0
    if (options.file is None) == (make_up is None):
        raise TandemError(
            "Say which list.", "Name one with --file, or have one made up with --synthetic, but not both."
        )
    about: dict[str, Any] = {"version": PRODUCT_VERSION}
    if make_up is None:
        frame = read(options.file)
        about["file"] = options.file.name
        print(f"{options.file.name}: {len(frame):,} rows, none at fault")
    else:
        from models.matching.made_up import STATED

        options.as_of = options.as_of or date.today()
        with open_store(options) as store:
            frame = make_up(store, options)
        about |= {
            "synthetic": True,
            "scope": options.board,
            "seed": options.seed,
            "as_of": str(options.as_of),
            "assumed": STATED,
        }
        print(f"{len(frame):,} made-up {sheet} (synthetic: nobody's), seed {options.seed}")
    if options.keep:
        with open_store(options) as store:
            kept = keep(store, options.board, options.keep, frame, about)
        print(f"Kept as '{kept.name}' for {options.board}")
    if options.out:
        _write(frame, columns, options.out, about)
    return 0


def _made_up_patients(store: "Store", options: argparse.Namespace) -> "pd.DataFrame":
    from data.synthetic.patients import synthetic_patients

    size = None if options.synthetic == ALL else _whole(options.synthetic)
    return synthetic_patients(store, options.board, size, options.seed, options.as_of, _month(options))


def _made_up_slots(store: "Store", options: argparse.Namespace) -> "pd.DataFrame":
    from data.synthetic.slots import synthetic_slots

    spare = _spare(store, options) if options.spare else None
    return synthetic_slots(
        store, options.board, options.seed, options.as_of, options.weeks, spare, _month(options)
    )


def _spare(store: "Store", options: argparse.Namespace) -> "pd.DataFrame":
    from questions.capacity import Spare

    return answer_to(store, Spare.of(store, options.board, _month(options)), "Estimating").frame()


def _month(options: argparse.Namespace) -> str | None:
    from models.rtt.months import parse_month

    return parse_month(options.month) if options.month else None


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise TandemError(f"'{text}' is not a number of patients.", f"Give one such as 10000, or {ALL}.")
    return int(text)


def _write(frame: "pd.DataFrame", columns: Any, path: Path, about: Mapping[str, Any]) -> None:
    from data.imports.templates import as_written
    from data.writers.exports import write_results

    rows = write_results([as_written(frame, columns)], path, about)
    print(f"{rows:,} rows written to {path}")
