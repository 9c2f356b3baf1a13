"""What comment pages never show, never set, never store and how little they ask."""

from __future__ import annotations

import sqlalchemy as sa

from participation.comments.models import Comment, Stance
from participation.comments.passages import PassageDraft
from participation.contributions.models import Contribution, ContributionStatus
from participation.engagements.models import ResultsMode
from participation.foundation import clock
from participation.strategy.queries import adopted_version
from tests.comment_forms import hidden_fields, queries_of, receipt_in, rows, vote


def test_what_is_not_public_is_on_no_page(site, client):
    opened = site.make.comment_round(site.municipality, title="Leitlinie")
    call = site.make.idea_call(site.municipality, title="Digitale Orte")
    hidden_idea = site.make.idea(call, title="Versteckt", status=ContributionStatus.HIDDEN)
    shown_idea = site.make.idea(call, title="Sichtbar")
    canaries = []
    for status in set(ContributionStatus) - {ContributionStatus.PUBLISHED}:
        for place, anchor in enumerate([opened.passages[0], None]):
            text = f"Kanarienvogel {status.value} {place}"
            canaries.append(text)
            site.make.comment(opened, anchor, text=text, status=status)
        site.make.comment(
            opened,
            opened.passages[1],
            stance=Stance.REWORDING,
            rewording=f"Kanarienvogel Wortlaut {status.value}",
            status=status,
        )
        canaries.append(f"Kanarienvogel Wortlaut {status.value}")
        site.make.comment(
            None, shown_idea, text=f"Kanarienvogel Idee {status.value}", status=status
        )
        canaries.append(f"Kanarienvogel Idee {status.value}")
    parent = site.make.comment(opened, opened.passages[0], text="Wird versteckt")
    site.make.comment(opened, parent, text="Kanarienvogel Antwort")
    parent.move_to(ContributionStatus.HIDDEN, at=clock.now())
    hidden_idea.move_to(ContributionStatus.PUBLISHED, at=clock.now())
    site.session.flush()
    site.make.comment(None, hidden_idea, text="Kanarienvogel unter Versteckt")
    hidden_idea.move_to(ContributionStatus.HIDDEN, at=clock.now())
    site.session.commit()
    canaries += ["Wird versteckt", "Kanarienvogel Antwort", "Kanarienvogel unter Versteckt"]
    numbers = rows(site, sa.select(Comment.number))
    home = f"/beteiligung/{opened.slug}/kommentare"
    ideas = f"/beteiligung/{call.slug}/ideen"
    paths = [
        home,
        f"{home}?haltung=bedenken",
        f"{home}?haltung=wortlaut",
        *(f"{home}?abschnitt={code}" for code in ("1", "2", "3", "gesamt")),
        *(f"{home}?karte={number}" for number in numbers),
        *(f"{home}/neu?antwort={number}" for number in numbers),
        *(f"{home}/{number}" for number in numbers),
        *(f"/beteiligung/{call.slug}/kommentare/{number}" for number in numbers),
        *(f"{ideas}/{shown_idea.number}/kommentare?antwort={number}" for number in numbers),
        f"{ideas}/{shown_idea.number}",
        f"{ideas}/{hidden_idea.number}",
        f"{ideas}/{hidden_idea.number}/kommentare",
        f"/beteiligung/{opened.slug}",
        "/beteiligung/",
    ]
    for path in paths:
        text = client.get(path).text
        assert [canary for canary in canaries if canary in text] == [], path


def test_reading_sets_no_cookie(client, home):
    assert "Set-Cookie" not in client.get(home).headers
    assert "Set-Cookie" not in client.get(f"{home}/neu").headers


def test_the_page_asks_ten_questions_at_most_whatever_the_number_of_comments(site):
    strategy = site.make.adopted_strategy(site.municipality)
    version = adopted_version(site.session, strategy.id)
    opened = site.make.comment_round(
        site.municipality,
        passages=[PassageDraft(f"Absatz {number}.", f"Teil {number}") for number in range(12)],
        version=version,
        results_mode=ResultsMode.INTERIM,
    )
    site.make.comment(opened, opened.passages[0])
    site.session.commit()
    client, path = site.visitor(), f"/beteiligung/{opened.slug}/kommentare"
    vote(client, path, "agree")
    few = queries_of(site, client, f"{path}?abschnitt=1")
    for number in range(60):
        comment = site.make.comment(opened, opened.passages[number % 12])
        site.make.comment(opened, comment)
    site.session.commit()
    assert queries_of(site, client, f"{path}?abschnitt=1") <= max(few, 10)
    assert few <= 10
    assert queries_of(site, client, path) <= 10


def test_the_code_of_a_receipt_is_stored_nowhere(site, client, home):
    fields = hidden_fields(client.get(f"{home}/neu").text, containing="/kommentare/neu")
    sent = client.post(f"{home}/neu", data=fields | {"stance": "approve", "text": "Gut so."})
    code = receipt_in(sent.text)
    short = "".join(code.split("-")[1:])
    for table in Contribution.metadata.sorted_tables:
        for row in site.session.execute(sa.select(table)):
            assert short not in "".join(str(value) for value in row).replace("-", "").upper()
