"""The strategy team's way from the evidence to the next version, as they click it."""

from __future__ import annotations

import re
from html import unescape

import pytest
import sqlalchemy as sa

from participation.accounts.models import Role
from participation.contributions.models import ContributionStatus
from participation.insights.models import Finding
from participation.revisions.models import Change, OfficialAnswer
from participation.revisions.queries import open_revision_of
from participation.strategy.queries import adopted_version, get_element
from tests.presence import there
from tests.statements import queries_of

READING = (
    "/werkstatt/",
    "/werkstatt/nachweise/",
    "/werkstatt/nachweise/M-01",
    "/werkstatt/auswertungen",
    "/werkstatt/erkenntnisse/",
    "/werkstatt/erkenntnisse/E-1",
    "/werkstatt/antworten/",
    "/werkstatt/antworten/1",
    "/werkstatt/entwurf",
)
DRAFTING = (
    "/werkstatt/aenderungen/",
    "/werkstatt/aenderungen/M-01",
    "/werkstatt/aenderungen/L-1",
    "/werkstatt/aenderungen/Z-01",
    "/werkstatt/aenderungen/HF-1",
    "/werkstatt/aenderungen/neu/massnahme",
    "/werkstatt/aenderungen/M-02/streichen",
    "/werkstatt/antworten/neu",
    "/werkstatt/antworten/1/bearbeiten",
)
LEADING = (
    "/werkstatt/beschluss",
    "/werkstatt/fortschreibung/verwerfen",
    "/werkstatt/erkenntnisse/E-1/bearbeiten",
)


def field(page: str, name: str) -> str:
    """Return the value of a hidden field."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found, f"the page has no field {name}"
    return unescape(found.group(1))


@pytest.fixture
def town(site):
    return site.municipality


@pytest.fixture
def loop(site, town):
    """The open revision before its adoption: a draft answer, a change because of a finding."""
    make = site.make
    strategy = make.adopted_strategy(town)
    measure = get_element(site.session, strategy.id, "M-01")
    call = make.idea_call(town, elements=(measure,))
    idea = make.idea(call, elements=(measure,), title="Einfach hingehen können")
    finding = make.finding(strategy, elements=(measure,), contributions=(idea,))
    make.aggregate(call, elements=(measure,))
    make.answer(finding)
    revision = make.revision(strategy)
    make.amended(revision, "M-01", text="Das Bürgerbüro öffnet an fünf Tagen ohne Termin.")
    site.session.commit()
    return strategy


@pytest.mark.parametrize("path", READING)
@pytest.mark.parametrize("role", [Role.STRATEGIST, Role.ANALYST, Role.ADMINISTRATOR])
def test_the_team_reads_the_workshop(path, role, site, loop):
    assert site.staff(role).get(path).status_code == 200


@pytest.mark.parametrize("path", DRAFTING)
@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.STRATEGIST, 200), (Role.ANALYST, 200), (Role.ADMINISTRATOR, 403), (Role.MODERATOR, 403)],
)
def test_strategist_and_analyst_draft(path, role, status, site, loop):
    assert site.staff(role).get(path).status_code == status


@pytest.mark.parametrize("path", LEADING)
@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.STRATEGIST, 200), (Role.ANALYST, 403), (Role.ADMINISTRATOR, 403)],
)
def test_only_the_strategist_decides(path, role, status, site, loop):
    assert site.staff(role).get(path).status_code == status


@pytest.mark.parametrize("path", [*READING, *DRAFTING, *LEADING])
def test_nobody_else_sees_the_workshop(path, site, loop, client):
    answer = client.get(path)
    assert answer.status_code == 303
    assert "/konto/" in answer.headers["Location"]
    citizen = site.signed_in(site.make.account())
    assert citizen.get(path).status_code == 403


def test_a_moderator_sees_the_answers_to_sign_and_nothing_else(site, loop):
    moderator = site.staff(Role.MODERATOR)
    assert moderator.get("/werkstatt/antworten/").status_code == 200
    assert moderator.get("/werkstatt/antworten/1").status_code == 200
    assert moderator.get("/werkstatt/").status_code == 403
    assert moderator.get("/werkstatt/nachweise/M-01").status_code == 403


def test_a_member_of_another_municipality_finds_nothing_here(site, loop):
    elsewhere = site.make.municipality("rohrbeck", "Rohrbeck")
    stranger = site.signed_in(site.make.member(Role.STRATEGIST, municipality=elsewhere))
    site.app.extensions["tenancy"].forget()
    assert stranger.get("/lindenow/werkstatt/").status_code == 403
    assert stranger.get("/rohrbeck/werkstatt/antworten/1").status_code == 404


def test_a_finding_is_recorded_beside_its_evidence(site, town):
    make = site.make
    strategy = make.adopted_strategy(town)
    measure = get_element(site.session, strategy.id, "M-01")
    call = make.idea_call(town, elements=(measure,))
    idea = make.idea(call, elements=(measure,))
    site.session.commit()
    lead = site.staff(Role.STRATEGIST)
    answer = lead.post(
        "/werkstatt/nachweise/M-01",
        data={
            "finding": "neu",
            "sentence": "Wer keinen Termin buchen kann, bleibt außen vor.",
            "elements": ["M-01", "Z-01"],
            "contribution": [str(idea.id)],
        },
    )
    assert answer.status_code == 303
    finding = site.session.scalars(sa.select(Finding)).one()
    assert finding.code == "E-1"
    assert [element.code for element in finding.elements] == ["M-01", "Z-01"]
    assert "E-1" in lead.get("/werkstatt/nachweise/M-01").text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"sentence": ""}, "in einem Satz"),
        ({"sentence": "x" * 301}, "kürzer"),
        ({"elements": []}, "mindestens ein Element"),
        ({"contribution": []}, "mindestens einen Nachweis"),
        ({"contribution": ["keine Nummer"]}, "mindestens einen Nachweis"),
        ({"elements": ["M-99"]}, "M-99"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_is_kept(wrong, words, site, town):
    make = site.make
    strategy = make.adopted_strategy(town)
    measure = get_element(site.session, strategy.id, "M-01")
    idea = make.idea(make.idea_call(town, elements=(measure,)), elements=(measure,))
    site.session.commit()
    given = {
        "finding": "neu",
        "sentence": "Ein Satz, der bleibt.",
        "elements": ["M-01"],
        "contribution": [str(idea.id)],
    }
    answer = site.staff(Role.STRATEGIST).post("/werkstatt/nachweise/M-01", data=given | wrong)
    assert answer.status_code == 422
    assert words in answer.text
    if "sentence" not in wrong:
        assert "Ein Satz, der bleibt." in answer.text
    if "contribution" not in wrong:
        assert re.search(rf'value="{idea.id}"[^>]*checked', answer.text)
    assert site.session.scalar(sa.select(sa.func.count(Finding.id))) == 0


def test_further_evidence_goes_to_a_finding_that_is_there(site, loop):
    measure = get_element(site.session, loop.id, "M-01")
    call = site.session.scalars(sa.select(Finding)).one().evidence[0].contribution.engagement
    later = site.make.idea(call, elements=(measure,))
    site.session.commit()
    lead = site.staff(Role.STRATEGIST)
    given = {"finding": "E-1", "contribution": [str(later.id)]}
    assert lead.post("/werkstatt/nachweise/M-01", data=given).status_code == 303
    again = lead.post("/werkstatt/nachweise/M-01", data=given)
    assert again.status_code == 422
    site.session.expire_all()
    assert len(site.session.scalars(sa.select(Finding)).one().evidence) == 2


def test_the_evidence_page_pages_and_filters(site, town):
    make = site.make
    strategy = make.adopted_strategy(town)
    measure = get_element(site.session, strategy.id, "M-01")
    make.ideas(make.idea_call(town, elements=(measure,)), 30, elements=(measure,))
    site.session.commit()
    lead = site.staff(Role.ANALYST)
    first = lead.get("/werkstatt/nachweise/M-01").text
    assert first.count('class="bt-ev"') == 25
    following = re.search(r'href="([^"]*nach=[^"]*)"', first)
    assert following
    second = lead.get(unescape(following.group(1))).text
    assert second.count('class="bt-ev"') == 5
    assert "Idee Nummer" not in lead.get("/werkstatt/nachweise/M-01?art=kommentare").text
    assert lead.get("/werkstatt/nachweise/M-01?nach=unsinn").status_code == 404


def test_from_the_draft_to_the_adopted_version(site, loop, town):
    lead = site.staff(Role.STRATEGIST)
    second = site.staff(Role.MODERATOR)
    assert "Die Änderung nennt keinen Grund." in lead.get("/werkstatt/").text
    page = lead.get("/werkstatt/antworten/1").text
    read = field(page, "read")
    signed = lead.post("/werkstatt/antworten/1/unterschreiben", data={"read": read})
    assert signed.status_code == 303
    assert site.work() >= 1
    signed = second.post("/werkstatt/antworten/1/unterschreiben", data={"read": read})
    assert signed.status_code == 303
    site.session.expire_all()
    assert site.session.scalars(sa.select(OfficialAnswer)).one().published_at is not None

    page = lead.get("/werkstatt/aenderungen/M-01").text
    changed = lead.post(
        "/werkstatt/aenderungen/M-01",
        data={
            "edited_from": field(page, "edited_from"),
            "title": "Bürgerservice ohne Termin",
            "text": "Das Bürgerbüro öffnet an vier Tagen ohne Termin.",
            "goals": ["Z-01"],
            "field": "HF-1",
            "starts": "2026-2",
            "ends": "2027-4",
            "reasons": ["E-1"],
            "stated": "budget",
            "stated_text": "Haushalt 2027",
        },
    )
    assert changed.status_code == 303
    site.session.expire_all()
    change = site.session.scalars(sa.select(Change)).one()
    assert [one.name for one in change.fields] == ["text"]
    assert len(change.reasons) == 2
    assert "Nichts. Der Entwurf ist bereit." in lead.get("/werkstatt/").text

    adopted = lead.post(
        "/werkstatt/beschluss",
        data={
            "resolution_body": "Stadtverordnetenversammlung",
            "resolution_on": "2026-05-06",
            "resolution_number": "2026/118",
        },
    )
    assert adopted.status_code == 303
    site.session.expire_all()
    assert there(adopted_version(site.session, loop.id)).number == 2
    page = site.visitor().get("/was-daraus-wurde/E-1").text
    assert "in Fassung 2" in page
    assert re.search(r"<ins>.*vier.*</ins>", page)


def test_an_adoption_with_something_missing_is_refused_on_the_page(site, loop):
    lead = site.staff(Role.STRATEGIST)
    answer = lead.post(
        "/werkstatt/beschluss",
        data={
            "resolution_body": "Rat",
            "resolution_on": "2026-05-06",
            "resolution_number": "1",
        },
    )
    assert "Das geht noch nicht" in answer.text
    site.session.expire_all()
    assert there(adopted_version(site.session, loop.id)).number == 1


def test_who_signed_as_lead_is_refused_as_second_person(site, loop, town):
    account = site.make.member(Role.STRATEGIST, Role.ADMINISTRATOR, municipality=town)
    both = site.signed_in(account)
    read = field(both.get("/werkstatt/antworten/1").text, "read")
    both.post("/werkstatt/antworten/1/unterschreiben", data={"read": read})
    page = both.get("/werkstatt/antworten/1").text
    assert "Sie haben schon unterschrieben." in page
    both.post("/werkstatt/antworten/1/unterschreiben", data={"read": read})
    site.session.expire_all()
    assert site.session.scalars(sa.select(OfficialAnswer)).one().published_at is None


def test_an_answer_that_changed_after_it_was_read_is_not_signed(site, loop):
    lead = site.staff(Role.STRATEGIST)
    page = lead.get("/werkstatt/antworten/1").text
    read = str(int(field(page, "read")) - 1)
    answer = lead.post(
        "/werkstatt/antworten/1/unterschreiben", data={"read": read}, follow_redirects=True
    )
    assert "Bitte lesen Sie sie neu" in answer.text
    site.session.expire_all()
    assert site.session.scalars(sa.select(OfficialAnswer)).one().signed_at is None


def test_a_new_measure_is_proposed_retired_and_dropped(site, loop):
    analyst = site.staff(Role.ANALYST)
    added = analyst.post(
        "/werkstatt/aenderungen/neu/massnahme",
        data={
            "title": "Hilfe am Gerät",
            "goals": ["Z-01"],
            "field": "",
            "starts": "",
            "ends": "",
            "priority": "",
            "stated": "",
        },
    )
    assert added.status_code == 303, re.findall(r"kern-error.*?</p>", added.text)
    assert "M-03" in analyst.get("/werkstatt/?element=M-03").text
    retired = analyst.post(
        "/werkstatt/aenderungen/M-02/streichen", data={"stated": "law", "stated_text": "OZG"}
    )
    assert retired.status_code == 303
    page = analyst.get("/werkstatt/?element=M-02").text
    assert "Dieses Element soll entfallen." in page or "gestrichen" in page
    assert analyst.post("/werkstatt/aenderungen/M-02/verwerfen").status_code == 303
    site.session.expire_all()
    codes = {one.element.code for one in there(open_revision_of(site.session, loop.id)).changes}
    assert codes == {"M-01", "M-03"}


@pytest.mark.parametrize(
    ("path", "data", "words"),
    [
        ("/werkstatt/antworten/neu", {}, "mindestens eine Erkenntnis"),
        ("/werkstatt/aenderungen/M-01", {"title": ""}, "Titel"),
        (
            "/werkstatt/aenderungen/M-01",
            {"title": "Neu", "stated": "law", "stated_text": ""},
            "schreiben Sie den Grund",
        ),
    ],
)
def test_forms_say_what_is_missing(path, data, words, site, loop):
    other = site.make.finding(
        loop,
        elements=(get_element(site.session, loop.id, "M-01"),),
        contributions=[site.session.scalars(sa.select(Finding)).one().evidence[0].contribution],
    )
    site.session.commit()
    assert other.code == "E-2"
    answer = site.staff(Role.STRATEGIST).post(path, data=data)
    assert answer.status_code == 422
    assert words in answer.text


def test_a_finding_is_corrected_until_somebody_signs(site, loop):
    lead = site.staff(Role.STRATEGIST)
    finding = site.session.scalars(sa.select(Finding)).one()
    given = {
        "sentence": "Besser gesagt.",
        "elements": ["M-01"],
        "kept": [str(finding.evidence[0].id)],
    }
    path = "/werkstatt/erkenntnisse/E-1/bearbeiten"
    assert lead.post(path, data=given).status_code == 303
    read = field(lead.get("/werkstatt/antworten/1").text, "read")
    lead.post("/werkstatt/antworten/1/unterschreiben", data={"read": read})
    refused = lead.post(path, data=given | {"sentence": "Noch besser."})
    assert refused.status_code == 422
    assert "Sie bleibt, wie sie ist." in refused.text


def test_the_draft_is_put_out_for_a_comment_round(site, loop):
    answer = site.staff(Role.STRATEGIST).post("/werkstatt/stellungnahme")
    assert answer.status_code == 303
    assert "/beteiligung/neu/kommentarrunde?fassung=" in answer.headers["Location"]
    page = site.staff(Role.STRATEGIST).get(answer.headers["Location"]).text
    assert re.findall(r'name="elements" value="([^"]*)" checked', page) == ["M-01"]


def test_a_revision_is_abandoned_once_that_is_confirmed(site, loop):
    lead = site.staff(Role.STRATEGIST)
    path = "/werkstatt/fortschreibung/verwerfen"
    assert path in lead.get("/werkstatt/").text
    assert "gilt weiter" in lead.get(path).text
    assert open_revision_of(site.session, loop.id) is not None
    answer = lead.post(path, follow_redirects=True)
    assert "Die Fortschreibung ist verworfen." in answer.text
    assert "Fortschreibung eröffnen" in answer.text
    assert lead.get(path).status_code == 404


def test_a_finding_whose_evidence_is_gone_is_flagged(site, loop):
    finding = site.session.scalars(sa.select(Finding)).one()
    finding.evidence[0].contribution.move_to(ContributionStatus.HIDDEN, at=site.make.at)
    site.session.commit()
    page = site.staff(Role.ANALYST).get("/werkstatt/erkenntnisse/E-1").text
    assert "nicht mehr öffentlich" in page
    assert "Einfach hingehen können" not in page
    assert (
        "fehlt inzwischen ein Nachweis"
        in site.staff(Role.ANALYST).get("/werkstatt/nachweise/").text
    )


def test_the_workshop_needs_few_queries_whatever_there_is(site, loop):
    make = site.make
    measure = get_element(site.session, loop.id, "M-01")
    call = site.session.scalars(sa.select(Finding)).one().evidence[0].contribution.engagement
    people = make.two_people(site.municipality)
    for _ in range(5):
        ideas = make.ideas(call, 4, elements=(measure,))
        finding = make.finding(loop, elements=(measure,), contributions=ideas)
        make.signed(make.answer(finding), people)
        make.aggregate(call, elements=(measure,))
    revision = open_revision_of(site.session, loop.id)
    for code in ("M-02", "Z-01", "HF-1"):
        make.amended(revision, code, title=f"Neuer Titel von {code}", because=[make.stated()])
    site.session.commit()
    lead = site.staff(Role.STRATEGIST)
    for path in (*READING, *DRAFTING, *LEADING):
        assert queries_of(site, lead, path) <= 20, path
