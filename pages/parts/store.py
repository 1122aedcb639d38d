"""The one store that all sessions share, opened on first use and built where there is none."""

import streamlit as st

from data.database.store import Store, default_path
from data.opening import open_with_figures
from data.returns.lists import months
from models.errors import TandemError


def shared_store() -> Store:
    """Give the store; on the very first start it is built from the shipped figures, with progress shown.

    Raises TandemError when the file can't be opened, or is held by another process.
    """
    path = default_path()
    if not path.exists():
        _build_with_progress()
    return _open(str(path))


def held_months(store: Store) -> list[str]:
    """Give the months held, oldest first; raises TandemError where there is none."""
    present = months(store)
    if not present:
        raise TandemError(
            "The store holds no month of the waiting list yet.", "Import the official file on the Data page."
        )
    return present


@st.cache_resource(show_spinner=False, max_entries=4, on_release=Store.close)
def _open(path: str) -> Store:
    return open_with_figures(path)


def _build_with_progress() -> None:
    # Outside the cached function: a cached function may not write to a bar that was drawn before it.
    first = "Building the store from the shipped figures"
    bar = st.progress(0.0, text=f"{first} …")

    def shown(fraction: float, message: str) -> None:
        bar.progress(min(max(fraction, 0.0), 1.0), text=f"{first} … {fraction:.0%}. {message}.")

    open_with_figures(progress=shown).close()
    bar.empty()
