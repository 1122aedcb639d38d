"""A scope's calibration from the store: its own returns, with England's to lean on where they are thin."""

from data.history import history
from data.store import Store
from models import assumptions
from models.calibration import FLOW_MONTHS, Calibration, calibrate
from models.history import History
from models.organisations import ENGLAND
from models.scenario import Scenario


def england_history(store: Store, until: str | None = None) -> History:
    """England's returns up to `until`, one series per treatment function: the same for every scope.

    Of the series reported in every month, so that a provider that stops reporting is no change of the list.
    """
    return history(store, ENGLAND, until, FLOW_MONTHS + 1).throughout().pooled()


def calibration(
    store: Store, scope: str, scenario: Scenario, until: str | None = None, england: History | None = None
) -> Calibration:
    """The calibration of `scope` on the latest month held up to `until`, under a scenario's assumptions.

    `england`, from `england_history` for the same month, saves loading it again. Raises TandemError for an
    unknown scope, or where the returns are too few.
    """
    values = assumptions.resolve(scenario.assumptions)
    here = history(store, scope, until, FLOW_MONTHS + 1)
    if england is None:
        whole = here if scope == ENGLAND else history(store, ENGLAND, until, FLOW_MONTHS + 1)
        england = whole.throughout().pooled()
    return calibrate(here, england, values["appointments_per_pathway"] - 1)
