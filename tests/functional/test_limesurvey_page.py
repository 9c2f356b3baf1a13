"""A clerk takes a questionnaire of LimeSurvey over by a page: a draft, or nothing and why."""

from __future__ import annotations

import ast
import gzip
import io
from pathlib import Path

import pytest
import sqlalchemy as sa

from participation.accounts.models import Role
from participation.journal.models import JournalEntry
from participation.maintenance import lss_kinds, lss_survey
from participation.maintenance.lss_german import words_of
from participation.surveys.models import Survey
from tests.limesurvey import answers, lss, question, words
from tests.pages import pressed

PATH = "/verwaltung/umfragen/limesurvey"
TWO_LANGUAGES = lss(
    [question(1), question(2, "|")],
    [words(1), words(1, "How are you?", "en"), words(2, "Ihr Foto?")],
    answers(1, "A", "B"),
    languages=("de", "en"),
)


@pytest.fixture
def clerk(site):
    return site.staff(Role.STRATEGIST)


def hand_in(browser, content: str | bytes, name="fragen.lss", **more):
    body = content.encode() if isinstance(content, str) else content
    return browser.post(PATH, data=more | {"file": (io.BytesIO(body), name)})


def surveys(site):
    site.session.expire_all()
    return site.session.scalars(sa.select(Survey)).all()


def test_the_page_is_offered_beside_the_templates(clerk):
    assert PATH in clerk.get("/beteiligung/neu/umfrage").text
    assert 'type="file"' in clerk.get(PATH).text


def test_a_file_becomes_a_draft_and_what_is_different_is_told_by_code(site, clerk):
    answer = hand_in(clerk, TWO_LANGUAGES)
    assert answer.status_code == 200
    (survey,) = surveys(site)
    assert (survey.title, survey.published_at) == ("Aus dem anderen Programm", None)
    assert "Eine Frage ist übernommen." in answer.text
    assert "Englisch" in answer.text
    assert '<b class="bt-strong">q2</b>: Dateien kann man hier nicht mitschicken' in answer.text
    questions = clerk.get(f"/verwaltung/beteiligungen/{survey.slug}/fragen").text
    assert "Wie geht es?" in questions
    entries = site.session.scalars(
        sa.select(JournalEntry).filter_by(action="engagement.imported")
    ).all()
    assert [entry.actor_id is not None for entry in entries] == [True]


def test_a_packed_file_and_a_title_of_its_own_are_taken(site, clerk):
    answer = hand_in(clerk, gzip.compress(TWO_LANGUAGES.encode()), "fragen.lss.gz", title="Neu")
    assert answer.status_code == 200
    assert [survey.title for survey in surveys(site)] == ["Neu"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Die Datei ist leer."),
        (b"%PDF-1.7", "Zeile 1: Hier ist die Datei beschädigt"),
        (b"\x1f\x8b\x08kaputt", "Die gepackte Datei ist beschädigt."),
        ("<!DOCTYPE x [<!ENTITY a 'b'>]><document/>", "Entitäten"),
        (lss([question(1)], kind="Group"), "Das ist keine Umfrage aus LimeSurvey."),
        (
            lss([question(1), question(1, title="q1")]),
            '<b class="bt-strong">q1</b>: Diesen Code gibt es zweimal.',
        ),
        (
            lss([question(1), question(2)]),
            '<b class="bt-strong">q2</b>: Es gibt keine Antwort zum Auswählen.',
        ),
    ],
)
def test_a_faulty_file_is_refused_with_every_fault_and_nothing_is_stored(
    site, clerk, content, said
):
    refused = hand_in(clerk, content)
    assert refused.status_code == 422
    assert said in refused.text
    assert "Gespeichert ist nichts." in refused.text
    assert surveys(site) == []


def test_without_a_file_the_form_says_so(site, clerk):
    _action, fields = pressed(clerk.get(PATH).text, "Übernehmen")
    refused = clerk.post(PATH, data=fields)
    assert refused.status_code == 422
    assert "Wählen Sie eine Datei aus." in refused.text


def test_a_file_may_be_larger_than_other_forms_and_not_without_end(site, clerk):
    padded = TWO_LANGUAGES.replace("</document>", f"<!--{'x' * 3_000_000}--></document>")
    for content, status in ((padded, 200), (b" " * 5_000_000, 413)):
        answer = hand_in(clerk, content)
        assert answer.status_code == status
        # What the client put together for it stands in a file of its own.
        answer.request.environ["wsgi.input"].close()
    assert len(surveys(site)) == 1


def test_the_same_file_is_asked_about_before_it_becomes_a_second_draft(site, clerk):
    hand_in(clerk, TWO_LANGUAGES)
    packed = gzip.compress(TWO_LANGUAGES.encode())
    asked = hand_in(clerk, packed, "umbenannt.lss.gz", title="Noch einmal")
    assert asked.status_code == 409
    assert "Diese Datei ist schon übernommen" in asked.text
    assert "Am 7. Mai 2026 wurde daraus diese Umfrage:" in asked.text
    (survey,) = surveys(site)
    assert f'href="/verwaltung/beteiligungen/{survey.slug}/fragen"' in asked.text
    _action, fields = pressed(asked.text, "Übernehmen")
    assert fields["title"] == ["Noch einmal"]
    assert 'name="again"' in asked.text
    assert hand_in(clerk, packed, again="y", title="Noch einmal").status_code == 200
    assert {one.title for one in surveys(site)} == {"Aus dem anderen Programm", "Noch einmal"}


def test_another_file_and_one_whose_draft_was_deleted_are_taken_without_asking(site, clerk):
    hand_in(clerk, TWO_LANGUAGES)
    assert (
        hand_in(clerk, TWO_LANGUAGES.replace("How are you?", "How do you do?")).status_code == 200
    )
    for survey in surveys(site):
        site.session.delete(survey)
    site.session.commit()
    assert hand_in(clerk, TWO_LANGUAGES).status_code == 200


def test_what_another_town_imported_is_nobodys_business(site, clerk):
    hand_in(clerk, TWO_LANGUAGES)
    other = site.make.municipality("anderswo", "Anderswo")
    theirs = site.signed_in(site.make.member(Role.STRATEGIST, municipality=other))
    site.app.extensions["tenancy"].forget()
    body = {"file": (io.BytesIO(TWO_LANGUAGES.encode()), "fragen.lss")}
    assert theirs.post("/anderswo" + PATH, data=body).status_code == 200


def _told_in(module: Path) -> list[str]:
    """Return the sentences that a module of the import tells, with what is filled in as `7`."""
    found = []
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or len(node.args) < 2:
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name in {"tell", "_fault", "Fault", "_broken"}:
            found.append(_text(node.args[1]))
    return [text for text in found if text]


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(
            str(part.value) if isinstance(part, ast.Constant) else "7" for part in node.values
        )
    return ""


def test_everything_that_the_import_tells_has_german_words(app):
    folder = Path(lss_survey.__file__).parent
    told = [
        why
        for name in ("file", "tables", "kinds", "survey")
        for why in _told_in(folder / f"lss_{name}.py")
    ]
    told += [*lss_kinds.NOT_OURS.values(), *(why for _names, why in lss_kinds.LEFT_OUT)]
    told += ["the matrix has no line", "the matrix has no column"]
    # Put together where it is told.
    told = [why for why in told if why not in {"the matrix has no 7"}]
    assert len(told) > 60
    with app.test_request_context():
        unknown = [why for why in told if words_of(why).startswith("Technischer Hinweis")]
    assert unknown == []
