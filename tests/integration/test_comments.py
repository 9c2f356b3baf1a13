"""Comment rounds, comments and what of them is public."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import cast

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from participation.comments import operations, policy, queries
from participation.comments.importing import ImportedComment
from participation.comments.models import Comment, Stance
from participation.comments.passages import PassageDraft
from participation.contributions.models import (
    Channel,
    Contribution,
    ContributionStatus,
    Follow,
    Receipt,
)
from participation.contributions.operations import withdraw
from participation.contributions.queries import (
    contributions_about,
    find_by_receipt,
    published,
)
from participation.engagements.models import Audience, ModerationMode
from participation.engagements.operations import CannotTakePart
from participation.engagements.queries import participant_count
from participation.foundation.errors import NotFound, Refused
from participation.strategy.queries import adopted_version, contents_of, draft_version
from tests.factories_comments import KEY

TABLE = cast(sa.Table, Comment.__table__)


@pytest.fixture
def town(make):
    return make.municipality()


@pytest.fixture
def opened(make, town):
    return make.comment_round(town)


def adopted_contents(session, strategy):
    """Return the version in force and what it says, by code."""
    version = adopted_version(session, strategy.id)
    assert version is not None
    return version, contents_of(session, version.id)


def public_numbers(session, discussion_id):
    rows = sa.select(Comment.number).where(Comment.discussion_id == discussion_id, published())
    return sorted(session.scalars(rows))


# Rounds


def test_a_round_keeps_a_numbered_copy_of_its_passages(session, opened):
    passages = queries.passages_of(session, opened.id)
    assert [(passage.code, passage.heading) for passage in passages] == [
        ("1", "Wozu wir messen"),
        ("2", "Keine Bilder von Menschen"),
        ("3", "Wie lange wir Daten behalten"),
    ]


def test_a_round_is_about_the_elements_of_its_passages_too(session, make, town):
    strategy = make.adopted_strategy(town)
    version, contents = adopted_contents(session, strategy)
    element, content = contents["M-01"]
    opened = make.comment_round(
        town, passages=[PassageDraft(content.text, content.title, element)], version=version
    )
    assert [element.code for element in opened.elements] == ["M-01"]
    assert opened.version_id == version.id


def test_a_draft_version_cannot_be_put_up_for_comment(session, make, town):
    strategy = make.strategy(town)
    with pytest.raises(Refused) as refusal:
        make.comment_round(town, version=draft_version(session, strategy.id))
    assert refusal.value.field == "version"


def test_another_towns_version_cannot_be_put_up_for_comment(session, make, town):
    strategy = make.adopted_strategy(make.municipality("nachbarow", "Nachbarow"))
    with pytest.raises(Refused) as refusal:
        make.comment_round(town, version=adopted_version(session, strategy.id))
    assert refusal.value.field == "version"


def test_a_round_without_a_text_is_refused(make, town):
    with pytest.raises(Refused) as refusal:
        make.comment_round(town, passages=[])
    assert refusal.value.field == "text"


def test_a_round_of_another_town_or_not_published_is_not_found(session, make, town, opened):
    other = make.municipality("nachbarow", "Nachbarow")
    hidden = make.comment_round(town, published=False)
    assert queries.get_public_round(session, town.id, opened.slug).id == opened.id
    with pytest.raises(NotFound):
        queries.get_public_round(session, other.id, opened.slug)
    with pytest.raises(NotFound):
        queries.get_public_round(session, town.id, hidden.slug)


def test_an_idea_call_is_no_round(session, make, town):
    call = make.idea_call(town)
    with pytest.raises(NotFound):
        queries.get_public_round(session, town.id, call.slug)


# Comments


def test_a_comment_waits_for_moderation_and_can_be_found_by_its_receipt(session, make, opened):
    submitted = make.submitted_comment(opened, opened.passages[1])
    assert submitted.is_new
    assert submitted.comment.status is ContributionStatus.PENDING
    assert public_numbers(session, opened.id) == []
    assert find_by_receipt(session, KEY, submitted.code) is submitted.comment


def test_a_comment_is_published_at_once_where_it_is_read_afterwards(session, make, town):
    opened = make.comment_round(town, moderation_mode=ModerationMode.AFTER)
    comment = make.submitted_comment(opened).comment
    assert comment.status is ContributionStatus.PUBLISHED
    assert public_numbers(session, opened.id) == [comment.number]


def test_comments_are_numbered_over_all_anchors(make, opened):
    first = make.comment(opened, opened.passages[0])
    second = make.comment(opened)
    answer = make.comment(opened, first)
    assert [comment.number for comment in (first, second, answer)] == [1, 2, 3]
    assert [comment.level for comment in (first, second, answer)] == [1, 1, 2]


def test_the_same_submission_gives_the_same_comment_and_receipt(session, make, opened):
    submission = uuid.uuid4().hex
    first = make.submitted_comment(opened, submission=submission)
    again = make.submitted_comment(opened, submission=submission, text="Etwas anderes")
    assert (again.comment.id, again.code, again.is_new) == (first.comment.id, first.code, False)
    assert session.scalar(sa.select(sa.func.count()).select_from(Receipt)) == 1


def test_a_submission_sent_again_after_closing_still_gives_its_receipt(make, opened):
    submission = uuid.uuid4().hex
    first = make.submitted_comment(opened, submission=submission)
    later = opened.closes_at + timedelta(days=1)
    assert make.submitted_comment(opened, submission=submission, at=later).code == first.code


def test_a_submission_key_of_another_round_is_refused(make, town, opened):
    submission = uuid.uuid4().hex
    make.submitted_comment(opened, submission=submission)
    with pytest.raises(Refused) as refusal:
        make.submitted_comment(make.comment_round(town), submission=submission)
    assert refusal.value.field == "submission"


def test_nobody_comments_before_or_after_the_round(make, opened):
    for at in (opened.opens_at - timedelta(minutes=1), opened.closes_at):
        with pytest.raises(CannotTakePart):
            make.submitted_comment(opened, at=at)


def test_a_form_opened_in_time_may_be_sent_a_little_late(make, opened):
    late = opened.closes_at + timedelta(minutes=5)
    opened_at = opened.closes_at - timedelta(minutes=5)
    assert make.submitted_comment(opened, at=late, form_opened_at=opened_at).is_new


def test_a_letter_may_be_entered_after_closing(make, opened):
    later = opened.closes_at + timedelta(days=3)
    assert make.submitted_comment(opened, at=later, channel=Channel.PAPER).is_new


def test_a_round_for_accounts_needs_one(make, town):
    opened = make.comment_round(town, audience=Audience.ACCOUNT)
    with pytest.raises(CannotTakePart):
        make.submitted_comment(opened)
    assert make.submitted_comment(opened, author=make.account()).comment.author_id is not None


def test_a_person_who_comments_twice_took_part_once(session, make, opened):
    make.submitted_comment(opened, mark="somebody")
    make.submitted_comment(opened, mark="somebody")
    make.submitted_comment(opened, mark="somebody else")
    assert participant_count(session, opened.id) == 2


def test_an_address_follows_the_comment_and_goes_with_it(session, make, opened):
    comment = make.submitted_comment(opened, address="Mara@Example.org").comment
    follow = session.scalars(sa.select(Follow)).one()
    assert (follow.contribution_id, follow.subscription.address) == (
        comment.id,
        "mara@example.org",
    )
    withdraw(session, contribution=comment, at=make.at)
    assert follow.subscription.address == ""


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"text": "   "}, "text"),
        ({"text": "x" * (policy.LONGEST_TEXT + 1)}, "text"),
        ({"stance": None}, "stance"),
        ({"stance": Stance.REWORDING, "rewording": ""}, "rewording"),
        (
            {"stance": Stance.REWORDING, "rewording": "x" * (policy.LONGEST_REWORDING + 1)},
            "rewording",
        ),
    ],
)
def test_a_comment_that_says_too_little_or_too_much_is_refused(make, opened, values, field):
    with pytest.raises(Refused) as refusal:
        make.submitted_comment(opened, opened.passages[0], **values)
    assert refusal.value.field == field


def test_a_wording_that_changes_nothing_is_refused(make, opened):
    passage = opened.passages[0]
    with pytest.raises(Refused) as refusal:
        make.submitted_comment(
            opened, passage, stance=Stance.REWORDING, rewording=f" {passage.text}\r\n"
        )
    assert refusal.value.field == "rewording"


def test_a_wording_is_kept_only_with_its_stance(make, opened):
    passage = opened.passages[0]
    kept = make.comment(opened, passage, stance=Stance.REWORDING, rewording="Anders.")
    dropped = make.comment(opened, passage, stance=Stance.CONCERN, rewording="Anders.")
    assert (kept.rewording, dropped.rewording) == ("Anders.", "")


def test_a_whole_text_cannot_be_worded_differently(make, opened):
    with pytest.raises(Refused) as refusal:
        make.submitted_comment(opened, None, stance=Stance.REWORDING, rewording="Anders.")
    assert refusal.value.field == "stance"


def test_a_passage_of_another_round_is_refused(make, town, opened):
    foreign = make.comment_round(town).passages[0]
    with pytest.raises(Refused) as refusal:
        make.submitted_comment(opened, foreign)
    assert refusal.value.field == "passage"


def test_a_comment_of_another_round_cannot_be_answered_here(make, town, opened):
    foreign = make.comment(make.comment_round(town))
    with pytest.raises(Refused) as refusal:
        make.submitted_comment(opened, foreign)
    assert refusal.value.field == "parent"


def test_answers_go_one_level_deep(make, opened):
    answer = make.comment(opened, make.comment(opened))
    with pytest.raises(Refused) as refusal:
        make.submitted_comment(opened, answer)
    assert refusal.value.field == "parent"


@pytest.mark.parametrize(
    "status",
    [status for status in ContributionStatus if status is not ContributionStatus.PUBLISHED],
)
def test_what_is_not_public_cannot_be_answered(make, opened, status):
    with pytest.raises(Refused) as refusal:
        make.submitted_comment(opened, make.comment(opened, status=status))
    assert refusal.value.field == "parent"


def test_a_comment_on_nothing_is_refused(make):
    with pytest.raises(Refused) as refusal:
        make.submitted_comment(None, None)
    assert refusal.value.field == "anchor"


def test_an_idea_has_comments_and_these_have_answers(session, make, town):
    call = make.idea_call(town)
    idea = make.idea(call)
    comment = make.comment(None, idea)
    answer = make.comment(None, comment)
    assert (comment.discussion_id, comment.round_id, comment.level) == (call.id, None, 1)
    assert (answer.number, answer.level) == (2, 2)
    assert queries.count_below(session, [idea.id]) == {idea.id: 1}
    assert queries.replies_to(session, [comment.id]) == {comment.id: [answer]}


def test_a_comment_is_about_what_its_anchor_is_about(session, make, town):
    strategy = make.adopted_strategy(town)
    _, contents = adopted_contents(session, strategy)
    field, measure = contents["HF-1"][0], contents["M-01"][0]
    opened = make.comment_round(
        town, passages=[PassageDraft("a", element=measure), PassageDraft("b")], elements=(field,)
    )

    def codes(anchor):
        return [element.code for element in make.comment(opened, anchor).elements]

    assert codes(opened.passages[0]) == ["M-01"]
    assert codes(opened.passages[1]) == ["HF-1", "M-01"]
    assert codes(None) == ["HF-1", "M-01"]
    call = make.idea_call(town, elements=(field,))
    idea = make.idea(call, elements=(field,))
    assert [element.code for element in make.comment(None, idea).elements] == ["HF-1"]


# Visibility


@pytest.mark.parametrize("status", list(ContributionStatus))
def test_only_what_is_published_is_public(session, make, opened, status):
    comment = make.comment(opened, opened.passages[0], status=status)
    shown = [comment.number] if status is ContributionStatus.PUBLISHED else []
    assert public_numbers(session, opened.id) == shown
    pages = queries.pages_of_each(session, opened.id)
    assert [found.number for page in pages.values() for found in page.comments] == shown
    tally = queries.tallies(session, opened.id).get(opened.passages[0].id, queries.Tally())
    assert tally.total == len(shown)
    following = queries.next_vote(session, opened.id, "voter")
    assert following.left == len(shown)
    assert [found.number for found in [following.comment] if found] == shown
    assert (queries.find_votable(session, opened.id, comment.number) is None) == (not shown)
    if not shown:
        with pytest.raises(NotFound):
            queries.get_published_comment(session, opened.id, comment.number)


@pytest.mark.parametrize(
    "status", [ContributionStatus.HIDDEN, ContributionStatus.WITHDRAWN, ContributionStatus.PENDING]
)
def test_what_is_below_something_that_is_not_public_is_not_public(session, make, town, status):
    strategy = make.adopted_strategy(town)
    _, contents = adopted_contents(session, strategy)
    element = contents["M-01"][0]
    call = make.idea_call(town, elements=(element,))
    idea = make.idea(call, elements=(element,))
    comment = make.comment(None, idea)
    answer = make.comment(None, comment)
    assert public_numbers(session, call.id) == [1, 2]
    assert len(contributions_about(session, element.id)) == 3
    idea.status = status
    idea.published_at = None
    if status is ContributionStatus.WITHDRAWN:
        idea.withdraw()
    session.flush()
    assert public_numbers(session, call.id) == []
    assert contributions_about(session, element.id) == []
    assert not queries.is_published(session, comment.id)
    assert queries.replies_to(session, [comment.id]) == {}
    assert answer.status is ContributionStatus.PUBLISHED


def test_a_hidden_comment_hides_its_answers_and_nothing_else(session, make, opened):
    hidden, other = make.comment(opened), make.comment(opened)
    make.comment(opened, hidden)
    make.comment(opened, other)
    hidden.move_to(ContributionStatus.HIDDEN, at=make.at)
    session.flush()
    assert public_numbers(session, opened.id) == [2, 4]
    hidden.move_to(ContributionStatus.PUBLISHED, at=make.at)
    session.flush()
    assert public_numbers(session, opened.id) == [1, 2, 3, 4]


def test_withdrawing_erases_the_text_and_the_proposed_wording(session, make, opened):
    comment = make.comment(
        opened,
        opened.passages[0],
        stance=Stance.REWORDING,
        rewording="Kanarienvogel im Wortlaut",
        text="Kanarienvogel im Text",
    )
    withdraw(session, contribution=comment, at=make.at)
    session.commit()
    row = session.execute(sa.select(TABLE)).mappings().one()
    text = session.scalar(sa.select(Contribution.text))
    assert (row["rewording"], text) == ("", "")


# Lists


def test_comments_come_newest_first_and_are_paged_by_number(session, make, opened):
    passage = opened.passages[0]
    make.comment(opened, opened.passages[1])
    for _ in range(7):
        make.comment(opened, passage)
    seen, before = [], None
    while True:
        pages = queries.pages_of_each(
            session, opened.id, opened=passage.id, before=before, few=1, limit=3
        )
        assert [comment.number for comment in pages[opened.passages[1].id].comments] == [1]
        seen.append([comment.number for comment in pages[passage.id].comments])
        before = pages[passage.id].next_before
        if before is None:
            break
    assert seen == [[8, 7, 6], [5, 4, 3], [2]]


def test_what_is_said_about_the_whole_is_paged_too(session, make, opened):
    for _ in range(4):
        make.comment(opened)
    first = queries.pages_of_each(session, opened.id, opened=None, limit=3)[None]
    rest = queries.pages_of_each(
        session, opened.id, opened=None, before=first.next_before, limit=3
    )[None]
    assert [comment.number for comment in [*first.comments, *rest.comments]] == [4, 3, 2, 1]


def test_comments_on_an_idea_are_paged_by_number(session, make, town):
    idea = make.idea(make.idea_call(town))
    for _ in range(4):
        make.comment(None, idea)
    first = queries.comments_below(session, idea.id, limit=3)
    rest = queries.comments_below(session, idea.id, before=first.next_before, limit=3)
    assert [comment.number for comment in [*first.comments, *rest.comments]] == [4, 3, 2, 1]
    assert rest.next_before is None


def test_a_list_shows_one_stance(session, make, opened):
    passage = opened.passages[0]
    make.comment(opened, passage, stance=Stance.APPROVE)
    question = make.comment(opened, passage, stance=Stance.QUESTION)
    for wanted in ("none", passage.id):
        pages = queries.pages_of_each(session, opened.id, stance=Stance.QUESTION, opened=wanted)
        assert {key: list(page.comments) for key, page in pages.items()} == {passage.id: [question]}


def test_of_each_passage_a_few_are_shown_and_all_are_counted(session, make, opened):
    first, second, _ = opened.passages
    for _ in range(5):
        make.comment(opened, first)
    make.comment(opened, second, stance=Stance.APPROVE)
    whole = make.comment(opened)
    make.comment(opened, whole)
    make.comment(opened, make.comment(opened, second))
    pages = queries.pages_of_each(session, opened.id, few=2)
    assert {key: [c.number for c in page.comments] for key, page in pages.items()} == {
        first.id: [5, 4],
        second.id: [9, 6],
        None: [7],
    }
    tallies = queries.tallies(session, opened.id)
    assert {key: (tally.total, tally.answers) for key, tally in tallies.items()} == {
        first.id: (5, 0),
        second.id: (2, 1),
        None: (1, 1),
    }
    assert tallies[first.id].of(Stance.CONCERN) == 5
    assert tallies[second.id].of(Stance.QUESTION) == 0


def test_the_comments_of_another_round_stay_there(session, make, town, opened):
    other = make.comment_round(town)
    make.comment(other, other.passages[0])
    make.comment(other)
    assert queries.tallies(session, opened.id) == {}
    for wanted in ("none", None, other.passages[0].id):
        assert queries.pages_of_each(session, opened.id, opened=wanted) == {}


# Import


def test_imported_comments_keep_their_status_and_get_numbers(session, make, opened):
    make.comment(opened)
    stored = operations.record_imported(
        session,
        round=opened,
        comments=[
            ImportedComment("eins", make.at, "c1"),
            ImportedComment("zwei", make.at, "c2", ContributionStatus.REJECTED),
            ImportedComment("drei", make.at, "c3", ContributionStatus.PENDING, opened.passages[0]),
        ],
        at=make.at,
    )
    assert [(comment.number, comment.status.value) for comment in stored] == [
        (2, "published"),
        (3, "rejected"),
        (4, "pending"),
    ]
    assert stored[2].passage_id == opened.passages[0].id
    assert queries.imported_sources(session, opened.id) == {
        f"c{place}": comment.id for place, comment in enumerate(stored, start=1)
    }


def test_an_imported_comment_on_a_foreign_passage_is_refused(session, make, town, opened):
    foreign = make.comment_round(town).passages[0]
    with pytest.raises(NotFound):
        operations.record_imported(
            session,
            round=opened,
            comments=[ImportedComment("eins", make.at, "c1", passage=foreign)],
            at=make.at,
        )


# What the tables refuse


@pytest.fixture
def row(session, make, opened):
    """A stored comment, and how to change its row past all operations."""
    comment = make.comment(opened, opened.passages[0])
    session.commit()

    def change(**values):
        session.execute(sa.update(TABLE).where(TABLE.c.id == comment.id).values(values))
        session.flush()

    return comment, change


def test_a_comment_has_exactly_one_anchor(session, row, opened):
    _, change = row
    with pytest.raises(IntegrityError, match="one_anchor"):
        change(passage_id=None)
    session.rollback()
    with pytest.raises(IntegrityError, match="one_anchor"):
        change(round_id=opened.id)
    session.rollback()


def test_a_comment_hangs_on_no_other_round(session, make, town, row):
    _, change = row
    other = make.comment_round(town)
    session.commit()
    with pytest.raises(IntegrityError, match="own_round"):
        change(passage_id=None, round_id=other.id)
    session.rollback()
    with pytest.raises(IntegrityError, match=r"(?i)foreign"):
        change(passage_id=other.passages[0].id)
    session.rollback()


def test_a_comment_does_not_answer_itself(row):
    comment, change = row
    with pytest.raises(IntegrityError, match="own_parent"):
        change(passage_id=None, parent_id=comment.id)


@pytest.mark.parametrize("level", [0, 2, 3])
def test_only_an_answer_is_of_the_second_level_and_none_of_the_third(row, level):
    _, change = row
    with pytest.raises(IntegrityError, match="level"):
        change(level=level)


def test_a_third_level_is_refused_also_below_a_comment(session, make, opened, row):
    comment, _ = row
    answer = make.comment(opened, comment)
    session.commit()
    with pytest.raises(IntegrityError, match="level"):
        session.execute(sa.update(TABLE).where(TABLE.c.id == answer.id).values(level=3))


def test_a_wording_needs_its_stance_and_a_passage(session, row, opened):
    _, change = row
    with pytest.raises(IntegrityError, match="ck_comment_rewording"):
        change(rewording="Anders.")
    session.rollback()
    with pytest.raises(IntegrityError, match="ck_comment_rewording"):
        change(rewording="Anders.", stance=None)
    session.rollback()
    with pytest.raises(IntegrityError, match="reworded_passage"):
        change(passage_id=None, round_id=opened.id, stance="rewording")


def test_an_unknown_stance_is_refused_by_the_table(session, row):
    with pytest.raises(IntegrityError, match="stance"):
        session.execute(sa.text("UPDATE comment SET stance = 'shrug'"))


def test_a_number_is_given_once(session, make, opened, row):
    _, change = row
    other = make.comment(opened)
    session.commit()
    with pytest.raises(IntegrityError, match=r"(?i)unique"):
        change(number=other.number)
    session.rollback()
    with pytest.raises(IntegrityError, match="number"):
        change(number=0)


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("code", "2", r"(?i)unique"),
        ("position", 2, r"(?i)unique"),
        ("position", 0, "position"),
        ("code", "", "code"),
        ("text", "", "text"),
    ],
)
def test_a_passage_has_a_place_a_code_and_a_text(session, opened, column, value, message):
    setattr(opened.passages[0], column, value)
    with pytest.raises(IntegrityError, match=message):
        session.flush()
