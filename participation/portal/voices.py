"""How findings, answers, quotes and changed sentences read: the words around the numbers."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from flask import Request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from participation.comments.models import Comment, Statement
from participation.contributions.models import Contribution
from participation.foundation.errors import NotFound
from participation.foundation.excerpts import excerpt
from participation.ideas.models import Idea
from participation.insights.queries import EvidenceCount
from participation.portal.queries.contributions import Readable
from participation.portal.queries.element_evidence import ElementVoices, WordingChange
from participation.portal.queries.outcome_totals import Totals
from participation.portal.queries.outcomes import (
    CitedResult,
    FindingOutcome,
    Quote,
)
from participation.revisions.labels import TONES
from participation.revisions.models import ChangeReason, Disposition
from participation.revisions.reasons import reasoned
from participation.strategy.labels import FIELD_LABELS
from participation.strategy.models import ProgressReport, ProgressState
from participation.web.filters import label, local_date, percent

Row = dict[str, Any]

_TO_CHANGE = {Disposition.ADOPTED, Disposition.PARTLY_ADOPTED}
_BAR_TONES = {
    Disposition.ADOPTED: "done",
    Disposition.PARTLY_ADOPTED: "part",
    Disposition.ALREADY_COVERED: "info",
    Disposition.DEFERRED: "wait",
    Disposition.NOT_ADOPTED: "none",
}


def tone(disposition: Disposition) -> str:
    """Return the badge tone of a disposition."""
    return TONES[disposition]


def evidence_text(count: EvidenceCount, results: Sequence[CitedResult] = ()) -> str:
    """Return on how much a finding rests: „23 Ideen, 2 Kommentare, Auswertung mit n = 615“."""
    parts = []
    if count.ideas:
        parts.append(ngettext("%(num)s Idee", "%(num)s Ideen", count.ideas))
    if count.comments:
        parts.append(ngettext("%(num)s Kommentar", "%(num)s Kommentare", count.comments))
    if count.remarks:
        parts.append(ngettext("%(num)s freie Antwort", "%(num)s freie Antworten", count.remarks))
    if count.stated:
        parts.append(
            ngettext(
                "%(num)s Stelle aus einer Stellungnahme",
                "%(num)s Stellen aus Stellungnahmen",
                count.stated,
            )
        )
    if len(results) == 1:
        parts.append(
            _(
                "Auswertung mit n = %(n)s vom %(day)s",
                n=results[0].n,
                day=local_date(results[0].released_at),
            )
        )
    elif count.aggregates:
        parts.append(ngettext("%(num)s Auswertung", "%(num)s Auswertungen", count.aggregates))
    return ", ".join(str(part) for part in parts)


def gone_text(count: EvidenceCount) -> str | None:
    """Return what a finding says when something it rests on is no longer public."""
    if not count.gone:
        return None
    if count.has_lost_all:
        return str(_("Die Beiträge, auf die sich diese Erkenntnis stützt, sind nicht mehr da."))
    return str(
        ngettext(
            "%(num)s Beitrag, auf den sie sich stützt, ist nicht mehr öffentlich.",
            "%(num)s Beiträge, auf die sie sich stützt, sind nicht mehr öffentlich.",
            count.gone,
        )
    )


def quote_text(quote: Quote) -> str:
    """Return where a quote comes from: „Idee 41“."""
    if quote.number is None:
        return label(quote.kind)
    return f"{label(quote.kind)} {quote.number}"


def contribution_text(contribution: Contribution) -> str:
    """Return what people call a contribution: „Idee 41“, „Kommentar 112“."""
    number = getattr(contribution, "number", None)
    name = label(contribution.kind)
    called = name if number is None else f"{name} {number}"
    by = contribution.organisation_name
    return str(_("%(what)s von %(who)s", what=called, who=by)) if by else called


def contribution_title(contribution: Contribution) -> str:
    """Return an idea's title; other kinds have none."""
    return contribution.title if isinstance(contribution, Idea) else ""


def contribution_address(readable: Readable) -> str | None:
    """Return where a published contribution can be read; remarks have no page of their own."""
    contribution = readable.contribution
    slug = contribution.engagement.slug
    if isinstance(contribution, Idea):
        return url_for("portal.idea", slug=slug, number=contribution.number)
    if isinstance(contribution, Statement):
        return url_for("portal.statement", slug=slug, number=contribution.number)
    if not isinstance(contribution, Comment):
        return None
    return url_for("portal.comment", slug=slug, number=contribution.number)


def short(text: str, longest: int = 240) -> str:
    """Return the beginning of a text, cut between words."""
    return text if len(text) <= longest else excerpt(text, longest)


def reason_rows(reasons: Sequence[ChangeReason]) -> list[Row]:
    """Return the reasons of a change as the component takes them."""
    rows: list[Row] = []
    for reason in reasons:
        if reason.finding is not None:
            code = reason.finding.code
            rows.append({"code": code, "href": url_for("portal.finding", code=code), "text": ""})
        else:
            text = f"{label(reason.stated)}: {reason.text}"
            rows.append({"code": "", "href": None, "text": text})
    return rows


def credit_rows(comments: Sequence[Comment]) -> list[Row]:
    """Return the comments whose wording a change took over, as the component takes reasons."""
    return [
        {
            "code": f"{label(one.kind)} {one.number}",
            "href": url_for("portal.comment", slug=one.engagement.slug, number=one.number),
            "text": "",
        }
        for one in comments
    ]


def field_name(name: str) -> str:
    """Return what a field is called."""
    return str(FIELD_LABELS[name])


def progress_text(report: ProgressReport | None) -> str:
    """Return how far a measure is: „zu 50 % umgesetzt“."""
    if report is None:
        return ""
    if report.state is ProgressState.STOPPED:
        return label(report.state)
    return str(_("zu %(percent)s umgesetzt", percent=percent(report.percent)))


def state_text(outcome: FindingOutcome) -> str:
    """Return what stands beside the element's code in a list of outcomes."""
    if outcome.fate.changes:
        return progress_text(outcome.fate.progress)
    if outcome.answer and outcome.answer.disposition is Disposition.ALREADY_COVERED:
        return progress_text(outcome.fate.progress)
    if outcome.answer and outcome.answer.disposition in _TO_CHANGE:
        return str(_("Änderung steht noch aus"))
    return str(_("keine Änderung am Text"))


def totals_rows(totals: Totals) -> list[Row]:
    """Return the parts of the bar over all dispositions."""
    return [
        {
            "label": label(disposition),
            "value_text": totals.dispositions[disposition],
            "share": 100 * totals.dispositions[disposition] / totals.answered,
            "tone": _BAR_TONES[disposition],
        }
        for disposition in Disposition
        if totals.dispositions.get(disposition)
    ]


def field_chips(totals: Totals, chosen: str) -> list[Row]:
    """Return the choice of an action field."""
    rows = [
        {
            "text": _("Alle Felder %(n)s", n=totals.answered),
            "href": url_for("portal.outcomes"),
            "current": not chosen,
        }
    ]
    rows += [
        {
            "text": f"{title} {n}",
            "href": url_for("portal.outcomes", feld=code),
            "current": code == chosen,
        }
        for code, (title, n) in totals.fields.items()
    ]
    return rows


def said_steps(found: ElementVoices, progress: ProgressReport | None) -> list[Row]:
    """Return the way from what was said about an element to its progress."""
    said, findings, answered = found.said, found.concluded, found.answered
    newest = max(
        (one.answer.published_at for one in answered if one.answer and one.answer.published_at),
        default=None,
    )
    steps = [
        _step(
            ngettext("%(num)s Beitrag", "%(num)s Beiträge", said.contributions),
            _("bis %(day)s", day=local_date(said.latest)) if said.latest else "",
            bool(said.contributions or said.aggregates),
        ),
        _step(
            ngettext("%(num)s Erkenntnis", "%(num)s Erkenntnisse", len(findings)),
            ", ".join(one.finding.code for one in findings[:4]),
            bool(findings),
        ),
        _step(_("beantwortet"), local_date(newest), bool(answered)),
    ]
    because_of_citizens = [
        one for one in found.changes if any(r.finding for r in one.change.reasons)
    ]
    if because_of_citizens:
        change = because_of_citizens[0]
        changed = _("in Fassung %(number)s", number=change.version.number)
        steps.append(_step(changed, local_date(change.version.adopted_at), is_reached=True))
    else:
        steps.append(_step(_("in der Strategie"), "", is_reached=False))
    if progress is not None:
        steps.append(
            _step(
                progress_text(progress),
                local_date(progress.reported_on),
                is_reached=bool(because_of_citizens),
            )
        )
    return _with_now(steps)


def _step(text: str, detail: str, is_reached: bool) -> Row:
    return {
        "label": text,
        "detail": detail,
        "state": "done" if is_reached else "todo",
        "href": None,
    }


def _with_now(steps: list[Row]) -> list[Row]:
    """Cut the path where nothing followed, and mark the last step reached."""
    reached = 0
    while reached < len(steps) and steps[reached]["state"] == "done":
        reached += 1
    for step in steps[reached:]:
        step["state"], step["detail"] = "todo", ""
    if reached:
        steps[reached - 1]["state"] = "now"
    return steps


def change_rows(change: WordingChange) -> list[Row]:
    """Return the changed sentences of an element with their field's name and their reasons."""
    return [
        {
            "field": field_name(one.field),
            "sentences": one.sentences,
            "reasons": reason_rows(one.reasons),
        }
        for one in reasoned(change.change)
    ]


def place_from(request: Request) -> tuple[datetime, int] | None:
    """Return the place in a list that an address names. Raises NotFound if it is none."""
    moment, key = _parts(request)
    if moment is None:
        return None
    if not (key.isascii() and key.isdigit() and len(key) < 12):
        raise NotFound("Diese Seite gibt es nicht.")
    return moment, int(key)


def contribution_place_from(request: Request) -> tuple[datetime, uuid.UUID] | None:
    """Return the place in a list of contributions that an address names."""
    moment, key = _parts(request)
    if moment is None:
        return None
    try:
        return moment, uuid.UUID(key)
    except ValueError:
        raise NotFound("Diese Seite gibt es nicht.") from None


def _parts(request: Request) -> tuple[datetime | None, str]:
    written = request.args.get("nach", "")
    if not written:
        return None, ""
    stamp, _separator, key = written.partition("_")
    try:
        microseconds = int(stamp)
        return datetime.fromtimestamp(microseconds / 1_000_000, UTC), key
    except (ValueError, OverflowError, OSError):
        raise NotFound("Diese Seite gibt es nicht.") from None


def written_place(moment: datetime, key: object) -> str:
    """Return a place in a list as an address carries it."""
    return f"{round(moment.timestamp() * 1_000_000)}_{key}"


def next_href(endpoint: str, place: tuple[datetime, object] | None, **values: str) -> str | None:
    """Return the address of the next page of a list."""
    if place is None:
        return None
    given: dict[str, Any] = {name: value for name, value in values.items() if value}
    return url_for(endpoint, nach=written_place(*place), **given)


def place_of(contribution: Contribution) -> tuple[datetime, uuid.UUID] | None:
    """Return the place of a published contribution in a list."""
    published_at = contribution.published_at
    return (published_at, contribution.id) if published_at else None
