"""Staff puts a text or parts of the strategy up for comment."""

from __future__ import annotations

import io
import re
from html import unescape

import pytest

from participation.accounts.models import Role
from participation.comments.models import CommentRound
from participation.comments.queries import passages_of
from participation.comments.word_files import LARGEST_PART
from participation.strategy.queries import adopted_version
from tests.comment_forms import count, only
from tests.word_documents import guideline, package

ENTITIES = '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.fixture
def plan_fields():
    return {
        "title": "Entwurf der Strategie",
        "scope_open": "Der Wortlaut.",
        "scope_closed": "Die Frist.",
        "elements": ["M-01", "M-02"],
        "opens_on": "2026-05-07",
        "opens_time": "08:00",
        "closes_on": "2026-06-07",
        "closes_time": "23:59",
        "audience": "open",
        "moderation_mode": "before",
        "results_mode": "at_closing",
        "voting": "y",
    }


@pytest.fixture
def version(site):
    strategy = site.make.adopted_strategy(site.municipality)
    found = adopted_version(site.session, strategy.id)
    site.session.commit()
    return found


def test_staff_puts_parts_of_the_strategy_up_for_comment(site, version, plan_fields):
    staff = site.staff(Role.STRATEGIST)
    assert staff.get("/beteiligung/neu/kommentarrunde").status_code == 200
    said = plan_fields | {"source": "version", "version": str(version.id), "split": "paragraph"}
    preview = staff.post("/beteiligung/neu/kommentarrunde", data=said | {"preview": "1"})
    assert preview.status_code == 200
    assert "Das Bürgerbüro öffnet an drei Tagen ohne Termin." in preview.text
    assert count(site, CommentRound) == 0
    sent = staff.post("/beteiligung/neu/kommentarrunde", data=said)
    assert sent.status_code == 303
    opened = only(site, CommentRound)
    assert (opened.version_id, opened.voting, opened.published_at) == (version.id, True, None)
    passages = passages_of(site.session, opened.id)
    assert [passage.heading for passage in passages] == [
        "M-01 Bürgerservice ohne Termin",
        "M-02 Rufbus per Telefon und App",
    ]
    assert passages[0].element is not None
    assert passages[0].element.code == "M-01"


def test_staff_pastes_a_text(site, version, plan_fields):
    staff = site.staff(Role.STRATEGIST)
    said = plan_fields | {
        "source": "text",
        "split": "paragraph",
        "version": str(version.id),
        "text": "Zweck\r\n\r\nWir messen wenig.\r\n\r\nWir löschen bald.",
    }
    assert staff.post("/beteiligung/neu/kommentarrunde", data=said).status_code == 303
    opened = only(site, CommentRound)
    assert opened.version_id is None
    assert [(it.code, it.heading, it.text) for it in opened.passages] == [
        ("1", "Zweck", "Wir messen wenig."),
        ("2", "", "Wir löschen bald."),
    ]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"source": "text", "text": " "}, "Fügen Sie den Text ein"),
        ({"version": "999999"}, "Fassung"),
        ({"elements": []}, "mindestens einen Teil"),
        ({"source": "text", "text": "x" * 8001}, "ist zu lang"),
        ({"title": ""}, "Geben Sie der Beteiligung einen Titel."),
    ],
)
def test_a_wrong_round_is_refused_and_kept(site, version, plan_fields, wrong, message):
    staff = site.staff(Role.STRATEGIST)
    said = plan_fields | {"source": "version", "version": str(version.id), "split": "element"}
    answer = staff.post("/beteiligung/neu/kommentarrunde", data=said | wrong)
    assert answer.status_code == 422
    assert message in answer.text
    assert "Der Wortlaut." in answer.text
    assert count(site, CommentRound) == 0


def test_without_an_adopted_version_a_text_can_still_be_pasted(site, plan_fields):
    site.make.strategy(site.municipality)
    site.session.commit()
    staff = site.staff(Role.STRATEGIST)
    page = staff.get("/beteiligung/neu/kommentarrunde").text
    assert "Welchen Text legen Sie aus?" not in page
    said = plan_fields | {"elements": ["HF-1"], "text": "Ein Absatz, der zählt."}
    assert staff.post("/beteiligung/neu/kommentarrunde", data=said).status_code == 303


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.ANALYST])
def test_only_strategists_and_administrators_open_rounds(site, role):
    assert site.staff(role).get("/beteiligung/neu/kommentarrunde").status_code == 403
    assert site.visitor().get("/beteiligung/neu/kommentarrunde").status_code in {302, 303}


HOME = "/beteiligung/neu/kommentarrunde"
PASTED = {"source": "text", "split": "paragraph"}


def text_in(page):
    return unescape(
        re.findall(r'<textarea[^>]* name="text"[^>]*>\s*(.*?)</textarea>', page, re.S)[0]
    )


def test_passages_are_shown_before_the_rest_is_filled_in(site, version, plan_fields):
    staff = site.staff(Role.STRATEGIST)
    said = plan_fields | PASTED | {"version": str(version.id), "title": ""}
    file = (io.BytesIO(guideline()), "Leitlinie.docx")
    for sent in ({"document": file}, {"text": "Eins.\n\nZwei.", "preview": "1"}):
        shown = staff.post(HOME, data=said | sent)
        assert shown.status_code == 422
        assert "So wird der Text geteilt" in shown.text
        assert "Bitte prüfen Sie eine Angabe" in shown.text
        assert shown.text.count("autofocus") == 1
    assert count(site, CommentRound) == 0


def test_an_uploaded_document_is_looked_at_before_it_is_stored(site, version, plan_fields):
    staff = site.staff(Role.STRATEGIST)
    said = plan_fields | PASTED | {"version": str(version.id)}
    file = (io.BytesIO(guideline()), "Leitlinie.docx")
    preview = staff.post(HOME, data=said | {"document": file})
    assert preview.status_code == 200
    assert "So wird der Text geteilt: 5 Abschnitte" in preview.text
    assert count(site, CommentRound) == 0
    # Two items of the list are put together by hand.
    corrected = text_in(preview.text).replace("- Verkehr\n\n- Wetter", "- Verkehr\n- Wetter")
    assert staff.post(HOME, data=said | {"text": corrected}).status_code == 303
    assert [(it.code, it.heading, it.text) for it in only(site, CommentRound).passages] == [
        (
            "1",
            "Leitlinie für Sensoren – Zweck",
            "Die Stadt misst nur, was einer Aufgabe dient.",
        ),
        ("2", "", "Kurz und ohne Punkt"),
        ("3", "", "- Verkehr\n- Wetter"),
        ("4", "Dauer", "Rohwerte | 30 Tage"),
    ]


def test_a_file_is_kept_as_text_when_something_else_is_wrong(site, version, plan_fields):
    said = plan_fields | PASTED | {"version": str(version.id), "title": ""}
    file = (io.BytesIO(b"# Zweck\n\nWir messen wenig."), "leitlinie.md")
    answer = site.staff(Role.STRATEGIST).post(HOME, data=said | {"document": file})
    assert answer.status_code == 422
    assert text_in(answer.text) == "# Zweck\n\nWir messen wenig."


@pytest.mark.parametrize(
    ("content", "typed", "why"),
    [
        (b"nur Text", "", "auch wenn sie so heißt"),
        (guideline()[:-60], "", "Word-Dokument"),
        (package("<w:p/>", head=ENTITIES), "", "Wir lesen sie nicht"),
        (package(" " * (2 * LARGEST_PART)), "", "ausgepackt"),
        (guideline(), "Schon getippt.", "steht schon etwas"),
    ],
    ids=["text", "cut off", "entities", "bomb", "twice"],
)
def test_a_wrong_file_is_refused_at_its_field_and_what_was_typed_is_kept(
    site, version, plan_fields, content, typed, why
):
    said = plan_fields | PASTED | {"version": str(version.id), "text": typed}
    file = (io.BytesIO(content), "Entwurf.docx")
    answer = site.staff(Role.STRATEGIST).post(HOME, data=said | {"document": file})
    assert answer.status_code == 422
    assert why in re.findall(r'id="document-error".*?</p>', answer.text, re.S)[0]
    assert text_in(answer.text) == typed
    assert "Der Wortlaut." in answer.text
    assert count(site, CommentRound) == 0


def test_a_document_with_too_many_passages_comes_into_the_field_to_be_cut(
    site, version, plan_fields
):
    said = plan_fields | PASTED | {"version": str(version.id)}
    file = (io.BytesIO(b"Satz.\n\n" * 301), "lang.md")
    answer = site.staff(Role.STRATEGIST).post(HOME, data=said | {"document": file})
    assert answer.status_code == 422
    assert "301 Abschnitte" in answer.text
    assert text_in(answer.text).count("Satz.") == 301
