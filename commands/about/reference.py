"""`reference`: every lever, assumption, hard rule and importer's column, from their definitions."""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from commands.parts.opening import command

if TYPE_CHECKING:
    from commands.parts.opening import Commands
    from models.columns import Column

INTRODUCTION = (
    "# Reference",
    "Made by `python run.py reference --out docs/reference.md` from the definitions; not to be edited.",
)


def add(commands: "Commands") -> None:
    """Add to the front door's commands."""
    parser = command(
        commands, "reference", _reference, "print every lever, assumption, hard rule and importer's column"
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="write it as Markdown")


def _reference(options: argparse.Namespace) -> int:
    page = reference()
    if options.out:
        options.out.write_text(page, encoding="utf-8")
        print(f"{options.out} written")
    else:
        print(page, end="")
    return 0


def reference() -> str:
    """The page as Markdown."""
    parts = (*INTRODUCTION, *_levers(), *_assumptions(), *_rules(), *_columns())
    return "\n\n".join(parts) + "\n"


def _levers() -> Iterator[str]:
    from models.scenarios.levers import LEVERS

    yield "## Levers"
    yield "What a scenario can pull, setting by setting. At its neutral value a lever changes nothing."
    for lever in LEVERS.values():
        yield f"### {lever.title} (`{lever.name}`)"
        yield f"{lever.sentence} *{lever.source}.*"
        yield _table(
            ("setting", "what", "unit", "default", "neutral", "from", "to"),
            [
                (
                    f"`{each.name}`",
                    each.label,
                    each.unit,
                    _said(each.default),
                    "today's" if each.neutral_today else _said(each.neutral),
                    _said(each.low) if each.kind in ("number", "optional") else "",
                    _said(each.high) if each.kind in ("number", "optional") else "",
                )
                for each in lever.parameters
            ],
        )


def _assumptions() -> Iterator[str]:
    from models.scenarios.assumptions import REGISTER

    yield "## Assumptions"
    yield (
        "The default, the range that a planner may choose from, and the range that is believed to hold "
        "the truth 8 times in 10. Where no source was found, the source says that it is an assumption."
    )
    yield _table(
        ("key", "what", "unit", "default", "from", "to", "likely", "source"),
        [
            (
                f"`{each.key}`",
                each.label,
                each.unit,
                _said(each.value),
                _said(each.low),
                _said(each.high),
                f"{each.likely_low:g} to {each.likely_high:g}",
                each.source,
            )
            for each in REGISTER.values()
        ],
    )


def _rules() -> Iterator[str]:
    from models.matching.rules import RULES

    yield "## Hard rules of the matching"
    yield _table(
        ("rule", "what must hold", "why a patient has no place", "what would change it"),
        [
            (f"{each.heading} (`{each.name}`)", each.sentence, each.fails, each.change or "nothing")
            for each in RULES.values()
        ],
    )


def _columns() -> Iterator[str]:
    from data.imports import boundaries, ods, rtt_columns
    from models.capacity.columns import CAPACITY
    from models.matching.columns import PATIENTS, SLOTS

    yield "## Columns of the files that can be imported"
    described: dict[str, Sequence[Column]] = {
        "Waiting patients (`patients`)": PATIENTS,
        "Offered places (`slots`)": SLOTS,
        "A board's own capacity (`import-capacity`)": CAPACITY,
        "RTT full extract (`import-rtt`)": rtt_columns.COLUMNS,
        "ODS file of trusts (`import-ods`)": ods.COLUMNS,
        "Boundaries, properties of a feature (`import-boundaries`)": (
            *boundaries.CODE,
            *boundaries.NAME,
            *boundaries.ONS_CODE,
            *boundaries.REGION,
        ),
    }
    for title, columns in described.items():
        yield f"### {title}"
        yield _table(
            ("column", "what", "may hold", "unit", "must be filled"),
            [
                (
                    f"`{each.heading or each.name}`",
                    each.meaning,
                    each.allowed,
                    each.unit,
                    "yes" if each.required else "",
                )
                for each in columns
            ],
        )


def _said(value: object) -> str:
    if value is None:
        return ""
    return f"{value:,g}" if isinstance(value, int | float) else str(value)


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
