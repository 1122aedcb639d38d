"""A scope's calibration from the store: its own returns, with England's to lean on where they are thin."""

from data.database.store import Store
from data.returns.history import history, provider_boards
from data.returns.scope import JOINT, boards_of
from models.calibration.rates import FLOW_MONTHS, Calibration, Workings, calibrated, workings
from models.errors import TandemError
from models.rtt.history import History
from models.rtt.organisations import ENGLAND
from models.scenarios import assumptions
from models.scenarios.scenario import Scenario


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
    unknown scope, where the returns are too few, or where a lever names a provider of another board.
    """
    values = assumptions.resolve(scenario.assumptions)
    rates = calibrated(read(store, scope, until, england), values["appointments_per_pathway"] - 1)
    if rates.scope != ENGLAND:
        _check_boards(store, rates, scenario)
    return rates


def _check_boards(store: Store, rates: Calibration, scenario: Scenario) -> None:
    """Refuse a lever that names another board's provider, and say which boards to run together."""
    boards, here = provider_boards(store), boards_of(store, rates.scope)
    elsewhere = [
        (lever.name, code, boards[code])
        for lever, code in scenario.providers_named()
        if code in boards and boards[code] not in here
    ]
    for lever, code, board in elsewhere:
        together = JOINT.join(sorted({*here, *(board for _, _, board in elsewhere)}))
        raise TandemError(
            f"{lever} names provider {code} of board {board}, which is not in {rates.scope}.",
            f"Run {together}, the boards together, or name a provider of {rates.scope}.",
        )


def read(store: Store, scope: str, until: str | None = None, england: History | None = None) -> Workings:
    """What the calibration of `scope` is made from, before any assumption; arguments and errors as there."""
    here = history(store, scope, until, FLOW_MONTHS + 1)
    if england is None:
        whole = here if scope == ENGLAND else history(store, ENGLAND, until, FLOW_MONTHS + 1)
        england = whole.throughout().pooled()
    return workings(here, england)
