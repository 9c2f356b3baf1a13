"""Headers of every answer."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from flask import Response, current_app, g, request, session

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "base-uri 'none'",
        "connect-src 'self'",
        "font-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "img-src 'self' data:",
        "manifest-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
    )
)
_YEAR = 365 * 24 * 60 * 60


def set_headers(response: Response) -> Response:
    """Set the security headers, and keep personal pages out of every cache."""
    headers = response.headers
    if g.get("was_kept"):
        return response
    headers.setdefault("Content-Security-Policy", _POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    if not g.get("is_framed_elsewhere"):
        headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    if current_app.config["SESSION_COOKIE_SECURE"]:
        headers.setdefault("Strict-Transport-Security", f"max-age={_YEAR}; includeSubDomains")
    if request.endpoint == "static":
        return response
    response.vary.add("Cookie")
    if "_user_id" in session:
        headers["Cache-Control"] = "no-store"
    elif request.method not in {"GET", "HEAD"}:
        headers.setdefault("Cache-Control", "no-store")
    else:
        headers.setdefault("Cache-Control", "private, no-cache")
    return response


def allow_pictures_from(response: Response, address: str) -> Response:
    """Let this one page show pictures of another server, as a map does."""
    parts = urlsplit(address)
    allowed = f"img-src 'self' data: {parts.scheme}://{parts.netloc}"
    response.headers["Content-Security-Policy"] = _POLICY.replace("img-src 'self' data:", allowed)
    return response


def allow_frame(response: Response) -> Response:
    """Let this one page show another page of this site in a frame."""
    response.headers["Content-Security-Policy"] = _POLICY + "; frame-src 'self'"
    return response


def allow_framing(response: Response) -> Response:
    """Let this one page be shown in a frame of this site; nothing can be sent from it."""
    policy = _POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    response.headers["Content-Security-Policy"] = policy.replace(
        "form-action 'self'", "form-action 'none'"
    )
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def allow_framing_on(response: Response, origins: Iterable[str]) -> Response:
    """Let this one page be shown in a frame of this site and of others that somebody named.

    It runs nothing, sends nothing and sets no cookie, so that there is nothing to lure a click
    to. The older header knows no list of sites; browsers that know the newer one ignore it.
    """
    policy = "; ".join(
        (
            "default-src 'none'",
            "base-uri 'none'",
            "font-src 'self'",
            "form-action 'none'",
            " ".join(("frame-ancestors 'self'", *origins)),
            "img-src 'self' data:",
            "style-src 'self'",
        )
    )
    response.headers["Content-Security-Policy"] = policy
    g.is_framed_elsewhere = True
    return response


def pdf_to_save(content: bytes, name: str) -> Response:
    """Return a PDF as a file to save: opened from here it could do nothing on this site."""
    response = Response(content, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def stay_here(response: Response) -> Response:
    """Take the host out of a redirect: the router puts in what the request says it is."""
    target = urlsplit(response.location or "")
    if not 300 <= response.status_code < 400 or not target.netloc:
        return response
    path = "/" + target.path.lstrip("/")
    response.location = f"{path}?{target.query}" if target.query else path
    response.set_data(b"")
    return response
