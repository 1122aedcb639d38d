"""Which lever did what: a scenario's change parted among its levers."""

import streamlit as st

from data.database.store import Store
from models.rtt.measures import measure
from models.statements import Interval, rounded
from pages.parts.figures import show
from pages.parts.figures.bars import stacked_changes
from pages.parts.jobs import study
from pages.parts.numbers import NOTHING_CHANGED, choose_measure
from questions.question import Question
from questions.studies import Attribution
from sim.studies.attribution import MOST_RUNS


def show_waterfall(store: Store, question: Question) -> None:
    """Draw the waterfall of the levers in play, or offer to work it out."""
    levers = len(question.scenario.levers)
    if not levers:
        st.info(NOTHING_CHANGED)
        return
    runs = f"{2**levers} runs" if 2**levers <= MOST_RUNS else f"about {MOST_RUNS} runs"
    answer = study(
        store,
        Attribution(question),
        button="Part it among the levers",
        about="What a lever adds depends on those already pulled. Its share is what it adds on the mean over "
        f"all orders, so that the shares add up. It takes {runs} and goes on in the background.",
    )
    if answer is None:
        return
    parted = answer.waterfall
    name = choose_measure("waterfall_measure")
    shown = measure(name)
    shares = [parted.share(place, name) for place in range(levers)]
    sentences = parted.sentences(name)
    st.markdown("\n".join((f"**{sentences[0]}**\n", *(f"- {each}" for each in sentences[1:]))))
    unit = "Percentage points within 18 weeks" if shown.is_share else f"Patients {shown.phrase}"
    show(
        stacked_changes(
            parted.levers,
            [share.mean for share in shares],
            [_amount(share, shown.is_share) for share in shares],
            whole="All together",
            whole_words=_amount(parted.change(name), shown.is_share),
            better=1 if shown.is_share else -1,
        ),
        title=f"{unit}, more or fewer than if nothing changed: better is blue, worse orange",
        alt=" ".join(sentences),
        table=parted.frame(),
        key=f"lab_waterfall_{name}",
    )


def _amount(change: Interval, share: bool) -> str:
    number = f"{change.mean:+,.1f} points" if share else f"{rounded(change.mean):+,}"
    return number.replace("-", "−")
