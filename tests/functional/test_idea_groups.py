"""Groups of equal ideas on the pages: staff puts them together, everybody sees that once."""

from __future__ import annotations

import csv
import io

import pytest

from participation.accounts.models import Role
from participation.contributions.models import ContributionStatus
from participation.foundation import clock
from participation.ideas.grouping import group_ideas
from participation.ideas.models import Idea
from participation.ideas.operations import support_idea
from participation.ideas.suggestions import compare, keep_compared
from tests.statements import queries_of


@pytest.fixture
def call(site):
    call = site.make.idea_call(site.municipality, title="Orte")
    site.session.commit()
    return call


def support(site, idea, *people):
    for one in people:
        support_idea(site.session, idea=idea, supporter=one, at=site.make.at, account=None)


@pytest.fixture
def grouped(site, call):
    one = site.make.idea(call, title="WLAN am Markt")
    two = site.make.idea(call, title="Netz am Marktplatz")
    site.make.idea(call, title="Bänke am Fluss")
    support(site, one, "a", "b")
    support(site, two, "b", "c")
    group_ideas(site.session, ideas=[one, two], actor=None, at=site.make.at)
    site.session.commit()
    return one, two


def test_a_suggestion_is_looked_at_and_grouped(site, call):
    ideas = [
        site.make.idea(call, title="WLAN am Markt", text="Bitte WLAN am Markt.") for _ in range(3)
    ]
    compared = compare(site.session, call.id)
    assert compared is not None
    keep_compared(site.session, call.id, compared)
    site.session.commit()
    staff = site.staff(Role.STRATEGIST)
    assert "Gleiche Ideen" in staff.get("/verwaltung/beteiligungen").text
    page = staff.get("/verwaltung/beteiligungen/orte/gleiche-ideen").text
    assert page.count('name="idea"') == 3
    answer = staff.post(
        "/verwaltung/beteiligungen/orte/gleiche-ideen",
        data={"idea": ["1", "2"]},
        follow_redirects=True,
    )
    assert "Jetzt in einer Gruppe: die Ideen 1, 2." in answer.text
    # The third one is still suggested, and told apart it is not.
    assert 'value="3"' in answer.text
    answer = staff.post(
        "/verwaltung/beteiligungen/orte/gleiche-ideen",
        data={"idea": ["1", "2", "3"], "apart": "1"},
        follow_redirects=True,
    )
    assert 'value="3"' not in answer.text
    site.session.expire_all()
    assert [idea.group_id is not None for idea in ideas] == [True, True, False]


def test_an_idea_in_moderation_is_grouped_with_one_that_is_searched_for(site, call):
    waiting = site.make.idea(call, title="Netz", status=ContributionStatus.PENDING)
    site.make.idea(call, title="WLAN am Markt")
    site.make.idea(call, title="Bänke", text="Am Fluss.")
    site.session.commit()
    staff = site.staff(Role.MODERATOR)
    address = f"/verwaltung/beteiligungen/orte/ideen/{waiting.number}/gleiche"
    assert address in staff.get(f"/moderation/{waiting.id}").text
    for words in ("markt", "2", "#2"):
        page = staff.get(address, query_string={"suche": words}).text
        assert 'value="2"' in page
        assert 'value="3"' not in page
    answer = staff.post(
        "/verwaltung/beteiligungen/orte/gleiche-ideen",
        data={"idea": ["1", "2"], "von": "1"},
    )
    assert answer.location == address
    assert "Jetzt in einer Gruppe" in staff.get(address).text
    # Nobody else learns of an idea that waits.
    assert "gleiche Idee" not in site.visitor().get("/beteiligung/orte/ideen/2").text
    strategist = site.staff(Role.STRATEGIST)
    assert strategist.get(address).status_code == 404
    assert "Netz" not in strategist.get("/verwaltung/beteiligungen/orte/gleiche-ideen").text


def test_ideas_are_taken_out_again_and_a_group_is_dissolved(site, call, grouped):
    third = site.make.idea(call)
    group_ideas(site.session, ideas=[grouped[0], third], actor=None, at=site.make.at)
    site.session.commit()
    group_id = grouped[0].group_id
    staff = site.staff(Role.MODERATOR)
    answer = staff.post(
        f"/verwaltung/beteiligungen/orte/ideen/{third.number}/aus-der-gruppe",
        follow_redirects=True,
    )
    assert f"Idee {third.number} steht wieder für sich." in answer.text
    address = f"/verwaltung/beteiligungen/orte/gleiche-ideen/{group_id}/aufloesen"
    assert "aufgelöst" in staff.post(address, follow_redirects=True).text
    assert staff.post(address).status_code == 404
    site.session.expire_all()
    assert {idea.group_id for idea in site.session.query(Idea)} == {None}


@pytest.mark.parametrize("numbers", [[], ["1"], ["1", "x", "²", "9" * 30], ["77", "78"]])
def test_a_choice_that_makes_no_group_is_refused_in_words(site, call, grouped, numbers):
    answer = site.staff(Role.MODERATOR).post(
        "/verwaltung/beteiligungen/orte/gleiche-ideen",
        data={"idea": numbers},
        follow_redirects=True,
    )
    assert "Bitte wählen Sie mindestens zwei Ideen aus." in answer.text


def test_the_list_shows_a_group_once_with_its_people(site, grouped):
    page = site.visitor().get("/beteiligung/orte/ideen?sortierung=unterstuetzt").text
    assert "2 Ideen" in page
    assert "3 Unterstützungen" in page
    assert page.count('class="bt-idea"') == 2
    assert "2 gleiche Ideen" in page
    assert page.index("WLAN am Markt") < page.index("Bänke am Fluss")
    assert "Netz am Marktplatz" not in page
    # The word stands in the other idea of the group.
    found = site.visitor().get("/beteiligung/orte/ideen?suche=marktplatz").text
    assert "WLAN am Markt" in found
    rows = list(
        csv.DictReader(
            io.StringIO(site.visitor().get("/beteiligung/orte/ideen.csv").data.decode("utf-8-sig"))
        )
    )
    assert [(row["Nummer"], row["Gleiche Ideen"], row["Unterstützungen"]) for row in rows] == [
        ("3", "", "0"),
        ("1", "2", "3"),
    ]


def test_open_data_count_the_people_of_a_group_once(site, grouped):
    rows = site.visitor().get("/daten/beitraege.json").get_json()
    told = {row["number"]: (row["supports"], row["people"], row["equal_to"]) for row in rows}
    assert told == {1: (2, 3, None), 2: (2, None, 1), 3: (0, 0, None)}


def test_each_idea_of_a_group_keeps_its_page_and_names_the_others(site, grouped):
    for own, other in ((1, 2), (2, 1)):
        page = site.visitor().get(f"/beteiligung/orte/ideen/{own}").text
        assert f'href="/beteiligung/orte/ideen/{other}"' in page
        assert "zusammen 3 Menschen" in page
        assert "diese Idee selbst: 2" in page


def test_who_supports_one_idea_is_told_so_at_the_equal_one(site, grouped):
    visitor = site.visitor()
    visitor.post("/beteiligung/orte/ideen/2/unterstuetzen")
    words = "Sie unterstützen schon die gleiche Idee 2 und sind mitgezählt."
    assert words in visitor.get("/beteiligung/orte/ideen").text
    assert words in visitor.get("/beteiligung/orte/ideen/1").text
    assert words not in visitor.get("/beteiligung/orte/ideen/2").text


def test_pages_with_groups_ask_few_questions(site, call):
    for _ in range(12):
        ideas = [site.make.idea(call, supports=1) for _ in range(3)]
        group_ideas(site.session, ideas=ideas, actor=None, at=site.make.at)
    site.session.commit()
    visitor, staff = site.visitor(), site.staff(Role.STRATEGIST)
    for browser, address, most in (
        (visitor, "/beteiligung/orte/ideen", 10),
        (visitor, "/beteiligung/orte/ideen/2", 10),
        (staff, "/verwaltung/beteiligungen/orte/gleiche-ideen", 20),
        (staff, "/verwaltung/beteiligungen/orte/ideen/2/gleiche", 20),
    ):
        assert queries_of(site, browser, address) <= most, address


def test_a_receipt_names_the_ideas_that_are_equal(site, call):
    key = site.app.config["HASHING_KEY"]
    own = site.make.submitted_idea(call, key=key)
    own.idea.move_to(ContributionStatus.PUBLISHED, at=clock.now())
    other = site.make.idea(call, title="Ebenso")
    group_ideas(site.session, ideas=[own.idea, other], actor=None, at=site.make.at)
    site.session.commit()
    page = site.visitor().post("/beleg", data={"code": own.code}).text
    assert "1 gleiche Idee" in page
    assert "Ebenso" in page
