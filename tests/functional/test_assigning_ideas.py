"""A moderator corrects what an idea is about; its author reads so on the receipt."""

from __future__ import annotations

import pytest

from participation.accounts.models import Role
from participation.contributions.models import ContributionStatus
from participation.engagements.models import ModerationMode
from participation.strategy.models import ElementKind
from tests.pages import pressed, text_of


@pytest.fixture
def elements(site):
    strategy = site.make.strategy(site.municipality)
    return [
        site.make.element(strategy, ElementKind.MEASURE, title=title)
        for title in ("Plätze pflegen", "WLAN ausbauen", "Fremdes")
    ]


@pytest.fixture
def submitted(site, elements):
    call = site.make.idea_call(
        site.municipality,
        title="Orte",
        elements=tuple(elements[:2]),
        moderation_mode=ModerationMode.BEFORE,
    )
    key = site.app.config["HASHING_KEY"]
    submitted = site.make.submitted_idea(call, key=key, elements=elements[:1])
    site.session.commit()
    return submitted


def corrected(browser, idea, *chosen):
    page = browser.get(f"/moderation/{idea.id}").text
    address, fields = pressed(page, "Bezug speichern")
    return browser.post(address, data=fields | {"elements": list(chosen)}, follow_redirects=True)


@pytest.mark.parametrize("status", [ContributionStatus.PENDING, ContributionStatus.PUBLISHED])
def test_a_moderator_corrects_what_an_idea_is_about(site, client, elements, submitted, status):
    idea = submitted.idea
    if status is ContributionStatus.PUBLISHED:
        idea.move_to(status, at=site.make.at)
        site.session.commit()
    receipt = {"data": {"code": submitted.code}}
    assert "Die Moderation hat am" not in client.post("/beleg", **receipt).text
    moderator = site.staff(Role.MODERATOR)
    page = moderator.get(f"/moderation/{idea.id}").text
    assert "Plätze pflegen" in page
    assert "Fremdes" not in page
    assert pressed(page, "Bezug speichern")[1]["elements"] == [elements[0].code]
    answer = text_of(corrected(moderator, idea, elements[1].code).text)
    assert "Der Bezug zur Strategie ist geändert." in answer
    assert f"Bezug zur Strategie {elements[1].code} WLAN ausbauen" in answer
    said = client.post("/beleg", **receipt).text
    assert "geändert, zu welchen Teilen der Strategie Ihre Idee gehört." in said
    assert "WLAN ausbauen" in said
    answer = text_of(corrected(moderator, idea).text)
    assert "Kein Teil der Strategie gewählt." in answer
    assert "Es hat sich nichts geändert." in corrected(moderator, idea).text


def test_elements_of_another_call_are_refused(site, elements, submitted):
    moderator = site.staff(Role.MODERATOR)
    for wrong in (elements[2].code, "M-999", "<script>"):
        answer = corrected(moderator, submitted.idea, wrong)
        assert "Davon gibt es hier etwas nicht oder nicht mehr." in answer.text
    site.session.expire_all()
    assert submitted.idea.elements == elements[:1]


def test_what_is_rejected_has_no_form_and_a_comment_has_none_either(site, submitted):
    moderator = site.staff(Role.MODERATOR)
    address, fields = pressed(
        moderator.get(f"/moderation/{submitted.idea.id}").text, "Bezug speichern"
    )
    submitted.idea.move_to(ContributionStatus.REJECTED, at=site.make.at)
    comment = site.make.comment(
        None, site.make.idea(submitted.idea.engagement, status=ContributionStatus.PUBLISHED)
    )
    site.session.commit()
    assert "Bezug speichern" not in moderator.get(f"/moderation/{submitted.idea.id}").text
    answer = moderator.post(address, data=fields | {"elements": []}, follow_redirects=True)
    assert "Ihr Bezug bleibt, wie er ist." in answer.text
    assert "Bezug speichern" not in moderator.get(f"/moderation/{comment.id}").text
    assert moderator.post(f"/moderation/{comment.id}/bezug", data=fields).status_code == 404
