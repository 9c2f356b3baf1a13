"""One comment after the other is voted on."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from participation.accounts.models import Role
from participation.comments.models import CommentRound, Vote, VoteChoice
from participation.contributions.models import ContributionStatus
from participation.engagements.models import Engagement
from participation.foundation import clock
from participation.insights.aggregation import aggregate
from tests.comment_forms import count, hidden_fields, only, rows, vote


def test_one_comment_after_the_other_is_voted_on(site, client, opened, home):
    for number in range(3):
        site.make.comment(opened, opened.passages[0], text=f"Satz {number}")
    site.session.commit()
    assert "Aussage 1 von 3" in client.get(home).text
    answer = vote(client, home, "agree", **{"stimme-important": "y"})
    assert answer.status_code == 303
    assert "Aussage 2 von 3" in client.get(answer.location).text
    vote(client, home, "disagree")
    vote(client, home, "pass")
    assert "Sie haben zu allen 3 Kommentaren etwas gesagt" in client.get(home).text
    votes = rows(site, sa.select(Vote))
    assert {vote.choice for vote in votes} == set(VoteChoice)
    assert [vote.important for vote in votes].count(True) == 1
    assert len({vote.voter for vote in votes}) == 1
    assert "Aussage 1 von 3" in site.visitor().get(home).text
    assert only(site, Engagement).participants == 1


def test_beside_a_comment_that_is_being_written_no_vote_is_asked_for(site, client, opened, home):
    site.make.comment(opened, opened.passages[0])
    site.session.commit()
    assert 'id="abstimmen"' in client.get(home).text
    page = client.get(f"{home}?abschnitt=1").text
    assert 'id="schreiben"' in page
    assert 'id="abstimmen"' not in page


def test_who_votes_sees_the_words_that_the_comment_is_about(site, client, opened, home):
    site.make.comment(opened, opened.passages[1], quote="wenn ein anderes Verfahren")
    site.session.commit()
    assert (
        '<p class="bt-quote bt-small bt-typed" lang="de">„wenn ein anderes Verfahren“</p>'
        in client.get(home).text
    )
    assert "„wenn ein anderes Verfahren“" in client.get(home + "/abstimmen").text


def test_a_vote_can_be_changed(site, client, opened, home):
    comment = site.make.comment(opened)
    site.session.commit()
    answer = vote(client, home, "agree")
    page = client.get(answer.location).text
    (link,) = re.findall(r'href="([^"]*karte=[^"]*)"', page)
    fields = hidden_fields(
        client.get(link.replace("&amp;", "&")).text, containing="/kommentare/stimme"
    )
    client.post(f"{home}/stimme", data=fields | {"stimme-choice": "disagree"})
    stored = only(site, Vote)
    assert (stored.comment_id, stored.choice) == (comment.id, VoteChoice.DISAGREE)


@pytest.mark.parametrize(
    "status", [one for one in ContributionStatus if one is not ContributionStatus.PUBLISHED]
)
def test_there_is_no_vote_on_what_is_not_shown(site, client, opened, home, status):
    site.make.comment(opened)
    hidden = site.make.comment(opened, status=status)
    site.session.commit()
    answer = vote(client, home, "agree", **{"stimme-comment": str(hidden.number)})
    assert answer.status_code == 404
    assert count(site, Vote) == 0


@pytest.mark.parametrize(
    "broken", [{"stimme-choice": "shrug"}, {"stimme-comment": "x"}, {"stimme-website": "spam"}]
)
def test_a_broken_vote_is_refused(site, client, opened, home, broken):
    site.make.comment(opened)
    site.session.commit()
    assert vote(client, home, "agree", **broken).status_code == 422
    assert count(site, Vote) == 0


def test_after_closing_there_is_no_card_and_no_vote(site, client, opened, home):
    site.make.comment(opened, opened.passages[0], text="Bleibt stehen")
    site.session.commit()
    fields = hidden_fields(client.get(home).text, containing="/kommentare/stimme")
    with clock.standing_at(opened.closes_at + timedelta(days=1)):
        page = client.get(home).text
        assert "Bleibt stehen" in page
        assert "Wie sehen Sie das?" not in page
        assert "Zu diesem Abschnitt schreiben" not in page
        client.post(f"{home}/stimme", data=fields | {"stimme-choice": "agree"})
    assert count(site, Vote) == 0


def test_votes_are_shown_from_a_release_only(site, client, opened, home):
    comment = site.make.comment(opened, opened.passages[0], text="Der Zweck muss feststehen.")
    site.make.votes(comment, agree=60, disagree=10, passed=5)
    site.make.comment(opened, comment, text="Eine Antwort darauf.")
    few = site.make.comment(opened, opened.passages[1], text="Kaum jemand hat abgestimmt.")
    site.make.votes(few, agree=9)
    member = site.make.member(Role.STRATEGIST, municipality=site.municipality)
    site.session.commit()
    assert "überwiegt" not in client.get(home).text
    with clock.standing_at(opened.closes_at + timedelta(days=1)):
        assert "überwiegt" not in client.get(home).text
        found = site.session.get_one(CommentRound, opened.id)
        aggregate(site.session, engagement=found, actor=member, at=clock.now(), final=True)
        site.session.commit()
        page = client.get(home).text
    assert page.count("Zustimmung überwiegt deutlich") == 1
    assert "n = 75" in page
    # The votes are those of the comment, not of the last answer to it.
    assert page.index("Zustimmung überwiegt deutlich") < page.index("Eine Antwort darauf.")
    assert "n = 9" not in page
