"""One queue over everything that citizens write: look, decide, next."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.accounts.models import Account, Role
from participation.analysis.hints import kinds_in, pieces_of
from participation.analysis.wording_difference import difference
from participation.contributions.models import Contribution, ContributionKind
from participation.contributions.queries import get_contribution
from participation.engagements.places import row_number
from participation.foundation import clock
from participation.foundation.errors import NotFound, Refused
from participation.ideas.call_fields import answers_of
from participation.ideas.changed_parts import changed_parts, other_words
from participation.ideas.images import images_of
from participation.ideas.models import Idea, IdeaWording
from participation.moderation import operations, policy, queries
from participation.moderation.blueprint import blueprint
from participation.moderation.forms import DecisionForm, ImageForm
from participation.moderation.models import UNDO_TIME, Action, Ground
from participation.moderation.queries import Place
from participation.moderation.reports import report_numbers, reports_on
from participation.moderation.views.elements import about
from participation.moderation.wording import due_tone, due_words, name_of, queue_rows
from participation.web.extensions import db
from participation.web.filters import label, local_time

_MILLISECOND = timedelta(milliseconds=1)
_KINDS = {
    "ideen": ContributionKind.IDEA,
    "kommentare": ContributionKind.COMMENT,
    "umfragen": ContributionKind.SURVEY_REMARK,
    "stellungnahmen": ContributionKind.STATEMENT,
}


@blueprint.get("/moderation/")
@access.requires(Role.MODERATOR, Role.ADMINISTRATOR)
def queue() -> ResponseReturnValue:
    """Show what waits, the oldest first, with the first item open."""
    items = _items(_place(request.args.get("nach")))
    return _page(items, items[0].contribution if items else None, DecisionForm())


@blueprint.get("/moderation/<uuid:contribution_id>")
@access.requires(Role.MODERATOR, Role.ADMINISTRATOR)
def item(contribution_id: uuid.UUID) -> ResponseReturnValue:
    """Show one contribution beside the queue, whatever its status."""
    contribution = get_contribution(db.session(), access.here().id, contribution_id)
    return _page(_items(_place(request.args.get("nach"))), contribution, DecisionForm())


@blueprint.post("/moderation/<uuid:contribution_id>")
@access.requires(Role.MODERATOR, Role.ADMINISTRATOR)
def decide(contribution_id: uuid.UUID) -> ResponseReturnValue:
    """Decide about one contribution and open the next."""
    contribution = get_contribution(db.session(), access.here().id, contribution_id)
    form = DecisionForm()
    action = _action(request.form.get("action"))
    if action is not None and form.validate_on_submit():
        after = contribution.received_at, contribution.id
        try:
            operations.decide(
                db.session(),
                contribution=contribution,
                action=action,
                ground=form.ground.data,
                note=form.note.data or "",
                seen=form.seen.data or None,
                actor=access.actor(),
                at=clock.now(),
            )
        except operations.AlreadyDecided as conflict:
            db.session.rollback()
            flash(_already(contribution_id, conflict), "warning")
            return redirect(_next_address(after), 303)
        except operations.ChangedSince:
            db.session.rollback()
            flash(
                _(
                    "Der Text wurde geändert, während Sie ihn lasen. Hier ist der neue: "
                    "Bitte entscheiden Sie noch einmal."
                ),
                "warning",
            )
            return redirect(
                url_for(
                    "moderation.item",
                    contribution_id=contribution_id,
                    art=request.values.get("art") or None,
                    _anchor="eintrag",
                ),
                303,
            )
        except Refused as refusal:
            db.session.rollback()
            _show(form, refusal)
        else:
            db.session.commit()
            return redirect(_next_address(after), 303)
    contribution = get_contribution(db.session(), access.here().id, contribution_id)
    return _page(_items(None), contribution, form), 422


@blueprint.post("/moderation/entscheidungen/<int(max=2147483647):decision_id>/zuruecknehmen")
@access.requires(Role.MODERATOR, Role.ADMINISTRATOR)
def undo(decision_id: int) -> ResponseReturnValue:
    """Take one's own last decision back, within ten seconds."""
    decision = queries.get_decision(db.session(), access.here().id, decision_id)
    contribution_id = decision.contribution_id
    try:
        operations.undo(db.session(), decision=decision, actor=access.actor(), at=clock.now())
    except operations.TooLateToUndo:
        db.session.rollback()
        flash(_("Zum Zurücknehmen ist es zu spät. Sie können neu entscheiden."), "warning")
    else:
        db.session.commit()
        flash(_("Die Entscheidung ist zurückgenommen."), "success")
    kind = request.args.get("art") or None
    return redirect(url_for("moderation.item", contribution_id=contribution_id, art=kind), 303)


@blueprint.get("/moderation/entschieden")
@access.requires(Role.MODERATOR, Role.ADMINISTRATOR)
def decided() -> ResponseReturnValue:
    """List what was decided, the latest first."""
    municipality = access.here()
    before = row_number(request.args.get("vor"))
    found = queries.recent_decisions(db.session(), municipality.id, before=before)
    return render_template(
        "moderation/decided.html",
        decisions=[(one, queries.item_of(one.contribution)) for one in found],
        name_of=name_of,
        next_before=found[-1].id if len(found) == queries.PAGE else None,
    )


def _page(
    items: list[queries.QueueItem], contribution: Contribution | None, form: DecisionForm
) -> str:
    municipality, at, actor = access.here(), clock.now(), access.actor()
    opened = _opened(contribution) if contribution else None
    kind = request.values.get("art", "")
    form.seen.data = policy.wording_seen(contribution) if contribution else ""
    return render_template(
        "moderation/queue.html",
        rows=queue_rows(items, opened=opened, at=at, kind=kind),
        at=at,
        chosen=kind if kind in _KINDS else "",
        kinds=_KINDS,
        numbers=queries.queue_numbers(db.session(), municipality.id, at),
        next_key=_key(items[-1].place) if len(items) == queries.PAGE else None,
        following=_following(items, opened),
        form=form,
        single_keys=actor.single_keys,
        undoable=_undoable(municipality.id, actor, at),
        opened=opened,
        details=_details(opened, at) if opened else None,
        image_form=ImageForm(formdata=None),
    )


def _opened(contribution: Contribution) -> queries.QueueItem:
    numbers = report_numbers(db.session(), [contribution.id])
    return queries.flagged(queries.item_of(contribution), numbers.get(contribution.id))


def _details(opened: queries.QueueItem, at: datetime) -> dict[str, Any]:
    """What the page shows of the open contribution. Never an address."""
    contribution = opened.contribution
    context = queries.context_of(contribution)
    waits = queries.waits(db.session(), contribution)
    wording = queries.new_wording(db.session(), contribution)
    return {
        "name": name_of(opened),
        "pieces": pieces_of(contribution.text),
        "rewording": pieces_of(context.rewording),
        "context": context,
        "decisions": queries.decisions_about(db.session(), contribution.id),
        "actions": {
            action.value
            for action in policy.possible_actions(
                contribution, is_waiting=waits, has_new_wording=wording is not None
            )
        },
        "wording": _reworded(contribution, wording) if wording is not None else None,
        "waits": waits,
        "images": _images(contribution),
        "about": about(contribution),
        "answers": answers_of(db.session(), [contribution.id], public_only=False).get(
            contribution.id, {}
        ),
        "reports": reports_on(db.session(), contribution.id) if opened.reports else [],
        "due_text": due_words(opened.due_at, at),
        "due": due_tone(opened.due_at, at),
    }


def _reworded(contribution: Contribution, wording: IdeaWording) -> dict[str, Any]:
    """What the author wants to change, word by word, and what may be wrong with the new words."""
    title = contribution.title if isinstance(contribution, Idea) else ""
    return {
        "title": difference(title, wording.title),
        "text": difference(contribution.text, wording.text),
        "hints": kinds_in("\n".join([wording.title, wording.text, *other_words(wording.parts)])),
        "is_reworded": isinstance(contribution, Idea)
        and (title, contribution.text) != (wording.title, wording.text),
        "parts": changed_parts(db.session(), contribution, wording.parts)
        if isinstance(contribution, Idea)
        else None,
    }


def _images(contribution: Contribution) -> list[dict[str, Any]]:
    """The images of an idea, each with the ground for which it is out of sight."""
    if not isinstance(contribution, Idea):
        return []
    return [
        {"image": image, "ground": Ground(image.removed_for) if image.removed_for else None}
        for image in images_of(db.session(), contribution.id)
    ]


def _following(
    items: list[queries.QueueItem], opened: queries.QueueItem | None
) -> queries.QueueItem | None:
    """The item after the open one, for whoever wants to decide this one later."""
    ids = [item.contribution.id for item in items]
    if opened is None or opened.contribution.id not in ids[:-1]:
        return None
    return items[ids.index(opened.contribution.id) + 1]


def _undoable(municipality_id: int, actor: Account, at: datetime) -> Any:
    decision = queries.undoable_decision(
        db.session(), municipality_id, actor.id, since=at - UNDO_TIME
    )
    if decision is None:
        return None
    left = decision.decided_at + UNDO_TIME - at
    return decision, name_of(queries.item_of(decision.contribution)), left // _MILLISECOND


def _items(after: Place | None) -> list[queries.QueueItem]:
    kind = _KINDS.get(request.values.get("art", ""))
    return queries.queue(db.session(), access.here().id, kind=kind, after=after)


def _next_address(after: Place) -> str:
    """The next contribution that waits; from the end it goes on at the beginning."""
    kind = request.values.get("art") or None
    following = queries.queue(
        db.session(), access.here().id, kind=_KINDS.get(kind or ""), after=after, limit=1
    )
    if not following:
        return url_for("moderation.queue", art=kind)
    return url_for("moderation.item", contribution_id=following[0].contribution.id, art=kind)


def _already(contribution_id: uuid.UUID, conflict: operations.AlreadyDecided) -> str:
    """What came before, and about which contribution: the page shows the next one already."""
    contribution = get_contribution(db.session(), access.here().id, contribution_id)
    subject = name_of(queries.item_of(contribution))
    decision = conflict.decision
    if decision is None:
        withdrawn: str = _("%(subject)s wurde inzwischen zurückgezogen.", subject=subject)
        return withdrawn
    words: str = _(
        "%(subject)s war schon entschieden: %(action)s von %(name)s am %(moment)s.",
        subject=subject,
        action=label(decision.action),
        name=decision.decided_by.display_name if decision.decided_by else _("der Plattform"),
        moment=local_time(decision.decided_at),
    )
    return words


def _show(form: DecisionForm, refusal: Refused) -> None:
    if refusal.field == "note":
        form.note.errors = [_("Schreiben Sie der Verfasserin oder dem Verfasser, warum.")]
    else:
        form.ground.errors = [_("Wählen Sie einen Grund aus den Regeln.")]


def _action(value: str | None) -> Action | None:
    try:
        return Action(value)
    except ValueError:
        return None


def _key(place: Place) -> str:
    return f"{place[0].isoformat()}_{place[1]}"


def _place(key: str | None) -> Place | None:
    if not key:
        return None
    moment, _sign, number = key.partition("_")
    try:
        place = datetime.fromisoformat(moment), uuid.UUID(number)
    except ValueError:
        raise NotFound("there is no such page") from None
    if place[0].tzinfo is None:
        raise NotFound("there is no such page")
    return place
