"""Compare: up to five scenarios and the baseline side by side, on the same random numbers."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from data.database.edition import edition
from data.database.store import Store
from data.database.version import PRODUCT_VERSION
from models.errors import TandemError
from models.rtt.months import month_label
from models.rtt.organisations import ENGLAND
from models.scenarios.presets import PRESETS
from pages.parts.equity_run import known
from pages.parts.jobs import answer_of, watch
from pages.parts.present import show_present_button
from pages.parts.report_files import show_report_files
from pages.parts.scenario_choice import offered_as
from pages.parts.scope import board_names, choose_board
from pages.parts.scorecard_run import scorecard_of
from pages.parts.store import held_months, shared_store
from pages.what_if.comparing.costs import show_costs
from pages.what_if.comparing.outcomes import show_lines, show_outcomes, show_words
from pages.what_if.comparing.outturn import LINKED, show_outturn
from pages.what_if.comparing.scorecard import show_scorecards
from questions.choice import NAMES, Asked, Choice, differing, offered, read_asked, read_choice
from questions.compare import Compare
from questions.jobs import Job, jobs
from questions.lab import Lab, LabAnswer
from questions.question import REPLICATIONS, SEEDS, WEEKS, Question, canonical
from sim.reports.comparison_report import MOST

STARTS = {
    "Seeing people differently": ("virtual-70", "recovery-programme", "jointly-managed"),
    "Adding and sharing capacity": ("extra-sessions", "mutual-aid", "trust-pairing"),
    "Virtual against extra sessions": ("virtual-70", "extra-sessions"),
}
TABS = ["Side by side", "With what happened"]
state = st.session_state


def asked_of(store: Store, board: str, held: Sequence[str]) -> Asked:
    """What is asked: by a link not yet read, by this session, or nothing yet."""
    query = {name: value for name, value in st.query_params.items() if name in NAMES}
    known = state.setdefault("compare_written", [])  # a browser may send again what this session wrote
    if query and query not in known:
        known.append(query)
        try:
            put(read_asked(store, query, board, held, lambda month: edition(store, month)))
        except TandemError as fault:
            state["compare_fault"] = fault
            state.pop("compare_asked", None)
    if "compare_asked" not in state:
        state["compare_asked"] = Asked(board, held[-1], edition(store, held[-1]))
    asked: Asked = state["compare_asked"]
    if asked.scope != board:  # what is saved belongs to a board
        kept = tuple(token for token in asked.tokens if read_choice(store, token).saved is None)
        asked = state["compare_asked"] = replace(asked, scope=board, tokens=kept)
        state.pop("compare_go", None)
    return asked


def put(asked: Asked, *, go: bool = True) -> None:
    """Make this the page's question; with `go` it runs whatever it takes. For use in callbacks too."""
    state["compare_asked"] = asked
    state.pop("compare_fault", None)
    state.pop("compare_stopped", None)
    if go:
        state["compare_go"] = asked.parameters()


def show_chooser(store: Store, asked: Asked) -> list[Choice]:
    """Draw the choice of scenarios and of how they run; gives the chosen ones."""
    known: Mapping[str, Choice] = offered(store, asked.scope)
    known = dict(known) | {token: read_choice(store, token) for token in asked.tokens if token not in known}
    state["compare_with"] = list(asked.tokens)
    for name in ("weeks", "replications", "seed"):
        state[f"compare_{name}"] = getattr(asked, name)

    def follow() -> None:
        put(replace(asked, tokens=tuple(state["compare_with"])), go=asked.scope != ENGLAND)

    def follow_settings() -> None:
        weeks, futures, seed = (int(state[f"compare_{name}"]) for name in ("weeks", "replications", "seed"))
        put(replace(asked, weeks=weeks, replications=futures, seed=seed), go=asked.scope != ENGLAND)

    which, how = st.columns([4, 1], vertical_alignment="bottom")
    which.multiselect(
        f"Scenarios, up to {MOST}",
        list(known),
        key="compare_with",
        max_selections=MOST,
        on_change=follow,
        format_func=lambda token: offered_as(known[token]),
        placeholder="Choose saved or ready-made ones",
    )
    with how.popover("Settings", width="stretch"):
        st.slider("Weeks ahead", *WEEKS[:2], step=1, key="compare_weeks", on_change=follow_settings)
        st.slider(
            "Simulated futures",
            *REPLICATIONS[:2],
            step=5,
            key="compare_replications",
            on_change=follow_settings,
        )
        st.number_input("Seed", *SEEDS[:2], step=1, key="compare_seed", on_change=follow_settings)
    return [known[token] for token in asked.tokens]


def show_nothing_yet(asked: Asked) -> None:
    """Say what this page does, and offer three comparisons to begin with."""
    st.markdown("#### Nothing to compare yet")
    st.markdown(
        f"Choose up to {MOST} scenarios above: those saved here for this board, or ready-made ones. They run "
        "on the same figures and the same random numbers, beside a future in which nothing changes. Or begin "
        "with one of these:"
    )
    with st.grid(len(STARTS), min_column_width=240):
        for title, names in STARTS.items():
            with st.container(gap="small"):
                started = replace(asked, tokens=names)
                st.button(title, on_click=put, args=(started,), key=f"start_{title}", width="stretch")
                st.caption(", ".join(PRESETS[name].title for name in names))
    st.page_link("pages/what_if/scenario_lab.py", label="Make one of your own in the scenario lab")


def run_all(store: Store, asked: Asked, choices: Sequence[Choice]) -> list[LabAnswer] | None:
    """The answers of all the choices; None while one is under way or was stopped.

    They run one after the other: the first makes the baseline, which the others then need not.
    """
    watcher = state.setdefault("compare_watcher", uuid.uuid4().hex)
    if state.get("compare_stopped") == asked.parameters():
        st.warning("The comparison was stopped before it was done.")
        st.button("Run again", on_click=put, args=(asked,), icon=":material/play_arrow:")
        return None
    if asked.scope == ENGLAND and state.get("compare_go") != asked.parameters():
        st.info("All England takes most of a minute for each scenario.")
        st.button("Run", on_click=put, args=(asked,), type="primary", icon=":material/play_arrow:")
        return None
    answers = []
    for place, choice in enumerate(choices, start=1):
        question = asked.question(choice)
        job = answer_of(store, Lab(question, keep=True), watcher)
        if not job.done.is_set():
            st.caption(f"Scenario {place} of {len(choices)}: {choice.title}")
            watch(job, partial(_stop, job, asked, watcher), "compare_cancel")
            return None
        if job.fault:
            st.error(f"**{choice.title}**: {job.fault.message}\n\n**What to do:** {job.fault.remedy}")
            return None
        answers.append(job.answer.asked_as(_under_its_title(question, choice)))
    return answers


def _under_its_title(question: Question, choice: Choice) -> Question:
    """The question with its scenario called what it was saved as."""
    return replace(question, document=canonical(replace(question.scenario, title=choice.title)))


def _stop(job: Job, asked: Asked, watcher: str) -> None:
    state["compare_stopped"] = asked.parameters()
    jobs().cancel(job, watcher)


def show_comparison(store: Store, asked: Asked, choices: Sequence[Choice], place: str) -> None:
    """Draw the comparison, or how far its runs are."""
    for difference in differing(choices, asked):
        st.markdown(f":material/info: {difference}")
    if differing(choices, asked):
        st.caption(
            f"Here all run alike: figures to {month_label(asked.month)}, {asked.weeks} weeks, "
            f"{asked.replications} futures, seed {asked.seed}."
        )
    answers = run_all(store, asked, choices)
    if answers is None:
        return
    questions = tuple(each.question for each in answers)
    compare = Compare(questions, tuple(scorecard_of(each) for each in questions))
    compared = compare.put_together(store, answers, [known(store, each) for each in questions])
    columns = compared.columns
    show_words(columns, place)
    with st.container(horizontal=True):
        with st.popover("Take away", icon=":material/download:"):
            show_report_files(
                partial(compared.report, asked.prices, alone=True),
                f"tandem-{asked.scope}-compared-{asked.month}",
                "compare_take",
                scorecard=compared.part,
            )
        show_present_button({"board": asked.scope} | asked.parameters(), "compare_present")
    if len(columns) == 1:
        st.info("Choose another scenario above, and it stands beside this one.")
    if len({asked.question(choice).baseline.digest for choice in choices}) > 1:
        st.markdown(
            ":material/info: These scenarios change assumptions, so each is held against a baseline of its "
            f"own; the one shown is that of {columns[0].title}."
        )
    show_lines(columns)
    show_outcomes(columns)
    show_scorecards([each.card for each in compared.scorecards])
    with st.expander("Costs", expanded=bool(asked.prices.given())):
        show_costs(columns, asked.prices, lambda prices: put(replace(asked, prices=prices)))
    st.caption(
        f"Estimated by simulation. Figures to {month_label(asked.month)}, {asked.weeks} weeks, "
        f"{asked.replications} futures, seed {asked.seed}, Tandem {PRODUCT_VERSION}."
    )


def show_age(store: Store, asked: Asked, newest: str) -> None:
    """Say when the figures behind the question are no longer the newest, and offer to run on those."""
    if asked.month == newest:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(f"This runs on the figures to {month_label(asked.month)}. Newer ones have arrived.")
        newer = replace(asked, month=newest, edition=edition(store, newest))
        st.button(f"Run on {month_label(newest)}", on_click=put, args=(newer,))


def draw() -> None:
    """Draw the page."""
    store = shared_store()
    present = held_months(store)
    heading, chooser = st.columns([2, 3], vertical_alignment="bottom")
    heading.title("Compare", anchor=False)
    with chooser:
        board = choose_board(store)
    asked = asked_of(store, board, present)
    place = board_names(store, asked.month)[board]
    if fault := state.get("compare_fault"):
        st.error(f"**This link can't be opened as it is.** {fault.message}\n\n**What to do:** {fault.remedy}")
    if any(name in st.query_params for name in LINKED):
        state.setdefault("compare_tab", TABS[1])
    ahead, back = st.tabs(TABS, key="compare_tab", on_change="rerun")
    if ahead.open:
        for name in LINKED:
            st.query_params.pop(name, None)
        with ahead:
            show_age(store, asked, present[-1])
            choices = show_chooser(store, asked)
            if choices:
                written = asked.parameters()
                if written not in state["compare_written"]:
                    state["compare_written"].append(written)
                st.query_params.update(written)
                show_comparison(store, asked, choices, place)
            else:
                for name in NAMES:
                    st.query_params.pop(name, None)
                show_nothing_yet(asked)
    if back.open:
        with back:
            show_outturn(store, board, place, present)


draw()
