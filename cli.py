"""The commands of Tandem: whatever a page computes, for scripts. `python run.py --help` lists them.

Exit status: 0 when done, 1 for a fault a message explains, 2 for arguments that can't be understood, 130 when
interrupted. Answers go to standard output, progress and messages to standard error.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from commands.about import imports, reference, status
from commands.parts.opening import INTERRUPTED, Interrupted
from commands.patients import equity, gp_work, messages, waits
from commands.sharing import match, pair, patients, spare
from commands.today import backlog, explain, forecast, hindcast
from commands.what_if import compare, export, outturn, scenario, scorecard, simulate, solve, sweep, watch
from data.database.version import PRODUCT_VERSION
from models.errors import TandemError

# in the groups of their folders, which are those of the pages
COMMANDS = (
    *(backlog, forecast, hindcast, explain),
    *(simulate, compare, export, solve, sweep, watch, outturn, scenario, scorecard),
    *(spare, pair, match, patients),
    *(equity, waits, messages, gp_work),
    *(imports, status, reference),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out one command; returns its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    options = _parser().parse_args(arguments)
    try:
        command: Callable[[argparse.Namespace], int] = options.command
        return command(options)
    except TandemError as fault:
        print(f"{fault.message}\n{fault.remedy}".strip(), file=sys.stderr)
        return 1
    except BrokenPipeError:  # whoever reads the answer has read enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Interrupted as fault:
        print(f"\n{fault}", file=sys.stderr)
        return INTERRUPTED
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="run.py", description="Tandem's commands.")
    parser.add_argument("--version", action="version", version=f"Tandem {PRODUCT_VERSION}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for module in COMMANDS:
        module.add(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
