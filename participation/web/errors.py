"""The page of every refusal. Nobody ever sees a bare 500."""

from __future__ import annotations

import logging
import secrets

from flask import Flask, make_response, render_template
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from participation.foundation import errors
from participation.web.extensions import db

log = logging.getLogger(__name__)

_STATUS = {
    errors.NotFound: 404,
    errors.Forbidden: 403,
    errors.Conflict: 409,
    errors.Refused: 422,
    errors.BrokenInput: 422,
}
_TEMPLATES = {404: "not_found", 409: "conflict", 429: "too_many"}


def register_error_pages(app: Flask) -> None:
    """Give every error its page."""
    app.register_error_handler(errors.ParticipationError, _show_refusal)
    app.register_error_handler(CSRFError, _show_expired_form)
    app.register_error_handler(HTTPException, _show_http_error)
    app.register_error_handler(Exception, _show_failure)


def _show_refusal(error: errors.ParticipationError) -> ResponseReturnValue:
    db.session.rollback()
    return _page(_STATUS.get(type(error), 400), message=str(error))


def _show_expired_form(_error: CSRFError) -> ResponseReturnValue:
    db.session.rollback()
    return _page(400, template="expired")


def _show_http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error
    db.session.rollback()
    response = make_response(_page(error.code))
    for name, value in error.get_headers():
        if name not in {"Content-Type", "Content-Length"}:
            response.headers[name] = value
    return response


def _show_failure(error: Exception) -> ResponseReturnValue:
    db.session.rollback()
    reference = secrets.token_hex(4).upper()
    log.error("unexpected error, reference %s", reference, exc_info=error)
    return _page(500, reference=reference)


def _page(
    status: int, *, message: str = "", reference: str = "", template: str | None = None
) -> tuple[str, int]:
    name = template or _TEMPLATES.get(status, "error")
    page = render_template(
        f"errors/{name}.html", status=status, message=message, reference=reference
    )
    return page, status
