"""Proves that two checkouts of Tandem give the same figures, byte for byte.

    python tests/benchmarks/same_figures.py --against DIR          this checkout beside another
    python tests/benchmarks/same_figures.py --record FILE          write down what this one gives
    python tests/benchmarks/same_figures.py --against FILE         this checkout beside what was written down
    ... --root DIR                                                 another checkout in place of this one
    ... --only simulate                                            the commands whose name begins so

Runs the commands below in each checkout, with a fresh store of its own, and compares standard output,
standard error, exit status and every file written. Prints a row a command: digests (SHA-256, first 12
digits) before and after, seconds, and where they first differ. The exit status is 1 on any difference. What
may differ is in KNOWN; `--help` is compared too, but only told. A checkout takes 3.5 minutes on two cores.
"""

import argparse
import base64
import csv
import hashlib
import io
import itertools
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

Texts = dict[str, str]  # what a command gave, by name: "output", "error", "status" and its files

# What may differ, each with its reason; `{version}` is the checkout's own. All else has to be the same.
KNOWN = (
    (r"(?<![\d.]){version}(?![\d.])", "<version>"),  # stands in headings, metadata and NAME.about.json
    (r"(<dcterms:(?:created|modified)[^>]*>)[^<]*", r"\1<time>"),  # when a workbook or slides were made
    (r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", "<time>"),  # when a month was imported
    (r"(?<=\()\d+\.\d MB(?=\))", "<size>"),  # of the store's file: DuckDB's blocks, not figures
)

# A name, then what is typed. Each runs in a folder of its own beside those of the others; "given" holds the
# files below. They share a store, so the last ones, which write to theirs, use another. All England is paired
# in some functions only: in all, the search may be cut short after a minute, on a busy machine earlier.
COMMANDS = """
status                 status
simulate-baseline      simulate --weeks 52 --replications 5 --out a.csv
simulate-parquet       simulate --weeks 26 --replications 4 --seed 7 --out a.parquet
simulate-virtual       simulate --board QE1 --scenario virtual-70 --weeks 52 --replications 5 --out a.parquet
simulate-pairing       simulate --board QE1 --scenario trust-pairing --weeks 26 --replications 4 --seed 2 --out a.csv
simulate-recovery      simulate --board QK1 --scenario recovery-programme --weeks 40 --replications 4 --out a.parquet
simulate-mutual-aid    simulate --board QE1 --scenario mutual-aid --weeks 26 --replications 3 --seed 11 --out a.parquet
simulate-joint         simulate --board QE1+QOP --scenario jointly-managed --weeks 20 --replications 3 --out a.parquet
simulate-all-levers    simulate --board QE1 --scenario ../given/all.yaml --weeks 52 --replications 5 --seed 3 --out a.csv
simulate-processes     simulate --board QE1 --scenario ../given/all.yaml --weeks 26 --replications 4 --processes --out a.csv
simulate-earlier       simulate --scenario extra-sessions --until 2025-02 --weeks 26 --replications 4 --workers 1
simulate-england       simulate --board ENGLAND --scenario referral-growth --weeks 8 --replications 1 --out a.parquet
forecast-england       forecast --train-to 2025-08 --horizon 3 --replications 5 --out a.csv
forecast-board         forecast --train-to 2025-08 --horizon 8 --board QE1 --replications 6 --seed 5 --out a.parquet
hindcast               hindcast --origins 2025-02..2025-03 --horizons 3 --replications 2
outturn                outturn --board QE1 --train-to 2025-02 --replications 5 --out a.csv
pair-england           pair --functions C_110,C_120,C_301,C_502 --waited 26 --ban RWE:RTG --out a.csv
pair-tried             pair --boards QE1,QOP --ask RXN:RXR --try --weeks 26 --replications 4 --out a.parquet
patients               patients --synthetic 4000 --board QE1 --seed 3 --as-of 2025-09-01 --out list.csv
slots                  slots --synthetic --board QE1 --seed 3 --as-of 2025-09-01 --out list.csv
slots-spare            slots --spare --board QE1 --seed 4 --as-of 2025-09-01 --out list.parquet
match                  match --patients ../patients/list.csv --slots ../slots/list.csv --as-of 2025-09-01 --out found
match-asked            match --patients ../patients/list.csv --slots ../slots-spare/list.parquet --as-of 2025-09-01 --count-asked --format parquet --out found
patients-dictionary    patients --dictionary
slots-template         slots --template --out empty.xlsx
export                 export --board QE1 --scenario extra-sessions --weeks 26 --replications 4 --price clinic=450 --price theatre=1800 --scorecard --out a.csv --out a.parquet --out a.xlsx --out a.html --out a.pptx --out a.yaml
export-equity          export --scenario virtual-70 --weeks 13 --replications 3 --equity --suppress-small --out a.csv --out a.html
compare                compare --board QE1 --scenario virtual-70 --scenario extra-sessions --weeks 26 --replications 4 --price clinic=450 --scorecard --out a.csv --out a.xlsx --out a.html --out a.pptx
solve                  solve --board QE1 --lever extra_sessions.clinics --goal within-18=65 --by 2026-03 --replications 4 --out a.csv
solve-mix              solve --lever extra_sessions.clinics=1 --lever extra_sessions.theatre_slots=2 --goal list=110000 --by 2026-02 --replications 4 --out a.parquet
sweep-vary             sweep --scenario virtual-70 --vary virtual_by_default.first=30,50 --weeks 13 --replications 4 --out a.parquet
sweep-waterfall        sweep --board QE1 --scenario recovery-programme --waterfall --weeks 26 --replications 4 --out a.csv
sweep-evidence         sweep --scenario virtual-70 --evidence --weeks 13 --replications 4 --out a.csv
equity                 equity --board QE1 --scenario virtual-70 --weeks 13 --replications 3 --out a.csv
equity-baseline        equity --scenario baseline --weeks 13 --replications 3 --seed 9 --out a.parquet
scorecard              scorecard --board QE1 --scenario virtual-70 --weeks 26 --replications 4 --target virtual-by-default=60@2026-01 --out a.csv
scorecard-equity       scorecard --scenario recovery-programme --weeks 26 --replications 3 --equity --out a.parquet
waits-scenario         waits --area 01A --scenario virtual-70 --replications 3 --out a.csv
waits-practice         waits --practice P81003 --function C_110
waits-hindcast         waits --hindcast --out a.csv
gp-work                gp-work --board QE1 --scenario jointly-managed --weeks 26 --replications 4 --out a.csv
explain                explain --board QE1 --provider RXN --treatment-function C_110 --out a.csv
spare                  spare --out a.csv
spare-hindcast         spare --hindcast --out a.parquet
messages-practice      messages --area 01A --to practice --function C_110 --out a.csv
messages-patients      messages --area 01A --function C_110 --out a.xlsx
messages-text          messages --area 01A --show-template
scenario-presets       scenario
scenario-whole         scenario trust-pairing --board QE1
scenario-schema        scenario --schema
capacity-template      import-capacity --template empty.csv
refused-scenario       simulate --scenario nonsense
refused-board          explain --board Q99 --provider RXN --treatment-function C_110
refused-extract        import-rtt ../given/spoilt.csv --store ../second.duckdb
kept-patients          patients --synthetic 50 --as-of 2025-09-01 --keep Autumn --store ../second.duckdb
import                 import-rtt ../given/september.csv --store ../second.duckdb
status-after           status --store ../second.duckdb
"""  # noqa: E501

ALL_LEVERS = """
name: all-at-once
title: Every lever at once
levers:
  - {lever: virtual_by_default, first: 60, follow_up: 70, starts: +4w, full_by: +20w}
  - {lever: trust_pairing, home: RXN, partner: RXR, weekly_limit: 40, waited: 20, from_spare: 50}
  - {lever: asking_for_virtual, share: 20}
  - {lever: patient_initiated_follow_up, share: 10}
  - {lever: advice_and_guidance, share: 6}
  - {lever: missed_appointments, reduction: 20, overbooking: 2}
  - {lever: emeritus_consultants, sessions: 10}
  - {lever: extra_sessions, clinics: 20, theatre_slots: 40, starts: 2025-10-06}
  - {lever: independent_sector, slots: 20}
  - {lever: validation, removed: 5, waited: 12, every: 12}
  - {lever: booking_order, share: 50, waited: 52}
  - {lever: referral_growth, growth: 2}
  - {lever: capacity_shock, lost: 40, starts: +8w, weeks: 2}
assumptions: {virtual_repeat: 12, local_diagnostic: 30}
"""


def extract(functions: Mapping[str, Mapping[int, int]]) -> str:
    """Give a small official extract of September 2025: pathways by whole weeks waited, by function's code."""
    about = {
        "Period": "RTT-September-2025",
        "Provider Parent Org Code": "QK1",
        "Provider Parent Name": "NHS BOARD QK1",
        "Provider Org Code": "RWE",
        "Provider Org Name": "UNIVERSITY HOSPITALS OF LEICESTER NHS TRUST",
        "Commissioner Parent Org Code": "QK1",
        "Commissioner Parent Name": "NHS BOARD QK1",
        "Commissioner Org Code": "04C",
        "Commissioner Org Name": "COMMISSIONER 04C",
        "RTT Part Type": "Part_2",
        "RTT Part Description": "Incomplete Pathways",
    }
    function = ["Treatment Function Code", "Treatment Function Name"]
    bands = [f"Gt {week:02d} To {week + 1:02d} Weeks SUM 1" for week in range(104)] + ["Gt 104 Weeks SUM 1"]
    rows = [[*about, *function, *bands, "Total", "Patients with unknown clock start date", "Total All"]]
    whole = {
        week: sum(each.get(week, 0) for each in functions.values()) for week in range(len(bands))
    }  # the official files end each group with its total
    for code, weeks in {**functions, "C_999": whole}.items():
        cells = [str(weeks.get(week, 0)) for week in range(len(bands))]
        rows.append([*about.values(), code, f"Service {code}", *cells, "", "", str(sum(weeks.values()))])
    return "".join(",".join(row) + "\n" for row in rows)


GIVEN = {
    "all.yaml": ALL_LEVERS,
    "september.csv": extract({"C_110": {0: 10, 17: 5, 18: 2, 104: 1}, "C_130": {52: 3, 65: 4}}),
    "spoilt.csv": extract({"C_110": {0: 10}}).replace(",10,", ",ten,"),
}


# What has to run before those whose names begin so.
BEFORE = {"match": ("patients", "slots", "slots-spare"), "status-after": ("kept-patients", "import")}


def commands(only: str) -> dict[str, str]:
    """Give what is typed, by name and in its order: names that begin with `only`, and what those need."""
    every = dict(line.split(maxsplit=1) for line in COMMANDS.strip().splitlines())
    chosen = [name for name in every if name.startswith(only)]
    needed = {
        before for name in chosen for start in BEFORE if name.startswith(start) for before in BEFORE[start]
    }
    return {name: typed for name, typed in every.items() if name in needed.union(chosen)}


class Checkout:
    """A folder with the product's source, and the interpreter that runs it."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        own = self.root / ".venv" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
        self.python = str(own) if own.exists() else sys.executable
        said = self.run(["--version"], self.root).stdout.decode().split()
        self.version = said[-1]

    def run(self, arguments: Iterable[str], folder: Path) -> "subprocess.CompletedProcess[bytes]":
        """Run one command in `folder`; its store, beside the folder, is made where there is none yet."""
        environ = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        environ |= {"TANDEM_STORE": os.path.join("..", "first.duckdb"), "COLUMNS": "100"}
        line = [self.python, str(self.root / "cli.py"), *arguments]
        return subprocess.run(line, cwd=folder, env=environ, stdin=subprocess.DEVNULL, capture_output=True)

    def normalised(self, text: str) -> str:
        """Give the text with what may differ left out."""
        for pattern, instead in KNOWN:
            text = re.sub(pattern.replace("{version}", re.escape(self.version)), instead, text)
        return text

    def figures(self, only: str) -> dict[str, Any]:
        """Give what the commands whose names begin with `only` give, with seconds each took."""
        found: dict[str, Any] = {}
        with tempfile.TemporaryDirectory() as place:
            given = Path(place, "given")
            given.mkdir()
            for name, text in GIVEN.items():
                (given / name).write_text(text, encoding="utf-8", newline="\n")
            self.run(["status"], given)  # makes the store, and so takes no time of the first command
            for name, typed in commands(only).items():
                folder = Path(place, name)
                folder.mkdir()
                began = time.monotonic()
                done = self.run(shlex.split(typed), folder)
                seconds = round(time.monotonic() - began, 1)
                texts = {"status": str(done.returncode)}
                for stream, content in (("output", done.stdout), ("error", done.stderr)):
                    texts[stream] = content.decode(errors="backslashreplace")
                for path in sorted(path for path in folder.rglob("*") if path.is_file()):
                    texts.update(pieces(path.relative_to(folder).as_posix(), path.read_bytes()))
                texts = {piece: self.normalised(text) for piece, text in texts.items()}
                found[name] = {"typed": typed, "seconds": seconds, "texts": texts}
                print(f"{self.root.name}: {name}, {seconds} s", file=sys.stderr)
        return found

    def helps(self) -> Texts:
        """Give the help of every command, and of them all."""
        whole = self.run(["--help"], self.root).stdout.decode()
        names = re.findall(r"^    ([a-z][a-z-]*)", whole, re.MULTILINE)
        each = {name: self.run([name, "--help"], self.root).stdout.decode() for name in names}
        return {name: self.normalised(text) for name, text in {"": whole, **each}.items()}

    def record(self, only: str) -> dict[str, Any]:
        """Give everything that is compared."""
        return {"version": self.version, "commands": self.figures(only), "helps": self.helps()}


def pieces(name: str, content: bytes) -> Iterator[tuple[str, str]]:
    """Give what a file holds as named texts: a workbook or slides as one for each member."""
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:  # the times of its members are not compared
            for member in archive.namelist():
                yield from pieces(f"{name}!{member}", archive.read(member))
    elif content[:4] == b"PAR1":
        yield name, parquet_text(content)
    else:
        try:
            yield name, content.decode()
        except UnicodeDecodeError:
            yield name, content.hex()


def parquet_text(content: bytes) -> str:
    """Give a table as text: names, rows of exact values between tabs, types, groups and metadata."""
    file = pq.ParquetFile(io.BytesIO(content))
    table = file.read()
    rows = zip(*(column.to_pylist() for column in table.columns), strict=True)
    lines = ["\t".join(table.column_names), *("\t".join(map(repr, row)) for row in rows)]
    lines += [f"type of {field.name}: {field.type}" for field in table.schema]
    lines += [f"rows in group: {file.metadata.row_group(at).num_rows}" for at in range(file.num_row_groups)]
    lines += [f"{key.decode()}: {value.decode()}" for key, value in (table.schema.metadata or {}).items()]
    return "\n".join(lines)


def digest(texts: Texts) -> str:
    """Give the first 12 digits of the SHA-256 of names and texts, in their order."""
    return hashlib.sha256(json.dumps(list(texts.items())).encode()).hexdigest()[:12]


def difference(before: Texts, after: Texts) -> str:
    """Say where texts first differ: file, line and column; '' when they are the same."""
    if list(before) != list(after):
        odd = [f"only before: {name}" for name in before if name not in after]
        odd += [f"only after: {name}" for name in after if name not in before]
        return "; ".join(odd[:3]) or "the same files in another order"
    differing = [name for name in before if before[name] != after[name]]
    if not differing:
        return ""
    name, more = differing[0], f" (and in {len(differing) - 1} more)" if len(differing) > 1 else ""
    # markup stands on few lines, so that an element is taken for one
    number, old, new = first(*(re.split(r"\n|(?<=>)(?=<)", texts[name]) for texts in (before, after)))
    if old is None or new is None:
        return f"{name}{more}: it ends before line {number} {'before' if old is None else 'after'}"
    column, one, other = first(cells(name, old), cells(name, new))
    heading = cells(name, before[name].partition("\n")[0]) if name.endswith((".csv", ".parquet")) else []
    called = f" ({heading[column - 1]})" if len(heading) >= column else ""
    return f"{name}{more}: line {number}, column {column}{called}: {brief(one)} became {brief(other)}"


def first(before: Iterable[str], after: Iterable[str]) -> tuple[int, str | None, str | None]:
    """Give the place, from 1, where two rows of texts first differ, and both; None where one has ended."""
    pairs = enumerate(itertools.zip_longest(before, after), start=1)
    return next((number, old, new) for number, (old, new) in pairs if old != new)


def cells(name: str, line: str) -> list[str]:
    """Give a line's cells where it is a table's, else its words."""
    if name.endswith(".parquet"):
        return line.split("\t")
    return next(csv.reader([line]), []) if name.endswith(".csv") else line.split(" ")


def brief(text: str | None) -> str:
    """Give a cell as it is told, not too long."""
    return "nothing" if text is None else repr(text if len(text) <= 60 else f"{text[:57]}...")


def saved(record: Mapping[str, Any]) -> str:
    """Give a record as JSON, its texts packed (deflated, in base 64) beside their digest."""
    packed: dict[str, Any] = {"version": record["version"], "helps": record["helps"], "commands": {}}
    for name, found in record["commands"].items():
        texts = {
            piece: base64.b64encode(zlib.compress(text.encode(), 9)).decode()
            for piece, text in found["texts"].items()
        }
        packed["commands"][name] = {**found, "digest": digest(found["texts"]), "texts": texts}
    return json.dumps(packed, indent=1)


def opened(path: Path) -> dict[str, Any]:
    """Give the record that `saved` wrote."""
    record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    for found in record["commands"].values():
        found["texts"] = {
            piece: zlib.decompress(base64.b64decode(text)).decode() for piece, text in found["texts"].items()
        }
    return record


def told(before: Mapping[str, Any], after: Mapping[str, Any]) -> int:
    """Print the table and the helps; gives how many commands differ."""
    versions = f"({before['version']}, {after['version']})"
    print(f"{'command':<22}{'before':<14}{'after':<14}{'seconds':<14}{versions}")
    different = 0
    for name, new in after["commands"].items():
        old = before["commands"].get(name, {"typed": "", "seconds": 0.0, "texts": {}})
        same_question = old["typed"] == new["typed"]
        where = difference(old["texts"], new["texts"]) if same_question else "not asked so before"
        different += bool(where)
        took = f"{old['seconds']}, {new['seconds']}"
        verdict = f"DIFFERS: {where}" if where else "same"
        print(f"{name:<22}{digest(old['texts']):<14}{digest(new['texts']):<14}{took:<14}{verdict}")
    helps = difference(before["helps"], after["helps"])
    print(f"--help of {len(after['helps'])} commands (only told): {f'differs: {helps}' if helps else 'same'}")
    print(f"{different} of {len(after['commands'])} commands differ" if different else "All the same.")
    return different


def main() -> int:
    """Carry out what the arguments ask for; gives the exit status."""
    parser = argparse.ArgumentParser(description="Compare the figures of two checkouts.")
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parents[2], metavar="DIR")
    parser.add_argument("--against", type=Path, metavar="DIR|FILE", help="the checkout or record of before")
    parser.add_argument("--record", type=Path, metavar="FILE", help="write what this checkout gives")
    parser.add_argument("--only", default="", metavar="NAME", help="commands whose names begin so")
    options = parser.parse_args()
    if not (options.against or options.record):
        parser.error("give --against or --record")
    after = Checkout(options.root).record(options.only)
    if options.record:
        options.record.write_text(saved(after), encoding="utf-8")
        print(f"{len(after['commands'])} commands of {options.root} written to {options.record}")
    if not options.against:
        return 0
    is_checkout = options.against.is_dir()
    before = Checkout(options.against).record(options.only) if is_checkout else opened(options.against)
    return int(told(before, after) > 0)


if __name__ == "__main__":
    sys.exit(main())
