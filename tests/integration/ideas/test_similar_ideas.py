"""Ideas that are like what somebody writes: which ones, how sure that is, and how fast."""

from __future__ import annotations

import random
import time
import uuid

import pytest
import sqlalchemy as sa

from participation.contributions.models import (
    Channel,
    Contribution,
    ContributionKind,
    ContributionStatus,
)
from participation.ideas.models import Idea, IdeaStem
from participation.ideas.similar import similar_ideas
from tests.conftest import NOON

S = ContributionStatus


@pytest.fixture
def call(make):
    return make.idea_call(make.municipality())


def test_the_likest_come_first_and_five_at_most(make, session, call):
    best = make.idea(call, title="Abfahrtsanzeigen am Bahnhof", text="Echte Abfahrten anzeigen.")
    good = make.idea(call, title="Abfahrten ansagen", text="Im Bahnhof hört man nichts.")
    make.idea(call, title="Mehr Bäume", text="Auf dem Marktplatz fehlt Schatten.")
    for number in range(6):
        make.idea(call, title=f"Anzeige {number}", text="Die Anzeige im Bahnhof ist klein.")
    found = similar_ideas(
        session, call_id=call.id, title="Anzeige der Abfahrten", text="Am Bahnhof weiß man nichts."
    )
    assert len(found) == 5
    assert found[:2] == [best, good]
    assert all("Bahnhof" in idea.title + idea.text for idea in found)


def test_one_shared_stem_in_a_small_call_is_enough(make, session, call):
    idea = make.idea(call, title="Radweg zur Schule", text="Der Weg ist gefährlich.")
    assert similar_ideas(session, call_id=call.id, title="Neue Radwege", text="") == [idea]


def test_one_common_word_among_many_others_is_not_enough(make, session, call):
    for number in range(20):
        make.idea(call, title=f"Am Bahnhof {number}", text="Am Bahnhof sitzen und lange warten.")
    found = similar_ideas(
        session,
        call_id=call.id,
        title="Mehr Bäume gegen die Hitze",
        text="Zwischen Markt und Bahnhof brennt im Sommer die Sonne auf den Asphalt.",
    )
    assert found == []


@pytest.mark.parametrize("status", [status for status in S if status is not S.PUBLISHED])
def test_only_published_ideas_are_suggested(make, session, call, status):
    make.idea(call, title="Radweg", text="Radweg", status=status)
    assert similar_ideas(session, call_id=call.id, title="Radweg", text="") == []


def test_many_like_ideas_that_wait_do_not_hide_a_published_one(make, session, call):
    for _ in range(121):
        make.idea(call, title="Radweg", text="Radweg", status=S.PENDING)
    published = make.idea(call, title="Der Radweg endet", text="Der Radweg endet im Nichts.")
    assert similar_ideas(session, call_id=call.id, title="Radweg", text="") == [published]


def test_ideas_of_another_call_are_not_suggested(make, session):
    town = make.municipality()
    make.idea(make.idea_call(town), title="Radweg", text="Radweg")
    call = make.idea_call(town)
    assert similar_ideas(session, call_id=call.id, title="Radweg", text="") == []


@pytest.mark.parametrize("text", ["", "und der die das", "123 !?", "\0", "x" * 4000])
def test_a_text_without_known_words_is_like_nothing(make, session, call, text):
    make.idea(call)
    assert similar_ideas(session, call_id=call.id, title=text, text=text) == []


def test_similar_ideas_are_found_among_ten_thousand_in_a_tenth_of_a_second(session, call):
    words = fill(session, call, 10_000)
    known = session.scalars(sa.select(Idea).where(Idea.number == 7)).one()
    title, text = known.title, f"{known.text} {' '.join(random.Random(12).sample(words, 20))}"
    found, times, scans = [], [], []
    for _ in range(7):
        begin = time.perf_counter()
        found = similar_ideas(session, call_id=call.id, title=title, text=text)
        times.append(time.perf_counter() - begin)
        if times[-1] < 0.1:
            break
        begin = time.perf_counter()
        session.execute(sa.select(IdeaStem.idea_id, IdeaStem.stem)).all()
        scans.append(time.perf_counter() - begin)
    assert known in found
    # A tenth of a second where the machine is free; where other tests run beside this one,
    # much less than looking at every stem of every idea takes at the same time.
    assert times[-1] < 0.1 or min(times) < min(scans) / 2


def table(model):
    """The table alone, for many rows at once."""
    return sa.inspect(model).local_table


def fill(session, call, number):
    """Write many ideas of about twelve words; a few words are in many of them, most in very few."""
    chance = random.Random(11)
    syllables = ["rad", "weg", "bahn", "hof", "licht", "baum", "schul", "markt", "bus", "netz"]
    words = [a + b + c for a in syllables for b in syllables for c in syllables]
    bounds = [1 / (place + 1) for place in range(len(words))]
    texts = [sorted(set(chance.choices(words, bounds, k=14))) for _ in range(number)]
    ids = [uuid.UUID(int=chance.getrandbits(128)) for _ in texts]
    rows = list(zip(range(1, number + 1), ids, texts, strict=True))
    shared = {
        "engagement_id": call.id,
        "kind": ContributionKind.IDEA,
        "status": S.PUBLISHED,
        "channel": Channel.IMPORTED,
        "language": "de",
        "received_at": NOON,
        "published_at": NOON,
        "source": "",
        "source_url": "",
        "source_id": "",
    }
    session.execute(
        sa.insert(table(Contribution)),
        [shared | {"id": one, "text": " ".join(text)} for _number, one, text in rows],
    )
    session.execute(
        sa.insert(table(Idea)),
        [
            {
                "id": one,
                "idea_call_id": call.id,
                "number": place,
                "title": text[0],
                "lot": place,
                "supports": 0,
            }
            for place, one, text in rows
        ],
    )
    session.execute(
        sa.insert(table(IdeaStem)),
        [
            {"idea_call_id": call.id, "stem": word, "idea_id": one}
            for _number, one, text in rows
            for word in text
        ],
    )
    call.last_number = number
    session.commit()
    return words
