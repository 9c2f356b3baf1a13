"""A comment is sent, waits for moderation and is answered."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa

from participation.comments import policy, queries
from participation.comments.models import Stance
from participation.comments.passages import PassageDraft
from participation.contributions.models import Channel, ContributionStatus, Follow, Receipt
from participation.contributions.operations import withdraw
from participation.contributions.queries import find_by_receipt
from participation.engagements.models import Audience, ModerationMode
from participation.engagements.operations import CannotTakePart
from participation.engagements.queries import participant_count
from participation.foundation.errors import Refused
from tests.comment_rounds import adopted_contents, public_numbers
from tests.factories_comments import KEY


def test_a_comment_waits_for_moderation_and_can_be_found_by_its_receipt(session, make, opened):
    submitted = make.submitted_comment(opened, opened.passages[1])
    assert submitted.is_new
    assert submitted.comment.status is ContributionStatus.PENDING
    assert public_numbers(session, opened.id) == []
    assert find_by_receipt(session, KEY, submitted.code) is submitted.comment


def test_a_comment_is_published_at_once_where_it_is_read_afterwards(session, make, town):
    opened = make.comment_round(town, voting=False, moderation_mode=ModerationMode.AFTER)
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
        ({"quote": "steht nicht da"}, "quote"),
        ({"quote": "Die " * (policy.LONGEST_QUOTE // 4 + 1)}, "quote"),
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


def test_a_quotation_is_kept_as_it_stands_in_the_passage_and_nowhere_else(make, opened):
    quoting = make.comment(opened, opened.passages[0], quote="„einer\r\n Aufgabe  dient“ ")
    whole = make.comment(opened, None, quote="einer Aufgabe dient")
    answer = make.comment(opened, quoting, quote="einer Aufgabe dient")
    assert (quoting.quote, whole.quote, answer.quote) == ("einer Aufgabe dient", "", "")


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
