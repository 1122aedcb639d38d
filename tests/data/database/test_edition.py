"""The edition of the figures changes when a month it rests on does, and only then."""

import pytest

from data.database import ledger
from data.database.edition import edition
from data.database.store import Store

pytestmark = pytest.mark.unit


def record(store: Store, month: str, digest: str) -> None:
    with store.write() as writer:
        ledger.record(writer, "rtt", month, "a.zip", digest, 1, origin="imported")


def test_a_revised_month_is_another_edition(store: Store) -> None:
    record(store, "2025-07", "aa")
    record(store, "2025-08", "bb")
    before = edition(store, "2025-08")
    assert len(before) == 12
    assert edition(store, "2025-08") == before
    record(store, "2025-07", "cc")
    assert edition(store, "2025-08") != before


def test_a_later_month_leaves_an_edition_alone(store: Store) -> None:
    record(store, "2025-07", "aa")
    before = edition(store, "2025-07")
    record(store, "2025-08", "bb")
    assert edition(store, "2025-07") == before
    assert edition(store, "2025-08") != before


def test_months_beyond_the_thirteen_a_calibration_reads_do_not_count(store: Store) -> None:
    for number in range(1, 13):
        record(store, f"2025-{number:02d}", "aa")
    record(store, "2026-01", "aa")
    before = edition(store, "2026-01")
    record(store, "2024-12", "zz")  # a fourteenth
    assert edition(store, "2026-01") == before
