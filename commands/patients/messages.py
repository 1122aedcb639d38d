"""`messages`: what to tell an area's patients or practices about their waits, as a mail merge."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from commands.parts.opening import command, open_store
from data.database.version import PRODUCT_VERSION
from models.errors import TandemError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commands.parts.opening import Commands
    from data.writers.mail_merge import Templates, Told

WORKBOOK = ".xlsx"


def add(commands: "Commands") -> None:
    """Add to the front door's commands."""
    parser = command(commands, "messages", _messages, "draft messages about waits for an area's practices")
    parser.add_argument(
        "--area", required=True, metavar="CODE", help="a sub-ICB location's code, such as 01A"
    )
    parser.add_argument("--function", metavar="CODE", help="one treatment function (default: all)")
    parser.add_argument("--to", choices=("patients", "practice"), default="patients", help="(patients)")
    parser.add_argument("--as-of", metavar="YYYY-MM", help="the figures of this month (default: the latest)")
    parser.add_argument(
        "--template",
        type=Path,
        metavar="FILE",
        help="your own text, with fields in curly brackets, for places whose waits are known",
    )
    parser.add_argument(
        "--show-template", action="store_true", help="print Tandem's text, to edit as your own"
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        help="write a row a practice, treatment function and hospital: .csv, .xlsx or .parquet",
    )


def _messages(options: argparse.Namespace) -> int:
    from data.returns.areas import areas
    from data.returns.lists import months
    from data.writers.exports import check_format
    from data.writers.mail_merge import waits_to_tell
    from models.rtt.months import parse_month
    from models.rtt.organisations import ENGLAND
    from models.rtt.treatment_functions import treatment_function
    from models.waits.messages import draft

    if options.show_template:
        print(draft(options.to, "usual"), end="")
        return 0
    if options.out and options.out.suffix.lower() != WORKBOOK:
        check_format(options.out)
    if options.function:
        treatment_function(options.function)
    templates: Templates = {"usual": read_template(options.template)} if options.template else {}
    area = options.area.strip().upper()
    with open_store(options) as store:
        month = parse_month(options.as_of) if options.as_of else months(store)[-1]
        names = areas(store, ENGLAND).set_index("code")["name"]
        name = str(names.get(area, area))
        told = waits_to_tell(store, area, name, month, options.function)
    if not told:
        raise TandemError(
            f"No hospital has enough of {name}'s referrals for a message.", "Leave --function out."
        )
    _print_first(told, options.to, templates)
    if options.out:
        _write(told, area, name, month, options, templates)
    return 0


def read_template(path: Path) -> str:
    """The text of a template's file; raises TandemError where it can't be read or filled."""
    from models.waits.messages import check_template

    try:
        template = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise TandemError(
            f"{path.name} could not be read as text: {fault}.", "Give a text file in UTF-8."
        ) from fault
    check_template(template)
    return template


def _print_first(told: "Sequence[Told]", audience: str, templates: "Templates") -> None:
    from models.waits.messages import draft, filled, whole
    from models.waits.reading_age import reading_age

    wait = max(told, key=lambda each: each.wait.waiting).wait
    template = templates.get(
        wait.variant, draft("practice" if audience == "practice" else "patients", wait.variant)
    )
    message = filled(template, wait)
    print(whole(message))
    print(reading_age(message).said())


def _write(
    told: "list[Told]", area: str, name: str, month: str, options: argparse.Namespace, templates: "Templates"
) -> None:
    from data.writers.exports import write_results, write_whole
    from data.writers.mail_merge import CAVEATS, METHOD, mail_merge, mail_merge_report
    from data.writers.workbook import workbook

    rows = mail_merge(told, area, options.to, templates)
    if options.out.suffix.lower() == WORKBOOK:
        write_whole(options.out, workbook(mail_merge_report(rows, name, month, options.to)))
    else:
        about = {
            "area": area,
            "to": options.to,
            "data_month": month,
            "method": METHOD,
            "caveats": CAVEATS,
            "version": PRODUCT_VERSION,
        }
        write_results([rows], options.out, about)
    print(f"{len(rows):,} rows written to {options.out}")
