"""What a planner allows on the pairing page: boards, partners, limits, pins and bans, kept in the link."""

from collections.abc import Mapping, Sequence

import streamlit as st

from data.database.store import Store
from data.returns.organisations import providers_by_code
from data.returns.scope import JOINT
from models.capacity.estimate import Floor
from models.errors import TandemError
from models.pairing.pairs import Limits, Trusts, pair_of
from models.rtt.months import add_months, month_label
from models.rtt.organisations import ENGLAND, Place
from models.rtt.treatment_functions import TREATMENT_FUNCTIONS
from models.scenarios.assumptions import assumption
from pages.parts.scope import ALL, board_names, choose_board, choose_one, pick

DIAGNOSTIC = assumption("local_diagnostic")
_PARTNERS = {str(number): str(number) for number in range(1, 6)}
_WAITED = {"18": "Over 18 weeks", "26": "Over 26 weeks", "52": "Over 52 weeks"}
_MILES = {ALL: "Any distance", "25": "25 miles", "50": "50 miles", "100": "100 miles"}
_DIAGNOSTIC = {str(share): f"{share}%" for share in range(int(DIAGNOSTIC.low), int(DIAGNOSTIC.high) + 1, 5)}
_FLOORS = {
    "own": "Its own share today",
    **{str(share): f"{share}% within 18 weeks" for share in range(60, 95, 4)},
}


def choose_area(store: Store) -> tuple[str, tuple[str, ...]]:
    """Draw the selectors of the boards that take part: their scope, and boards of it that are left out."""
    board = choose_board(store)
    names = {code: name for code, name in board_names(store).items() if code not in (ENGLAND, board)}
    if board == ENGLAND:
        return board, linked_several(
            "without", "Left out", names, help="Boards whose trusts neither help nor are helped."
        )
    others = linked_several(
        "with",
        "Together with",
        _nearest_first(store, board, names),
        help="Boards whose trusts may be partners of this board's too, the nearest first.",
    )
    return JOINT.join(sorted({board, *others})), ()


def _nearest_first(store: Store, board: str, names: Mapping[str, str]) -> dict[str, str]:
    """Boards by the miles between the nearest head offices of theirs and of `board`."""
    places: dict[str, list[Place]] = {}
    for provider in providers_by_code(store).values():
        if provider.place:
            places.setdefault(provider.board, []).append(provider.place)

    def miles(code: str) -> float:
        apart = [one.miles_to(other) for one in places.get(board, []) for other in places.get(code, [])]
        return min(apart, default=float("inf"))

    return dict(sorted(names.items(), key=lambda named: miles(named[0])))


def choose_limits(month: str, candidates: Mapping[str, str]) -> tuple[Limits, Floor, float]:
    """Draw what is allowed: limits, the givers' floor, the share who need a local diagnostic.

    `candidates` are the names of pairs that could be made, as 'RXN:RXR'.
    """
    with st.container(horizontal=True, vertical_alignment="bottom"):
        partners = pick("partners", "Partners a trust", _PARTNERS, "2")
        waited = pick("waited", "A wait is long", _WAITED, "18")
        function = choose_one(
            "function", "Specialty", {code: each.name for code, each in TREATMENT_FUNCTIONS.items()}
        )
    with st.popover("Pins, bans and further limits"):
        pinned = linked_several("pin", "Pinned: in the plan in any case", candidates)
        banned = linked_several("ban", "Banned: never in the plan", candidates)
        miles = pick(
            "miles",
            "Trusts no further apart than",
            _MILES,
            ALL,
            help="Between head offices. Video has no distance, and who needs a diagnostic or has to be seen "
            "in person goes home for it; a limit is for trusts that want more than video from each other.",
        )
        floor = pick("floor", "Floor that a trust keeps for its own patients", _FLOORS, "own")
        months = {"": "In six months"} | {
            later: f"By {month_label(later)}"
            for later in (add_months(month, ahead) for ahead in range(3, 37))
        }
        by = pick("by", "Floor met", months, "")
        diagnostic = pick(
            "diagnostic",
            "Need a diagnostic at home after a first appointment",
            _DIAGNOSTIC,
            f"{DIAGNOSTIC.value:g}",
            help=f"{DIAGNOSTIC.source}. An appointment that ends in one saves the home trust none.",
        )
    limits = Limits(
        partners=int(partners),
        waited=int(waited),
        treatment_functions=(function,) if function else (),
        pinned=_pairs(pinned),
        banned=_pairs(banned),
        miles=None if miles == ALL else float(miles),
    )
    return limits, Floor(None if floor == "own" else float(floor) / 100, by or None), float(diagnostic)


def _pairs(texts: Sequence[str]) -> frozenset[Trusts]:
    return frozenset(map(pair_of, texts))


def linked_several(
    name: str, label: str, options: Mapping[str, str], help: str | None = None
) -> tuple[str, ...]:
    """Draw a selector of several of `options` by code, kept in the query parameter `name`, with commas.

    What the link names and is not offered is kept for a pair of trusts, and said to be unknown otherwise.
    """
    kept, widget = f"linked_{name}", f"choose_{name}"
    text = st.query_params.get(name, st.session_state.get(kept, ""))
    wanted = [code for code in text.split(",") if code]
    unknown = [code for code in wanted if code not in options and not _is_pair(code)]
    chosen = [code for code in wanted if code not in unknown]
    if unknown:
        st.warning(f"{label}: there is no {', '.join(unknown)} here, so it is left out.")
    offered = [*options, *(code for code in chosen if code not in options)]
    st.session_state[widget] = chosen
    _write(name, chosen)

    def follow() -> None:
        _write(name, st.session_state[widget])

    return tuple(
        st.multiselect(
            label,
            offered,
            format_func=lambda code: options.get(code, code),
            key=widget,
            on_change=follow,
            help=help,
        )
    )


def _write(name: str, codes: Sequence[str]) -> None:
    st.session_state[f"linked_{name}"] = ",".join(codes)
    if codes:
        st.query_params[name] = ",".join(codes)
    else:
        st.query_params.pop(name, None)


def _is_pair(text: str) -> bool:
    try:
        return len(pair_of(text)) == 2
    except TandemError:
        return False
