"""The recipe for a lever in CONTRIBUTING.md, followed in a copy: two edits, and all else reads them."""

import filecmp
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.scenarios.scenario import Scenario
from sim.runs.runner import run
from sim.warm import one_clinic

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("models", "data", "sim", "questions", "pages", "commands")

# a lever that changes what the clinics are told already
EDITED = ("models/scenarios/levers/capacity.py", "sim/engine/policies.py")
# what commands write from the definitions
WRITTEN = ("docs/scenario.schema.json", "docs/reference.md")
# besides, where a lever tells the clinics something new: its setting, and where in the week it is read
EDITED_FOR_A_SETTING = ("sim/engine/settings.py", "sim/engine/kernel.py")

DEFINITION = """
LONGER_CLINICS = Lever(
    name="longer_clinics",
    title="Longer clinics",
    sentence="Clinics and theatre lists run longer by a share of their time.",
    source="The recipe for a lever",
    parameters=(
        Parameter("longer", "Clinic and theatre time added", unit="%", default=20.0, neutral=0.0),
        STARTS,
    ),
)
"""
PROCESS = '''

@policy
def longer_clinics(env: simpy.Environment, world: "World", setting: LeverSetting) -> Process:
    """Lengthen clinics and theatre lists from the lever's start on."""
    rows = world.rows(setting)
    yield env.timeout(setting.week("starts", world.calibration.data_month) or 0)
    world.settings.{kernel_setting}[rows] {change} setting.number("longer") / 100
'''
SETTING = '    longer: Annotated[float, Means("of the usual time, added to it", SHARE)] = 0.0\n'

# what is asked of the copy, in a process of its own; the kernel runs as plain Python, uncompiled
ASKED = '''
import json, sys
import numpy as np
from streamlit.testing.v1 import AppTest
import cli
from models.scenarios.parameters_to_vary import names_to_vary
from models.scenarios.scenario import read_scenario
from sim.runs.runner import run
from sim.warm import one_clinic

np.seterr(over="ignore")  # of the random streams, whose products wrap around

PULLED = {"name": "tried", "levers": [{"lever": "longer_clinics"}]}

def counts(**given):
    scenario = read_scenario(PULLED | {"levers": [PULLED["levers"][0] | given]})
    return run(one_clinic(), scenario, weeks=6, replications=2, workers=1).counts.tolist()

FORM = """
import streamlit as st
from models.scenarios.scenario import read_scenario
from pages.what_if.lab.lever_form import draw_form, fill_form
lever = {"lever": "longer_clinics", "longer": 30}
fill_form(read_scenario({"name": "tried", "levers": [lever]}), "2025-08")
st.session_state["read"] = draw_form({"RWE": "A trust"}, "2025-08")["levers"]
"""
drawn = AppTest.from_string(FORM, default_timeout=60).run()
assert not drawn.exception, drawn.exception
cli.main(["scenario", "--schema", "--out", "docs/scenario.schema.json"])
cli.main(["reference", "--out", "docs/reference.md"])
print(json.dumps({
    "document": read_scenario(PULLED).document()["levers"],
    "labels": [each.label for each in drawn.slider],
    "read": drawn.session_state["read"],
    "to_vary": "longer_clinics.longer" in names_to_vary(),
    "neutral": counts(longer=0), "pulled": counts(longer=50), "later": counts(longer=50, starts="+3w"),
}))
'''


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The rooms' sources and what else the recipe touches, in a folder to change."""
    for room in ROOMS:
        shutil.copytree(ROOT / room, tmp_path / room, ignore=_other_than_sources)
    for name in ("cli.py", "pyproject.toml"):
        shutil.copy2(ROOT / name, tmp_path / name)
    (tmp_path / "docs").mkdir()
    return tmp_path


def _other_than_sources(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if not (name.endswith(".py") or (Path(folder) / name).is_dir())]


def added(copy: Path, name: str, text: str, before: str | None = None) -> None:
    """Add to a file of the copy, at its end or before a line that it has once."""
    path = copy / name
    source = path.read_text(encoding="utf-8")
    if before is None:
        source += text
    else:
        assert source.count(before) == 1, before
        source = source.replace(before, text + before)
    path.write_text(source, encoding="utf-8")


def touched(copy: Path) -> set[str]:
    files = {path.relative_to(copy).as_posix() for path in copy.rglob("*") if path.is_file()}
    sources = {name for name in files if name.endswith(".py") or name in WRITTEN}
    return {
        name
        for name in sources
        if not (ROOT / name).exists() or not filecmp.cmp(ROOT / name, copy / name, shallow=False)
    }


def answer(copy: Path) -> Mapping[str, Any]:
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(copy)}
    told = subprocess.run(
        [sys.executable, "-c", ASKED], cwd=copy, env=environment, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    said: Mapping[str, Any] = json.loads(told.stdout.splitlines()[-1])
    return said


def follows(copy: Path, files: tuple[str, ...]) -> None:
    """Whether everything that reads levers has the new one, and no file was touched but these."""
    said = answer(copy)
    assert touched(copy) == {*files, *WRITTEN}
    schema = json.loads((copy / "docs/scenario.schema.json").read_text(encoding="utf-8"))
    assert "longer_clinics" in schema["properties"]["levers"]["items"]["properties"]["lever"]["enum"]
    assert schema["$defs"]["longer_clinics"]["properties"]["longer"]["default"] == 20
    assert "Longer clinics" in (copy / "docs/reference.md").read_text(encoding="utf-8")
    assert said["document"] == [{"lever": "longer_clinics", "longer": 20.0, "starts": "+0w"}]
    assert "Clinic and theatre time added, %" in said["labels"]
    assert said["read"] == [{"lever": "longer_clinics", "longer": 30.0, "starts": "+0w"}]
    assert said["to_vary"] is True

    # the compiled kernel of the project itself says the same, byte by byte, as the copy's in plain Python
    base = run(one_clinic(), Scenario(name="base"), weeks=6, replications=2, workers=1).counts
    assert said["neutral"] == base.tolist()
    later, pulled = np.array(said["later"]), np.array(said["pulled"])
    assert (later[:, :, :3] == base[:, :, :3]).all()
    assert (later[:, :, 3:] != base[:, :, 3:]).any()
    assert (pulled[:, :, 0] != base[:, :, 0]).any()


def test_the_recipe_names_every_file_and_no_other() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    recipe = text.partition("### A lever\n")[2].partition("\n### ")[0]
    named = set(re.findall(r"[\w/.]+/[\w.]+\.(?:py|md|json)", recipe))
    assert named == {*EDITED, *WRITTEN, *EDITED_FOR_A_SETTING, "tests/recipes/test_lever.py"}


def test_a_lever_is_a_definition_and_a_process(copy: Path) -> None:
    added(copy, EDITED[0], DEFINITION)
    added(copy, EDITED[1], PROCESS.format(kernel_setting="capacity", change="*= 1 +"))
    follows(copy, EDITED)


def test_a_lever_that_tells_the_clinics_something_new_declares_a_setting_besides(copy: Path) -> None:
    added(copy, EDITED[0], DEFINITION)
    added(copy, EDITED[1], PROCESS.format(kernel_setting="longer", change="="))
    added(copy, EDITED_FOR_A_SETTING[0], SETTING, before="    capacity: Annotated[")
    added(
        copy,
        EDITED_FOR_A_SETTING[1],
        "            pace *= 1.0 + settings.longer\n",
        before="            slots = mean_theatre * pace",
    )
    follows(copy, EDITED + EDITED_FOR_A_SETTING)
