"""Break the order in which responses, remarks and participation marks arrived.

What one submission writes, it writes in one transaction, and a database keeps traces of that
outside the columns: PostgreSQL stores the transaction with every row (`xmin`) and appends rows
where there is room (`ctid`); measured, both link every mark to its response. Therefore every
night and at closing all these rows are written again in one transaction, so that they carry
the same one, and each table is then laid out anew in the order of its random keys.

On PostgreSQL a plain UPDATE writes the rows again and CLUSTER sorts them. (To delete and
insert them would let every `ON DELETE CASCADE` that hangs on a contribution fire in between.)
On SQLite the tables have no row numbers, so the key is the only order there is; VACUUM lays
the file out anew and the log is emptied.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from participation.contributions.models import (
    Contribution,
    ContributionElement,
    ContributionKind,
    Receipt,
)
from participation.engagements.models import GRACE, ParticipationMark
from participation.foundation.orm import Base
from participation.surveys.answers import (
    Answer,
    DateAnswer,
    NumberAnswer,
    PlaceAnswer,
    SurveyRemark,
    SurveyResponse,
)
from participation.surveys.models import Survey

# Each table with the column that is written as it is, so that the row is written again.
SHUFFLED: dict[type[Base], str] = {
    SurveyResponse: "channel",
    Answer: "choice_id",
    NumberAnswer: "value",
    DateAnswer: "value",
    PlaceAnswer: "north",
    Contribution: "language",
    SurveyRemark: "question_id",
    Receipt: "contribution_id",
    ContributionElement: "element_id",
    ParticipationMark: "mark",
}

# A job that could not run for a while must still find what came in before.
_LOOK_BACK = timedelta(days=7)


def surveys_to_shuffle(session: Session, *, at: datetime) -> list[int]:
    """Return the ids of the surveys that may have got responses since the last shuffle."""
    return list(
        session.scalars(
            sa.select(Survey.id)
            .where(
                Survey.published_at.is_not(None),
                Survey.opens_at <= at,
                Survey.closes_at > at - GRACE - _LOOK_BACK,
            )
            .order_by(Survey.id)
        )
    )


def all_surveys(session: Session) -> list[int]:
    """Return the ids of all surveys."""
    return list(session.scalars(sa.select(Survey.id).order_by(Survey.id)))


def rewrite(session: Session, survey_ids: list[int]) -> None:
    """Write the rows of surveys again in the caller's transaction; `lay_out` completes it."""
    if not survey_ids or session.get_bind().dialect.name != "postgresql":
        return
    for model, column in SHUFFLED.items():
        table = cast("sa.Table", model.__table__)
        session.execute(
            sa.update(table).where(_belongs_to(model, survey_ids)).values({column: table.c[column]})
        )


def lay_out(engine: Engine) -> None:
    """Store the tables in the order of their keys. Runs outside of any transaction."""
    if engine.dialect.name == "postgresql":
        _cluster(engine)
    else:
        _vacuum(engine)


def _belongs_to(model: type[Base], survey_ids: list[int]) -> sa.ColumnElement[bool]:
    responses = sa.select(SurveyResponse.id).where(SurveyResponse.survey_id.in_(survey_ids))
    is_remark = sa.and_(
        Contribution.engagement_id.in_(survey_ids),
        Contribution.kind == ContributionKind.SURVEY_REMARK,
    )
    remarks = sa.select(Contribution.__table__.c.id).where(is_remark)
    conditions: dict[type[Base], sa.ColumnElement[bool]] = {
        SurveyResponse: SurveyResponse.survey_id.in_(survey_ids),
        Answer: Answer.response_id.in_(responses),
        NumberAnswer: NumberAnswer.response_id.in_(responses),
        DateAnswer: DateAnswer.response_id.in_(responses),
        PlaceAnswer: PlaceAnswer.response_id.in_(responses),
        Contribution: is_remark,
        SurveyRemark: SurveyRemark.__table__.c.id.in_(remarks),
        Receipt: Receipt.contribution_id.in_(remarks),
        ContributionElement: ContributionElement.contribution_id.in_(remarks),
        ParticipationMark: ParticipationMark.engagement_id.in_(survey_ids),
    }
    return conditions[model]


def _cluster(engine: Engine) -> None:
    names = [model.__tablename__ for model in SHUFFLED]
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for name in names:
            connection.execute(sa.text(f'CLUSTER "{name}" USING "pk_{name}"'))
            connection.execute(sa.text(f'VACUUM (ANALYZE) "{name}"'))


def _vacuum(engine: Engine) -> None:
    # A connection of the driver: the engine's own begins every transaction with a lock.
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.close()
    finally:
        connection.close()
