"""The journal of a municipality."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from participation.accounts import access, queries
from participation.accounts.models import Role
from participation.engagements.places import row_number
from participation.journal.queries import PAGE, entries_of
from participation.maintenance import journal_words
from participation.maintenance.blueprint import blueprint
from participation.web.extensions import db


@dataclass(frozen=True)
class Row:
    """An entry, in words."""

    number: int
    at: datetime
    action: str
    subject: str
    actor: str
    facts: list[tuple[str, str]]


@blueprint.get("/protokoll")
@access.requires(Role.ADMINISTRATOR)
def journal() -> ResponseReturnValue:
    """Show what was decided, the newest first."""
    before = row_number(request.args.get("vor"))
    entries = entries_of(db.session(), access.here().id, before=before)
    actors = {entry.actor_id for entry in entries if entry.actor_id is not None}
    names = queries.names_of(db.session(), actors)
    rows = [
        Row(
            number=entry.number,
            at=entry.at,
            action=journal_words.action_of(entry),
            subject=journal_words.subject_of(entry),
            actor=names.get(entry.actor_id or 0, ""),
            facts=journal_words.facts_of(entry),
        )
        for entry in entries
    ]
    older = None
    if len(rows) == PAGE:
        older = url_for("maintenance.journal", vor=rows[-1].number)
    newer = url_for("maintenance.journal") if before is not None else None
    return render_template("maintenance/journal.html", rows=rows, older=older, newer=newer)
