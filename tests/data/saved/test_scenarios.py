"""Saved scenarios come back whole, keep every version, and never overwrite one another unseen."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.database.store import Store
from data.database.version import PRODUCT_VERSION
from data.saved.scenarios import (
    Outdated,
    SavedScenario,
    copy_scenario,
    delete_scenario,
    restore_scenario,
    save_scenario,
    saved_scenario,
    saved_scenarios,
    scenario_versions,
)
from models.errors import TandemError

pytestmark = pytest.mark.unit

NEW = SavedScenario(
    name="Virtual by autumn",
    description="What the board asked in May.",
    document={"name": "own", "levers": [{"lever": "virtual_by_default", "first": 40}]},
    scope="QE1",
    data_month="2025-08",
    edition="0123456789ab",
    weeks=104,
    replications=30,
    seed=7,
)


def test_a_scenario_comes_back_as_it_was_saved(store: Store) -> None:
    saved = save_scenario(store, NEW)
    found = saved_scenario(store, saved.id)
    assert found == saved
    assert (found.document, found.seed, found.weeks) == (NEW.document, 7, 104)
    assert (found.version, found.product_version, found.deleted) == (1, PRODUCT_VERSION, False)


def test_each_save_is_a_version_and_older_ones_stay(store: Store) -> None:
    first = save_scenario(store, NEW)
    second = save_scenario(store, replace(first, document={"name": "own", "levers": []}))
    assert [each.version for each in scenario_versions(store, first.id)] == [2, 1]
    assert saved_scenario(store, first.id, 1).document == NEW.document
    assert saved_scenarios(store) == [second]
    with pytest.raises(TandemError, match="has no version 3"):
        saved_scenario(store, first.id, 3)


def test_two_planners_do_not_overwrite_each_other(store: Store) -> None:
    both = save_scenario(store, NEW)
    hers = save_scenario(store, replace(both, description="Hers"))
    with pytest.raises(Outdated, match=r"Somebody saved version 2 .* since you opened version 1"):
        save_scenario(store, replace(both, description="His"))
    assert saved_scenario(store, both.id) == hers
    his = save_scenario(store, replace(both, id="", version=0, name="Virtual by autumn, his"))
    assert {each.description for each in saved_scenarios(store)} == {"Hers", NEW.description}
    assert his.version == 1


def test_deleting_can_be_undone(store: Store) -> None:
    saved = save_scenario(store, NEW)
    delete_scenario(store, saved.id)
    assert saved_scenarios(store) == []
    assert [each.id for each in saved_scenarios(store, deleted=True)] == [saved.id]
    assert saved_scenario(store, saved.id).deleted  # a link still opens it, and can say so
    assert restore_scenario(store, saved.id) == saved
    assert saved_scenarios(store) == [saved]


def test_a_name_given_away_meanwhile_does_not_stop_the_undoing(store: Store) -> None:
    saved = save_scenario(store, NEW)
    delete_scenario(store, saved.id)
    save_scenario(store, NEW)
    assert restore_scenario(store, saved.id).name == "Virtual by autumn (restored)"


def test_a_name_stands_once_in_a_scope(store: Store) -> None:
    save_scenario(store, NEW)
    with pytest.raises(TandemError, match="called 'virtual BY autumn' here already"):
        save_scenario(store, replace(NEW, name="  virtual BY   autumn "))
    save_scenario(store, replace(NEW, scope="QK1"))
    assert [each.scope for each in saved_scenarios(store)] == ["QK1", "QE1"]
    assert len(saved_scenarios(store, "QE1")) == 1


def test_copies_find_a_free_name(store: Store) -> None:
    saved = save_scenario(store, NEW)
    assert copy_scenario(store, saved.id).name == "Virtual by autumn (copy)"
    second = copy_scenario(store, saved.id)
    assert second.name == "Virtual by autumn (copy 2)"
    assert (second.document, second.version) == (NEW.document, 1)


@pytest.mark.parametrize(
    ("name", "description", "said"),
    [(" ", "", "has no name"), ("x" * 81, "", "has 81 characters"), ("x", "y" * 2001, "has 2,001 char")],
)
def test_what_cannot_be_saved_says_why(store: Store, name: str, description: str, said: str) -> None:
    with pytest.raises(TandemError, match=said):
        save_scenario(store, replace(NEW, name=name, description=description))
    assert saved_scenarios(store) == []


def test_an_unknown_scenario(store: Store) -> None:
    with pytest.raises(TandemError, match="No scenario is saved here under 'x'"):
        saved_scenario(store, "x")
    with pytest.raises(TandemError, match="No scenario is saved here under 'x'"):
        save_scenario(store, replace(NEW, id="x", version=1))


@settings(max_examples=15, deadline=None)
@given(name=st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=80))
def test_any_name_comes_back(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    shown = " ".join(name.split())
    with Store.create(tmp_path_factory.mktemp("names") / "small.duckdb") as store:
        if not shown:
            return
        assert saved_scenario(store, save_scenario(store, replace(NEW, name=name)).id).name == shown
