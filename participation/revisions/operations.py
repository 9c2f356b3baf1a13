"""Open a revision, change what the next version says, put it out for comment, adopt it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.accounts.models import Account
from participation.comments.models import Comment
from participation.foundation.errors import Conflict, Refused
from participation.insights.operations import lock_strategy
from participation.revisions import policy, queries
from participation.revisions.announcing import announce, announce_abandonment
from participation.revisions.answering import (
    amend_answer,
    correct_finding,
    discard_answer,
    draft_answer,
    publish_answer,
    sign_answer,
    take_back_waiting,
)
from participation.revisions.assigning import place_reasons
from participation.revisions.consulted import rounds_still_open
from participation.revisions.drafting import FieldDifference, differences
from participation.revisions.models import (
    AnswerState,
    Change,
    ChangedField,
    ChangeOperation,
    ChangeReason,
    Revision,
    RevisionStatus,
)
from participation.revisions.reasons import Reason, kept_places, places_of, sentences_of, written
from participation.revisions.taking import check_drafter, check_lead, note, take
from participation.strategy import operations as strategy_operations
from participation.strategy.content import ElementContent, misplaced_fields
from participation.strategy.models import Element, ElementKind, Strategy, StrategyVersion
from participation.strategy.operations import Resolution
from participation.strategy.queries import adopted_version, contents_of

__all__ = [
    "Reason",
    "Resolution",
    "abandon_revision",
    "adopt",
    "amend_answer",
    "correct_finding",
    "discard_answer",
    "draft_answer",
    "drop_change",
    "open_revision",
    "place_reasons",
    "propose_change",
    "publish_answer",
    "put_out_for_consultation",
    "sign_answer",
]


def open_revision(
    session: Session, *, strategy: Strategy, actor: Account | None, at: datetime
) -> Revision:
    """Open the work on the next version. Only one revision of a strategy is open at a time."""
    check_lead(session, strategy, actor)
    lock_strategy(session, strategy.id)
    base = adopted_version(session, strategy.id)
    if base is None:
        raise Conflict(
            "Fortgeschrieben wird eine beschlossene Fassung. Die erste ist noch im Entwurf."
        )
    if queries.open_revision_of(session, strategy.id) is not None:
        raise Conflict("Es ist schon eine Fortschreibung offen.")
    revision = Revision(strategy=strategy, base_version=base, opened_at=at)
    try:
        with session.begin_nested():
            session.add(revision)
    except sa.exc.IntegrityError:
        raise Conflict("Es ist schon eine Fortschreibung offen.") from None
    note(session, "revision.opened", revision, actor, at, {"base": base.number})
    return revision


def propose_change(
    session: Session,
    *,
    revision: Revision,
    operation: ChangeOperation,
    element: Element | None = None,
    kind: ElementKind | None = None,
    content: ElementContent | None = None,
    because: Sequence[Reason] = (),
    wordings: Sequence[Comment] = (),
    actor: Account | None,
    at: datetime,
    edited_from: datetime | None = None,
) -> Change | None:
    """Change what the next version says about an element, in place of an earlier proposal.

    To add an element give its kind; it gets its code at once. Amending stores only the fields
    that differ from the base, and returns None when none does: the proposal is gone then.
    Reasons may still be missing; without them the revision is not adopted. `wordings` are the
    comments that proposed what is said now: they are named beside the change. `edited_from` is
    when the proposal was made that the editor saw; Conflict if somebody changed it since.
    """
    strategy = revision.strategy
    check_drafter(session, strategy, actor)
    take(session, revision)
    _check_reasons(strategy, because)
    base = contents_of(session, revision.base_version_id)
    if element is None:
        element = _new_element(session, strategy, operation, kind, content, at)
    change = queries.find_change(session, revision.id, element.id)
    if edited_from is not None and (change is None or change.proposed_at != edited_from):
        raise Conflict(
            "%(code)s wurde inzwischen von einer anderen Person geändert."
            " Bitte laden Sie die Seite neu und tragen Sie Ihre Änderung noch einmal ein.",
            code=element.code,
        )
    before = base[element.code][1] if element.code in base else None
    if change is not None and change.operation is ChangeOperation.ADD:
        operation = ChangeOperation.ADD
    _check_operation(strategy, element, operation, stands_in_base=before is not None)
    after = None if operation is ChangeOperation.RETIRE else _checked(element.kind, content)
    fields = differences(element.kind, before, after)
    if operation is ChangeOperation.AMEND and not fields:
        _drop_unneeded(session, change, actor, at)
        return None
    if after is not None:
        _check_places(session, revision, element, after)
    actor_id = actor.id if actor else None
    if change is None:
        change = Change(
            element=element, operation=operation, proposed_by_id=actor_id, proposed_at=at
        )
        revision.changes.append(change)
    change.operation, change.proposed_by_id, change.proposed_at = operation, actor_id, at
    _replace(session, change, fields, because)
    change.wordings = _checked_wordings(element, operation, wordings)
    session.flush()
    facts = {"element": element.code, "operation": operation.value, "fields": len(fields)}
    note(session, "change.proposed", revision, actor, at, facts)
    return change


def drop_change(session: Session, *, change: Change, actor: Account | None, at: datetime) -> None:
    """Take a proposal back. The code of an element that was to be added stays unused."""
    revision = session.get_one(Revision, change.revision_id)
    check_drafter(session, revision.strategy, actor)
    take(session, revision)
    code = change.element.code
    session.delete(change)
    session.flush()
    session.expire(revision, ["changes"])
    note(session, "change.dropped", revision, actor, at, {"element": code})


def put_out_for_consultation(
    session: Session, *, revision: Revision, actor: Account | None, at: datetime
) -> StrategyVersion:
    """Freeze the draft as a version in consultation, so that a comment round can show it."""
    strategy = revision.strategy
    check_lead(session, strategy, actor)
    take(session, revision)
    if not revision.changes:
        raise Conflict("Der Entwurf ändert noch nichts.")
    drafted = queries.drafted_contents(session, revision)
    return strategy_operations.freeze_for_consultation(
        session,
        strategy=strategy,
        contents={code: content for code, (_, content) in drafted.items()},
        at=at,
        actor=actor,
    )


def adopt(
    session: Session,
    *,
    revision: Revision,
    resolution: Resolution,
    actor: Account | None,
    at: datetime,
    despite_rounds: bool = False,
) -> StrategyVersion:
    """Adopt the draft as the next version, with everything that follows, in one transaction.

    Publishes the answers that waited for it, closes the revision and announces the version.
    Raises Conflict while anything is missing, and Refused while a comment round on the draft
    runs, unless `despite_rounds` says that this is known; then nothing has changed.
    """
    strategy = revision.strategy
    check_lead(session, strategy, actor)
    take(session, revision)
    base = adopted_version(session, strategy.id)
    if base is None or base.id != revision.base_version_id:
        raise Conflict("Seit dem Beginn dieser Fortschreibung wurde eine Fassung beschlossen.")
    missing = queries.blockers(session, revision)
    if missing:
        codes = ", ".join(dict.fromkeys(one.code for one in missing if one.code))
        raise Conflict("Vor dem Beschluss fehlt noch etwas: %(codes)s.", codes=codes or "–")
    if not despite_rounds and rounds_still_open(session, revision, at):
        raise Refused(
            "Zu diesem Entwurf läuft noch eine Kommentarrunde. Bitte bestätigen Sie, dass die"
            " Fassung trotzdem schon beschlossen ist.",
            field="despite_rounds",
        )
    drafted = queries.drafted_contents(session, revision)
    version = strategy_operations.publish_version(
        session,
        strategy=strategy,
        contents={code: content for code, (_, content) in drafted.items()},
        resolution=resolution,
        at=at,
        actor=actor,
    )
    revision.status = RevisionStatus.ADOPTED
    revision.resulting_version = version
    revision.closed_at = at
    session.flush()
    _publish_waiting_answers(session, strategy, actor, at)
    announce(session, version=version, at=at)
    note(session, "revision.adopted", revision, actor, at, {"version": version.number})
    return version


def abandon_revision(
    session: Session, *, revision: Revision, reason: str, actor: Account | None, at: datetime
) -> None:
    """Close a revision without a next version; its changes stay as a record of the attempt.

    Whoever follows a comment round on its drafts is told so, with the reason. Published answers
    stay. Those that waited for the adoption go back to drafts: what they promise is not decided,
    so their findings are open for the next revision.
    """
    strategy = revision.strategy
    check_lead(session, strategy, actor)
    reason = reason.strip()
    if not reason:
        raise Refused("Bitte schreiben Sie den Grund dazu.", field="reason")
    if len(reason) > policy.LONGEST_REASONS:
        raise Refused("Die Begründung ist zu lang.", field="reason")
    take(session, revision)
    reopened = take_back_waiting(session, strategy=strategy, actor=actor, at=at)
    revision.status, revision.closed_at = RevisionStatus.ABANDONED, at
    revision.abandoned_because = reason
    session.flush()
    announce_abandonment(session, revision=revision, at=at)
    facts = {"changes": len(revision.changes), "answers": reopened}
    note(session, "revision.abandoned", revision, actor, at, facts)


def _publish_waiting_answers(
    session: Session, strategy: Strategy, actor: Account | None, at: datetime
) -> None:
    waiting = {
        answer.id: answer
        for _, answer in queries.open_findings(session, strategy.id)
        if answer is not None and answer.state is AnswerState.SIGNED
    }
    for answer in waiting.values():
        publish_answer(session, answer=answer, actor=actor, at=at)


def _check_reasons(strategy: Strategy, because: Iterable[Reason]) -> None:
    for reason in because:
        if (reason.finding is None) == (reason.stated is None):
            raise Refused("Ein Grund ist eine Erkenntnis oder ein anderer Grund.", field="reasons")
        if reason.finding is not None and reason.finding.strategy_id != strategy.id:
            raise Refused("Eine Erkenntnis gehört nicht zu dieser Strategie.", field="findings")
        if reason.stated is not None and not reason.text.strip():
            raise Refused("Bitte schreiben Sie den Grund dazu.", field="reason_text")
        if len(reason.text) > policy.LONGEST_STATED_REASON:
            raise Refused(
                "Bitte fassen Sie den Grund kürzer: höchstens %(limit)s Zeichen.",
                field="reason_text",
                limit=policy.LONGEST_STATED_REASON,
            )


def _new_element(
    session: Session,
    strategy: Strategy,
    operation: ChangeOperation,
    kind: ElementKind | None,
    content: ElementContent | None,
    at: datetime,
) -> Element:
    if operation is not ChangeOperation.ADD or kind is None:
        raise Refused("Welches Element soll sich ändern?", field="element")
    if not policy.may_be(operation, kind, stands_in_base=False):
        raise Refused("Es gibt nur ein Leitbild.", field="kind")
    # A code that is given is never given again, so the content is checked before.
    _checked(kind, content)
    return strategy_operations.mint_element(session, strategy=strategy, kind=kind, at=at)


def _check_operation(
    strategy: Strategy, element: Element, operation: ChangeOperation, *, stands_in_base: bool
) -> None:
    if element.strategy_id != strategy.id:
        raise Refused("Das Element gehört nicht zu dieser Strategie.", field="element")
    if policy.may_be(operation, element.kind, stands_in_base=stands_in_base):
        return
    if operation is ChangeOperation.ADD:
        raise Conflict("%(code)s steht schon in der geltenden Fassung.", code=element.code)
    if stands_in_base:
        raise Conflict("Das Leitbild kann geändert, aber nicht gestrichen werden.")
    raise Conflict("%(code)s steht nicht in der geltenden Fassung.", code=element.code)


def _checked(kind: ElementKind, content: ElementContent | None) -> ElementContent:
    if content is None or not content.title.strip():
        raise Refused("Bitte geben Sie einen Titel an.", field="title")
    misplaced = misplaced_fields(content, kind)
    if misplaced:
        raise Refused("Dieses Feld gibt es hier nicht.", field=misplaced[0])
    return content


def _checked_wordings(
    element: Element, operation: ChangeOperation, wordings: Sequence[Comment]
) -> list[Comment]:
    if wordings and operation is ChangeOperation.RETIRE:
        raise Refused("Was entfällt, nennt keinen Wortlaut.", field="wordings")
    if any(
        not one.rewording or one.passage is None or one.passage.element_id != element.id
        for one in wordings
    ):
        raise Refused("Dieser Kommentar schlägt hier keinen Wortlaut vor.", field="wordings")
    return list(dict.fromkeys(wordings))


def _check_places(
    session: Session, revision: Revision, element: Element, after: ElementContent
) -> None:
    """Refuse a field or goal that the next version does not have."""
    drafted = queries.drafted_contents(session, revision)
    kinds = {code: found.kind for code, (found, _) in drafted.items()}
    if after.field is not None and kinds.get(after.field) is not ElementKind.ACTION_FIELD:
        raise Refused("Dieses Handlungsfeld gibt es in der Fassung nicht.", field="field")
    if any(kinds.get(goal) is not ElementKind.GOAL for goal in after.goals):
        raise Refused("Ein Ziel gibt es in der Fassung nicht.", field="goals")
    if element.code == after.field or element.code in after.goals:
        raise Refused("Ein Element kann nicht zu sich selbst gehören.", field="field")


def _replace(
    session: Session,
    change: Change,
    fields: Sequence[FieldDifference],
    because: Sequence[Reason],
) -> None:
    """Put fields and reasons in place of earlier ones; the old rows go first, keys are reused.

    A reason that was there before keeps its places, as far as their sentences are still there.
    """
    earlier = {(one.finding_id, one.stated): places_of(one) for one in change.reasons}
    change.fields.clear()
    change.reasons.clear()
    session.flush()
    change.fields = [
        ChangedField(name=one.name, position=position, before=one.before, after=one.after)
        for position, one in enumerate(fields)
    ]
    sentences = sentences_of(change.fields)
    unique = {(one.finding.id if one.finding else None, one.stated): one for one in because}
    change.reasons = [
        ChangeReason(
            finding=one.finding,
            stated=one.stated,
            text=" ".join(one.text.split()),
            places=written(kept_places(sentences, one.places or earlier.get(key, ()))),
        )
        for key, one in unique.items()
    ]
    session.flush()


def _drop_unneeded(
    session: Session, change: Change | None, actor: Account | None, at: datetime
) -> None:
    """What is worded as in the base again is no change any more."""
    if change is None:
        raise Refused("Der Text ist noch derselbe wie in der geltenden Fassung.")
    drop_change(session, change=change, actor=actor, at=at)
