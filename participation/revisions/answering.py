"""Official answers: drafted by one, signed by two, published with their notice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.accounts.models import Account
from participation.accounts.policy import may_be_second_person
from participation.accounts.queries import members
from participation.contributions.models import Contribution
from participation.foundation.errors import Conflict, Forbidden, Refused
from participation.insights import operations as insights
from participation.insights.models import Aggregate, Evidence, Finding
from participation.insights.operations import lock_strategy
from participation.insights.queries import roles_of_actor
from participation.journal.operations import record
from participation.notifications.operations import post
from participation.revisions import policy, queries
from participation.revisions.announcing import announce
from participation.revisions.models import AnswerState, Disposition, OfficialAnswer
from participation.strategy.models import Element, Strategy


def draft_answer(
    session: Session,
    *,
    findings: Sequence[Finding],
    disposition: Disposition,
    reasons: str,
    actor: Account | None,
    at: datetime,
    with_adoption: bool = False,
) -> OfficialAnswer:
    """Draft the answer to one or more findings. Nothing of it is public yet.

    `with_adoption` holds it back, once it is signed, until the next version is adopted.
    Raises Conflict if a finding has an answer already.
    """
    if not findings:
        raise Refused("Bitte wählen Sie mindestens eine Erkenntnis aus.", field="findings")
    strategy = findings[0].strategy
    _check_drafter(session, strategy, actor)
    lock_strategy(session, strategy.id)
    _check_findings(session, strategy, findings, answer=None)
    answer = OfficialAnswer(
        strategy_id=strategy.id,
        disposition=disposition,
        reasons=_checked_reasons(reasons),
        with_adoption=with_adoption,
        drafted_by_id=actor.id if actor else None,
        drafted_at=at,
        findings=_each_once(findings),
    )
    session.add(answer)
    session.flush()
    _note(session, "answer.drafted", answer, actor, at)
    return answer


def amend_answer(
    session: Session,
    *,
    answer: OfficialAnswer,
    findings: Sequence[Finding],
    disposition: Disposition,
    reasons: str,
    with_adoption: bool,
    actor: Account | None,
    at: datetime,
    edited_from: datetime | None = None,
) -> None:
    """Word an answer differently. Signatures given before fall away: they were for other words.

    `edited_from` is when the draft was made that the editor saw; Conflict if it changed since.
    """
    _check_drafter(session, answer.strategy, actor)
    _take(session, answer, edited_from)
    if not policy.may_amend_answer(answer.state):
        raise Conflict("Eine veröffentlichte Antwort ändert sich nicht mehr.")
    if not findings:
        raise Refused("Bitte wählen Sie mindestens eine Erkenntnis aus.", field="findings")
    _check_findings(session, answer.strategy, findings, answer=answer)
    answer.disposition = disposition
    answer.reasons = _checked_reasons(reasons)
    answer.with_adoption = with_adoption
    answer.findings = _each_once(findings)
    answer.drafted_by_id = actor.id if actor else None
    answer.drafted_at = at
    answer.signed_by_id = answer.signed_at = None
    answer.second_id = answer.second_signed_at = None
    session.flush()
    _note(session, "answer.amended", answer, actor, at)


def discard_answer(
    session: Session, *, answer: OfficialAnswer, actor: Account | None, at: datetime
) -> None:
    """Throw a draft away; its findings are open again."""
    _check_drafter(session, answer.strategy, actor)
    _take(session, answer, None)
    if answer.state is not AnswerState.DRAFT:
        raise Conflict("Eine unterschriebene Antwort kann nicht verworfen werden.")
    _note(session, "answer.discarded", answer, actor, at)
    session.delete(answer)
    session.flush()


def take_back_waiting(
    session: Session, *, strategy: Strategy, actor: Account | None, at: datetime
) -> int:
    """Make drafts again of signed answers that waited for an adoption; return how many."""
    waiting = session.scalars(
        sa.select(OfficialAnswer).where(
            OfficialAnswer.strategy_id == strategy.id,
            OfficialAnswer.with_adoption,
            OfficialAnswer.signed_at.is_not(None),
            OfficialAnswer.published_at.is_(None),
        )
    ).all()
    for answer in waiting:
        answer.signed_by_id = answer.signed_at = None
        answer.second_id = answer.second_signed_at = None
        # Whoever has the page open signs words that stand in another light now.
        answer.drafted_at = at
        session.flush()
        _note(session, "answer.reopened", answer, actor, at)
    return len(waiting)


def sign_answer(
    session: Session,
    *,
    answer: OfficialAnswer,
    actor: Account,
    at: datetime,
    read: datetime | None = None,
) -> None:
    """Sign: the lead first, then a second person; with both signatures it is published.

    `read` is when the draft was made that the signer read; Conflict if it changed since, so
    that nobody signs words they have not seen. An answer that belongs to an adoption waits.
    """
    _take(session, answer, read)
    municipality_id = answer.strategy.municipality_id
    roles = roles_of_actor(session, actor, municipality_id)
    if answer.state in {AnswerState.SIGNED, AnswerState.PUBLISHED}:
        raise Conflict("Diese Antwort ist schon von zwei Personen unterschrieben.")
    if not policy.may_sign(answer.state, roles, actor_id=actor.id, lead_id=answer.signed_by_id):
        raise _not_now(answer.state)
    if answer.state is AnswerState.DRAFT:
        answer.signed_by_id, answer.signed_at = actor.id, at
        session.flush()
        _ask_second_persons(session, answer, actor, at)
        _note(session, "answer.signed", answer, actor, at)
        return
    answer.second_id, answer.second_signed_at = actor.id, at
    session.flush()
    _note(session, "answer.countersigned", answer, actor, at)
    if not answer.with_adoption:
        publish_answer(session, answer=answer, actor=actor, at=at)
        announce(session, answer=answer, at=at)


def publish_answer(
    session: Session, *, answer: OfficialAnswer, actor: Account | None, at: datetime
) -> None:
    """Make a signed answer public, for good."""
    if answer.state is not AnswerState.SIGNED:
        raise Conflict("Nur eine von zwei Personen unterschriebene Antwort wird veröffentlicht.")
    answer.published_at = at
    session.flush()
    _note(session, "answer.published", answer, actor, at)


def correct_finding(
    session: Session,
    *,
    finding: Finding,
    sentence: str,
    elements: Sequence[Element],
    keep: Sequence[Evidence],
    contributions: Sequence[Contribution] = (),
    aggregates: Sequence[Aggregate] = (),
    actor: Account | None,
    at: datetime,
) -> None:
    """Correct a finding as long as nobody has signed an answer to it."""
    lock_strategy(session, finding.strategy_id)
    answer = queries.answer_to(session, finding.id)
    if answer is not None and answer.state is not AnswerState.DRAFT:
        raise Conflict(
            "Zu dieser Erkenntnis ist schon eine Antwort unterschrieben. Sie bleibt, wie sie ist."
        )
    insights.amend_finding(
        session,
        finding=finding,
        sentence=sentence,
        elements=elements,
        keep=keep,
        contributions=contributions,
        aggregates=aggregates,
        actor=actor,
        at=at,
    )


def _take(session: Session, answer: OfficialAnswer, seen: datetime | None) -> None:
    """Lock an answer, read it anew, and refuse if it is no longer what somebody saw."""
    lock_strategy(session, answer.strategy_id)
    session.refresh(answer)
    if seen is not None and answer.drafted_at != seen:
        raise Conflict(
            "Die Antwort wurde geändert, nachdem Sie die Seite geöffnet haben. Bitte lesen Sie"
            " sie neu."
        )


def _check_drafter(session: Session, strategy: Strategy, actor: Account | None) -> None:
    if not policy.may_draft(roles_of_actor(session, actor, strategy.municipality_id)):
        raise Forbidden("Antworten entwirft das Strategie-Team.")


def _check_findings(
    session: Session,
    strategy: Strategy,
    findings: Sequence[Finding],
    answer: OfficialAnswer | None,
) -> None:
    if any(finding.strategy_id != strategy.id for finding in findings):
        raise Refused("Eine Erkenntnis gehört nicht zu dieser Strategie.", field="findings")
    answered = queries.answers_to(session, [finding.id for finding in findings])
    taken = [
        finding.code
        for finding in findings
        if finding.id in answered and (answer is None or answered[finding.id].id != answer.id)
    ]
    if taken:
        raise Conflict("Schon beantwortet: %(codes)s.", codes=", ".join(taken))


def _checked_reasons(reasons: str) -> str:
    wording = reasons.replace("\r\n", "\n").strip()
    if not wording:
        raise Refused("Bitte begründen Sie die Antwort.", field="reasons")
    if len(wording) > policy.LONGEST_REASONS:
        raise Refused(
            "Bitte fassen Sie sich kürzer: höchstens %(limit)s Zeichen.",
            field="reasons",
            limit=policy.LONGEST_REASONS,
        )
    return wording


def _not_now(state: AnswerState) -> Forbidden:
    if state is AnswerState.DRAFT:
        return Forbidden("Zuerst unterschreibt das Strategie-Team.")
    return Forbidden("Jetzt unterschreibt eine zweite Person aus Moderation oder Verwaltung.")


def _ask_second_persons(
    session: Session, answer: OfficialAnswer, lead: Account, at: datetime
) -> None:
    """Tell everybody who may sign second that an answer waits for them."""
    municipality_id = answer.strategy.municipality_id
    asked = {
        account.id: account
        for account, role in members(session, municipality_id)
        if may_be_second_person([role]) and account.id != lead.id and not account.suspended_at
    }
    for account in asked.values():
        post(
            session,
            municipality_id=municipality_id,
            key=f"answer:{answer.id}:{answer.drafted_at.isoformat()}:second:{account.id}",
            address=account.email,
            template="revisions/second_signature",
            payload={
                "answer_id": answer.id,
                "lead": lead.display_name,
                "codes": [finding.code for finding in answer.findings],
            },
            at=at,
        )


def _each_once(findings: Sequence[Finding]) -> list[Finding]:
    return list({finding.id: finding for finding in findings}.values())


def _note(
    session: Session, action: str, answer: OfficialAnswer, actor: Account | None, at: datetime
) -> None:
    strategy = session.get_one(Strategy, answer.strategy_id)
    record(
        session,
        at=at,
        action=action,
        subject=f"answer:{answer.id}",
        municipality_id=strategy.municipality_id,
        actor_id=actor.id if actor else None,
        facts={
            "disposition": answer.disposition.value,
            "findings": [finding.code for finding in answer.findings],
        },
    )
