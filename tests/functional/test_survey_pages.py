"""Answering, building and reading surveys, as people click through it without a script."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from participation.accounts.models import Role
from participation.contributions.models import ContributionStatus
from participation.engagements.models import Audience, Engagement
from participation.foundation import clock
from participation.insights.aggregation import aggregate
from participation.insights.commands import release as release_command
from participation.insights.models import Aggregate
from participation.surveys import jobs
from participation.surveys.answers import Answer, SurveyRemark, SurveyResponse
from participation.surveys.building import QuestionDraft
from participation.surveys.commands import shuffle as shuffle_command
from participation.surveys.models import Question, QuestionKind, Survey
from participation.surveys.sheets import Sheet
from participation.web.extensions import db

HIDDEN = re.compile(r'<input[^>]*id="(?:submission|opened)"[^>]*>')


def hidden_fields(page):
    """Return the fields that every form of a survey carries."""
    fields = {}
    for tag in HIDDEN.findall(page):
        name = re.search(r' name="([^"]+)"', tag)
        value = re.search(r' value="([^"]*)"', tag)
        assert name
        fields[name[1]] = value[1] if value else ""
    assert fields.keys() == {"submission", "opened"}
    return fields


def receipt_in(page):
    (code,) = re.findall(r'class="bt-receipt">([^<]+)<', page)
    return code


def text_of(page):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.fixture
def survey(site):
    survey = site.make.survey(site.municipality, title="Digital im Alltag")
    site.session.commit()
    return survey


@pytest.fixture
def path(survey):
    return f"/beteiligung/{survey.slug}/teilnehmen"


def count(site, model):
    site.session.rollback()
    return site.session.scalar(sa.select(sa.func.count()).select_from(model))


# Answering -------------------------------------------------------------------------------------


def test_a_visitor_answers_on_one_page_and_gets_a_receipt(site, survey, path):
    visitor = site.visitor()
    page = visitor.get(path)
    assert page.status_code == 200
    assert "Set-Cookie" not in page.headers
    said = text_of(page.text)
    for promise in (
        "Ergebnisse erscheinen erst nach dem",
        "nur Gruppen ab 10 Personen und gerundete Zahlen",
        "weder mit Ihrem Namen noch mit Ihrer Adresse verknüpft",
        "Wer ist gefragt?",
    ):
        assert promise in said
    sent = visitor.post(
        path,
        data=hidden_fields(page.text)
        | {
            "frage_F1": "2",
            "frage_F2": ["1", "3"],
            "frage_F3": "4",
            "frage_F4": "Mehr Bänke\r\nam Markt",
        },
    )
    assert sent.status_code == 200
    assert sent.headers["Cache-Control"] == "no-store"
    assert receipt_in(sent.text).startswith("LIN-")
    assert "Mehr Bänke" not in sent.text  # The receipt shows no answer.
    assert count(site, Answer) == 4
    remark = site.session.scalars(sa.select(SurveyRemark)).one()
    assert remark.text == "Mehr Bänke\nam Markt"
    assert remark.status is ContributionStatus.PENDING


def test_the_code_of_a_receipt_is_in_no_form(site, path):
    """What leaves the page with an address to write to must not tell whose answers they are."""
    visitor = site.visitor()
    data = hidden_fields(visitor.get(path).text) | {"frage_F1": "2"}
    receipt = visitor.post(path, data=data).text
    code = receipt_in(receipt)
    forms = re.findall(r"<form.*?</form>", receipt, re.DOTALL)
    assert any('name="email"' in form for form in forms)
    plain = re.sub(r"[^A-Z0-9]", "", code.upper())[3:]
    for form in forms:
        assert plain not in re.sub(r"[^A-Z0-9]", "", form.upper())


def test_the_same_form_sent_twice_shows_the_same_code_and_stores_one_response(site, path):
    visitor = site.visitor()
    fields = hidden_fields(visitor.get(path).text) | {"frage_F1": "1"}
    codes = {receipt_in(visitor.post(path, data=fields).text) for _ in range(3)}
    assert len(codes) == 1
    assert count(site, SurveyResponse) == 1


def test_a_faulty_answer_is_named_beside_its_question_and_nothing_typed_is_lost(site, path):
    visitor = site.visitor()
    sent = visitor.post(
        path,
        data=hidden_fields(visitor.get(path).text)
        | {"frage_F2": ["1", "2", "3"], "frage_F3": "5", "frage_F4": "Mehr Bänke"},
    )
    assert sent.status_code == 422
    said = text_of(sent.text)
    assert "Bitte prüfen Sie 2 Angaben" in said
    assert "Bitte beantworten Sie diese Frage." in said
    assert "Bitte wählen Sie höchstens 2 Antworten." in said
    assert 'href="#frage_F1-0"' in sent.text
    assert "Mehr Bänke</textarea>" in sent.text
    assert len(re.findall(r'<input checked[^>]*name="frage_F2"', sent.text)) == 3
    assert re.search(r'<input checked[^>]*name="frage_F3"[^>]*value="5"', sent.text)
    assert count(site, SurveyResponse) == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"frage_F1": "99"},
        {"frage_F1": ["1", "2"], "frage_F3": "77"},
        {"frage_F1": "1", "frage_F4": "x" * 1001},
        {"frage_F1": "1", "website": "http://spam.example"},
        {"frage_F1": "1", "submission": "not a key"},
        {},
    ],
)
def test_what_no_browser_would_send_is_refused_and_stores_nothing(site, path, fields):
    visitor = site.visitor()
    sent = visitor.post(path, data=hidden_fields(visitor.get(path).text) | fields)
    assert sent.status_code == 422
    assert count(site, SurveyResponse) == count(site, SurveyRemark) == 0


def test_fields_that_nobody_asked_for_are_ignored(site, path):
    visitor = site.visitor()
    fields = hidden_fields(visitor.get(path).text) | {"frage_F1": "1", "frage_F99": "1"}
    assert visitor.post(path, data=fields).status_code == 200
    assert count(site, Answer) == 1


def test_a_second_person_at_the_same_device_goes_on_after_saying_so(site, path):
    visitor = site.visitor()
    visitor.post(path, data=hidden_fields(visitor.get(path).text) | {"frage_F1": "1"})
    page = visitor.get(path)
    assert "An diesem Gerät wurde schon geantwortet" in page.text
    fields = hidden_fields(page.text) | {"frage_F1": "2", "frage_F4": "Noch ein Wunsch"}
    refused = visitor.post(path, data=fields)
    assert refused.status_code == 409
    assert "Noch ein Wunsch</textarea>" in refused.text
    assert count(site, SurveyResponse) == 1
    sent = visitor.post(path, data=fields | {"again": "y"})
    assert sent.status_code == 200
    assert receipt_in(sent.text)
    assert count(site, SurveyResponse) == 2


def test_with_an_account_nobody_answers_twice(site):
    survey = site.make.survey(site.municipality, audience=Audience.ACCOUNT)
    path = f"/beteiligung/{survey.slug}/teilnehmen"
    assert "Konto" in site.visitor().get(path).text
    person = site.signed_in(site.make.account())
    fields = hidden_fields(person.get(path).text) | {"frage_F1": "1"}
    assert person.post(path, data=fields).status_code == 200
    again = hidden_fields(person.get(path).text) | {"frage_F1": "1", "again": "y"}
    assert person.post(path, data=again).status_code == 409
    assert count(site, SurveyResponse) == 1


def test_an_element_asks_only_what_is_about_it_and_leads_to_the_whole(site):
    strategy = site.make.adopted_strategy(site.municipality)
    element = _element(site, strategy, "M-01")
    survey = site.make.survey(
        site.municipality,
        elements=(element,),
        questions=[
            QuestionDraft(QuestionKind.SINGLE, "Vorher?", choices=("a", "b"), required=True),
            QuestionDraft(QuestionKind.SINGLE, "Zu M-01?", choices=("a", "b"), elements=(element,)),
            QuestionDraft(QuestionKind.TEXT, "Was fehlt dort?", elements=(element,)),
        ],
    )
    path = f"/beteiligung/{survey.slug}/teilnehmen?zu=M-01"
    visitor = site.visitor()
    page = visitor.get(path)
    assert "Zu M-01?" in page.text
    assert "Vorher?" not in page.text
    assert "Die ganze Umfrage beantworten" in page.text
    sent = visitor.post(path, data=hidden_fields(page.text) | {"frage_F2": "1"})
    assert sent.status_code == 200
    assert count(site, SurveyResponse) == 1
    whole = visitor.get(path.partition("?")[0])
    assert "Vorher?" in whole.text
    # An element that no question names asks the whole survey.
    assert "Vorher?" in visitor.get(path.replace("M-01", "M-99")).text


def test_the_page_of_an_element_shows_its_questions_and_not_the_whole_survey(site):
    strategy = site.make.adopted_strategy(site.municipality)
    element, other = (_element(site, strategy, code) for code in ("M-01", "M-02"))
    survey = site.make.survey(
        site.municipality,
        elements=(element, other),
        questions=[
            QuestionDraft(QuestionKind.SINGLE, "Vorher?", choices=("a", "b")),
            QuestionDraft(QuestionKind.SINGLE, "Zu M-01?", choices=("a", "b"), elements=(element,)),
            QuestionDraft(QuestionKind.TEXT, "Was fehlt dort?", elements=(element,)),
        ],
    )
    page = site.visitor().get("/strategie/M-01").text
    assert "2 Fragen betreffen M-01" in text_of(page)
    assert "Zu M-01?" in page
    assert "Was fehlt dort?" in page
    assert "Vorher?" not in page
    assert f"/beteiligung/{survey.slug}/teilnehmen?zu=M-01" in page
    elsewhere = site.visitor().get("/strategie/M-02").text
    assert "Zu M-01?" not in elsewhere
    assert "betreffen" not in elsewhere


def _element(site, strategy, code):
    from participation.strategy.queries import get_element  # noqa: PLC0415

    return get_element(site.session, strategy.id, code)


def test_a_closed_survey_keeps_what_was_written_for_copying(site, survey, path):
    visitor = site.visitor()
    fields = hidden_fields(visitor.get(path).text) | {
        "frage_F1": "1",
        "frage_F4": "Mehr Bänke",
    }
    with clock.standing_at(survey.closes_at + timedelta(minutes=14)):
        assert visitor.post(path, data=fields).status_code == 200
    other = site.visitor()
    late = hidden_fields(other.get(path).text) | {"frage_F1": "1", "frage_F4": "Mehr Bäume"}
    with clock.standing_at(survey.closes_at + timedelta(minutes=16)):
        refused = other.post(path, data=late)
        assert refused.status_code == 409
        assert "Mehr Bäume" in refused.text
        assert "beendet" in refused.text
        assert "beendet" in other.get(path).text
    assert count(site, SurveyResponse) == 1


def test_a_survey_that_is_not_published_does_not_exist(site):
    survey = site.make.survey(site.municipality, published=False)
    assert site.visitor().get(f"/beteiligung/{survey.slug}/teilnehmen").status_code == 404
    assert site.visitor().get("/beteiligung/gibt-es-nicht/teilnehmen").status_code == 404


def test_submitting_twelve_answers_takes_at_most_fifteen_statements(site):
    survey = site.make.survey(
        site.municipality,
        questions=[
            QuestionDraft(QuestionKind.SINGLE, f"Frage {number}?", choices=("a", "b"))
            for number in range(12)
        ],
    )
    path = f"/beteiligung/{survey.slug}/teilnehmen"
    visitor = site.visitor()
    fields = hidden_fields(visitor.get(path).text)
    fields |= {f"frage_F{number}": "2" for number in range(1, 13)}
    with site.app.app_context():
        engine = db.engine
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        assert visitor.post(path, data=fields).status_code == 200
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    # Beginning a transaction is none; nor is counting requests, which is one of its own.
    # Which municipalities there are is read every two seconds, whoever asks.
    apart = ("BEGIN", "SELECT municipality.slug")
    work = [one for one in seen if not one.startswith(apart) and "rate_count" not in one]
    assert count(site, Answer) == 12
    assert len(work) <= 15, work


# Results ---------------------------------------------------------------------------------------


def test_released_results_are_read_with_a_sentence_a_table_and_hidden_cells(site, survey):
    site.make.answered(survey, F1={"1": 40, "2": 18, "4": 2}, F2={"1": 60}, F3={"1": 30, "5": 30})
    with clock.standing_at(survey.closes_at + timedelta(days=1)):
        aggregate(site.session, engagement=survey, actor=None, at=clock.now(), final=True)
        site.session.commit()
        page = site.visitor().get(f"/beteiligung/{survey.slug}")
    assert page.status_code == 200
    said = text_of(page.text)
    assert "Zwei von drei Befragten antworten: „online“." in said
    assert "Alle Befragten nennen: „Termine“." in said
    assert "Im Mittel 3 auf einer Skala von 1 (sehr schwer) bis 5 (sehr leicht)." in said
    assert "zu wenige Antworten" in said
    assert "n = 60, gerundet" in said
    assert page.text.count("<table>") == 3
    assert "freigegeben am" in said


def test_nothing_of_a_running_survey_is_shown_to_the_public(site, survey):
    site.make.answered(survey, F1={"1": 40})
    page = site.visitor().get(f"/beteiligung/{survey.slug}")
    assert "Befragten" not in page.text
    assert "Ergebnisse</h2>" not in page.text


def test_a_long_survey_has_a_list_to_jump_to_each_question(site):
    survey = site.make.survey(
        site.municipality,
        questions=[
            QuestionDraft(QuestionKind.SINGLE, f"Frage {number}?", choices=("a", "b"))
            for number in range(31)
        ],
    )
    site.make.responses(
        survey,
        [Sheet({f"F{number + 1}": ("1",) for number in range(31)}) for _ in range(20)],
    )
    with clock.standing_at(survey.closes_at + timedelta(days=1)):
        aggregate(site.session, engagement=survey, actor=None, at=clock.now(), final=True)
        site.session.commit()
        page = site.visitor().get(f"/beteiligung/{survey.slug}").text
    targets = re.findall(r'<li><a href="#(auswertung-\d+-oben)">', page)
    assert len(targets) == 31
    assert all(f'id="{target}"' in page for target in targets)


def test_contributions_removed_after_the_release_are_counted_and_no_longer_linked(site):
    call = site.make.idea_call(site.municipality)
    kept, gone = site.make.ideas(call, 2)
    with clock.standing_at(call.closes_at + timedelta(days=1)):
        aggregate(site.session, engagement=call, actor=None, at=clock.now(), final=True)
        gone.move_to(ContributionStatus.HIDDEN, at=clock.now())
        site.session.commit()
        page = site.visitor().get(f"/beteiligung/{call.slug}").text
    assert "Seit der Freigabe wurde 1 Beitrag entfernt" in page
    assert f"/ideen/{kept.number}" in page
    assert f"/ideen/{gone.number}" not in page


# Building --------------------------------------------------------------------------------------


def test_a_clerk_builds_a_survey_and_publishes_it(site):
    site.make.adopted_strategy(site.municipality)
    clerk = site.staff(Role.STRATEGIST)
    assert clerk.get("/beteiligung/neu/umfrage").status_code == 200
    plan = {
        "title": "Wie geht es im Rathaus?",
        "scope_open": "Öffnungszeiten",
        "scope_closed": "Das Gebäude",
        "elements": ["M-01"],
        "opens_on": "2026-05-07",
        "opens_time": "08:00",
        "closes_on": "2026-06-07",
        "closes_time": "20:00",
        "audience": "open",
        "moderation_mode": "before",
        "results_mode": "at_closing",
    }
    begun = clerk.post("/beteiligung/neu/umfrage", data=plan)
    assert begun.status_code == 303
    questions = begun.headers["Location"]
    slug = questions.split("/")[-2]
    assert "Noch keine Frage" in clerk.get(questions).text
    early = clerk.post(f"/verwaltung/beteiligungen/{slug}/veroeffentlichen", follow_redirects=True)
    assert "Es gibt noch keine Fragen" in early.text

    faulty = clerk.post(
        f"{questions}/neu?art=single", data={"text": "Kommen Sie gern?", "choices": "ja"}
    )
    assert faulty.status_code == 422
    assert "mindestens zwei Antworten" in faulty.text
    assert "Kommen Sie gern?" in faulty.text
    for kind, fields in (
        ("single", {"text": "Kommen Sie gern?", "choices": "ja\r\nnein", "required": "y"}),
        ("multiple", {"text": "Wann?", "choices": "früh\nspät", "max_choices": "1"}),
        ("scale", {"text": "Wie zufrieden?", "points": "4", "low": "gar nicht", "high": "sehr"}),
        ("text", {"text": "Was fehlt?", "elements": ["M-01"]}),
    ):
        assert clerk.post(f"{questions}/neu?art={kind}", data=fields).status_code == 303
    changed = clerk.get(f"{questions}/F1")
    assert "ja\nnein" in changed.text.replace("\r", "")
    clerk.post(f"{questions}/F1", data={"text": "Kommen Sie gerne?", "choices": "ja\nnein"})
    clerk.post(f"{questions}/F4/verschieben", data={"richtung": "hoch"})
    clerk.post(f"{questions}/F2/loeschen")
    page = clerk.get(questions).text
    order = [page.index(text) for text in ("Kommen Sie gerne?", "Was fehlt?", "Wie zufrieden?")]
    assert order == sorted(order)
    assert "Wann?" not in page
    assert clerk.post(f"/verwaltung/beteiligungen/{slug}/pruefung").status_code == 303
    form = site.visitor().get(f"/beteiligung/{slug}/teilnehmen")
    assert "Kommen Sie gerne?" in form.text


def test_the_questions_are_locked_after_the_first_answer(site, survey):
    clerk = site.staff(Role.STRATEGIST)
    path = f"/verwaltung/beteiligungen/{survey.slug}/fragen"
    assert "Nach unten" in clerk.get(path).text
    site.make.response(survey)
    page = clerk.get(path).text
    assert "Die Fragen stehen fest" in page
    assert "Nach unten" not in page
    for target, fields in (
        ("neu?art=text", {"text": "Noch etwas?"}),
        ("F1", {"text": "Anders?", "choices": "a\nb"}),
        ("F1/loeschen", {}),
        ("F1/verschieben", {"richtung": "runter"}),
    ):
        answer = clerk.post(f"{path}/{target}", data=fields, follow_redirects=True)
        assert "Es gibt schon Antworten" in answer.text
    assert count(site, Question) == 4


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.ANALYST])
def test_others_do_not_build_surveys(site, survey, role):
    other = site.staff(role)
    base = f"/verwaltung/beteiligungen/{survey.slug}/fragen"
    assert other.get("/beteiligung/neu/umfrage").status_code == 403
    assert other.get(f"{base}/neu").status_code == 403
    assert other.post(f"{base}/F1/loeschen").status_code == 403
    assert count(site, Question) == 4


def test_unknown_questions_and_kinds_are_not_found(site, survey):
    clerk = site.staff(Role.STRATEGIST)
    base = f"/verwaltung/beteiligungen/{survey.slug}/fragen"
    assert clerk.get(f"{base}/neu?art=telepathie").status_code == 404
    assert clerk.get(f"{base}/F99").status_code == 404
    assert clerk.post(f"{base}/F99/loeschen").status_code == 404
    assert clerk.post(f"{base}/F1/verschieben", data={"richtung": "quer"}).status_code == 400


# Totals for staff ------------------------------------------------------------------------------


def test_staff_see_totals_from_five_sheets_and_nobody_else_does(site, survey):
    path = f"/verwaltung/beteiligungen/{survey.slug}/zwischenstand"
    analyst = site.staff(Role.ANALYST)
    site.make.answered(survey, F1={"1": 4})
    analyst.post(path)
    assert "Noch zu wenige Antworten" in analyst.get(path).text
    site.make.answered(survey, F1={"1": 4})
    assert "Neu gezählt" in analyst.post(path, follow_redirects=True).text
    said = text_of(analyst.get(path).text)
    assert "Rund 10 Antwortbögen" in said
    assert "Alle Befragten antworten: „online“." in said
    site.make.answered(survey, F1={"2": 1})
    assert "mindestens fünf weitere" in analyst.post(path, follow_redirects=True).text
    assert site.staff(Role.MODERATOR).get(path).status_code == 403
    assert site.visitor().get(path).status_code == 303


def test_a_staff_page_of_many_responses_takes_few_queries(site, survey):
    site.make.answered(survey, F1={"1": 500, "2": 500})
    clerk = site.staff(Role.STRATEGIST)
    path = f"/verwaltung/beteiligungen/{survey.slug}/zwischenstand"
    clerk.post(path)
    with site.app.app_context():
        engine = db.engine
    seen = []
    sa.event.listen(
        engine, "before_cursor_execute", lambda *given: seen.append(given[2]), named=False
    )
    assert clerk.get(path).status_code == 200
    assert len([one for one in seen if not one.startswith("BEGIN")]) <= 20


# Commands and jobs -----------------------------------------------------------------------------


def test_the_command_releases_prints_json_and_says_the_same_again(site, survey):
    site.make.answered(survey, F1={"1": 30, "2": 2})
    site.session.commit()
    runner = site.app.test_cli_runner()
    with clock.standing_at(survey.closes_at + timedelta(days=1)):
        first = runner.invoke(release_command, [survey.slug, "--json"])
        second = runner.invoke(
            release_command,
            [survey.slug, "--json", "--municipality", site.municipality.slug],
        )
    assert first.exit_code == 0, first.output
    release = json.loads(first.output)
    assert (release["engagement"], release["release"], release["final"]) == (survey.slug, 1, True)
    table = release["aggregates"][0]["result"]
    assert table["rows"][0] == {"labels": ["online"], "count": 30, "share": 100}
    assert table["n"] == 30
    assert json.loads(second.output) == release
    assert count(site, Aggregate) == 3


def test_the_command_refuses_what_cannot_be_released(site, survey):
    runner = site.app.test_cli_runner()
    site.session.commit()
    for slug in (survey.slug, "gibt-es-nicht"):
        assert runner.invoke(release_command, [slug]).exit_code != 0
    assert count(site, Aggregate) == 0


def test_the_shuffle_command_says_how_many_surveys_it_took(site, survey):
    site.make.answered(survey, F1={"1": 3})
    site.session.commit()
    result = site.app.test_cli_runner().invoke(shuffle_command)
    assert result.exit_code == 0, result.output
    assert result.output == "Shuffled 1 survey.\n"
    assert count(site, SurveyResponse) == 3


def test_the_worker_counts_shuffles_and_releases_by_itself(site, survey):
    site.make.answered(survey, F1={"1": 30})
    site.session.commit()
    site.work()
    assert "Rund 30" in text_of(
        site.staff(Role.STRATEGIST)
        .get(f"/verwaltung/beteiligungen/{survey.slug}/zwischenstand")
        .text
    )
    with clock.standing_at(survey.closes_at + timedelta(minutes=20)):
        site.work()
    assert count(site, Aggregate) == 3
    kinds = set(site.session.scalars(sa.text("SELECT kind FROM job WHERE state = 'done'")))
    assert {jobs.SHUFFLE_JOB, jobs.TOTALS_JOB, "release_results", "announce_results"} <= kinds


def test_subscribers_hear_of_the_results_once(site, survey):
    from participation.engagements import operations as engagements  # noqa: PLC0415
    from participation.notifications.models import OutboxMessage  # noqa: PLC0415

    subscription = engagements.subscribe(
        site.session, engagement=survey, address="Nina@example.org", at=clock.now()
    )
    engagements.confirm_subscription(site.session, subscription=subscription, at=clock.now())
    site.make.answered(survey, F1={"1": 30})
    site.session.commit()
    with clock.standing_at(survey.closes_at + timedelta(minutes=20)):
        site.work()
        site.work()
    mails = site.session.scalars(
        sa.select(OutboxMessage).where(OutboxMessage.template == "insights/results")
    ).all()
    assert [mail.address for mail in mails] == ["nina@example.org"]
    assert mails[0].sent_at is not None


def test_surveys_of_other_towns_are_not_found(site, survey):
    other = site.make.municipality("birkenau", "Birkenau")
    elsewhere = site.make.survey(other, title="Andere Umfrage")
    site.session.commit()
    town, stranger = site.municipality.slug, elsewhere.slug
    assert site.visitor().get(f"/{town}/beteiligung/{stranger}/teilnehmen").status_code == 404
    assert site.visitor().get(f"/birkenau/beteiligung/{stranger}/teilnehmen").status_code == 200
    assert site.session.scalar(sa.select(sa.func.count()).select_from(Engagement)) == 2
    assert isinstance(elsewhere, Survey)
