"""The ten expectations, travel and equity of one scenario, for the files that a page gives to take away."""

from collections.abc import Callable

from data.database.store import Store
from models.reports.report import Part
from pages.parts.equity_run import known
from pages.parts.scorecard_run import scorecard_of
from questions.lab import LabAnswer


def expectations(store: Store, lab: LabAnswer) -> Callable[[], Part]:
    """What makes the scorecard and travel of a scenario, as its Scorecard page shows them.

    The targets and the carbon of a mile are those the planner chose there in this session or in the link;
    they are read now, so that the part can be made beside the page's own run. Equity joins where it has been
    followed for the same question.
    """
    asked, equity = scorecard_of(lab.question), known(store, lab.question)
    return lambda: asked.judge(store, lab, equity).part()
