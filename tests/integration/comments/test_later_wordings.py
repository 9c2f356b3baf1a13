"""Comments stay with the wording that they were made on, and say what became of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from participation.comments.hearings import begin_hearing, follow_on
from participation.comments.later_wordings import LaterWording, later_wordings
from participation.comments.passages import PassageDraft, passages_of
from participation.engagements.operations import publish_engagement
from participation.portal.queries.comments import comment_page, round_view
from participation.revisions import operations
from participation.strategy.queries import contents_of
from tests.conftest import NOON


@pytest.fixture
def revision(make):
    town = make.municipality()
    revision = make.revision(make.adopted_strategy(town))
    make.amended(revision, "M-01", because=[make.stated()], text="Entwurf eins.\n\nEntwurf zwei.")
    return revision


@pytest.fixture
def opened(session, make, revision):
    frozen = operations.put_out_for_consultation(session, revision=revision, actor=None, at=NOON)
    said = contents_of(session, frozen.id)
    texts = [said["M-01"], said["M-02"]]
    return make.comment_round(
        revision.strategy.municipality,
        version=frozen,
        passages=passages_of(texts, by_paragraph=True),
    )


def changed(session, opened):
    found = later_wordings(session, opened, opened.passages, at=NOON)
    return {it.text: found[it.id] for it in opened.passages if it.id in found}


def test_nothing_is_later_while_the_draft_is_a_draft(session, opened):
    assert changed(session, opened) == {}


def test_what_is_adopted_as_it_stood_has_not_changed(session, make, revision, opened):
    make.adopt(revision, NOON + timedelta(days=40))
    assert changed(session, opened) == {}


def test_only_the_passage_that_reads_differently_has_changed(session, make, revision, opened):
    operations.drop_change(session, change=revision.changes[0], actor=None, at=NOON)
    make.amended(revision, "M-01", because=[make.stated()], text="Entwurf eins.\n\nAnders.")
    comment = make.comment(opened, opened.passages[1])
    make.adopt(revision, NOON + timedelta(days=40))
    session.commit()
    assert changed(session, opened) == {"Entwurf zwei.": LaterWording(2, is_gone=False)}
    view = round_view(session, opened, stance=None, opened=None, before=None, at=NOON)
    assert [part.code for part in view.sections if part.later] == ["2"]
    page = comment_page(session, opened.municipality_id, opened.slug, comment.number, NOON)
    assert page.later == LaterWording(2, is_gone=False)
    passage = page.view.comment.passage
    assert passage is not None
    assert passage.text == "Entwurf zwei."


def test_a_pasted_text_and_the_version_in_force_have_nothing_later(session, make, revision):
    town = revision.strategy.municipality
    pasted = make.comment_round(town)
    assert changed(session, pasted) == {}


def test_the_latest_phase_that_has_begun_says_what_became_of_a_passage(session, make):
    town = make.municipality()
    texts = [("A", "Höchstens dreißig Tage."), ("B", "Kein Ton."), ("C", "Ein Schild.")]
    first = make.comment_round(town, passages=[PassageDraft(text, name) for name, text in texts])
    begin_hearing(session, comment_round=first, title="Leitlinie", summary="", actor=None, at=NOON)
    texts = [("A", "Höchstens sieben Tage."), ("B", "Kein Ton.")]
    second = make.comment_round(
        town, passages=[PassageDraft(text, name) for name, text in texts], published=False
    )
    phase = follow_on(session, before=first, comment_round=second, actor=None, at=NOON)
    phase.note = "Sieben Tage genügen."
    session.commit()
    assert changed(session, first) == {}
    publish_engagement(session, engagement=second, actor=None, at=NOON)
    session.commit()
    slug = phase.hearing.slug
    assert changed(session, first) == {
        "Höchstens dreißig Tage.": LaterWording(2, is_gone=False, hearing=slug),
        "Ein Schild.": LaterWording(2, is_gone=True, hearing=slug),
    }
    assert changed(session, second) == {}
