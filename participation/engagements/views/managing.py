"""Staff: all engagements and what is done with them."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.accounts.models import Role
from participation.accounts.queries import missing_duty_texts
from participation.engagements import life, operations, policy, queries, wordings
from participation.engagements.blueprint import blueprint
from participation.engagements.form_values import values_of
from participation.engagements.forms import (
    EasyForm,
    EngagementForm,
    ExtensionForm,
)
from participation.engagements.models import EngagementKind
from participation.engagements.patterns import engagement_templates
from participation.engagements.places import row_number
from participation.foundation import clock
from participation.foundation.errors import Conflict, Refused
from participation.strategy.queries import choices_of_elements, elements_of, find_strategy
from participation.web.extensions import db
from participation.web.filters import label
from participation.web.forms import Form
from participation.web.refusals import kept_or_told, told

# The rooms of the kinds stand above this one; it knows their pages by name only.
_OPENERS = {
    EngagementKind.IDEA_CALL: "ideas.open_call",
    EngagementKind.SURVEY: "surveys.build",
    EngagementKind.COMMENT_ROUND: "comments.open_round",
}
_EDITORS = {
    EngagementKind.IDEA_CALL: "ideas.edit_call",
    EngagementKind.SURVEY: "surveys.questions",
}
# Kinds that are copied by beginning a new one like them; a survey is asked again elsewhere.
_COPIED = frozenset({EngagementKind.IDEA_CALL, EngagementKind.COMMENT_ROUND})
# Kinds whose questions are said in easy language beside their other words.
_EASY_EDITORS = {EngagementKind.SURVEY: "surveys.translate"}
# Kinds that are looked through before they are published, on a page of their own.
_CHECKS = {EngagementKind.SURVEY: "surveys.check"}


@blueprint.get("/verwaltung/beteiligungen")
@access.requires(Role.STRATEGIST, Role.ANALYST, Role.ADMINISTRATOR)
def manage() -> ResponseReturnValue:
    """List all engagements, the newest first, with what can be done."""
    municipality = access.here()
    before = row_number(request.args.get("vor"))
    archived = "archiv" in request.args
    found = queries.managed_engagements(
        db.session(), municipality.id, archived=archived, before=before
    )
    return render_template(
        "engagements/manage.html",
        engagements=found,
        archived=archived,
        at=clock.now(),
        openers=_OPENERS,
        templates=engagement_templates(),
        copied=_COPIED,
        editors=_EDITORS,
        checks=_CHECKS,
        easy=wordings.easy_states(db.session(), found),
        missing=missing_duty_texts(db.session(), municipality.id),
        next_before=found[-1].id if len(found) == queries.MANY else None,
    )


@blueprint.route("/verwaltung/beteiligungen/<slug>", methods=["GET", "POST"])
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def edit(slug: str) -> ResponseReturnValue:
    """Change what every kind of engagement has."""
    municipality = access.here()
    engagement = queries.get_engagement(db.session(), municipality.id, slug)
    strategy = find_strategy(db.session(), municipality.id)
    form = EngagementForm(data=values_of(engagement))
    form.offer_elements(choices_of_elements(db.session(), strategy.id) if strategy else [])
    is_fixed = policy.rules_are_frozen(engagement, at=clock.now())
    if is_fixed:
        form.freeze_rules()
    if form.validate_on_submit() and strategy is not None:
        chosen = elements_of(db.session(), strategy.id, form.elements.data or ())
        try:
            operations.change_engagement(
                db.session(),
                engagement=engagement,
                plan=form.plan(chosen, frozen=engagement if is_fixed else None),
                actor=access.actor(),
                at=clock.now(),
            )
        except operations.ElementsInUse as refusal:
            db.session.rollback()
            form.elements.errors = [
                _(
                    "%(element)s bleibt, solange Fragen davon handeln: %(questions)s. Ändern Sie "
                    "zuerst diese Fragen.",
                    element=code,
                    questions=", ".join(questions),
                )
                for code, questions in refusal.uses.items()
            ]
        else:
            db.session.commit()
            flash(_("Gespeichert."), "success")
            return redirect(url_for("engagements.manage"), 303)
    easy = wordings.easy_states(db.session(), [engagement])
    page = render_template(
        "engagements/edit.html", form=form, engagement=engagement, easy=easy.get(engagement.id)
    )
    return page, 422 if form.errors else 200


@blueprint.post("/verwaltung/beteiligungen/<slug>/veroeffentlichen")
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def publish(slug: str) -> ResponseReturnValue:
    """Make an engagement public; a kind that is checked before leads to its check."""
    engagement = queries.get_engagement(db.session(), access.here().id, slug)
    if engagement.kind in _CHECKS:
        return redirect(url_for(_CHECKS[engagement.kind], slug=slug), 303)
    try:
        operations.publish_engagement(
            db.session(), engagement=engagement, actor=access.actor(), at=clock.now()
        )
    except operations.DutyTextsMissing as refusal:
        db.session.rollback()
        names = ", ".join(label(text) for text in refusal.missing)
        flash(
            _("Noch nicht veröffentlicht: Diese Texte fehlen noch: %(names)s.", names=names),
            "danger",
        )
        return redirect(url_for("engagements.manage"), 303)
    except operations.NothingToTakePartIn:
        db.session.rollback()
        flash(_("Noch nicht veröffentlicht: Es gibt noch keine Fragen."), "danger")
        return redirect(url_for("engagements.manage"), 303)
    except Refused as refusal:
        db.session.rollback()
        flash(told(refusal), "danger")
        return redirect(url_for("engagements.manage"), 303)
    except Conflict:
        db.session.rollback()
        flash(_("Diese Beteiligung ist schon veröffentlicht."), "info")
        return redirect(url_for("engagements.manage"), 303)
    db.session.commit()
    flash(_("„%(title)s“ ist veröffentlicht.", title=engagement.title), "success")
    return redirect(url_for("engagements.manage"), 303)


@blueprint.route("/verwaltung/beteiligungen/<slug>/leichte-sprache", methods=["GET", "POST"])
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def easy_language(slug: str) -> ResponseReturnValue:
    """Say an engagement in easy language; a survey says its questions there too."""
    engagement = queries.get_engagement(db.session(), access.here().id, slug)
    if engagement.kind in _EASY_EDITORS:
        address = url_for(_EASY_EDITORS[engagement.kind], slug=slug, language=wordings.EASY)
        return redirect(address, 303)
    text = wordings.easy_text(db.session(), engagement.id)
    form = EasyForm(obj=text)
    german = wordings.german_of(engagement)
    if form.validate_on_submit():
        wordings.put_easy_text(
            db.session(),
            engagement=engagement,
            words=form.words,
            actor=access.actor(),
            at=clock.now(),
        )
        db.session.commit()
        flash(_("Gespeichert."), "success")
        return redirect(url_for("engagements.edit", slug=slug), 303)
    page = render_template(
        "engagements/easy_language.html",
        engagement=engagement,
        form=form,
        parts=[(form[part], german[part]) for part in german],
        is_outdated=text is not None and wordings.is_outdated(engagement, text),
    )
    return page, 422 if form.errors else 200


@blueprint.route("/verwaltung/beteiligungen/<slug>/loeschen", methods=["GET", "POST"])
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def discard(slug: str) -> ResponseReturnValue:
    """Delete a draft, once somebody has confirmed that it shall go."""
    engagement = queries.get_engagement(db.session(), access.here().id, slug)
    form, title = Form(), engagement.title
    if engagement.published_at is not None:
        flash(_("Was veröffentlicht ist, wird nicht mehr gelöscht."), "info")
        return redirect(url_for("engagements.manage"), 303)
    if not form.validate_on_submit():
        return render_template("engagements/discard.html", form=form, engagement=engagement)
    with kept_or_told(_("Der Entwurf „%(title)s“ ist gelöscht.", title=title)):
        operations.discard_draft(
            db.session(), engagement=engagement, actor=access.actor(), at=clock.now()
        )
    return redirect(url_for("engagements.manage"), 303)


@blueprint.route("/verwaltung/beteiligungen/<slug>/verlaengern", methods=["GET", "POST"])
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def extend(slug: str) -> ResponseReturnValue:
    """Let an engagement stay open longer."""
    engagement = queries.get_engagement(db.session(), access.here().id, slug)
    values = values_of(engagement)
    form = ExtensionForm(data={name: values[name] for name in ("closes_on", "closes_time")})
    form.ends_at = engagement.closes_at
    if form.validate_on_submit():
        try:
            life.extend_closing(
                db.session(),
                engagement=engagement,
                closes_at=form.closes_at,
                reason=form.reason.data or "",
                tell=bool(form.tell.data),
                actor=access.actor(),
                at=clock.now(),
            )
        except Refused:
            db.session.rollback()
            form.closes_on.errors = [_("Das neue Ende muss später liegen als das bisherige.")]
        except Conflict:
            db.session.rollback()
            form.closes_on.errors = [_("Diese Beteiligung ist schon beendet.")]
        else:
            db.session.commit()
            flash(_("Das neue Ende ist gespeichert."), "success")
            return redirect(url_for("engagements.manage"), 303)
    page = render_template("engagements/extend.html", form=form, engagement=engagement)
    return page, 422 if form.errors else 200


@blueprint.post("/verwaltung/beteiligungen/<slug>/archivieren")
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def archive(slug: str) -> ResponseReturnValue:
    """Put an engagement away."""
    engagement = queries.get_engagement(db.session(), access.here().id, slug)
    life.archive_engagement(
        db.session(), engagement=engagement, actor=access.actor(), at=clock.now()
    )
    db.session.commit()
    flash(
        _("„%(title)s“ ist im Archiv. Die Seiten bleiben erreichbar.", title=engagement.title),
        "success",
    )
    return redirect(url_for("engagements.manage"), 303)


@blueprint.post("/verwaltung/beteiligungen/<slug>/zurueckholen")
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def bring_back(slug: str) -> ResponseReturnValue:
    """Take an engagement out of the archive."""
    engagement = queries.get_engagement(db.session(), access.here().id, slug)
    life.bring_back_engagement(
        db.session(), engagement=engagement, actor=access.actor(), at=clock.now()
    )
    db.session.commit()
    flash(_("„%(title)s“ steht wieder in den Listen.", title=engagement.title), "success")
    return redirect(url_for("engagements.manage"), 303)
