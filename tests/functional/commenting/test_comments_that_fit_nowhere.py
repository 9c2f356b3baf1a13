"""Comments deeper than two levels, on what is elsewhere, and with what a file would run."""

from __future__ import annotations

import csv
import io

import pytest
import sqlalchemy as sa

from participation.comments.models import Comment, Stance
from participation.contributions.models import ContributionStatus
from participation.engagements.models import ModerationMode
from participation.foundation import clock
from tests.comment_forms import count, hidden_fields, rows

HOSTILE = '=HYPERLINK("http://x")<script>alert(1)</script>'


@pytest.fixture
def talk(site):
    """A round, and an idea of a call, on which what is sent stands at once."""
    opened = site.make.comment_round(
        site.municipality, title="Rede", voting=False, moderation_mode=ModerationMode.AFTER
    )
    call = site.make.idea_call(
        site.municipality, title="Orte", moderation_mode=ModerationMode.AFTER
    )
    idea = site.make.idea(call)
    site.session.commit()
    return {
        "round": f"/beteiligung/{opened.slug}/kommentare/neu",
        "idea": f"/beteiligung/{call.slug}/ideen/{idea.number}/kommentare",
    }


@pytest.mark.parametrize("where", ["round", "idea"])
def test_of_five_levels_of_replies_two_are_taken(site, client, talk, where):
    fields = hidden_fields(client.get(talk[where]).text, containing="/kommentare")
    answers = []
    for level in range(1, 6):
        last = site.session.query(Comment).count()
        site.session.commit()
        target = talk[where] + (f"?antwort={last}" if last else "")
        said = fields | {"submission": f"{level:032x}", "text": f"Satz {level}"}
        if where == "round" and level == 1:
            said["stance"] = Stance.CONCERN.value
        answers.append(client.post(target, data=said))
    assert [answer.status_code for answer in answers] == [200, 200, 422, 422, 422]
    for level, answer in enumerate(answers[2:], start=3):
        assert "Auf diesen Beitrag kann man nicht antworten." in answer.text
        assert f"Satz {level}" in answer.text
    assert sorted((one.level, one.text) for one in all_comments(site)) == [
        (1, "Satz 1"),
        (2, "Satz 2"),
    ]


@pytest.mark.parametrize("query", ["abschnitt=99", "antwort=7", "abschnitt=", "antwort=x"])
def test_a_comment_on_what_is_elsewhere_is_refused_and_its_words_stay(
    site, client, opened, home, query
):
    other = site.make.comment_round(site.municipality, title="Andere")
    for _ in range(7):
        site.make.comment(other, other.passages[0])
    site.session.commit()
    fields = hidden_fields(client.get(f"{home}/neu").text, containing="/kommentare/neu")
    said = fields | {"stance": "concern", "text": "Lange überlegter Satz"}
    answer = client.post(f"{home}/neu?{query}", data=said)
    assert answer.status_code == 404
    assert "Lange überlegter Satz" in answer.text
    assert count(site, Comment) == 7


def test_what_a_file_or_a_page_would_run_stays_words(site, client, opened, home):
    passage = opened.passages[0]
    target = f"{home}/neu?abschnitt={passage.code}"
    fields = hidden_fields(client.get(target).text, containing="/kommentare/neu")
    said = fields | {"stance": "rewording", "text": HOSTILE, "rewording": HOSTILE}
    refused = client.post(target, data=said | {"quote": HOSTILE})
    assert refused.status_code == 422
    assert 'id="quote-error"' in refused.text
    assert client.post(target, data=said).status_code == 200
    (comment,) = all_comments(site)
    comment.move_to(ContributionStatus.PUBLISHED, at=clock.now())
    site.session.commit()
    for page in (refused, client.get(home), client.get(f"{home}/{comment.number}")):
        assert "<script>alert" not in page.text
        assert "&lt;script&gt;alert(1)" in page.text
    file = client.get("/daten/beitraege.csv").data.decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(file))
    assert (row["text"], row["rewording"]) == ("'" + HOSTILE, "'" + HOSTILE)


def all_comments(site):
    return rows(site, sa.select(Comment))
