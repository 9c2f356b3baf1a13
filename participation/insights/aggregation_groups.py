"""Count ideas and comments by invited group, side by side with organisations.

Which ideas and comments there are, everybody can read; for whom somebody wrote one, nobody. The
numbers of groups go through disclosure control; those of organisations, which sign what they
state, are exact.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.analysis.breakdown import Part, break_down
from participation.analysis.disclosure import Counts, Shape, Shown, ShownCell, percent
from participation.comments.group_tallies import Said
from participation.comments.models import Stance
from participation.contributions.models import ContributionElement
from participation.contributions.queries import let_stand
from participation.engagements.group_tables import GroupRow, GroupTable, group_table
from participation.engagements.models import ParticipantGroup
from participation.ideas.models import Idea, IdeaCall

NO_STANCE = "none"
_STANCES = (*(stance.value for stance in Stance), NO_STANCE)


def ideas_by_group(
    session: Session,
    call: IdeaCall,
    groups: Sequence[ParticipantGroup],
    names: Mapping[int, str],
) -> GroupTable | None:
    """Return how many published ideas of each group are about each element, equal ones each.

    `names` are what the elements are called, by their ids.
    """
    if not groups or not names:
        return None
    group = Idea.participant_group_id
    ideas: Counter[int | None] = Counter()
    for group_id, number in session.execute(
        sa.select(group, sa.func.count())
        .where(Idea.idea_call_id == call.id, let_stand())
        .group_by(group)
    ):
        ideas[group_id] = number
    about: Counter[tuple[int | None, int]] = Counter()
    for group_id, element_id, number in session.execute(
        sa.select(group, ContributionElement.element_id, sa.func.count())
        .join(ContributionElement, ContributionElement.contribution_id == Idea.id)
        .where(Idea.idea_call_id == call.id, let_stand())
        .group_by(group, ContributionElement.element_id)
    ):
        about[group_id, element_id] = number
    parts = [
        Part(tuple(about[group_id, element_id] for element_id in names), ideas[group_id])
        for group_id in (None, *(one.id for one in groups))
    ]
    whole = _whole([str(element_id) for element_id in names], parts, shape=Shape.MANY)
    found = break_down(whole, _as_it_is(whole), parts, is_exact=True)
    keys = {str(element_id): name for element_id, name in names.items()}
    return group_table(found, [one.name for one in groups], keys)


def only_column(table: GroupTable | None, key: str) -> GroupTable | None:
    """Return a table with one column of it; None where it is not shown."""
    place = (
        next((i for i, one in enumerate(table.columns) if one == (key,)), None) if table else None
    )
    if table is None or place is None:
        return None
    rows = [
        GroupRow(row.name, row.n, (row.counts[place],), (row.shares[place],), is_rest=row.is_rest)
        for row in table.rows
    ]
    return GroupTable((table.columns[place],), tuple(rows))


def comments_by_group(
    said: Mapping[Said, int], groups: Sequence[ParticipantGroup]
) -> GroupTable | None:
    """Return how many comments take each stance, by group, and organisations beside them.

    Without a group that may be shown, people stand beside organisations, if any stated something.
    """
    people: Counter[tuple[int | None, str]] = Counter()
    stated: Counter[str] = Counter()
    for one, number in said.items():
        stance = one.stance.value if one.stance else NO_STANCE
        if one.is_stated:
            stated[stance] += number
        else:
            people[one.group_id, stance] += number
    parts = []
    for group_id in (None, *(group.id for group in groups)):
        counts = tuple(people[group_id, stance] for stance in _STANCES)
        parts.append(Part(counts, sum(counts)))
    whole = _whole(_STANCES, parts, shape=Shape.ONE)
    found = group_table(
        break_down(whole, _as_it_is(whole), parts, is_exact=True), [group.name for group in groups]
    )
    if not stated:
        return found
    if found is None:
        columns = [(stance,) for stance in _STANCES if stated[stance] or _of(whole, stance)]
        row = _exact_row({stance: _of(whole, stance) for stance in _STANCES}, columns)
        found = GroupTable(tuple(columns), (row,))
    organisations = _exact_row(stated, found.columns, are_organisations=True)
    return GroupTable(found.columns, (*found.rows, organisations))


def _exact_row(
    counted: Mapping[str, int],
    columns: Sequence[tuple[str, ...]],
    *,
    are_organisations: bool = False,
) -> GroupRow:
    n = sum(counted.values())
    counts = tuple(sum(counted.get(key, 0) for key in column) for column in columns)
    shares = tuple(percent(count, n) if n else 0 for count in counts)
    return GroupRow("", n, counts, shares, is_exact=True, are_organisations=are_organisations)


def _of(whole: Counts, code: str) -> int:
    return whole.counts[whole.codes.index(code)]


def _whole(codes: Sequence[str], parts: Sequence[Part], *, shape: Shape) -> Counts:
    is_many = shape is Shape.MANY
    return Counts(
        codes=tuple(codes),
        counts=tuple(map(sum, zip(*(part.counts for part in parts), strict=True))),
        base=sum(part.base for part in parts),
        shape=shape,
        mergeable=False,
        least=0 if is_many else 1,
        most=len(codes) if is_many else 1,
    )


def _as_it_is(whole: Counts) -> Shown:
    """Return what everybody can count who reads the published texts."""
    cells = [
        ShownCell((code,), count, percent(count, whole.base) if whole.base else 0)
        for code, count in zip(whole.codes, whole.counts, strict=True)
    ]
    return Shown(n=whole.base, cells=tuple(cells))
