"""Who reads, drafts and decides in the workshop, and how little its pages ask."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from participation.accounts.models import Role
from participation.insights.models import Finding
from participation.revisions.queries import open_revision_of
from participation.strategy.queries import get_element
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


@pytest.mark.parametrize("path", READING)
@pytest.mark.parametrize("role", [Role.STRATEGIST, Role.ANALYST, Role.ADMINISTRATOR])
def test_the_team_reads_the_workshop(path, role, looked_at):
    assert looked_at.staff(role).get(path).status_code == 200


@pytest.mark.parametrize("path", DRAFTING)
@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.STRATEGIST, 200), (Role.ANALYST, 200), (Role.ADMINISTRATOR, 403), (Role.MODERATOR, 403)],
)
def test_strategist_and_analyst_draft(path, role, status, looked_at):
    assert looked_at.staff(role).get(path).status_code == status


@pytest.mark.parametrize("path", LEADING)
@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.STRATEGIST, 200), (Role.ANALYST, 403), (Role.ADMINISTRATOR, 403)],
)
def test_only_the_strategist_decides(path, role, status, looked_at):
    assert looked_at.staff(role).get(path).status_code == status


@pytest.mark.parametrize("role", [Role.STRATEGIST, Role.ANALYST, Role.ADMINISTRATOR])
def test_no_page_leads_somebody_to_a_page_that_refuses_them(role, site, loop):
    measure = get_element(site.session, loop.id, "M-01")
    idea = site.session.scalars(sa.select(Finding)).one().evidence[0].contribution
    site.make.finding(loop, "Noch ohne Antwort.", elements=(measure,), contributions=(idea,))
    revision = open_revision_of(site.session, loop.id)
    site.make.amended(revision, "M-02", because=(), text="Ohne Grund.")
    site.session.commit()
    browser = site.staff(role)
    pages = {path: browser.get(path).text for path in READING}
    links = {
        link.replace("&amp;", "&"): path
        for path, page in pages.items()
        for link in re.findall(r'href="(/werkstatt/[^"#]*)', page)
    }
    assert any("/erkenntnisse/E-2" in link for link in links)
    refused = {link: path for link, path in links.items() if browser.get(link).status_code == 403}
    assert refused == {}


@pytest.mark.parametrize("path", [*READING, *DRAFTING, *LEADING])
def test_nobody_else_sees_the_workshop(path, looked_at):
    answer = looked_at.visitor().get(path)
    assert answer.status_code == 303
    assert "/konto/" in answer.headers["Location"]
    citizen = looked_at.signed_in(looked_at.make.account())
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
