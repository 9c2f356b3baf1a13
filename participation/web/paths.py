"""Where a request came to, and where a browser may be sent next."""

from __future__ import annotations

from flask import request

_LONGEST = 2000


def safe_path(target: str | None) -> str | None:
    """Return the path if it leads to a page of this site, else None.

    A browser takes `//host`, `/\\host` and `/<tab>/host` for another host, so a path has one
    leading slash, no backslash and no control character or blank.
    """
    if not target or len(target) > _LONGEST or not target.startswith("/"):
        return None
    if target[1:2] in {"/", "\\"}:
        return None
    if any(sign <= " " or sign == "\\" or "\x7f" <= sign <= "\xa0" for sign in target):
        return None
    return target


def current_path() -> str:
    """Return this request's path with the municipality's segment and the query."""
    return request.script_root + request.full_path.removesuffix("?")


def readable_path() -> str | None:
    """Return where this page can be read again, None where it only answers a form."""
    if request.method in {"GET", "HEAD"}:
        return current_path()
    rule = request.url_rule
    if rule is None or "GET" not in (rule.methods or ()):
        return None
    return request.script_root + request.path
