"""Which edition of the figures a run rests on, so that a revised month is not taken for the one before it."""

import hashlib

from data.database.store import Store
from models.calibration.rates import FLOW_MONTHS


def edition(store: Store, until: str) -> str:
    """Give a short digest of the returns that a calibration on the month `until` reads: 12 hex digits.

    It is the same in every store that holds the same figures, however they came there.
    """
    digests = store.rows(
        "SELECT month, arg_max(digest, imported_at) FROM imports WHERE kind = 'rtt' AND month <= ? "
        "GROUP BY month ORDER BY month DESC LIMIT ?",
        [until, FLOW_MONTHS + 1],
    )
    return hashlib.sha256(repr(digests).encode()).hexdigest()[:12]
