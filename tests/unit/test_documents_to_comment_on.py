"""Files that are put up for comment: what becomes of them, and which are refused."""

from __future__ import annotations

import io
import time
import tracemalloc
import zipfile

import pytest

from participation.comments import documents, word_files
from participation.comments.documents import read_document
from participation.comments.passages import PassageDraft, split_text
from participation.foundation.errors import Refused
from tests.word_documents import MAIN, TYPES, guideline, package, paragraph, said

ENTITIES = '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
FOREIGN = '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def refusal_of(content: bytes, name: str = "Entwurf.docx") -> str:
    with pytest.raises(Refused) as refusal:
        read_document(content, name)
    assert refusal.value.field == "document"
    return str(refusal.value)


def test_headings_of_a_word_document_become_structure():
    text = read_document(guideline(), "Leitlinie.docx")
    assert split_text(text) == [
        PassageDraft(
            "Die Stadt misst nur, was einer Aufgabe dient.", "Leitlinie für Sensoren – Zweck"
        ),
        PassageDraft("Kurz und ohne Punkt"),
        PassageDraft("- Verkehr"),
        PassageDraft("- Wetter"),
        PassageDraft("Rohwerte | 30 Tage", "Dauer"),
    ]


def test_the_revision_mode_is_read_as_if_all_was_accepted():
    body = (
        "<w:p><w:ins><w:r><w:t>Neu</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>Alt</w:delText></w:r></w:del><w:r><w:t>es gilt.</w:t></w:r></w:p>"
    )
    assert read_document(package(body), "a.docx") == "Neues gilt."


def test_a_heading_is_one_by_the_style_that_its_style_is_based_on_and_in_no_circle():
    styles = (
        f'<w:styles xmlns:w="{MAIN}">'
        '<w:style w:styleId="a"><w:name w:val="heading 2"/></w:style>'
        '<w:style w:styleId="b"><w:name w:val="Amt"/><w:basedOn w:val="a"/></w:style>'
        '<w:style w:styleId="c"><w:name w:val="x"/><w:basedOn w:val="c"/></w:style>'
        '<w:style w:styleId="d"><w:name w:val="toc 1"/></w:style></w:styles>'
    )
    body = (
        paragraph(said("Zweck ... 1"), '<w:pStyle w:val="d"/>')
        + paragraph(said("Zweck"), '<w:pStyle w:val="b"/>')
        + paragraph(said("Satz"), '<w:pStyle w:val="c"/>')
    )
    found = read_document(package(body, **{"word/styles.xml": styles}), "a.docx")
    assert found == "## Zweck\n\nSatz"


def test_a_note_at_the_foot_of_a_page_stands_where_its_number_stood():
    notes = (
        f'<w:footnotes xmlns:w="{MAIN}"><w:footnote w:id="-1"><w:p/></w:footnote>'
        '<w:footnote w:id="2">'
        + paragraph("<w:del><w:r><w:t>Alt.</w:t></w:r></w:del>" + said("Siehe"))
        + paragraph(said("Anlage 3."))
        + "</w:footnote></w:footnotes>"
    )
    ends = notes.replace("footnote", "endnote").replace("Anlage 3", "Anlage 4")
    body = paragraph(
        said("Wir messen")
        + '<w:r><w:footnoteReference w:id="2"/></w:r>'
        + said(" mit Maß")
        + '<w:r><w:endnoteReference w:id="2"/><w:footnoteReference w:id="9"/></w:r>'
        + said(".")
    )
    found = read_document(
        package(body, **{"word/footnotes.xml": notes, "word/endnotes.xml": ends}), "a.docx"
    )
    assert found == "Wir messen (Anmerkung: Siehe Anlage 3.) mit Maß (Anmerkung: Siehe Anlage 4.)."


def test_a_text_box_is_read_once():
    inner = f"<w:txbxContent>{paragraph(said('Kasten.'))}</w:txbxContent>"
    box = (
        '<m:AlternateContent xmlns:m="urn:m"><m:Choice>'
        f"{inner}</m:Choice><m:Fallback>{inner}</m:Fallback></m:AlternateContent>"
    )
    assert read_document(package(paragraph(box + said("Satz."))), "a.docx") == "Kasten.\n\nSatz."


def test_markdown_becomes_the_same_kind_of_text():
    markdown = (
        "---\ntitle: Entwurf\n---\n<!-- intern -->\nZweck\n=====\n\nWir *messen* nur, was\nnötig "
        "ist. [Mehr](https://lindenow.example/x)\n\n- eins\n- zwei <b>fett</b>\n\n"
        "|a|b|\n|-|-|\n|c|d|\n\n### Dauer ###\n\nDreißig Tage.\n"
    )
    assert read_document(markdown.encode(), "a.md").split("\n\n") == [
        "# Zweck",
        "Wir messen nur, was nötig ist. Mehr (https://lindenow.example/x)",
        "- eins",
        "- zwei fett",
        "a | b",
        "c | d",
        "### Dauer",
        "Dreißig Tage.",
    ]


def test_signs_that_nobody_sees_are_left_out():
    body = paragraph(said("Gut\u202e so\u2028weiter.\ufeff"))
    assert read_document(package(body), "a.docx") == "Gut so\nweiter."
    assert read_document("\ufeffGut\u202e so.\r\n".encode(), "a.md") == "Gut so."


def test_a_text_in_the_old_code_of_windows_is_read():
    assert read_document("Grüße für alle.".encode("cp1252"), "a.md") == "Grüße für alle."


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (b"", "a.docx", "leer"),
        (b"Nur Text", "a.docx", "auch wenn sie so heißt"),
        (b"%PDF-1.7", "a.pdf", "auch wenn sie so heißt"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.doc", "Passwort"),
        (guideline()[:-200], "a.docx", "beschädigt"),
        (b"PK\x03\x04" + b"x" * 50, "a.md", "beschädigt"),
        (package(paragraph(said("x")), types=TYPES.replace("wordprocessingml", "s")), "a", "kein"),
        (package("<w:p>"), "a.docx", "beschädigt"),
        (package("&a;", head=ENTITIES), "a.docx", "verweist"),
        (package("&a;", head=FOREIGN), "a.docx", "verweist"),
        (package(paragraph(said("x")), **{"word/vbaProject.bin": "x"}), "a.docx", "Makros"),
        (package("<w:sdt>" * 70 + "</w:sdt>" * 70), "a.docx", "verschachtelt"),
        (package(), "a.docx", "kein Text"),
        (b" \n<!-- x -->", "a.md", "kein Text"),
        (b"a\0b", "a.md", "weder"),
        (b"\x89PNG\r\n\x1a\n\x81\x8d", "a.md", "weder"),
        (b"wort " * 50_000, "a.md", "200.000"),
        (b"x" * (documents.LARGEST_DOCUMENT + 1), "a.md", "8 MB"),
        (package(paragraph(said("wort " * 50_000))), "a.docx", "200.000"),
        (package(**{f"word/{i}.xml": "" for i in range(2_001)}), "a.docx", "ausgepackt"),
    ],
)
def test_a_file_that_is_none_is_refused_with_the_reason(content, name, why):
    assert why in refusal_of(content, name)


def test_a_bomb_is_refused_before_it_is_unpacked():
    bomb = package(" " * (50 * word_files.LARGEST_PART))
    assert len(bomb) < documents.LARGEST_DOCUMENT
    tracemalloc.start()
    begun = time.process_time()
    assert "ausgepackt" in refusal_of(bomb)
    assert time.process_time() - begun < 2
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 4 * word_files.LARGEST_PART


def test_a_bomb_of_tags_is_refused_in_time():
    body = "<w:p/>" * 600_000
    begun = time.process_time()
    assert "ausgepackt" in refusal_of(package(body))
    assert time.process_time() - begun < 20


def test_a_size_that_a_package_claims_changes_nothing():
    content = bytearray(package(paragraph(said("x" * 90))))
    place = content.rindex(b"PK\x01\x02")
    content[place + 24 : place + 28] = (7).to_bytes(4, "little")
    refusal_of(bytes(content))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_package_with_its_text_twice_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        for _ in range(2):
            archive.writestr("word/document.xml", "<x/>")
    assert "kein Word-Dokument" in refusal_of(file.getvalue())
