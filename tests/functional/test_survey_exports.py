"""Tables that leave: codebooks, released results, and raw answers only as promised."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from python_calamine import CalamineWorkbook

from participation.accounts.models import Role
from participation.contributions.models import ContributionStatus
from participation.foundation.cells import as_written
from participation.insights.aggregation import aggregate
from participation.journal.models import JournalEntry
from participation.surveys.answers import SurveyRemark, SurveyResponse
from participation.surveys.drafts import QuestionDraft
from participation.surveys.models import Question, QuestionKind
from participation.surveys.sheets import Sheet
from tests.arranged import arranged
from tests.conftest import NOON

REASON = "Auswertung durch die Hochschule"
CLOSED = {"opens_at": NOON - timedelta(days=9), "closes_at": NOON - timedelta(days=2)}
OPEN = NOON - timedelta(days=3)

QUESTIONS = [
    QuestionDraft(QuestionKind.SINGLE, "Wie?", choices=("=1+1", "vor Ort"), other="Anders"),
    QuestionDraft(QuestionKind.MULTIPLE, "Was?", choices=("A", "B"), no_answer="Weiß nicht"),
    QuestionDraft(QuestionKind.SCALE, "Wie leicht?", points=5, low="schwer", high="leicht"),
    QuestionDraft(QuestionKind.MATRIX, "Und?", choices=("gut", "schlecht"), rows=("Bus", "Rad")),
    QuestionDraft(QuestionKind.NUMBER, "Wie alt?", lowest=Decimal(0), highest=Decimal(100)),
    QuestionDraft(QuestionKind.RANKING, "Ordnen", choices=("X", "Y")),
    QuestionDraft(QuestionKind.POINTS, "Verteilen", choices=("P", "Q"), budget=10),
    QuestionDraft(QuestionKind.TEXT, "Was noch?"),
]


def rows_of(response):
    assert response.status_code == 200, response.text
    return list(csv.reader(io.StringIO(response.data.decode("utf-8-sig"))))


def sheets_of(response):
    assert response.status_code == 200
    book = CalamineWorkbook.from_filelike(io.BytesIO(response.data))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def fill(site, survey, number=20):
    for place in range(number):
        site.make.response(
            survey,
            Sheet(
                {
                    "F1": ("1" if place % 2 else "2",),
                    "F2": ("1",),
                    "F3": ("2" if place % 2 else "4",),
                    "F4_1": ("1",),
                },
                numbers={"F5": Decimal(17 + place)},
                amounts={"F6": {"1": 2, "2": 1}, "F7": {"1": 10}},
                texts={"F8": f"=HYPERLINK({place})"},
            ),
            at=OPEN,
        )


@pytest.fixture
def survey(site):
    return arranged(site, "a survey to export", write_survey)


def write_survey(site):
    survey = site.make.survey(site.municipality, questions=QUESTIONS, title="Umfrage", **CLOSED)
    fill(site, survey)
    return survey


@pytest.fixture
def path(survey):
    return f"/verwaltung/beteiligungen/{survey.slug}"


def ask(browser, path, content, reason=REASON, version=1):
    return browser.post(
        f"{path}/rohdaten", data={"content": content, "reason": reason, "version": version}
    )


def test_raw_answers_leave_in_stable_columns_with_bands_and_without_a_key(site, path):
    administrator = site.staff(Role.ADMINISTRATOR)
    heading, *rows = rows_of(ask(administrator, path, "answers-csv"))
    assert heading == [
        "kanal", "F1", "F2.1", "F2.2", "F2.none", "F3", "F4_1", "F4_2", "F5", "F6.1", "F6.2",
        "F7.1", "F7.2",
    ]  # fmt: skip
    assert len(rows) == 20
    first = rows[0]
    assert first[0] == "online"
    assert first[2:5] == ["1", "0", "0"]
    assert first[6:8] == ["1", ""]
    assert first[9:] == ["2", "1", "10", "0"]
    # The ages are 17 to 36; none of them is in the file.
    ages = {row[8] for row in rows}
    assert len(ages) < 6
    assert all("bis" in age or "ab" in age for age in ages)
    ids = [str(one) for one in site.session.scalars(sa.select(SurveyResponse.id))]
    content = str(rows)
    assert not any(one in content or one.replace("-", "") in content for one in ids)


def test_a_workbook_holds_the_codebook_too_and_no_formula(site, path):
    administrator = site.staff(Role.ADMINISTRATOR)
    response = ask(administrator, path, "answers-xlsx")
    sheets = sheets_of(response)
    assert list(sheets) == ["Antworten", "Codebuch"]
    assert len(sheets["Antworten"]) == 21
    words = [row[4] for row in sheets["Codebuch"]]
    assert "'=1+1" in words
    assert "attachment" in response.headers["Content-Disposition"]


def test_free_texts_leave_in_a_file_of_their_own_and_in_another_order(site, path, survey):
    hidden = site.session.scalars(sa.select(SurveyRemark)).all()
    for remark in hidden[:-1]:
        remark.status, remark.published_at = ContributionStatus.PUBLISHED, NOON
    hidden[-1].status = ContributionStatus.REJECTED
    site.session.commit()
    administrator = site.staff(Role.ADMINISTRATOR)
    heading, *rows = rows_of(ask(administrator, path, "texts-csv"))
    answers = rows_of(ask(administrator, path, "answers-csv"))
    assert heading == ["Frage", "Wortlaut", "Sprache", "Text"]
    assert len(rows) == 19
    assert all(row[3].startswith("'=HYPERLINK") for row in rows)
    assert hidden[-1].text not in str(rows)
    assert "HYPERLINK" not in str(answers)


def test_who_took_raw_answers_and_what_for_stands_in_the_journal(site, path):
    administrator = site.staff(Role.ADMINISTRATOR)
    ask(administrator, path, "answers-csv")
    (entry,) = site.session.scalars(
        sa.select(JournalEntry).where(JournalEntry.action == "survey.raw_handed_out")
    )
    assert entry.actor_id is not None
    assert entry.facts == {"version": 1, "content": "answers-csv", "reason": REASON}


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"reason": ""}, 422),
        ({"reason": "kurz"}, 422),
        ({"content": "passwords"}, 422),
        ({"version": "9"}, 422),
    ],
)
def test_without_a_reason_or_a_file_nothing_leaves(site, path, more, status):
    administrator = site.staff(Role.ADMINISTRATOR)
    data = {"content": "answers-csv", "reason": REASON, "version": "1"} | more
    response = administrator.post(f"{path}/rohdaten", data=data)
    assert response.status_code == status
    assert "Content-Disposition" not in response.headers
    actions = site.session.scalars(sa.select(JournalEntry.action)).all()
    assert "survey.raw_handed_out" not in actions


def test_nothing_leaves_before_the_end_nor_below_five_nor_to_others(site, path):
    administrator = site.staff(Role.ADMINISTRATOR)
    for minutes in (-5, 5):
        # Also while forms may still come in that were opened in time.
        running = site.make.survey(
            site.municipality,
            questions=QUESTIONS,
            opens_at=NOON - timedelta(days=9),
            closes_at=NOON - timedelta(minutes=minutes),
        )
        fill(site, running)
        site.session.commit()
        address = f"/verwaltung/beteiligungen/{running.slug}"
        assert ask(administrator, address, "answers-csv").status_code == 409
        assert "erst, wenn die Umfrage beendet ist" in administrator.get(f"{address}/rohdaten").text
    small = site.make.survey(site.municipality, questions=QUESTIONS, **CLOSED)
    fill(site, small, 4)
    site.session.commit()
    other = f"/verwaltung/beteiligungen/{small.slug}"
    assert ask(administrator, other, "answers-csv").status_code == 409
    assert "Weniger als fünf" in administrator.get(f"{other}/rohdaten").text
    everybody_else = site.staff(Role.STRATEGIST, Role.ANALYST, Role.MODERATOR)
    assert ask(everybody_else, path, "answers-csv").status_code == 403


def test_the_codebook_is_a_page_and_a_file_that_lead_from_the_questions(site, path):
    analyst = site.staff(Role.ANALYST)
    assert f'href="{path}/codebuch"' in analyst.get(f"{path}/fragen").text
    page = analyst.get(f"{path}/codebuch").text
    assert "F2.none" in page
    assert "F4_1" in page
    rows = rows_of(analyst.get(f"{path}/codebuch.csv"))
    assert [row[0] for row in rows if row[1] == "F2"] == ["", "F2.1", "F2.2", "F2.none"]
    assert list(sheets_of(analyst.get(f"{path}/codebuch.xlsx"))) == ["Codebuch"]
    assert analyst.get(f"{path}/codebuch.exe").status_code == 404
    assert analyst.get(f"{path}/codebuch?fassung=9").status_code == 404


def release(site, survey):
    aggregate(site.session, engagement=survey, actor=None, at=NOON, final=True)
    site.session.commit()


def test_released_results_are_a_table_for_everybody(site, survey):
    visitor = site.visitor()
    address = f"/beteiligung/{survey.slug}/ergebnisse.csv"
    assert visitor.get(address).status_code == 404
    release(site, survey)
    rows = rows_of(visitor.get(address))
    assert rows[0][:3] == ["Frage", "Wortlaut", "Antwort"]
    assert {row[0] for row in rows[1:]} == {"F1", "F2", "F3", "F4_1", "F4_2", "F5", "F6", "F7"}
    numbers = [int(row[3]) for row in rows[1:] if row[3]]
    assert numbers
    assert all(number % 5 == 0 for number in numbers)
    # The row of a mean as well: whoever reads columns by their place must find them all.
    assert {len(row) for row in rows} == {12}
    told = visitor.get(address.replace("csv", "json"))
    assert [row["answer"] for row in told.json] == [as_written(row[2]) for row in rows[1:]]
    assert "Ergebnisse" in sheets_of(visitor.get(address.replace("csv", "xlsx")))
    page = visitor.get(f"/beteiligung/{survey.slug}").text
    assert address in page


def asked_again(site, survey, *, words=None):
    later = site.make.survey(
        site.municipality,
        questions=QUESTIONS,
        title="Umfrage 2",
        opens_at=NOON - timedelta(days=9),
        closes_at=NOON - timedelta(days=1),
    )
    of_version = {one.code: one for one in survey.versions[0].questions}
    for question in site.session.scalars(
        sa.select(Question).where(Question.version_id == later.versions[0].id)
    ):
        question.series = of_version[question.code].series
        if words and question.code == "F3":
            question.text_in("de").text = words
    for place in range(20):
        sheet = site.make.sheet(F1="2", F3="5" if place % 2 else "4")
        site.make.response(later, sheet, at=OPEN)
    site.session.commit()
    release(site, later)
    return later


def test_a_result_stands_beside_that_of_the_last_time(site, survey):
    release(site, survey)
    later = asked_again(site, survey)
    page = site.visitor().get(f"/beteiligung/{later.slug}").text
    first = site.visitor().get(f"/beteiligung/{survey.slug}").text
    assert page.count("Vergleich mit dem letzten Mal") == 2
    assert "Im Mittel 4,5, beim letzten Mal 3" in page
    assert "Wortlaut geändert" not in page
    assert "Vergleich mit dem letzten Mal" not in first


def test_a_question_in_other_words_says_so_where_it_is_compared(site, survey):
    release(site, survey)
    later = asked_again(site, survey, words="Wie schwer?")
    page = site.visitor().get(f"/beteiligung/{later.slug}").text
    assert page.count("Wortlaut geändert") == 1
    assert "Damals hieß die Frage: „Wie leicht?“" in page


def test_what_was_not_released_is_compared_with_nothing(site, survey):
    later = asked_again(site, survey)
    page = site.visitor().get(f"/beteiligung/{later.slug}").text
    assert "Vergleich mit dem letzten Mal" not in page
