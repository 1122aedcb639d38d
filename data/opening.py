"""Opens the store, and fills a new one with the figures that ship."""

from pathlib import Path

from data.database.store import Progress, Store
from data.shipped.load import load


def open_with_figures(path: str | Path | None = None, progress: Progress | None = None) -> Store:
    """Open the store at `path`, by default `default_path()`, built from the shipped figures if it is new.

    Arguments and errors as for `Store.open`.
    """
    return Store.open(path, progress, fill=load)
