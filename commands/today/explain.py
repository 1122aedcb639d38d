"""`explain`: every calibrated quantity of one series, with where it came from."""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from commands.parts.asking import answer_to, check_table, question_of, write_table
from commands.parts.opening import command, open_store
from data.database.version import PRODUCT_VERSION

if TYPE_CHECKING:
    from commands.parts.opening import Commands
    from models.calibration.explanation import Explanation


def add(commands: "Commands") -> None:
    """Add to the front door's commands."""
    parser = command(
        commands, "explain", _explain, "print what a series' forecasts rest on, number by number"
    )
    parser.add_argument("--board", default="QK1", metavar="CODE", help="a board's code, or ENGLAND (QK1)")
    parser.add_argument("--provider", required=True, metavar="CODE", help="a provider of the board, as RWE")
    parser.add_argument("--treatment-function", required=True, metavar="CODE", help="its code, as C_110")
    parser.add_argument(
        "--scenario",
        default="baseline",
        metavar="NAME",
        help="whose assumptions to take: a preset's name, or a .yaml or .json file",
    )
    parser.add_argument("--until", metavar="YYYY-MM", help="on this month's figures (default: the latest)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write a row a quantity: .parquet or .csv")


def _explain(options: argparse.Namespace) -> int:
    from questions.explain import Explain

    check_table(options.out)
    provider, function = options.provider.upper(), options.treatment_function.upper()
    with open_store(options) as store:
        answer = answer_to(store, Explain(question_of(store, options), provider, function), "Explaining")
    explanation = answer.explanation
    print("\n".join(_lines(explanation, answer.flags)))
    about = {
        "scope": explanation.scope,
        "data_month": explanation.data_month,
        "provider": explanation.provider,
        "treatment_function": explanation.treatment_function,
        "note": explanation.note,
        "left_out": explanation.left_out,
        "version": PRODUCT_VERSION,
    }
    write_table([answer.frame()], options.out, about)
    return 0


def _lines(explanation: "Explanation", flags: Sequence[str]) -> Iterator[str]:
    from models.rtt.months import month_label
    from models.rtt.treatment_functions import name_of

    yield (
        f"{explanation.provider}, "
        f"{name_of(explanation.treatment_function)} ({explanation.treatment_function}), "
        f"in {explanation.scope}, figures of {month_label(explanation.data_month)}, Tandem {PRODUCT_VERSION}"
    )
    yield from flags
    yield "Methods are the headings and terms of docs/method.md."
    heading = ""
    for each in explanation.quantities:
        if f"{each.group}, months read: {each.months}" != heading:
            heading = f"{each.group}, months read: {each.months}"
            yield f"\n{heading}"
        yield f"  {each.name + ' ':.<52} {_figure(each.value):>9} {each.unit}"
        yield f"      {each.origin} (method: {each.method})"


def _figure(value: float) -> str:
    """A number as it is read: whole from a hundred up, else three figures."""
    return f"{value:,.0f}" if abs(value) >= 100 or value == 0 else f"{value:.3g}"
