"""Time: the simulated health system.

What numba compiles is kept under `var/` by a digest of the compiled files: numba itself looks only at the
file a function stands in, and would go on using what it compiled before a change in another.
"""

import hashlib
import os
import shutil
import sys
from pathlib import Path

_HERE = Path(__file__).resolve().parent
# and what they read
COMPILED = ("borrowed", "clinics", "followed", "kernel", "line", "random", "state", "transfers")


def _compiled() -> Path:
    digest = hashlib.sha256()
    for name in COMPILED:
        digest.update((_HERE / f"{name}.py").read_bytes())
    return _HERE.parent / "var" / "compiled" / digest.hexdigest()[:16]


def _keep_compiled(folder: Path) -> None:
    if "NUMBA_CACHE_DIR" in os.environ:
        return
    os.environ["NUMBA_CACHE_DIR"] = str(folder)
    if "numba" in sys.modules:  # it has read its settings already
        sys.modules["numba"].config.CACHE_DIR = str(folder)
    if (
        folder.parent.is_dir() and not folder.is_dir()
    ):  # sources changed: the old compilation is of no more use
        for outdated in folder.parent.iterdir():
            shutil.rmtree(outdated, ignore_errors=True)


_keep_compiled(_compiled())
