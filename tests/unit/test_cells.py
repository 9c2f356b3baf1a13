"""Cells of tables: none becomes a formula, and every text can be had again."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participation.foundation.cells import Cell, as_written, csv_lines, guarded
from participation.foundation.workbooks import Sheet, write_workbook

SIGNS = "=+-@\t\r\n＝＋－＠"
DELIMITERS = ";,|\t\n\r"


@pytest.mark.parametrize("sign", SIGNS)
def test_no_cell_begins_with_a_sign_that_is_computed(sign):
    assert guarded(f"{sign}1+1").startswith("'")
    assert guarded(f'harmlos;{sign}cmd|" /C calc"!A0').startswith(f"harmlos;'{sign}")
    assert "'" not in guarded(f"a{sign}b") or sign in DELIMITERS


def test_a_nul_does_not_hide_a_sign():
    assert guarded("\x00=1+1") == "'␀'=1+1"


@given(st.text(alphabet=SIGNS + DELIMITERS + "'\" aß", max_size=12))
def test_every_text_is_found_again_and_no_part_of_it_is_computed(text):
    cell = guarded(text)
    assert as_written(cell) == text
    for delimiter in DELIMITERS:
        for part in cell.split(delimiter):
            assert part.lstrip(' "')[:1] not in set(SIGNS) - {"\n", "\r", "\t"}


def test_a_csv_file_holds_every_text_and_real_numbers():
    rows: list[list[Cell]] = [["a", "=1+1", 'sagt "ja"; -2'], ["", -3, None]]
    content = b"".join(csv_lines(rows)).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(content))) == [
        ["a", "'=1+1", 'sagt "ja"; \'-2'],
        ["", "-3", ""],
    ]


def test_a_workbook_has_no_formula_no_link_no_hidden_sheet_and_no_author(tmp_path):
    path = tmp_path / "tabelle.xlsx"
    rows: list[list[Cell]] = [["Kopf"], ["=1+1"], ["https://example.org"], ["@SUM(A1)"], [5]]
    write_workbook(path, [Sheet("Antworten", rows), Sheet("Code/buch", [["x"]])])
    with zipfile.ZipFile(path) as book:
        names = book.namelist()
        content = {name: book.read(name).decode() for name in names if name.endswith(".xml")}
    everything = "".join(content.values())
    assert "<f>" not in everything
    assert "hyperlink" not in everything
    assert "state=" not in content["xl/workbook.xml"]
    assert content["xl/workbook.xml"].count("<sheet ") == 2
    assert "2000-01-01" in content["docProps/core.xml"]
    assert "<dc:creator></dc:creator>" in content["docProps/core.xml"]
    assert "&apos;=1+1" in everything or "'=1+1" in everything
