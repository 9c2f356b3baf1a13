"""What a call asks besides title and text: its own fields, and what people answered.

Who may read an answer is said beside the field and stands from the first answer on.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.foundation.errors import NotFound, Refused
from participation.ideas.models import CallField, FieldAnswer, FieldKind, IdeaCall

MOST_FIELDS = 10
MOST_CHOICES = 20
LONGEST_LABEL = 150
LONGEST_HELP = 300
LONGEST_SHORT = 200
LONGEST_LONG = 2000


@dataclass(frozen=True)
class FieldDraft:
    """A field as a clerk wants it."""

    kind: FieldKind
    label: str
    help: str = ""
    choices: tuple[str, ...] = ()
    is_required: bool = False
    is_public: bool = False


@dataclass(frozen=True)
class Answered:
    """What somebody answered to a field."""

    label: str
    text: str
    is_public: bool


def fields_of(
    session: Session, call_id: int, *, with_removed: bool = False, public_only: bool = False
) -> Sequence[CallField]:
    """Return the fields of a call in their order; those that are asked no more only on demand."""
    rows = sa.select(CallField).where(CallField.idea_call_id == call_id)
    if not with_removed:
        rows = rows.where(CallField.is_asked)
    if public_only:
        rows = rows.where(CallField.is_public)
    return session.scalars(rows.order_by(CallField.position, CallField.id)).all()


def get_field(session: Session, call_id: int, field_id: int) -> CallField:
    """Return a field that a call asks. Raises NotFound."""
    found = session.scalars(
        sa.select(CallField).where(
            CallField.id == field_id, CallField.idea_call_id == call_id, CallField.is_asked
        )
    ).first()
    if found is None:
        raise NotFound("there is no such field")
    return found


def add_field(session: Session, *, call: IdeaCall, draft: FieldDraft) -> CallField:
    """Ask one thing more, after all others. Raises Refused."""
    # Two clerks at once would otherwise get the same place.
    session.refresh(call, ["last_number"], with_for_update=True)
    fields = fields_of(session, call.id)
    if len(fields) >= MOST_FIELDS:
        raise Refused("Ein Aufruf kann höchstens zehn eigene Felder haben.", field="label")
    field = CallField(idea_call_id=call.id, position=max((f.position for f in fields), default=0))
    field.position += 1
    _write(field, draft)
    session.add(field)
    session.flush()
    return field


def copy_fields(session: Session, *, before: IdeaCall, call: IdeaCall) -> None:
    """Let a new call ask what an earlier one asked last; nobody has answered it yet."""
    for field in fields_of(session, before.id):
        draft = FieldDraft(
            kind=field.kind,
            label=field.label,
            help=field.help,
            choices=tuple(field.choices),
            is_required=field.is_required,
            is_public=field.is_public,
        )
        add_field(session, call=call, draft=draft)


def change_field(session: Session, *, field: CallField, draft: FieldDraft) -> None:
    """Change a field. What people relied on when they answered stays. Raises Refused."""
    session.refresh(field, with_for_update=True)
    if is_answered(session, field):
        if draft.kind is not field.kind:
            raise Refused("Es gibt schon Antworten. Die Art bleibt deshalb.", field="kind")
        if draft.is_public != field.is_public:
            raise Refused(
                "Es gibt schon Antworten. Wer sie lesen darf, steht deshalb fest.",
                field="is_public",
            )
    _write(field, draft)
    session.flush()


def move_field(session: Session, *, field: CallField, up: bool) -> None:
    """Let a field change places with the one before or after it, if there is one."""
    fields = list(fields_of(session, field.idea_call_id))
    place = fields.index(field)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(fields):
        return
    fields[place], fields[other] = fields[other], fields[place]
    for position, one in enumerate(fields, start=1):
        one.position = position
    session.flush()


def remove_field(session: Session, *, field: CallField) -> bool:
    """Ask something no more; True if it is gone, False if its answers stay readable."""
    session.refresh(field, with_for_update=True)
    if is_answered(session, field):
        field.is_asked = False
        session.flush()
        return False
    session.delete(field)
    session.flush()
    return True


def is_answered(session: Session, field: CallField) -> bool:
    """Tell whether anybody has answered a field."""
    found = session.scalar(
        sa.select(sa.literal(1)).where(FieldAnswer.field_id == field.id).limit(1)
    )
    return found is not None


def answers_to(
    fields: Sequence[CallField], typed: Mapping[int, str], *, are_demanded: bool
) -> list[FieldAnswer]:
    """Return the answers of a new idea, in the order of the fields. Raises Refused."""
    answers = []
    for field in fields:
        text = typed.get(field.id, "").replace("\0", "").strip()
        if not text:
            if field.is_required and are_demanded:
                raise Refused("this has to be answered", field=field.name)
            continue
        if field.kind is FieldKind.CHOICE and text not in field.choices:
            raise Refused("this is none of the choices", field=field.name)
        if len(text) > (LONGEST_LONG if field.kind is FieldKind.LONG else LONGEST_SHORT):
            raise Refused("this is too long", field=field.name)
        answers.append(FieldAnswer(field_id=field.id, text=text))
    return answers


def answers_of(
    session: Session, idea_ids: Collection[uuid.UUID], *, public_only: bool
) -> dict[uuid.UUID, dict[int, Answered]]:
    """Return what was answered with ideas, by idea and field, in one query.

    Everything that is not for staff alone asks with `public_only`.
    """
    if not idea_ids:
        return {}
    rows = (
        sa.select(FieldAnswer.idea_id, CallField.id, CallField.label, FieldAnswer.text)
        .add_columns(CallField.is_public)
        .join(CallField, CallField.id == FieldAnswer.field_id)
        .where(FieldAnswer.idea_id.in_(idea_ids))
        .order_by(CallField.position, CallField.id)
    )
    if public_only:
        rows = rows.where(CallField.is_public)
    found: dict[uuid.UUID, dict[int, Answered]] = {}
    for idea_id, field_id, label, text, is_public in session.execute(rows):
        found.setdefault(idea_id, {})[field_id] = Answered(label, text, is_public)
    return found


def _write(field: CallField, draft: FieldDraft) -> None:
    label = " ".join(draft.label.split())
    if not label:
        raise Refused("a field needs a label", field="label")
    choices = list(dict.fromkeys(" ".join(one.split()) for one in draft.choices if one.strip()))
    if draft.kind is FieldKind.CHOICE:
        if len(choices) < 2:
            raise Refused("Geben Sie mindestens zwei Möglichkeiten an.", field="choices")
        if len(choices) > MOST_CHOICES or any(len(one) > LONGEST_SHORT for one in choices):
            raise Refused("Höchstens 20 Möglichkeiten, jede bis 200 Zeichen.", field="choices")
    field.kind, field.label, field.help = draft.kind, label, draft.help.strip()
    field.choices = choices if draft.kind is FieldKind.CHOICE else []
    field.is_required, field.is_public = draft.is_required, draft.is_public
