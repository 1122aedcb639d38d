"""What the Scorecard page was asked: which run, which targets, what a mile costs; and the runs it reads."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from data.database.edition import edition
from data.database.store import Store
from models.outcomes.expectations import Target, read_targets, target_parts
from models.outcomes.travel import read_carbon
from models.scenarios.assumptions import resolve
from models.scenarios.presets import BASELINE
from models.scenarios.scenario import Scenario
from pages.parts.scope import choose, forget, linked
from questions.choice import Choice
from questions.question import Question, canonical, read_query
from questions.scorecard import Scorecard

UNCHANGED = "as things are heading"
TARGETS, CARBON, AS_OF = "targets", "carbon", "asof"  # query parameters


def read_asked(store: Store, board: str, choice: Choice | None, held: Sequence[str]) -> Scorecard:
    """The question in the link, about `choice`; raises TandemError that names the part that is wrong.

    A saved scenario runs as long and in as many futures as it was saved with, on the newest figures held
    unless the link says `asof`.
    """
    query = {"scenario": BASELINE.name}
    if choice and choice.saved:
        query |= {name: str(getattr(choice.saved, name)) for name in ("weeks", "replications", "seed")}
    if month := st.query_params.get(AS_OF):
        query[AS_OF] = month
    from_link = read_query(query, board, held, lambda month: edition(store, month))
    question = from_link if choice is None else replace(from_link, document=canonical(choice.scenario))
    return scorecard_of(question, choice.title if choice else UNCHANGED)


def scorecard_of(question: Question, title: str = "") -> Scorecard:
    """A question's scorecard at the targets and the carbon of a mile that the planner chose, or the usual."""
    own = read_targets(linked(TARGETS).split(","))
    return Scorecard(question, own, read_carbon(linked(CARBON), carbon_of(question.scenario)), title)


def carbon_of(scenario: Scenario) -> float:
    """What a mile costs where the link says nothing: the scenario's own figure, or the register's."""
    return resolve(scenario.assumptions)["carbon_a_mile"]


def write_link(asked: Scorecard) -> None:
    """Put the question into the address, board and scenario left to their selectors."""
    st.query_params[AS_OF] = asked.question.month
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
