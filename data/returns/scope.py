"""What a scope takes in: providers of one board or more with every commissioner, or England's totals."""

from difflib import get_close_matches

from data.database.store import Store
from models.errors import TandemError
from models.rtt.organisations import ENGLAND, plain_name

JOINT = "+"  # between the codes of boards that are taken together


def scope_condition(store: Store, scope: str) -> tuple[str, list[str]]:
    """Give the SQL condition, with its parameters, that picks the rows of a scope in each month.

    Raises TandemError as `boards_of` does.
    """
    if scope == ENGLAND:
        return "english", []
    codes = boards_of(store, scope)
    return f"board IN ({', '.join('?' * len(codes))})", codes


def boards_of(store: Store, scope: str) -> list[str]:
    """Give the codes of a scope's boards, sorted; 'ENGLAND' has none of its own.

    Boards run together are written 'QE1+QOP', in any order. Raises TandemError that names the nearest boards
    when one is neither 'ENGLAND' nor a board's code.
    """
    if scope == ENGLAND:
        return []
    names = dict(store.rows("SELECT code, name FROM boards"))
    codes = sorted({code.strip() for code in scope.split(JOINT)})
    for code in codes:
        if code == ENGLAND:
            raise TandemError(f"{ENGLAND} takes in every board already.", f"Use {ENGLAND} alone.")
        if code not in names:
            raise TandemError(f"There is no board '{code}'.", _nearest(code, names))
    return codes


def scope_code(store: Store, scope: str) -> str:
    """Give the one way to write a scope: 'QOP+QE1' as 'QE1+QOP'. Raises TandemError as `boards_of` does."""
    return JOINT.join(boards_of(store, scope)) or ENGLAND


def scope_name(store: Store, scope: str) -> str:
    """Give a scope's plain name: 'England', a board's, or several boards' with 'and' between them.

    Raises TandemError as `boards_of` does.
    """
    names = dict(store.rows("SELECT code, name FROM boards"))
    return " and ".join(plain_name(names[code]) for code in boards_of(store, scope)) or "England"


def _nearest(scope: str, names: dict[str, str]) -> str:
    by_text = {code: code for code in names} | {
        plain_name(name).upper(): code for code, name in names.items()
    }
    wanted = scope.strip().upper()
    close = [text for text in by_text if wanted and wanted in text]
    close += get_close_matches(wanted, by_text, n=3, cutoff=0.4)
    codes = list(dict.fromkeys(by_text[text] for text in close))[:3] or sorted(names)[:3]
    offered = ", ".join(f"{code} ({plain_name(names[code])})" for code in codes)
    return f"Use {ENGLAND} or a board's code, such as {offered}."
