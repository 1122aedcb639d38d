"""The recipe for a column of an importer: one description and one migration, tried on a copy."""

from pathlib import Path

import pytest

from data.database import migrations
from data.database.store import Store
from data.imports.patients import read_patients
from data.saved.matching import store_patients
from tests.data.imports.lists import TODAY, csv_file, patient_row
from tests.recipes.copies import added, copied, ran, touched

pytestmark = [pytest.mark.integration, pytest.mark.slow]

NEXT = migrations.latest_version() + 1
DESCRIBED = "models/matching/columns.py"
MIGRATION = f"data/schema/{NEXT:04d}_notes.sql"
REFERENCE = "docs/reference.md"
RECIPE = {DESCRIBED, MIGRATION, REFERENCE}  # every file that a column of a list touches

DESCRIPTION = """
    Column(
        "{name}",
        "{meaning}",
        Kind.{kind},
        {more},
        example="{example}",
    ),
"""
PATIENTS_COLUMN = DESCRIPTION.format(
    name="notes_given", meaning="Notes were sent on.", kind="YES_NO", more="default=False", example="yes"
)
SLOTS_COLUMN = DESCRIPTION.format(
    name="minutes", meaning="Length of one visit.", kind="COUNT", more='unit="minutes", low=5', example="30"
)
SQL = """\
ALTER TABLE listed_patients ADD COLUMN "notes_given" BOOLEAN DEFAULT false;
ALTER TABLE offered_slots ADD COLUMN "minutes" INTEGER;
"""

HEAD = """
import io, sys
from datetime import date
from pathlib import Path
from data.database.store import Store
from data.imports.cells import FaultsFound
from data.imports.patients import read_patients
from data.imports.slots import read_slots
from data.saved.matching import patients_of, put_slot, slots_of, store_patients, store_slots
from models.errors import TandemError
from models.matching.columns import PATIENTS, SLOTS

def file(columns, *rows):
    cells = {column.name: column.example for column in columns}
    lines = [",".join(cells), *(",".join((cells | row).values()) for row in rows)]
    return io.BytesIO(chr(10).join(lines).encode())

DAY = date(2026, 11, 22)
store = Store.create(Path(sys.argv[1]))
patients = read_patients(file(PATIENTS, {}, {"patient_id": "P2", "notes_given": ""}), DAY)
slots = read_slots(file(SLOTS, {}), DAY)
"""
COMES_BACK = """
kept = store_patients(store, "QK1", "Waiting", patients, {})
print(patients_of(store, kept.id).set_index("patient_id")["notes_given"].to_dict())
offered = store_slots(store, "QK1", "Offered", slots, {})
print(slots_of(store, offered.id)["minutes"].tolist())
put_slot(store, offered.id, slots.iloc[0].to_dict() | {"minutes": 45}, version=1)
print(slots_of(store, offered.id)["minutes"].tolist())
for read, columns, wrong in (
    (read_patients, PATIENTS, {"notes_given": "perhaps"}), (read_slots, SLOTS, {"minutes": "4"})
):
    try:
        read(file(columns, wrong), DAY)
    except FaultsFound as fault:
        print(fault.faults[0])
"""
IS_REFUSED = """
for keep, rows in ((store_patients, patients), (store_slots, slots)):
    try:
        keep(store, "QK1", "Waiting", rows, {})
    except TandemError as fault:
        print(fault.message, fault.remedy)
print(store.rows("SELECT (SELECT count(*) FROM matching_lists), count(*) FROM listed_patients"))
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy with the two columns described and no migration yet."""
    copy = copied(tmp_path, figures=True)
    source = (copy / DESCRIBED).read_text(encoding="utf-8")
    sides, _, offered = source.partition("SLOTS: tuple[Column, ...] = (")
    assert offered
    patients = sides.rstrip().removesuffix(")")
    described = f"{patients}{PATIENTS_COLUMN})\n\nSLOTS: tuple[Column, ...] = ({SLOTS_COLUMN}{offered}"
    (copy / DESCRIBED).write_text(described, encoding="utf-8")
    return copy


def migrated(tree: Path) -> Path:
    added(tree, MIGRATION, SQL)
    return tree


def test_a_column_needs_its_description_and_its_migration_alone(tree: Path, tmp_path: Path) -> None:
    published = ran(migrated(tree), "cli.py", "reference", "--out", REFERENCE)
    assert published == f"{REFERENCE} written\n"
    page = (tree / REFERENCE).read_text(encoding="utf-8")
    assert "| `notes_given` | Notes were sent on. | yes or no |" in page
    assert ran(tree, "-c", HEAD + COMES_BACK, str(tmp_path / "new.duckdb")).splitlines() == [
        "{'P000123': True, 'P2': False}",
        "[30]",
        "[45]",
        "line 2, notes_given: holds 'perhaps', not yes or no",
        "line 2, minutes: holds '4', not a whole number, 5 or more",
    ]
    assert touched(tree) == RECIPE


def test_template_and_dictionary_have_it(tree: Path) -> None:
    assert ran(tree, "cli.py", "patients", "--template").rstrip().endswith(",synthetic,notes_given")
    assert ran(tree, "cli.py", "slots", "--template").startswith("minutes,slot_id,")
    told = ran(tree, "cli.py", "patients", "--dictionary")
    assert "notes_given, no if blank\n    Notes were sent on.\n    yes or no; for example yes\n" in told


def test_without_the_migration_the_store_names_it_and_keeps_nothing(tree: Path, tmp_path: Path) -> None:
    assert ran(tree, "-c", HEAD + IS_REFUSED, str(tmp_path / "new.duckdb")).splitlines() == [
        "The store's table listed_patients has no column notes_given yet. "
        f"Add data/schema/{NEXT:04d}_listed_patients_notes_given.sql with "
        'ALTER TABLE listed_patients ADD COLUMN "notes_given" BOOLEAN DEFAULT false; and start again.',
        "The store's table offered_slots has no column minutes yet. "
        f"Add data/schema/{NEXT:04d}_offered_slots_minutes.sql with "
        'ALTER TABLE offered_slots ADD COLUMN "minutes" INTEGER; and start again.',
        "[(0, 0)]",
    ]


def test_lists_stored_before_the_column_have_its_default(tree: Path, tmp_path: Path) -> None:
    path = tmp_path / "old.duckdb"
    with Store.create(path) as store:
        kept = store_patients(store, "QK1", "Old", read_patients(csv_file(patient_row()), TODAY), {})
    look = (
        "import sys; from data.opening import open_with_figures as opened; "
        "from data.saved.matching import patients_of; "
        "print(patients_of(opened(sys.argv[1]), sys.argv[2])['notes_given'].tolist())"
    )
    assert ran(migrated(tree), "-c", look, str(path), kept.id) == "[False]\n"


def test_made_up_lists_have_it(tree: Path, tmp_path: Path) -> None:
    out = tmp_path / "made_up.csv"
    asked = ("--store", str(tmp_path / "full.duckdb"), "--board", "QE1", "--as-of", "2026-11-22")
    written = ran(
        migrated(tree), "cli.py", "patients", *asked, "--synthetic", "20", "--keep", "Try", "--out", str(out)
    )
    assert "Kept as 'Try' for QE1" in written
    rows = out.read_text(encoding="utf-8-sig").splitlines()
    assert rows[0].endswith(",synthetic,notes_given")
    assert {row.rpartition(",")[2] for row in rows[1:]} == {"no"}
