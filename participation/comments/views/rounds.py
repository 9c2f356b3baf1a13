"""Staff puts a text up for comment."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.accounts.models import Role
from participation.comments import hearings, operations
from participation.comments.blueprint import blueprint
from participation.comments.documents import LARGEST_DOCUMENT
from participation.comments.forms import RoundForm
from participation.comments.hearing_forms import next_phase
from participation.comments.models import CommentRound
from participation.comments.passages import PassageDraft, check_passages
from participation.engagements.form_values import starting_values
from participation.engagements.models import EngagementKind
from participation.engagements.patterns import values_from_template, values_like
from participation.engagements.queries import get_engagement
from participation.foundation import clock
from participation.foundation.errors import Conflict, Refused
from participation.strategy.drafts import given_up_drafts
from participation.strategy.models import Strategy, StrategyVersion, VersionStatus
from participation.strategy.queries import (
    choices_of_elements,
    contents_of,
    elements_of,
    find_strategy,
    titles_of,
    versions,
)
from participation.web.bounds import takes_files
from participation.web.extensions import db
from participation.web.filters import local_date
from participation.web.refusals import told


@blueprint.route("/beteiligung/neu/kommentarrunde", methods=["GET", "POST"])
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
@takes_files(2 * LARGEST_DOCUMENT)
def open_round() -> ResponseReturnValue:
    """Draft a comment round; the text can be looked at in passages before it is kept."""
    strategy = find_strategy(db.session(), access.here().id)
    offered = _offered_versions(strategy)
    before = _round_before(request.args.get("nach"))
    begun = next_phase(before, offered) if before else _begun()
    form = RoundForm(data=starting_values() | begun)
    form.offer_elements(_elements_to_choose(strategy, offered))
    form.offer_versions([(str(version.id), _name_of(version)) for version in offered])
    passages: list[PassageDraft] = []
    is_complete = form.validate_on_submit()
    # Passages are shown on request even where a title is still missing.
    is_looked_at = form.is_submitted() and ("preview" in request.form or form.has_document)
    is_split = is_complete or (is_looked_at and form.tells_passages())
    if is_split and strategy is not None:
        version = None if form.is_pasted else _chosen(offered, form.version.data)
        passages = form.passages(contents_of(db.session(), version.id) if version else {})
        try:
            # What was read of a file is stored only after somebody has seen it.
            if is_complete and "preview" not in request.form and not form.has_document:
                return _open(form, strategy, passages, version)
            check_passages(passages)
        except Refused as refusal:
            db.session.rollback()
            passages = []
            field = form.text if form.is_pasted else form.elements
            field.errors = [told(refusal)]
    page = render_template("comments/round.html", form=form, passages=passages)
    return page, 422 if form.errors else 200


def _begun() -> dict[str, Any]:
    """Return what a new round begins with: a template, an earlier round, a version and parts."""
    version, parts = request.args.get("fassung"), request.args.getlist("teil")
    begun: dict[str, Any] = {}
    if "vorlage" in request.args:
        key = request.args["vorlage"]
        begun = values_from_template(EngagementKind.COMMENT_ROUND, key)
    elif "wie" in request.args:
        here, slug = access.here().id, request.args["wie"]
        earlier = get_engagement(db.session(), here, slug, of=CommentRound)
        begun = values_like(earlier) | {"voting": earlier.voting}
    return begun | {"version": version} | ({"elements": parts} if parts else {})


def _open(
    form: RoundForm,
    strategy: Strategy,
    passages: list[PassageDraft],
    version: StrategyVersion | None,
) -> ResponseReturnValue:
    chosen = elements_of(db.session(), strategy.id, form.elements.data or ())
    opened = operations.open_round(
        db.session(),
        municipality=access.here(),
        plan=form.plan(chosen),
        passages=passages,
        version=version,
        voting=bool(form.voting.data),
        actor=access.actor(),
        at=clock.now(),
    )
    before = _round_before(form.after.data)
    if before is not None:
        hearings.follow_on(
            db.session(), before=before, comment_round=opened, actor=access.actor(), at=clock.now()
        )
        db.session.commit()
        flash(_("Die nächste Phase ist angelegt. Sagen Sie jetzt, was sich geändert hat."), "info")
        return redirect(url_for("comments.hearing", slug=opened.slug), 303)
    db.session.commit()
    flash(_("Der Entwurf ist gespeichert. Öffentlich wird er mit „Veröffentlichen“."), "info")
    return redirect(url_for("engagements.manage"), 303)


def _round_before(slug: str | None) -> CommentRound | None:
    """Return the round after which a new one is the next phase of a hearing."""
    if not slug:
        return None
    return get_engagement(db.session(), access.here().id, slug, of=CommentRound)


def _offered_versions(strategy: Strategy | None) -> list[StrategyVersion]:
    """The version in force and the drafts for the next one that are still pursued."""
    if strategy is None:
        return []
    found = versions(db.session(), strategy.id)
    given_up = given_up_drafts(db.session(), strategy.id)
    decided = max((one.number for one in found if one.adopted_at), default=0)
    return [
        version
        for version in found
        if version.status is VersionStatus.ADOPTED
        or (
            version.status is VersionStatus.IN_CONSULTATION
            and version.number > decided
            and version.id not in given_up
        )
    ]


def _chosen(offered: list[StrategyVersion], version_id: str) -> StrategyVersion:
    found = next((version for version in offered if str(version.id) == version_id), None)
    if found is None:
        raise Conflict(_("Diese Fassung gibt es nicht mehr."))
    return found


def _name_of(version: StrategyVersion) -> str:
    if version.status is VersionStatus.ADOPTED:
        day = local_date(version.resolution_on)
        name = _("Fassung %(number)s, beschlossen am %(day)s", number=version.number, day=day)
    else:
        day = local_date(version.created_at)
        name = _("Fassung %(number)s, Entwurf vom %(day)s", number=version.number, day=day)
    return str(name)


def _elements_to_choose(
    strategy: Strategy | None, offered: list[StrategyVersion]
) -> list[tuple[str, str]]:
    """Return the elements of the current version and those that only a draft on show has."""
    if strategy is None:
        return []
    choices = dict(choices_of_elements(db.session(), strategy.id))
    for version in offered[:3]:
        if version.status is VersionStatus.IN_CONSULTATION:
            for code, title in titles_of(db.session(), version.id).items():
                choices.setdefault(code, f"{code} {title}")
    return list(choices.items())
