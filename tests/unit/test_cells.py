"""Cells of tables: none becomes a formula, and every text can be had again."""

from __future__ import annotations

import csv
import io
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from participation.foundation import workbooks
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


def opened(path: Path) -> dict[str, Any]:
    book = CalamineWorkbook.from_path(str(path))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_a_workbook_has_no_formula_no_link_no_hidden_sheet_and_no_author(tmp_path):
    path = tmp_path / "tabelle.xlsx"
    rows: list[list[Cell]] = [["Kopf"], ["=1+1"], ["https://example.org"], ["@SUM(A1)"], [5]]
    write_workbook(path, [Sheet("Antworten", rows), Sheet("Code/buch", [["x"]])])
    with zipfile.ZipFile(path) as book:
        parts = book.infolist()
        content = {part.filename: book.read(part).decode() for part in parts}
    everything = "".join(content.values())
    assert "<f>" not in everything
    assert "hyperlink" not in everything
    assert "state=" not in content["xl/workbook.xml"]
    assert content["xl/workbook.xml"].count("<sheet ") == 2
    assert not any(name.startswith("docProps") for name in content)
    assert {part.date_time[0] for part in parts} == {1980}
    assert opened(path) == {
        "Antworten": [["Kopf"], ["'=1+1"], ["https://example.org"], ["'@SUM(A1)"], [5]],
        "Code buch": [["x"]],
    }


def test_a_workbook_says_what_another_program_would_have_written(tmp_path):
    rows: list[list[Cell]] = [
        [f"Spalte {number}" for number in range(60)],
        [None, " am Rand ", "<b>&amp;</b> 'x' \"y\"", "zwei\nZeilen", 0, -3, 2.5, Decimal("12.50")],
        ["", "_x000D_", "_x", "Grüße 👋", True, 10**15, 1e-9],
    ]
    ours, theirs = tmp_path / "ours.xlsx", tmp_path / "theirs.xlsx"
    write_workbook(ours, [Sheet("Antworten", rows)])
    with xlsxwriter.Workbook(str(theirs), {"constant_memory": True}) as book:
        page = book.add_worksheet("Antworten")
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                if isinstance(cell, str):
                    page.write_string(number, place, cell)
                elif cell is not None:
                    page.write_number(number, place, cell)
    assert opened(ours) == opened(theirs)
    assert opened(ours)["Antworten"][1][1] == " am Rand "


def test_signs_that_xml_cannot_hold_are_written_by_their_numbers(tmp_path):
    path = tmp_path / "tabelle.xlsx"
    text = "".join(map(chr, range(1, 32))) + "\ufffe\ud800"
    write_workbook(path, [Sheet("Antworten", [["x" + text]])])
    with zipfile.ZipFile(path) as book:
        content = book.read("xl/worksheets/sheet1.xml")
    ElementTree.fromstring(content)
    assert b"_x0001_" in content
    assert b"_x000D_" in content
    assert b"_xD800_" in content


def test_more_rows_than_a_workbook_holds_are_refused_and_none_is_lost(tmp_path, monkeypatch):
    monkeypatch.setattr(workbooks, "MOST_ROWS", 3)
    path = tmp_path / "tabelle.xlsx"
    write_workbook(path, [Sheet("Antworten", [["a"]] * 3)])
    with pytest.raises(workbooks.TooManyRows):
        write_workbook(path, [Sheet("Antworten", [["a"]] * 4)])
