"""What the Scorecard page was asked: which run, which targets, what a mile costs; and the runs it reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from data.database.edition import edition
from data.database.store import Store
from data.returns.organisations import providers_by_code
from data.returns.travel import straight_miles
from data.saved.milestones import milestones
from models.outcomes.expectations import Target, last_whole_month, read_targets, target_parts, usual_targets
from models.outcomes.scorecard import Reading, Scorecard
from models.outcomes.travel import Travel, read_carbon
from models.scenarios.assumptions import resolve
from models.scenarios.presets import BASELINE
from models.scenarios.scenario import Scenario
from pages.parts.equity_run import known
from pages.parts.runs import Comparison, Outcome
from pages.parts.scope import choose, forget, linked
from questions.choice import Choice
from questions.question import Request, canonical, read_query
from sim.reports.scorecard import Distances, Run, gap_reading, score, travel, weeks_to

TARGETS, CARBON, AS_OF = "targets", "carbon", "asof"  # query parameters


@dataclass(frozen=True)
class Asked:
    """One question to the page: `own` are the targets the planner changed, `carbon` kg CO2e a mile."""

    request: Request
    own: Mapping[str, Target]
    carbon: float | None

    @property
    def last_month(self) -> str:
        return last_whole_month(self.request.month, self.request.weeks)

    @property
    def targets(self) -> dict[str, Target]:
        return usual_targets(self.request.month, self.last_month) | dict(self.own)


def read_asked(store: Store, board: str, choice: Choice | None, held: Sequence[str]) -> Asked:
    """The question in the link, about `choice`; raises TandemError that names the part that is wrong.

    A saved scenario runs as long and in as many futures as it was saved with, on the newest figures held
    unless the link says `asof`.
    """
    query = {"scenario": BASELINE.name}
    if choice and choice.saved:
        query |= {name: str(getattr(choice.saved, name)) for name in ("weeks", "replications", "seed")}
    if month := st.query_params.get(AS_OF):
        query[AS_OF] = month
    found = read_query(query, board, held, lambda month: edition(store, month))
    request = found if choice is None else replace(found, document=canonical(choice.scenario))
    return Asked(
        request,
        read_targets(linked(TARGETS).split(",")),
        read_carbon(linked(CARBON), carbon_of(request.scenario)),
    )


def carbon_of(scenario: Scenario) -> float:
    """What a mile costs where the link says nothing: the scenario's own figure, or the register's."""
    return resolve(scenario.assumptions)["carbon_a_mile"]


def write_link(asked: Asked) -> None:
    """Put the question into the address, board and scenario left to their selectors."""
    st.query_params[AS_OF] = asked.request.month
    keep_in_link()


def keep_in_link() -> None:
    """Put the planner's own targets and factor into the address, also where another page chose them."""
    for name in (TARGETS, CARBON):
        if linked(name):
            st.query_params[name] = linked(name)


def put_targets(own: Mapping[str, Target]) -> None:
    """Make these the planner's own targets. For use in callbacks."""
    if own:
        choose(TARGETS, ",".join(target_parts(own)))
    else:
        forget(TARGETS)


def scored(store: Store, asked: Asked, title: str, found: Comparison) -> tuple[Scorecard, Travel]:
    """The scorecard and the travel of a scenario called `title`, from its runs."""
    scenario, baseline = _read(found.scenario), _read(found.baseline)
    distances = Distances(straight_miles(store, baseline.visits.providers), asked.carbon)
    names = {code: each.plain_name for code, each in providers_by_code(store).items()}
    known = milestones(store, asked.request.scope)
    card = score(title, scenario, baseline, asked.targets, distances, known, _gap(store, asked))
    return card, travel(title, scenario, baseline, distances, names)


def _gap(store: Store, asked: Asked) -> Reading | None:
    """The gap by deprivation, where the same question has been followed by class; None where it hasn't."""
    runs = known(store, asked.request)
    if runs is None:
        return None
    weeks = weeks_to(asked.request.month, asked.request.weeks, asked.targets["equitable-care"].month)
    return gap_reading(runs[0], runs[-1], weeks)


def _read(outcome: Outcome) -> Run:
    return Run(outcome.results, outcome.visits)
