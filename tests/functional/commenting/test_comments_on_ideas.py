"""Ideas are commented on like passages."""

from __future__ import annotations

from datetime import timedelta

import pytest

from participation.comments.models import Comment
from participation.contributions.models import ContributionStatus
from participation.foundation import clock
from tests.comment_forms import count, hidden_fields, only, receipt_in


def test_an_idea_is_commented_on_and_answered(site, client):
    call = site.make.idea_call(site.municipality, title="Digitale Orte")
    idea = site.make.idea(call)
    site.session.commit()
    path = f"/beteiligung/{call.slug}/ideen/{idea.number}"
    fields = hidden_fields(client.get(f"{path}/kommentare").text, containing="/kommentare")
    said = fields | {"text": "Gute Idee, bitte auch am Markt."}
    sent = client.post(f"{path}/kommentare", data=said)
    assert sent.status_code == 200
    assert receipt_in(client.post(f"{path}/kommentare", data=said).text) == receipt_in(sent.text)
    comment = only(site, Comment)
    assert (comment.parent_id, comment.status) == (idea.id, ContributionStatus.PENDING)
    assert "Gute Idee" not in client.get(path).text
    comment.move_to(ContributionStatus.PUBLISHED, at=clock.now())
    site.session.commit()
    page = client.get(path).text
    assert "Gute Idee, bitte auch am Markt." in page
    assert "1 Kommentar" in page
    target = f"{path}/kommentare?antwort={comment.number}"
    fields = hidden_fields(client.get(target).text, containing="/kommentare")
    assert client.post(target, data=fields | {"text": "Und am Bahnhof."}).status_code == 200
    answer = only(site, Comment, Comment.level == 2)
    assert answer.parent_id == comment.id


def test_a_comment_on_an_idea_keeps_what_was_typed(site, client):
    call = site.make.idea_call(site.municipality)
    idea = site.make.idea(call)
    site.session.commit()
    path = f"/beteiligung/{call.slug}/ideen/{idea.number}/kommentare"
    fields = hidden_fields(client.get(path).text, containing="/kommentare")
    wrong = client.post(path, data=fields | {"text": "Mein Satz", "email": "nix"})
    assert wrong.status_code == 422
    assert "Mein Satz" in wrong.text
    with clock.standing_at(call.closes_at + timedelta(days=1)):
        late = client.post(path, data=fields | {"text": "Zu später Satz"})
    assert late.status_code == 409
    assert "Zu später Satz" in late.text
    assert count(site, Comment) == 0


def test_a_comment_on_another_idea_cannot_be_answered_here(site, client):
    call = site.make.idea_call(site.municipality)
    idea, other = site.make.idea(call), site.make.idea(call)
    comment = site.make.comment(None, other)
    site.session.commit()
    path = f"/beteiligung/{call.slug}/ideen/{idea.number}/kommentare?antwort={comment.number}"
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("hidden", ["idea", "comment"])
def test_an_answer_to_what_was_hidden_meanwhile_is_not_lost(site, client, hidden):
    call = site.make.idea_call(site.municipality)
    idea = site.make.idea(call)
    comment = site.make.comment(None, idea)
    site.session.commit()
    path = f"/beteiligung/{call.slug}/ideen/{idea.number}/kommentare?antwort={comment.number}"
    fields = hidden_fields(client.get(path).text, containing="/kommentare")
    gone = idea if hidden == "idea" else comment
    gone.move_to(ContributionStatus.HIDDEN, at=clock.now())
    site.session.commit()
    answer = client.post(path, data=fields | {"text": "Lange überlegte Antwort"})
    assert answer.status_code == 404
    assert "Lange überlegte Antwort" in answer.text
    assert idea.title not in answer.text
    assert client.get(path).status_code == 404
    assert count(site, Comment) == 1
