"""The demo town loads whole, once, on both databases."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.accounts.models import Municipality
from participation.contributions.models import Contribution
from participation.engagements.models import InvitationCode, LetterBatch
from participation.insights.comparison import comparisons_of
from participation.insights.models import Aggregate, Finding, IndicatorFeed
from participation.insights.queries import released
from participation.journal.models import JournalEntry
from participation.journal.operations import find_faults
from participation.maintenance.demo.loading import load_demo
from participation.maintenance.journal_words import ACTIONS, FACTS, LEFT_OUT
from participation.revisions.models import (
    Announcement,
    OfficialAnswer,
    Revision,
    RevisionStatus,
)
from participation.revisions.policy import Obstacle
from participation.revisions.queries import blockers
from participation.strategy.models import (
    Indicator,
    Measurement,
    StrategyVersion,
    VersionStatus,
)
from participation.surveys.checking import remarks_on
from participation.surveys.models import (
    Choice,
    Question,
    QuestionKind,
    QuestionPicture,
    QuestionText,
    Survey,
)
from participation.surveys.queries import questionnaire_of
from participation.surveys.translating import states_of
from tests.conftest import NOON, psycopg_url
from tests.drill import opened
from tests.factories import PASSWORDS
from tests.servers.postgres import Postgres


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
    assert [answer.published_at is None for answer in answers] == [False] * 4 + [True]
    revision = session.scalars(
        sa.select(Revision).where(Revision.status == RevisionStatus.OPEN)
    ).one()
    assert {blocker.obstacle for blocker in blockers(session, revision)} == {
        Obstacle.UNANSWERED,
        Obstacle.UNSIGNED,
        Obstacle.NO_REASON,
    }
    assert list(find_faults(session)) == []


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


def test_a_second_start_leaves_everything_as_it_is(session: Session) -> None:
    assert not _load(session)
    assert session.scalar(sa.select(sa.func.count()).select_from(Municipality)) == 1
