"""Who will see what stands beside the questions and beside the button that sends them."""

from __future__ import annotations

import re

import pytest

from participation.accounts.models import Role
from participation.engagements import codes
from participation.engagements.models import Audience, ModerationMode, ResultsMode
from tests.citizen import PAGE_1, PAGE_2, PAGE_3, PAGE_4, Citizen, walk
from tests.pages import text_of
from tests.pdf_text import pages_of

EVERYBODY = (
    "Ergebnisse erscheinen erst nach dem",
    "nur Gruppen ab 10 Personen und gerundete Zahlen",
    "weder mit Ihrem Namen noch mit Ihrer Adresse verknüpft",
    "Freie Texte prüft die Moderation und veröffentlicht sie ohne Ihre anderen Antworten",
    "Die Verwaltung sieht Summen ab 5 Antworten, nie einen einzelnen Bogen",
)
NOTED = {
    Audience.OPEN: "Dass von diesem Gerät oder mit Ihrem Konto geantwortet wurde",
    Audience.MAIL: "Dass mit Ihrer E-Mail-Adresse geantwortet wurde",
    Audience.ACCOUNT: "Dass mit Ihrem Konto geantwortet wurde",
    Audience.CODE: "Ihr Code gilt nach dem Absenden nicht mehr",
}
ASKED = {
    Audience.OPEN: "Alle, die hier leben, arbeiten oder zu Besuch sind",
    Audience.MAIL: "Alle mit einer E-Mail-Adresse, die sie bestätigen",
    Audience.ACCOUNT: "Alle mit einem Konto",
    Audience.CODE: "Alle, die einen Brief mit einem Code bekommen haben",
}


def survey_for(site, audience, **plan):
    survey = site.make.survey(
        site.municipality, questions=site.make.every_kind(), audience=audience, **plan
    )
    site.session.commit()
    return survey


def let_in(site, survey):
    """Return a browser that may answer, by the way that the audience prescribes."""
    if survey.audience is Audience.ACCOUNT:
        return site.signed_in(site.make.member(municipality=site.municipality))
    browser = site.visitor()
    if survey.audience is Audience.CODE:
        (code,) = site.make.invitations(survey, 1)
        data = {"_code": codes.as_written(code)}
        assert browser.post(f"/beteiligung/{survey.slug}/code", data=data).status_code == 303
    if survey.audience is Audience.MAIL:
        asked = {"email": "nina@example.org"}
        assert browser.post(f"/beteiligung/{survey.slug}/adresse", data=asked).status_code == 200
        site.work()
        (mail,) = site.mails()
        (link,) = re.findall(r"http://localhost(/\S+)", mail.get_content())
        assert browser.post(link).status_code == 303
    return browser


@pytest.mark.parametrize("query", ["", "?ansicht=seite"], ids=["stepwise", "one page"])
@pytest.mark.parametrize("audience", Audience, ids=lambda one: one.value)
def test_everybody_reads_who_will_see_what_before_they_send(site, audience, query):
    survey = survey_for(site, audience)
    citizen = Citizen(site, survey, query, browser=let_in(site, survey))
    asked = (*EVERYBODY, NOTED[audience])
    for words in (*asked, ASKED[audience]):
        assert words in citizen.said
    assert [words for other, words in NOTED.items() if words in citizen.said] == [NOTED[audience]]
    if query:
        everything = PAGE_1 | PAGE_2 | PAGE_3 | PAGE_4
        assert citizen.press("Antworten prüfen", **everything) == 200
    else:
        walk(citizen)
    assert "Noch ist nichts gespeichert" in citizen.said
    for words in asked:
        assert words in citizen.said
    assert citizen.press("Antworten absenden") == 200
    assert "Beleg" in citizen.said


def test_a_survey_that_shows_sums_and_texts_at_once_says_so(site):
    survey = survey_for(
        site,
        Audience.OPEN,
        results_mode=ResultsMode.INTERIM,
        moderation_mode=ModerationMode.AFTER,
    )
    for query in ("", "?ansicht=seite"):
        said = Citizen(site, survey, query).said
        assert "Summen zeigen wir schon vor dem Ende am" in said
        assert "aber erst ab 10 Antworten" in said
        assert "Freie Texte erscheinen sofort, ohne Ihre anderen Antworten" in said
        assert "Ergebnisse erscheinen erst nach dem" not in said


def test_paper_says_it_too_and_whoever_writes_for_others_can_read_it_to_them(site):
    survey = survey_for(site, Audience.OPEN)
    form = site.visitor().get(f"/beteiligung/{survey.slug}/fragebogen.pdf")
    printed = " ".join(" ".join(pages_of(form.data)).split())
    for words in (
        "Der Bogen wird ohne Namen eingegeben und danach vernichtet",
        "nur für Gruppen ab 10 Personen",
        "prüft die Moderation und veröffentlicht es ohne Ihre anderen Antworten",
    ):
        assert words in printed
    clerk = site.staff(Role.STRATEGIST)
    said = text_of(clerk.get(f"/verwaltung/beteiligungen/{survey.slug}/zettel").text)
    assert "Zum Vorlesen: Was mit den Antworten geschieht" in said
    for words in EVERYBODY:
        assert words in said
