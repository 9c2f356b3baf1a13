"""Staff: a table of ideas from a workshop, from its template to its import."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.contributions.models import Channel
from participation.engagements.queries import NamedElement, elements_about, get_engagement
from participation.foundation import clock
from participation.foundation.cells import Cell
from participation.foundation.errors import Conflict, Refused
from participation.foundation.workbooks import Sheet
from participation.ideas.models import IdeaCall
from participation.intake import importing, policy, queries
from participation.intake.blueprint import blueprint
from participation.intake.forms import TableForm, TakeOverForm
from participation.intake.orders import TableOrder, sealed, unsealed
from participation.intake.tables import (
    DAY,
    ELEMENTS,
    HEADINGS,
    LARGEST_TABLE,
    TEXT,
    TITLE,
    IdeaTable,
    read_ideas,
)
from participation.intake.views.entering import ENTERING, offer_decision, starting_way
from participation.web.bounds import takes_files
from participation.web.extensions import db
from participation.web.forms import Form
from participation.web.refusals import kept_or_told, show_refusal, told
from participation.web.secrets import secret_key
from participation.web.tables import table_response

_SHOWN_ROWS = 100


@blueprint.route("/verwaltung/beteiligungen/<slug>/tabelle", methods=["GET", "POST"])
@access.requires(*ENTERING)
@takes_files(2 * LARGEST_TABLE, allowed=LARGEST_TABLE)
def upload_table(slug: str) -> ResponseReturnValue:
    """Take a table and show what would come of it. Nothing is stored here."""
    call = _call(slug)
    form = TableForm(data=starting_way() | {"channel": Channel.WORKSHOP})
    offer_decision(form)
    if not form.validate_on_submit():
        return _upload_page(call, form), 422 if form.errors else 200
    try:
        order = _order(call, form)
    except Refused as refusal:
        show_refusal(form, refusal)
        return _upload_page(call, form), 422
    if order.table.faults:
        return _upload_page(call, form, table=order.table), 422
    return _preview(call, order)


@blueprint.get("/verwaltung/beteiligungen/<slug>/tabelle/vorlage.<any(csv, xlsx):kind>")
@access.requires(*ENTERING)
def table_template(slug: str, kind: str) -> ResponseReturnValue:
    """Return an empty table with the right headings."""
    call = _call(slug)
    name = f"ideen-{slug}"
    if kind == "csv":
        # With the sign between cells that a German Excel expects.
        content = "\ufeff" + ";".join(HEADINGS) + "\r\n"
        response = Response(content.encode(), content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
        return response
    elements = elements_about(db.session(), call.id)
    sheets = [Sheet(str(_("Ideen")), [HEADINGS]), Sheet(str(_("Hinweise")), _hints(elements))]
    return table_response(name, kind, sheets)


@blueprint.post("/verwaltung/beteiligungen/<slug>/tabelle/uebernehmen")
@access.requires(*ENTERING)
def import_table(slug: str) -> ResponseReturnValue:
    """Take over the table that was looked at, as one act."""
    call = _call(slug)
    form = TakeOverForm()
    at = clock.now()
    try:
        order = unsealed(secret_key(), form.order.data or "", engagement_id=call.id, at=at)
    except Refused as refusal:
        flash(told(refusal), "warning")
        return redirect(url_for("intake.upload_table", slug=slug), 303)
    if not form.validate_on_submit():
        return _preview(call, order, form=form), 422
    try:
        taken_over = importing.import_table(
            db.session(),
            call=call,
            order=order,
            is_another=bool(form.is_another.data),
            submission=form.submission.data or "",
            actor=access.actor(),
            at=at,
        )
    except importing.SameTable as refusal:
        page = _preview(call, order, form=form, earlier=refusal.earlier)
        db.session.rollback()
        return page, 409
    except Conflict as refusal:
        db.session.rollback()
        flash(told(refusal), "warning")
        return redirect(url_for("intake.upload_table", slug=slug), 303)
    number, is_published = taken_over.ideas, order.publish
    db.session.commit()
    if is_published:
        flash(_("%(number)s Ideen sind übernommen und veröffentlicht.", number=number), "success")
    else:
        flash(
            _("%(number)s Ideen sind übernommen und warten auf die Prüfung.", number=number),
            "success",
        )
    return redirect(url_for("intake.upload_table", slug=slug, _anchor="bisher"), 303)


@blueprint.post("/verwaltung/beteiligungen/<slug>/tabelle/<int:number>/zuruecknehmen")
@access.requires(*ENTERING)
def undo_import(slug: str, number: int) -> ResponseReturnValue:
    """Delete what came of a table, while nobody has done anything with it."""
    call = _call(slug)
    taken_over = queries.get_import(db.session(), call.id, number)
    ideas = taken_over.ideas
    if not Form().validate_on_submit():
        return redirect(url_for("intake.upload_table", slug=slug), 303)
    with kept_or_told(_("Zurückgenommen: %(number)s Ideen sind gelöscht.", number=ideas)):
        importing.undo_import(
            db.session(),
            call=call,
            taken_over=taken_over,
            actor=access.actor(),
            at=clock.now(),
        )
    return redirect(url_for("intake.upload_table", slug=slug, _anchor="bisher"), 303)


def _call(slug: str) -> IdeaCall:
    return get_engagement(db.session(), access.here().id, slug, of=IdeaCall)


def _order(call: IdeaCall, form: TableForm) -> TableOrder:
    upload = request.files.get("table")
    if upload is None or not upload.filename:
        raise Refused(_("Wählen Sie eine Tabelle aus."), field="table")
    with closing(upload):
        content = upload.read(LARGEST_TABLE + 1)
    return TableOrder(
        engagement_id=call.id,
        channel=form.channel.data,
        origin=form.origin.data or "",
        received_on=(form.received_on.data or clock.today()).isoformat(),
        publish=form.is_published,
        table=read_ideas(
            content,
            upload.filename,
            elements=[element.code for element in call.elements],
            at=clock.now(),
        ),
    )


def _upload_page(call: IdeaCall, form: TableForm, *, table: IdeaTable | None = None) -> str:
    at = clock.now()
    imports = queries.imports_of(db.session(), call.id)
    touched = importing.touched(db.session(), [one.id for one in imports])
    return render_template(
        "intake/upload_table.html",
        call=call,
        form=form,
        state=call.state_at(at),
        takes_entries=policy.takes_entries(call, at=at),
        headings=HEADINGS,
        faults=[(fault, told(fault.refusal)) for fault in table.faults] if table else [],
        more_faults=table.more_faults if table else 0,
        imports=[(one, one.id not in touched) for one in imports],
    )


def _preview(call: IdeaCall, order: TableOrder, **more: Any) -> str:
    form = more.get("form")
    if form is None:
        form = TakeOverForm(formdata=None)
        form.order.data = sealed(secret_key(), order, at=clock.now())
    known = queries.numbers_by_text(db.session(), call, [row.text for row in order.table.rows])
    earlier = more.get("earlier") or queries.earlier_import(
        db.session(), call.id, order.table.content_hash
    )
    repeated = order.table.repeated()
    return render_template(
        "intake/check_table.html",
        call=call,
        form=form,
        order=order,
        rows=order.table.rows[:_SHOWN_ROWS],
        total=len(order.table.rows),
        known=known,
        repeated=repeated,
        days={
            row.line: date.fromisoformat(row.received_on or order.received_on)
            for row in order.table.rows[:_SHOWN_ROWS]
        },
        doubtful=sum(row.text in known or row.line in repeated for row in order.table.rows),
        earlier=earlier,
    )


def _hints(elements: list[NamedElement]) -> Iterator[tuple[Cell, ...]]:
    yield str(_("Spalte")), str(_("Was hinein gehört"))
    yield TITLE, str(_("Ein kurzer Satz. Fehlt er, nehmen wir die ersten Wörter der Idee."))
    yield TEXT, str(_("Die Idee, höchstens 4.000 Zeichen. Ohne Namen und Telefonnummern."))
    yield ELEMENTS, str(_("Freiwillig: Kürzel, mit Komma getrennt."))
    for element in elements:
        yield "", f"{element.code}: {element.title}"
    yield DAY, str(_("Freiwillig: ein Tag wie 24.11.2026, sonst der Tag von der Seite."))
