"""What a run followed by class says about equity, in sentences, beside its baseline."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.outcomes import equity_statements as equity_answers
from models.outcomes.equity import DIMENSIONS
from sim.observers.equity import Equity
from sim.runs.common_random_numbers import interval

VIRTUAL, _, WITHOUT = range(len(DIMENSIONS["route"]))


@dataclass(frozen=True)
class EquityAnswer:
    """What a run says: the gap in one sentence, what must be seen before it ('' if nothing), and the rest."""

    warning: str
    headline: str
    details: tuple[str, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.warning, self.headline, *self.details)))


def answer(scenario: Equity, baseline: Equity | None = None) -> EquityAnswer:
    """What a run says about equity, held against its baseline if it has one."""
    most, *_, least = (float(each.mean()) for each in _at_end(scenario, "within_18", "deprivation"))
    over = _at_end(scenario, "over_52_patients", "route")[WITHOUT]
    warning, against = "", [equity_answers.long_wait_answer(None, float(over.mean()))]
    if baseline is not None:
        warning, against = _against(scenario, baseline)
    weeks = _at_end(scenario, "mean_weeks", "route")
    route = equity_answers.route_answer(
        float(_at_end(scenario, "waiting", "route")[WITHOUT].mean()),
        float(_at_end(scenario, "appointments", "route")[WITHOUT].mean()),
        float(scenario.minutes_face_to_face("route")[:, WITHOUT].mean()) / 60,
        interval(weeks[WITHOUT] - weeks[VIRTUAL]),
    )
    seen = _at_end(scenario, "seen_virtually", "deprivation")
    return EquityAnswer(
        warning,
        equity_answers.gap_answer(scenario.month, most, least, scenario.gap()),
        (
            equity_answers.gap_today_answer(scenario.gap_today().mean),
            *against,
            route,
            equity_answers.virtual_answer(float(seen[0].mean()), float(seen[-1].mean())),
        ),
    )


def _against(scenario: Equity, baseline: Equity) -> tuple[str, list[str]]:
    """What a board must see first, and what the scenario changes for whom."""
    share = _at_end(scenario, "within_18", "route")
    changes = share - _at_end(baseline, "within_18", "route")
    between = interval(changes[WITHOUT] - changes[VIRTUAL])
    lists = [_at_end(each, "waiting", "route") for each in (scenario, baseline)]
    over = [_at_end(each, "over_52_patients", "route")[WITHOUT] for each in (scenario, baseline)]
    without, able = ((float(share[route].mean()), interval(changes[route])) for route in (WITHOUT, VIRTUAL))
    return equity_answers.list_warning(interval((lists[0] - lists[1]).sum(axis=0)), between), [
        equity_answers.gap_change_answer(interval(scenario.gaps() - baseline.gaps())),
        equity_answers.left_answer(without, able, between),
        equity_answers.long_wait_answer(interval(over[0] - over[1]), float(over[0].mean())),
    ]


def _at_end(run: Equity, measure: str, dimension: str) -> NDArray[np.float64]:
    """A measure in the last week, groups first. (groups, R)"""
    return np.asarray(run.by_group(measure, dimension)[:, -1].T)
