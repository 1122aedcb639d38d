"""The match preview as a planner meets it: lists in, matched, answered, undone, edited, taken away."""

import csv
import io
import time
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

import run as run_py
from data.database.store import Store
from data.imports.rtt_extract import import_rtt
from data.imports.templates import as_written
from data.saved.matching import matching_lists, slots_of, store_patients, store_slots
from data.saved.matching_steps import decisions_of, keep_matching, steps_of
from data.writers.workbook import workbook
from models.columns import Column, names
from models.matching.columns import PATIENTS, SLOTS
from models.matching.preview import Preview, preview_matching
from models.matching.terms import Answer, Refusal, Terms
from models.rtt.organisations import Place, Provider
from pages.sharing.matching.export import as_csv, match_report, site_lists, tables, zipped
from pages.sharing.matching.lists import patient_warnings, slot_warnings
from pages.sharing.matching.map import arcs_of, marks_of
from pages.sharing.matching.patients import free_name
from pages.sharing.matching.slots import first_monday
from pages.sharing.matching.words import headline, three_figures
from tests.data import extracts
from tests.models.matching.small_lists import AS_OF, TERMS, frame, patient, slot

pytestmark = pytest.mark.integration

PAGE = "pages/sharing/match_preview.py"
STEPS = ("1 · Who is waiting", "2 · What is offered", "3 · The preview")
NEXT = pd.Timestamp(date.today() + timedelta(days=14 - date.today().weekday()))  # a Monday to come


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store of one small month, which the page opens too."""
    path = tmp_path / "small.duckdb"
    monkeypatch.setenv("TANDEM_STORE", str(path))
    with Store.create(path) as opened:
        import_rtt(opened, extracts.save(tmp_path, extracts.extract()))
        yield opened


def open_match(**query: str) -> AppTest:
    page = AppTest.from_file(str(run_py.ROOT / "app.py"), default_timeout=60)
    page.query_params.update({"board": "QK1", **query})
    page.switch_page(PAGE)
    return settled(page.run())


def settled(page: AppTest) -> AppTest:
    """The page once its matching is done: the browser polls, here it is drawn again."""
    for _ in range(400):
        assert not page.exception
        if not any(button.key == "match_stop" for button in page.button):
            return page
        time.sleep(0.5)
        page.run()
    raise AssertionError("the matching did not end")


def matched(store: Store, patients: list[dict[str, Any]], slots: list[dict[str, Any]]) -> AppTest:
    """The page with a preview of these rows."""
    one = store_patients(store, "QK1", "Waiting", listed(patients, PATIENTS), {})
    other = store_slots(store, "QK1", "Offered", listed(slots, SLOTS), {})
    keep_matching(store, "First", one.id, other.id, Terms(date.today()), "AB")
    return open_match()


def listed(rows: list[dict[str, Any]], columns: tuple[Column, ...]) -> pd.DataFrame:
    """Rows with every described column, as an importer gives them."""
    return frame(*({"synthetic": False} | row for row in rows)).reindex(columns=names(columns))


def at(slot_id: str = "S1", **changed: Any) -> dict[str, Any]:
    """A place in a week to come."""
    return slot(slot_id, week=NEXT, **changed)


def upload(page: AppTest, side: str, name: str, rows: pd.DataFrame) -> AppTest:
    turn = page.session_state[f"match_{side}_turn"]
    content = rows.to_csv(index=False).encode()
    page.file_uploader(key=f"match_{side}_file_{turn}").set_value((name, content, "text/csv")).run()
    return settled(page.button(key=f"match_{side}_import").click().run())


def written_patients(*rows: dict[str, Any]) -> pd.DataFrame:
    return as_written(frame(*rows).reindex(columns=names(PATIENTS)), PATIENTS)


def heading(page: AppTest) -> str:
    (title,) = (each.value for each in page.markdown if each.value.startswith("## "))
    return title.removeprefix("## ")


def show(page: AppTest, tab: str) -> AppTest:
    return settled(page.segmented_control(key="match_tab").set_value(tab).run())


def test_an_empty_page_offers_uploads_and_made_up_lists(store: Store) -> None:
    page = open_match()
    assert page.info[0].value.startswith("**A preview for planners. No patient is moved by it.**")
    assert page.segmented_control(key="match_step").value == STEPS[0]
    assert {"match_try", "match_make_patients", "match_patients_import"} <= {each.key for each in page.button}


def test_lists_come_in_by_upload_and_are_matched(store: Store) -> None:
    page = upload(open_match(), "patients", "october.csv", written_patients(patient("P1"), patient("P2")))
    assert [each.value for each in page.metric[:2]] == ["2", "1"]  # patients, providers
    page.button(key="match_next_1").click().run()
    rows = as_written(frame(at()).reindex(columns=names(SLOTS)), SLOTS)
    page = upload(page, "slots", "offers.csv", rows)
    page.button(key="match_next_2").click().run()
    page = settled(page.button(key="match_go").click().run())
    assert heading(page) == "1 of 2 patients could have a place. 1 could not."
    assert not page.warning  # nothing synthetic, nobody behind


def test_an_identity_is_refused_without_repeating_it_and_nothing_is_stored(store: Store) -> None:
    rows = written_patients(patient("P1")).assign(procedure="943 476 5919")  # a valid check digit
    page = upload(open_match(), "patients", "october.csv", rows)
    (refused,) = (each.value for each in page.error)
    assert refused.startswith("**This list may say who people are. Nothing was stored.**")
    assert "october.csv, line 2, column procedure" in refused
    assert "5919" not in refused
    assert matching_lists(store, "patients") == []


def test_every_fault_of_a_file_is_told_by_line_and_column(store: Store) -> None:
    rows = written_patients(patient("P1"), patient("P2"))
    rows.loc[0, "priority"], rows.loc[1, "weeks_waited"] = "9", "long"
    page = upload(open_match(), "patients", "october.csv", rows)
    assert "october.csv has 2 faults." in page.error[0].value
    faults = page.dataframe[0].value
    assert faults[["Line", "Column"]].to_numpy().tolist() == [[2, "priority"], [3, "weeks_waited"]]
    assert matching_lists(store, "patients") == []


def test_synthetic_lists_are_labelled_wherever_they_are_shown(store: Store) -> None:
    made = patient("P1", synthetic=True)
    page = matched(store, [made], [at()])
    assert page.warning[0].value.startswith("**Synthetic.**")
    page = show(page, "One patient")
    assert any("P1 · synthetic" in each.value for each in page.markdown)


def test_accepting_keeps_the_place_and_refusing_gives_it_to_the_next(store: Store) -> None:
    page = show(matched(store, [patient("P1", weeks_waited=60), patient("P2")], [at()]), "One patient")
    page.selectbox(key="match_reason_P1_S1").set_value(Refusal.WEEK).run()
    page.text_input(key="match_note_P1_S1").set_value("away").run()
    page = settled(page.button(key="match_refuse_P1_S1").click().run())
    (made,) = store.rows("SELECT id FROM matchings")
    (refusal,) = decisions_of(store, made[0])
    assert (refusal.patient_id, refusal.answer, refusal.reason) == ("P1", Answer.REFUSED, Refusal.WEEK)
    assert (refusal.who, refusal.note) == ("planner", "away")
    page = show(page, "Who would go where")
    assert page.dataframe[1].value["patient_id"].tolist() == ["P2"]
    page.session_state["match_patient"] = "P2"
    page = show(page, "One patient")
    page = settled(page.button(key="match_accept_P2_S1").click().run())
    assert {each.label: each.value for each in page.metric}["Accepted so far"] == "1"
    page = show(page, "Answers so far")
    assert page.dataframe[0].value["answer"].tolist() == ["accepted", "refused"]
    page.selectbox(key="match_undo_step_2").set_value(1).run()
    page = settled(page.button(key="match_undo").click().run())
    # P1's priority key is the stronger, but P2 has accepted and is not moved
    assert [each.patient_id for each in decisions_of(store, made[0])] == ["P2"]
    assert len(steps_of(store, made[0])) == 3
    assert show(page, "Who would go where").dataframe[1].value["patient_id"].tolist() == ["P2"]


def test_the_reasons_and_the_proof_are_told(store: Store) -> None:
    waiting = [patient("P1", weeks_waited=60), patient("P2"), patient("P3", travel_miles=30.0)]
    page = show(matched(store, waiting, [at()]), "No place, and why")
    assert page.dataframe[0].value["rule"].tolist() == ["Held by stronger claims", "Distance"]
    page.session_state["match_patient"] = "P3"
    page = show(page, "One patient")
    # a mile out of reach with 30, and P1 has the stronger priority, so that no change gives a place
    assert page.warning[0].value.startswith("**No place: places are farther than 30 miles.**")
    page.session_state["match_patient"] = "P2"
    page.session_state["match_proof"] = page.session_state["match_rules_shown"] = True
    page = settled(page.run())
    kept = page.dataframe[-1].value.iloc[0]  # S1 against every rule
    assert (kept["slot_id"], kept["broken"]) == ("S1", "none")
    assert any(each.value.startswith("1 patient holds every place") for each in page.markdown)


def test_the_export_holds_what_the_page_shows(store: Store) -> None:
    page = show(matched(store, [patient("P1")], [at()]), "Take away")
    page.selectbox(key="match_site").select_index(0).run()
    assert not page.exception
    keys = {each.key for each in page.get("download_button")}
    assert {"match_export_xlsx", "match_export_zip", "match_export_sites", "match_export_site_csv"} <= keys


def small_preview(**changed: Any) -> Preview:
    """Six patients for one provider's seven places, and one who can't go."""
    waiting = [patient(f"P{number}", **changed) for number in range(6)]
    return preview_matching(frame(*waiting, patient("P9", asa=None)), frame(slot(count=7, max_asa=3)), TERMS)


def test_each_sites_list_has_its_patients_and_no_formula() -> None:
    files = site_lists(small_preview(home_provider="=1+1"), {"NVC07": "Woodland Hospital"})
    assert list(files) == ["Woodland Hospital (NVC07)  Woodland.csv"]
    rows = list(
        csv.DictReader(io.StringIO(files["Woodland Hospital (NVC07)  Woodland.csv"].decode("utf-8-sig")))
    )
    assert [row["patient_id"] for row in rows] == [f"P{number}" for number in range(6)]
    assert {row["home_provider"] for row in rows} == {"'=1+1"}
    assert rows[0]["week"] == "2026-09-07"


def test_small_counts_are_left_out_of_the_tables_that_count() -> None:
    few = preview_matching(frame(patient("P1"), patient("P2")), frame(slot(count=2)), TERMS)
    taken = match_report(few, {}, "Leicester", {}, small=True)
    sheets = {sheet.name: sheet.frame for sheet in taken.sheets}
    assert sheets["Pairs of providers"]["patients"].tolist() == ["<5"]
    assert sheets["Sites"]["patients"].tolist() == ["<5"]
    assert sheets["Fairness"]["share"].isna().all()
    assert sheets["Matches"]["patient_id"].tolist() == ["P1", "P2"]
    whole = {sheet.name: sheet.frame for sheet in match_report(few, {}, "Leicester", {}, small=False).sheets}
    assert whole["Pairs of providers"]["patients"].tolist() == [2]
    assert whole["Fairness"]["share"].tolist() == [1.0] * 4


def test_the_workbook_and_the_zip_open_again() -> None:
    taken = match_report(small_preview(), {}, "Leicester", {"Preview": "First"}, small=False)
    book = openpyxl.load_workbook(io.BytesIO(workbook(taken)))
    assert book["Matches"]["A2"].value == "P0"
    assert book["Reasons"].max_row == 2
    with zipfile.ZipFile(io.BytesIO(zipped(tables(taken)))) as archive:
        assert "README.txt" in archive.namelist()
        assert archive.read("README.txt").decode().startswith("6 of 7 patients could have a place.")


def test_a_cell_of_a_csv_stays_text() -> None:
    rows = as_csv(pd.DataFrame({"note": ["@SUM(A1)", "well"], "day": [pd.Timestamp("2026-09-07"), pd.NaT]}))
    assert rows.decode("utf-8-sig").splitlines() == ["note,day", "'@SUM(A1),2026-09-07", "well,"]


def test_warnings_count_what_a_matching_leaves_out() -> None:
    waiting = frame(
        patient("P1", home_approval="asked"), patient("P2", home_approval="no", latitude=None, bmi=None)
    )
    warnings = patient_warnings(waiting)
    assert warnings[0].startswith("1 of 2 wait for their home trust's answer")
    assert warnings[1] == "1 of 2 may not move: their home trust said no."
    assert warnings[2].startswith("For 1 it is not known where they live")
    assert warnings[3].startswith("For 2 neither a next appointment nor the expected wait is known")
    assert warnings[4].startswith("1 no bmi")
    offered = frame(slot("S1", weeks=-1, count=3), slot("S2", treatment_function="C_130", count=2))
    warnings = slot_warnings(offered, waiting, first_monday(AS_OF))
    assert warnings == [
        "3 places are in weeks that have begun: they are not matched.",
        "2 places are for treatment functions nobody on the list waits for.",
    ]


def test_the_first_week_is_one_that_has_not_begun() -> None:
    assert first_monday(date(2026, 8, 31)) == pd.Timestamp("2026-08-31")  # a Monday
    assert first_monday(date(2026, 9, 1)) == pd.Timestamp("2026-09-07")


def test_a_headline_gives_three_figures_and_who_is_left_out() -> None:
    assert [three_figures(number) for number in (7.4, 999, 18_682)] == ["7", "999", "18,700"]
    # a place a week on, in place of one expected after 20: 19 weeks each
    assert headline(small_preview(expected_weeks=20.0)) == (
        "6 of 7 patients could have a place and save 114 weeks of waiting in all. 1 could not."
    )


def test_the_map_has_an_arc_a_pair_and_leaves_out_what_has_no_place() -> None:
    pairs = pd.DataFrame(
        {"home_provider": ["A", "A", "A"], "provider": ["B", "C", "Z"], "patients": [30, 15, 2]}
    )
    providers = {
        code: Provider(code, code, "QK1", Place(latitude, -1.0))
        for code, latitude in (("A", 52.0), ("B", 52.5), ("C", 53.0))
    }
    arcs = arcs_of(pairs, providers)
    assert arcs["width"].tolist() == [9.0, 4.5]  # 30 patients the widest, 15 half of it
    assert arcs["to"].tolist() == [[-1.0, 52.5], [-1.0, 53.0]]
    marks = marks_of(pairs, providers).set_index("code")
    assert marks["amount"].to_dict() == {"A": 0.0, "B": 30.0, "C": 15.0}
    assert marks["said"]["A"] == "0 would come, 47 would go"


def test_a_name_that_is_taken_gets_a_number() -> None:
    assert free_name("October", {"october", "october, 2"}) == "October, 3"


def test_slots_can_be_edited_and_withdrawn_on_the_page(store: Store) -> None:
    page = matched(store, [patient("P1")], [at("S1"), at("S2")])
    page = settled(page.segmented_control(key="match_step").set_value(STEPS[1]).run())
    (offered,) = matching_lists(store, "slots")
    page.session_state["match_slots_editor_shown"] = True
    page = settled(page.run())
    rows = f"match_slots_editor_rows_{offered.id}_0"
    page.session_state[rows] = {"edited_rows": {0: {"count": 3}}, "added_rows": [], "deleted_rows": [1]}
    page = settled(page.button(key="match_slots_editor_save").click().run())
    assert not page.error
    left = slots_of(store, offered.id)
    assert left[["slot_id", "count"]].to_numpy().tolist() == [["S1", 3]]
