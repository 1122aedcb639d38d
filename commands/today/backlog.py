"""`backlog`: how many wait in a board, how long, how that has moved, and where the pressure is."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from commands.parts.asking import check_table, write_table
from commands.parts.opening import command, open_store
from data.database.version import PRODUCT_VERSION
from models.errors import TandemError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from commands.parts.opening import Commands
    from data.database.store import Store
    from models.rtt.history import History

SHOWN = 12  # providers told; `--out` has all
MEASURES = ("pressure", "share_within_18", "share_over_52")
_HEADINGS = {
    "name": "",
    "waiting": "waiting",
    "share_within_18": "within 18, %",
    "over_52": "over 52",
    "share_over_52": "over 52, %",
    "median_weeks": "median, weeks",
    "pressure": "pressure",
}


def add(commands: "Commands") -> None:
    """Add to the front door's commands."""
    parser = command(commands, "backlog", _backlog, "show how many wait, how long, and where the pressure is")
    parser.add_argument(
        "--board", default="QK1", metavar="CODE", help="a board's code, ENGLAND, or boards together (QK1)"
    )
    parser.add_argument("--month", metavar="YYYY-MM", help="at the end of this month (default: the latest)")
    parser.add_argument("--function", metavar="CODE", help="of this treatment function alone, as C_110")
    parser.add_argument("--provider", metavar="CODE", help="of this provider alone, as RWE")
    shown = parser.add_mutually_exclusive_group()
    shown.add_argument(
        "--pressure",
        nargs="?",
        const="pressure",
        choices=MEASURES,
        help="treatment functions by providers, the worst first: the pressure, or another measure",
    )
    shown.add_argument("--trend", action="store_true", help="month by month, with the gaps in the returns")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write it whole: .csv or .parquet")


def _backlog(options: argparse.Namespace) -> int:
    from data.returns.history import history
    from data.returns.scope import scope_code

    check_table(options.out)
    with open_store(options) as store:
        options.board = scope_code(store, options.board)
        options.month = _month(store, options.month)
        returns = history(store, options.board, until=options.month, months=1)
        _check_codes(returns, options)
        print("\n".join(_said(store, options)))
        if options.trend:
            frame = _trend(store, options)
        elif options.pressure:
            frame = _pressure(store, returns, options)
        else:
            frame = _lists(store, returns, options)
    about = {
        "scope": options.board,
        "data_month": options.month,
        "treatment_function": options.function,
        "provider": options.provider,
        "unit": "pathways at the month's end; shares in percent; pressure: twice the mean wait over 18 weeks",
        "version": PRODUCT_VERSION,
    }
    write_table([frame], options.out, about)
    return 0


def _month(store: "Store", asked: str | None) -> str:
    from data.returns.lists import months
    from models.rtt.months import month_label, parse_month

    held_months = months(store)
    month = parse_month(asked) if asked else held_months[-1]
    if month not in held_months:
        raise TandemError(
            f"{month_label(month)} is not held.", f"Choose one up to {held_months[-1]}, or import it."
        )
    return month


def _check_codes(returns: "History", options: argparse.Namespace) -> None:
    """Refuse a treatment function or provider that has nobody waiting there."""
    asked = (("function", returns.treatment_functions), ("provider", returns.providers))
    for name, codes in asked:
        code = getattr(options, name)
        if code and code not in codes:
            here = ", ".join(sorted(set(codes.tolist()))[:8])
            raise TandemError(
                f"{code} has nobody waiting in {options.board} in {options.month}.", f"Name one of {here} ..."
            )


def _said(store: "Store", options: argparse.Namespace) -> "Sequence[str]":
    """The sentence of the list, and England's beside it."""
    from data.returns.lists import profile
    from data.returns.scope import scope_name
    from models.rtt.list_statements import answer, beside, place_words
    from models.rtt.months import month_label
    from models.rtt.organisations import ENGLAND
    from models.rtt.pressure import function_names
    from models.rtt.waiting_list import WaitingList

    chosen = {"provider": options.provider, "treatment_function": options.function}
    here = WaitingList(profile(store, options.board, options.month, **chosen))
    function = function_names()[options.function] if options.function else ""
    provider = _provider_names(store, options)[options.provider] if options.provider else ""
    lines = [
        f"{options.board}, figures of {month_label(options.month)}, Tandem {PRODUCT_VERSION}",
        answer(place_words(scope_name(store, options.board), function, provider), here),
    ]
    if options.board != ENGLAND or options.provider:
        whole = profile(store, ENGLAND, options.month, treatment_function=options.function)
        lines.append(beside(WaitingList(whole), here, function))
    return lines


def _provider_names(store: "Store", options: argparse.Namespace) -> dict[str, str]:
    from data.returns.lists import by_provider
    from models.rtt.pressure import provider_names

    providers = by_provider(store, options.board, options.month)
    return provider_names(dict(zip(providers["provider"], providers["name"], strict=True)))


def _lists(store: "Store", returns: "History", options: argparse.Namespace) -> "pd.DataFrame":
    """The list by treatment function and by provider, the most pressure first, told and whole."""
    import pandas as pd

    from models.rtt.pressure import function_names, ranked

    weeks, parts = returns.incomplete[-1], []
    kinds = (
        ("treatment function", returns.treatment_functions, returns.providers, options.provider),
        ("provider", returns.providers, returns.treatment_functions, options.function),
    )
    for kind, codes, others, chosen in kinds:
        names = function_names() if kind != "provider" else _provider_names(store, options)
        here = others == (chosen or others)
        frame = ranked(codes[here], weeks[here], names)
        print(f"By {kind}, the most pressure first:")
        print(_table(frame.head(SHOWN) if kind == "provider" else frame))
        if kind == "provider" and len(frame) > SHOWN:
            print(f"  and {len(frame) - SHOWN} more providers.")
        frame.insert(0, "by", kind.replace(" ", "_"))
        parts.append(frame)
    return pd.concat(parts, ignore_index=True)


def _pressure(store: "Store", returns: "History", options: argparse.Namespace) -> "pd.DataFrame":
    """One measure by treatment function and provider: the largest providers told, all given, a row a cell."""
    from models.rtt.pressure import FEWEST_SHOWN, function_names, ranked, table

    weeks, names = returns.incomplete[-1], _provider_names(store, options)
    functions = ranked(returns.treatment_functions, weeks, function_names())
    providers = ranked(returns.providers, weeks, names)
    measure: Literal["pressure", "share_within_18", "share_over_52"] = options.pressure
    cells = table(returns, measure, functions, providers)
    cells = cells.loc[cells.index == (options.function or cells.index)]
    largest = set(providers.nlargest(SHOWN, "waiting")["code"])
    shown = ["all", *(code for code in providers["code"] if code in largest)]
    if options.provider:
        shown = ["all", options.provider]
    called = cells[shown].rename(index=function_names())
    print(f"{_HEADINGS[measure].capitalize()}, the worst first; under {FEWEST_SHOWN} pathways blank:")
    print(called.rename_axis(index=None, columns=None).to_string(float_format="{:.1f}".format, na_rep=""))
    long = cells.rename_axis(index="treatment_function", columns="provider").stack(future_stack=True)
    return long.rename(measure).reset_index()


def _trend(store: "Store", options: argparse.Namespace) -> "pd.DataFrame":
    """The list at the end of each month held, told with what the returns leave out."""
    from data.returns.list_history import gaps_in, months_of
    from models.rtt.list_statements import gap_notes, trend_words

    frame = months_of(store, options.board, options.function, options.provider)
    months = frame["month"].tolist()
    print(trend_words(months, frame["waiting"].tolist(), "The list"))
    print(trend_words(months, frame["share_within_18"].tolist(), "The share within 18 weeks", "%"))
    print(frame.to_string(index=False, float_format="{:,.1f}".format, na_rep="not known"))
    gaps, smaller = gaps_in(store, options.board, options.provider)
    if len(gaps):
        print(gap_notes(gaps, smaller).replace("**", "").replace("  \n", "\n"))
    return frame


def _table(frame: "pd.DataFrame") -> str:
    forms = {"share_within_18": "{:.1f}".format, "share_over_52": "{:.1f}".format}
    forms |= {"median_weeks": "{:.1f}".format, "pressure": "{:.2f}".format}
    forms |= dict.fromkeys(("waiting", "over_52"), "{:,}".format)
    shown = frame[list(_HEADINGS)]
    return str(shown.to_string(index=False, header=list(_HEADINGS.values()), formatters=forms))
