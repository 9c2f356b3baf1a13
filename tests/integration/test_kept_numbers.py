"""Numbers that take long to count are counted once a minute."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.foundation import clock
from participation.foundation.kept_numbers import counted_once_a_minute, counted_seldom_if_many
from tests.conftest import NOON

MINUTE = timedelta(minutes=1)


@pytest.fixture
def session():
    """A session of a database nobody has counted in."""
    with Session(sa.create_engine("sqlite://")) as session:
        yield session


def test_what_was_counted_stands_until_the_minute_is_over(session):
    numbers = iter([7, 8])
    with clock.standing_at(NOON):
        assert counted_once_a_minute(session, "ideas", lambda: next(numbers)) == 7
    with clock.standing_at(NOON + MINUTE - timedelta(seconds=1)):
        assert counted_once_a_minute(session, "ideas", lambda: next(numbers)) == 7
    with clock.standing_at(NOON + MINUTE):
        assert counted_once_a_minute(session, "ideas", lambda: next(numbers)) == 8


def test_each_number_and_each_database_is_counted_for_itself(session):
    with clock.standing_at(NOON), Session(sa.create_engine("sqlite://")) as other:
        assert counted_once_a_minute(session, ("ideas", 1), lambda: 7) == 7
        assert counted_once_a_minute(session, ("ideas", 2), lambda: 8) == 8
        assert counted_once_a_minute(other, ("ideas", 1), lambda: 9) == 9


def test_who_could_not_count_leaves_it_to_the_next(session):
    with clock.standing_at(NOON):
        with pytest.raises(ZeroDivisionError):
            counted_once_a_minute(session, "ideas", lambda: 1 // 0)
        assert counted_once_a_minute(session, "ideas", lambda: 7) == 7


def test_nobody_waits_for_somebody_who_counts_anew(session):
    counting, finish = threading.Event(), threading.Event()

    def count_slowly() -> int:
        counting.set()
        assert finish.wait(10)
        return 8

    def count_anew() -> int:
        with clock.standing_at(NOON + MINUTE):
            return counted_once_a_minute(session, "ideas", count_slowly)

    with clock.standing_at(NOON):
        counted_once_a_minute(session, "ideas", lambda: 7)
    with ThreadPoolExecutor() as threads:
        late = threads.submit(count_anew)
        assert counting.wait(10)
        with clock.standing_at(NOON + MINUTE):
            assert counted_once_a_minute(session, "ideas", count_slowly) == 7
        finish.set()
        assert late.result(10) == 8


def test_at_first_one_counts_for_all_who_ask(session):
    counted: list[int] = []
    everybody = threading.Barrier(4)

    def count() -> int:
        counted.append(7)
        return 7

    def ask() -> int:
        everybody.wait(10)
        with clock.standing_at(NOON):
            return counted_once_a_minute(session, "ideas", count)

    with ThreadPoolExecutor() as threads:
        answers = [threads.submit(ask) for _ in range(4)]
        assert [answer.result(10) for answer in answers] == [7] * 4
    assert counted == [7]


def test_few_are_counted_each_time_and_many_once_a_minute(session):
    def counted(numbers, at):
        with clock.standing_at(at):
            return counted_seldom_if_many(
                session, "ideas", lambda: next(numbers), lambda number: number >= 10
            )

    numbers = iter([8, 9, 10, 11, 12])
    assert [counted(numbers, NOON) for _ in range(5)] == [8, 9, 10, 10, 10]
    assert counted(numbers, NOON + MINUTE) == 11
