"""What commands share: a parser with the store's option, the store itself, a scenario by name or file."""

import argparse
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from models.errors import TandemError

if TYPE_CHECKING:
    from data.database.store import Store
    from models.scenarios.scenario import Scenario

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

INTERRUPTED = 130  # exit status


class Interrupted(Exception):
    """A planner stopped the command; `fault` says what became of what was done."""

    def __init__(self, fault: TandemError) -> None:
        super().__init__(fault.message)
        self.fault = fault


def command(
    commands: "Commands", name: str, carry_out: Callable[[argparse.Namespace], int], what: str
) -> argparse.ArgumentParser:
    """A new command `name` that `carry_out` does; gives its parser, for further arguments."""
    parser = commands.add_parser(name, help=what, description=f"{what[0].upper()}{what[1:]}.")
    parser.set_defaults(command=carry_out)
    parser.add_argument("--store", type=Path, metavar="PATH", help="the store's file (default: TANDEM_STORE)")
    return parser


def open_store(options: argparse.Namespace) -> "Store":
    """The store the options name, built first if there is none."""
    from data.opening import open_with_figures

    return open_with_figures(options.store, Progress("Building the store").say)


class Progress:
    """Progress on one line of a terminal, with the time left; silent where nobody watches."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.began = time.monotonic()
        self.shown = 0.0
        self.ended = False

    def say(self, share: float, message: str = "") -> None:
        now = time.monotonic()
        if self.ended or not sys.stderr.isatty() or (share < 1 and now - self.shown < 0.1):
            return
        self.shown, self.ended = now, share >= 1
        left = (now - self.began) * (1 - share) / share if share > 0.02 else None
        wait = f", {left:.0f} s left" if left is not None and share < 1 else ""
        line = f"{self.what}: {share:.0%}{wait} {message}"
        print(f"\r{line[:100]:<100}", end="\n" if share >= 1 else "", file=sys.stderr, flush=True)


@contextmanager
def interrupted() -> Iterator[threading.Event]:
    """An event that the first Ctrl-C sets, so that a run can keep what is done; the second stops all."""
    event = threading.Event()

    def first(number: int, frame: FrameType | None) -> None:
        event.set()
        signal.signal(signal.SIGINT, before)

    before = signal.getsignal(signal.SIGINT)
    try:
        signal.signal(signal.SIGINT, first)
        yield event
    finally:
        signal.signal(signal.SIGINT, before)


def scenario_of(name: str) -> "Scenario":
    """The scenario in a .yaml or .json file, or the preset called `name`."""
    if name.lower().endswith((".yaml", ".yml", ".json")):
        from data.imports.scenario_file import read_scenario_file

        return read_scenario_file(Path(name))
    from models.scenarios.presets import preset

    return preset(name)
