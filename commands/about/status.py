"""`status`: what the store holds."""

import argparse
from typing import TYPE_CHECKING

from commands.parts.opening import command, open_store

if TYPE_CHECKING:
    from commands.parts.opening import Commands


def add(commands: "Commands") -> None:
    """Add to the front door's commands."""
    command(commands, "status", _status, "print what the store holds")


def _status(options: argparse.Namespace) -> int:
    from data.returns.status import render, status

    with open_store(options) as store:
        print(render(status(store)))
    return 0
