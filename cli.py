"""The commands of Tandem: whatever a page computes, for scripts. `python run.py --help` lists them.

Exit status: 0 when done, 1 for a fault a message explains, 2 for arguments that can't be understood, 130 when
interrupted. Answers go to standard output, progress and messages to standard error.
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from data.version import PRODUCT_VERSION
from models.errors import TandemError

if TYPE_CHECKING:
    from data.store import Store
    from models.scenario import Scenario
    from sim.results import Results


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out one command; returns its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    options = _parser().parse_args(arguments)
    try:
        command: Callable[[argparse.Namespace], int] = options.command
        return command(options)
    except TandemError as fault:
        print(f"{fault.message}\n{fault.remedy}".strip(), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="run.py", description="Tandem's commands.")
    parser.add_argument("--version", action="version", version=f"Tandem {PRODUCT_VERSION}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    simulate = _command(commands, "simulate", _simulate, "run a scenario for a board or for England")
    simulate.add_argument("--board", default="QK1", metavar="CODE", help="a board's code, or ENGLAND (QK1)")
    simulate.add_argument(
        "--scenario", default="baseline", metavar="NAME", help="a preset's name, or a .yaml or .json file"
    )
    simulate.add_argument("--weeks", type=int, default=104, help="how far to run (104)")
    simulate.add_argument("--replications", type=int, default=30, help="how many futures to draw (30)")
    simulate.add_argument("--seed", type=int, default=1, help="equal seeds give equal results (1)")
    simulate.add_argument("--until", metavar="YYYY-MM", help="start from this month (default: the latest)")
    simulate.add_argument("--workers", type=int, help="processor cores to use (default: all)")
    simulate.add_argument("--out", type=Path, metavar="FILE", help="write the results: .parquet or .csv")

    forecast = _command(commands, "forecast", _forecast, "forecast every list if nothing is changed")
    forecast.add_argument(
        "--train-to", metavar="YYYY-MM", help="learn up to this month (default: the latest)"
    )
    forecast.add_argument("--horizon", type=int, default=8, help="months ahead (8)")
    forecast.add_argument(
        "--board", default="ENGLAND", metavar="CODE",
        help="a board's code, or ENGLAND: every provider, without commissioner NONC, as England is published",
    )  # fmt: skip
    forecast.add_argument("--replications", type=int, default=30, help="futures drawn for the ranges (30)")
    forecast.add_argument("--seed", type=int, default=1, help="equal seeds give equal results (1)")
    forecast.add_argument("--out", type=Path, required=True, metavar="FILE", help=".csv or .parquet")

    hindcast = _command(commands, "hindcast", _hindcast, "forecast from earlier months and show the errors")
    hindcast.add_argument("--horizons", default="3,6", metavar="N,N", help="months ahead (3,6)")
    hindcast.add_argument(
        "--origins", metavar="FROM..TO", help="months to forecast from (default: all after the first six)"
    )
    hindcast.add_argument("--replications", type=int, default=20, help="futures drawn for the ranges (20)")
    hindcast.add_argument("--seed", type=int, default=1, help="equal seeds give equal results (1)")
    hindcast.add_argument("--markdown", action="store_true", help="print tables for a document")
    hindcast.add_argument("--out", type=Path, metavar="FILE", help="write the tables to a file instead")

    importing = _command(commands, "import-rtt", _import_rtt, "import official RTT full extracts")
    importing.add_argument("files", nargs="+", type=Path, metavar="FILE", help="zip or CSV, as published")

    trusts = _command(commands, "import-ods", _import_ods, "import the official ODS file of trusts")
    trusts.add_argument("file", type=Path, metavar="FILE")

    shapes = _command(
        commands, "import-boundaries", _import_boundaries, "import boards' boundaries (GeoJSON)"
    )
    shapes.add_argument("file", type=Path, metavar="FILE")

    build = _command(commands, "build-reference", _build_reference, "make the figures that ship with Tandem")
    build.add_argument(
        "--from", dest="source", type=Path, required=True, metavar="DIR",
        help="folder with rtt/, org/ and geo/ as published",
    )  # fmt: skip
    build.add_argument("--out", type=Path, metavar="DIR", help="where to write them (default: as shipped)")

    _command(commands, "status", _status, "print what the store holds")
    return parser


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    command: Callable[[argparse.Namespace], int],
    what: str,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=what, description=f"{what[0].upper()}{what[1:]}.")
    parser.set_defaults(command=command)
    parser.add_argument("--store", type=Path, metavar="PATH", help="the store's file (default: TANDEM_STORE)")
    return parser


def _open(options: argparse.Namespace) -> "Store":
    from data.store import Store

    return Store.open(options.store, _Progress("Building the store").say)


class _Progress:
    """Progress on one line of a terminal, with the time left; silent where nobody watches."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.began = time.monotonic()
        self.shown = 0.0

    def say(self, share: float, message: str = "") -> None:
        now = time.monotonic()
        if not sys.stderr.isatty() or (share < 1 and now - self.shown < 0.1):
            return
        self.shown = now
        left = (now - self.began) * (1 - share) / share if share > 0.02 else None
        wait = f", {left:.0f} s left" if left is not None and share < 1 else ""
        line = f"{self.what}: {share:.0%}{wait} {message}"
        print(f"\r{line[:100]:<100}", end="\n" if share >= 1 else "", file=sys.stderr, flush=True)


def _scenario(name: str) -> "Scenario":
    if name.lower().endswith((".yaml", ".yml", ".json")):
        from data.imports.scenario_file import read_scenario_file

        return read_scenario_file(Path(name))
    from models.presets import preset

    return preset(name)


def _simulate(options: argparse.Namespace) -> int:
    from data.calibrations import calibration
    from data.exports import check_format, write_results
    from models.months import parse_month
    from sim.runner import run

    scenario = _scenario(options.scenario)
    until = parse_month(options.until) if options.until else None
    if options.out:
        check_format(options.out)
    with _open(options) as store:
        found = calibration(store, options.board, scenario, until)
    results = run(
        found, scenario, seed=options.seed, weeks=options.weeks, replications=options.replications,
        workers=options.workers, progress=_Progress("Simulating").say,
    )  # fmt: skip
    print(_answer(results))
    if options.out:
        rows = write_results(results.frames(), options.out, results.about() | {"version": PRODUCT_VERSION})
        print(f"{rows:,} rows written to {options.out}")
    return 0


def _answer(results: "Results") -> str:
    from models.months import month_label
    from sim.results import Band, band

    def range_of(found: Band, form: str) -> str:
        if results.replications == 1:
            return ""
        return f" (80%: {found.lower:{form}} to {found.upper:{form}})"

    waiting, share = band(results.total("waiting")[:, -1]), band(results.share_within_18()[:, -1])
    year = band(results.total("over_52")[:, -1])
    start = results.opening_value("waiting")
    share_at_start = results.opening_value("within_18") / max(start, 1)
    futures = "1 replication" if results.replications == 1 else f"{results.replications:,} replications"
    return (
        f"{results.scope}, {results.document['name']}, figures of {month_label(results.data_month)}, "
        f"seed {results.seed}, {futures}, Tandem {PRODUCT_VERSION}\n"
        f"Waiting: {start:,} at the start, {waiting.mean:,.0f} by {results.week_ends[-1].item():%d %B %Y}"
        f"{range_of(waiting, ',.0f')}\n"
        f"Within 18 weeks: {share_at_start:.1%} at the start, {share.mean:.1%} then{range_of(share, '.1%')}\n"
        f"Over 52 weeks: {results.opening_value('over_52'):,} at the start, {year.mean:,.0f} then"
        f"{range_of(year, ',.0f')}"
    )


def _forecast(options: argparse.Namespace) -> int:
    from data.calibrations import calibration
    from data.exports import check_format, write_results
    from models.months import month_label, parse_month
    from models.presets import preset
    from sim.forecast import forecast

    check_format(options.out)
    until = parse_month(options.train_to) if options.train_to else None
    with _open(options) as store:
        found = calibration(store, options.board, preset("baseline"), until)
    if until and found.data_month != until:
        raise TandemError(f"{month_label(until)} is not held.", f"Train to {found.data_month}, or import it.")
    made = forecast(
        found, options.horizon, replications=options.replications, seed=options.seed,
        progress=_Progress("Forecasting").say,
    )  # fmt: skip
    about = {
        "scope": made.scope, "train_to": made.data_month, "horizon": options.horizon, "seed": options.seed,
        "replications": options.replications, "version": PRODUCT_VERSION,
    }  # fmt: skip
    rows = write_results([made.frame()], options.out, about)
    total = made.mean[-1, :, 0].sum()
    print(f"{made.scope}: {found.waiting.sum():,} waiting in {month_label(made.data_month)}, "
          f"{total:,.0f} expected in {month_label(made.months[-1])}")  # fmt: skip
    print(f"{rows:,} rows written to {options.out}")
    return 0


def _hindcast(options: argparse.Namespace) -> int:
    from data.calibrations import calibration
    from data.history import history, provider_boards
    from data.lists import months
    from models.presets import preset
    from sim.hindcast import hindcast
    from sim.hindcast_table import tables

    horizons = _horizons(options.horizons)
    baseline = preset("baseline")
    with _open(options) as store:
        held = months(store)
        outcomes = hindcast(
            history(store, "ENGLAND", months=len(held)),
            lambda origin: calibration(store, "ENGLAND", baseline, origin),
            provider_boards(store),
            origins=_origins(options.origins) if options.origins else held[6:-1],
            horizons=horizons, replications=options.replications, seed=options.seed,
            progress=_Progress("Looking back").say,
        )  # fmt: skip
    found = tables(outcomes)
    printed = "\n\n".join(table.markdown() if options.markdown else table.text() for table in found) + "\n"
    if not options.out:
        print(printed, end="")
        return 0
    try:
        options.out.write_text(printed, encoding="utf-8")
    except OSError as fault:
        raise TandemError(
            f"{options.out} could not be written: {fault.strerror}.", "Name another file."
        ) from fault
    print(f"{len(found)} tables written to {options.out}")
    return 0


def _horizons(text: str) -> list[int]:
    try:
        found = [int(part) for part in text.split(",")]
    except ValueError:
        found = []
    if not found or min(found) < 1:
        raise TandemError(f"'{text}' are not horizons.", "Give months ahead, such as 3,6.")
    return found


def _origins(text: str) -> list[str]:
    from models.months import month_range, parse_month

    first, _, last = text.partition("..")
    found = month_range(parse_month(first), parse_month(last or first))
    if not found:
        raise TandemError(f"'{text}' holds no month.", "Give the earlier month first: 2024-10..2025-02.")
    return list(found)


def _import_rtt(options: argparse.Namespace) -> int:
    from data.imports.rtt_extract import import_rtt

    said = {
        "new": "imported",
        "replaced": "replaced what was held",
        "unchanged": "nothing changed",
    }
    refused = 0
    with _open(options) as store:
        for file in options.files:
            try:
                outcome = import_rtt(store, file)
            except TandemError as fault:
                refused += 1
                print(f"{fault.message}\n{fault.remedy}".strip(), file=sys.stderr)
                continue
            print(
                f"{outcome.month}: {said[outcome.status]} ({outcome.file}, {outcome.file_rows:,} rows, "
                f"{outcome.england_waiting:,} waiting in England)"
            )
            for note in outcome.notes:
                print(f"  {note}")
    return 1 if refused else 0


def _import_ods(options: argparse.Namespace) -> int:
    from data.imports.ods import read_trusts, store_trusts

    file = read_trusts(options.file)
    with _open(options) as store:
        outcome = store_trusts(store, file)
    print(f"{len(file.trusts):,} organisations read: {outcome.added:,} new, {outcome.changed:,} changed")
    return 0


def _import_boundaries(options: argparse.Namespace) -> int:
    from data.imports.boundaries import read_boundaries, store_boundaries

    boundaries = read_boundaries(options.file)
    with _open(options) as store:
        status = store_boundaries(store, boundaries)
    print(f"Boundaries of {len(boundaries.boards)} boards, {boundaries.edition} edition: {status}")
    return 0


def _build_reference(options: argparse.Namespace) -> int:
    from data import reference
    from data.reference_build import build

    written = build(options.source, options.out or reference.FOLDER, _Progress("Building").say)
    for path in written:
        print(f"{path.stat().st_size:>10,} bytes  {path}")
    return 0


def _status(options: argparse.Namespace) -> int:
    from data.status import render, status

    with _open(options) as store:
        print(render(status(store)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
