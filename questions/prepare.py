"""What a run needs of the store, read once: the calibration, and the scenario with its trusts chosen."""

from dataclasses import dataclass, replace

from data.database.store import Store
from data.returns import calibrations
from data.returns.capacity import spare_for
from models.calibration.rates import Calibration
from models.pairing.default_pair import with_trusts
from models.rtt.history import History
from models.scenarios.assumptions import resolve
from models.scenarios.presets import baseline_for
from models.scenarios.scenario import Scenario


@dataclass(frozen=True)
class Prepared:
    """What a scenario is run on. `scenario` has two trusts in every pairing; `baseline` is held beside it."""

    calibration: Calibration
    scenario: Scenario

    @property
    def baseline(self) -> Scenario:
        return baseline_for(self.scenario)


def prepare(
    store: Store, scope: str, scenario: Scenario, until: str | None = None, england: History | None = None
) -> Prepared:
    """A scope's calibration on the latest month held up to `until`, and the scenario ready to run on it.

    Arguments and errors as for `calibration`; TandemError too where no two trusts could be paired.
    """
    found = calibration(store, scope, scenario, until, england)
    return Prepared(found, with_trusts(scenario, found))


def calibration(
    store: Store, scope: str, scenario: Scenario, until: str | None = None, england: History | None = None
) -> Calibration:
    """The calibration of `scope`, with what its series can spare where the scenario lends of that.

    Arguments and errors as for `data.returns.calibrations.calibration`.
    """
    found = calibrations.calibration(store, scope, scenario, until, england)
    if not _lends_spare(scenario):
        return found
    return replace(found, spare=spare_for(store, found, resolve(scenario.assumptions), england=england))


def _lends_spare(scenario: Scenario) -> bool:
    return any(
        setting.lever.name == "trust_pairing" and setting.number("from_spare") > 0
        for setting in scenario.levers
    )
