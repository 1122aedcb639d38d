"""Where numba keeps what it compiles: under `var/`, by a digest of the compiled files and what they read.

numba itself looks only at the file a function stands in, and would go on using what it compiled before a
change in another, after an update too.
"""

import hashlib
import os
import shutil
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
COMPILED = (
    "models/errors.py",
    "models/matching/inputs.py",
    "models/matching/reasons.py",
    "models/matching/rule_mask.py",
    "models/matching/rules.py",
    "models/matching/solving/least_travel.py",
    "models/matching/solving/offers.py",
    "models/matching/solving/priority_matching.py",
    "models/matching/solving/proof.py",
    "models/outcomes/equity.py",
    "models/rtt/treatment_functions.py",
    "sim/engine/class_tracking.py",
    "sim/engine/clinics.py",
    "sim/engine/kernel.py",
    "sim/engine/queue.py",
    "sim/engine/random.py",
    "sim/engine/settings.py",
    "sim/engine/state.py",
    "sim/engine/transfers.py",
    "sim/engine/unrefcounted.py",
)


def keep_compiled() -> None:
    """Tell numba where to keep what it compiles, unless the environment has; what is outdated is removed."""
    folder = _folder()
    if "NUMBA_CACHE_DIR" in os.environ:
        return
    os.environ["NUMBA_CACHE_DIR"] = str(folder)
    if "numba" in sys.modules:  # it has read its settings already
        sys.modules["numba"].config.CACHE_DIR = str(folder)
    if folder.parent.is_dir() and not folder.is_dir():  # sources changed: the old is of no more use
        for outdated in folder.parent.iterdir():
            shutil.rmtree(outdated, ignore_errors=True)


def _folder() -> Path:
    digest = hashlib.sha256()
    for name in COMPILED:
        digest.update((_ROOT / name).read_bytes())
    return _ROOT / "var" / "compiled" / digest.hexdigest()[:16]
