"""Take a table of ideas over as one act, and take that act back while nothing came of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.accounts.models import Account
from participation.contributions.models import Contribution, ContributionStatus
from participation.foundation.errors import Conflict, Refused
from participation.foundation.orm import metadata
from participation.ideas.models import IdeaCall
from participation.ideas.operations import ImportedIdea, record_imported
from participation.intake import queries
from participation.intake.models import TableImport, TableImportRow
from participation.intake.operations import check_takes_entries, check_way, moment_of_day
from participation.intake.orders import TableOrder
from participation.journal.operations import record
from participation.moderation.models import Ground, ModerationDecision
from participation.moderation.operations import note_import

# What an idea consists of. A row of any other table that names it is something that came of it.
_ITS_OWN = frozenset(
    {
        "idea",
        "idea_stem",
        "contribution_element",
        "table_import_row",
        "moderation_decision",
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
    call: IdeaCall,
    order: TableOrder,
    is_another: bool,
    submission: str,
    actor: Account,
    at: datetime,
) -> TableImport:
    """Store the ideas of a table, all or none. The same form sent again stores nothing more.

    Raises SameTable if the same ideas were taken over before, unless `is_another` says that
    they shall be twice; Conflict while nothing is taken.
    """
    session.refresh(call, ["last_number"], with_for_update=True)
    stored = session.scalars(
        sa.select(TableImport).where(TableImport.submission == submission)
    ).first()
    if stored is not None and stored.engagement_id == call.id:
        return stored
    check_takes_entries(call, at=at)
    day = date.fromisoformat(order.received_on)
    check_way(order.channel, order.origin, day, at=at)
    content_hash = order.table.content_hash
    earlier = queries.earlier_import(session, call.id, content_hash)
    if earlier is not None and not is_another:
        raise SameTable(earlier)
    ideas = record_imported(
        session,
        call=call,
        ideas=_ideas(call, order, at=at),
        status=ContributionStatus.PUBLISHED if order.publish else ContributionStatus.PENDING,
        channel=order.channel,
        at=at,
    )
    taken_over = TableImport(
        engagement_id=call.id,
        channel=order.channel,
        origin=order.origin,
        ideas=len(ideas),
        content_hash=content_hash,
        submission=submission,
        imported_at=at,
    )
    session.add(taken_over)
    session.flush()
    session.execute(
        sa.insert(TableImportRow),
        [{"contribution_id": idea.id, "import_id": taken_over.id} for idea in ideas],
    )
    note_import(
        session,
        contributions=ideas,
        municipality_id=call.municipality_id,
        actor=actor,
        at=at,
    )
    _record(session, "table.imported", call, taken_over, actor, at, published=order.publish)
    return taken_over


def undo_import(
    session: Session, *, call: IdeaCall, taken_over: TableImport, actor: Account, at: datetime
) -> None:
    """Delete the ideas of a table. Raises Conflict once something came of one of them."""
    session.refresh(taken_over, with_for_update=True)
    if taken_over.undone_at is not None:
        raise Conflict("Dieser Import ist schon zurückgenommen.")
    if touched(session, [taken_over.id]):
        raise Conflict(
            "Mit diesen Ideen ist schon etwas geschehen: Jemand hat sie unterstützt, kommentiert, "
            "geprüft oder ausgewertet. Einzelne Ideen können Sie in der Moderation ausblenden."
        )
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
    _record(session, "table.undone", call, taken_over, actor, at)


def touched(session: Session, import_ids: Collection[int]) -> set[int]:
    """Return those of some tables with whose ideas somebody has done something."""
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
        for column in _names_of_ideas()
    ]
    signs = [of_tables.where(sign.exists()) for sign in (decided, withdrawn, *named)]
    return set(session.scalars(sa.union(*signs)).all())


def _names_of_ideas() -> Iterator[sa.Column[object]]:
    """Yield the columns in which other tables name an idea, whatever they are about."""
    own = {"contribution", "idea"}
    for table in metadata.sorted_tables:
        if table.name in _ITS_OWN:
            continue
        for key in table.foreign_keys:
            if key.column.table.name in own and key.column.name == "id":
                yield key.parent


def _ideas(call: IdeaCall, order: TableOrder, *, at: datetime) -> Iterator[ImportedIdea]:
    by_code = {element.code: element for element in call.elements}
    for row in order.table.rows:
        yield ImportedIdea(
            title=row.title,
            text=row.text,
            received_at=moment_of_day(
                date.fromisoformat(row.received_on or order.received_on), at=at
            ),
            source="",
            elements=tuple(by_code[code] for code in row.elements if code in by_code),
            origin=order.origin,
        )


def _record(
    session: Session,
    action: str,
    call: IdeaCall,
    taken_over: TableImport,
    actor: Account,
    at: datetime,
    **facts: object,
) -> None:
    record(
        session,
        at=at,
        action=action,
        subject=f"engagement:{call.id}",
        municipality_id=call.municipality_id,
        actor_id=actor.id,
        facts={"ideas": taken_over.ideas, "channel": taken_over.channel.value} | facts,
    )
