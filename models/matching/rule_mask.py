"""Which rules fail for each pair of patient and service, a bit a rule."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.errors import TandemError
from models.matching.pairs import Pairs
from models.matching.rule import Rule
from models.matching.rules import WITHIN

Mask = NDArray[np.unsignedinteger]
PAIRS_AT_ONCE = 1 << 20  # keeps a rule's arrays within the processor's cache, near enough
_WIDTHS = (np.uint16, np.uint32, np.uint64)


def mask_type(rules: int) -> np.dtype[np.unsignedinteger]:
    """Gives the narrowest type with a bit a rule: the masks are what a large matching keeps most of.

    Raises TandemError for more rules than the widest has bits.
    """
    for width in _WIDTHS:
        if rules <= np.iinfo(width).bits:
            return np.dtype(width)
    raise TandemError(
        f"There are {rules} hard rules, and the mask of a pair has room for {np.iinfo(_WIDTHS[-1]).bits}.",
        "Make two rules one, or widen the mask.",
    )


MASK = mask_type(len(WITHIN))


def failed_rules(pairs: Pairs, rules: Sequence[Rule] = WITHIN) -> Mask:
    """Gives (N, S): bit r is set where the r-th rule fails; 0 where a patient may take a place."""
    patients, services = len(pairs.patients.ids), len(pairs.services.provider)
    dtype = mask_type(len(rules))
    failed = np.zeros((patients, services), dtype=dtype)
    step = max(PAIRS_AT_ONCE // max(services, 1), 1)
    for start in range(0, patients, step):
        rows = slice(start, start + step)
        part, mask = pairs.part(rows), failed[rows]
        for bit, rule in enumerate(rules):
            passes = rule.passes(part)
            if not passes.all():
                mask |= np.where(passes, dtype.type(0), dtype.type(1 << bit))
    return failed
