"""Messages about a wait on the page: drafted from the figures, edited, judged for reading age, taken away."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from data.writers.mail_merge import LEAST_SHARE, Told, mail_merge, mail_merge_report
from data.writers.workbook import workbook
from models.errors import TandemError
from models.waits.messages import FIELDS, Audience, OwnText, Variant, draft, filled, whole
from models.waits.reading_age import reading_age
from pages.parts.scope import linked_choice
from pages.sharing.matching.export import as_csv

AUDIENCES: dict[Audience, str] = {"patients": "To patients", "practice": "To the practice"}
VARIANTS: dict[Variant, str] = {
    "usual": "where both waits are known",
    "longest": "where more than one in ten wait over two years",
    "not_known": "where the wait is not known",
}
EDITOR = 420  # pixels

state = st.session_state


def show_messages(
    told: Sequence[Told],
    practice: str,
    area: str,
    area_name: str,
    month: str,
    everyone: Callable[[], list[Told]],
) -> None:
    """Draw the messages about one of the hospitals in `told`, and the mail merge of what `everyone` gives."""
    st.subheader("What to tell patients and practices", anchor=False)
    if not told:
        st.info("No hospital has enough of the area's referrals here for a message. Choose another function.")
        return
    names = {each.provider: each.wait.hospital for each in told}
    provider = linked_choice(
        "hospital",
        "Hospital",
        list(names),
        next(iter(names)),
        format_func=lambda code: names.get(code, code),
        explain=lambda code: f"'{code}' has few of the area's referrals here. Shown is the most used.",
        key="wait_hospital",
    )
    chosen = next(each for each in told if each.provider == provider)
    own = own_text()
    for tab, audience in zip(st.tabs(list(AUDIENCES.values())), AUDIENCES, strict=True):
        with tab:
            _show_one(chosen, practice, audience, own)
            _show_merge(audience, own, area, area_name, month, everyone)


def own_text() -> OwnText:
    """The board's own text, as typed on the page: nothing is written for it."""
    with st.expander("Your board's own text: who to contact, Welsh, easy read"):
        st.caption(
            "Tandem writes none of these, and does not translate. Left empty, their places stay marked."
        )
        contact = st.text_area("Who to contact", key="wait_contact", height=80)
        welsh = st.text_area("The message in Welsh", key="wait_welsh", height=80)
        easy = st.text_area("The message in easy read", key="wait_easy_read", height=80)
    return OwnText(contact, welsh, easy)


def template_of(audience: Audience, variant: Variant) -> str:
    """The template as edited in this session, or as it ships."""
    edited: str = state.get(f"kept_{_key(audience, variant)}", "")
    return edited or draft(audience, variant)


def _key(audience: Audience, variant: Variant) -> str:
    return f"message_{audience}_{variant}"


def _show_one(chosen: Told, practice: str, audience: Audience, own: OwnText) -> None:
    wait = replace(chosen.wait, practice=practice)
    key = _key(audience, wait.variant)
    state.setdefault(key, template_of(audience, wait.variant))

    def keep() -> None:
        state[f"kept_{key}"] = state[key]

    def ship() -> None:
        state.pop(f"kept_{key}", None)
        state[key] = draft(audience, wait.variant)

    halves = st.grid(2, min_column_width=380, gap="medium")
    with halves.cell():
        st.text_area(
            f"The text, {VARIANTS[wait.variant]}",
            key=key,
            height=EDITOR,
            on_change=keep,
            help="Fields in curly brackets are filled from the figures. The mail merge uses it too.",
        )
        with st.container(horizontal=True):
            st.button("Use Tandem's text again", on_click=ship, key=f"{key}_ship", type="tertiary")
            with st.popover("Fields", type="tertiary"):
                st.markdown("\n".join(f"- `{{{name}}}`: {meaning}" for name, meaning in FIELDS.items()))
    with halves.cell():
        try:
            message = filled(state[key], wait, own)
        except TandemError as fault:
            st.error(f"{fault.message}\n\n**What to do:** {fault.remedy}")
            return
        ease = reading_age(message)
        (st.warning if ease.too_hard else st.success)(ease.said())
        st.caption("As it is sent; the button in its corner copies it.")
        st.code(whole(message, own), language=None, wrap_lines=True, height=EDITOR - 20)
        if own.missing():
            st.caption(f"Still for the board to write: {', '.join(own.missing())}.")


def _show_merge(
    audience: Audience,
    own: OwnText,
    area: str,
    area_name: str,
    month: str,
    everyone: Callable[[], list[Told]],
) -> None:
    st.markdown(f"**Mail merge for every practice in {area_name}**")
    st.caption(
        f"A row a practice, treatment function and hospital with {100 * LEAST_SHARE:.0f}% of its referrals "
        "or more: the fields, the message filled in, the month and the method. It holds no personal data."
    )
    templates = {variant: template_of(audience, variant) for variant in VARIANTS}

    def rows() -> pd.DataFrame:
        return mail_merge(everyone(), area, audience, templates, own)

    named = f"while you wait, {area}, {'patients' if audience == 'patients' else 'practices'}, {month}"
    with st.container(horizontal=True):
        st.download_button(
            "Mail merge, CSV",
            lambda: as_csv(rows()),
            f"{named}.csv",
            key=f"merge_csv_{audience}",
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button(
            "Mail merge, Excel",
            lambda: workbook(mail_merge_report(rows(), area_name, month, audience)),
            f"{named}.xlsx",
            key=f"merge_xlsx_{audience}",
            icon=":material/download:",
            on_click="ignore",
        )
