"""The habits of the house: which room may use what, how files stay readable, what may not be written down."""

import ast
import os
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import run
from data.database.version import PRODUCT_VERSION

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("models", "data", "sim", "questions", "pages", "commands")
FRONT = ("run", "app", "cli")
# Made by tools or by a run; never part of the project. The same folders are in .gitignore.
LEFT_OUT = {
    ".git",
    ".venv",
    "var",
    "__pycache__",
    ".pytest_cache",
    ".mypy_cache",
    ".ruff_cache",
    ".hypothesis",
}
LONGEST_FILE = 450

# What each room may not import: models <- data, sim <- questions <- pages and app, commands and cli.
FORBIDDEN = {
    "models": {"data", "sim", "questions", "pages", "commands", *FRONT, "duckdb", "simpy", "streamlit"},
    "data": {"sim", "questions", "pages", "commands", *FRONT, "simpy", "streamlit"},
    "sim": {"data", "questions", "pages", "commands", *FRONT, "duckdb", "streamlit"},
    "questions": {"pages", "commands", *FRONT, "duckdb", "streamlit"},
    "pages": {"commands", *FRONT, "duckdb"},
    "commands": {"pages", *FRONT, "duckdb", "streamlit"},
    "cli": {"app", "pages", "run", "duckdb", "streamlit"},
    "app": {"commands", "cli", "run", "duckdb"},
    "run": {*ROOMS, "app", "cli", "duckdb", "simpy", "streamlit"},
}
PACKAGE_OF = {"yaml": "pyyaml", "pptx": "python-pptx"}


def project_files() -> Iterator[Path]:
    for folder, inner, names in os.walk(ROOT):
        inner[:] = [name for name in inner if name not in LEFT_OUT]
        yield from (Path(folder, name) for name in names)


def python_files() -> list[Path]:
    return sorted(path for path in project_files() if path.suffix == ".py")


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(source: str) -> set[str]:
    """Top-level names that a module's source imports anywhere, inside functions too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.partition(".")[0])
    return found


def requirements(*names: str) -> dict[str, str]:
    """Direct requirements of the sets that are named, with their whole lines."""
    lines = [
        line
        for name in names
        for line in (ROOT / f"requirements{name}.txt").read_text(encoding="utf-8").splitlines()
    ]
    return {line.partition("==")[0].strip(): line for line in lines if line.strip() and line[0] not in "#-"}


PLANNERS = ("",)
SETS = ("", "-cluster", "-dev")


def lock_parts() -> tuple[list[str], list[str]]:
    """The lock's pins without markers: a planner's, and those that no planner needs."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    parts = text.split(run.TESTS_ONLY.decode())
    planners, tests = (
        [line.partition(" ;")[0].strip() for line in part.splitlines()[1:] if line and line[0] != "#"]
        for part in parts
    )
    return planners, tests


def test_imports_are_seen_wherever_they_stand() -> None:
    source = "import a.b, c as d\nfrom e.f import g\nfrom . import h\ndef x():\n    import i\n"
    assert imports(source) == {"a", "c", "e", "i"}


def test_rooms_depend_in_one_direction() -> None:
    trespasses = []
    for path in python_files():
        room = relative(path).partition("/")[0].removesuffix(".py")
        used = imports(path.read_text(encoding="utf-8")) & FORBIDDEN.get(room, set())
        trespasses += [f"{relative(path)} imports {name}" for name in sorted(used)]
    assert trespasses == []


# What prepares a run, runs it or studies it is asked for in questions/: these rooms ask, and render answers.
ASKING = ("commands", "pages")
RUNS = (
    "sim.engine",
    "sim.observers",
    "sim.runs.common_random_numbers",
    "sim.runs.executors",
    "sim.runs.runner",
    "sim.runs.work_units",
    "sim.studies",
    "data.returns.calibrations",
    "models.pairing.default_pair",
    "models.scenarios.presets.baseline_for",
    "questions.prepare.calibration",
)
NO_RUN = {
    "models.pairing.default_pair.needs_trusts": "whether a preset leaves its trusts open",
    "sim.observers.equity.Equity": "an answer's value, drawn",
    "sim.observers.gp_work.GpChange": "an answer's value, drawn",
    "sim.observers.groups.Groups": "an answer's value, drawn",
    "sim.observers.groups.grouped": "sums of an answer's run",
    "sim.observers.groups.worst_first": "the order of an answer's groups",
    "sim.observers.wait_profiles.Profiles": "an answer's value, drawn",
    "sim.runs.common_random_numbers.interval": "the mean and band of an answer's values",
    "sim.runs.runner.Cancelled": "what a stopped question raises",
    "sim.runs.runner.Progress": "who hears how far a matching is",
    "sim.studies.attribution.MOST_RUNS": "said before it is asked",
    "sim.studies.outturn.SHARE": "a measure's name",
    "sim.studies.pairing_trial.BothSides": "an answer's value, drawn",
    "sim.studies.pairing_trial.Side": "an answer's value, drawn",
    "sim.studies.pairing_trial.Trial": "an answer's value, drawn",
    "sim.studies.sensitivity.Swing": "an answer's value, drawn",
    "sim.studies.sensitivity.behind": "said before it is asked",
    "sim.studies.solve.Solution": "an answer's value, drawn",
    "sim.studies.attribution.Waterfall": "an answer's value, printed",
    "sim.studies.outturn.Outturn": "an answer's value, printed",
    "sim.studies.sensitivity.Tornado": "an answer's value, printed",
    "sim.studies.sweep.Sweep": "an answer's value, printed",
    "sim.studies.sweep.vary": "reads what is to be varied",
}


def names_imported(source: str) -> set[str]:
    """Dotted names that a module's source imports anywhere: modules, and what is taken from them."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def runs_itself(source: str) -> set[str]:
    """What a module imports of that which prepares a run or runs it."""
    return {
        name
        for name in names_imported(source) - NO_RUN.keys()
        if any(f"{name}.".startswith(f"{each}.") for each in RUNS)
    }


def test_a_module_that_runs_something_itself_is_seen() -> None:
    source = (
        "import sim.observers.equity\nfrom sim.runs import runner\ndef x():\n"
        "    from sim.runs.runner import Cancelled, run\n    from sim.runs.results import band\n"
        "    from models.scenarios.presets import preset, baseline_for\n"
    )
    assert runs_itself(source) == {
        "sim.observers.equity",
        "sim.runs.runner",
        "sim.runs.runner.run",
        "models.scenarios.presets.baseline_for",
    }


def test_commands_and_pages_ask_and_never_run_anything_themselves() -> None:
    trespasses = []
    for path in python_files():
        if relative(path).partition("/")[0] in ASKING:
            itself = runs_itself(path.read_text(encoding="utf-8"))
            trespasses += [f"{relative(path)} imports {name}" for name in sorted(itself)]
    assert trespasses == []


def test_each_exception_is_made_use_of() -> None:
    used = {
        name
        for path in python_files()
        if relative(path).partition("/")[0] in ASKING
        for name in names_imported(path.read_text(encoding="utf-8"))
    }
    assert NO_RUN.keys() - used == set()


def test_relative_imports_do_not_hide_a_dependency() -> None:
    climbing = [
        relative(path)
        for path in python_files()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.level > 1
    ]
    assert climbing == []


def test_every_compiled_file_and_what_it_reads_is_known_to_the_cache() -> None:
    # The cache of compiled code is named by these files; one left out would go on running as it was.
    from models.compilation import COMPILED

    compiled = {
        relative(path)
        for room in ("models", "sim")
        for path in (ROOT / room).rglob("*.py")
        if "njit(" in path.read_text(encoding="utf-8")
    }
    reads = {
        f"{str(node.module).replace('.', '/')}.py"
        for name in compiled
        for node in ast.walk(ast.parse((ROOT / name).read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith(("sim.", "models."))
    }
    assert sorted(compiled | reads) == list(COMPILED)


def test_no_page_stands_directly_in_pages() -> None:
    # Streamlit serves such a file by itself on a cold deep link, without app.py around it.
    assert [path.name for path in (ROOT / "pages").glob("*.py")] == ["__init__.py"]


def test_files_stay_short() -> None:
    lengths = {relative(path): len(path.read_text(encoding="utf-8").splitlines()) for path in python_files()}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_each_direct_requirement_is_pinned_and_has_its_reason() -> None:
    plain = re.compile(r"[a-z0-9-]+==[0-9][0-9a-z.]*\s+# \S.*")
    assert [line for line in requirements(*SETS).values() if not plain.fullmatch(line)] == []


def test_the_lock_pins_every_package_and_agrees_with_the_requirements() -> None:
    planners, tests = lock_parts()
    pins = planners + tests
    assert [pin for pin in pins if not re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*", pin)] == []
    direct = {line.partition("#")[0].strip() for line in requirements(*SETS).values()}
    assert direct - set(pins) == set()


def test_what_a_planner_needs_stands_in_the_planners_part_of_the_lock() -> None:
    # A pin in the other part would change without the planner's environment being made anew.
    brought, known = set(requirements(*PLANNERS)), {pin.partition("==")[0] for pin in lock_parts()[0]}
    waiting = list(brought)
    while waiting:
        for text in metadata.requires(waiting.pop()) or []:
            needed = Requirement(text)
            name = canonicalize_name(needed.name)
            if name not in brought and (needed.marker is None or needed.marker.evaluate({"extra": ""})):
                brought.add(name)
                waiting.append(name)
    assert brought - known == set()


def unknown_imports(paths: list[Path], sets: tuple[str, ...], also: set[str]) -> set[str]:
    known = {*requirements(*sets), *ROOMS, *FRONT, *also, *sys.stdlib_module_names}
    return {
        f"{relative(path)} imports {name}"
        for path in paths
        for name in imports(path.read_text(encoding="utf-8"))
        if PACKAGE_OF.get(name, name) not in known
    }


def test_whatever_is_imported_is_required() -> None:
    tests = [path for path in python_files() if relative(path).startswith("tests/")]
    product = [path for path in python_files() if path not in tests]
    assert unknown_imports(product, ("", "-cluster"), set()) == set()
    assert unknown_imports(tests, SETS, {"tests"}) == set()


def test_only_a_cluster_needs_what_the_cluster_set_holds() -> None:
    users = {
        relative(path).partition("/")[0]
        for path in python_files()
        if imports(path.read_text(encoding="utf-8")) & set(requirements("-cluster"))
    }
    assert users <= {"sim", "tests"}


def test_what_a_planner_is_given_is_used_by_the_product() -> None:
    used = {
        PACKAGE_OF.get(name, name)
        for path in python_files()
        if not relative(path).startswith("tests/")
        for name in imports(path.read_text(encoding="utf-8"))
    }
    assert set(requirements(*PLANNERS)) - used == set()


def test_what_is_installed_first_is_all_that_the_simulation_imports() -> None:
    # The kernel is compiled while pip fetches the rest, so that none of the rest may be missing.
    used = {
        name
        for room in ("models", "sim")
        for path in (ROOT / room).rglob("*.py")
        for name in imports(path.read_text(encoding="utf-8"))
    }
    late = (set(requirements(*PLANNERS)) & {PACKAGE_OF.get(name, name) for name in used}) - set(
        run.SIMULATION
    )
    assert late == set()


def test_a_cluster_without_its_packages_is_told_how_to_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    from models.errors import TandemError
    from sim.runs.executors import Cluster

    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(TandemError, match="A cluster needs more") as fault:
        Cluster("tcp://nowhere:8786")
    assert "-m pip install -r requirements-cluster.txt -c requirements.lock" in fault.value.remedy


def test_the_version_stands_in_one_place_and_is_cited() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    newest = re.search(r"^## (\S+) - (\S+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
    assert newest
    assert project["version"] == PRODUCT_VERSION == citation["version"] == newest[1]
    assert str(citation["date-released"]) == newest[2]
    assert citation["cff-version"] == "1.2.0"
    assert {"message", "title", "authors"} <= set(citation)
    assert project["license"] == citation["license"]


def test_run_py_uses_the_standard_library_only() -> None:
    assert imports((ROOT / "run.py").read_text(encoding="utf-8")) - sys.stdlib_module_names == set()


def test_no_file_names_a_package_host_or_a_machines_folder() -> None:
    # Written in pieces, so that this file does not name them either.
    hosts = "|".join(["py" + r"pi\.org", "python" + "hosted", "conda" + r"\.anaconda"])
    folders = "|".join(["work", "farm", "root", "home", "Users", "opt"])
    named = re.compile(rf"{hosts}|(?<![\w.-])/(?:{folders})/\w")
    found = []
    for path in project_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # Parquet, pictures
        found += [f"{relative(path)}: {hit.group()}" for hit in named.finditer(text)]
    assert found == []


def test_every_test_file_carries_one_mark_of_its_kind() -> None:
    kinds = {"unit", "integration", "browser"}
    wrong = []
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        marks = [
            node.attr
            for statement in ast.parse(path.read_text(encoding="utf-8")).body
            if isinstance(statement, ast.Assign) and getattr(statement.targets[0], "id", "") == "pytestmark"
            for node in ast.walk(statement.value)
            if isinstance(node, ast.Attribute) and node.attr != "mark"
        ]
        if len(kinds.intersection(marks)) != 1 or not set(marks) <= kinds | {"slow"}:
            wrong.append(f"{relative(path)}: {marks}")
    assert wrong == []


def luminance(colour: str) -> float:
    """Relative luminance of '#RRGGBB', from 0 (black) to 1 (white), as WCAG 2 defines it."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_reckoned_as_wcag_does() -> None:
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)  # the well-known near miss


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_text_and_accents_can_be_read(mode: str) -> None:
    theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"][mode]
    surfaces = ("background", "Background", "border", "Border", "primary")
    inks = {theme[name] for name in theme if name.endswith("Color") and not any(s in name for s in surfaces)}
    inks |= set(theme["chartCategoricalColors"])
    assert {theme["textColor"], theme["linkColor"], theme["orangeColor"], theme["greenColor"]} <= inks
    papers = [theme["backgroundColor"], theme["secondaryBackgroundColor"]]
    faint = {
        (ink, paper): contrast(ink, paper) for ink in inks for paper in papers if contrast(ink, paper) < 4.5
    }
    assert faint == {}
    assert contrast("#FFFFFF", theme["primaryColor"]) >= 4.5  # the words on a primary button
    assert contrast(theme["primaryColor"], theme["backgroundColor"]) >= 4.5  # the value beside a slider
