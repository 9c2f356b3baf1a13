"""What is suggested as similar in a call that was held."""

from __future__ import annotations

import csv
import random

import pytest
import sqlalchemy as sa

from participation.ideas.models import Idea, IdeaCall
from participation.ideas.similar import similar_ideas
from tests.conftest import NOON, REAL_DATA
from tests.real_input import real_input

NEW = ("--municipality", "lindenow", "--title", "Ähnlich")


@pytest.mark.real_data
def test_of_random_pairs_one_in_twenty_at_most_is_taken_for_alike(command, session, town):
    """The bound of the product is 5 %; also repeats and the rest of a subject are among them."""
    with real_input(REAL_DATA).ideas.open(encoding="utf-8", newline="") as file:
        columns = csv.DictReader(file).fieldnames or []
    given = [
        option
        for name in ("title", "text", "url")
        if name in columns
        for option in (f"--{'body' if name == 'text' else name}-column", name)
    ]
    command("import", "ideas", real_input(REAL_DATA).ideas, *given, *NEW)
    call = session.scalars(sa.select(IdeaCall)).one()
    call.published_at = NOON
    session.commit()
    ideas = session.scalars(sa.select(Idea).order_by(Idea.number)).all()
    chance = random.Random(2026)
    pairs = [chance.sample(list(ideas), 2) for _ in range(200)]
    taken = sum(
        other in similar_ideas(session, call_id=call.id, title=one.title, text=one.text, limit=60)
        for one, other in pairs
    )
    itself = sum(
        one in similar_ideas(session, call_id=call.id, title=one.title, text=one.text)
        for one, _ in pairs[:50]
    )
    assert taken <= 10, f"{taken} of 200"
    # Taking nothing for alike would be wrong as well.
    assert itself == 50
