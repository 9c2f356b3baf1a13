"""Voting on a page of its own, seeds, and what somebody said about all comments."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from participation.accounts.models import Role
from participation.comments.models import Comment, CommentRound, Vote
from participation.comments.seeds import sow
from participation.contributions.models import ContributionStatus
from participation.engagements.models import ModerationMode
from participation.foundation import clock
from participation.insights.aggregation import aggregate
from tests.comment_forms import count, hidden_fields, only, rows


def vote(client, path, choice, **more):
    fields = hidden_fields(client.get(path).text, containing="/kommentare/stimme")
    action = path.partition("/abstimmen")[0] + "/stimme?karten=1"
    return client.post(action, data=fields | {"stimme-choice": choice} | more)


def test_twenty_comments_are_voted_on_one_by_one_and_summed_up(site, client, opened, home):
    for number in range(20):
        site.make.comment(opened, text=f"Satz {number}.")
    site.session.commit()
    page = f"{home}/abstimmen"
    for number in range(20):
        assert f"Aussage {number + 1} von 20" in client.get(page).text
        important = {"stimme-important": "y"} if number == 3 else {}
        answer = vote(client, page, "disagree" if number % 4 else "agree", **important)
        assert answer.status_code == 303
        assert "/kommentare/abstimmen?zuletzt=" in answer.location
    text = client.get(page).text
    assert "Sie haben zu allen 20 Kommentaren etwas gesagt" in text
    assert "Zustimmen: <b" in text
    assert text.count("ist mir wichtig") == 1
    assert count(site, Vote) == 20


def test_what_somebody_said_is_shown_to_them_alone_and_without_what_is_hidden_since(
    site, client, opened, home
):
    comment = site.make.comment(opened, text="Kameras gehören weg.")
    site.session.commit()
    vote(client, f"{home}/abstimmen", "agree")
    page = client.get(f"{home}/abstimmen")
    assert "Ihre Stimmen" in page.text
    assert "Kameras gehören weg." in page.text
    assert "no-store" in page.headers["Cache-Control"] or "private" in page.headers["Cache-Control"]
    assert "Ihre Stimmen" not in site.visitor().get(f"{home}/abstimmen").text
    site.session.get_one(Comment, comment.id).move_to(ContributionStatus.HIDDEN, at=clock.now())
    site.session.commit()
    assert "Kameras gehören weg." not in client.get(f"{home}/abstimmen").text


def test_a_vote_is_changed_from_the_summary(site, client, opened, home):
    comment = site.make.comment(opened)
    site.session.commit()
    page = f"{home}/abstimmen"
    vote(client, page, "agree")
    vote(client, f"{page}?karte={comment.number}", "disagree")
    assert only(site, Vote).choice.value == "disagree"


def test_after_closing_the_summary_stays_and_the_card_goes(site, client, opened, home):
    site.make.comment(opened, text="Kameras gehören weg.")
    site.session.commit()
    vote(client, f"{home}/abstimmen", "agree")
    with clock.standing_at(opened.closes_at + timedelta(days=1)):
        page = client.get(f"{home}/abstimmen").text
    assert "Kameras gehören weg." in page
    assert "Wie sehen Sie das?" not in page
    assert "Ändern" not in page


def test_without_voting_there_is_no_such_page(site, client):
    silent = site.make.comment_round(site.municipality, voting=False, title="Ohne")
    site.session.commit()
    assert client.get(f"/beteiligung/{silent.slug}/kommentare/abstimmen").status_code == 404


def test_where_people_vote_a_comment_is_short_and_read_before_it_is_shown(site, client):
    opened = site.make.comment_round(
        site.municipality, title="Sofort", moderation_mode=ModerationMode.AFTER
    )
    site.session.commit()
    path = f"/beteiligung/{opened.slug}/kommentare/neu?abschnitt=gesamt"
    fields = hidden_fields(client.get(path).text, containing="/kommentare/neu")
    sent = fields | {"stance": "concern", "text": "x" * 281}
    answer = client.post(path, data=sent)
    assert answer.status_code == 422
    assert "höchstens 280 Zeichen" in answer.text
    assert "x" * 281 in answer.text
    assert client.post(path, data=sent | {"text": "x" * 280}).status_code == 200
    assert only(site, Comment).status is ContributionStatus.PENDING


def test_staff_begins_the_voting_and_takes_a_statement_back(site, client, opened, home):
    staff = site.staff(Role.STRATEGIST)
    path = f"/verwaltung/beteiligungen/{opened.slug}/aussagen"
    assert path in staff.get("/verwaltung/beteiligungen").text
    fields = hidden_fields(
        staff.get(path).text.replace('method="post" novalidate', f'action="{path}"'),
        containing=path,
    )
    answer = staff.post(path, data=fields | {"statements": "Eins ist gut.\n\nZwei ist besser."})
    assert answer.status_code == 303
    card = client.get(f"{home}/abstimmen").text
    assert "Aussage 1 von 2" in card
    assert "der Kommune zum Einstieg" in card
    assert "Eins ist gut." not in client.get(home).text.split("</section>", 1)[1]
    number = rows(site, sa.select(Comment.number).where(Comment.is_seed))[0]
    staff.post(f"{path}/{number}/weg", data=fields)
    assert "Eins ist gut." not in staff.get(path).text
    answer = staff.post(path, data=fields | {"statements": "x" * 300})
    assert answer.status_code == 422
    assert "x" * 300 in answer.text


def test_results_name_what_most_agree_on_and_what_divides_them(site, client, opened):
    agreed = site.make.comment(opened, text="Der Zweck muss feststehen.")
    site.make.votes(agreed, agree=60, disagree=10)
    divided = site.make.comment(opened, text="Kameras gehören ganz weg.")
    site.make.votes(divided, agree=40, disagree=35)
    page, _table = released_page(site, client, opened)
    most_agreed, most_divided = page.split("Am meisten umstritten", 1)
    assert "Der Zweck muss feststehen." in most_agreed
    assert "Kameras gehören ganz weg." in most_divided
    assert "Der Zweck muss feststehen." not in most_divided


def released_page(site, client, opened):
    """Return the page of a round that has ended and is released."""
    member = site.make.member(Role.STRATEGIST, municipality=site.municipality)
    site.session.commit()
    with clock.standing_at(opened.closes_at + timedelta(days=1)):
        found = site.session.get_one(CommentRound, opened.id)
        aggregate(site.session, engagement=found, actor=member, at=clock.now(), final=True)
        site.session.commit()
        page = client.get(f"/beteiligung/{opened.slug}")
        table = client.get(f"/beteiligung/{opened.slug}/ergebnisse.csv")
    return page.text, table.text


def test_results_say_that_nothing_divided_people_and_hide_votes_as_votes(site, client, opened):
    site.make.votes(site.make.comment(opened, text="Alle wollen das."), agree=80, disagree=10)
    site.make.votes(site.make.comment(opened, text="Fast alle."), agree=90, disagree=2)
    page, table = released_page(site, client, opened)
    assert "Umstritten war nichts davon" in page
    assert page.index("Alle wollen das.") < page.index("Fast alle.")
    for shown in (page, table):
        assert "zu wenige Stimmen" in shown
        assert "zu wenige Antworten" not in shown


def test_results_name_a_statement_of_the_municipality_as_its_own(site, client, opened):
    (seed,) = sow(
        site.session,
        comment_round=opened,
        statements=["Wir wollen messen."],
        actor=None,
        at=site.make.at,
    )
    site.make.votes(seed, agree=30, disagree=20)
    page, table = released_page(site, client, opened)
    own = f"Aussage {seed.number} der Kommune"
    assert own in page
    assert own in table
    assert f"Kommentar {seed.number}" not in page
    with clock.standing_at(opened.closes_at + timedelta(days=1)):
        text = client.get(f"/beteiligung/{opened.slug}/kommentare/{seed.number}").text
    assert f"<title>{own}" in text
