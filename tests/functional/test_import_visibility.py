"""What was imported into a draft is public nowhere, and becomes public with its engagement."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from participation.comments.operations import open_round
from participation.contributions.models import Contribution, ContributionStatus
from participation.engagements.operations import publish_engagement
from participation.ideas.operations import open_call
from participation.maintenance.import_ideas import IdeaColumns, IdeaFile, import_ideas
from participation.maintenance.import_polis import import_conversation, passages_of
from participation.maintenance.polis_folder import read_conversation
from participation.maintenance.targets import Period, closed_plan
from participation.strategy.queries import get_element
from tests.conftest import NOON
from tests.factories_engagements import KEY
from tests.real_input import SMALL_SETS

IDEA = "Radweg zum Bahnhof"
COMMENT = "Auf alle städtischen Dächer gehören Solaranlagen."
REJECTED = "Ihr Spinner habt doch keine Ahnung!"
PAGES = (
    "/",
    "/strategie/",
    "/strategie/M-01",
    "/beteiligung/",
    "/beteiligung/ideen-von-frueher",
    "/beteiligung/ideen-von-frueher/ideen",
    "/beteiligung/ideen-von-frueher/ideen/1",
    "/beteiligung/klima-von-frueher",
    "/beteiligung/klima-von-frueher/kommentare",
    "/beteiligung/klima-von-frueher/kommentare/1",
    "/was-daraus-wurde",
)


@pytest.fixture
def drafts(site):
    """Two imported engagements about M-01 that are not published."""
    make, session, town = site.make, site.session, site.municipality
    strategy = make.adopted_strategy(town)
    element = get_element(session, strategy.id, "M-01")
    call = open_call(
        session,
        municipality=town,
        plan=closed_plan("Ideen von früher", (element,), at=NOON, period=Period()),
        actor=None,
        at=NOON,
    )
    import_ideas(
        session,
        call=call,
        file=IdeaFile(
            SMALL_SETS / "german_citizen_ideas" / "lindenow-wege" / "ideas.csv",
            IdeaColumns(body="text", title="title", url="url"),
        ),
        status=ContributionStatus.PUBLISHED,
        elements=(element,),
        at=NOON,
    )
    conversation = read_conversation(SMALL_SETS / "polis_conversations" / "lindenow-klima")
    comment_round = open_round(
        session,
        municipality=town,
        plan=closed_plan("Klima von früher", (element,), at=NOON, period=Period()),
        passages=passages_of(conversation, "Klima von früher"),
        voting=True,
        actor=None,
        at=NOON,
    )
    import_conversation(
        session,
        round=comment_round,
        conversation=conversation,
        status=ContributionStatus.PUBLISHED,
        elements=(element,),
        key=KEY,
        at=NOON,
    )
    session.commit()
    return call, comment_round


def shown(browser) -> str:
    """Return what all the pages say; those that are not there say nothing."""
    answers = [browser.get(page, follow_redirects=True) for page in PAGES]
    assert {answer.status_code for answer in answers} <= {200, 404}
    return "".join(answer.get_data(as_text=True) for answer in answers)


def test_nothing_of_a_draft_is_shown(site, client, drafts):
    published = sa.select(sa.func.count()).where(
        Contribution.status == ContributionStatus.PUBLISHED
    )
    assert site.session.scalar(published) == 42 + 25
    text = shown(client)
    assert IDEA not in text
    assert COMMENT not in text
    assert "von früher" not in text


def test_all_that_was_accepted_is_shown_once_its_engagement_is_published(site, client, drafts):
    for engagement in drafts:
        publish_engagement(site.session, engagement=engagement, actor=None, at=NOON)
    site.session.commit()
    text = shown(client)
    assert IDEA in text
    assert COMMENT in text
    assert REJECTED not in text


def test_what_was_imported_names_its_source_with_a_link(site, client, drafts):
    call, comment_round = drafts
    for engagement in drafts:
        publish_engagement(site.session, engagement=engagement, actor=None, at=NOON)
    site.session.commit()
    for engagement, page in ((call, "ideen/1"), (comment_round, "kommentare/1")):
        number = int(page.rpartition("/")[2])
        found = next(
            one
            for one in site.session.scalars(
                sa.select(Contribution).where(Contribution.engagement_id == engagement.id)
            )
            if one.number == number
        )
        host = found.source_url.split("/")[2]
        link = f'href="{found.source_url}" rel="nofollow noopener">{host}</a>'
        assert link in client.get(f"/beteiligung/{engagement.slug}/{page}").text
        whole = client.get(f"/beteiligung/{engagement.slug}").text
        assert f'rel="nofollow noopener">{host}</a>' in whole
        assert "Herkunft" in whole


def test_without_imported_contributions_no_source_is_named(site, client):
    site.make.adopted_strategy(site.municipality)
    call = site.make.idea_call(site.municipality)
    site.make.idea(call)
    site.session.commit()
    assert "Herkunft" not in client.get(f"/beteiligung/{call.slug}").text
    assert "Quelle:" not in client.get(f"/beteiligung/{call.slug}/ideen/1").text


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "//x.example", ""])
def test_only_web_addresses_become_a_link(site, client, address):
    site.make.adopted_strategy(site.municipality)
    call = site.make.idea_call(site.municipality)
    site.make.idea(call).source_url = address
    site.session.commit()
    assert "Quelle:" not in client.get(f"/beteiligung/{call.slug}/ideen/1").text
