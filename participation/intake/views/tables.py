"""Staff: a table of ideas or comments from a workshop, from its template to its import."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.comments.models import Stance
from participation.contributions.models import Channel
from participation.engagements.queries import get_engagement
from participation.foundation import clock
from participation.foundation.errors import Conflict, NotFound, Refused
from participation.foundation.workbooks import Sheet
from participation.intake import importing, policy, queries
from participation.intake.blueprint import blueprint
from participation.intake.forms import TableForm, TakeOverForm
from participation.intake.orders import TableOrder, sealed, unsealed
from participation.intake.tables import LARGEST_TABLE, Table
from participation.intake.views.entering import ENTERING, offer_decision, starting_way
from participation.intake.views.table_kinds import TABLES, TableKind, Taken, counted
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
    engagement, kind = _found(slug)
    form = TableForm(data=starting_way() | {"channel": Channel.WORKSHOP})
    offer_decision(form)
    if not form.validate_on_submit():
        return _upload_page(engagement, kind, form), 422 if form.errors else 200
    try:
        order = _order(engagement, kind, form)
    except Refused as refusal:
        show_refusal(form, refusal)
        return _upload_page(engagement, kind, form), 422
    if order.table.faults:
        return _upload_page(engagement, kind, form, table=order.table), 422
    return _preview(engagement, kind, order)


@blueprint.get("/verwaltung/beteiligungen/<slug>/tabelle/vorlage.<any(csv, xlsx):kind>")
@access.requires(*ENTERING)
def table_template(slug: str, kind: str) -> ResponseReturnValue:
    """Return an empty table with the right headings."""
    engagement, of = _found(slug)
    headings = of.headings(engagement)
    name = f"{of.file_name}-{slug}"
    if kind == "csv":
        # With the sign between cells that a German Excel expects.
        content = "\ufeff" + ";".join(headings) + "\r\n"
        response = Response(content.encode(), content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
        return response
    sheets = [Sheet(of.name(), [headings]), Sheet(str(_("Hinweise")), of.hints(engagement))]
    return table_response(name, kind, sheets)


@blueprint.post("/verwaltung/beteiligungen/<slug>/tabelle/uebernehmen")
@access.requires(*ENTERING)
def import_table(slug: str) -> ResponseReturnValue:
    """Take over the table that was looked at, as one act."""
    engagement, kind = _found(slug)
    form = TakeOverForm()
    at = clock.now()
    try:
        order: TableOrder[Any] = unsealed(
            secret_key(),
            form.order.data or "",
            engagement_id=engagement.id,
            row=kind.row,
            at=at,
        )
    except Refused as refusal:
        flash(told(refusal), "warning")
        return redirect(url_for("intake.upload_table", slug=slug), 303)
    if not form.validate_on_submit():
        return _preview(engagement, kind, order, form=form), 422
    try:
        taken_over = importing.import_table(
            db.session(),
            engagement=engagement,
            order=order,
            is_another=bool(form.is_another.data),
            submission=form.submission.data or "",
            actor=access.actor(),
            at=at,
        )
    except importing.SameTable as refusal:
        page = _preview(engagement, kind, order, form=form, earlier=refusal.earlier)
        db.session.rollback()
        return page, 409
    except Conflict as refusal:
        db.session.rollback()
        flash(told(refusal), "warning")
        return redirect(url_for("intake.upload_table", slug=slug), 303)
    what = counted(engagement, taken_over.number)
    db.session.commit()
    if order.publish:
        flash(_("Übernommen und veröffentlicht: %(what)s.", what=what), "success")
    else:
        flash(_("Übernommen, wartet auf die Prüfung: %(what)s.", what=what), "success")
    return redirect(url_for("intake.upload_table", slug=slug, _anchor="bisher"), 303)


@blueprint.post("/verwaltung/beteiligungen/<slug>/tabelle/<int:number>/zuruecknehmen")
@access.requires(*ENTERING)
def undo_import(slug: str, number: int) -> ResponseReturnValue:
    """Delete what came of a table, while nobody has done anything with it."""
    engagement, _kind = _found(slug)
    taken_over = queries.get_import(db.session(), engagement.id, number)
    what = counted(engagement, taken_over.number)
    if not Form().validate_on_submit():
        return redirect(url_for("intake.upload_table", slug=slug), 303)
    with kept_or_told(_("Zurückgenommen und gelöscht: %(what)s.", what=what)):
        importing.undo_import(
            db.session(),
            engagement=engagement,
            taken_over=taken_over,
            actor=access.actor(),
            at=clock.now(),
        )
    return redirect(url_for("intake.upload_table", slug=slug, _anchor="bisher"), 303)


def _found(slug: str) -> tuple[Taken, TableKind]:
    """Return an engagement that takes tables, and what they look like there."""
    found = get_engagement(db.session(), access.here().id, slug)
    kind = TABLES.get(type(found))
    if kind is None or not isinstance(found, Taken):
        raise NotFound("no table is taken here")
    return found, kind


def _order(engagement: Taken, kind: TableKind, form: TableForm) -> TableOrder[Any]:
    upload = request.files.get("table")
    if upload is None or not upload.filename:
        raise Refused(_("Wählen Sie eine Tabelle aus."), field="table")
    with closing(upload):
        content = upload.read(LARGEST_TABLE + 1)
    return TableOrder(
        engagement_id=engagement.id,
        channel=form.channel.data,
        origin=form.origin.data or "",
        received_on=(form.received_on.data or clock.today()).isoformat(),
        publish=form.is_published,
        table=kind.read(engagement, content, upload.filename, clock.now()),
    )


def _upload_page(
    engagement: Taken, kind: TableKind, form: TableForm, *, table: Table[Any] | None = None
) -> str:
    at = clock.now()
    imports = queries.imports_of(db.session(), engagement.id)
    touched = importing.touched(db.session(), [one.id for one in imports])
    return render_template(
        "intake/upload_table.html",
        engagement=engagement,
        kind=kind,
        counted=counted,
        form=form,
        state=engagement.state_at(at),
        takes_entries=policy.takes_entries(engagement, at=at),
        faults=[(fault, told(fault.refusal)) for fault in table.faults] if table else [],
        more_faults=table.more_faults if table else 0,
        imports=[(one, one.id not in touched) for one in imports],
    )


def _preview(engagement: Taken, kind: TableKind, order: TableOrder[Any], **more: Any) -> str:
    form = more.get("form")
    if form is None:
        form = TakeOverForm(formdata=None)
        form.order.data = sealed(secret_key(), order, at=clock.now())
    known = kind.known(engagement, [row.text for row in order.table.rows])
    numbers = {
        row.line: known[row.subject, row.text]
        for row in order.table.rows
        if (row.subject, row.text) in known
    }
    earlier = more.get("earlier") or queries.earlier_import(
        db.session(), engagement.id, order.table.content_hash
    )
    repeated = order.table.repeated()
    return render_template(
        "intake/check_table.html",
        engagement=engagement,
        kind=kind,
        counted=counted,
        form=form,
        order=order,
        rows=order.table.rows[:_SHOWN_ROWS],
        total=len(order.table.rows),
        known=numbers,
        repeated=repeated,
        days={
            row.line: date.fromisoformat(row.received_on or order.received_on)
            for row in order.table.rows[:_SHOWN_ROWS]
        },
        doubtful=len(numbers.keys() | repeated.keys()),
        earlier=earlier,
        stances={stance.value: stance for stance in Stance},
    )
