"""A copy of the project to change: what follows a recipe runs there, and says which files it touched."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.test_house import LEFT_OUT

ROOT = Path(__file__).resolve().parents[2]
TWINS = "tests/commands/test_twins.py"  # where a page and a command have their place
FIGURES = "data/reference"  # what ships, the size of all the rest many times over


def copied(folder: Path, figures: bool = False) -> Path:
    """The project in a new folder in `folder`, without what a run leaves; the shipped figures if wanted."""
    copy = folder / "tree"
    left_out = LEFT_OUT if figures else {*LEFT_OUT, Path(FIGURES).name}
    shutil.copytree(ROOT, copy, ignore=lambda _, names: left_out.intersection(names))
    return copy


def added(copy: Path, name: str, text: str, before: str | None = None) -> None:
    """Add to a file of the copy, at its end or before a piece that it has once; make it if it is new."""
    path = copy / name
    source = path.read_text(encoding="utf-8") if path.exists() else ""
    if before is None:
        source += text
    else:
        assert source.count(before) == 1, before
        source = source.replace(before, text + before)
    path.write_text(source, encoding="utf-8")


def ran(copy: Path, *arguments: str, **environment: str) -> str:
    """What Python prints in the copy, where the kernel is plain Python; it must end well."""
    own = {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1", "NUMBA_DISABLE_JIT": "1"}
    ended = subprocess.run(
        [sys.executable, *arguments],
        cwd=copy,
        env={**os.environ, **own, **environment},
        capture_output=True,
        encoding="utf-8",
        timeout=240,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def twins_hold(copy: Path) -> None:
    """Fails unless the copy's pages, commands and README name one another as its own test wants it."""
    assert " passed" in ran(copy, "-m", "pytest", "-n0", "-q", "-p", "no:cacheprovider", TWINS)


def touched(copy: Path) -> set[str]:
    """Files of the copy that are new, or not as in the project; what a run leaves is none."""
    files = (path.relative_to(copy) for path in copy.rglob("*") if path.is_file())
    return {
        name.as_posix()
        for name in files
        if not LEFT_OUT.intersection(name.parts)
        and not ((ROOT / name).is_file() and (ROOT / name).read_bytes() == (copy / name).read_bytes())
    }
