"""The state of the database has another name as soon as anybody wrote."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.foundation.written import Writings


def test_the_state_keeps_its_name_while_everybody_only_reads(engine, session, make):
    make.municipality()
    session.commit()
    writings = Writings(engine)
    state = writings.state()
    with Session(engine) as other:
        other.execute(sa.text("SELECT name FROM municipality")).all()
    assert writings.state() == state


def test_the_state_is_another_once_something_was_written(engine, session, make):
    writings = Writings(engine)
    states = [writings.state()]
    town = make.municipality()
    session.commit()
    states.append(writings.state())
    town.name = "Anderswo"
    session.commit()
    states.append(writings.state())
    session.delete(make.account())
    session.commit()
    states.append(writings.state())
    assert len(set(states)) == 4


def test_a_process_that_was_forked_watches_for_itself(engine, session, make, monkeypatch):
    writings = Writings(engine)
    state = writings.state()
    monkeypatch.setattr("os.getpid", lambda: 1)
    elsewhere = writings.state()
    make.municipality()
    session.commit()
    assert writings.state() not in {state, elsewhere}
