"""The ten expectations, travel and equity of one scenario, for the files that a page gives to take away."""

from collections.abc import Callable

from data.database.store import Store
from models.outcomes.expectations import read_targets
from models.outcomes.travel import read_carbon
from models.reports.report import Part
from pages.parts.equity_run import known
from pages.parts.runs import Comparison
from pages.parts.scope import linked
from pages.parts.scorecard_run import CARBON, TARGETS, Asked, carbon_of, scored
from questions.question import Request
from sim.reports.report_sections import equity_part, expectations_part


def expectations(store: Store, title: str, request: Request, comparison: Comparison) -> Callable[[], Part]:
    """What makes the scorecard and travel of a scenario called `title`, as its Scorecard page shows them.

    The targets and the carbon of a mile are those the planner chose there in this session or in the link;
    they are read now, so that the part can be made beside the page's own run. Equity joins where it has been
    followed for the same question.
    """
    own, carbon = (
        read_targets(linked(TARGETS).split(",")),
        read_carbon(linked(CARBON), carbon_of(request.scenario)),
    )
    runs = known(store, request)

    def made() -> Part:
        part = expectations_part([scored(store, Asked(request, own, carbon), title, comparison)])
        if runs is None:
            return part
        return part.beside(equity_part([(title, runs[0], runs[1] if len(runs) > 1 else None)]))

    return made
