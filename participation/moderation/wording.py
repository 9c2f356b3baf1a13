"""How the queue says when something is due and what it is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from flask_babel import format_date, format_time, ngettext
from flask_babel import gettext as _

from participation.foundation import clock
from participation.moderation.queries import QueueItem
from participation.web.filters import label

_SOON = timedelta(hours=24)


def queue_rows(
    items: list[QueueItem], *, opened: QueueItem | None, at: datetime, kind: str
) -> list[dict[str, Any]]:
    """Return the rows of the queue as its component takes them."""
    return [
        {
            "href": url_for(
                "moderation.item",
                contribution_id=item.contribution.id,
                art=kind or None,
                _anchor="eintrag",
            ),
            "title": item.heading,
            "due_text": due_words(item.due_at, at),
            "due": due_tone(item.due_at, at),
            "meta_text": name_of(item),
            "hints": [*_reports(item), *(label(hint) for hint in item.hints)],
            "open": opened is not None and item.contribution.id == opened.contribution.id,
        }
        for item in items
    ]


def _reports(item: QueueItem) -> list[str]:
    if not item.reports:
        return []
    return [ngettext("%(num)s Meldung", "%(num)s Meldungen", item.reports)]


def name_of(item: QueueItem) -> str:
    """Return what a contribution is called: `Idee 64, Digitale Orte`."""
    kind = label(item.contribution.kind)
    called = f"{kind} {item.number}" if item.number else kind
    return f"{called}, {item.contribution.engagement.title}"


def due_words(due_at: datetime, at: datetime) -> str:
    """Return by when something is due, in as few words as possible."""
    local = due_at.astimezone(clock.LOCAL_ZONE)
    days = (local.date() - clock.local_date(at)).days
    time = format_time(local.time(), "short", rebase=False)
    day = {-1: _("gestern"), 0: _("heute"), 1: _("morgen")}.get(days)
    if due_at < at:
        moment = time if days == 0 else day or _day(local)
        return str(_("überfällig seit %(moment)s", moment=moment))
    return f"{day} {time}" if day else _day(local)


def due_tone(due_at: datetime, at: datetime) -> str | None:
    """Return how urgent something is, as the component calls it."""
    if due_at < at:
        return "late"
    return "soon" if due_at - at < _SOON else None


def _day(moment: datetime) -> str:
    return str(format_date(moment.date(), "d. MMM", rebase=False))
