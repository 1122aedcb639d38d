"""One patient's card: who it is about, the offers side by side, the answer, the rules and the proof."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Literal

import numpy as np
import pandas as pd
import streamlit as st

from models.errors import TandemError
from models.matching.answers import latest
from models.matching.card import proof, rules_checked
from models.matching.columns import LABELS
from models.matching.frames import CONFIRMED
from models.matching.preview import Preview
from models.matching.rules import RULES
from models.matching.solving.offers import STANDBY
from models.matching.terms import Answer, Decision, Refusal
from models.rtt.treatment_functions import TREATMENT_FUNCTIONS
from pages.sharing.matching.tables import PATIENT_KEY, columns_shown, named, table
from pages.sharing.matching.words import rounded_miles

Take = Callable[[Decision], None]
_KINDS: Mapping[str, str] = {
    "held": "Held for the patient",
    "spare": "Spare: offered to nobody else",
    STANDBY: "Standby: held by somebody else",
    CONFIRMED: "Accepted",
}
MOST_RULES = 200  # places of the table of rules


def show_card(preview: Preview, names: Mapping[str, str], who: str, take: Take) -> None:
    """Draw the card of the patient chosen, or how to choose one; `take` is given what is answered."""
    ids = preview.inputs.patients.ids
    if st.session_state.get(PATIENT_KEY) not in ids:  # another list, or none chosen yet
        st.session_state[PATIENT_KEY] = str(ids[int(np.argmax(preview.matched))])
    chosen: str = st.session_state[PATIENT_KEY]
    typed = st.text_input(
        "Patient",
        chosen,
        key=f"match_card_{chosen}",
        width=260,
        help="A pseudonym of the list. Choosing a row of another table opens the card too.",
    ).strip()
    if typed != chosen:
        if typed in ids:
            st.session_state[PATIENT_KEY] = chosen = typed
        else:
            st.error(
                f"The list has no patient {typed[:40]}.\n\n**What to do:** Type a pseudonym of the list."
            )
            return
    _show_patient(preview, chosen, names)
    offers = preview.offers[preview.offers["patient_id"] == chosen]
    if len(offers):
        _show_offers(offers, names, who, take)
    else:
        st.markdown("**No place is offered.**")
    if chosen in set(preview.unmatched["patient_id"]):
        _show_why_not(preview, chosen, names)
    _show_answers(preview, chosen)
    _show_rules(preview, chosen, names)


def _show_patient(preview: Preview, chosen: str, names: Mapping[str, str]) -> None:
    row = preview.inputs.patient_frame.iloc[int(np.searchsorted(preview.inputs.patients.ids, chosen))]
    label = " · synthetic" if bool(row["synthetic"]) else ""
    function = TREATMENT_FUNCTIONS[row["treatment_function"]].name
    st.markdown(f"#### {chosen}{label}: {function}, {LABELS[row['setting']]}, waiting {_weeks(row)}")
    procedure = f", {row['procedure']}" if pd.notna(row["procedure"]) and row["procedure"] else ""
    booked = "no next appointment"
    if pd.notna(row["next_appointment"]):
        booked = f"next appointment {pd.Timestamp(row['next_appointment']):%-d %B %Y}"
    miles = row["travel_miles"]
    particulars = [
        f"at {names.get(row['home_provider'], row['home_provider'])}{procedure}",
        f"priority {row['priority']}",
        booked,
        "travels anywhere" if np.isinf(miles) else f"travels {rounded_miles(float(miles))}",
        _known("ASA {:g}", row["asa"]),
        _known("BMI {:g}", row["bmi"]),
        _known("aged {}", row["age_band"]),
        _known("deprivation tenth {:g}", row["deprivation"]),
        *[words for column, words in _NEEDS.items() if bool(row[column])],
        f"home trust's approval: {row['home_approval']}",
    ]
    st.caption(" · ".join(each for each in particulars if each))


_NEEDS = {
    "can_video": "can be seen by video",
    "can_telephone": "can be seen by telephone",
    "needs_interpreter": "needs an interpreter",
    "needs_diagnostic": "needs a diagnostic test",
}


def _weeks(row: pd.Series) -> str:
    return "1 week" if row["weeks_waited"] == 1 else f"{row['weeks_waited']} weeks"


def _known(words: str, value: object) -> str:
    return "" if pd.isna(value) else words.format(value)


def _show_offers(offers: pd.DataFrame, names: Mapping[str, str], who: str, take: Take) -> None:
    with st.grid(min(len(offers), 5), min_column_width=200):
        for offer in offers.itertuples(index=False):
            with st.container(border=True, gap="small"):
                st.markdown(f"**{offer.rank}. {names.get(offer.provider, offer.provider)}**")
                named_so = pd.isna(offer.site) or offer.site == names.get(offer.provider)
                where = "" if named_so else f"{offer.site}  \n"
                st.markdown(
                    f"{where}{LABELS[offer.medium].capitalize()}  \n{rounded_miles(offer.miles)}  \n"
                    f"Week of {offer.week:%-d %B %Y}  \n{offer.weeks_waited_then} weeks waited by then"
                )
                st.badge(_KINDS[offer.kind], color=_COLOURS[offer.kind])
                if offer.kind != CONFIRMED:
                    _show_buttons(offer, who, take)


_COLOURS: Mapping[str, Literal["blue", "green", "orange"]] = {
    "held": "blue",
    "spare": "green",
    STANDBY: "orange",
    CONFIRMED: "blue",
}


def _show_buttons(offer: Any, who: str, take: Take) -> None:
    name = f"{offer.patient_id}_{offer.slot_id}"

    def answer(given: Answer) -> None:
        reason = st.session_state.get(f"match_reason_{name}", Refusal.OTHER)
        take(
            Decision(
                offer.patient_id,
                offer.slot_id,
                given,
                who,
                datetime.now(UTC).replace(tzinfo=None),
                reason if given is Answer.REFUSED else Refusal.OTHER,
                st.session_state.get(f"match_note_{name}", "").strip() if given is Answer.REFUSED else "",
            )
        )

    if offer.kind != STANDBY:
        st.button(
            "Accept",
            key=f"match_accept_{name}",
            type="primary",
            width="stretch",
            on_click=answer,
            args=(Answer.ACCEPTED,),
        )
    with st.popover("Refuse", width="stretch"):
        st.selectbox(
            "Why", list(Refusal), key=f"match_reason_{name}", format_func=lambda each: each.capitalize()
        )
        st.text_input(
            "Note", key=f"match_note_{name}", max_chars=120, help="No names; who it is about is known."
        )
        st.button("Refuse this offer", key=f"match_refuse_{name}", on_click=answer, args=(Answer.REFUSED,))
    st.button(
        "No answer", key=f"match_silent_{name}", width="stretch", on_click=answer, args=(Answer.NO_ANSWER,)
    )


def _show_why_not(preview: Preview, chosen: str, names: Mapping[str, str]) -> None:
    row = preview.unmatched.set_index("patient_id").loc[chosen]
    st.warning(f"**{row['reason']}**\n\nWhat would change it: {row['change']}")
    if not row["suitable_places"]:
        return
    panel = st.expander(
        "The proof: who holds the places, and why they could go nowhere else",
        key="match_proof",
        on_change="rerun",
    )
    if not panel.open:
        return
    with panel:
        try:
            shown = proof(preview, chosen)
        except TandemError as fault:
            st.error(f"{fault.message}\n\n**What to do:** {fault.remedy}")
            return
        st.markdown(shown.sentence)
        places = shown.places.assign(provider=named(shown.places["provider"], names))
        table(
            places,
            ["slot_id", "provider", "week", "count"],
            key="match_proof_places",
            alt="Places that could come to the patient by others moving",
        )
        table(
            shown.holders,
            ["patient_id", "slot_id", "priority", "weeks_waited"],
            key="match_proof_holders",
            alt="Patients who hold those places",
        )


def _show_answers(preview: Preview, chosen: str) -> None:
    for each in latest(preview.decisions):
        if each.patient_id == chosen:
            reason = f" ({each.reason})" if each.answer is Answer.REFUSED else ""
            st.caption(
                f"{each.answer.capitalize()} {each.slot_id}{reason}, taken down by {each.who} on "
                f"{each.when:%-d %B %Y at %H:%M} UTC. {each.note}"
            )


def _show_rules(preview: Preview, chosen: str, names: Mapping[str, str]) -> None:
    panel = st.expander(
        "Every place of this treatment function against every rule",
        key="match_rules_shown",
        on_change="rerun",
    )
    if not panel.open:
        return
    with panel:
        checked = rules_checked(preview, chosen)
        kept = int((checked["failed"] == 0).sum())
        few = f"; the first {MOST_RULES} are shown" if len(checked) > MOST_RULES else ""
        st.caption(
            f"{kept:,} of {len(checked):,} offered weeks keep every rule. A tick where one is kept. Fewest "
            f"rules broken first, then the nearest{few}."
        )
        shown = checked.head(MOST_RULES).assign(provider=lambda each: named(each["provider"], names))
        shown["broken"] = [
            ", ".join(rule.heading.lower() for name, rule in RULES.items() if not row[name]) or "none"
            for row in shown[list(RULES)].to_dict("records")
        ]
        places = ["slot_id", "provider", "week", "miles", "broken"]
        st.dataframe(
            shown[[*places, *RULES]],
            hide_index=True,
            key="match_rules",
            height=388,
            alt="Places against rules: a tick where the rule is kept",
            column_config=columns_shown(shown[places])
            | {"broken": st.column_config.TextColumn("Rules broken", width=220)}
            | {
                name: st.column_config.CheckboxColumn(rule.heading, help=rule.sentence, width=110)
                for name, rule in RULES.items()
            },
        )
