"""Counts how far one has to walk through the house: files and rooms of three journeys, and its ground plan.

    python tests/journeys.py                       this checkout
    python tests/journeys.py --root DIR            another, run with its own code
    python tests/journeys.py --zip FILE            an official RTT full extract for the third journey
    ... --json FILE                                all of it, with the names behind the numbers

Journeys, each in a process of its own with a fresh store, by way of Streamlit's AppTest and a profiler:
(lab) a lever of the scenario lab's form is moved, until the answer's chart is drawn; (match) files of
patients and slots are uploaded, until one patient's card is drawn; (import) an extract is imported on the
Data page, until the Backlog is drawn. Followed are calls of the project's Python functions, in background
threads too. Not seen are functions that numba compiled, and what runs only while a module is imported. A
change of room is from one function entered to the next in the same thread; an upward call is one from a room
to a room above it. Counts of calls hang on how often a page is drawn while it waits; those of different ones
are the same each time, to one or two.
"""

import argparse
import gc
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

# before this folder, in which the rooms' tests have the rooms' names
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.benchmarks.same_figures import GIVEN
from tests.ground_plan import RANKS, Pair, climbs, crosses, plan, room_of

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

OWN = Path(__file__).resolve().parents[1]
Function = tuple[str, str]  # its file, its name


# --- the journeys: what a run enters -----------------------------------------------------------------------


@dataclass
class Thread:
    """What one thread entered: functions in their order, who called whom, and what is open now."""

    steps: Counter[tuple[Function, Function]] = field(default_factory=Counter)
    calls: Counter[Pair] = field(default_factory=Counter)
    entered: dict[Function, int] = field(default_factory=dict)
    last: Function | None = None
    # of the project's open frames: their number, file, and whether a module is being imported there
    open: list[tuple[int, str, bool]] = field(default_factory=list)


class Walk:
    """A profiler that follows the project's functions in every thread begun while it is on."""

    def __init__(self, root: Path) -> None:
        self._root = f"{root}{os.sep}"
        self._files: dict[str, str] = {}
        self._here = threading.local()
        self.threads: list[Thread] = []

    def begin(self) -> None:
        gc.collect()  # what an earlier run left open is closed now, and not in the midst of a journey
        threading.setprofile(self._heard)
        sys.setprofile(self._heard)

    def end(self) -> None:
        sys.setprofile(None)
        threading.setprofile(None)

    def _file_of(self, written: str) -> str:
        """The file, named from the root; '' where it is not the product's."""
        whole = os.path.realpath(written)
        if not whole.startswith(self._root) or not whole.endswith(".py"):  # "<string>": a dataclass's own
            return ""
        file = whole.removeprefix(self._root).replace(os.sep, "/")
        return file if room_of(file) in RANKS else ""

    def _heard(self, frame: FrameType, event: str, _: object) -> None:
        if event not in ("call", "return"):
            return
        code = frame.f_code
        file = self._files.get(code.co_filename)
        if file is None:
            file = self._files[code.co_filename] = self._file_of(code.co_filename)
        if not file:
            return
        thread: Thread | None = getattr(self._here, "thread", None)
        if thread is None:
            thread = self._here.thread = Thread()
            self.threads.append(thread)
        if event == "return":
            if thread.open and thread.open[-1][0] == id(frame):
                thread.open.pop()
            return
        above = thread.open[-1] if thread.open else (0, "", False)
        # a page's own lines are a module too, but run as the main one
        module = code.co_name == "<module>" and frame.f_globals.get("__name__") != "__main__"
        thread.open.append((id(frame), file, module or above[2]))
        if module or above[2]:
            return
        function = (file, code.co_qualname)
        thread.entered[function] = thread.entered.get(function, 0) + 1
        if thread.last and thread.last != function:
            thread.steps[thread.last, function] += 1
        if above[1] and above[1] != file:
            thread.calls[above[1], file] += 1
        thread.last = function

    def told(self) -> dict[str, Any]:
        """Give the counts: `steps` are from one function entered to the next one, in the same thread."""
        steps: Counter[tuple[Function, Function]] = Counter()
        calls: Counter[Pair] = Counter()
        entered: dict[Function, int] = {}
        for thread in self.threads:
            steps.update(thread.steps)
            calls.update(thread.calls)
            for function, times in thread.entered.items():
                entered[function] = entered.get(function, 0) + times
        files = list(dict.fromkeys(file for file, _ in entered))
        pairs = Counter({((one[0], other[0])): 0 for one, other in steps})
        for (one, other), times in steps.items():
            pairs[one[0], other[0]] += times
        across = {pair: times for pair, times in pairs.items() if crosses(pair)}
        return {
            "threads": len(self.threads),
            "functions entered": len(entered),
            "calls": sum(entered.values()),
            "files entered": len(files),
            "files by room": Counter(map(room_of, files)),
            "changes of file": sum(times for (one, other), times in pairs.items() if one != other),
            "changes of room": sum(across.values()),
            "different changes of room, by function": sum(
                crosses((one[0], other[0])) for one, other in steps
            ),
            "different changes of room, by file": len(across),
            "calls across rooms, by file": sum(map(crosses, calls)),
            "upward calls": sum(times for pair, times in calls.items() if climbs(pair)),
            "upward calls, by file": sorted(pair for pair in calls if climbs(pair)),
            "files in their order": files,
        }


def page_of(root: Path, title: str) -> str:
    """Give the file of the page of that title, from the root."""
    app = (root / "app.py").read_text(encoding="utf-8")
    found = re.search(rf'st\.Page\(\s*"([^"]+)",\s*title="{title}"', app)
    if not found:
        raise SystemExit(f"app.py registers no page titled {title}")
    return found[1]


def opened(root: Path, title: str, **query: str) -> "AppTest":
    """Give the page of that title, drawn."""
    from streamlit.testing.v1 import AppTest

    page = AppTest.from_file(str(root / "app.py"), default_timeout=300)
    page.query_params.update(query)
    page.switch_page(page_of(root, title))
    drawn(page)
    for thread in threading.enumerate():  # what a server does once, at its start, is no part of a journey
        if thread.name == "warm-kernel":
            thread.join()
    return page


def drawn(page: "AppTest") -> "AppTest":
    """Give the page once nothing that it started in the background goes on: a browser would look again."""
    page.run()
    while any(button.key in ("lab_cancel", "match_stop") for button in page.button):
        if "lab_job" in page.session_state:
            page.session_state["lab_job"].done.wait(300)
        else:
            time.sleep(0.5)
        page.run()
    assert not page.exception, page.exception
    return page


def upload(page: "AppTest", key: str, file: Path, *buttons: str) -> "AppTest":
    """Give the page with a file put into the uploader whose key begins so, and one of the buttons pressed."""
    place = next(each for each in page.file_uploader if str(each.key).startswith(key))
    place.set_value((file.name, file.read_bytes(), "text/csv")).run()
    known = {each.key for each in page.button}
    return press(page, next(each for each in buttons if each in known))


def press(page: "AppTest", button: str) -> "AppTest":
    page.button(key=button).click()
    return drawn(page)


def lab(root: Path, walk: Walk, _: list[Path]) -> None:
    """From a lever of the form to the answer's charts."""
    page = opened(root, "Scenario lab", board="QK1", scenario="virtual-70", weeks="52", replications="10")
    before = [each.value for each in page.markdown if each.value.startswith("## ")]
    walk.begin()
    page.slider(key="lever_virtual_by_default_first").set_value(40.0)
    drawn(page)
    walk.end()
    after = [each.value for each in page.markdown if each.value.startswith("## ")]
    assert before != after, "the answer did not change"
    assert page.get("plotly_chart") or page.get("vega_lite_chart"), "no chart was drawn"


def match(root: Path, walk: Walk, files: list[Path]) -> None:
    """From files of patients and slots to one patient's card."""
    page = opened(root, "Match preview", board="QE1")
    walk.begin()
    page = upload(page, "match_patients_file", files[0], "match_patients_read", "match_patients_import")
    page = upload(
        press(page, "match_next_1"), "match_slots_file", files[1], "match_slots_read", "match_slots_import"
    )
    page = press(press(page, "match_next_2"), "match_go")
    page.segmented_control(key="match_tab").set_value("One patient")
    drawn(page)
    walk.end()
    assert any(str(each.key).startswith("match_card_") for each in page.text_input), "no card was drawn"


def bring_in(root: Path, walk: Walk, files: list[Path]) -> None:
    """From an official extract to the Backlog."""
    page = opened(root, "Data")
    walk.begin()
    page = upload(page, "returns_", files[0], "returns_import")
    assert page.success, [each.value for each in (*page.error, *page.info)]
    page.switch_page(page_of(root, "Backlog"))
    drawn(page)
    walk.end()
    assert page.get("plotly_chart") or page.get("vega_lite_chart"), "no chart was drawn"


JOURNEYS: dict[str, Callable[[Path, Walk, list[Path]], None]] = {
    "lab": lab,
    "match": match,
    "import": bring_in,
}


def walked(root: Path, name: str, extract: Path | None) -> dict[str, Any]:
    """Give the counts of a journey in another checkout, walked in a process of its code and a fresh store."""
    own = root / ".venv" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    python = str(own) if own.exists() else sys.executable
    with tempfile.TemporaryDirectory() as place:
        environ = {**os.environ, "TANDEM_STORE": str(Path(place, "tandem.duckdb"))}
        environ.pop("PYTHONPATH", None)

        def command(*typed: str) -> None:
            subprocess.run([python, str(root / "cli.py"), *typed], cwd=place, env=environ, check=True,
                           stdout=subprocess.DEVNULL)  # fmt: skip

        command("simulate", "--weeks", "4", "--replications", "1")  # compiles, where it is the first
        files = [Path(place, "patients.csv"), Path(place, "slots.csv")]
        if name == "match":
            # enough that the page always has to wait for the matching, and so always draws the same
            as_of = ("--board", "QE1", "--as-of", date.today().isoformat(), "--out")
            command("patients", "--synthetic", "2000", *as_of, str(files[0]))
            command("slots", "--synthetic", *as_of, str(files[1]))
            command("match", "--patients", str(files[0]), "--slots", str(files[1]), "--out", "found")
        elif name == "import":
            files = [extract or made_up(Path(place))]
        out = Path(place, "walk.json")
        line = [
            python,
            str(Path(__file__).resolve()),
            "--root",
            str(root),
            "--walk",
            name,
            "--json",
            str(out),
        ]
        done = subprocess.run(
            [*line, *map(str, files)], cwd=root, env=environ, capture_output=True, text=True
        )
        if not out.exists():
            raise SystemExit(f"{name} was not walked to its end:\n{done.stderr[-3000:]}")
        found: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
        return found


def made_up(folder: Path) -> Path:
    """Give a small extract, written to the folder."""
    path = folder / "september.csv"
    path.write_text(GIVEN["september.csv"], encoding="utf-8")
    return path


# --- what is told ------------------------------------------------------------------------------------------


def table(found: dict[str, Any]) -> str:
    """Give both as text: a column a journey, then the plan."""
    walks, said = found["journeys"], found["plan"]
    lines = [f"{'journey':<42}" + "".join(f"{name:>12}" for name in walks)]
    for row in next(iter(walks.values()), {}):
        values = [walk[row] for walk in walks.values()]
        if row == "files by room":
            for room in RANKS:
                lines.append(
                    f"{'  in ' + room:<42}" + "".join(f"{value.get(room, 0):>12,}" for value in values)
                )
        elif row != "files in their order":
            counts = (len(value) if isinstance(value, list) else value for value in values)
            lines.append(f"{row:<42}" + "".join(f"{count:>12,}" for count in counts))
    lines += ["", f"{'room':<42}{'files':>12}{'lines':>12}"]
    for room in RANKS:
        lines.append(f"{room:<42}{said['files'].get(room, 0):>12,}{said['lines'].get(room, 0):>12,}")
    lines.append(f"{'together':<42}{sum(said['files'].values()):>12,}{sum(said['lines'].values()):>12,}")
    lines += [
        "",
        "fullest folders: "
        + ", ".join(f"{name} {count}" for name, count in list(said["folders"].items())[:6]),
    ]
    for name in [name for name in said if name.startswith("circles")]:
        sizes = ", ".join(str(len(group)) for group in said[name])
        lines.append(f"{name:<42}{len(said[name]):>12}" + (f"   of {sizes} files" if sizes else ""))
    for name in ("imports", "function-level imports", "upward imports", "imports beside",
                 "pages' imports from data and sim", "files that call with_trusts"):  # fmt: skip
        lines.append(f"{name:<42}{said[name] if isinstance(said[name], int) else len(said[name]):>12,}")
    return "\n".join(lines)


def main() -> None:
    """Walk, count and tell."""
    parser = argparse.ArgumentParser(description="Count the files and rooms of three journeys.")
    parser.add_argument("--root", type=Path, default=OWN, metavar="DIR", help="the checkout to look at")
    parser.add_argument("--zip", type=Path, metavar="FILE", help="an official extract (a small made-up one)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything")
    parser.add_argument("--walk", choices=JOURNEYS, help=argparse.SUPPRESS)  # the process that is followed
    parser.add_argument("files", nargs="*", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    root = options.root.resolve()
    if options.walk:
        sys.path.insert(0, str(root))
        walk = Walk(root)
        JOURNEYS[options.walk](root, walk, options.files)
        found = walk.told()
    else:
        extract = options.zip.resolve() if options.zip else None
        found = {"journeys": {name: walked(root, name, extract) for name in JOURNEYS}, "plan": plan(root)}
        print(table(found))
    if options.json:
        options.json.write_text(json.dumps(found, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
