"""What is done to a strategy: set up, worded, adopted, measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.accounts.models import Account, Municipality
from participation.accounts.queries import missing_duty_texts
from participation.foundation.clock import local_date
from participation.foundation.errors import Conflict, Refused
from participation.journal.operations import record
from participation.strategy import queries, rows
from participation.strategy.content import ElementContent, Resolution
from participation.strategy.models import (
    Element,
    ElementKind,
    ElementWording,
    Strategy,
    StrategyVersion,
    VersionStatus,
)
from participation.strategy.monitoring import (
    add_indicator,
    add_milestone,
    change_indicator,
    change_milestone,
    drop_indicator,
    drop_measurement,
    drop_milestone,
    reach_milestone,
    record_measurement,
    report_progress,
)
from participation.strategy.policy import missing_before_adoption, written_code
from participation.strategy.words import OFFERED_FIELDS

__all__ = [
    "Resolution",
    "add_indicator",
    "add_milestone",
    "adopt_first",
    "change_indicator",
    "change_milestone",
    "create_strategy",
    "describe_strategy",
    "drop_indicator",
    "drop_measurement",
    "drop_milestone",
    "drop_wording",
    "freeze_for_consultation",
    "mint_element",
    "publish_version",
    "put_wording",
    "reach_milestone",
    "record_measurement",
    "report_progress",
]


def create_strategy(
    session: Session,
    *,
    municipality: Municipality,
    title: str,
    actor: Account | None,
    at: datetime,
    fields: Sequence[str] = OFFERED_FIELDS,
    term: str = "Digitalstrategie",
    owner: str = "",
    deputy: str = "",
) -> Strategy:
    """Set the strategy up: a draft of version 1 with an empty vision and the chosen fields."""
    if queries.find_strategy(session, municipality.id) is not None:
        raise Conflict("Diese Kommune hat schon eine Strategie.")
    if not title.strip():
        raise Refused("Bitte geben Sie der Strategie einen Titel.", field="title")
    strategy = Strategy(
        municipality_id=municipality.id,
        title=title.strip(),
        term=term.strip() or "Digitalstrategie",
        owner=owner.strip(),
        deputy=deputy.strip(),
        created_at=at,
    )
    session.add(strategy)
    session.flush()
    version = StrategyVersion(strategy=strategy, number=1, created_at=at)
    session.add(version)
    named = [(ElementKind.VISION, "Leitbild")]
    named += [(ElementKind.ACTION_FIELD, name.strip()) for name in fields if name.strip()]
    for kind, name in named:
        element = mint_element(session, strategy=strategy, kind=kind, at=at)
        put_wording(session, version=version, element=element, content=ElementContent(title=name))
    _note(session, strategy, "strategy.created", actor, at, {"fields": len(named) - 1})
    return strategy


def describe_strategy(
    session: Session,
    *,
    strategy: Strategy,
    title: str,
    term: str,
    owner: str,
    deputy: str,
    measuring_interval: int,
    review_interval: int,
) -> None:
    """Change what the strategy is called, who cares for it and when it is looked at again."""
    if not title.strip():
        raise Refused("Bitte geben Sie der Strategie einen Titel.", field="title")
    if not 24 <= review_interval <= 36:
        raise Refused(
            "Überprüft wird alle zwei bis drei Jahre: 24 bis 36 Monate.", field="review_interval"
        )
    if not 1 <= measuring_interval <= 12:
        raise Refused(
            "Gemessen wird mindestens einmal im Jahr: 1 bis 12 Monate.", field="measuring_interval"
        )
    strategy.title = title.strip()
    strategy.term = term.strip() or "Digitalstrategie"
    strategy.owner = owner.strip()
    strategy.deputy = deputy.strip()
    strategy.measuring_interval = measuring_interval
    strategy.review_interval = review_interval
    session.flush()


def mint_element(
    session: Session, *, strategy: Strategy, kind: ElementKind, at: datetime
) -> Element:
    """Give out the next code of a kind. It is never given again, whatever becomes of it."""
    # Two people adding a measure at once get two codes: the second waits here.
    session.execute(sa.select(Strategy.id).where(Strategy.id == strategy.id).with_for_update())
    last = session.scalar(
        sa.select(sa.func.max(Element.number)).where(
            Element.strategy_id == strategy.id, Element.kind == kind
        )
    )
    number = (last or 0) + 1
    element = Element(
        strategy_id=strategy.id,
        kind=kind,
        number=number,
        code=written_code(kind, number),
        created_at=at,
    )
    session.add(element)
    session.flush()
    return element


def put_wording(
    session: Session,
    *,
    version: StrategyVersion,
    element: Element,
    content: ElementContent,
    position: int | None = None,
    edited_from: int | None = None,
) -> ElementWording:
    """Write what a draft says about an element, in place of what it said before.

    `edited_from` is the row version that the editor saw; Conflict if it changed meanwhile.
    """
    _require_draft(version)
    session.flush()
    wording = queries.find_wording(session, version.id, element.id)
    if edited_from is not None and (wording is None or wording.row_version != edited_from):
        raise Conflict(
            "%(code)s wurde inzwischen von einer anderen Person geändert."
            " Bitte laden Sie die Seite neu und tragen Sie Ihre Änderung noch einmal ein.",
            code=element.code,
        )
    codes = rows.codes_in({element.code: content})
    known = queries.elements_of(session, version.strategy_id, codes)
    if wording is None:
        place = queries.next_position(session, version.id, element.kind)
        wording = ElementWording(version_id=version.id, row_version=0, position=place)
    if position is not None:
        wording.position = position
    rows.write(wording, element, content, known)
    wording.row_version += 1
    session.add(wording)
    session.flush()
    return wording


def drop_wording(session: Session, *, version: StrategyVersion, element: Element) -> None:
    """Take an element out of a draft. What stands in its field or serves it is told apart."""
    _require_draft(version)
    wording = queries.find_wording(session, version.id, element.id)
    if wording is None:
        raise Conflict("%(code)s steht nicht im Entwurf.", code=element.code)
    if element.kind is ElementKind.VISION:
        raise Conflict("Das Leitbild gehört zu jeder Strategie. Schreiben Sie es um.")
    using = [
        code
        for code, (_, content) in queries.contents_of(session, version.id).items()
        if element.code in (*content.goals, content.field)
    ]
    if using:
        raise Conflict(
            "%(code)s wird noch gebraucht von %(codes)s."
            " Ordnen Sie diese Elemente zuerst anders zu.",
            code=element.code,
            codes=", ".join(using),
        )
    session.delete(wording)
    session.flush()


def adopt_first(
    session: Session,
    *,
    strategy: Strategy,
    resolution: Resolution,
    actor: Account | None,
    at: datetime,
) -> StrategyVersion:
    """Adopt the draft of the first version as it stands."""
    version = queries.draft_version(session, strategy.id)
    if version is None:
        raise Conflict("Es gibt keinen Entwurf, der beschlossen werden könnte.")
    contents = queries.contents_of(session, version.id)
    _refuse_gaps({code: (element.kind, said) for code, (element, said) in contents.items()})
    _adopt(session, strategy, version, resolution, actor, at)
    return version


def publish_version(
    session: Session,
    *,
    strategy: Strategy,
    contents: Mapping[str, ElementContent],
    resolution: Resolution,
    at: datetime,
    actor: Account | None,
) -> StrategyVersion:
    """Adopt the next version with exactly these contents; the one in force is superseded."""
    version = _new_version(session, strategy, contents, at)
    _refuse_gaps(
        {it.element.code: (it.element.kind, contents[it.element.code]) for it in version.wordings}
    )
    _adopt(session, strategy, version, resolution, actor, at)
    return version


def freeze_for_consultation(
    session: Session,
    *,
    strategy: Strategy,
    contents: Mapping[str, ElementContent],
    at: datetime,
    actor: Account | None,
) -> StrategyVersion:
    """Freeze a draft as a version in consultation, so that people comment on one text."""
    _require_duty_texts(session, strategy)
    version = _new_version(session, strategy, contents, at, in_consultation=True)
    version.status = VersionStatus.IN_CONSULTATION
    session.flush()
    facts = {"version": version.number, "consultation": version.consultation}
    _note(session, strategy, "strategy.put_out_for_consultation", actor, at, facts)
    return version


def _new_version(
    session: Session,
    strategy: Strategy,
    contents: Mapping[str, ElementContent],
    at: datetime,
    *,
    in_consultation: bool = False,
) -> StrategyVersion:
    """Fill the next version while it still is a draft; its wording cannot be written later."""
    session.flush()
    # Two people publishing at once would both take the same number: the second waits here.
    session.execute(sa.select(Strategy.id).where(Strategy.id == strategy.id).with_for_update())
    adopted = queries.adopted_version(session, strategy.id)
    if adopted is None and not in_consultation:
        raise Conflict("Die erste Fassung wird aus ihrem Entwurf beschlossen.")
    number = adopted.number + 1 if adopted else 1
    version = StrategyVersion(strategy=strategy, number=number, created_at=at)
    if in_consultation:
        version.consultation = queries.last_consultation(session, strategy.id, number) + 1
    elements = queries.elements_of(session, strategy.id, rows.codes_in(contents))
    version.wordings = rows.wordings_for(contents, elements)
    session.add(version)
    session.flush()
    return version


def _adopt(
    session: Session,
    strategy: Strategy,
    version: StrategyVersion,
    resolution: Resolution,
    actor: Account | None,
    at: datetime,
) -> None:
    if not resolution.body.strip():
        raise Refused("Welches Gremium hat beschlossen?", field="resolution_body")
    if not resolution.number.strip():
        raise Refused("Unter welcher Nummer wurde beschlossen?", field="resolution_number")
    if resolution.on > local_date(at):
        raise Refused("Der Beschluss liegt in der Zukunft.", field="resolution_on")
    _require_duty_texts(session, strategy)
    earlier = queries.adopted_version(session, strategy.id)
    if earlier is not None:
        earlier.status = VersionStatus.SUPERSEDED
        session.flush()
    version.status = VersionStatus.ADOPTED
    version.adopted_at = at
    version.resolution_body = resolution.body.strip()
    version.resolution_on = resolution.on
    version.resolution_number = resolution.number.strip()
    session.flush()
    facts = {"version": version.number, "resolution": version.resolution_number}
    _note(session, strategy, "strategy.adopted", actor, at, facts)


def _require_duty_texts(session: Session, strategy: Strategy) -> None:
    if missing_duty_texts(session, strategy.municipality_id):
        raise Refused(
            "Vor dem Veröffentlichen fehlen noch Pflichttexte der Kommune, zum Beispiel das"
            " Impressum. Bitte vervollständigen Sie sie in der Verwaltung."
        )


def _refuse_gaps(contents: Mapping[str, tuple[ElementKind, ElementContent]]) -> None:
    missing = missing_before_adoption(contents)
    if missing:
        codes = ", ".join(dict.fromkeys(gap.code for gap in missing if gap.code))
        raise Refused("Vor dem Beschluss fehlt noch etwas: %(codes)s.", codes=codes or "–")


def _require_draft(version: StrategyVersion) -> None:
    if version.status is not VersionStatus.DRAFT:
        raise Conflict(
            "Nur ein Entwurf kann geändert werden. Eine beschlossene Fassung ändert sich nur"
            " durch eine Fortschreibung."
        )


def _note(
    session: Session,
    strategy: Strategy,
    action: str,
    actor: Account | None,
    at: datetime,
    facts: dict[str, Any],
) -> None:
    record(
        session,
        at=at,
        action=action,
        subject=f"strategy:{strategy.id}",
        municipality_id=strategy.municipality_id,
        actor_id=actor.id if actor else None,
        facts=facts,
    )
