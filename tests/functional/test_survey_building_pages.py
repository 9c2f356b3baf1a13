"""Building a survey by clicking, without a script."""

from __future__ import annotations

import html
import io
import re

import pytest
import sqlalchemy as sa
from PIL import Image

from participation.accounts.models import Role
from participation.strategy.queries import elements_of
from participation.surveys import queries
from participation.surveys.drafts import QuestionDraft
from participation.surveys.models import Question, QuestionKind, Survey, SurveyVersion
from participation.web.extensions import db
from tests.pages import pressed
from tests.site import Site

K = QuestionKind
BASE = "/verwaltung/beteiligungen"
PLAN = {
    "title": "Was ist Ihnen wichtig?",
    "scope_open": "Die Reihenfolge",
    "scope_closed": "Das Geld",
    "opens_on": "2026-05-07",
    "opens_time": "08:00",
    "closes_on": "2026-06-07",
    "closes_time": "20:00",
    "audience": "open",
    "moderation_mode": "before",
    "results_mode": "at_closing",
}


def text_of(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def picture(kind: str = "PNG") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 20), (200, 30, 30)).save(file, kind)
    return file.getvalue()


@pytest.fixture
def clerk(site):
    return site.staff(Role.STRATEGIST)


@pytest.fixture
def survey(site) -> Survey:
    strategy = site.make.adopted_strategy(site.municipality)
    about = elements_of(site.session, strategy.id, ["M-01", "M-02"])
    survey: Survey = site.make.survey(
        site.municipality, published=False, elements=tuple(about.values())
    )
    site.session.commit()
    return survey


@pytest.fixture
def path(survey) -> str:
    return f"{BASE}/{survey.slug}"


def asked(site, survey):
    site.session.rollback()
    site.session.expire_all()
    return queries.questionnaire_of(site.session, survey.id)


def statements(site, client, path: str) -> int:
    with site.app.app_context():
        engine = db.engine
    seen: list[str] = []
    sa.event.listen(engine, "before_cursor_execute", lambda *given: seen.append(given[2]))
    assert client.get(path).status_code == 200
    return len([one for one in seen if not one.startswith("BEGIN")])


# Templates -------------------------------------------------------------------------------------


def test_a_template_needs_a_title_dates_and_elements_and_is_ready(site, clerk):
    site.make.adopted_strategy(site.municipality)
    chooser = clerk.get("/beteiligung/neu/umfrage").text
    assert "Maßnahmen gewichten" in chooser
    assert "vorlage=priorities" in chooser
    form = clerk.get("/beteiligung/neu/umfrage?vorlage=priorities")
    assert "Was ist Ihnen wichtig?" in form.text
    refused = clerk.post(
        "/beteiligung/neu/umfrage?vorlage=priorities", data=PLAN | {"elements": ["M-01"]}
    )
    assert refused.status_code == 422
    assert "mindestens zwei" in text_of(refused.text)
    begun = clerk.post(
        "/beteiligung/neu/umfrage?vorlage=priorities", data=PLAN | {"elements": ["M-01", "M-02"]}
    )
    assert begun.status_code == 303
    page = text_of(clerk.get(begun.location).text)
    assert "Alle Fragen sind schon da." in page
    assert "M-01 Bürgerservice ohne Termin" in page
    assert "Nichts gefunden, was stört." in page
    assert clerk.get("/beteiligung/neu/umfrage?vorlage=unbekannt").status_code == 404


def test_an_ended_survey_is_asked_again(site, clerk, survey):
    survey.published_at = survey.opens_at
    survey.closes_at = survey.opens_at.replace(day=survey.opens_at.day + 1)
    site.session.commit()
    chooser = clerk.get("/beteiligung/neu/umfrage")
    assert f"wieder={survey.slug}" in chooser.text
    again = f"/beteiligung/neu/umfrage?wieder={survey.slug}"
    assert survey.title in clerk.get(again).text
    begun = clerk.post(again, data=PLAN | {"elements": ["M-01"]})
    assert begun.status_code == 303
    series = [one.series for one in asked(site, survey).questions]
    later = site.session.scalars(sa.select(Survey).where(Survey.id != survey.id)).one()
    assert [one.series for one in asked(site, later).questions] == series
    assert clerk.get("/beteiligung/neu/umfrage?wieder=gibt-es-nicht").status_code == 404


# Questions -------------------------------------------------------------------------------------


FULL = {
    "single": {"choices": "ja\nnein", "has_other": "y", "other": "Anders", "has_no_answer": "y"},
    "multiple": {"choices": "ja\nnein", "min_choices": "1", "max_choices": "2", "shuffled": "y"},
    "scale": {"points": "7", "low": "wenig", "high": "viel", "has_no_answer": "y"},
    "matrix": {"rows": "M-01 Service\nBus", "choices": "gut\nschlecht", "shuffled": "y"},
    "ranking": {"choices": "M-01 Service\nBus", "max_choices": "2"},
    "points": {"choices": "M-01 Service\nBus", "budget": "10"},
    "number": {"unit": "km", "lowest": "0,5", "highest": "90", "decimals": "1"},
    "date": {},
    "place": {},
    "short_text": {},
    "text": {},
}


@pytest.mark.parametrize("kind", [one.value for one in QuestionKind])
def test_a_question_of_each_kind_is_written_and_comes_back_as_it_was(
    site, clerk, survey, path, kind
):
    fields = FULL[kind] | {
        "text": f"Frage als {kind}?",
        "help": "Ein Hinweis.",
        "required": "y",
        "sensitive": "y",
        "elements": ["M-02"],
        "terms-0-answer": "F1|ticked|1",
        "page": "1",
    }
    assert clerk.get(f"{path}/fragen/neu?art={kind}").status_code == 200
    stored = clerk.post(f"{path}/fragen/neu?art={kind}", data=fields)
    assert stored.status_code == 303, text_of(stored.text)
    assert stored.location.endswith("#frage-F5")
    before = asked(site, survey).find("F5")
    assert before is not None
    assert (before.required, before.sensitive) == (True, True)
    assert before.condition is not None
    assert [code for code, _ in before.elements] == ["M-02"]
    # Saved again as the form shows it, nothing changes.
    action, sent = pressed(clerk.get(f"{path}/fragen/F5").text, "Frage speichern")
    sent["terms-0-answer"] = ["F1|ticked|1"]
    sent.pop("remove_picture", None)
    if kind == "number":
        sent["decimals"] = ["1"]
    assert clerk.post(action or f"{path}/fragen/F5", data=sent).status_code == 303
    assert asked(site, survey).find("F5") == before
    assert f"Frage als {kind}?" in clerk.get(f"{path}/fragen").text


@pytest.mark.parametrize(
    ("kind", "fields", "said"),
    [
        ("matrix", {"rows": ""}, "mindestens eine Zeile"),
        ("points", {"budget": "0"}, "1 bis 1.000 Punkte"),
        ("points", {"budget": "viele"}, "Zahl"),
        ("number", {"lowest": "zehn"}, "Bitte geben Sie eine Zahl ein"),
        ("number", {"lowest": "9", "highest": "1"}, "kleinste und die größte Zahl"),
        ("scale", {"points": "12"}, "2 bis 11"),
        ("single", {"terms-0-answer": "F99|ticked|1"}, "gibt es nicht mehr"),
        ("single", {"terms-0-answer": "Unsinn"}, "gibt es nicht mehr"),
        ("single", {"terms-0-answer": "F3|at_least|"}, "auch die Zahl"),
        ("single", {"text": ""}, "Bitte schreiben Sie die Frage"),
        ("single", {"choices": "x" * 201 + "\nja"}, "200 Zeichen"),
        ("ranking", {"max_choices": "9"}, "wie viele Antworten erlaubt"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(
    site, clerk, survey, path, kind, fields, said
):
    sent = FULL[kind] | {"text": "Getippt und nicht verloren?", "help": "Auch das."} | fields
    refused = clerk.post(f"{path}/fragen/neu?art={kind}", data=sent)
    assert refused.status_code == 422
    assert said in text_of(refused.text)
    assert "Bitte prüfen Sie eine Angabe" in text_of(refused.text)
    assert "Auch das." in refused.text
    assert fields.get("text", "Getippt und nicht verloren?") in refused.text
    assert len(asked(site, survey).questions) == 4


def test_elements_are_taken_into_the_list_without_saving(site, clerk, survey, path):
    new = f"{path}/fragen/neu?art=matrix"
    sent = {
        "text": "Wie wichtig ist Ihnen …?",
        "rows": "Bus",
        "choices": "sehr\nkaum",
        "from_strategy": ["M-01", "M-02"],
    }
    taken = clerk.post(new, data=sent | {"uebernehmen": "1"})
    assert taken.status_code == 200
    assert "Bus\nM-01 Bürgerservice ohne Termin\nM-02" in html.unescape(taken.text)
    assert len(asked(site, survey).questions) == 4
    # Ticked and saved at once, they are taken too.
    assert clerk.post(new, data=sent).status_code == 303
    rows = asked(site, survey).questions[-1].rows
    assert [[code for code, _ in row.elements] for row in rows] == [[], ["M-01"], ["M-02"]]


def test_importance_of_all_measures_is_asked_in_one_step(site, clerk, survey, path):
    link = re.search(r'href="([^"]+vorlage=importance-measures)"', clerk.get(f"{path}/fragen").text)
    assert link
    _action, sent = pressed(clerk.get(html.unescape(link[1])).text, "Frage speichern")
    assert clerk.post(html.unescape(link[1]), data=sent).status_code == 303
    matrix = asked(site, survey).questions[-1]
    assert matrix.text == "Wie wichtig ist Ihnen …?"
    assert [row.series for row in matrix.rows] == [
        "library/importance-measures/M-01", "library/importance-measures/M-02",
    ]  # fmt: skip
    assert matrix.shuffled


def test_more_terms_are_offered_without_losing_what_was_typed(clerk, path):
    sent = {"text": "Warum nicht?", "terms-0-answer": "F1|ticked|2", "bedingung": "1"}
    page = clerk.post(f"{path}/fragen/neu?art=text", data=sent)
    assert page.status_code == 200
    assert "terms-1-answer" in page.text
    assert re.search(r'<option selected value="F1\|ticked\|2">', page.text)
    assert "Warum nicht?" in page.text


def test_the_library_is_taken_over_by_ticking(site, clerk, survey, path):
    assert "Wie alt sind Sie?" in clerk.get(f"{path}/fragen/bibliothek").text
    nothing = clerk.post(f"{path}/fragen/bibliothek", data={})
    assert nothing.status_code == 422
    assert "mindestens eine Frage" in nothing.text
    unknown = clerk.post(f"{path}/fragen/bibliothek", data={"fragen": ["x"]})
    assert unknown.status_code == 404
    taken = clerk.post(f"{path}/fragen/bibliothek", data={"fragen": ["ease", "person-age"]})
    assert taken.status_code == 303
    assert [one.series for one in asked(site, survey).questions[-2:]] == [
        "library/ease", "library/person-age",
    ]  # fmt: skip


# Order and pages -------------------------------------------------------------------------------


def order(site, survey) -> list[tuple[str, int]]:
    return [(one.code, one.page) for one in asked(site, survey).questions]


def test_questions_are_ordered_and_paged_with_buttons(site, clerk, survey, path):
    def send(target: str, **fields: str) -> int:
        answer = clerk.post(f"{path}/{target}", data=fields)
        assert answer.status_code in {303, 400, 404}
        return int(answer.status_code)

    send("fragen/F4/verschieben", stelle="1")
    assert [code for code, _ in order(site, survey)] == ["F4", "F1", "F2", "F3"]
    send("fragen/F1/neue-seite")
    assert order(site, survey) == [("F4", 1), ("F1", 2), ("F2", 2), ("F3", 2)]
    send("fragen/F3/verschieben", seite="1")
    assert order(site, survey) == [("F4", 1), ("F3", 1), ("F1", 2), ("F2", 2)]
    send("seiten/2", title="Zweite Seite", introduction="Gleich geschafft.")
    page = text_of(clerk.get(f"{path}/fragen").text)
    assert "Seite 2 Zweite Seite" in page
    assert "Gleich geschafft." in page
    send("fragen/F3/verdoppeln")
    assert [code for code, _ in order(site, survey)] == ["F4", "F3", "F5", "F1", "F2"]
    send("seiten/2/verbinden")
    assert {page for _, page in order(site, survey)} == {1}
    assert send("seiten/2/verbinden") == 404
    assert send("fragen/F3/verschieben", seite="9") == 400
    assert send("fragen/F3/verschieben", seite="x") == 400
    assert (
        "als Zahl"
        in clerk.post(
            f"{path}/fragen/F3/verschieben", data={"stelle": "x"}, follow_redirects=True
        ).text
    )


def test_a_question_that_a_condition_needs_stays_with_a_clear_sentence(site, clerk, survey, path):
    sent = {"text": "Warum?", "terms-0-answer": "F1|ticked|2"}
    assert clerk.post(f"{path}/fragen/F4", data=sent).status_code == 303
    page = text_of(clerk.get(f"{path}/fragen").text)
    assert "Nur wenn Sie bei Frage 1 „vor Ort ohne Termin“ gewählt haben." in page
    for target, fields in (
        ("F1/loeschen", {}),
        ("F1/verschieben", {"stelle": "4"}),
        ("F4/verschieben", {"stelle": "1"}),
    ):
        answer = clerk.post(f"{path}/fragen/{target}", data=fields, follow_redirects=True)
        assert "Die Bedingung von F4 fragt nach der Antwort auf F1." in text_of(answer.text)
    gone = clerk.post(f"{path}/fragen/F1", data={"text": "Wie?", "choices": "online\nam Telefon"})
    assert gone.status_code == 422
    assert "Die Antwort „vor Ort ohne Termin“ muss bleiben" in text_of(gone.text)
    assert len(asked(site, survey).questions) == 4


# Pictures --------------------------------------------------------------------------------------


def send_picture(clerk, path: str, content: bytes, shows: str):
    return clerk.post(
        f"{path}/fragen/F4",
        data={"text": "Was stört hier?", "shows": shows, "picture": (io.BytesIO(content), "x.png")},
        content_type="multipart/form-data",
    )


def test_a_picture_is_uploaded_shown_and_hidden_until_the_survey_is_public(
    site, clerk, survey, path
):
    assert send_picture(clerk, path, picture(), "Der Markt").status_code == 303
    address = f"/beteiligung/{survey.slug}/fragen/F4/bild"
    assert address in clerk.get(f"{path}/fragen").text
    shown = clerk.get(address)
    assert shown.mimetype == "image/webp"
    assert site.visitor().get(address).status_code == 404
    assert site.staff(Role.MODERATOR).get(address).status_code == 404
    survey.published_at = survey.opens_at
    site.session.commit()
    assert site.visitor().get(address).data == shown.data
    assert site.visitor().get(address.replace("F4", "F1")).status_code == 404


@pytest.mark.parametrize(
    ("content", "shows", "said"),
    [
        (b"<svg onload=alert(1)>", "Der Markt", "nicht als Bild"),
        (b"%PDF-1.7 disguised as a picture", "Der Markt", "nicht als Bild"),
        (picture("GIF"), "Der Markt", "nicht als Bild"),
        (picture(), "", "beschreiben Sie das Bild"),
    ],
)
def test_a_disguised_upload_is_refused_and_what_was_typed_stays(
    site, clerk, survey, path, content, shows, said
):
    refused = send_picture(clerk, path, content, shows)
    assert refused.status_code == 422
    assert said in text_of(refused.text)
    assert "Was stört hier?" in refused.text
    question = asked(site, survey).find("F4")
    assert question is not None
    assert (question.picture, question.text) == (None, "Was sollte die Stadt als Erstes ändern?")


# Check and preview -----------------------------------------------------------------------------


def test_the_check_names_what_is_doubtful_and_publishing_refuses_the_unreachable(
    site, clerk, survey, path
):
    for text in ("Wie schnell und freundlich ist das Bürgerbüro?", "Warum?"):
        clerk.post(f"{path}/fragen/neu?art=text", data={"text": text})
    clerk.post(
        f"{path}/fragen/F6",
        data={"text": "Warum?", "terms-0-answer": "F1|ticked|1", "terms-1-answer": "F1|ticked|2"},
    )
    page = text_of(clerk.get(f"{path}/pruefung").text)
    assert "F5: Wie schnell und freundlich ist das Bürgerbüro?" in page
    assert "verbindet hier wohl zwei Dinge" in page
    assert "Diese Frage bekommt niemand zu sehen" in page
    assert "Umfrage veröffentlichen" not in page
    assert "verbindet hier wohl zwei Dinge" in text_of(clerk.get(f"{path}/fragen").text)
    assert clerk.post(f"{path}/pruefung").status_code == 422
    leads_on = clerk.post(f"{path}/veroeffentlichen")
    assert leads_on.location.endswith("/pruefung")
    assert not is_published(site, survey)
    clerk.post(f"{path}/fragen/F6", data={"text": "Warum?", "terms-0-answer": "F1|ticked|1"})
    assert clerk.post(f"{path}/pruefung").status_code == 303
    assert is_published(site, survey)
    assert "schon veröffentlicht" in clerk.post(f"{path}/pruefung", follow_redirects=True).text


def test_the_preview_is_the_real_form_in_a_frame_and_cannot_be_sent(site, clerk, survey, path):
    frame = clerk.get(f"{path}/fragen/vorschau")
    assert "frame-src 'self'" in frame.headers["Content-Security-Policy"]
    assert f"{path}/fragen/vorschau/formular" in frame.text
    inner = clerk.get(f"{path}/fragen/vorschau/formular")
    policy = inner.headers["Content-Security-Policy"]
    assert "form-action 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert inner.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert 'name="frage_F1"' in inner.text
    assert "kann nicht abgesendet werden" in inner.text
    assert 'type="submit"' not in inner.text
    elsewhere = clerk.get(f"{path}/fragen").headers
    assert "frame-ancestors 'none'" in elsewhere["Content-Security-Policy"]
    assert elsewhere["X-Frame-Options"] == "DENY"
    assert site.visitor().get(f"{path}/fragen/vorschau/formular").status_code == 303


# Versions and languages ------------------------------------------------------------------------


def test_with_answers_a_slip_is_corrected_and_everything_else_is_a_new_version(
    site, clerk, survey, path
):
    survey.published_at = survey.opens_at
    site.session.commit()
    leads_on = clerk.get(f"{path}/fragen/F1/berichtigen")
    assert leads_on.location.endswith("/fragen/F1")
    site.make.response(survey)
    page = clerk.get(f"{path}/fragen").text
    assert "Die Fragen stehen fest" in page
    assert "Schreibfehler berichtigen" in page
    explained = text_of(clerk.get(f"{path}/fassung").text)
    assert "Die Ergebnisse beider Fassungen bleiben getrennt." in explained
    form = {"text": "Wie möchten Sie Ihr Anliegen erledigen ?", "reason": "Tippfehler"}
    wrong = clerk.post(
        f"{path}/fragen/F1/berichtigen", data={"text": "Was essen Sie gern?", "reason": "x"}
    )
    assert wrong.status_code == 422
    assert "mehr als ein Schreibfehler" in wrong.text
    assert "Was essen Sie gern?" in wrong.text
    assert clerk.post(f"{path}/fragen/F1/berichtigen", data=form).status_code == 303
    shown = text_of(clerk.get(f"{path}/fragen").text)
    assert "heißt jetzt „Wie möchten Sie Ihr Anliegen erledigen ?“. Grund: Tippfehler" in shown
    citizens = text_of(site.visitor().get(f"/beteiligung/{survey.slug}/teilnehmen").text)
    assert "heißt jetzt „Wie möchten Sie Ihr Anliegen erledigen ?“. Grund: Tippfehler" in citizens
    assert clerk.post(f"{path}/fassung").status_code == 303
    assert "Fassung 2" in clerk.get(f"{path}/fragen").text
    assert clerk.post(f"{path}/fragen/neu?art=text", data={"text": "Neu?"}).status_code == 303
    again = clerk.post(f"{path}/fassung", follow_redirects=True)
    assert "nur, solange die Umfrage läuft und Antworten hat" in text_of(again.text)
    numbers = site.session.scalars(
        sa.select(SurveyVersion.number).where(SurveyVersion.survey_id == survey.id)
    ).all()
    assert sorted(numbers) == [1, 2]


def test_a_survey_is_translated_side_by_side_and_flagged_when_german_changes(
    site, clerk, survey, path
):
    assert "Leichte Sprache" in clerk.get(f"{path}/sprachen").text
    page = clerk.get(f"{path}/sprachen/en")
    assert "Wie möchten Sie Ihr Anliegen erledigen?" in page.text
    assert 'name="F1-1.text"' in page.text
    saved = clerk.post(
        f"{path}/sprachen/en",
        data={"survey.title": "Everyday digital", "F4.text": "What should change?"},
    )
    assert saved.status_code == 303
    assert "Texte fehlen" in text_of(clerk.get(f"{path}/sprachen").text)
    assert "Englisch: " in text_of(clerk.get(f"{path}/pruefung").text)
    clerk.post(f"{path}/fragen/F4", data={"text": "Was soll die Stadt zuerst ändern?"})
    assert "1 Text muss geprüft werden" in text_of(clerk.get(f"{path}/sprachen").text)
    flagged = clerk.get(f"{path}/sprachen/en").text
    assert "Deutsch hat sich geändert" in flagged
    kept = clerk.post(f"{path}/sprachen/en", data={"F4.text": "", "F4.help": "No names, please."})
    assert kept.status_code == 422
    assert "Bitte übersetzen Sie zuerst diesen Text." in kept.text
    assert "No names, please." in kept.text
    clerk.post(f"{path}/sprachen/en", data={"F4.text": "What should change?", "passt": "F4"})
    assert "muss geprüft werden" not in text_of(clerk.get(f"{path}/sprachen").text)
    assert clerk.get(f"{path}/sprachen/de").status_code == 404
    assert "What should change?" in clerk.get(f"{path}/fragen/vorschau/formular?sprache=en").text


# Limits ----------------------------------------------------------------------------------------


def test_the_pages_of_a_large_survey_take_at_most_twenty_statements(site, clerk):
    drafts = [
        QuestionDraft(K.MATRIX, f"Wie gut {n}?", rows=("a", "b", "c"), choices=("gut", "schlecht"))
        for n in range(20)
    ]
    survey = site.make.survey(site.municipality, questions=drafts)
    site.make.response(survey, site.make.sheet(F1_1="1"))
    path = f"{BASE}/{survey.slug}"
    for target in (
        *("fragen", "pruefung", "fragen/vorschau", "fragen/vorschau/formular"),
        *("sprachen", "sprachen/en"),
        *("fassung", "fragen/F1", "fragen/F1/berichtigen", "fragen/bibliothek", "seiten/1"),
    ):
        assert statements(site, clerk, f"{path}/{target}") <= 20, target


def test_a_full_survey_takes_no_more_questions(site, clerk):
    drafts = [QuestionDraft(K.TEXT, f"Frage {n}?") for n in range(80)]
    survey = site.make.survey(site.municipality, published=False, questions=drafts)
    path = f"{BASE}/{survey.slug}/fragen"
    refused = clerk.post(f"{path}/neu?art=text", data={"text": "Noch eine?"})
    assert refused.status_code == 422
    assert "höchstens 80 Fragen" in refused.text
    for target, fields in (("F1/verdoppeln", {}), ("bibliothek", {"fragen": ["ease"]})):
        answer = clerk.post(f"{path}/{target}", data=fields, follow_redirects=True)
        assert "höchstens 80 Fragen" in answer.text
    assert site.session.scalar(sa.select(sa.func.count()).select_from(Question)) == 80


def is_published(site: Site, survey: Survey) -> bool:
    site.session.refresh(survey)
    return survey.published_at is not None
