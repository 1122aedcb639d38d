"""The documents are true: recipes name what they touch, paths exist, the reference lists every definition."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

import data.imports
import models
from commands.about.reference import reference
from models.columns import Column
from models.matching.rules import RULES
from models.scenarios.assumptions import REGISTER
from models.scenarios.levers import LEVERS
from tests.test_house import LEFT_OUT

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parent.parent
CONTRIBUTING, REFERENCE = "CONTRIBUTING.md", "docs/reference.md"
DOCUMENTS = ("docs/architecture.md", CONTRIBUTING, "README.md")
ENDINGS = r"py|md|json|sql|toml|ya?ml|txt|lock|cff|css|svg|parquet|csv"
PATH = re.compile(rf"(?!/|\w+://)(?:[\w.*-]+/)+[\w.*-]*|[\w*-]+\.(?:{ENDINGS})")


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


# --- what recipes name -------------------------------------------------------------------------------------

RECIPES = sorted(path.stem for path in (ROOT / "tests/recipes").glob("test_*.py"))


def sections(text: str) -> dict[str, str]:
    """Each recipe by the name of the test that follows it, which stands in back-ticks under its heading."""
    parts = re.split(r"^### ", text, flags=re.MULTILINE)[1:]
    tests = ((re.search(r"^`tests/recipes/(\w+)\.py`$", part, re.MULTILINE), part) for part in parts)
    return {test[1]: part for test, part in tests if test}


def steps(section: str) -> list[str]:
    """The numbered steps, each with its indented lines."""
    return re.findall(r"^\d+\. .*(?:\n   .*)*", section, re.MULTILINE)


def named(step: str) -> list[set[str]]:
    """What a step names: a set for each file, its members what stands for it on either side of an "or".

    A name is what stands whole in back-ticks as a path: a file, or a folder with its closing stroke for a new
    file in it, as `data/schema/`. Of a command, which has blanks, it is the file that follows --out.
    """
    alternatives: list[set[str]] = []
    end = 0
    for tick in re.finditer(r"`([^`]+)`", step):
        words = tick[1].split()
        path = words[words.index("--out") + 1] if "--out" in words else tick[1]
        if PATH.fullmatch(path):
            if alternatives and re.fullmatch(r"[^.;]*\bor ", step[end : tick.start()]):
                alternatives[-1].add(path)
            else:
                alternatives.append({path})
            end = tick.end()
    return alternatives


def amiss(names: list[set[str]], touched: set[str]) -> list[str]:
    """What is named and was not touched, or was touched and is not named."""

    def stands_for(name: str, file: str) -> bool:
        return fnmatch(file, f"{name}*" if name.endswith("/") else name)

    idle = [each for each in names if not any(stands_for(name, file) for name in each for file in touched)]
    unnamed = [f for f in touched if not any(stands_for(name, f) for each in names for name in each)]
    return [*(f"{' or '.join(sorted(each))} is not touched" for each in idle),
            *(f"{file} is not named" for file in sorted(unnamed))]  # fmt: skip


STEPS = """
1. A file in `a/`
   or `b/c.py`, with `add` (`a.b.c`).
2. `python run.py x --out d/e.json`, `cli.py`.

Besides `y.py`.
"""


def test_what_steps_name_is_read() -> None:
    assert [named(step) for step in steps(f"Of `x.py`.\n{STEPS}")] == [
        [{"a/", "b/c.py"}],
        [{"d/e.json"}, {"cli.py"}],
    ]
    assert amiss([{"a/", "b/c.py"}, {"cli.py"}], {"a/new.py", "cli.py"}) == []
    assert amiss([{"a/", "b/c.py"}, {"cli.py"}], {"b/d.py", "cli.py"}) == [
        "a/ or b/c.py is not touched",
        "b/d.py is not named",
    ]


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_recipe_names_every_file_that_it_touches_and_no_other(recipe: str) -> None:
    section = sections(text_of(CONTRIBUTING))[recipe]
    touched: set[str] = importlib.import_module(f"tests.recipes.{recipe}").RECIPE
    assert amiss([each for step in steps(section) for each in named(step)], touched) == []


def test_a_lever_s_recipe_names_what_a_setting_touches_besides() -> None:
    from tests.recipes.test_lever import BESIDES

    section = sections(text_of(CONTRIBUTING))["test_lever"]
    assert amiss(named(section.partition(" besides: ")[2]), set(BESIDES)) == []


# --- where documents say that things are -------------------------------------------------------------------


def paths(text: str) -> set[str]:
    """What in back-ticks looks like a path, alone or within a command, but for what a run leaves."""
    words = (word for tick in re.findall(r"`([^`\n]+)`", text) for word in tick.split())
    found = {word for word in words if PATH.fullmatch(word)}
    return {path for path in found if not LEFT_OUT.intersection(path.split("/"))}


def links(text: str) -> set[str]:
    """Files that a document links, from its own folder."""
    return {link for link in re.findall(r"\]\(([^)#]+)[^)]*\)", text) if "://" not in link}


def is_there(folder: Path, path: str) -> bool:
    """Whether a file, a folder or one of a pattern is there; a folder's closing stroke takes a folder."""
    found = list(folder.glob(path.rstrip("/"))) if "*" in path else [folder / path]
    return any(each.is_dir() if path.endswith("/") else each.exists() for each in found)


def test_paths_and_links_are_read() -> None:
    text = "`a/b/`, `c/d*.py`, `python e/f.py --out g.json`, `tcp://h:1`, `/i?j=1`, `k.l.m`, `var/n.py`"
    assert paths(text) == {"a/b/", "c/d*.py", "e/f.py", "g.json"}
    assert links("[o](p.md#q), ![r](s/t.png), [u](https://example.org/v)") == {"p.md", "s/t.png"}
    assert [is_there(ROOT, path) for path in ("models/", "cli.py", "data/saved/match*.py")] == [True] * 3
    assert [is_there(ROOT, path) for path in ("cli.py/", "pages/cli.py", "data/x*.py")] == [False] * 3


@pytest.mark.parametrize("document", DOCUMENTS)
def test_what_a_document_names_is_there(document: str) -> None:
    text = text_of(document)
    missing = [path for path in sorted(paths(text)) if not is_there(ROOT, path)]
    missing += [link for link in sorted(links(text)) if not is_there((ROOT / document).parent, link)]
    assert missing == []


# --- the reference -----------------------------------------------------------------------------------------


def test_the_reference_is_published() -> None:
    assert text_of(REFERENCE) == reference(), "python run.py reference --out docs/reference.md"


def columns() -> Iterator[tuple[str, Column]]:
    """Every column that a module of models or of the importers describes, with the module's name."""
    for package in (models, data.imports):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            for value in vars(importlib.import_module(module.name)).values():
                for each in value if isinstance(value, tuple | list) else [value]:
                    if isinstance(each, Column):
                        yield module.name, each


def test_each_definition_is_in_the_reference() -> None:
    page = text_of(REFERENCE)
    expected = {f"(`{lever.name}`)" for lever in LEVERS.values()}
    expected |= {
        f"| `{each.name}` | {each.label} |" for lever in LEVERS.values() for each in lever.parameters
    }
    expected |= {f"| `{key}` | {assumption.label} |" for key, assumption in REGISTER.items()}
    expected |= {f"(`{name}`) | " for name in RULES}
    assert [line for line in sorted(expected) if line not in page] == []


def test_each_importer_s_columns_are_in_the_reference() -> None:
    page, found = text_of(REFERENCE), list(columns())
    assert (
        len({module for module, _ in found}) >= 5
    )  # patients and slots, capacity, returns, trusts, boundaries
    missing = {
        f"{module}: {column.heading or column.name}"
        for module, column in found
        if f"| `{column.heading or column.name}` | {column.meaning} |" not in page
    }
    assert missing == set()
