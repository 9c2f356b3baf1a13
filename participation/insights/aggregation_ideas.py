"""Count an idea call: its published ideas by element and by support."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.contributions.models import ContributionElement
from participation.contributions.queries import let_stand
from participation.ideas.models import Idea, IdeaCall
from participation.insights.counting import Counted
from participation.insights.models import AggregateKind
from participation.insights.results import ElementRow, IdeaList, IdeaRow
from participation.strategy.models import Element

METHOD = "published ideas by supports"
_SHOWN = 50


def count_ideas(session: Session, call: IdeaCall) -> list[Counted]:
    """Return the list of all ideas, and one for each element that ideas are about."""
    about = _elements_of_ideas(session, call.id)
    rows = [
        IdeaRow(idea_id.hex, number, supports, tuple(code for code, _ in about[idea_id.hex]))
        for idea_id, number, supports in session.execute(
            sa.select(Idea.id, Idea.number, Idea.supports)
            .where(Idea.idea_call_id == call.id, let_stand())
            .order_by(Idea.supports.desc(), Idea.number)
        )
    ]
    element_ids = dict(pair for pairs in about.values() for pair in pairs)
    # What has no list of its own stands behind the list of the whole call.
    others = tuple(one.id for one in call.elements if one.id not in element_ids.values())
    return [
        _counted("", call.title, rows, elements=others),
        *(
            _counted(code, code, [row for row in rows if code in row.elements], elements=(key,))
            for code, key in element_ids.items()
        ),
    ]


def _elements_of_ideas(session: Session, call_id: int) -> dict[str, list[tuple[str, int]]]:
    """Return code and id of what each published idea is about, by the idea's id."""
    rows = session.execute(
        sa.select(Idea.id, Element.code, Element.id)
        .join(ContributionElement, ContributionElement.contribution_id == Idea.id)
        .join(Element, Element.id == ContributionElement.element_id)
        .where(Idea.idea_call_id == call_id, let_stand())
        .order_by(Element.kind, Element.number)
    )
    about: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for idea_id, code, element_id in rows:
        about[idea_id.hex].append((code, element_id))
    return about


def _counted(
    subject: str, title: str, rows: Sequence[IdeaRow], *, elements: tuple[int, ...]
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
        ),
        method=METHOD,
        elements=elements,
        parameters={"shown": _SHOWN},
    )
