"""What citizens write: taken in once, public in one status only, erased for good on request."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.contributions import operations, queries
from participation.contributions.models import (
    Contribution,
    ContributionKind,
    ContributionStatus,
    Follow,
    Receipt,
)
from participation.contributions.receipts import (
    contribution_hash,
    receipt_code,
    remark_hash,
    response_hash,
)
from participation.engagements.models import Subscription
from participation.engagements.operations import confirm_subscription
from participation.foundation.errors import Conflict, NotFound, Refused
from participation.foundation.orm import metadata
from participation.ideas.models import Idea, IdeaCall, IdeaStem
from participation.ideas.operations import submit_idea
from participation.journal.models import JournalEntry
from participation.strategy.queries import get_element
from tests.conftest import NOON
from tests.factories_engagements import KEY

S = ContributionStatus

# Which steps there are. Everything that is not in this table is refused.
STEPS = {
    (S.PENDING, S.PUBLISHED),
    (S.PENDING, S.REJECTED),
    (S.PUBLISHED, S.HIDDEN),
    (S.HIDDEN, S.PUBLISHED),
    (S.REJECTED, S.PUBLISHED),
}


@pytest.mark.parametrize("before", S)
@pytest.mark.parametrize("after", S)
def test_a_status_changes_by_the_steps_of_the_table_only(before, after):
    contribution = Contribution(status=before, text="x")
    if (before, after) not in STEPS:
        with pytest.raises(Conflict):
            contribution.move_to(after, at=NOON)
        assert contribution.status is before
        return
    contribution.move_to(after, at=NOON)
    assert contribution.status is after
    assert contribution.published_at == (NOON if after is S.PUBLISHED else None)


def test_only_what_is_published_is_public(make, session):
    call = make.idea_call(make.municipality())
    for status in S:
        make.idea(call, status=status, title=f"Idee {status.value}")
    found = session.scalars(sa.select(Contribution).where(queries.published())).all()
    assert [contribution.status for contribution in found] == [S.PUBLISHED]


def test_the_same_submission_again_gives_the_same_receipt_and_stores_nothing(make, session):
    call = make.idea_call(make.municipality())
    submission = uuid.uuid4().hex
    first = make.submitted_idea(call, submission=submission, title="Erster Text")
    again = make.submitted_idea(call, submission=submission, title="Zweiter Text")
    assert (again.idea, again.code, again.is_new) == (first.idea, first.code, False)
    assert first.idea.title == "Erster Text"
    assert count(session, Contribution) == count(session, Receipt) == 1
    assert call.last_number == 1


def test_a_submission_cannot_be_used_for_another_call(make):
    town = make.municipality()
    submission = uuid.uuid4().hex
    make.submitted_idea(make.idea_call(town), submission=submission)
    with pytest.raises(Refused) as refusal:
        make.submitted_idea(make.idea_call(town), submission=submission)
    assert refusal.value.field == "submission"


def test_a_submission_sent_thirty_times_at_once_is_one(make, session, engine):
    call_id = make.idea_call(make.municipality()).id
    session.commit()
    submission = uuid.uuid4().hex

    def send(_):
        with Session(engine) as own:
            submitted = submit_idea(
                own,
                call=own.get_one(IdeaCall, call_id),
                title="Einmal",
                text="Nur einmal.",
                elements=(),
                author=None,
                submission=submission,
                key=KEY,
                at=NOON,
                mark="a",
            )
            answer = (submitted.idea.id, submitted.code)
            own.commit()
            return answer

    with ThreadPoolExecutor(30) as pool:
        answers = set(pool.map(send, range(30)))
    assert len(answers) == 1
    assert count(session, Contribution) == count(session, Receipt) == 1
    assert session.get_one(IdeaCall, call_id).participants == 1


def test_two_ideas_sent_at_once_get_two_numbers(make, session, engine):
    call_id = make.idea_call(make.municipality()).id
    session.commit()

    def send(number):
        with Session(engine) as own:
            submit_idea(
                own,
                call=own.get_one(IdeaCall, call_id),
                title=f"Idee {number}",
                text="Text",
                elements=(),
                author=None,
                submission=uuid.uuid4().hex,
                key=KEY,
                at=NOON,
            )
            own.commit()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(send, range(16)))
    assert sorted(session.scalars(sa.select(Idea.number))) == list(range(1, 17))


def test_a_receipt_finds_its_contribution_and_nothing_else(make, session):
    call = make.idea_call(make.municipality())
    one, two = make.submitted_idea(call), make.submitted_idea(call)
    assert one.code != two.code
    assert queries.find_by_receipt(session, KEY, one.code) is one.idea
    assert queries.find_by_receipt(session, b"another key", one.code) is None
    assert queries.find_by_receipt(session, KEY, "0" * 20) is None


def test_a_code_is_stored_nowhere(make, session):
    code = make.submitted_idea(make.idea_call(make.municipality())).code
    for table in metadata.sorted_tables:
        for row in session.execute(sa.select(table)):
            assert code not in str(row)


def test_one_code_has_unlike_hashes_for_each_kind_of_row():
    code = receipt_code(KEY, "0" * 32)
    hashes = {
        contribution_hash(KEY, code),
        response_hash(KEY, code),
        remark_hash(KEY, code, "q1"),
        remark_hash(KEY, code, "q2"),
    }
    assert len(hashes) == 4
    assert receipt_code(KEY, "0" * 32) == code != receipt_code(KEY, "1" * 32)


@pytest.mark.parametrize("status", [status for status in S if status is not S.WITHDRAWN])
def test_withdrawing_erases_text_title_stems_and_followers_at_any_time(make, session, status):
    call = make.idea_call(make.municipality())
    idea = make.idea(
        call,
        status=status,
        title="Kanarienvogel",
        text="Kanariengesang",
        address="bird@example.org",
    )
    source = make.idea(call, title="Kanarienvogel bleibt")
    operations.withdraw(session, contribution=idea, at=NOON)
    session.commit()
    assert (idea.status, idea.text, idea.title, idea.author_id) == (S.WITHDRAWN, "", "", None)
    stems = sa.select(IdeaStem.stem).where(IdeaStem.idea_id == idea.id)
    assert session.scalars(stems).all() == []
    assert session.scalars(sa.select(Subscription.address)).all() == [""]
    assert source.title == "Kanarienvogel bleibt"
    with pytest.raises(Conflict):
        operations.withdraw(session, contribution=idea, at=NOON)


def test_a_withdrawal_leaves_no_time_in_the_journal(make, session):
    idea = make.idea(make.idea_call(make.municipality()))
    before = count(session, JournalEntry)
    operations.withdraw(session, contribution=idea, at=NOON)
    assert count(session, JournalEntry) == before


def test_what_was_withdrawn_is_still_found_by_its_receipt(make, session):
    submitted = make.submitted_idea(make.idea_call(make.municipality()))
    operations.withdraw(session, contribution=submitted.idea, at=NOON)
    found = queries.find_by_receipt(session, KEY, submitted.code)
    assert found is not None
    assert found.status is S.WITHDRAWN


def test_only_confirmed_addresses_follow(make, session):
    call = make.idea_call(make.municipality())
    idea = make.submitted_idea(call, address="A@example.org").idea
    (subscription,) = session.scalars(sa.select(Subscription))
    assert (subscription.address, subscription.about_all) == ("a@example.org", False)
    assert queries.followers_of(session, idea.id) == []
    confirm_subscription(session, subscription=subscription, at=NOON)
    assert queries.followers_of(session, idea.id) == [subscription]
    assert queries.followers_of(session, make.idea(call).id) == []


def test_no_address_stands_beside_a_survey_remark(make, session):
    remark = Contribution(kind=ContributionKind.SURVEY_REMARK, engagement_id=1)
    with pytest.raises(Refused):
        operations.follow(session, contribution=remark, address="a@example.org", at=NOON)
    assert count(session, Follow) == 0


def test_contributions_about_an_element_are_published_ones_newest_first(make, session):
    town = make.municipality()
    strategy = make.adopted_strategy(town)
    element = get_element(session, strategy.id, "M-01")
    call = make.idea_call(town, elements=(element,))
    for status in S:
        make.idea(call, status=status, elements=(element,), title=status.value)
    make.idea(call, title="woanders")
    later = make.idea(call, title="später", elements=(element,), status=S.PENDING)
    later.move_to(S.PUBLISHED, at=NOON + timedelta(hours=1))
    session.flush()
    found = queries.contributions_about(session, element.id)
    assert [idea.title for idea in found if isinstance(idea, Idea)] == ["später", "published"]
    place = (NOON + timedelta(hours=1), found[0].id)
    assert queries.contributions_about(session, element.id, before=place) == [found[1]]


def test_a_contribution_of_another_town_is_not_found(make, session):
    town, other = make.municipality(), make.municipality(slug="dort", name="Dort")
    idea = make.idea(make.idea_call(town), status=S.PENDING)
    assert queries.get_contribution(session, town.id, idea.id) is idea
    for municipality_id, contribution_id in ((other.id, idea.id), (town.id, uuid.uuid4())):
        with pytest.raises(NotFound):
            queries.get_contribution(session, municipality_id, contribution_id)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("published", {"published_at": None}),
        ("published", {"status": "hidden"}),
        ("withdrawn", {"status": "withdrawn", "published_at": None}),
        ("status", {"status": "lost", "published_at": None}),
        ("channel", {"channel": "pigeon"}),
        ("kind", {"kind": "poem"}),
    ],
)
def test_the_table_of_contributions_refuses(make, session, name, values):
    idea = make.idea(make.idea_call(make.municipality()))
    table = metadata.tables["contribution"]
    plain = {key: value if value is None else sa.literal(value) for key, value in values.items()}
    with pytest.raises(sa.exc.IntegrityError) as refusal, session.begin_nested():
        session.execute(sa.update(table).where(table.c.id == idea.id).values(plain))
    assert f"ck_contribution_{name}" in str(refusal.value.orig)


def test_a_remark_never_has_an_author(make, session):
    idea = make.idea(make.idea_call(make.municipality()))
    account = make.account()
    table = metadata.tables["contribution"]
    values = {"kind": sa.literal("survey_remark"), "author_id": account.id}
    with pytest.raises(sa.exc.IntegrityError) as refusal, session.begin_nested():
        session.execute(sa.update(table).where(table.c.id == idea.id).values(values))
    assert "ck_contribution_anonymous" in str(refusal.value.orig)


def test_a_source_is_taken_once_and_most_contributions_have_none(make, session):
    call = make.idea_call(make.municipality())
    one, two = make.idea(call), make.idea(call)
    one.source = "https://example.org/1"
    session.flush()
    two.source = one.source
    with pytest.raises(sa.exc.IntegrityError):
        session.flush()


def test_a_receipt_belongs_to_one_contribution_and_each_has_one(make, session):
    call = make.idea_call(make.municipality())
    one, two = make.submitted_idea(call).idea, make.submitted_idea(call).idea
    (used,) = session.scalars(sa.select(Receipt.code_hash).where(Receipt.contribution_id == one.id))
    for broken in (
        {"code_hash": used, "contribution_id": two.id},
        {"code_hash": "another", "contribution_id": one.id},
    ):
        with pytest.raises(sa.exc.IntegrityError), session.begin_nested():
            session.execute(sa.insert(Receipt).values(broken))


def count(session, model):
    return session.scalar(sa.select(sa.func.count()).select_from(model))
