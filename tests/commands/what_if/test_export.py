"""The export command on the shipped figures."""

import io
from pathlib import Path

import openpyxl
import pytest
from pptx import Presentation

import cli
from data.database.store import Store

pytestmark = pytest.mark.integration


def test_files_say_the_answer_that_is_printed(
    reference_store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["export", "--store", str(reference_store.path), "--board", "QK1", "--scenario", "extra-sessions"]
    files = [tmp_path / f"board{ending}" for ending in (".pptx", ".xlsx", ".html", ".csv", ".yaml")]
    named = [part for file in files for part in ("--out", str(file))]
    assert cli.main([*asked, "--weeks", "52", "--replications", "2", *named]) == 0
    answer = capsys.readouterr().out.splitlines()[0]
    assert answer.startswith("By August 2026 ")
    show = Presentation(io.BytesIO(files[0].read_bytes()))
    assert answer in [shape.text_frame.text for shape in show.slides[0].shapes if shape.has_text_frame]
    book = openpyxl.load_workbook(files[1])
    assert book["README"]["B3"].value == answer
    assert answer in files[2].read_text(encoding="utf-8")
    assert "Leicester, Leicestershire and Rutland (QK1)" in files[3].read_text(encoding="utf-8-sig")
    # the scenario file is a scenario file
    again = [*asked[:-1], str(files[4]), "--weeks", "52", "--replications", "2", "--out", str(files[2])]
    assert cli.main(again) == 0
    assert capsys.readouterr().out.splitlines()[0] == answer


@pytest.mark.parametrize(
    ("name", "said"), [("board.doc", "ends in none of .pptx"), ("none/board.pptx", "There is no folder")]
)
def test_what_cannot_be_written_is_said_before_the_run(
    reference_store: Store, tmp_path: Path, name: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["export", "--store", str(reference_store.path), "--out", str(tmp_path / name)]
    assert cli.main(asked) == 1
    assert said in capsys.readouterr().err


def test_a_pairing_that_leaves_its_trusts_open_has_them_chosen(
    reference_store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "pair.xlsx"
    asked = ["export", "--store", str(reference_store.path), "--board", "QE1", "--scenario", "trust-pairing"]
    run = ["--weeks", "12", "--replications", "1", "--price", "clinic=900", "--scorecard", "--out", str(path)]
    assert cli.main([*asked, *run]) == 0
    capsys.readouterr()
    book = openpyxl.load_workbook(path)
    said = {str(name): value for name, value in book["README"].iter_rows(min_row=3, values_only=True)}
    assert "trust that is helped R" in said["Levers"]
    assert said["Prices, given by the planner"] == "extra clinic sessions £900 each"
    assert {"Costs", "Scorecard", "Travel"} <= set(book.sheetnames)
