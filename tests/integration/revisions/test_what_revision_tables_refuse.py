"""The tables of changes refuse what cannot be, and keep what was adopted."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from participation.revisions.freezing import CHANGE_MESSAGE
from participation.revisions.models import (
    Change,
    ChangedField,
    ChangeOperation,
    ChangeReason,
    StatedReason,
)
from tests.conftest import NOON


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"stated": StatedReason.LAW, "text": ""},
    ],
)
def test_the_table_refuses_a_reason_that_says_nothing(make, session, revision, values):
    change = make.amended(revision, "M-01", title="Eins")
    session.add(ChangeReason(change_id=change.id, **values))
    with pytest.raises(sa.exc.IntegrityError):
        session.flush()


def test_the_table_refuses_two_changes_of_one_element(make, session, revision):
    change = make.amended(revision, "M-01", title="Eins")
    session.add(
        Change(
            revision_id=revision.id,
            element_id=change.element_id,
            operation=ChangeOperation.RETIRE,
            proposed_at=NOON,
        )
    )
    with pytest.raises(sa.exc.IntegrityError):
        session.flush()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE changed_field SET after = '\"anders\"'",
        "DELETE FROM changed_field",
        "UPDATE change_reason SET text = 'anders'",
        "DELETE FROM change_reason",
        "DELETE FROM change",
        "UPDATE change SET operation = 'retire'",
    ],
)
def test_the_database_keeps_the_changes_of_an_adopted_revision(make, session, town, statement):
    make.loop(town)
    session.commit()
    with pytest.raises(sa.exc.DBAPIError, match=CHANGE_MESSAGE):
        session.execute(sa.text(statement))


def test_the_database_adds_no_field_to_an_adopted_change(make, session, town):
    make.loop(town)
    session.commit()
    change = session.scalars(sa.select(Change)).one()
    session.add(
        ChangedField(change_id=change.id, name="lead", position=9, before="", after="Bürgeramt")
    )
    with pytest.raises(sa.exc.DBAPIError, match=CHANGE_MESSAGE):
        session.flush()
