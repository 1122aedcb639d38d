"""`scenario`: a scenario document whole and checked, the presets, or the schema that documents keep to."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from commands.parts.asking import question_of
from commands.parts.opening import command, open_store, scenario_of

if TYPE_CHECKING:
    from commands.parts.opening import Commands


def add(commands: "Commands") -> None:
    """Add to the front door's commands."""
    parser = command(commands, "scenario", _scenario, "print a scenario whole, the presets, or the schema")
    parser.add_argument(
        "scenario",
        nargs="?",
        metavar="NAME",
        help="a preset's name, or a .yaml or .json file; left out, the presets are listed",
    )
    parser.add_argument("--board", metavar="CODE", help="choose the trusts that a pairing leaves open here")
    parser.add_argument("--json", action="store_true", help="print JSON, not YAML")
    parser.add_argument("--schema", action="store_true", help="print the schema of documents (JSON Schema)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write to a file instead")


def _scenario(options: argparse.Namespace) -> int:
    from data.writers.exports import write_whole

    if options.schema:
        from models.scenarios.schema import scenario_schema

        text = json.dumps(scenario_schema(), indent=2, ensure_ascii=False) + "\n"
    elif options.scenario:
        text = _document(options)
    else:
        text = _presets()
    if options.out is None:
        print(text, end="")
        return 0
    write_whole(options.out, text.encode())
    print(f"Written to {options.out}")
    return 0


def _document(options: argparse.Namespace) -> str:
    import yaml

    scenario = scenario_of(options.scenario)
    if options.board:
        from questions.prepare import prepare

        with open_store(options) as store:
            scenario = prepare(store, question_of(store, options, scenario)).scenario
    document = scenario.document()
    if options.json:
        return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=100)


def _presets() -> str:
    from models.scenarios.presets import PRESETS

    return "".join(
        f"{each.name}: {each.title}\n    {each.description}\n    Source: {each.source}.\n"
        for each in PRESETS.values()
    )
