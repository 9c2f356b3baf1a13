"""What a released list says of its ideas and comments: their words while they are public."""

from __future__ import annotations

import csv
import re
from datetime import timedelta
from html import unescape

import pytest

from participation.accounts.models import Role
from participation.contributions.models import ContributionStatus
from participation.insights.charts import charts_of
from participation.insights.operations import aggregate
from participation.revisions.operations import open_revision
from participation.strategy.queries import get_element
from tests.statements import queries_of

BARS = re.compile(r'<ul class="bt-chart">.*?</ul>', re.DOTALL)
ENGLISH = "A bench at every bus stop"
GONE = "Diese Idee steht nicht mehr da"


@pytest.fixture
def strategy(site):
    return site.make.adopted_strategy(site.municipality)


@pytest.fixture
def measure(site, strategy):
    return get_element(site.session, strategy.id, "M-01")


@pytest.fixture
def call(site, measure):
    """Three ideas about M-01, released; then the second one is hidden."""
    make = site.make
    call = make.idea_call(site.municipality, elements=(measure,))
    make.idea(call, title="Bänke am Marktplatz", elements=(measure,), language="de")
    hidden = make.idea(call, title=GONE, elements=(measure,))
    make.idea(call, title=ENGLISH, elements=(measure,), language="en")
    released(site, call)
    make.moved(hidden, ContributionStatus.HIDDEN)
    site.session.commit()
    return call


@pytest.fixture
def comment_round(site, measure):
    """Two comments with votes enough to be shown; then the second one is hidden."""
    make = site.make
    comment_round = make.comment_round(site.municipality, elements=(measure,))
    passage = comment_round.passages[0]
    shown = make.comment(comment_round, passage, text="Zählen ja, filmen nein.")
    hidden = make.comment(comment_round, passage, text=GONE)
    for one in (shown, hidden):
        make.votes(one, agree=24, disagree=6)
    released(site, comment_round)
    make.moved(hidden, ContributionStatus.HIDDEN)
    site.session.commit()
    return comment_round


def released(site, engagement):
    at = engagement.closes_at + timedelta(days=1)
    return aggregate(site.session, engagement=engagement, actor=None, at=at, final=True)


def bars(page: str) -> str:
    return unescape(" ".join(BARS.findall(page)))


def assert_words(shown: str, call) -> None:
    """The words of what is public lead to it; what is gone has its number and nothing else."""
    slug = call.slug
    assert f'href="/beteiligung/{slug}/ideen/1" lang="de">Bänke am Marktplatz</a>' in shown
    assert f'href="/beteiligung/{slug}/ideen/3" lang="en">{ENGLISH}</a>' in shown
    assert "Idee 2" in shown
    assert GONE not in shown
    assert f"/beteiligung/{slug}/ideen/2" not in shown


def test_the_engagement_says_the_words_of_its_ideas(site, call, client):
    page = client.get(f"/beteiligung/{call.slug}").text
    assert_words(bars(page), call)
    assert GONE not in page


def test_the_engagement_says_the_words_of_its_comments(site, comment_round, client):
    page = client.get(f"/beteiligung/{comment_round.slug}").text
    shown = bars(page)
    assert (
        f'href="/beteiligung/{comment_round.slug}/kommentare/1" lang="de">'
        "Zählen ja, filmen nein.</a>" in shown
    )
    assert "Kommentar 2" in shown
    assert GONE not in page


def test_agreement_is_written_as_the_language_writes_per_cent(site, comment_round, client):
    shares = []
    for language in ("de", "en"):
        client.get(f"/sprache/{language}")
        page = client.get(f"/beteiligung/{comment_round.slug}").text
        shares += re.findall(r'<span class="bt-num">(\d+.*%)</span>', page)[:1]
    assert shares == ["83\N{NO-BREAK SPACE}%", "83%"]


def test_the_page_of_an_element_links_nothing_that_is_gone(site, call, client):
    page = client.get("/strategie/M-01").text
    assert_words(bars(page), call)
    assert GONE not in page


def test_the_evidence_links_nothing_that_is_gone(site, call):
    page = site.staff(Role.STRATEGIST).get("/werkstatt/nachweise/M-01").text
    assert_words(bars(page), call)


def test_the_workshop_links_nothing_that_is_gone(site, strategy, measure, call):
    revision = open_revision(site.session, strategy=strategy, actor=None, at=site.make.at)
    site.make.amended(revision, "M-01", text="Anders als zuvor.")
    site.session.commit()
    page = site.staff(Role.STRATEGIST).get("/werkstatt/").text
    assert_words(bars(page), call)


def test_the_table_of_a_release_holds_the_words_of_what_is_public(site, call, client):
    answer = client.get(f"/beteiligung/{call.slug}/ergebnisse.csv")
    table = answer.data.decode("utf-8-sig")
    labels = [row[2] for row in csv.reader(table.splitlines(), delimiter=",")]
    assert labels[1:] == ["Idee 1: Bänke am Marktplatz", "Idee 2", f"Idee 3: {ENGLISH}"]


def test_long_words_are_cut_between_words(site, measure):
    make = site.make
    comment_round = make.comment_round(site.municipality, elements=(measure,))
    said = "Ein sehr langer Satz über Sensoren. " * 7
    comment = make.comment(comment_round, comment_round.passages[0], text=said)
    make.votes(comment, agree=24, disagree=6)
    with site.app.test_request_context():
        charts = charts_of(site.session, released(site, comment_round))
    [row] = [row for one in charts.values() for row in one.rows if "language" in row]
    assert row["label"].startswith("Ein sehr langer Satz über Sensoren. Ein")
    assert row["label"].endswith(" …")
    assert len(row["label"]) <= 122


def test_all_lists_of_a_page_take_one_query_for_their_words(site, measure, client):
    make = site.make
    # With everything that an element's page can show.
    asked = make.questions((measure,))
    survey = make.survey(site.municipality, questions=asked, elements=(measure,))
    counts = []
    for _ in range(2):
        call = make.idea_call(site.municipality, elements=(measure,))
        make.ideas(call, 12, elements=(measure,))
        released(site, call)
        site.session.commit()
        counts.append(queries_of(site, client, "/strategie/M-01"))
    assert survey.title in client.get("/strategie/M-01").text
    assert counts[0] == counts[1] <= 10


def test_a_number_stands_behind_the_words_in_their_own_language(site, call, client):
    page = client.get(f"/beteiligung/{call.slug}").text
    table = page[page.index("<caption>") :]
    assert f'<span lang="en">{ENGLISH}</span> <span class="bt-chart__n">Idee 3</span>' in table
