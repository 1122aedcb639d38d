"""Whatever a page computes, a command computes too: each page and picture named with the command it has."""

import argparse
import re
from pathlib import Path

import pytest

import cli

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[2]

COMMANDS_OF = {
    "pages/today/backlog.py": ("backlog",),
    "pages/what_if/scenario_lab.py": ("simulate", "export", "solve", "sweep", "watch", "scenario"),
    "pages/what_if/compare.py": ("compare", "outturn"),
    "pages/what_if/scorecard.py": ("scorecard",),
    "pages/what_if/present.py": ("export",),
    "pages/sharing/capacity_map.py": ("spare", "import-capacity"),
    "pages/sharing/pairing.py": ("pair",),
    "pages/sharing/match_preview.py": ("match", "patients", "slots"),
    "pages/patients/while_you_wait.py": ("waits", "messages", "gp-work"),
    "pages/patients/equity.py": ("equity",),
    "pages/about/data.py": ("status", "import-rtt", "import-ods", "import-boundaries"),
    "pages/about/method.py": ("explain", "forecast", "hindcast", "reference"),
}

# What a page computes, with the command and the option that give it.
PICTURES = (
    ("the lists by treatment function and provider", "backlog", "--out"),
    ("where the pressure is", "backlog", "--pressure"),
    ("how the list has moved, and the gaps", "backlog", "--trend"),
    ("the lab's answer: headline, course and ranges", "simulate", "--scenario"),
    ("its numbers by week, provider and treatment function", "simulate", "--out"),
    ("its slides, workbook, page and scenario file", "export", "--out"),
    ("what it costs", "export", "--price"),
    ("its scorecard in the files", "export", "--scorecard"),
    ("who waits, in the files", "export", "--equity"),
    ("which lever did what", "sweep", "--waterfall"),
    ("how sure the answer is of its evidence", "sweep", "--evidence"),
    ("a setting's curve", "sweep", "--vary"),
    ("what it would take", "solve", "--goal"),
    ("every dose tried", "solve", "--out"),
    ("watch it move", "watch", "--out"),
    ("the trusts a pairing leaves open", "scenario", "--board"),
    ("scenarios side by side", "compare", "--scenario"),
    ("what they cost", "compare", "--price"),
    ("their scorecards", "compare", "--scorecard"),
    ("who waits under each", "compare", "--equity"),
    ("a forecast beside what came", "outturn", "--train-to"),
    ("a saved scenario beside what came", "outturn", "--saved"),
    ("a scorecard at the planner's own targets", "scorecard", "--target"),
    ("its carbon", "scorecard", "--carbon"),
    ("its gap by deprivation", "scorecard", "--equity"),
    ("spare capacity over a floor", "spare", "--floor"),
    ("what became of it", "spare", "--hindcast"),
    ("a plan of pairs", "pair", "--out"),
    ("why two trusts are paired or not", "pair", "--ask"),
    ("both queues once tried", "pair", "--try"),
    ("expected waits under a scenario", "waits", "--scenario"),
    ("shorter waits nearby", "waits", "--miles"),
    ("GP contacts under a scenario", "gp-work", "--scenario"),
    ("a mail merge", "messages", "--out"),
    ("who waits by deprivation, age and access", "equity", "--out"),
    ("what a series rests on", "explain", "--treatment-function"),
)


def parsers() -> dict[str, argparse.ArgumentParser]:
    """The commands that the front door takes, by name."""
    for action in cli._parser()._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    raise AssertionError("the front door takes no command")


def listed() -> set[str]:
    """The commands that README's table lists."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`[^|]+) \|", text, re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([a-z-]+)[^`]*`", row)}


def test_each_page_names_its_commands() -> None:
    registered = re.findall(r'st\.Page\("([^"]+)"', (ROOT / "app.py").read_text(encoding="utf-8"))
    assert sorted(COMMANDS_OF) == sorted(registered)
    assert {name for names in COMMANDS_OF.values() for name in names} - parsers().keys() == set()


def test_each_picture_has_its_command_and_option() -> None:
    known = parsers()
    missing = [
        f"{what}: {command} {option}"
        for what, command, option in PICTURES
        if command not in known or option not in known[command]._option_string_actions
    ]
    assert missing == []


def test_each_command_is_a_twin_or_known_to_be_none() -> None:
    alone = {"build-reference"}  # makes what ships with Tandem, which no page does
    twins = {name for names in COMMANDS_OF.values() for name in names}
    assert parsers().keys() == twins | alone


def test_the_readme_lists_each_command_and_no_other() -> None:
    assert listed() == parsers().keys()
