"""The recipe for a command in CONTRIBUTING.md, followed in a copy: a file, and three places that name it."""

from pathlib import Path

import pytest

from tests.recipes.copies import TWINS, added, copied, ran, touched, twins_hold

pytestmark = pytest.mark.integration

COMMAND, FRONT_DOOR, README = "commands/about/standards.py", "cli.py", "README.md"
RECIPE = {COMMAND, FRONT_DOOR, README, TWINS}

SOURCE = '''\
"""`standards`: the 18-week standard, by a number of patients."""

import argparse
from typing import TYPE_CHECKING

from commands.parts.opening import command

if TYPE_CHECKING:
    from commands.parts.opening import Commands


def add(commands: "Commands") -> None:
    """Add to the front door's commands."""
    parser = command(commands, "standards", _standards, "say what the standard asks of so many patients")
    parser.add_argument("--patients", type=int, default=100, metavar="N", help="on the list (100)")


def _standards(options: argparse.Namespace) -> int:
    from models.rtt.waiting_list import STANDARD, STANDARD_WEEKS

    print(f"{STANDARD.share * options.patients:g} under {STANDARD_WEEKS} weeks")
    return 0
'''


ROW = "| `standards` | how many of so many patients the standard wants seen within 18 weeks |\n"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy with the command's file and its name in the front door."""
    copy = copied(tmp_path)
    added(copy, COMMAND, SOURCE)
    added(copy, FRONT_DOOR, "standards, ", before="status\n")  # imported
    added(copy, FRONT_DOOR, "standards, ", before="reference),")  # among the commands
    return copy


def test_a_command_is_a_file_that_three_others_name(copy: Path) -> None:
    added(copy, README, ROW, before="| `status` |")
    added(copy, TWINS, '"standards", ', before='"status",')
    twins_hold(copy)
    assert touched(copy) == RECIPE
    listed = [line.split(maxsplit=1) for line in ran(copy, "cli.py", "--help").splitlines()]
    assert ["standards", "say what the standard asks of so many patients"] in listed
    assert ran(copy, "cli.py", "standards", "--patients", "250") == "230 under 18 weeks\n"


def test_one_that_nothing_else_names_is_missed(copy: Path) -> None:
    with pytest.raises(AssertionError, match="2 failed, 2 passed"):
        twins_hold(copy)
