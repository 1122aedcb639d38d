"""Whether some kinds of patients fall behind, and what each provider gives and takes."""

from collections.abc import Mapping

import streamlit as st

from models.matching.fairness import CHANCE
from models.matching.preview import Preview
from models.matching.summary import give_and_take
from pages.sharing.matching.tables import readable, table

_CHARACTERISTICS = {
    "deprivation": "Deprivation, tenths (1 the most deprived)",
    "age": "Age",
    "sex": "Sex",
    "distance": "How far patients will travel",
}


def show_fairness(preview: Preview) -> None:
    """Draw the share with a place by deprivation, age, sex and distance, and warn where a group is behind."""
    panel = preview.fairness
    behind = panel[panel["behind"]]
    if len(behind):
        groups = "1 group falls" if len(behind) == 1 else f"{len(behind)} groups fall"
        st.markdown(f"#### {groups} behind by more than chance")
        for warning in behind["warning"]:
            st.warning(warning)
    else:
        st.markdown("#### No group falls behind by more than chance")
    st.caption(
        f"A group is behind where chance alone would leave it so few places less than once in "
        f"{round(1 / CHANCE)}, shared among the groups of its characteristic. It says that a group falls "
        "behind, not why: exclusions, distance and claims differ between groups."
    )
    config = st.column_config
    with st.grid(2, min_column_width=420):
        for characteristic, label in _CHARACTERISTICS.items():
            rows = panel[panel["characteristic"] == characteristic].assign(
                percent=lambda each: 100 * each["share"],
                others=lambda each: 100 * each["share_of_others"],
                group=lambda each: each["group"] + each["behind"].map({True: ": behind", False: ""}),
            )
            with st.container(gap="small"):
                st.markdown(f"**{label}**")
                st.dataframe(
                    rows[["group", "patients", "matched", "percent", "others"]],
                    hide_index=True,
                    key=f"match_fair_{characteristic}",
                    placeholder="–",
                    alt=f"Share with a place by {label.lower()}",
                    height=35 * (len(rows) + 1) + 3,
                    column_config={
                        "group": config.TextColumn("Group", width=170),
                        "patients": config.NumberColumn("Patients", format="localized", width=80),
                        "matched": config.NumberColumn("Placed", format="localized", width=70),
                        "percent": config.ProgressColumn(
                            "Placed, %", format="%.0f", min_value=0, max_value=100, width=110
                        ),
                        "others": config.NumberColumn("Others, %", format="%.0f", width=80),
                    },
                )


def show_give_and_take(preview: Preview, names: Mapping[str, str]) -> None:
    """Draw what each provider gives and takes, most places filled first."""
    each = give_and_take(preview).sort_values(
        ["places_filled", "patients_placed", "provider"], ascending=[False, False, True]
    )
    columns = ["organisation", "patients_listed", "patients_placed", "places_offered", "places_filled"]
    st.caption(
        "How many of its patients could be seen elsewhere, and how many of its places would be filled."
    )
    table(
        readable(each, names).rename(columns={"provider": "organisation"}),
        columns,
        key="match_providers",
        alt="What each provider gives and takes",
    )
