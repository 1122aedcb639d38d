"""`export`: a scenario's slides, workbook, printable page or scenario file, as the pages give them."""

import argparse
from typing import TYPE_CHECKING

from commands.parts.asking import answer_to, question_of
from commands.parts.opening import command, open_store
from commands.parts.taking_away import TABLES, add_file_options, add_run_options, check_files, write_files

if TYPE_CHECKING:
    from commands.parts.opening import Commands

FORMATS = (*TABLES, ".yaml")


def add(commands: "Commands") -> None:
    """Add to the front door's commands."""
    parser = command(commands, "export", _export, "make slides, a workbook or a page to print of a scenario")
    parser.add_argument(
        "--board",
        default="QK1",
        metavar="CODE",
        help="a board's code, ENGLAND, or boards to run together, as QE1+QOP (QK1)",
    )
    parser.add_argument(
        "--scenario", default="baseline", metavar="NAME", help="a preset's name, or a .yaml or .json file"
    )
    add_run_options(parser)
    add_file_options(parser, FORMATS, required=True)


def _export(options: argparse.Namespace) -> int:
    from models.outcomes.cost import read_prices
    from models.reports.report import joined
    from questions.equity import Equity
    from questions.lab import Lab
    from questions.scorecard import usual

    check_files(options.out, FORMATS)
    prices = read_prices(options.price, "=")
    with open_store(options) as store:
        question = question_of(store, options)
        lab = answer_to(store, Lab(question), "Simulating")
        equity = None
        if options.equity:
            equity = answer_to(store, Equity(question), "Following who waits").compared
        card = usual(question).judge(store, lab, equity) if options.scorecard else None
    report = lab.report(prices)
    part = card.part() if card else equity.part(report.title) if equity else None
    report = joined(report, [part] if part else [])
    print(report.headline)
    write_files(report, options, lab.scenario.document)
    return 0
