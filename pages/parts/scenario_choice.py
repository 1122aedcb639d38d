"""Which scenario a page shows: one of those saved for the board, or a ready-made one, kept in its link."""

from data.database.store import Store
from models.errors import TandemError
from pages.parts.scope import linked, linked_choice
from questions.choice import Choice, offered, read_choice

NAME = "with"  # the query parameter; Compare takes several of the same tokens in it


def choose_scenario(
    store: Store,
    board: str,
    *,
    key: str,
    label: str = "Scenario",
    without: str = "None: as things are heading",
) -> Choice | None:
    """Draw the selector of a scenario and give the chosen one; None while none is chosen.

    Offered are the scenarios saved for `board`, latest first, then the presets that change anything, and the
    one in the link. The choice is the query parameter `with`, so a link opens the page with it, and it goes
    along to other pages that have this selector. `key` names the widget; `without` is what no choice is
    called. A link's scenario that can't be read, or was saved for another board, is explained.
    """
    known, fault = dict(offered(store, board)), ""

    def explain(token: str) -> str:
        return fault or f"There is no scenario '{token[:40]}' here. Choose one of those offered."

    token = linked(NAME)
    if token and token not in known:
        try:
            named = read_choice(store, token)
            if named.saved is None or named.saved.scope == board:
                known[token] = named
            else:
                fault = f"'{named.title}' was saved for another health board. Choose one of those offered."
        except TandemError as unread:
            fault = f"{unread.message} {unread.remedy}"
    names = {"": without} | {each: offered_as(choice) for each, choice in known.items()}
    chosen = linked_choice(
        NAME,
        label,
        list(names),
        "",
        format_func=lambda each: names.get(each, each),
        explain=explain,
        key=key,
        help="Saved scenarios come first, the latest at the top. Make one in the scenario lab.",
    )
    return known.get(chosen)


def offered_as(choice: Choice) -> str:
    """What a choice is called in a selector: its title, and the version of one that is saved."""
    if choice.saved is None:
        return choice.title
    return f"{choice.title} (saved, version {choice.saved.version})"
