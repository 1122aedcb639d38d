"""The product's version, as written into the store's ledger and every saved run."""

import tomllib
from pathlib import Path

# Tandem is not installed but runs from its folder, where this file always stands.
_PROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"
PRODUCT_VERSION: str = tomllib.loads(_PROJECT.read_text(encoding="utf-8"))["project"]["version"]
