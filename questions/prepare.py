"""What a run needs of the store, read once: the calibration, and the scenario with its trusts chosen."""

from dataclasses import dataclass, replace
from threading import Lock

from cachetools import LRUCache, cached

from data.database.store import Store
from data.returns import calibrations
from data.returns.capacity import spare_for
from models.calibration.rates import Calibration
from models.pairing.default_pair import with_trusts
from models.rtt.history import History
from models.scenarios.assumptions import resolve
from models.scenarios.presets import baseline_for
from models.scenarios.scenario import Scenario
from questions.question import Question


@dataclass(frozen=True)
class Prepared:
    """What a scenario is run on. `scenario` has two trusts in every pairing; `baseline` is held beside it."""

    calibration: Calibration
    scenario: Scenario

    @property
    def baseline(self) -> Scenario:
        return baseline_for(self.scenario)

    @property
    def both(self) -> tuple[Scenario, ...]:
        """The scenario, then the baseline where that is another."""
        return (self.scenario, self.baseline) if self.scenario.levers else (self.scenario,)


def prepare(store: Store, question: Question, scenario: Scenario | None = None) -> Prepared:
    """What a question is run on, or the same for another scenario at its place and month.

    Raises TandemError where a lever names a provider of another board, or no two trusts could be paired.
    """
    wanted = scenario or question.scenario
    rates = calibration(store, question, wanted)
    return Prepared(rates, with_trusts(wanted, rates))


def calibration(store: Store, question: Question, scenario: Scenario | None = None) -> Calibration:
    """The calibration under a scenario's assumptions, with what its series can spare where it lends of that.

    Errors as for `data.returns.calibrations.calibration`.
    """
    wanted = scenario or question.scenario
    england = _england(store, question.month, question.edition)
    rates = calibrations.calibration(store, question.scope, wanted, question.month, england)
    if not _lends_spare(wanted):
        return rates
    return replace(rates, spare=spare_for(store, rates, resolve(wanted.assumptions), england=england))


@cached(LRUCache(2), key=lambda store, month, edition: (str(store.path), month, edition), lock=Lock())
def _england(store: Store, month: str, edition: str) -> History:
    return calibrations.england_history(store, month)


def _lends_spare(scenario: Scenario) -> bool:
    return any(
        setting.lever.name == "trust_pairing" and setting.number("from_spare") > 0
        for setting in scenario.levers
    )
