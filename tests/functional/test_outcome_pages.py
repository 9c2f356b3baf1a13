"""The public pages that show the closed loop."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from xml.etree import ElementTree

import pytest

from participation.contributions.models import ContributionStatus
from participation.revisions.models import Disposition
from participation.revisions.operations import Reason
from tests.arranged import arranged
from tests.presence import there
from tests.statements import queries_of

PAGES = (
    "/",
    "/was-daraus-wurde",
    "/was-daraus-wurde/E-1",
    "/was-daraus-wurde/atom.xml",
    "/strategie/M-01",
    "/strategie/M-01/beitraege",
)


@pytest.fixture
def loop(site):
    return arranged(site, "a loop", lambda site: site.make.loop(site.municipality))


@pytest.mark.parametrize("page", PAGES)
def test_every_page_of_the_loop_is_there_with_and_without_content(page, site, client, loop):
    assert client.get(page).status_code == 200


def test_the_list_of_answers_shows_what_was_said_and_what_follows(client, loop):
    page = client.get("/was-daraus-wurde").text
    assert "Wer keinen Termin online buchen kann, bleibt heute außen vor." in page
    assert "Meine Mutter ist 81 und hat keine E-Mail-Adresse." in page
    assert "Für fünf Tage fehlen 1,5 Stellen." in page
    assert "teilweise übernommen" in page
    assert "<del>" in page
    assert "1 Idee" in page


@pytest.mark.parametrize(
    ("disposition", "words"),
    [
        (Disposition.ADOPTED, "Änderung steht noch aus"),
        (Disposition.PARTLY_ADOPTED, "Änderung steht noch aus"),
        (Disposition.DEFERRED, "keine Änderung am Text"),
        (Disposition.NOT_ADOPTED, "keine Änderung am Text"),
    ],
)
def test_what_is_promised_and_not_yet_changed_says_so(disposition, words, site, client, loop):
    finding = site.make.finding(
        loop.strategy, "Noch offen.", elements=(loop.measure,), contributions=(loop.idea,)
    )
    answer = site.make.answer(finding, disposition=disposition)
    site.make.signed(answer, (loop.lead, loop.second))
    site.session.commit()
    page = client.get("/was-daraus-wurde").text
    assert words in page
    leading = site.signed_in(loop.lead).get(f"/werkstatt/antworten/{answer.id}").text
    assert "So steht es öffentlich" in leading
    assert f'href="/was-daraus-wurde/{finding.code}"' in leading


def test_a_finding_has_a_permanent_page_with_its_evidence(client, loop):
    page = client.get("/was-daraus-wurde/E-1").text
    assert "Einfach hingehen können" in page
    assert "/ideen/1" in page
    assert client.get("/was-daraus-wurde/E-2").status_code == 404
    assert client.get("/was-daraus-wurde/unsinn").status_code == 404
    assert client.get("/was-daraus-wurde/E-99999999999999").status_code == 404


def test_the_element_shows_what_was_said_concluded_and_changed(client, loop):
    page = client.get("/strategie/M-01").text
    assert "Was Bürgerinnen und Bürger dazu gesagt haben" in page
    assert "Was wir daraus schließen" in page
    assert "Wie sich der Text verändert hat" in page
    assert "Haushalt: Haushalt 2027" in page
    assert page.count("/was-daraus-wurde/E-1") >= 2


def test_the_changed_sentence_is_the_same_on_every_page(site, client, loop):
    pages = [client.get(path).text for path in ("/", "/was-daraus-wurde", "/strategie/M-01")]
    pages.append(client.post("/beleg", data={"code": loop.code}).text)
    changes = {tuple(re.findall(r"<(del|ins)>.*?</span>(.*?)<span", page)) for page in pages}
    assert len(changes) == 1
    assert len(changes.pop()) == 2


def test_the_feed_is_an_atom_feed_with_the_configured_address(client, loop):
    answer = client.get("/was-daraus-wurde/atom.xml", headers={"Host": "boese.example"})
    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(answer.data)
    names = {"a": "http://www.w3.org/2005/Atom"}
    [entry] = feed.findall("a:entry", names)
    assert there(entry.find("a:title", names)).text == loop.finding.sentence
    assert there(entry.find("a:link", names)).attrib["href"] == (
        "http://localhost/was-daraus-wurde/E-1"
    )
    assert "boese.example" not in answer.text


def test_answers_are_filtered_by_action_field(site, client, loop):
    every = client.get("/was-daraus-wurde").text
    assert "Verwaltung 1" in every
    assert loop.finding.sentence in client.get("/was-daraus-wurde?feld=HF-1").text
    # A field without answers is no choice; what is no field shows all.
    assert loop.finding.sentence in client.get("/was-daraus-wurde?feld=HF-2").text


def test_answers_are_paged_by_key(site, client, loop):
    make = site.make
    for number in range(11):
        finding = make.finding(
            loop.strategy,
            f"Erkenntnis mit der Nummer {number}.",
            elements=(loop.measure,),
            contributions=(loop.idea,),
        )
        answer = make.answer(finding, disposition=Disposition.NOT_ADOPTED)
        make.signed(answer, (loop.lead, loop.second), at=make.at + timedelta(minutes=number))
    site.session.commit()
    seen: list[str] = []
    address = "/was-daraus-wurde"
    for _ in range(5):
        page = client.get(address).text
        seen += re.findall(r'<h2 class="kern-title" id="(E-\d+)"', page)
        following = re.search(r'href="([^"]*nach=[^"]*)" rel="next"', page)
        if following is None:
            break
        address = unescape(following.group(1))
    assert len(seen) == len(set(seen)) == 12
    assert client.get("/was-daraus-wurde?nach=unsinn").status_code == 404


def test_pages_without_content_say_what_will_be_here(site, client):
    assert "Noch keine Antwort veröffentlicht" in client.get("/was-daraus-wurde").text
    site.make.adopted_strategy(site.municipality)
    site.session.commit()
    assert "Dazu hat noch niemand etwas gesagt." in client.get("/strategie/M-01").text
    assert "Noch kein Beitrag" in client.get("/strategie/M-01/beitraege").text
    assert client.get("/was-daraus-wurde/atom.xml").status_code == 200


PUBLIC = (*PAGES, "/was-daraus-wurde/E-2", "/strategie/", "/strategie/M-02", "/strategie/Z-01")


def test_nothing_that_is_not_public_is_on_any_page(site, client):
    """Canaries: an unpublished answer, a draft change, a hidden contribution that is cited."""
    make = site.make
    loop = make.loop(site.municipality)
    hidden = make.idea(
        loop.call,
        elements=(loop.measure,),
        title="Kanarie-Titel",
        text="Kanarie-Text eines Beitrags, der später ausgeblendet wird.",
    )
    finding = make.finding(
        loop.strategy, elements=(loop.measure,), contributions=(hidden, loop.idea)
    )
    make.signed(make.answer(finding, reasons="Kanarie-Antwort", with_adoption=True), [loop.lead])
    hidden.move_to(ContributionStatus.HIDDEN, at=make.at)
    revision = make.revision(loop.strategy)
    make.amended(
        revision,
        "M-01",
        text="Kanarie-Entwurf",
        because=(Reason(finding=finding), make.stated("Kanarie-Grund")),
    )
    site.session.commit()
    citizen = site.signed_in(make.account())
    for browser in (client, citizen):
        for path in PUBLIC:
            page = browser.get(path)
            assert page.status_code in {200, 404}
            assert "Kanarie" not in page.text, path
        receipt = browser.post("/beleg", data={"code": loop.code})
        assert "Kanarie" not in receipt.text
    page = client.get("/was-daraus-wurde/E-2").text
    assert "1 Beitrag, auf den sie sich stützt, ist nicht mehr öffentlich." in page
    assert "Die Antwort steht noch aus." in page


def test_the_public_pages_need_few_queries_whatever_there_is(site, client, loop):
    make = site.make
    few = {path: queries_of(site, client, path) for path in PAGES}
    make.ideas(loop.call, 15, elements=(loop.measure,))
    for _ in range(6):
        ideas = make.ideas(loop.call, 3, elements=(loop.measure,))
        finding = make.finding(loop.strategy, elements=(loop.measure,), contributions=ideas)
        make.signed(make.answer(finding), (loop.lead, loop.second))
    for _ in range(4):
        make.aggregate(loop.call, elements=(loop.measure,))
    site.session.commit()
    many = {path: queries_of(site, client, path) for path in PAGES}
    for path in PAGES:
        assert many[path] <= 10, (path, many[path])
        assert many[path] <= few[path] + 2, path
