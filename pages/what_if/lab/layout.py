"""Where the parts of the scenario lab stand: levers beside the answer, or under it where there is no room."""

from typing import Any

import streamlit as st

NARROW = 800  # pixels for levers and answer together, below which they can't stand side by side
# Streamlit's own grids keep the order in which they are written; on a tablet the answer has to come first.
_STYLE = f"""<style>
.st-key-lab_room {{ container-type: inline-size; }}
.st-key-lab_halves.st-key-lab_halves {{
  display: grid; grid-template-columns: minmax(260px, 1fr) minmax(0, 2fr); grid-template-rows: auto auto 1fr;
  column-gap: 2rem; row-gap: 1rem; align-items: start;
}}
.st-key-lab_halves > * {{ min-width: 0; }}
.st-key-lab_halves > :has(> .st-key-lab_start) {{ grid-column: 1 / span 2; grid-row: 1; }}
.st-key-lab_halves > :has(> .st-key-lab_levers) {{ grid-column: 1; grid-row: 2 / span 2; }}
.st-key-lab_halves > :has(> .st-key-lab_head) {{ grid-column: 2; grid-row: 2; }}
.st-key-lab_halves > :has(> .st-key-lab_detail) {{ grid-column: 2; grid-row: 3; }}
@container (max-width: {NARROW}px) {{
  .st-key-lab_halves.st-key-lab_halves {{ display: flex; }}
  .st-key-lab_halves > :has(> .st-key-lab_head) {{ order: -1; }}
}}
</style>"""


def lab_places() -> tuple[Any, Any, Any, Any]:
    """Containers of the scenarios to start from, the levers, the answer's head and its detail.

    They stand in that order, the levers left of the last two; in a narrow window the head comes first.
    """
    st.html(_STYLE)
    with st.container(key="lab_room"), st.container(key="lab_halves"):
        start, levers = st.container(key="lab_start"), st.container(key="lab_levers")
        return start, levers, st.container(key="lab_head"), st.container(key="lab_detail")


def point_at(key: str) -> None:
    """Draw a frame around the part of the page whose container has this key."""
    st.html(
        f"<style>.st-key-{key} {{ outline: 3px solid #2D75D9; outline-offset: 8px; border-radius: 4px; }}"
        "</style>"
    )
