"""The recipe for a hard rule in CONTRIBUTING.md, followed in a copy: one definition that all else reads."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.recipes.copies import ROOT, added, copied, ran, touched

pytestmark = [pytest.mark.integration, pytest.mark.slow]

RULES = "models/matching/rules.py"
REFERENCE = "docs/reference.md"  # which a command writes from the definitions
RECIPE = {RULES, REFERENCE}

DEFINITION = '''\
@hard_rule(
    "Wait so far",
    fails="moves are for longer waits than {weeks_waited}",
    change="{weeks_waited} were enough",
    values={"weeks_waited": numbers("{:g} weeks", "a wait that is not known")},
)
def waited(pairs: Pairs) -> Flags:
    """The patient has waited 26 weeks or more."""
    return (pairs.patients.weeks_waited >= 26)[:, None]


'''
PLACE = "    own_right,\n"  # the rule that the new one stands before in the waterfall
SENTENCE = "The patient has waited 26 weeks or more."

# P1 takes S1 and is kept from S2 by two limits; P2 has not waited long enough, which alone keeps P2 from S2
ASKED = """
import json, os
from pathlib import Path
from data.database.store import Store
from data.imports.rtt_extract import import_rtt
from models.matching.card import rules_checked
from models.matching.preview import preview_matching
from tests.data import extracts
from tests.models.matching.small_lists import TERMS, frame, patient, slot
from tests.pages.sharing.test_match_preview import at, matched, settled, show

people = [patient("P1"), patient("P2", weeks_waited=20, asa=1, bmi=19)]
limits = {"max_asa": 1, "max_bmi": 20}
preview = preview_matching(frame(*people), frame(slot(), slot("S2", **limits)), TERMS)
answer = {
    "matched": preview.matches["patient_id"].tolist(),
    "unmatched": preview.unmatched.iloc[0][["patient_id", "rule", "reason", "changing_rule"]].tolist(),
    "change": preview.unmatched["change"].tolist(),
    "left": preview.unused.iloc[0][["rule", "reason"]].tolist(),
    "kept": rules_checked(preview, "P2").iloc[0][["waited", "failed"]].astype(int).tolist(),
}
path = Path(os.environ["TANDEM_STORE"])
with Store.create(path) as store:
    import_rtt(store, extracts.save(path.parent, extracts.extract()))
    page = show(matched(store, people, [at(), at("S2", **limits)]), "No place, and why")
    row = page.dataframe[0].value.iloc[0]
    answer["table"] = [row["rule"], row["reason"], row["change"]]
    answer["heading"] = [each.value for each in page.markdown if each.value.startswith("####")]
    page.session_state["match_patient"], page.session_state["match_rules_shown"] = "P2", True
    page = show(page, "One patient")
    answer["card"] = page.warning[0].value
    answer["broken"] = page.dataframe[-1].value["broken"].tolist()
print(json.dumps(answer))
"""
# so many more that the mask is of another width; the last of them keeps P2 from S2
ANOTHER = '''\
@hard_rule("Rule {number}", fails="rule {number} fails", change="rule {number} held")
def toy_{number}(pairs: Pairs) -> Flags:
    """Rule {number} holds."""
    return (pairs.patients.weeks_waited >= {weeks})[:, None]


'''
MANY = """
import json
from models.matching.preview import preview_matching
from models.matching.rule_mask import MASK
from models.matching.rules import WITHIN
from tests.models.matching.small_lists import TERMS, frame, patient, slot

people = frame(patient("P1"), patient("P2", weeks_waited=20, asa=1, bmi=19))
places = frame(slot(), slot("S2", max_asa=1, max_bmi=20))
preview = preview_matching(people, places, TERMS)
print(json.dumps([len(WITHIN), MASK.name, preview.matches["patient_id"].tolist(),
    preview.unmatched[["patient_id", "rule", "reason", "change"]].to_numpy().tolist(),
    preview.unused[["rule", "reason"]].to_numpy().tolist()]))
"""


def with_rule(copy: Path, definition: str, name: str, place: str) -> None:
    """Define a rule at the end of the definitions, and name it before another in the waterfall."""
    added(copy, RULES, definition, before="PARTING = (")
    added(copy, RULES, f"    {name},\n", before=place)


def with_many(copy: Path, count: int) -> None:
    """Define so many rules that all hold, but for the last, which asks for 26 weeks."""
    for number in range(count):
        last = number == count - 1
        definition = ANOTHER.format(number=number, weeks=26 if last else 0)
        with_rule(copy, definition, f"toy_{number}", "    before_appointment,\n")


def followed(copy: Path, store: Path) -> Mapping[str, Any]:
    """What the copy answers once the recipe is followed in it."""
    with_rule(copy, DEFINITION, "waited", PLACE)
    ran(copy, "cli.py", "reference", "--out", REFERENCE)
    answer: Mapping[str, Any] = json.loads(ran(copy, "-c", ASKED, TANDEM_STORE=str(store)).splitlines()[-1])
    return answer


def test_the_recipe_names_every_file_and_no_other() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    recipe = text.partition("### A hard rule of the matching\n")[2].partition("\n### ")[0]
    named = set(re.findall(r"[\w/.]+/[\w.]+\.(?:py|md|sql)", recipe))
    assert named == {*RECIPE, "tests/recipes/test_rule.py"}


def test_a_rule_is_one_definition_that_everything_reads(tmp_path: Path) -> None:
    copy = copied(tmp_path, figures=True)
    answer = followed(copy, tmp_path / "small.duckdb")
    reason, change = (
        "No place: moves are for longer waits than 20 weeks.",
        "1 place if 20 weeks were enough.",
    )
    assert answer["matched"] == ["P1"]
    assert answer["unmatched"] == ["P2", "waited", reason, "waited"]
    assert answer["change"] == [change]
    assert answer["left"] == [
        "waited",
        f"No patient fits. 1 patient is kept out by one rule alone: {SENTENCE}",
    ]
    assert answer["kept"] == [0, 1]  # not kept, and alone
    assert answer["table"] == ["Wait so far", reason, change]
    assert answer["heading"] == ["#### 1 patients have no place. What stops most of them: wait so far (1)."]
    assert answer["card"] == f"**{reason}**\n\nWhat would change it: {change}"
    assert answer["broken"] == ["wait so far", "wait so far"]
    assert f"| Wait so far (`waited`) | {SENTENCE} |" in (copy / REFERENCE).read_text(encoding="utf-8")
    assert touched(copy) == RECIPE


@pytest.mark.parametrize(("more", "mask"), [(2, "uint32"), (25, "uint64")])
def test_the_mask_grows_with_the_rules(tmp_path: Path, more: int, mask: str) -> None:
    copy = copied(tmp_path)
    with_many(copy, more)
    # compiled, as the matching is: the mask's width is part of what is compiled
    count, name, matched, unmatched, left = json.loads(ran(copy, "-c", MANY, NUMBA_DISABLE_JIT="0"))
    last = more - 1
    assert (count, name, matched) == (15 + more, mask, ["P1"])
    reason, change = f"No place: rule {last} fails.", f"1 place if rule {last} held."
    assert unmatched == [["P2", f"toy_{last}", reason, change]]
    kept_out = f"No patient fits. 1 patient is kept out by one rule alone: Rule {last} holds."
    assert left == [[f"toy_{last}", kept_out]]


def test_more_rules_than_the_widest_mask_holds_fail_at_import_with_a_sentence(tmp_path: Path) -> None:
    copy = copied(tmp_path)
    with_many(copy, 50)
    with pytest.raises(
        AssertionError, match="There are 65 hard rules, and the mask of a pair has room for 64"
    ):
        ran(copy, "-c", "import models.matching.preview")
