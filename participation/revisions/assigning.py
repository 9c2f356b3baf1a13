"""Say which sentences of a change each of its reasons is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from participation.accounts.models import Account
from participation.foundation.errors import Conflict, Refused
from participation.revisions.models import Change, Revision
from participation.revisions.reasons import Place, about, kept_places, sentences_of, written
from participation.revisions.taking import check_drafter, note, take


def place_reasons(
    session: Session,
    *,
    change: Change,
    places: Mapping[int, Sequence[Place]],
    actor: Account | None,
    at: datetime,
    edited_from: datetime | None = None,
) -> None:
    """Say for each reason, by its id, what it is about; one about everything names nothing.

    Raises Refused if a reason is about nothing that changes or a changed sentence has none,
    and Conflict if somebody changed the proposal since `edited_from`.
    """
    revision = session.get_one(Revision, change.revision_id)
    check_drafter(session, revision.strategy, actor)
    take(session, revision)
    if edited_from is not None and change.proposed_at != edited_from:
        raise Conflict(
            "Die Änderung wurde inzwischen von einer anderen Person bearbeitet."
            " Bitte laden Sie die Seite neu."
        )
    sentences = sentences_of(change.fields)
    covered = set()
    for reason in change.reasons:
        named = kept_places(sentences, places.get(reason.id, ()))
        if not named:
            raise Refused("Jeder Grund gehört zu mindestens einem Satz.", field="places")
        found = about(sentences, named)
        covered |= set(found)
        reason.places = [] if len(set(found)) == len(set(sentences)) else written(named)
    if not set(sentences) <= covered:
        raise Refused("Jeder geänderte Satz braucht mindestens einen Grund.", field="places")
    session.flush()
    note(session, "change.reasoned", revision, actor, at, {"element": change.element.code})
