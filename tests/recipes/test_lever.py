"""The recipe for a lever in CONTRIBUTING.md, followed in a copy: two edits, and all else reads them."""

import json
from pathlib import Path

import numpy as np
import pytest

from models.scenarios.scenario import Scenario
from sim.runs.runner import run
from sim.warm import one_clinic
from tests.recipes.copies import added, copied, ran, touched

pytestmark = pytest.mark.unit

# a lever that changes what the clinics are told already
EDITED = ("models/scenarios/levers/capacity.py", "sim/engine/policies.py")
# what commands write from the definitions
WRITTEN = ("docs/scenario.schema.json", "docs/reference.md")
RECIPE = {*EDITED, *WRITTEN}
# besides, where a lever tells the clinics something new: its setting, and where in the week it is read
BESIDES = ("sim/engine/settings.py", "sim/engine/kernel.py")

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
    return copied(tmp_path)


def follows(copy: Path, files: set[str]) -> None:
    """Fails unless everything that reads levers has the new one, and no file was touched but these."""
    said = json.loads(ran(copy, "-c", ASKED).splitlines()[-1])
    assert touched(copy) == files
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


def test_a_lever_is_a_definition_and_a_process(copy: Path) -> None:
    added(copy, EDITED[0], DEFINITION)
    added(copy, EDITED[1], PROCESS.format(kernel_setting="capacity", change="*= 1 +"))
    follows(copy, RECIPE)


def test_a_lever_that_tells_the_clinics_something_new_declares_a_setting_besides(copy: Path) -> None:
    added(copy, EDITED[0], DEFINITION)
    added(copy, EDITED[1], PROCESS.format(kernel_setting="longer", change="="))
    added(copy, BESIDES[0], SETTING, before="    capacity: Annotated[")
    added(
        copy,
        BESIDES[1],
        "            pace *= 1.0 + settings.longer\n",
        before="            slots = mean_theatre * pace",
    )
    follows(copy, {*RECIPE, *BESIDES})
