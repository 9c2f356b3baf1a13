"""A short question above a limit: who answers it goes on, and nothing typed is lost.

The question is a number to copy. Its token carries no answer: the number follows from the token
and the server's key. A token is good for one try, right or wrong, at one page, from one network.
What it stops, and what it does not, stands in docs/decisions.
"""

from __future__ import annotations

import enum
import secrets
from dataclasses import dataclass

from flask import request
from limits import parse
from werkzeug.exceptions import UnprocessableEntity

from participation.foundation import clock
from participation.foundation.tokens import keyed_hash, new_token
from participation.web.extensions import limiter
from participation.web.marks import browser_mark, ensure_browser_mark
from participation.web.rate_storage import network_of_client
from participation.web.secrets import secret_key

TOKEN, ANSWER = "_challenge", "_answer"
_LENGTH = 6
_SECONDS = 30 * 60
# Longer than a token lives: what was tried once is remembered until it is worth nothing.
_TRIES = parse("1/hour")


class Covers(enum.Enum):
    """What one answer is good for, and for how many sendings within an hour."""

    # One form, which is taken in once: similar ideas and corrections come between.
    FORM = 10
    # One browser, whose mark counts once at each idea and comment.
    BROWSER = 30


@dataclass(frozen=True)
class Question:
    """A number that a page asks somebody to copy."""

    token: str
    number: str
    was_wrong: bool = False


class Challenged(UnprocessableEntity):
    """Somebody has to answer a question before their form is taken."""

    def __init__(self, question: Question) -> None:
        super().__init__()
        self.question = question


def demand_answer(covers: Covers) -> None:
    """Let a form pass that somebody answered a question for. Raises Challenged."""
    if _is_covered(covers):
        return
    token = request.form.get(TOKEN, "")
    if not token or not _is_right(token, request.form.get(ANSWER, "")):
        raise Challenged(_new_question(was_wrong=bool(token)))
    _cover(covers)


def _new_question(*, was_wrong: bool) -> Question:
    moment, nonce = str(int(clock.now().timestamp())), new_token()
    number = _number(nonce)
    token = f"{moment}.{nonce}.{_seal(moment, nonce)}"
    return Question(token=token, number=f"{number[:3]} {number[3:]}", was_wrong=was_wrong)


def _is_right(token: str, answer: str) -> bool:
    moment, _dot, rest = token.partition(".")
    nonce, _dot, seal = rest.partition(".")
    if not secrets.compare_digest(seal.encode(), _seal(moment, nonce).encode()):
        return False
    if not 0 <= clock.now().timestamp() - int(moment) <= _SECONDS:
        return False
    if not limiter.limiter.hit(_TRIES, "challenge", nonce):
        return False
    return secrets.compare_digest(_digits(answer), _number(nonce))


def _digits(answer: str) -> str:
    """Return what was typed as six digits, however they were grouped and in whichever script."""
    return "".join(str(int(sign)) for sign in answer[:100] if sign.isdecimal())


def _number(nonce: str) -> str:
    drawn = int(keyed_hash(secret_key(), "challenge number", nonce), 16)
    return f"{drawn % 10**_LENGTH:0{_LENGTH}d}"


def _seal(moment: str, nonce: str) -> str:
    return keyed_hash(secret_key(), "challenge", moment, nonce, _page(), network_of_client())


def _page() -> str:
    return request.script_root + request.path


def _is_covered(covers: Covers) -> bool:
    key = _coverage(covers, browser_mark())
    allowed = parse(f"{covers.value}/hour")
    if key is None or limiter.limiter.get_window_stats(allowed, *key).remaining == covers.value:
        return False
    return bool(limiter.limiter.hit(allowed, *key))


def _cover(covers: Covers) -> None:
    mark = ensure_browser_mark() if covers is Covers.BROWSER else None
    key = _coverage(covers, mark)
    if key is not None:
        limiter.limiter.hit(parse(f"{covers.value}/hour"), *key)


def _coverage(covers: Covers, mark: str | None) -> tuple[str, ...] | None:
    """Return what an answer is noted under; it names nobody once it is hashed."""
    if covers is Covers.FORM:
        what = request.form.get("submission", "")
        where = _page()
    else:
        what, where = mark or "", str(request.endpoint)
    if not what:
        return None
    return ("answered", keyed_hash(secret_key(), "answered", where, what, network_of_client()))
