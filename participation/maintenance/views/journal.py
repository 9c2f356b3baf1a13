"""The journal of a municipality."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from participation.accounts import access, queries
from participation.accounts.models import Role
from participation.engagements.places import row_number
from participation.engagements.queries import titles_of
from participation.journal.models import JournalEntry
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
    accounts = _subjects(entries, "account")
    names = queries.names_of(
        db.session(), accounts | {entry.actor_id for entry in entries if entry.actor_id is not None}
    )
    subjects = {f"account:{number}": names[number] for number in accounts if number in names}
    titles = titles_of(db.session(), access.here().id, _subjects(entries, "engagement"))
    subjects |= {f"engagement:{number}": title for number, title in titles.items()}
    rows = [
        Row(
            number=entry.number,
            at=entry.at,
            action=journal_words.action_of(entry),
            subject=journal_words.subject_of(entry, subjects),
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


def _subjects(entries: Sequence[JournalEntry], kind: str) -> set[int]:
    parts = (entry.subject.partition(":") for entry in entries)
    return {int(number) for found, _colon, number in parts if found == kind and number.isdigit()}
