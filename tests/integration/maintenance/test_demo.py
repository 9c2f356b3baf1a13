"""The demo town loads whole, once, on both databases."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.accounts.models import Municipality
from participation.app import create_app
from participation.comments.hearings import part_differences
from participation.comments.models import (
    DEEPEST_LEVEL,
    Comment,
    CommentRound,
    HearingPhase,
    Stance,
    Statement,
    Vote,
)
from participation.contributions.models import Channel, Contribution, ContributionStatus
from participation.contributions.queries import published
from participation.engagements.models import (
    Engagement,
    EngagementKind,
    EngagementState,
    InvitationCode,
    LetterBatch,
    OrganisationInvitation,
)
from participation.foundation import clock
from participation.foundation.clock import LOCAL_ZONE
from participation.ideas.models import (
    CallField,
    FieldAnswer,
    Idea,
    IdeaCall,
    IdeaImage,
    IdeaWording,
    WordingState,
)
from participation.ideas.similar import similar_ideas
from participation.insights.comparison import comparisons_of
from participation.insights.models import (
    Aggregate,
    AggregateKind,
    Evidence,
    Finding,
    IndicatorFeed,
)
from participation.insights.queries import released
from participation.journal.models import JournalEntry
from participation.journal.operations import find_faults
from participation.maintenance.demo.loading import load_demo
from participation.maintenance.demo.people import PASSWORD
from participation.maintenance.demo.staging import last_office_hour
from participation.maintenance.journal_words import ACTIONS, FACTS, LEFT_OUT
from participation.moderation.models import Action, ModerationDecision
from participation.moderation.policy import GROUNDS
from participation.revisions.models import (
    Announcement,
    Change,
    ChangeReason,
    OfficialAnswer,
    Revision,
    RevisionStatus,
)
from participation.revisions.policy import Obstacle
from participation.revisions.queries import blockers
from participation.strategy.models import (
    Element,
    ElementKind,
    Indicator,
    Measurement,
    Milestone,
    StrategyVersion,
    VersionStatus,
)
from participation.strategy.queries import contents_of
from participation.surveys.checking import remarks_on
from participation.surveys.models import (
    Choice,
    Question,
    QuestionKind,
    QuestionPicture,
    QuestionText,
    Survey,
)
from participation.surveys.queries import questionnaire_of, response_count
from participation.surveys.translating import states_of
from participation.web.extensions import db
from tests.conftest import NOON, psycopg_url, settings_for
from tests.drill import opened
from tests.factories import PASSWORDS
from tests.integration.maintenance.demo_pages import PAGES
from tests.servers.postgres import Postgres
from tests.shared_work import share_templates
from tests.site import SAME_ORIGIN


def _load(session: Session) -> bool:
    return load_demo(session, passwords=PASSWORDS, key=b"a key", now=NOON)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def loaded_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A database of each kind with the demo town, loaded once: that takes seconds."""
    if request.param == "sqlite":
        file = tmp_path_factory.mktemp("demo") / "demo.sqlite"
        shutil.copy(request.getfixturevalue("sqlite_template"), file)
        _load_into(f"sqlite:///{file}")
        yield f"sqlite:///{file}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    name = f"demo_{uuid.uuid4().hex[:12]}"
    template = request.getfixturevalue("postgres_template")
    url = psycopg_url(server.create_database(name, template))
    _load_into(url.render_as_string(hide_password=False))
    yield url.render_as_string(hide_password=False)
    server.drop_database(name)


def _load_into(url: str) -> None:
    with opened(url) as engine, Session(engine) as session:
        assert _load(session)
        session.commit()


@pytest.fixture
def session(loaded_url: str) -> Iterator[Session]:
    with opened(loaded_url) as engine, Session(engine) as session:
        yield session


def test_the_demo_town_has_been_through_the_whole_loop(session: Session) -> None:
    versions = session.scalars(sa.select(StrategyVersion.status).order_by(StrategyVersion.number))
    assert list(versions) == [
        VersionStatus.SUPERSEDED,
        VersionStatus.SUPERSEDED,
        VersionStatus.ADOPTED,
    ]
    for rows in (Aggregate, Finding, OfficialAnswer, Announcement, Contribution):
        assert session.scalar(sa.select(sa.func.count()).select_from(rows)), rows.__name__
    answers = session.scalars(sa.select(OfficialAnswer).order_by(OfficialAnswer.id)).all()
    assert [answer.published_at is None for answer in answers] == [False] * 7 + [True]
    revision = session.scalars(
        sa.select(Revision).where(Revision.status == RevisionStatus.OPEN)
    ).one()
    assert {blocker.obstacle for blocker in blockers(session, revision)} == {
        Obstacle.UNANSWERED,
        Obstacle.UNSIGNED,
        Obstacle.NO_REASON,
    }
    assert list(find_faults(session)) == []


def test_the_demo_is_as_large_as_a_town_would_make_it(session: Session) -> None:
    kinds = dict(
        session.execute(sa.select(Element.kind, sa.func.count()).group_by(Element.kind)).all()
    )
    assert kinds[ElementKind.ACTION_FIELD] == 10
    assert kinds[ElementKind.GOAL] == 20
    assert kinds[ElementKind.MEASURE] == 34
    ideas = _by_status(session, Idea)
    assert 75 <= sum(ideas.values()) <= 95
    assert ideas[ContributionStatus.PUBLISHED] >= 60
    assert ideas[ContributionStatus.PENDING] >= 3
    assert ideas[ContributionStatus.REJECTED] >= 5
    comments = _by_status(session, Comment, Comment.passage_id.is_not(None))
    answers = _by_status(session, Comment, Comment.level == DEEPEST_LEVEL)
    assert sum(comments.values()) + sum(answers.values()) >= 60
    assert comments[ContributionStatus.PUBLISHED] >= 45
    assert answers[ContributionStatus.PUBLISHED] >= 10
    seeds = session.scalars(sa.select(Comment.engagement_id).where(Comment.is_seed)).all()
    assert len(seeds) >= 8
    assert len(set(seeds)) == 2
    assert _count(session, Vote.voter.distinct()) >= 300
    surveys = session.scalars(sa.select(Survey.id)).all()
    assert sum(response_count(session, survey) for survey in surveys) >= 500
    assert _count(session, Measurement.id) >= 30
    assert _count(session, Finding.id) >= 10
    assert _count(session, Milestone.id) >= 15


@pytest.mark.parametrize("kind", [Idea, Comment])
def test_what_came_by_letter_call_or_workshop_stands_beside_the_rest(
    session: Session, kind: type[Idea | Comment]
) -> None:
    ways = set(session.scalars(sa.select(kind.channel).where(published())))
    assert {Channel.ONLINE, Channel.PHONE, Channel.WORKSHOP} <= ways


def test_every_measure_and_goal_of_the_demo_has_its_profile(session: Session) -> None:
    version = session.scalars(sa.select(StrategyVersion).where(StrategyVersion.number == 3)).one()
    contents = [content for _, content in contents_of(session, version.id).values()]
    measures = [content for content in contents if content.goals]
    assert len(measures) == 34
    for content in measures:
        words = (content.text, content.expected_effect, content.lead, content.participants)
        assert all(words), content.title
        assert content.field, content.title
        assert content.data_protection, content.title
        assert content.financing, content.title
        assert content.priority, content.title
        assert content.starts_on, content.title
        assert content.ends_on, content.title
        assert content.starts_on < content.ends_on, content.title
    goals = [content for content in contents if content.criteria]
    assert len(goals) == 20
    assert {code for content in measures for code in content.goals} == {
        f"Z-{number:02d}" for number in range(1, 21)
    }


@pytest.mark.parametrize("kind", EngagementKind)
def test_one_engagement_of_each_kind_is_open_and_one_has_ended_with_its_release(
    session: Session, kind: EngagementKind
) -> None:
    engagements = session.scalars(sa.select(Engagement).where(Engagement.kind == kind)).all()
    states = {engagement.state_at(NOON) for engagement in engagements}
    assert states >= {EngagementState.OPEN, EngagementState.EVALUATED}
    for engagement in engagements:
        if engagement.state_at(NOON) is EngagementState.EVALUATED:
            rows = released(session, engagement)
            assert rows
            assert all(row.final for row in rows)


def test_the_ended_round_has_led_to_answers_and_to_a_change_of_the_strategy(
    session: Session,
) -> None:
    rounds = session.scalars(sa.select(CommentRound)).all()
    (ended,) = (one for one in rounds if one.version is not None)
    assert ended.state_at(NOON) is EngagementState.EVALUATED
    votes = [row for row in released(session, ended) if row.kind is AggregateKind.VOTES]
    assert votes[0].n >= 150
    cited = session.scalars(
        sa.select(Finding)
        .join(Finding.evidence)
        .join(Aggregate, Aggregate.id == Evidence.aggregate_id)
        .where(Aggregate.engagement_id == ended.id)
        .order_by(Finding.number)
    ).all()
    assert len(cited) == 3
    assert all(any(evidence.contribution_id for evidence in finding.evidence) for finding in cited)
    changed = session.scalars(
        sa.select(Change.id)
        .join(ChangeReason, ChangeReason.change_id == Change.id)
        .where(ChangeReason.finding_id.in_([finding.id for finding in cited]))
    ).all()
    assert len(set(changed)) == 2


def test_people_of_the_demo_take_every_stance_and_are_refused_on_different_grounds(
    session: Session,
) -> None:
    by_round = sa.select(Comment.engagement_id, Comment.stance).where(
        Comment.passage_id.is_not(None), Comment.status == ContributionStatus.PUBLISHED
    )
    stances: dict[int, set[Stance | None]] = {}
    for round_id, stance in session.execute(by_round):
        stances.setdefault(round_id, set()).add(stance)
    assert list(stances.values()) == [set(Stance)] * 3
    refused = session.execute(
        sa.select(ModerationDecision.ground, ModerationDecision.note).where(
            ModerationDecision.action == Action.REJECT
        )
    ).all()
    assert {ground for ground, _ in refused} == set(GROUNDS)
    assert all(note for _, note in refused)


def test_an_idea_of_the_demo_finds_the_one_that_wants_the_same(session: Session) -> None:
    call = session.scalars(sa.select(IdeaCall).where(IdeaCall.title.startswith("Digitale"))).one()
    found = similar_ideas(
        session, call_id=call.id, title="WLAN für Schönhagen", text="Offenes Netz am Dorfplatz."
    )
    assert [idea.title for idea in found][:2] == [
        "Offenes WLAN in Schönhagen am Dorfplatz",
        "Dorfplatz Schönhagen: offenes Netz bitte",
    ]


@pytest.mark.parametrize("who", PAGES)
def test_no_list_on_a_page_of_the_demo_is_empty(loaded_url: str, tmp_path: Path, who: str) -> None:
    app = create_app(settings_for(loaded_url, tmp_path))
    share_templates(app)
    browser = app.test_client()
    with clock.standing_at(NOON):
        if who:
            words = {"email": f"{who}@lindenow.example", "password": PASSWORD}
            assert (
                browser.post("/konto/anmelden", data=words, headers=SAME_ORIGIN).status_code == 303
            )
        for path in PAGES[who]:
            answer = browser.get(path)
            assert answer.status_code == 200, path
            assert "bt-empty" not in answer.text, path
    with app.app_context():
        db.engine.dispose()


def _by_status(
    session: Session, model: type[Contribution], *which: sa.ColumnElement[bool]
) -> dict[ContributionStatus, int]:
    rows = session.execute(
        sa.select(model.status, sa.func.count()).where(*which).group_by(model.status)
    )
    return dict(rows.all())


def _count(session: Session, what: Any) -> int:
    return session.scalar(sa.select(sa.func.count(what))) or 0


def test_the_demos_surveys_show_all_that_a_survey_can_do(session: Session) -> None:
    questions = session.scalars(sa.select(Question)).all()
    assert {question.kind for question in questions} == set(QuestionKind)
    assert any(question.sensitive for question in questions)
    assert any(question.terms for question in questions)
    assert session.scalars(sa.select(QuestionPicture.question_id)).one()
    assert session.scalars(sa.select(Choice.element_id).where(Choice.element_id.is_not(None))).all()
    languages = session.execute(
        sa.select(QuestionText.language, sa.func.count()).group_by(QuestionText.language)
    )
    counted = dict(languages.all())
    # Every text of one survey is there in English, and every question in easy language.
    assert counted["en"] >= counted["de-x-leicht"] > 10
    survey = session.scalars(sa.select(Survey).where(Survey.title.startswith("Was kommt"))).one()
    states = {state.language: state for state in states_of(session, survey)}
    assert (states["en"].missing, states["en"].outdated, states["en"].total > 60) == (0, 0, True)
    assert states["de-x-leicht"].outdated == 0
    remarks = remarks_on(questionnaire_of(session, survey.id))
    assert [remark for remark in remarks if remark.is_hard] == []


def test_the_demos_letters_bring_a_reminder_with_the_same_codes(session: Session) -> None:
    batches = session.scalars(sa.select(LetterBatch).order_by(LetterBatch.id)).all()
    assert [batch.is_reminder for batch in batches] == [False, True]
    codes = session.scalar(sa.select(sa.func.count()).select_from(InvitationCode))
    assert codes == batches[0].letters


def test_a_question_of_the_demo_feeds_an_indicator_with_a_break(session: Session) -> None:
    indicator = session.scalars(
        sa.select(Indicator).join(IndicatorFeed, IndicatorFeed.indicator_id == Indicator.id)
    ).one()
    values = session.scalars(
        sa.select(Measurement)
        .where(Measurement.indicator_id == indicator.id)
        .order_by(Measurement.measured_on)
    ).all()
    assert [value.is_break for value in values] == [False, False, True]
    assert all(value.n and value.margin for value in values)
    last = session.scalars(sa.select(Survey).where(Survey.title == "Wege ins Rathaus 2026")).one()
    assert len(comparisons_of(session, last, released(session, last))) == 2


def test_every_entry_of_the_demos_journal_reads_in_words(session: Session) -> None:
    for entry in session.scalars(sa.select(JournalEntry)):
        assert entry.action in ACTIONS
        assert set(entry.facts) <= set(FACTS) | LEFT_OUT, entry.action


def test_the_demos_journal_runs_on_in_office_hours(session: Session) -> None:
    entries = list(session.scalars(sa.select(JournalEntry).order_by(JournalEntry.number)))
    assert len(entries) > 50
    assert entries == sorted(entries, key=lambda entry: entry.at)
    assert list(find_faults(session)) == []
    decided = [entry.at.astimezone(LOCAL_ZONE) for entry in entries if entry.actor_id is not None]
    assert [at for at in decided if not 8 <= at.hour < 17] == []


@pytest.mark.parametrize("hour", range(24))
def test_a_demo_that_is_loaded_at_night_ends_in_office_hours(hour: int) -> None:
    now = datetime(2026, 11, 22, hour, 26, tzinfo=LOCAL_ZONE)
    then = last_office_hour(now)
    assert 8 <= then.astimezone(LOCAL_ZONE).hour < 17
    assert now - timedelta(days=1) < then <= now


def test_a_second_start_leaves_everything_as_it_is(session: Session) -> None:
    assert not _load(session)
    assert session.scalar(sa.select(sa.func.count()).select_from(Municipality)) == 1


def test_ideas_of_the_demo_come_with_images_answers_changes_and_groups(session: Session) -> None:
    images = session.scalars(sa.select(IdeaImage)).all()
    assert len(images) == 4
    assert all(image.shows for image in images)
    asked = session.scalars(sa.select(CallField.is_public).order_by(CallField.position)).all()
    assert asked == [True, False]
    assert _count(session, FieldAnswer.text) >= 6
    guided = session.scalars(sa.select(IdeaCall.guide).where(IdeaCall.guide != "")).one()
    assert len(guided.splitlines()) == 3
    changed = session.scalars(sa.select(IdeaWording)).one()
    assert changed.state is WordingState.EARLIER
    equal = session.scalars(sa.select(Idea).where(Idea.group_id.is_not(None))).all()
    assert len(equal) == 2
    assert sum(idea.is_listed for idea in equal) == 1


def test_a_hearing_of_the_demo_has_two_phases_and_a_statement_taken_apart(
    session: Session,
) -> None:
    phases = session.scalars(sa.select(HearingPhase).order_by(HearingPhase.position)).all()
    assert [phase.position for phase in phases] == [1, 2]
    assert [bool(phase.note) for phase in phases] == [False, True]
    different = part_differences(phases[0].comment_round, phases[1].comment_round)
    assert len(different) == 6
    assert sum(part.is_new for part in different) == 2
    statement = session.scalars(sa.select(Statement)).one()
    assert statement.status is ContributionStatus.PUBLISHED
    assert statement.document is not None
    assert {piece.original_page for piece in statement.pieces} == {1, 2}
    assert {piece.stance for piece in statement.pieces} == set(Stance)
    # One more was asked and has not written yet.
    assert _count(session, OrganisationInvitation.id) == 2
