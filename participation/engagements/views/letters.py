"""Staff: letters with invitation codes, and the poster."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.accounts.models import Role
from participation.engagements import codes, invitations, policy, printing, queries
from participation.engagements.address_tables import BrokenAddresses, addresses_of, read_table
from participation.engagements.blueprint import blueprint
from participation.engagements.invitations import Letter
from participation.engagements.letter_forms import (
    ColumnsForm,
    LetterForm,
    columns_form,
    first_words,
)
from participation.engagements.letter_orders import LetterOrder, sealed, unsealed
from participation.engagements.models import Engagement
from participation.foundation import clock
from participation.foundation.errors import Conflict, Refused
from participation.notifications.mails import link_from
from participation.web.extensions import db
from participation.web.forms import Form
from participation.web.refusals import kept_or_told, told
from participation.web.secrets import secret_key

_SHOWN_ROWS = 3


@blueprint.get("/verwaltung/beteiligungen/<slug>/plakat")
@access.requires(Role.STRATEGIST, Role.ANALYST, Role.ADMINISTRATOR)
def poster(slug: str) -> ResponseReturnValue:
    """Return a poster to print."""
    engagement = queries.get_public_engagement(db.session(), access.here().id, slug)
    address = link_from(engagement.municipality_id, "portal.engagement", slug=slug)
    return _pdf(printing.poster(engagement, access.here(), address), _("plakat"), slug)


@blueprint.route("/verwaltung/beteiligungen/<slug>/briefe", methods=["GET", "POST"])
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def letters(slug: str) -> ResponseReturnValue:
    """Write the letter, hand in the table; the next page asks what its columns hold."""
    engagement = _engagement(slug)
    municipality = access.here()
    form = LetterForm(data=first_words(engagement, municipality))
    if not form.validate_on_submit():
        return _order_page(engagement, form), 422 if form.errors else 200
    if "sample" in request.form:
        address = _code_address(engagement)
        sample = printing.sample_letter(engagement, municipality, form.words, address=address)
        return _pdf(sample, _("probebrief"), slug)
    try:
        order = _order(engagement, form)
    except Refused as refusal:
        field = form.list_key if refusal.field == "list_key" else form.table
        field.errors = list(getattr(refusal, "faults", (told(refusal),)))
        return _order_page(engagement, form), 422
    columns = columns_form(order.table, formdata=None)
    columns.order.data = sealed(secret_key(), order, at=clock.now())
    return _check_page(engagement, order, columns)


@blueprint.post("/verwaltung/beteiligungen/<slug>/briefe/erstellen")
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def make_letters(slug: str) -> ResponseReturnValue:
    """Make the codes and hand out the letters, once: nothing of them is kept.

    The same order again gives the same letters.
    """
    engagement, municipality = _engagement(slug), access.here()
    try:
        order = unsealed(
            secret_key(),
            request.form.get("order", ""),
            engagement_id=engagement.id,
            at=clock.now(),
        )
    except Refused as refusal:
        form = LetterForm(formdata=None, data=first_words(engagement, municipality))
        form.table.errors = [told(refusal)]
        return _order_page(engagement, form), 422
    columns = columns_form(order.table)
    if not columns.validate_on_submit():
        return _check_page(engagement, order, columns), 422
    try:
        addresses = addresses_of(order.table, columns.roles) if order.table else ()
        letters: Sequence[Letter] = addresses or [
            ("number", str(number)) for number in range(1, order.number + 1)
        ]
        made = invitations.make_codes(
            db.session(),
            engagement=engagement,
            letters=letters,
            list_key=order.list_key,
            submission=order.submission,
            is_reminder=order.is_reminder,
            group=order.group,
            key=secret_key(),
            actor=access.actor(),
            at=clock.now(),
        )
    except BrokenAddresses as refusal:
        return _check_page(engagement, order, columns, faults=refusal.faults), 422
    files = list(
        printing.letter_files(
            engagement,
            municipality,
            list(zip(addresses or [()] * len(letters), made.codes, strict=True)),
            order.words,
            address=_code_address(engagement),
        )
    )
    db.session.commit()
    if len(files) == 1:
        return _pdf(files[0](), _("briefe"), slug)
    return _zip(files, slug)


@blueprint.route(
    "/verwaltung/beteiligungen/<slug>/briefe/<int:number>/zurueckziehen", methods=["GET", "POST"]
)
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def withdraw_letters(slug: str, number: int) -> ResponseReturnValue:
    """Make the codes of letters worthless, once somebody has confirmed that it shall be."""
    engagement = _engagement(slug)
    batch = invitations.get_batch(db.session(), engagement.id, number)
    form = Form()
    if not form.validate_on_submit():
        return render_template(
            "engagements/withdraw_letters.html", engagement=engagement, batch=batch, form=form
        )
    with kept_or_told(_("Die Codes dieser Briefe gelten nicht mehr.")):
        invitations.withdraw_letters(
            db.session(), batch=batch, actor=access.actor(), at=clock.now()
        )
    return redirect(url_for("engagements.letters", slug=slug), 303)


def _engagement(slug: str) -> Engagement:
    engagement = queries.get_engagement(db.session(), access.here().id, slug)
    if not policy.may_send_letters(engagement, at=clock.now()):
        raise Conflict(
            _(
                "Briefe gibt es nur für Beteiligungen, an denen man mit einem Code teilnimmt, und "
                "nur bis zu deren Ende."
            )
        )
    return engagement


def _order(engagement: Engagement, form: LetterForm) -> LetterOrder:
    list_key = codes.read_written(form.list_key.data or "") if form.is_reminder.data else None
    if list_key is not None:
        hashed = codes.list_hash(secret_key(), engagement.id, list_key)
        if not invitations.knows_list(db.session(), engagement.id, hashed):
            raise Refused(
                _("Diesen Schlüssel kennen wir für diese Beteiligung nicht."), field="list_key"
            )
    table = None
    if form.wants_table:
        upload = request.files.get("table")
        if upload is None or not upload.filename:
            raise BrokenAddresses(_("Wählen Sie eine Tabelle aus."))
        table = read_table(upload.read(), upload.filename)
    return LetterOrder(
        engagement_id=engagement.id,
        words=form.words,
        list_key=list_key or codes.new_list_key(),
        is_reminder=list_key is not None,
        group=form.group.data or "",
        submission=form.submission.data or "",
        table=table,
        number=len(table.rows) if table else form.number.data or 0,
    )


def _order_page(engagement: Engagement, form: LetterForm) -> str:
    return render_template(
        "engagements/letters.html",
        engagement=engagement,
        form=form,
        batches=invitations.batches_of(db.session(), engagement.id),
    )


def _check_page(
    engagement: Engagement, order: LetterOrder, form: ColumnsForm, *, faults: Iterable[str] = ()
) -> str:
    return render_template(
        "engagements/check_letters.html",
        engagement=engagement,
        form=form,
        number=order.number,
        is_reminder=order.is_reminder,
        list_key=codes.as_written(order.list_key),
        rows=order.table.rows[:_SHOWN_ROWS] if order.table else (),
        faults=list(faults),
        in_a_file=printing.LETTERS_IN_A_FILE,
    )


def _code_address(engagement: Engagement) -> str:
    return link_from(engagement.municipality_id, "engagements.enter_code", slug=engagement.slug)


def _pdf(content: bytes, name: str, slug: str) -> Response:
    return _download(content, "application/pdf", f"{name}-{slug}.pdf")


def _zip(files: Sequence[Callable[[], bytes]], slug: str) -> Response:
    def parts() -> Iterator[bytes]:
        stream = _Passing()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
            for number, make in enumerate(files, start=1):
                archive.writestr(f"briefe-{slug}-{number:02}.pdf", make())
                yield stream.taken()
        yield stream.taken()

    return _download(parts(), "application/zip", f"briefe-{slug}.zip")


class _Passing(io.RawIOBase):
    """A stream that knows no way back: what was taken from it is gone."""

    def __init__(self) -> None:
        self._written: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, content: Any, /) -> int:
        self._written.append(bytes(content))
        return len(self._written[-1])

    def close(self) -> None:
        """What is still in it can be taken."""

    def taken(self) -> bytes:
        content = b"".join(self._written)
        self._written.clear()
        return content


def _download(content: bytes | Iterator[bytes], kind: str, name: str) -> Response:
    response = Response(content, mimetype=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
