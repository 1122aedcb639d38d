"""What is taken away from a match preview: a workbook of everything, and each offering site's own list."""

import io
import zipfile
from collections.abc import Mapping

import pandas as pd
import streamlit as st

from data.database.version import PRODUCT_VERSION
from data.writers.workbook import workbook
from models.matching.preview import Preview
from models.matching.summary import flows, give_and_take, summary
from models.reports.report import FEW, Message, Report, Sheet, inert, suppressed
from pages.sharing.matching.tables import readable
from pages.sharing.matching.words import headline

SITE_COLUMNS = (
    "slot_id",
    "provider",
    "site",
    "week",
    "medium",
    "treatment_function",
    "setting",
    "patient_id",
    "home_provider",
    "priority",
    "weeks_waited",
    "confirmed",
    "synthetic",
)
CAVEATS = (
    "A preview for planners: no patient is moved by it. A clinician decides, and the patient chooses.",
    "Miles are as the crow flies, from about where the patient lives.",
)


def show_export(preview: Preview, names: Mapping[str, str], place: str, about: Mapping[str, str]) -> None:
    """Draw the downloads; each file is made when it is asked for."""
    small = st.toggle(
        f"Leave out counts under {FEW}",
        True,
        key="match_small",
        help="In the tables that count patients: by provider, by pair of providers, fairness and sites.",
    )
    st.caption(
        "The lists hold a row a patient, by pseudonym, and go only to those who may see them. Cells that a "
        "spreadsheet could take for a formula are made plain text."
    )
    named = "match preview" + (" synthetic" if preview.synthetic else "")
    with st.container(horizontal=True):
        st.download_button(
            "Everything, Excel",
            lambda: workbook(match_report(preview, names, place, about, small=small)),
            f"{named}.xlsx",
            key="match_export_xlsx",
            icon=":material/download:",
            on_click="ignore",
            type="primary",
        )
        st.download_button(
            "Everything, CSV",
            lambda: zipped(tables(match_report(preview, names, place, about, small=small))),
            f"{named}.zip",
            key="match_export_zip",
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button(
            "Each site's list, CSV",
            lambda: zipped(site_lists(preview, names)),
            f"{named}, by site.zip",
            key="match_export_sites",
            icon=":material/download:",
            on_click="ignore",
        )
    _show_one_site(preview, names, about, named)


def _show_one_site(preview: Preview, names: Mapping[str, str], about: Mapping[str, str], named: str) -> None:
    sites = _sites(preview, names)
    site = st.selectbox(
        "One site's list",
        sorted(sites),
        index=None,
        key="match_site",
        placeholder="An offering site",
        width=460,
    )
    if site:
        rows = sites[site]
        with st.container(horizontal=True):
            st.download_button(
                "This site, CSV",
                lambda: as_csv(rows),
                f"{named}, {_file_name(site)}.csv",
                on_click="ignore",
                key="match_export_site_csv",
                icon=":material/download:",
            )
            st.download_button(
                "This site, Excel",
                lambda: workbook(site_report(preview, names, site, about)),
                f"{named}, {_file_name(site)}.xlsx",
                on_click="ignore",
                key="match_export_site_xlsx",
                icon=":material/download:",
            )


def match_report(
    preview: Preview, names: Mapping[str, str], place: str, about: Mapping[str, str], *, small: bool
) -> Report:
    """Gives all tables of a preview; with `small`, counts under five are left out of those that count."""
    figures = summary(preview)
    by_site = [(site, len(rows)) for site, rows in sorted(_sites(preview, names).items())]
    sheets = (
        Sheet("Matches", "A row a patient with a place.", readable(preview.matches, names)),
        Sheet(
            "Offers",
            "Up to five a patient, best first; standby is held by somebody else.",
            readable(preview.offers, names).astype({"kind": str}),
        ),
        Sheet(
            "Reasons",
            "A row a patient without a place: why, and what would change it.",
            readable(preview.unmatched, names),
        ),
        Sheet(
            "Places left",
            "A row a week of a service with places left, and why.",
            readable(preview.unused, names),
        ),
        Sheet(
            "Sites",
            "Patients who would go to each site.",
            pd.DataFrame(by_site, columns=["site", "patients"]),
            ("patients",),
        ),
        Sheet(
            "Providers",
            "What each provider gives and takes.",
            readable(give_and_take(preview), names),
            ("patients_listed", "patients_placed", "places_filled"),
        ),
        Sheet(
            "Pairs of providers",
            "Who would go from where to where.",
            readable(flows(preview), names),
            ("patients",),
        ),
        _fairness(preview, small),
    )
    taken = _taken(preview, place, figures.sentences()[0], sheets, about)
    return suppressed(taken) if small else taken


def _fairness(preview: Preview, small: bool) -> Sheet:
    frame = preview.fairness.copy()
    if small:  # from a share the count could be worked out again
        few = (frame["patients"] < FEW) | frame["matched"].between(1, FEW - 1)
        frame.loc[few, ["share", "share_of_others", "chance"]] = float("nan")
        frame.loc[few, "warning"] = ""
    return Sheet(
        "Fairness",
        "The share with a place by group, and the chance of so few.",
        frame,
        ("patients", "matched"),
    )


def site_report(preview: Preview, names: Mapping[str, str], site: str, about: Mapping[str, str]) -> Report:
    """Gives one offering site's list."""
    rows = _sites(preview, names)[site]
    sheet = Sheet("Patients", "Who would come, a row a patient by pseudonym.", rows)
    sentence = f"{len(rows):,} {'patient' if len(rows) == 1 else 'patients'} could come to {site}."
    return _taken(preview, site, sentence, (sheet,), about)


def _taken(
    preview: Preview, place: str, sentence: str, sheets: tuple[Sheet, ...], about: Mapping[str, str]
) -> Report:
    return Report(
        title="Match preview",
        place=place,
        data_month=f"{preview.terms.as_of:%B %Y}",
        headline=headline(preview) if len(sheets) > 1 else sentence,
        messages=(Message(sentence),),
        sheets=sheets,
        about={**about, "As of": f"{preview.terms.as_of:%-d %B %Y}", "Tandem": PRODUCT_VERSION},
        caveats=CAVEATS,
        labels=("Synthetic",) if preview.synthetic else (),
    )


def tables(taken: Report) -> dict[str, bytes]:
    """Gives each table of a report as a CSV by its name, and what it rests on as text."""
    about = [taken.headline, *taken.labels, *taken.caveats, *(f"{k}: {v}" for k, v in taken.about.items())]
    files = {f"{sheet.name}.csv": as_csv(sheet.frame) for sheet in taken.sheets}
    return {"README.txt": "\n".join(about).encode(), **files}


def site_lists(preview: Preview, names: Mapping[str, str]) -> dict[str, bytes]:
    """Gives each offering site's list as a CSV by a file name."""
    return {f"{_file_name(site)}.csv": as_csv(rows) for site, rows in _sites(preview, names).items()}


def _sites(preview: Preview, names: Mapping[str, str]) -> dict[str, pd.DataFrame]:
    """Gives the matches of each offering site, by the provider's name and code and the site's."""
    by_site = {}
    matches = preview.matches.assign(site=preview.matches["site"].astype(object).fillna(""))
    for (code, site), rows in matches.groupby(["provider", "site"], sort=True):
        name = names.get(str(code), str(code))
        called = f"{name} ({code})" + (f", {site}" if site and site != name else "")
        ordered = rows.sort_values(["week", "slot_id", "patient_id"])
        by_site[called] = readable(ordered, names)[list(SITE_COLUMNS)]
    return by_site


def as_csv(frame: pd.DataFrame) -> bytes:
    """Gives a table as CSV for a spreadsheet, with no cell that could be taken for a formula."""
    dated = frame.assign(
        **{name: frame[name].dt.strftime("%Y-%m-%d") for name in frame if frame[name].dtype.kind == "M"}
    )
    return dated.astype(object).map(inert).to_csv(index=False).encode("utf-8-sig")


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Gives files by name as one zip."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return whole.getvalue()


def _file_name(site: str) -> str:
    return "".join(each if each.isalnum() or each in " ()-" else " " for each in site)[:80].strip()
