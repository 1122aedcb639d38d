"""The shipped table of how wrong expected waits were: as the code makes it from the shipped figures."""

from dataclasses import astuple
from pathlib import Path

import pytest

from data.database.store import Store
from data.returns.areas import waits_error
from data.returns.history import history
from data.returns.lists import months
from data.returns.past_waits import past_wait_errors, write_wait_errors
from models.rtt.organisations import ENGLAND
from models.waits.wait_errors import LIST, REFERRALS, follow, origins, wait_errors

pytestmark = pytest.mark.integration


def test_the_shipped_table_is_what_the_code_makes(reference_store: Store, tmp_path: Path) -> None:
    whole = history(reference_store, ENGLAND)
    chosen = origins(months(reference_store))
    # seventeen months: three before an origin and seven after it
    assert (chosen[0], chosen[-1], len(chosen)) == ("2024-07", "2025-01", 7)
    errors = wait_errors([each for month in chosen for each in follow(whole, month)])
    for made, shipped in zip(errors, past_wait_errors(), strict=True):
        assert (made.kind, made.weeks, made.origins, made.patients) == astuple(shipped)[:4]
        assert [made.error, made.completed, made.bias] == pytest.approx(astuple(shipped)[4:], abs=0.01)
    again = write_wait_errors(errors, tmp_path)
    assert again.read_text(encoding="utf-8").startswith("kind,weeks,origins,patients,error,completed,bias\n")


def test_it_misses_by_less_than_the_months_clock_stops_everywhere() -> None:
    assert {each.kind for each in past_wait_errors()} == {REFERRALS, LIST}
    for each in past_wait_errors():
        assert each.error < each.completed
    assert "missed by 6.0 to 7.5 points" in waits_error()
