"""The published schema of a scenario document: JSON Schema, made from the levers and the register.

What it takes, `read_scenario` takes, and the other way round; the messages of `read_scenario` say more.
"""

from typing import Any

from models.rtt.treatment_functions import TREATMENT_FUNCTIONS
from models.scenarios.assumptions import REGISTER, Assumption
from models.scenarios.levers import LEVERS, Lever, Parameter
from models.scenarios.scenario import in_unit, reason

DIALECT = "https://json-schema.org/draft/2020-12/schema"
BLANK = r"^\s*$"
WRITTEN = r"\S"
PROVIDER = r"^\s*[A-Za-z0-9]{3,6}\s*$"
MOMENT = r"^\s*(\+[0-9]{1,3}w|[0-9]{4}-[0-9]{2}-[0-9]{2})?\s*$"


def scenario_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a scenario document, as plain values.

    A null stands for a setting left out. A date has to be one of the calendar, which a pattern cannot say.
    """
    return {
        "$schema": DIALECT,
        "$id": "scenario.schema.json",
        "title": "Tandem scenario",
        "description": "Levers in play and assumptions changed, in JSON or YAML. No levers: the baseline.",
        "type": "object",
        "required": ["name"],
        "additionalProperties": False,
        "properties": {
            "name": {
                "type": "string",
                "pattern": WRITTEN,
                "description": "A short name, such as virtual-70.",
            },
            "title": {
                "type": ["string", "null"],
                "description": "As charts and slides call it; the name if left out.",
            },
            "description": {"type": ["string", "null"], "description": "What it does, in a sentence."},
            "levers": {
                "type": ["array", "null"],
                "description": "One item for each lever that is pulled.",
                "items": {
                    "type": "object",
                    "required": ["lever"],
                    "properties": {"lever": {"enum": list(LEVERS)}},
                    "oneOf": [{"$ref": f"#/$defs/{name}"} for name in LEVERS],
                },
            },
            "assumptions": {
                "type": ["object", "null"],
                "description": "Defaults of the register that the scenario changes.",
                "additionalProperties": False,
                "properties": {key: _assumption(entry) for key, entry in REGISTER.items()},
            },
        },
        "$defs": {
            "treatment_function": {
                "description": "A treatment function's code in the returns.",
                "oneOf": [{"const": each.code, "title": each.name} for each in TREATMENT_FUNCTIONS.values()],
            },
            "provider": {
                "type": "string",
                "pattern": PROVIDER,
                "description": "A provider's code, such as RWE.",
            },
            "moment": {
                "type": ["string", "null"],
                "pattern": MOMENT,
                "description": "A date, 2026-04-06, or weeks after the latest figures, +26w.",
            },
        }
        | {name: _lever(lever) for name, lever in LEVERS.items()},
    }


def _lever(lever: Lever) -> dict[str, Any]:
    scope = {
        "providers": _codes("provider", "Only at these providers; all if empty or left out."),
        "treatment_functions": _codes(
            "treatment_function", "Only in these treatment functions; all if empty or left out."
        ),
    }
    return {
        "title": lever.title,
        "description": f"{lever.sentence} Source: {lever.source}.",
        "type": "object",
        "required": ["lever"],
        "additionalProperties": False,
        "properties": {"lever": {"const": lever.name}}
        | {each.name: _setting(each) for each in lever.parameters}
        | scope,
    }


def _codes(kind: str, description: str) -> dict[str, Any]:
    return {"type": ["array", "null"], "description": description, "items": {"$ref": f"#/$defs/{kind}"}}


def _setting(parameter: Parameter) -> dict[str, Any]:
    described: dict[str, Any] = {"title": parameter.label, "description": _described(parameter)}
    if parameter.default is not None:
        described["default"] = parameter.default
    if parameter.kind == "when":
        return described | {"$ref": "#/$defs/moment"}
    if parameter.kind == "provider":
        blank = {"type": ["string", "null"], "pattern": BLANK}
        return described | {"anyOf": [{"$ref": "#/$defs/provider"}, blank]}
    if parameter.kind == "table":
        return described | {
            "type": ["object", "null"],
            "propertyNames": {"$ref": "#/$defs/treatment_function"},
            "additionalProperties": _range("number", parameter.low, parameter.high),
        }
    return described | _range(["number", "null"], parameter.low, parameter.high)


def _described(parameter: Parameter) -> str:
    sentences = []
    if parameter.kind in ("number", "table"):
        sentences.append(f"{in_unit(f'{parameter.low:,g} to {parameter.high:,g}', parameter.unit)}.")
    if parameter.neutral is not None:
        sentences.append(f"{in_unit(f'{parameter.neutral:g}', parameter.unit)} changes nothing.")
    sentences.append(reason(parameter))
    return " ".join(filter(None, sentences))


def _assumption(entry: Assumption) -> dict[str, Any]:
    sentences = [
        f"{in_unit(f'{entry.low:g} to {entry.high:g}', entry.unit)}.",
        f"{entry.source}.",
        entry.note,
    ]
    return {
        "title": entry.label,
        "description": " ".join(filter(None, sentences)),
        "default": entry.value,
    } | _range("number", entry.low, entry.high)


def _range(kind: str | list[str], low: float, high: float) -> dict[str, Any]:
    return {"type": kind, "minimum": low, "maximum": high}
