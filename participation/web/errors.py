"""The page of every refusal. Nobody ever sees a bare 500, and nothing typed is lost."""

from __future__ import annotations

import logging
import secrets
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import Flask, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, TooManyRequests

from participation.foundation import errors
from participation.foundation.orm import reading_only
from participation.web.bounds import largest_file
from participation.web.challenges import Challenged
from participation.web.extensions import db
from participation.web.kept_fields import fields_to_send_again, texts_to_copy
from participation.web.origin import CrossSite
from participation.web.paths import current_path, readable_path, safe_path
from participation.web.refusals import sentence_of

log = logging.getLogger(__name__)

_STATUS = {
    errors.Forbidden: 403,
    errors.Conflict: 409,
    errors.Refused: 422,
    errors.BrokenInput: 422,
}
_TEMPLATES = {404: "not_found", 409: "conflict"}
# What the templates may use; a page that knows more says so.
_CONTEXT = {
    "message": "",
    "reference": "",
    "texts": (),
    "fields": (),
    "action": "",
    "wait_text": "",
}


def register_error_pages(app: Flask) -> None:
    """Give every error its page."""
    app.register_error_handler(errors.ParticipationError, _show_refusal)
    app.register_error_handler(errors.NotFound, _show_not_found)
    app.register_error_handler(CSRFError, _show_expired_form)
    app.register_error_handler(CrossSite, _show_cross_site)
    app.register_error_handler(TooManyRequests, _show_too_many)
    app.register_error_handler(RequestEntityTooLarge, _show_too_large)
    app.register_error_handler(Challenged, _show_challenge)
    app.register_error_handler(HTTPException, _show_http_error)
    app.register_error_handler(StaleDataError, _show_lost_race)
    app.register_error_handler(sa.exc.IntegrityError, _show_lost_race)
    app.register_error_handler(sa.exc.OperationalError, _show_busy)
    app.register_error_handler(Exception, _show_failure)


def _show_refusal(error: errors.ParticipationError) -> ResponseReturnValue:
    return _page(_status_of(error), message=sentence_of(error), kept=True)


def _status_of(error: Exception) -> int:
    return next((status for kind, status in _STATUS.items() if isinstance(error, kind)), 400)


def _show_not_found(_error: Exception) -> ResponseReturnValue:
    # What exactly does not exist is nobody's business.
    return _page(404)


def _show_expired_form(_error: Exception) -> ResponseReturnValue:
    return _page(400, template="expired", **_form_again())


def _show_cross_site(_error: Exception) -> ResponseReturnValue:
    message = _(
        "Das Formular kam nicht von dieser Seite. Öffnen Sie die Seite neu und senden Sie es "
        "von dort ab."
    )
    return _page(403, message=message)


def _show_too_many(error: Exception) -> ResponseReturnValue:
    found = getattr(error, "retry_after", None)
    seconds = found if isinstance(found, int) else 60
    page, status = _page(429, template="too_many", wait_text=_wait(seconds), **_form_again())
    return page, status, {"Retry-After": str(seconds)}


def _show_too_large(_error: Exception) -> ResponseReturnValue:
    # Nothing of the body was read, so there is nothing to keep; a browser's way back keeps it.
    of_file = largest_file()
    most = of_file or request.max_content_length or 0
    return _page(
        413,
        template="too_large",
        is_file=of_file is not None,
        limit=f"{most // (1024 * 1024)} MB",
        back=_page_before() or readable_path(),
    )


def _page_before() -> str | None:
    """Return the page of ours that sent this form, if the browser says which."""
    try:
        before = urlsplit(request.referrer or "")
    except ValueError:
        return None
    if before.netloc != request.host or not before.path.startswith(request.script_root + "/"):
        return None
    ours = current_app.create_url_adapter(request)
    if ours is None or not ours.test(before.path.removeprefix(request.script_root), "GET"):
        # It answered a form itself and cannot be read again.
        return None
    return safe_path(before.path + (f"?{before.query}" if before.query else ""))


def _show_challenge(error: Challenged) -> ResponseReturnValue:
    return _page(422, template="challenge", question=error.question, **_form_again())


def _wait(seconds: int) -> str:
    minutes = max(1, -(-seconds // 60))
    return str(ngettext("in einer Minute", "in %(num)s Minuten", minutes))


def _show_http_error(error: Exception) -> ResponseReturnValue:
    if not isinstance(error, HTTPException):
        return _show_failure(error)
    if error.code is None or error.code < 400:
        return error
    response = make_response(_page(error.code, kept=True))
    for name, value in error.get_headers():
        if name not in {"Content-Type", "Content-Length"}:
            response.headers[name] = value
    return response


def _show_lost_race(error: Exception) -> ResponseReturnValue:
    log.warning("two people did the same at once: %s", type(error).__name__)
    return _page(409, kept=True)


def _show_busy(error: Exception) -> ResponseReturnValue:
    # What the driver says, without the statement and what was to be stored with it.
    log.error("the database does not answer: %s", getattr(error, "orig", type(error).__name__))
    return _page(503, kept=True)


def _show_failure(error: Exception) -> ResponseReturnValue:
    reference = secrets.token_hex(4).upper()
    log.error("unexpected error, reference %s", reference, exc_info=error)
    return _page(500, reference=reference, kept=True)


def _form_again() -> dict[str, Any]:
    """Return what a page needs to offer the same form once more."""
    if request.method != "POST":
        return {}
    return {"fields": fields_to_send_again(), "action": current_path()}


def _page(
    status: int, *, template: str | None = None, kept: bool = False, **context: Any
) -> tuple[str, int]:
    """Render the page of an error. It must come out even where the database does not answer."""
    name = template or _TEMPLATES.get(status, "error")
    try:
        db.session.rollback()
        # Showing what went wrong writes nothing, so nobody has to wait for it.
        reading_only.set(True)
        texts = texts_to_copy() if kept and request.method == "POST" else []
        page = render_template(
            f"errors/{name}.html",
            **(_CONTEXT | {"status": status, "texts": texts} | context),
        )
    except Exception:
        log.exception("the page of an error could not be rendered")
        plain = current_app.jinja_env.get_template("errors/plain.html")
        page = plain.render(reference=context.get("reference", ""))
    return page, status
