"""The simulation's compiled kernel, made ready before anybody asks for a run."""

import threading

import streamlit as st


@st.cache_resource(show_spinner=False)
def warm_kernel() -> threading.Thread:
    """Load the kernel in the background, once a server, compiling it after an update; gives the thread."""
    thread = threading.Thread(target=_warm, name="warm-kernel", daemon=True)
    thread.start()
    return thread


def _warm() -> None:
    from sim.warm import warm  # the compiler takes a while to load, and no page but the lab needs it

    warm()
