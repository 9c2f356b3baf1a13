"""Numbers that take long to count: counted once a minute, and not for each page that shows them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from participation.foundation import clock

_MINUTE = 60

Number = TypeVar("Number")


@dataclass
class _Counted:
    """What was counted, and in which minute; `turn` is with whoever counts anew."""

    number: Any = None
    minute: int | None = None
    turn: threading.Lock = field(default_factory=threading.Lock)


_counted: WeakKeyDictionary[Engine, dict[Hashable, _Counted]] = WeakKeyDictionary()


def counted_once_a_minute(session: Session, key: Hashable, count: Callable[[], Number]) -> Number:
    """Return what was counted under a key in this minute, in this process and database.

    While somebody counts anew, others go on with what was counted before.
    """
    minute = int(clock.now().timestamp()) // _MINUTE
    engine = session.get_bind().engine
    known = _counted.setdefault(engine, {}).setdefault(key, _Counted())
    if known.minute == minute:
        return cast("Number", known.number)
    if not known.turn.acquire(blocking=known.minute is None):
        return cast("Number", known.number)
    try:
        if known.minute != minute:
            known.number, known.minute = count(), minute
        return cast("Number", known.number)
    finally:
        known.turn.release()


def counted_seldom_if_many(
    session: Session, key: Hashable, count: Callable[[], Number], are_many: Callable[[Number], bool]
) -> Number:
    """Return what is counted: afresh, but once a minute after there were many."""
    if is_counted_once_a_minute(session, key):
        return counted_once_a_minute(session, key, count)
    number = count()
    if are_many(number):
        counted_once_a_minute(session, key, lambda: number)
    return number


def is_counted_once_a_minute(session: Session, key: Hashable) -> bool:
    """Tell whether something was counted under a key, in this process and database."""
    return key in _counted.get(session.get_bind().engine, {})
