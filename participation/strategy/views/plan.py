"""Set the strategy up and word its draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.accounts.models import Role
from participation.accounts.queries import missing_duty_texts
from participation.foundation import clock
from participation.foundation.errors import Conflict, NotFound, Refused
from participation.strategy import operations, queries, records
from participation.strategy.blueprint import blueprint
from participation.strategy.content import ElementContent
from participation.strategy.forms import SetUpForm, StrategyDetailsForm
from participation.strategy.labels import KINDS_PLURAL
from participation.strategy.models import (
    Element,
    ElementKind,
    Strategy,
    StrategyVersion,
    VersionStatus,
)
from participation.strategy.outline import Outline, outline
from participation.strategy.policy import Missing, missing_before_adoption
from participation.strategy.profile import STATE_TONES
from participation.strategy.wording_forms import FORMS, ElementForm, values_of
from participation.strategy.words import OFFERED_FIELDS
from participation.web.extensions import db
from participation.web.forms import Form
from participation.web.refusals import show_refusal, told

READERS = (Role.STRATEGIST, Role.ANALYST, Role.ADMINISTRATOR)
_KINDS_IN_PATHS = {
    "handlungsfeld": ElementKind.ACTION_FIELD,
    "ziel": ElementKind.GOAL,
    "massnahme": ElementKind.MEASURE,
}

Contents = Mapping[str, tuple[Element, ElementContent]]


@blueprint.get("/werkstatt/strategie")
@access.requires(*READERS)
def manage() -> ResponseReturnValue:
    """Show the strategy as a tree: the draft with what it lacks, or the version in force."""
    session, municipality = db.session(), access.here()
    strategy = queries.find_strategy(session, municipality.id)
    if strategy is None:
        return render_template("strategy/manage_empty.html", may_edit=may_edit())
    version = queries.current_version(session, strategy.id)
    contents = queries.contents_of(session, version.id) if version else {}
    wanted = request.args.get("suche", "").strip()
    return render_template(
        "strategy/manage.html",
        strategy=strategy,
        version=version,
        is_draft=version is not None and version.status is VersionStatus.DRAFT,
        outline=_narrowed(contents, wanted),
        wanted=wanted,
        numbers={kind: _count(contents, kind) for kind in ElementKind},
        plural=KINDS_PLURAL,
        missing=missing_in(contents),
        missing_by_code=_by_code(missing_in(contents)),
        tones=STATE_TONES,
        progress=records.latest_progress(session, strategy.id),
        missing_texts=missing_duty_texts(session, municipality.id),
        form=Form(),
        may_edit=may_edit(),
    )


def may_edit() -> bool:
    """Tell whether whoever is signed in may change the strategy."""
    return Role.STRATEGIST in access.my_roles()


def missing_in(contents: Contents) -> list[Missing]:
    """Return what a version with these contents lacks."""
    return missing_before_adoption(
        {code: (element.kind, said) for code, (element, said) in contents.items()}
    )


def _by_code(missing: list[Missing]) -> dict[str, list[Missing]]:
    found: dict[str, list[Missing]] = {}
    for each in missing:
        found.setdefault(each.code, []).append(each)
    return found


def _count(contents: Contents, kind: ElementKind) -> int:
    return sum(element.kind is kind for element, _said in contents.values())


def _narrowed(contents: Contents, wanted: str) -> Outline:
    """Return the outline; with a search, only what has the words in code or title."""
    if not wanted:
        return outline(contents)
    words = wanted.casefold().split()
    matching = {
        code
        for code, (_element, said) in contents.items()
        if all(word in f"{code} {said.title}".casefold() for word in words)
    }
    fields = {contents[code][1].field for code in matching}
    return outline({code: it for code, it in contents.items() if code in matching | fields})


@blueprint.route("/werkstatt/strategie/einrichten", methods=["GET", "POST"])
@access.requires(Role.STRATEGIST)
def set_up() -> ResponseReturnValue:
    """Create the strategy with the chosen action fields."""
    municipality = access.here()
    if queries.find_strategy(db.session(), municipality.id) is not None:
        return redirect(url_for("strategy.manage"), 303)
    form = SetUpForm(
        data={
            "title": _("Digitalstrategie %(name)s", name=municipality.name),
            "term": "Digitalstrategie",
            "fields": list(OFFERED_FIELDS),
        }
    )
    if form.validate_on_submit():
        operations.create_strategy(
            db.session(),
            municipality=municipality,
            title=form.title.data or "",
            term=form.term.data or "",
            owner=form.owner.data or "",
            deputy=form.deputy.data or "",
            fields=form.chosen_fields,
            actor=access.actor(),
            at=clock.now(),
        )
        db.session.commit()
        flash(_("Die Strategie ist angelegt. Beginnen Sie mit dem Leitbild."), "success")
        return redirect(url_for("strategy.manage"), 303)
    return render_template("strategy/set_up.html", form=form), 422 if form.errors else 200


@blueprint.route("/werkstatt/strategie/angaben", methods=["GET", "POST"])
@access.requires(Role.STRATEGIST)
def describe() -> ResponseReturnValue:
    """Change title, people and rhythm of the strategy."""
    strategy = queries.get_strategy(db.session(), access.here().id)
    form = StrategyDetailsForm.of(strategy)
    if form.validate_on_submit():
        operations.describe_strategy(
            db.session(),
            strategy=strategy,
            title=form.title.data or "",
            term=form.term.data or "",
            owner=form.owner.data or "",
            deputy=form.deputy.data or "",
            measuring_interval=form.measuring_interval.data or 12,
            review_interval=form.review_interval.data or 30,
        )
        db.session.commit()
        flash(_("Gespeichert."), "success")
        return redirect(url_for("strategy.manage"), 303)
    return render_template("strategy/describe.html", form=form), 422 if form.errors else 200


@blueprint.route(
    "/werkstatt/strategie/neu/<any(handlungsfeld, ziel, massnahme):kind>", methods=["GET", "POST"]
)
@access.requires(Role.STRATEGIST)
def add_element(kind: str) -> ResponseReturnValue:
    """Add an action field, a goal or a measure to the draft."""
    strategy, version = draft_here()
    element_kind = _KINDS_IN_PATHS[kind]
    preset = {"field": request.args.get("feld", ""), "goals": request.args.getlist("ziel")}
    form = FORMS[element_kind](data=preset)
    form.prepare(queries.titles_of(db.session(), version.id), None)
    if not form.add_row(request.form) and form.validate_on_submit():
        element = operations.mint_element(
            db.session(), strategy=strategy, kind=element_kind, at=clock.now()
        )
        if _put(version, element, form):
            flash(_("%(code)s ist angelegt.", code=element.code), "success")
            return redirect(url_for("strategy.manage", _anchor=element.code), 303)
    return _element_page(form, element_kind, None)


@blueprint.route("/werkstatt/strategie/<code>", methods=["GET", "POST"])
@access.requires(Role.STRATEGIST)
def edit_element(code: str) -> ResponseReturnValue:
    """Change what the draft says about an element."""
    strategy, version = draft_here()
    element = queries.get_element(db.session(), strategy.id, code)
    wording = queries.find_wording(db.session(), version.id, element.id)
    if wording is None:
        raise NotFound(_("%(code)s steht nicht im Entwurf.", code=element.code))
    before = queries.content_of(wording)
    values: dict[str, Any] = values_of(before) | {"edited_from": str(wording.row_version)}
    form = FORMS[element.kind](data=values)
    form.prepare(queries.titles_of(db.session(), version.id), before)
    if (
        not form.add_row(request.form)
        and form.validate_on_submit()
        and _put(version, element, form)
    ):
        flash(_("%(code)s ist gespeichert.", code=element.code), "success")
        return redirect(url_for("strategy.manage", _anchor=element.code), 303)
    return _element_page(form, element.kind, element)


def draft_here() -> tuple[Strategy, StrategyVersion]:
    """Return the strategy with its draft, or refuse: a version in force has another way."""
    strategy = queries.get_strategy(db.session(), access.here().id)
    version = queries.draft_version(db.session(), strategy.id)
    if version is None:
        raise Conflict(
            _(
                "Die Strategie ist beschlossen. Ihr Wortlaut ändert sich nur durch eine"
                " Fortschreibung."
            )
        )
    return strategy, version


def _put(version: StrategyVersion, element: Element, form: ElementForm) -> bool:
    """Write the form into the draft and commit; a refusal is shown in the form."""
    try:
        operations.put_wording(
            db.session(),
            version=version,
            element=element,
            content=form.content(),
            edited_from=form.seen,
        )
    except Refused as refusal:
        db.session.rollback()
        show_refusal(form, refusal)
        return False
    db.session.commit()
    return True


def _element_page(
    form: ElementForm, kind: ElementKind, element: Element | None
) -> ResponseReturnValue:
    page = render_template("strategy/edit_element.html", form=form, kind=kind, element=element)
    return page, 422 if form.errors else 200


@blueprint.route("/werkstatt/strategie/<code>/entfernen", methods=["GET", "POST"])
@access.requires(Role.STRATEGIST)
def drop_element(code: str) -> ResponseReturnValue:
    """Take an element out of the draft, after asking."""
    strategy, version = draft_here()
    element = queries.get_element(db.session(), strategy.id, code)
    wording = queries.find_wording(db.session(), version.id, element.id)
    if wording is None:
        raise NotFound(_("%(code)s steht nicht im Entwurf.", code=element.code))
    form = Form()
    if not form.validate_on_submit():
        return render_template(
            "strategy/drop_element.html", form=form, element=element, title=wording.title
        )
    try:
        operations.drop_wording(db.session(), version=version, element=element)
    except Conflict as refusal:
        db.session.rollback()
        flash(told(refusal), "danger")
        return redirect(url_for("strategy.manage", _anchor=element.code), 303)
    db.session.commit()
    flash(_("%(code)s steht nicht mehr im Entwurf.", code=element.code), "success")
    return redirect(url_for("strategy.manage"), 303)
