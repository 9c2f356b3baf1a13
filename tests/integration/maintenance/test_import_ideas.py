"""`participation import ideas`: what is stored, in which state, and that nothing comes twice."""

from __future__ import annotations

import csv
import json
import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.contributions.models import Channel, Contribution, ContributionStatus
from participation.engagements.models import Engagement, EngagementState
from participation.ideas.models import Idea, IdeaCall, IdeaPlace, IdeaStem, PlaceKind
from participation.ideas.similar import similar_ideas
from participation.journal.models import JournalEntry
from participation.journal.operations import find_faults
from participation.moderation.models import Action, Ground, ModerationDecision
from participation.portal.queries.idea_lists import WantedIdeas, idea_page
from tests.conftest import NOON, REAL_DATA
from tests.real_input import SMALL_SETS, idea_files, known

SMALL = SMALL_SETS / "german_citizen_ideas" / "lindenow-wege"
COLUMNS = ("--title-column", "title", "--body-column", "text", "--url-column", "url")
NEW = ("--municipality", "lindenow", "--title", "Wege in Lindenow")


def count(session: Session, *conditions: sa.ColumnElement[bool], of: type = Idea) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(of).where(*conditions)) or 0


def test_ideas_become_a_closed_call_decided_as_imported(command, session, town, noon):
    ran = command("import", "ideas", SMALL / "ideas.csv", *COLUMNS, *NEW, "--about", "hf-2, HF-1")
    expected = json.loads((SMALL / "expected.json").read_text(encoding="utf-8"))
    assert ran.last == {"engagement": "wege-in-lindenow", "ideas": 42, "skipped": 0}
    assert ran.last["ideas"] == expected["ideas"]
    assert (ran.code, ran.err) == (0, "")

    call = session.scalars(sa.select(IdeaCall)).one()
    assert call.state_at(NOON) is EngagementState.CLOSED
    assert [element.code for element in call.elements] == ["HF-1", "HF-2"]
    assert call.last_number == 42
    ideas = session.scalars(sa.select(Idea).order_by(Idea.number)).all()
    assert {idea.status for idea in ideas} == {ContributionStatus.PUBLISHED}
    assert {idea.channel for idea in ideas} == {Channel.IMPORTED}
    assert all(idea.elements == call.elements for idea in ideas)
    assert ideas[0].title == "Radweg zum Bahnhof"
    assert ideas[0].source == ideas[0].source_url != ""
    assert all(idea.author_id is None for idea in ideas)
    without_text = [idea for idea in ideas if idea.text == idea.title]
    assert len(without_text) == expected["without_text"]
    decisions = session.scalars(sa.select(ModerationDecision)).all()
    assert {(one.action, one.ground, one.decided_by_id) for one in decisions} == {
        (Action.PUBLISH, Ground.IMPORTED, None)
    }
    assert {one.contribution_id for one in decisions} == {idea.id for idea in ideas}


def test_imported_ideas_can_be_found_by_their_words(command, session, town):
    command("import", "ideas", SMALL / "ideas.csv", *COLUMNS, *NEW)
    call = session.scalars(sa.select(IdeaCall)).one()
    alike = similar_ideas(session, call_id=call.id, title="Fahrradboxen am Bahnhof", text="")
    assert any("Bahnhof" in idea.title for idea in alike)
    assert len(idea_page(session, WantedIdeas(call.id)).ideas) == 20


def test_the_journal_notes_the_import_and_stays_whole(command, session, town):
    command("import", "ideas", SMALL / "ideas.csv", *COLUMNS, *NEW)
    entries = session.scalars(sa.select(JournalEntry).order_by(JournalEntry.number)).all()
    actions = [entry.action for entry in entries]
    assert actions[-4:] == [
        "engagement.begun",
        "moderation.imported",
        "engagement.published",
        "engagement.imported",
    ]
    assert entries[-1].facts == {"ideas": 42, "skipped": 0}
    assert list(find_faults(session)) == []


def test_the_same_addresses_are_imported_once(command, session, town, tmp_path):
    command("import", "ideas", SMALL / "ideas.csv", *COLUMNS, *NEW)
    again = command(
        "import", "ideas", SMALL / "ideas.csv", *COLUMNS, "--engagement", "wege-in-lindenow"
    )
    assert again.last == {"engagement": "wege-in-lindenow", "ideas": 0, "skipped": 42}
    more = tmp_path / "more.csv"
    more.write_text(
        "title,text,url\n"
        "Alt,Text,https://beteiligung.lindenow.example/wege/idee-1\n"
        "Neu,Text,https://beteiligung.lindenow.example/wege/idee-99\n"
        "Neu,Text,https://beteiligung.lindenow.example/wege/idee-99\n",
        encoding="utf-8",
    )
    third = command("import", "ideas", more, *COLUMNS, "--engagement", "wege-in-lindenow")
    assert third.last == {"engagement": "wege-in-lindenow", "ideas": 1, "skipped": 2}
    assert count(session) == 43
    assert session.scalars(sa.select(sa.func.max(Idea.number))).one() == 43


def test_pending_ideas_wait_for_a_decision(command, session, town):
    ran = command("import", "ideas", SMALL / "ideas.csv", *COLUMNS, *NEW, "--status", "pending")
    assert ran.last["ideas"] == 42
    assert count(session, Contribution.status == ContributionStatus.PENDING) == 42
    assert count(session, of=ModerationDecision) == 0


def test_a_title_is_made_from_the_text_and_a_text_from_the_title(command, session, town, tmp_path):
    file = tmp_path / "ideas.csv"
    file.write_text(
        "Überschrift;x,Beitrag\n,Mehr Bänke  am Fluss\nNur ein Titel,\n ,  \n", encoding="utf-8"
    )
    ran = command(
        *("import", "ideas", file, "--title-column", "Überschrift;x"),
        *("--body-column", "Beitrag", *NEW),
    )
    assert ran.last == {"engagement": "wege-in-lindenow", "ideas": 2, "skipped": 1}
    stored = session.execute(sa.select(Idea.title, Idea.text).order_by(Idea.number)).all()
    assert [tuple(row) for row in stored] == [
        ("Mehr Bänke am Fluss", "Mehr Bänke  am Fluss"),
        ("Nur ein Titel", "Nur ein Titel"),
    ]


def test_signs_that_nobody_sees_are_not_stored(command, session, town, tmp_path):
    file = tmp_path / "ideas.csv"
    file.write_text(
        "title,text\nB\u202eän\x07ke,Am\u2066 Fluss\n\u200b,\u2060\u202e\n", encoding="utf-8"
    )
    ran = command("import", "ideas", file, "--title-column", "title", "--body-column", "text", *NEW)
    assert ran.last == {"engagement": "wege-in-lindenow", "ideas": 1, "skipped": 1}
    assert session.execute(sa.select(Idea.title, Idea.text)).one() == ("Bänke", "Am Fluss")


def test_an_address_that_is_none_becomes_no_link(command, session, town, tmp_path):
    file = tmp_path / "ideas.csv"
    file.write_text("text,url\nIdee,javascript:alert(1)\n", encoding="utf-8")
    columns = ("--body-column", "text", "--url-column", "url")
    assert command("import", "ideas", file, *columns, *NEW).last["ideas"] == 1
    idea = session.scalars(sa.select(Idea)).one()
    assert (idea.source, idea.source_url) == ("javascript:alert(1)", "")
    again = command("import", "ideas", file, *columns, "--engagement", "wege-in-lindenow")
    assert again.last["skipped"] == 1


def test_without_the_duty_texts_the_engagement_stays_a_draft_and_says_so(command, session, make):
    make.municipality("neudorf", "Neudorf", complete=False)
    ran = command(
        *("import", "ideas", SMALL / "ideas.csv", *COLUMNS),
        *("--municipality", "neudorf", "--title", "Wege"),
    )
    assert ran.last == {"engagement": "wege", "ideas": 42, "skipped": 0}
    assert ran.err.startswith("The engagement stays a draft and nothing of it is public")
    assert "imprint, privacy, accessibility, rules" in ran.err
    call = session.scalars(sa.select(IdeaCall)).one()
    assert call.published_at is None
    assert count(session, Contribution.status == ContributionStatus.PUBLISHED) == 42
    assert idea_page(session, WantedIdeas(call.id)).ideas == []
    assert similar_ideas(session, call_id=call.id, title="Radweg zum Bahnhof", text="") == []


def test_a_call_that_people_use_now_can_be_filled(command, session, make, town, noon):
    call = make.idea_call(town, title="Offene Ideen")
    make.ideas(call, 3)
    ran = command("import", "ideas", SMALL / "ideas.csv", *COLUMNS, "--engagement", "offene-ideen")
    assert ran.last == {"engagement": "offene-ideen", "ideas": 42, "skipped": 0}
    numbers = session.scalars(sa.select(Idea.number).order_by(Idea.number)).all()
    assert numbers == list(range(1, 46))
    session.expire_all()
    assert call.closes_at > NOON
    make.idea(call, title="Danach")
    assert count(session) == 46


def test_two_towns_may_have_calls_of_one_name(command, session, make, town):
    other = make.municipality("neudorf", "Neudorf")
    for municipality in (town, other):
        make.idea_call(municipality, title="Ideen")
    import_ideas = ("import", "ideas", SMALL / "ideas.csv", *COLUMNS, "--engagement", "ideen")
    assert "several municipalities have an engagement “ideen”" in command(*import_ideas).refusal
    assert command(*import_ideas, "--municipality", "neudorf").last["ideas"] == 42
    of_other = sa.select(Engagement.id).where(Engagement.municipality_id == other.id)
    assert count(session, Idea.idea_call_id.in_(of_other)) == 42


@pytest.mark.real_data
@pytest.mark.parametrize("file", known(REAL_DATA, idea_files), ids=lambda file: file.parent.name)
def test_every_known_file_of_ideas_is_taken_in_whole(command, session, town, file: Path):
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    has_titles = any(row["title"].strip() for row in rows)
    columns = COLUMNS if has_titles else ("--body-column", "text")
    began = time.monotonic()
    ran = command("import", "ideas", file, *columns, *NEW, "--about", "HF-2")
    assert time.monotonic() - began < 30
    assert ran.last == {
        "engagement": "wege-in-lindenow",
        "ideas": len(rows),
        "skipped": 0,
    }
    if file.parent.name == "bonn-raddialog":
        assert ran.last["ideas"] == 2163
        assert sum(not row["text"].strip() for row in rows) == 28
        again = command("import", "ideas", file, *columns, "--engagement", "wege-in-lindenow")
        assert (again.last["ideas"], again.last["skipped"]) == (0, 2163)
    stored = session.execute(sa.select(Idea.title, Idea.text).order_by(Idea.number)).all()
    for row, (title, text) in zip(rows, stored, strict=True):
        assert text == (row["text"].strip() or title)
        assert title == " ".join(row["title"].split()) or not row["title"].strip()
        assert title
    assert count(session, of=IdeaStem) > len(rows)


def test_columns_with_coordinates_become_places(command, session, town, tmp_path):
    path = tmp_path / "orte.csv"
    path.write_text("t,n,o\nBank,53.63,12.41\nNetz,,\n", encoding="utf-8")
    where = ("--latitude-column", "n", "--longitude-column", "o")
    ran = command("import", "ideas", path, "--body-column", "t", *where, *NEW)
    assert ran.last["ideas"] == 2, ran.err
    places = session.scalars(sa.select(IdeaPlace)).all()
    assert [(place.kind, place.north, place.east) for place in places] == [
        (PlaceKind.POINT, 53_630_000, 12_410_000)
    ]


@pytest.mark.parametrize("cells", ["53.63,", ",12.41", "91,12.41", "NaN,12", "hier,dort"])
def test_a_broken_coordinate_names_its_line_and_stores_nothing(
    command, session, town, tmp_path, cells
):
    path = tmp_path / "orte.csv"
    path.write_text(f"t,n,o\nBank,53.63,12.41\nNetz,{cells}\n", encoding="utf-8")
    where = ("--latitude-column", "n", "--longitude-column", "o")
    ran = command("import", "ideas", path, "--body-column", "t", *where, *NEW)
    assert ran.code == 1
    assert "line 3" in ran.err
    assert count(session) == count(session, of=IdeaPlace) == 0
