"""Staff invites groups, people come by a group's link, and what they send counts for it."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from participation.accounts.models import Role
from participation.comments.models import Comment
from participation.engagements import participant_groups
from participation.engagements.models import ParticipantGroup
from participation.engagements.participant_groups import code_of_group
from participation.foundation import clock
from participation.ideas.models import Idea
from participation.insights.aggregation import aggregate
from participation.surveys.answers import SurveyResponse
from tests.citizen import PAGE_1, PAGE_2, PAGE_3, PAGE_4, Citizen
from tests.comment_forms import hidden_fields
from tests.pages import pressed, text_of

BOX = 'name="_group"'


@pytest.fixture
def call(site):
    call = site.make.idea_call(site.municipality, title="Digitale Orte")
    site.session.commit()
    return call


@pytest.fixture
def survey(site):
    survey = site.make.survey(site.municipality, questions=site.make.every_kind())
    site.session.commit()
    return survey


def invited(site, engagement, name="Jugendbeirat"):
    group = site.make.participant_group(engagement, name)
    site.session.commit()
    return group


def link_of(site, engagement, group):
    key = site.app.config["HASHING_KEY"]
    return f"/beteiligung/{engagement.slug}/gruppe/{code_of_group(key, group)}"


def come(site, engagement, group, browser=None):
    browser = browser or site.visitor()
    link = link_of(site, engagement, group)
    target, fields = pressed(browser.get(link).text, "Für die Gruppe teilnehmen")
    answer = browser.post(target, data=fields)
    assert answer.status_code == 303
    return browser


def stored(site, model):
    site.session.expire_all()
    (found,) = site.session.scalars(sa.select(model)).all()
    group = found.participant_group_id
    site.session.commit()
    return group


def idea_fields(page, **more):
    fields = pressed(page.text, "Idee absenden")[1]
    return fields | {"title": "WLAN am Bahnhof", "text": "Im Wartehaus fehlt das Netz."} | more


def changed(site, operation, engagement, group, **more):
    operation(site.session, engagement=engagement, group=group, actor=None, at=clock.now(), **more)
    site.session.commit()


# Staff ------------------------------------------------------------------------------------------


def test_staff_invites_a_group_from_the_list_of_engagements_and_gets_its_link(site, call):
    staff = site.staff(Role.STRATEGIST)
    path = f"/verwaltung/beteiligungen/{call.slug}/gruppen"
    assert f'href="{path}"' in staff.get("/verwaltung/beteiligungen").text
    page = staff.get(path)
    target, fields = pressed(page.text, "Einladen")
    assert staff.post(target, data=fields | {"name": "  Jugend  beirat "}).status_code == 303
    page = staff.get(path)
    assert "Jugend beirat" in page.text
    (link,) = re.findall(r'data-copy="[^"]*(/beteiligung/[^"]+)"', page.text)
    assert "Jugend beirat" in site.visitor().get(html.unescape(link)).text
    (code,) = re.findall(r'<img src="([^"]+)"', page.text)
    assert staff.get(code).content_type == "image/svg+xml"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "Bitte geben Sie an, wie die Gruppe heißt."),
        ("jugendBEIRAT", "Eine Gruppe mit diesem Namen gibt es hier schon."),
        ("x" * 61, "Bitte kürzen Sie den Namen auf 60 Zeichen."),
    ],
)
def test_a_name_that_does_not_do_is_refused_at_its_field(site, call, name, why):
    invited(site, call)
    staff = site.staff(Role.STRATEGIST)
    answer = staff.post(f"/verwaltung/beteiligungen/{call.slug}/gruppen", data={"name": name})
    assert answer.status_code == 422
    assert why in answer.text


def test_not_more_than_twelve_groups_are_invited(site, call):
    for number in range(12):
        invited(site, call, f"Gruppe {number}")
    staff = site.staff(Role.STRATEGIST)
    path = f"/verwaltung/beteiligungen/{call.slug}/gruppen"
    answer = staff.post(path, data={"name": "Noch eine"})
    assert answer.status_code == 422
    assert "Mehr als 12 Gruppen" in answer.text
    assert "Gruppe einladen" not in staff.get(path).text


def test_a_renamed_group_keeps_its_link(site, call):
    group = invited(site, call)
    link = link_of(site, call, group)
    staff = site.staff(Role.STRATEGIST)
    path = f"/verwaltung/beteiligungen/{call.slug}/gruppen/{group.id}"
    assert staff.post(path, data={"name": "Jugendparlament"}).status_code == 303
    assert "Jugendparlament" in site.visitor().get(link).text


def test_a_group_can_be_removed_until_something_came_from_it(site, call):
    unused, used = invited(site, call, "Seniorenrat"), invited(site, call)
    site.make.idea(call, group=used)
    site.session.commit()
    staff = site.staff(Role.STRATEGIST)
    path = f"/verwaltung/beteiligungen/{call.slug}/gruppen"
    assert staff.get(path).text.count("/entfernen") == 1
    for group in (unused, used):
        assert staff.post(f"{path}/{group.id}/entfernen").status_code == 303
    page = staff.get(path).text
    assert "Sie lässt sich nur noch schließen." in page
    assert "Seniorenrat</h3>" not in page
    assert "Jugendbeirat</h3>" in page


def test_groups_change_no_more_after_the_end(site, call):
    group = invited(site, call)
    call.closes_at = clock.now()
    site.session.commit()
    staff = site.staff(Role.STRATEGIST)
    path = f"/verwaltung/beteiligungen/{call.slug}/gruppen"
    for way in ("schliessen", "entfernen", "neuer-link"):
        staff.post(f"{path}/{group.id}/{way}")
    assert staff.post(path, data={"name": "Neue"}).status_code == 422
    site.session.expire_all()
    assert site.session.scalars(sa.select(ParticipantGroup)).one().closed_at is None


# Coming by a link -------------------------------------------------------------------------------


def test_opening_a_link_does_nothing_before_the_button(site, call):
    group = invited(site, call)
    browser = site.visitor()
    answer = browser.get(link_of(site, call, group))
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert BOX not in browser.get(f"/beteiligung/{call.slug}/ideen/neu").text


@pytest.mark.parametrize(
    "token", ["x", "x%00y", "0" * 20, "²" * 20, "%F0%9F%98%80", "A" * 3000, "..%2f.."]
)
def test_a_made_up_link_leads_nowhere_and_says_how_to_go_on(site, call, token):
    invited(site, call)
    for method in ("GET", "POST"):
        answer = site.visitor().open(f"/beteiligung/{call.slug}/gruppe/{token}", method=method)
        assert answer.status_code == 404
        assert "Set-Cookie" not in answer.headers


def test_the_link_of_another_engagement_leads_nowhere(site, call, survey):
    group = invited(site, survey)
    code = link_of(site, survey, group).rpartition("/")[2]
    answer = site.visitor().get(f"/beteiligung/{call.slug}/gruppe/{code}")
    assert answer.status_code == 404
    assert "ohne Gruppe mitmachen" in answer.text


def test_the_link_of_another_town_leads_nowhere(site, call):
    other = site.make.municipality("anderswo", "Anderswo")
    theirs = site.make.idea_call(other, title="Digitale Orte")
    group = invited(site, theirs)
    site.app.extensions["tenancy"].forget()
    assert theirs.slug == call.slug
    link = link_of(site, theirs, group)
    assert site.visitor().get(f"/{site.municipality.slug}{link}").status_code == 404
    assert site.visitor().get(f"/anderswo{link}").status_code == 200


def test_closed_and_replaced_links_lead_nowhere_until_the_group_is_opened_again(site, call):
    group = invited(site, call)
    old = link_of(site, call, group)
    changed(site, participant_groups.renew_group_link, call, group)
    new = link_of(site, call, group)
    assert site.visitor().get(old).status_code == 404
    assert site.visitor().get(new).status_code == 200
    changed(site, participant_groups.close_group, call, group)
    assert site.visitor().get(new).status_code == 404
    changed(site, participant_groups.reopen_group, call, group)
    assert site.visitor().get(new).status_code == 200


def test_after_the_end_the_link_says_so(site, call):
    group = invited(site, call)
    call.closes_at = clock.now()
    site.session.commit()
    answer = site.visitor().get(link_of(site, call, group))
    assert answer.status_code == 200
    assert "Für die Gruppe teilnehmen" not in answer.text


def test_the_page_of_the_engagement_says_for_whom_one_takes_part_and_lets_go(site, call):
    browser = come(site, call, invited(site, call))
    page = browser.get(f"/beteiligung/{call.slug}")
    assert "Sie nehmen als Mitglied dieser Gruppe teil: „Jugendbeirat“" in page.text
    target, fields = pressed(page.text, "Ohne Gruppe teilnehmen")
    assert browser.post(target, data=fields).status_code == 303
    assert "Jugendbeirat" not in browser.get(f"/beteiligung/{call.slug}").text
    assert BOX not in browser.get(f"/beteiligung/{call.slug}/ideen/neu").text


# What is sent -----------------------------------------------------------------------------------


def test_an_idea_counts_for_the_group_also_after_similar_ones_were_shown(site, call):
    group = invited(site, call)
    site.make.idea(call, title="WLAN am Bahnhof", text="Im Wartehaus fehlt das Netz.")
    site.session.commit()
    browser = come(site, call, group)
    path = f"/beteiligung/{call.slug}/ideen/neu"
    page = browser.post(path, data=idea_fields(browser.get(path)))
    assert "ähnliche Idee" in page.text
    target, fields = pressed(page.text, "Trotzdem senden")
    assert browser.post(target, data=fields).status_code == 200
    site.session.expire_all()
    groups = set(site.session.scalars(sa.select(Idea.participant_group_id)))
    assert groups == {None, group.id}


def test_without_the_tick_an_idea_counts_for_no_group(site, call):
    browser = come(site, call, invited(site, call))
    path = f"/beteiligung/{call.slug}/ideen/neu"
    fields = idea_fields(browser.get(path))
    del fields["_group"]
    refused = browser.post(path, data=fields | {"text": ""})
    assert BOX in refused.text
    assert "_group" not in pressed(refused.text, "Idee absenden")[1]
    assert browser.post(path, data=fields).status_code == 200
    assert stored(site, Idea) is None


def test_an_idea_for_a_group_that_was_closed_meanwhile_is_shown_again_and_not_lost(site, call):
    group = invited(site, call)
    browser = come(site, call, group)
    path = f"/beteiligung/{call.slug}/ideen/neu"
    fields = idea_fields(browser.get(path))
    changed(site, participant_groups.close_group, call, group)
    refused = browser.post(path, data=fields)
    assert refused.status_code == 409
    assert "nehmen Sie ohne Gruppe teil" in refused.text
    assert "Im Wartehaus fehlt das Netz." in refused.text
    target, fields = pressed(refused.text, "Idee absenden")
    assert browser.post(target, data=fields).status_code == 200
    assert stored(site, Idea) is None


@pytest.mark.parametrize("code", ["0" * 20, "x\x00y", "é", "9" * 5000])
def test_a_made_up_group_in_a_form_is_refused_and_nothing_is_stored(site, call, code):
    path = f"/beteiligung/{call.slug}/ideen/neu"
    browser = site.visitor()
    answer = browser.post(path, data=idea_fields(browser.get(path), _group=code))
    assert answer.status_code in {409, 400}
    assert site.session.scalars(sa.select(Idea)).all() == []


def test_the_group_of_another_engagement_is_refused_in_a_form(site, call, survey):
    code = link_of(site, survey, invited(site, survey)).rpartition("/")[2]
    path = f"/beteiligung/{call.slug}/ideen/neu"
    browser = site.visitor()
    answer = browser.post(path, data=idea_fields(browser.get(path), _group=code))
    assert answer.status_code == 409


def test_nobody_is_shown_for_which_group_an_idea_was_written(site, call):
    group = invited(site, call, "Geheimbund")
    idea = site.make.idea(call, group=group)
    site.session.commit()
    for browser in (site.visitor(), site.staff(Role.MODERATOR)):
        page = browser.get(f"/beteiligung/{call.slug}/ideen/{idea.number}").text
        assert "Geheimbund" not in page
    assert "Geheimbund" not in site.staff(Role.MODERATOR).get("/moderation/").text


def test_a_comment_on_a_passage_counts_for_the_group(site):
    comment_round = site.make.comment_round(site.municipality)
    group = invited(site, comment_round)
    browser = come(site, comment_round, group)
    home = f"/beteiligung/{comment_round.slug}/kommentare"
    page = browser.get(home, query_string={"abschnitt": "1"}).text
    target, fields = pressed(page, "Kommentar absenden")
    assert fields["_group"]
    said = {"stance": "concern", "text": "Wer entscheidet das?"}
    assert browser.post(html.unescape(target), data=fields | said).status_code == 200
    assert stored(site, Comment) == group.id


def test_a_comment_for_a_closed_group_is_shown_again(site):
    comment_round = site.make.comment_round(site.municipality)
    group = invited(site, comment_round)
    browser = come(site, comment_round, group)
    home = f"/beteiligung/{comment_round.slug}/kommentare"
    page = browser.get(home, query_string={"abschnitt": "1"}).text
    code = pressed(page, "Kommentar absenden")[1]["_group"]
    fields = hidden_fields(page, containing="/kommentare/neu") | {"_group": code}
    changed(site, participant_groups.close_group, comment_round, group)
    said = {"stance": "concern", "text": "Wer entscheidet das?"}
    answer = browser.post(f"{home}/neu?abschnitt=1", data=fields | said)
    assert answer.status_code == 422
    assert "nehmen Sie ohne Gruppe teil" in answer.text
    assert "Wer entscheidet das?" in answer.text
    assert BOX not in answer.text


def test_a_survey_carries_the_group_through_its_steps_and_lets_go_of_it_at_the_end(site, survey):
    group = invited(site, survey)
    browser = come(site, survey, group)
    citizen = Citizen(site, survey, browser=browser)
    for button, typed in (
        ("Weiter", PAGE_1),
        ("Weiter", PAGE_2),
        ("Weiter", PAGE_3),
        ("Antworten prüfen", PAGE_4),
    ):
        assert "Ich nehme als Mitglied dieser Gruppe teil: „Jugendbeirat“" in citizen.said
        citizen.press(button, **typed)
    assert citizen.press("Antworten absenden") == 200
    assert stored(site, SurveyResponse) == group.id
    assert BOX not in browser.get(citizen.path).text


def test_a_saved_sheet_comes_back_for_the_group_on_another_device(site, survey):
    group = invited(site, survey)
    citizen = Citizen(site, survey, browser=come(site, survey, group))
    citizen.press("Weiter", **PAGE_1)
    citizen.save(**PAGE_2)
    (link,) = re.findall(r'data-copy="[^"]*(/beteiligung/[^"]+)"', citizen.page)
    citizen.browser = site.visitor()
    target, fields = pressed(citizen.browser.get(link).text, "Weitermachen")
    citizen.answer = citizen.browser.post(target, data=fields)
    assert "Jugendbeirat" in citizen.said
    citizen.press("Weiter", **PAGE_2)
    citizen.press("Weiter", **PAGE_3)
    citizen.press("Antworten prüfen", **PAGE_4)
    assert citizen.press("Antworten absenden") == 200
    assert stored(site, SurveyResponse) == group.id


def test_a_sheet_whose_tick_was_cleared_stays_without_the_group(site, survey):
    citizen = Citizen(site, survey, browser=come(site, survey, invited(site, survey)))
    target, fields = citizen.fields("Weiter", **PAGE_1)
    del fields["_group"]
    citizen.answer = citizen.browser.post(target, data=fields)
    citizen.press("Weiter", **PAGE_2)
    citizen.press("Weiter", **PAGE_3)
    citizen.press("Antworten prüfen", **PAGE_4)
    assert citizen.press("Antworten absenden") == 200
    assert stored(site, SurveyResponse) is None


def test_a_sheet_for_a_group_that_was_closed_meanwhile_is_read_over_again(site, survey):
    group = invited(site, survey)
    citizen = Citizen(site, survey, browser=come(site, survey, group))
    for button, typed in (
        ("Weiter", PAGE_1),
        ("Weiter", PAGE_2),
        ("Weiter", PAGE_3),
        ("Antworten prüfen", PAGE_4),
    ):
        citizen.press(button, **typed)
    changed(site, participant_groups.close_group, survey, group)
    assert citizen.press("Antworten absenden") == 409
    assert "nehmen Sie ohne Gruppe teil" in citizen.said
    assert citizen.press("Antworten absenden") == 200
    assert stored(site, SurveyResponse) is None


# Results ----------------------------------------------------------------------------------------


def test_results_stand_side_by_side_on_the_page_in_the_files_and_beside_the_element(site):
    loop = site.make.loop(site.municipality)
    survey = site.make.survey(
        site.municipality, elements=(loop.measure,), questions=site.make.questions((loop.measure,))
    )
    group = invited(site, survey)
    site.make.answered(survey, F1={"1": 12, "2": 8})
    site.session.execute(sa.update(SurveyResponse).values(participant_group_id=group.id))
    site.make.answered(survey, F1={"1": 20, "2": 40})
    survey.closes_at = clock.now() - timedelta(hours=1)
    aggregate(site.session, engagement=survey, actor=None, at=clock.now(), final=True)
    site.session.commit()
    path = f"/beteiligung/{survey.slug}"
    evidence = f"/werkstatt/nachweise/{loop.measure.code}"
    for browser, page in ((site.visitor(), path), (site.staff(Role.STRATEGIST), evidence)):
        said = text_of(browser.get(page).text)
        assert "Bürgerinnen und Bürger n = 60, gerundet" in said
        assert "Jugendbeirat n = 20, gerundet" in said
        assert "online 33 % 50 %" in said
    told = site.visitor().get(f"{path}/ergebnisse.json").json
    assert [
        (row["answer"], row["count"], row["share"], row["n"])
        for row in told
        if row["group"] == "Jugendbeirat"
    ][:2] == [("online", 10, 50, 20), ("vor Ort ohne Termin", 10, 50, 20)]
    for kind in ("csv", "xlsx"):
        assert site.visitor().get(f"{path}/ergebnisse.{kind}").status_code == 200
