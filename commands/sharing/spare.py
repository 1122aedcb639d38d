"""`spare`: where capacity is spare, in clock stops, appointments and theatre slots a week."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from commands.parts.asking import answer_to, check_table, write_table
from commands.parts.opening import Progress, command, open_store
from data.database.version import PRODUCT_VERSION
from models.errors import TandemError

if TYPE_CHECKING:
    import pandas as pd

    from commands.parts.opening import Commands
    from models.capacity.estimate import Floor


def add(commands: "Commands") -> None:
    """Add to the front door's commands."""
    parser = command(commands, "spare", _spare, "show where capacity is spare, and how often that came true")
    parser.add_argument("--board", default="ENGLAND", metavar="CODE", help="a board's code (ENGLAND)")
    parser.add_argument("--as-of", metavar="YYYY-MM", help="what was known then (default: the latest month)")
    parser.add_argument(
        "--floor",
        default="own",
        metavar="SHARE",
        help="percent within 18 weeks each provider keeps for its own patients, or own: what it has today",
    )
    parser.add_argument("--by", metavar="YYYY-MM", help="month by which the floor is met (in six months)")
    parser.add_argument(
        "--hindcast", action="store_true", help="show what became of what would have been called spare"
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="write every row: .csv or .parquet")


def _spare(options: argparse.Namespace) -> int:
    check_table(options.out)
    return _hindcast(options) if options.hindcast else _now(options)


def _now(options: argparse.Namespace) -> int:
    from models.rtt.months import month_label, parse_month
    from questions.capacity import Spare

    floor = floor_of(options)
    as_of = parse_month(options.as_of) if options.as_of else None
    with open_store(options) as store:
        answer = answer_to(store, Spare.of(store, options.board, as_of, floor), "Estimating")
    capacity = answer.capacity
    print(f"{capacity.scope}, figures of {month_label(capacity.data_month)}, Tandem {PRODUCT_VERSION}")
    print("\n".join((*answer.sentences, *(f"  {line}" for line in answer.largest))))
    about = {
        "scope": capacity.scope,
        "as_of": capacity.data_month,
        "floor": options.floor,
        "by": options.by,
        "unit": "clock stops, appointments and theatre slots a week of 4.85 working days",
        "range": "80%: the best quarter of the next six months, less what is needed",
        "version": PRODUCT_VERSION,
    }
    write_table([answer.frame()], options.out, about)
    return 0


def _hindcast(options: argparse.Namespace) -> int:
    import pandas as pd

    from data.returns.history import history
    from data.returns.lists import months
    from models.capacity.estimate import HALF_YEAR
    from models.capacity.spare_record import follow, records
    from models.rtt.months import parse_month
    from models.rtt.organisations import ENGLAND

    if options.board != ENGLAND:
        raise TandemError(
            f"The record is kept for all England, not for {options.board}.", "Leave --board out."
        )
    floor = floor_of(options)
    watch = Progress("Looking back")
    with open_store(options) as store:
        held_months = months(store)
        whole = history(store, ENGLAND, months=len(held_months))
    as_ofs = [parse_month(options.as_of)] if options.as_of else held_months[HALF_YEAR:-HALF_YEAR]
    if not as_ofs:
        raise TandemError(
            f"Only {len(held_months)} months are held; a look back takes {2 * HALF_YEAR + 1}.",
            "Import earlier months.",
        )
    followed = []
    for place, month in enumerate(as_ofs):
        watch.say(place / len(as_ofs), month)
        followed.append(follow(whole, month, floor))
    watch.say(1.0)
    frame = pd.DataFrame([asdict(each) for each in records(followed)])
    print(_table(frame))
    print(f"{sum(each.lost for each in followed)} series called spare stopped reporting and are left out.")
    about = {"as_of": as_ofs, "floor": options.floor, "version": PRODUCT_VERSION}
    write_table([frame.round(4)], options.out, about)
    return 0


def _table(frame: "pd.DataFrame") -> str:
    shown = frame.assign(called_share=frame["called"] / frame["series"])
    shares = ("called_share", "delivered", "held", "held_by_all", "below_range", "above_range")
    order = ["group", "series", "called", *shares]
    return str(
        shown[order].to_string(index=False, formatters=dict.fromkeys(shares, "{:.1%}".format), na_rep="")
    )


def floor_of(options: argparse.Namespace) -> "Floor":
    """The floor that `--floor` and `--by` name; raises TandemError for one that can't be kept."""
    from models.capacity.estimate import Floor
    from models.rtt.months import parse_month

    by = parse_month(options.by) if options.by else None
    if options.floor == "own":
        return Floor(by=by)
    try:
        return Floor(share=float(options.floor) / 100, by=by)
    except ValueError as fault:
        raise TandemError(
            f"'{options.floor}' is not a floor.", "Give a percentage such as 92, or own."
        ) from fault
