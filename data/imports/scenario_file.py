"""Scenario files: a scenario document as YAML or JSON, written by a planner or saved by Tandem."""

import json
from pathlib import Path

import yaml

from models.errors import TandemError
from models.scenarios.scenario import Scenario, read_scenario

LIMIT = 1_000_000  # bytes; a scenario is a page of text


def read_scenario_file(path: Path) -> Scenario:
    """Read the scenario in a .yaml, .yml or .json file; raises TandemError with file, line and column."""
    try:
        if path.stat().st_size > LIMIT:
            raise TandemError(f"{path} is too large to be a scenario.", "Name a scenario file.")
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        reason = fault.strerror if isinstance(fault, OSError) else "it is not plain text"
        raise TandemError(
            f"{path} could not be read: {reason}.", "Name a .yaml or .json scenario."
        ) from fault
    try:
        document = json.loads(text) if path.suffix.lower() == ".json" else yaml.safe_load(text)
    except json.JSONDecodeError as fault:
        where = f"line {fault.lineno}, column {fault.colno}"
        raise TandemError(f"{path} is not JSON at {where}: {fault.msg}.", "Mend it there.") from fault
    except (yaml.YAMLError, RecursionError) as fault:
        mark = getattr(fault, "problem_mark", None)
        where = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        problem = getattr(fault, "problem", None) or "it can't be understood"
        raise TandemError(f"{path} is not YAML{where}: {problem}.", "Mend it there.") from fault
    try:
        return read_scenario(document)
    except TandemError as fault:
        raise TandemError(f"{path}: {fault.message}", fault.remedy) from fault
