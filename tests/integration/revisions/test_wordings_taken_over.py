"""Which proposed wordings fit into a draft, who is named for them, and who hears of it."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from participation.comments.models import Stance
from participation.comments.passages import passages_of
from participation.contributions.operations import follow
from participation.engagements.operations import confirm_subscription
from participation.foundation.errors import Refused
from participation.revisions.audience import audience_of
from participation.revisions.freezing import CHANGE_MESSAGE
from participation.revisions.models import Announcement, ChangeOperation, TakenWording
from participation.revisions.operations import propose_change
from participation.revisions.wordings import credits_of, proposed_wordings, taken_in, taken_over
from participation.strategy.content import Criterion, ElementContent
from participation.strategy.queries import contents_of, get_element
from tests.conftest import NOON
from tests.presence import there

EFFECT = "Weniger Wege"
MEASURE = ElementContent(title="Bürgerservice", text="Drei Tage.\r\n\r\n  Ohne Termin. ")
TWO = "Drei Tage.\n\nOhne Termin."


@pytest.fixture
def measure(session, strategy):
    return get_element(session, strategy.id, "M-01")


@pytest.mark.parametrize(
    ("passage", "rewording", "text"),
    [
        (TWO, "Fünf Tage.\n\nOhne Termin.", "Fünf Tage.\n\nOhne Termin."),
        ("Ohne Termin.", "Mit Termin.", "Drei Tage.\n\nMit Termin."),
        (
            "Drei Tage.",
            "Fünf Tage.\r\n\r\n\r\nAuch samstags.",
            "Fünf Tage.\n\nAuch samstags.\n\nOhne Termin.",
        ),
    ],
)
def test_a_passage_is_worded_anew_where_it_stands(measure, passage, rewording, text):
    assert there(taken_over(measure, MEASURE, passage, rewording)).text == text


def test_a_whole_element_keeps_its_effect_and_its_criteria(measure):
    content = ElementContent(title="Bürgerservice", text=TWO, expected_effect=EFFECT)
    (whole,) = passages_of([(measure, content)], by_paragraph=False)
    assert whole.text != TWO
    found = there(taken_over(measure, content, whole.text, whole.text.replace("Drei", "Fünf")))
    assert (found.text, found.expected_effect) == ("Fünf Tage.\n\nOhne Termin.", EFFECT)
    other_effect = whole.text.replace(EFFECT, "Keine Wege")
    assert taken_over(measure, content, whole.text, other_effect) is None


def test_a_criterion_is_reworded_by_hand(session, strategy):
    goal = get_element(session, strategy.id, "Z-01")
    content = ElementContent(
        title="Wege", text="Satz.", criteria=(Criterion("Wege", "4", date(2028, 1, 1)),)
    )
    *_rest, criteria = passages_of([(goal, content)], by_paragraph=True)
    assert taken_over(goal, content, criteria.text, criteria.text + " und mehr") is None


def test_a_title_is_all_that_an_element_without_a_text_has(measure):
    found = there(taken_over(measure, ElementContent(title="Rufbus"), "Rufbus", "Rufbus für\nalle"))
    assert found.title == "Rufbus für alle"


def test_what_reads_otherwise_by_now_is_not_taken_over(measure):
    assert taken_over(measure, MEASURE, "Vier Tage.", "Fünf Tage.") is None


@pytest.fixture
def proposed(make, session, town, strategy, measure):
    """A comment that words M-01 anew, in a round on the version in force."""
    contents = contents_of(session, make.in_force(strategy).id)
    opened = make.comment_round(
        town, passages=passages_of([contents["M-01"]], by_paragraph=False), voting=False
    )
    return make.comment(
        opened, opened.passages[0], stance=Stance.REWORDING, rewording="Das Bürgerbüro öffnet."
    )


def propose(session, revision, element, proposed, operation, content=None):
    return propose_change(
        session,
        revision=revision,
        element=element,
        operation=operation,
        content=content,
        wordings=[proposed],
        actor=None,
        at=NOON,
    )


def test_only_a_wording_of_this_element_can_be_named(session, revision, proposed, make):
    other = get_element(session, revision.strategy_id, "M-02")
    changed = ElementContent(title="Rufbus für alle", field="HF-2", goals=("Z-01",))
    with pytest.raises(Refused) as refusal:
        propose(session, revision, other, proposed, ChangeOperation.AMEND, changed)
    assert refusal.value.field == "wordings"
    with pytest.raises(Refused):
        propose(session, revision, other, proposed, ChangeOperation.RETIRE)


def test_who_follows_a_comment_hears_of_the_version_that_takes_its_words_and_keeps_them(
    make, session, town
):
    loop = make.loop(town, adopted=False)
    contents = contents_of(session, loop.revision.base_version_id)
    opened = make.comment_round(
        town, passages=passages_of([contents["M-01"]], by_paragraph=False), voting=False
    )
    comment = make.comment(
        opened, opened.passages[0], stance=Stance.REWORDING, rewording="Das Bürgerbüro öffnet."
    )
    assert proposed_wordings(session, loop.measure.id) == [comment]
    subscription = follow(session, contribution=comment, address="wer@example.org", at=NOON)
    confirm_subscription(session, subscription=subscription, at=NOON)
    (change,) = loop.revision.changes
    change.wordings.append(comment)
    session.flush()
    assert taken_in(session, comment) == []

    version = make.adopt(loop.revision)
    assert credits_of(session, [change.id]) == {change.id: [comment]}
    assert [(one.number, one.code) for one in taken_in(session, comment)] == [
        (version.number, "M-01")
    ]
    announced = session.scalars(
        sa.select(Announcement).where(Announcement.version_id == version.id)
    ).one()
    assert "wer@example.org" in [one.address for one in audience_of(session, announced)]
    session.commit()
    for statement in (
        sa.delete(TakenWording),
        sa.insert(TakenWording).values(change_id=change.id, comment_id=comment.id),
    ):
        with pytest.raises(sa.exc.DBAPIError, match=CHANGE_MESSAGE):
            session.execute(statement)
        session.rollback()
