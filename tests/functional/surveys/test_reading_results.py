"""Released results are read by everybody, running ones by nobody."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

from participation.accounts.models import Role
from participation.contributions.models import ContributionStatus
from participation.foundation import clock
from participation.insights.aggregation import aggregate
from participation.surveys.building import QuestionDraft
from participation.surveys.models import QuestionKind
from participation.surveys.sheets import Place, Sheet
from participation.surveys.versions import begin_version
from tests.pages import text_of


def speaking(client, language):
    client.set_cookie("language", language)
    return client


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


def test_results_of_several_versions_name_theirs_in_the_language_of_the_page(site):
    draft = QuestionDraft(QuestionKind.SINGLE, "Wie?", choices=("a", "b"))
    survey = site.make.survey(site.municipality, questions=[draft])
    site.make.answered(survey, F1={"1": 20})
    begin_version(site.session, survey=survey, actor=None, at=clock.now())
    site.session.expire_all()
    site.make.answered(survey, F1={"2": 20})
    with clock.standing_at(survey.closes_at + timedelta(days=1)):
        aggregate(site.session, engagement=survey, actor=None, at=clock.now(), final=True)
        site.session.commit()
        path = f"/beteiligung/{survey.slug}"
        for language, words in (("de", "Wie? (Fassung {})"), ("en", "Wie? (version {})")):
            said = text_of(speaking(site.visitor(), language).get(path).text)
            assert words.format(1) in said
            assert words.format(2) in said


def test_bands_of_numbers_and_places_are_written_as_the_page_is(site):
    survey = site.make.survey(
        site.municipality,
        questions=[
            QuestionDraft(
                QuestionKind.NUMBER, "Wie weit?", lowest=Decimal(0), highest=Decimal(9), decimals=1
            ),
            QuestionDraft(QuestionKind.PLACE, "Wo?"),
        ],
    )
    site.make.responses(
        survey,
        [
            Sheet(numbers={"F1": Decimal(one % 8)}, places={"F2": Place(5380, 1320)})
            for one in range(40)
        ],
    )
    with clock.standing_at(survey.closes_at + timedelta(days=1)):
        aggregate(site.session, engagement=survey, actor=None, at=clock.now(), final=True)
        site.session.commit()
        path, administrator = f"/beteiligung/{survey.slug}", site.staff(Role.ADMINISTRATOR)
        raw = f"/verwaltung/beteiligungen/{survey.slug}/rohdaten"
        for language, words in (
            ("de", ("0 bis unter 2", "53,80° Nord, 13,20° Ost")),
            ("en", ("0 to under 2", "53.80° north, 13.20° east")),
        ):
            said = text_of(speaking(site.visitor(), language).get(path).text)
            asked = {"reason": "Auswertung der Wege", "content": "answers-csv", "version": "1"}
            taken = speaking(administrator, language).post(raw, data=asked).data.decode()
            for one in words:
                assert one in said
                assert one in taken
