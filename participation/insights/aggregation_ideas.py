"""Count an idea call: its published ideas by element and by support, equal ones as one.

Who supports several ideas of a group is one person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from participation.contributions.models import ContributionElement
from participation.contributions.queries import let_stand
from participation.engagements.group_tables import GroupTable
from participation.engagements.models import ParticipantGroup
from participation.engagements.queries import named
from participation.ideas.models import Idea, IdeaCall
from participation.insights.aggregation_groups import ideas_by_group, only_column
from participation.insights.counting import Counted
from participation.insights.models import AggregateKind
from participation.insights.results import ElementRow, IdeaList, IdeaRow
from participation.strategy.models import Element

METHOD = "published ideas by supports, equal ones as one, each person once"
_SHOWN = 50


def count_ideas(
    session: Session, call: IdeaCall, *, groups: Sequence[ParticipantGroup] = ()
) -> list[Counted]:
    """Return the list of all ideas, and one for each element that ideas are about.

    With invited groups, how many ideas of each are about which element, as far as it may be shown.
    """
    about = _elements_of_ideas(session, call.id)
    rows = [
        IdeaRow(idea_id.hex, number, supports, tuple(one.code for one in about[idea_id.hex]))
        for idea_id, number, supports in session.execute(
            sa.select(Idea.id, Idea.number, Idea.people)
            .where(Idea.idea_call_id == call.id, let_stand(), Idea.is_listed)
            .order_by(Idea.people.desc(), Idea.number)
        )
    ]
    elements = {one.id: one for found in about.values() for one in found}
    titles = named(session, elements.values())
    # What has no list of its own stands behind the list of the whole call.
    names = {one.id: titles[one.id].name for one in elements.values()}
    by_group = ideas_by_group(session, call, groups, names)
    others = tuple(one.id for one in call.elements if one.id not in elements)
    return [
        _counted("", call.title, rows, elements=others, groups=by_group),
        *(
            _counted(
                one.code,
                titles[one.id].name,
                [row for row in rows if one.code in row.elements],
                elements=(one.id,),
                groups=only_column(by_group, titles[one.id].name),
            )
            for one in elements.values()
        ),
    ]


def _elements_of_ideas(session: Session, call_id: int) -> dict[str, list[Element]]:
    """Return what each published idea, or any of the group it stands for, is about, by its id."""
    standing = aliased(Idea.__table__)
    rows = session.execute(
        sa.select(sa.func.coalesce(standing.c.id, Idea.id).label("idea_id"), Element)
        .join(ContributionElement, ContributionElement.contribution_id == Idea.id)
        .join(Element, Element.id == ContributionElement.element_id)
        .outerjoin(standing, sa.and_(standing.c.group_id == Idea.group_id, standing.c.is_listed))
        .where(Idea.idea_call_id == call_id, let_stand())
        .order_by(Element.kind, Element.number)
    )
    about: dict[str, dict[int, Element]] = defaultdict(dict)
    for idea_id, element in rows:
        about[idea_id.hex].setdefault(element.id, element)
    return defaultdict(list, {one: list(found.values()) for one, found in about.items()})


def _counted(
    subject: str,
    title: str,
    rows: Sequence[IdeaRow],
    *,
    elements: tuple[int, ...],
    groups: GroupTable | None,
) -> Counted:
    totals: dict[str, tuple[int, int]] = {}
    for row in rows:
        for code in row.elements:
            ideas, supports = totals.get(code, (0, 0))
            totals[code] = ideas + 1, supports + row.supports
    by_element = tuple(ElementRow(code, *numbers) for code, numbers in totals.items())
    return Counted(
        kind=AggregateKind.IDEAS,
        subject=subject,
        title=title,
        n=len(rows),
        result=IdeaList(
            ideas=len(rows),
            supports=sum(row.supports for row in rows),
            rows=tuple(rows[:_SHOWN]),
            by_element=tuple(sorted(by_element, key=lambda row: (-row.ideas, row.code))),
            groups=groups,
        ),
        method=METHOD,
        elements=elements,
        parameters={"shown": _SHOWN},
    )
