"""What a scope takes in: one board's providers with every commissioner, or England's published totals."""

from difflib import get_close_matches

from data.store import Store
from models.errors import TandemError
from models.organisations import ENGLAND, plain_name


def scope_condition(store: Store, scope: str) -> tuple[str, list[str]]:
    """Give the SQL condition, with its parameters, that picks the rows of a scope in each month.

    Raises TandemError that names the nearest boards when the scope is neither 'ENGLAND' nor a board's code.
    """
    if scope == ENGLAND:
        return "english", []
    names = dict(store.rows("SELECT code, name FROM boards"))
    if scope not in names:
        raise TandemError(f"There is no board '{scope}'.", _nearest(scope, names))
    return "board = ?", [scope]


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
