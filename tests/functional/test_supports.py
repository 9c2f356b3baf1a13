"""Supporting an idea and taking that back, as people do it without JavaScript."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from participation.accounts.models import Role
from participation.contributions.models import ContributionStatus
from participation.foundation import clock
from participation.ideas.models import Support

LIST = "/beteiligung/digitale-orte/ideen"


@pytest.fixture
def call(site):
    call = site.make.idea_call(site.municipality, title="Digitale Orte")
    site.session.commit()
    return call


def test_a_support_is_counted_once_per_browser_and_can_be_taken_back(site, call, client):
    idea = site.make.idea(call)
    site.session.commit()
    path = f"{LIST}/{idea.number}"
    for _ in range(2):
        answer = client.post(path + "/unterstuetzen")
        assert (answer.status_code, answer.location) == (303, path)
    assert "<b>1</b>" in client.get(LIST).text
    assert "Unterstützt" in client.get(path).text
    assert "Unterstützt" not in site.visitor().get(path).text
    site.visitor().post(path + "/unterstuetzen")
    assert "<b>2</b>" in client.get(LIST).text
    client.post(path + "/nicht-mehr-unterstuetzen")
    assert "<b>1</b>" in client.get(LIST).text
    assert site.session.scalar(sa.select(sa.func.count()).select_from(Support)) == 1


def test_after_supporting_one_comes_back_to_the_same_part_of_the_list(site, call, client):
    idea = site.make.idea(call)
    site.session.commit()
    answer = client.post(
        f"{LIST}/{idea.number}/unterstuetzen",
        data={"liste": "1", "sortierung": "unterstuetzt", "element": ["HF-1", "M-01"]},
    )
    assert answer.location == f"{LIST}?sortierung=unterstuetzt&element=HF-1&element=M-01#idee-1"


@pytest.mark.parametrize(
    "status",
    [status for status in ContributionStatus if status is not ContributionStatus.PUBLISHED],
)
def test_what_is_not_published_is_not_found(site, call, client, status):
    idea = site.make.idea(call, status=status)
    site.session.commit()
    for browser in (client, site.staff(Role.MODERATOR)):
        assert browser.get(f"{LIST}/{idea.number}").status_code == 404
        assert browser.post(f"{LIST}/{idea.number}/unterstuetzen").status_code == 404


def test_supporting_ends_with_the_call(site, call, client):
    idea = site.make.idea(call)
    site.session.commit()
    with clock.standing_at(call.closes_at):
        answer = client.post(f"{LIST}/{idea.number}/unterstuetzen", follow_redirects=True)
        assert "Diese Beteiligung ist beendet." in answer.text
        assert "unterstuetzen" not in client.get(LIST).text
    assert site.session.scalars(sa.select(Support)).all() == []
