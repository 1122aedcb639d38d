"""What a page is about: the chosen board, month and so on, kept in the address so that a link reopens it.

A choice lives in the query parameter of its name and in the session, so it survives a move to another page
and a copied link alike. The link wins.
"""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from data.database.store import Store
from data.returns.lists import boards
from data.returns.scope import scope_condition
from models.errors import TandemError
from models.rtt.months import month_label
from models.rtt.organisations import DEFAULT_BOARD, ENGLAND, plain_name
from pages.parts.store import held_months

ALL = "all"


def choose_board(store: Store, month: str | None = None) -> str:
    """Draw the selector of the health board and give the chosen code, or 'ENGLAND'.

    The choice is the query parameter `board`. An unknown one is explained, and the default takes its place.
    `month` says whose boards are offered, by default the newest month held.
    """
    names = board_names(store, month)
    return linked_choice(
        "board",
        "Health board",
        list(names),
        DEFAULT_BOARD if DEFAULT_BOARD in names else ENGLAND,
        format_func=lambda code: names[code],
        explain=lambda code: _no_board(store, code),
        clears=("function", "provider"),
        help="Type to search. A board takes in the providers it is the parent of, whoever commissions them.",
    )


def board_names(store: Store, month: str | None = None) -> dict[str, str]:
    """Give the plain names by code that the selector offers: England, then the boards by name."""
    table = boards(store, month or held_months(store)[-1])
    named = {row.code: plain_name(row.name) for row in table.itertuples()}
    return {ENGLAND: "England"} | dict(sorted(named.items(), key=lambda item: item[1]))


def choose_month(store: Store) -> str:
    """Draw the selector of the month and give the chosen one, 'YYYY-MM'; the newest held by default."""
    present = held_months(store)
    return linked_choice(
        "month",
        "Month",
        present[::-1],
        present[-1],
        format_func=month_label,
        explain=lambda month: (
            f"The store holds no month '{month}'. Shown is {month_label(present[-1])}, the newest. "
            "Import another on the Data page."
        ),
    )


def choose_one(name: str, label: str, names: Mapping[str, str]) -> str | None:
    """Draw a selector that narrows the page to one of `names` by code, and give the code; None for all.

    The choice is the query parameter `name`.
    """
    offered = {ALL: "All"} | dict(sorted(names.items(), key=lambda item: item[1]))
    chosen = linked_choice(
        name,
        label,
        list(offered),
        ALL,
        format_func=lambda code: offered[code],
        explain=lambda code: f"Nothing is waiting under {label.lower()} '{code}' here. Shown is all.",
    )
    return None if chosen == ALL else chosen


def linked_choice(
    name: str,
    label: str,
    options: Sequence[str],
    default: str,
    *,
    format_func: Callable[[str], str] = str,
    explain: Callable[[str], str],
    clears: Sequence[str] = (),
    help: str | None = None,
    key: str | None = None,
) -> str:
    """Draw a select box whose value is the query parameter `name`, and give its value.

    `explain` says what is wrong with a value of the address that is not among `options`. A new choice takes
    the choices named in `clears` back to their defaults. `key` names the widget, by default after `name`.
    """
    kept, widget = f"linked_{name}", key or f"choose_{name}"
    wanted = linked(name) or default
    chosen = wanted if wanted in options else default
    st.session_state[kept] = st.session_state[widget] = chosen
    if chosen != default or name in st.query_params:
        st.query_params[name] = chosen
    if wanted != chosen:
        st.warning(explain(wanted))

    def follow() -> None:
        choose(name, st.session_state[widget])
        for other in clears:
            forget(other)

    return st.selectbox(label, options, format_func=format_func, key=widget, on_change=follow, help=help)


def linked(name: str) -> str:
    """What the address asks for under `name`, else what was last chosen; empty where neither says."""
    return st.query_params.get(name) or st.session_state.get(f"linked_{name}") or ""


def pick(name: str, label: str, options: Mapping[str, str], default: str, help: str | None = None) -> str:
    """Draw a selector of one of a few named things, kept as query parameter `name`, and give its value."""
    return linked_choice(
        name,
        label,
        list(options),
        default,
        format_func=lambda value: options.get(value, value),
        explain=lambda value: f"There is no '{value}' under {label.lower()}. Shown is the default.",
        help=help,
    )


def choose(name: str, value: str) -> None:
    """Set a choice from elsewhere on the page: a click in a table, a button. For use in callbacks."""
    st.session_state[f"linked_{name}"] = value
    st.query_params[name] = value


def forget(name: str) -> None:
    """Take a choice back to its default. For use in callbacks."""
    st.session_state.pop(f"linked_{name}", None)
    st.query_params.pop(name, None)


def _no_board(store: Store, code: str) -> str:
    try:
        scope_condition(store, code)
    except TandemError as fault:
        return f"{fault.message} {fault.remedy} Shown is the default."
    return f"Board '{code}' has no providers in the returns of this month. Shown is the default."
