"""Take a table over as one act, and take that act back while nothing came of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.accounts.models import Account
from participation.comments import importing as comments
from participation.comments.importing import ImportedComment
from participation.comments.models import Comment, CommentRound, Stance
from participation.comments.numbering import next_number, retire_numbers
from participation.contributions.models import Contribution, ContributionStatus
from participation.engagements.models import Engagement
from participation.engagements.noting import note_on
from participation.foundation.errors import Conflict, Refused
from participation.foundation.orm import metadata
from participation.ideas import operations as ideas
from participation.ideas.models import Idea, IdeaCall
from participation.ideas.operations import ImportedIdea
from participation.intake import queries
from participation.intake.comment_tables import CommentRow
from participation.intake.idea_tables import IdeaRow
from participation.intake.models import TableImport, TableImportRow
from participation.intake.operations import check_takes_entries, check_way, moment_of_day
from participation.intake.orders import TableOrder
from participation.intake.tables import Row
from participation.moderation.models import Ground, ModerationDecision
from participation.moderation.operations import note_import

# The columns that name an idea or a comment as what it consists of. A row that names it in any
# other column is something that came of it: a support, a vote, an answer, a finding.
_ITS_OWN = frozenset(
    {
        "idea.id",
        "idea_stem.idea_id",
        "idea_place.idea_id",
        "comment.id",
        "contribution_element.contribution_id",
        "table_import_row.contribution_id",
        "moderation_decision.contribution_id",
    }
)


class SameTable(Refused):
    """A table that was taken over before; `earlier` is that import."""

    def __init__(self, earlier: TableImport) -> None:
        super().__init__("this table was taken over before", field="is_another")
        self.earlier = earlier


def import_table(
    session: Session,
    *,
    engagement: IdeaCall | CommentRound,
    order: TableOrder[IdeaRow] | TableOrder[CommentRow],
    is_another: bool,
    submission: str,
    actor: Account,
    at: datetime,
) -> TableImport:
    """Store the rows of a table, all or none. The same form sent again stores nothing more.

    Raises SameTable if the same rows were taken over before, unless `is_another` says that
    they shall be twice; Conflict while nothing is taken.
    """
    _lock(session, engagement)
    stored = session.scalars(
        sa.select(TableImport).where(TableImport.submission == submission)
    ).first()
    if stored is not None and stored.engagement_id == engagement.id:
        return stored
    check_takes_entries(engagement, at=at)
    day = date.fromisoformat(order.received_on)
    check_way(order.channel, order.origin, day, at=at)
    content_hash = order.table.content_hash
    earlier = queries.earlier_import(session, engagement.id, content_hash)
    if earlier is not None and not is_another:
        raise SameTable(earlier)
    contributions = _store(session, engagement, order, at=at)
    taken_over = TableImport(
        engagement_id=engagement.id,
        channel=order.channel,
        origin=order.origin,
        number=len(contributions),
        content_hash=content_hash,
        submission=submission,
        imported_at=at,
    )
    session.add(taken_over)
    session.flush()
    session.execute(
        sa.insert(TableImportRow),
        [{"contribution_id": one.id, "import_id": taken_over.id} for one in contributions],
    )
    note_import(
        session,
        contributions=contributions,
        municipality_id=engagement.municipality_id,
        actor=actor,
        at=at,
    )
    facts = _facts(engagement, taken_over) | {"published": order.publish}
    note_on(session, "table.imported", engagement, actor=actor, at=at, **facts)
    return taken_over


def undo_import(
    session: Session,
    *,
    engagement: IdeaCall | CommentRound,
    taken_over: TableImport,
    actor: Account,
    at: datetime,
) -> None:
    """Delete what came of a table. Raises Conflict once something came of a part of it."""
    session.refresh(taken_over, with_for_update=True)
    if taken_over.undone_at is not None:
        raise Conflict("Dieser Import ist schon zurückgenommen.")
    if touched(session, [taken_over.id]):
        raise Conflict(
            "Damit ist schon etwas geschehen: Jemand hat etwas davon unterstützt, kommentiert, "
            "geprüft oder ausgewertet. Einzelne Beiträge können Sie in der Moderation ausblenden."
        )
    if isinstance(engagement, CommentRound):
        retire_numbers(session, engagement)
    of_table = sa.select(TableImportRow.contribution_id).where(
        TableImportRow.import_id == taken_over.id
    )
    ids = session.scalars(of_table).all()
    session.execute(
        sa.delete(ModerationDecision)
        .where(ModerationDecision.contribution_id.in_(ids))
        .execution_options(synchronize_session=False)
    )
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        session.execute(
            sa.delete(Contribution.__table__).where(Contribution.__table__.c.id.in_(some))  # type: ignore[arg-type]
        )
    session.expire_all()
    taken_over.undone_at = at
    session.flush()
    facts = _facts(engagement, taken_over)
    note_on(session, "table.undone", engagement, actor=actor, at=at, **facts)


def touched(session: Session, import_ids: Collection[int]) -> set[int]:
    """Return those of some tables with whose rows somebody has done something."""
    row = TableImportRow
    of_tables = sa.select(row.import_id).where(row.import_id.in_(import_ids))
    decided = sa.select(sa.literal(1)).where(
        ModerationDecision.contribution_id == row.contribution_id,
        sa.or_(ModerationDecision.ground.is_(None), ModerationDecision.ground != Ground.IMPORTED),
    )
    withdrawn = sa.select(sa.literal(1)).where(
        Contribution.id == row.contribution_id,
        Contribution.status == ContributionStatus.WITHDRAWN,
    )
    named = [
        sa.select(sa.literal(1)).where(column == row.contribution_id)
        for column in _names_of_contributions()
    ]
    signs = [of_tables.where(sign.exists()) for sign in (decided, withdrawn, *named)]
    return set(session.scalars(sa.union(*signs)).all())


def _names_of_contributions() -> Iterator[sa.Column[object]]:
    """Yield the columns that name an idea or a comment, in whatever table they stand."""
    named = {"contribution", "idea", "comment"}
    for table in metadata.sorted_tables:
        for key in table.foreign_keys:
            is_named = key.column.table.name in named and key.column.name == "id"
            if is_named and f"{table.name}.{key.parent.name}" not in _ITS_OWN:
                yield key.parent


def _lock(session: Session, engagement: IdeaCall | CommentRound) -> None:
    """Let nobody else give numbers until the transaction ends."""
    if isinstance(engagement, IdeaCall):
        session.refresh(engagement, ["last_number"], with_for_update=True)
    else:
        next_number(session, engagement.id)


def _store(
    session: Session,
    engagement: IdeaCall | CommentRound,
    order: TableOrder[IdeaRow] | TableOrder[CommentRow],
    *,
    at: datetime,
) -> Sequence[Idea] | Sequence[Comment]:
    status = ContributionStatus.PUBLISHED if order.publish else ContributionStatus.PENDING
    if isinstance(engagement, IdeaCall):
        return ideas.record_imported(
            session,
            call=engagement,
            ideas=_ideas(engagement, order, at=at),
            status=status,
            channel=order.channel,
            at=at,
        )
    said = _comments(engagement, order, status, at=at)
    return comments.record_imported(session, round=engagement, comments=said, at=at)


def _ideas(call: IdeaCall, order: TableOrder[Any], *, at: datetime) -> Iterator[ImportedIdea]:
    by_code = {element.code: element for element in call.elements}
    for row in order.table.rows:
        yield ImportedIdea(
            title=row.title,
            text=row.text,
            received_at=_moment(row, order, at),
            source="",
            elements=tuple(by_code[code] for code in row.elements if code in by_code),
            origin=order.origin,
            address=row.place,
        )


def _comments(
    comment_round: CommentRound, order: TableOrder[Any], status: ContributionStatus, *, at: datetime
) -> Iterator[ImportedComment]:
    by_code = {passage.code: passage for passage in comment_round.passages}
    for row in order.table.rows:
        yield ImportedComment(
            text=row.text,
            received_at=_moment(row, order, at),
            source="",
            status=status,
            passage=by_code[row.passage] if row.passage else None,
            stance=Stance(row.stance),
            quote=row.quote,
            rewording=row.rewording,
            channel=order.channel,
            origin=order.origin,
        )


def _moment(row: Row, order: TableOrder[Any], at: datetime) -> datetime:
    return moment_of_day(date.fromisoformat(row.received_on or order.received_on), at=at)


def _facts(engagement: Engagement, taken_over: TableImport) -> dict[str, object]:
    what = "ideas" if isinstance(engagement, IdeaCall) else "comments"
    return {what: taken_over.number, "channel": taken_over.channel.value}
