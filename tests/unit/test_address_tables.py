"""Tables of addresses: read with bounds, guessed, and refused with their lines."""

from __future__ import annotations

import contextlib
import io
import zipfile

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from participation.engagements.address_tables import (
    LARGEST_TABLE,
    AddressTable,
    BrokenAddresses,
    ColumnRole,
    addresses_of,
    guessed_roles,
    read_table,
)

TABLE = """Anrede;Nachname;Vorname;Adresszusatz;Straße;Hausnr.;PLZ;Ort
Frau;Noack;Erika;;Hauptstraße;1;15344;Lindenow
Herr;Krüger;Mato;c/o Muster;Am Markt;2a;01968;Senftenberg
"""


def read(text: str, encoding: str = "utf-8") -> AddressTable:
    return read_table(text.encode(encoding), "liste.csv")


def workbook(*rows: list[object]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return content.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_table_is_read_and_its_columns_are_guessed(encoding):
    table = read(TABLE, encoding)
    assert addresses_of(table, guessed_roles(table.headings)) == (
        ("Frau Erika Noack", "Hauptstraße 1", "15344 Lindenow"),
        ("Herr Mato Krüger", "c/o Muster", "Am Markt 2a", "01968 Senftenberg"),
    )
    assert table.lines == (2, 3)


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("Name", ColumnRole.NAME),
        ("VORNAME", ColumnRole.NAME),
        ("Strasse", ColumnRole.STREET),
        ("Straße und Hausnummer", ColumnRole.STREET),
        ("Hausnummer", ColumnRole.STREET),
        ("Postleitzahl", ColumnRole.TOWN),
        ("PLZ, Ort", ColumnRole.TOWN),
        ("Wohnort", ColumnRole.TOWN),
        ("Zusatz", ColumnRole.ADDITION),
        ("Geburtsdatum", None),
        ("Telefon", None),
        ("", None),
    ],
)
def test_headings_say_what_a_column_holds(heading, role):
    assert guessed_roles([heading]) == (role,)


def test_a_workbook_gives_postcodes_back_their_zero():
    content = workbook(
        ["Name", "Straße", "Hausnummer", "PLZ", "Ort"],
        ["Erika Noack", "Hauptstraße", 1, 1968, "Senftenberg"],
    )
    table = read_table(content, "liste.xlsx")
    assert addresses_of(table, guessed_roles(table.headings)) == (
        ("Erika Noack", "Hauptstraße 1", "01968 Senftenberg"),
    )


def test_a_table_without_a_heading_keeps_its_first_address():
    table = read("Erika Noack;Hauptstraße 1;15344 Lindenow\n")
    assert table.headings == ("Spalte 1", "Spalte 2", "Spalte 3")
    roles = [ColumnRole.NAME, ColumnRole.STREET, ColumnRole.TOWN]
    assert addresses_of(table, roles) == (("Erika Noack", "Hauptstraße 1", "15344 Lindenow"),)


def test_every_line_at_which_something_is_missing_is_named():
    table = read(
        "Name;Straße;Ort\n"
        "Erika;Hauptstraße 1;15344 Lindenow\n"
        ";Hauptstraße 2;15344 Lindenow\n"
        "\n"
        f"{'x' * 60};;Lindenow\n"
    )
    with pytest.raises(BrokenAddresses) as refusal:
        addresses_of(table, guessed_roles(table.headings))
    assert refusal.value.faults == (
        "Zeile 3: Der Name fehlt.",
        "Zeile 5: Die Straße fehlt.",
        "Zeile 5: Postleitzahl oder Ort fehlt.",
        "Zeile 5: Eine Zeile der Adresse ist länger als 48 Zeichen.",
    )


def test_names_from_all_of_europe_are_printed_and_other_scripts_are_named():
    table = read("Name;Straße;Ort\nĐặng Łužica Ş;Wólski puć 1;03046 Chóśebuz\n陳;A 1;15344 Ort\n")
    with pytest.raises(BrokenAddresses) as refusal:
        addresses_of(table, guessed_roles(table.headings))
    assert refusal.value.faults == (
        "Zeile 3: In der Adresse stehen Zeichen, die wir nicht drucken können.",
    )


def test_a_column_that_is_needed_must_be_chosen():
    table = read("a;b\n1;2\n")
    with pytest.raises(BrokenAddresses, match="Wählen Sie die Spalte für den Namen und die Straße"):
        addresses_of(table, [None, None])


def bomb() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 50_000_000)
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"", "a.csv", "leer"),
        (b" \n\n", "a.csv", "steht nichts"),
        (b"x" * (LARGEST_TABLE + 1), "a.csv", "1 MB"),
        (b"Name;Ort\n", "a.csv", "keine Adresse"),
        (b"\x00\x01\x02", "a.csv", "weder"),
        (b'Name;Ort\n"Erika;15344\n', "a.csv", "Zeile 2: Hier stimmen die Anf"),
        (b"Name;Ort\n" + b"x" * 300 + b";y\n", "a.csv", "Zeile 2: Eine Zelle"),
        (b";".join(b"x" for _ in range(40)), "a.csv", "mehr als 30 Spalten"),
        (b"Name\n" + b"x\n" * 5001, "a.csv", "mehr als 5.000"),
        (b"%PDF-1.7", "a.xlsx", "keine Excel-Datei"),
        (b"PK\x03\x04 broken", "a.xlsx", "nicht als Excel-Datei"),
        (bomb(), "a.xlsx", "zu groß"),
    ],
)
def test_what_is_no_table_is_refused_in_words(content, name, message):
    with pytest.raises(BrokenAddresses) as refusal:
        read_table(content, name)
    assert message in refusal.value.faults[0]


@given(st.binary(max_size=400), st.sampled_from(["a.csv", "a.xlsx"]))
def test_any_file_is_read_or_refused(content, name):
    with contextlib.suppress(BrokenAddresses):
        table = read_table(content, name)
        addresses_of(table, guessed_roles(table.headings))
