"""`participation duplicates`: which ideas and comments say the same, named as they came."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from participation.comments.models import Stance
from participation.contributions.models import ContributionStatus
from tests.command_line import CommandLine
from tests.conftest import REAL_DATA
from tests.real_input import SMALL_SETS, conversations, idea_files, input_folder
from tests.wishes import judge, labelled_pairs

NEW = ("--municipality", "lindenow", "--title", "Doppelt gesagt")
LABELLED = [
    folder
    for folder in {*conversations(SMALL_SETS), *conversations(input_folder(REAL_DATA))}
    if (folder / "duplicate_pairs.csv").exists()
]
REPEATED = [
    file
    for file in {*idea_files(SMALL_SETS), *idea_files(input_folder(REAL_DATA))}
    if file.parent.name in {"lindenow-zettel", "bonn-umfrage-freitext"}
]


def listed(command: CommandLine, *arguments: str) -> list[dict[str, Any]]:
    ran = command("duplicates", *arguments, "--json")
    assert (ran.code, ran.err) == (0, "")
    return [json.loads(line) for line in ran.out.splitlines()]


def named(found: list[dict[str, Any]]) -> set[frozenset[str]]:
    return {frozenset((pair["a"], pair["b"])) for pair in found}


@pytest.mark.real_data
@pytest.mark.parametrize("folder", sorted(LABELLED), ids=lambda folder: folder.name)
def test_of_the_labelled_pairs_of_a_conversation_nearly_all_are_found(command, town, folder: Path):
    slug = command("import", "polis", folder, *NEW).last["engagement"]
    found = listed(command, slug)
    same = named(found)
    judged = judge(labelled_pairs(folder), lambda pair: pair[1], lambda pair: pair[0] in same)
    assert judged.recall >= 0.9
    assert judged.precision >= 0.8
    assert len(same) == len(found)
    assert all(set(pair) == {"a", "b", "score"} for pair in found)
    assert all(0.9 <= pair["score"] <= 1 for pair in found)


@pytest.mark.real_data
@pytest.mark.parametrize("file", sorted(REPEATED), ids=lambda file: file.parent.name)
def test_all_exact_repeats_are_found(command, town, file: Path):
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    equal = defaultdict(list)
    for row in rows:
        equal[row["text"].strip().lower()].append(row["document_id"])
    repeats = sum(len(ids) - 1 for ids in equal.values())
    assert repeats == {"lindenow-zettel": 7, "bonn-umfrage-freitext": 42}[file.parent.name]
    slug = command("import", "ideas", file, "--body-column", "text", *NEW).last["engagement"]
    found = listed(command, slug)
    expected = {frozenset(pair) for ids in equal.values() for pair in combinations(ids, 2)}
    assert expected <= named(found)


def test_notes_that_only_look_alike_are_not_the_same(command, town):
    file = SMALL_SETS / "german_citizen_ideas" / "lindenow-zettel" / "ideas.csv"
    slug = command("import", "ideas", file, "--body-column", "text", *NEW).last["engagement"]
    with file.open(encoding="utf-8", newline="") as stream:
        texts = {row["document_id"]: row["text"].lower() for row in csv.DictReader(stream)}
    other = {
        frozenset(pair)
        for pair in (
            ("mehr radwege", "keine radwege"),
            ("weniger autos", "weniger busse"),
            ("breitere gehwege", "schmalere gehwege"),
            ("tempo 30", "tempo 50"),
            ("ampel an der lindenallee", "ampel an der gartenstraße"),
        )
    }
    found = {frozenset(texts[name] for name in pair) for pair in named(listed(command, slug))}
    assert not found & other


def test_ideas_of_the_town_itself_are_named_by_their_numbers(command, make, session):
    call = make.idea_call(make.municipality(), title="Orte")
    one = make.idea(call, title="Offenes WLAN", text="Am Bahnhof fehlt ein Netz für alle.")
    make.idea(call, title="Mehr Bäume", text="Auf dem Markt fehlt Schatten.")
    same = make.idea(call, title="Offenes Wlan!", text="Am Bahnhof fehlt ein Netz fuer alle")
    assert listed(command, call.slug) == [
        {"a": str(one.number), "b": str(same.number), "score": 1.0}
    ]


@pytest.mark.parametrize("status", list(ContributionStatus))
def test_all_but_what_was_withdrawn_is_compared(command, make, session, status):
    call = make.idea_call(make.municipality(), title="Orte")
    text = "Am Bahnhof fehlt ein Netz für alle."
    make.idea(call, title="Offenes WLAN", text=text)
    other = make.idea(call, title="Offenes WLAN", text=text)
    if status is ContributionStatus.WITHDRAWN:
        other.withdraw()
    else:
        other.status = status
        other.published_at = make.at if status is ContributionStatus.PUBLISHED else None
    session.commit()
    expected = 0 if status is ContributionStatus.WITHDRAWN else 1
    assert len(listed(command, call.slug)) == expected


def test_comments_on_other_passages_and_other_stances_are_not_the_same(command, make, session):
    round_ = make.comment_round(make.municipality())
    first, second, *_ = round_.passages
    text = "Bitte streichen"
    one = make.comment(round_, first, text=text, stance=Stance.CONCERN)
    make.comment(round_, second, text=text, stance=Stance.CONCERN)
    same = make.comment(round_, first, text="bitte streichen!", stance=Stance.CONCERN)
    make.comment(round_, first, text=text, stance=Stance.APPROVE)
    assert named(listed(command, round_.slug)) == {frozenset((str(one.number), str(same.number)))}


def test_people_read_the_beginning_of_both(command, make, session):
    call = make.idea_call(make.municipality(), title="Orte")
    for title in ("Offenes WLAN", "offenes WLAN"):
        make.idea(call, title=title, text="Am Bahnhof fehlt ein Netz für alle.")
    ran = command("duplicates", call.slug)
    assert ran.out.splitlines() == ["1.000  1  2", "       Offenes WLAN", "       offenes WLAN"]


def test_a_survey_and_an_unknown_engagement_are_refused(command, make, session):
    survey = make.survey(make.municipality(), title="Digital im Alltag")
    session.commit()
    assert "only ideas and comments" in command("duplicates", survey.slug).refusal
    assert "there is no engagement" in command("duplicates", "nirgends").refusal


def test_an_engagement_of_two_towns_is_asked_for(command, make, session):
    for slug, name in (("lindenow", "Lindenow"), ("neudorf", "Neudorf")):
        make.idea_call(make.municipality(slug, name), title="Orte")
    session.commit()
    assert "--municipality" in command("duplicates", "orte").refusal
    assert listed(command, "orte", "--municipality", "neudorf") == []


def test_ids_are_taken_from_the_column_that_is_named(command, town, tmp_path):
    file = tmp_path / "ideas.csv"
    file.write_text(
        "id,nummer,text\n1,A-1,Mehr Bänke am Fluss\n2,A-2,mehr Baenke am Fluss\n", encoding="utf-8"
    )
    columns = ("--body-column", "text", "--id-column", "nummer")
    slug = command("import", "ideas", file, *columns, *NEW).last["engagement"]
    assert named(listed(command, slug)) == {frozenset(("A-1", "A-2"))}


def test_without_ids_the_address_is_the_name(command, town, tmp_path):
    file = tmp_path / "ideas.csv"
    file.write_text(
        "text,url\nMehr Bänke am Fluss,https://a.example/1\nmehr Bänke am Fluss,https://a.example/2\n",
        encoding="utf-8",
    )
    columns = ("--body-column", "text", "--url-column", "url")
    slug = command("import", "ideas", file, *columns, *NEW).last["engagement"]
    assert named(listed(command, slug)) == {
        frozenset(("https://a.example/1", "https://a.example/2"))
    }


def test_an_id_of_no_measure_is_refused_with_its_line(command, town, tmp_path):
    file = tmp_path / "ideas.csv"
    file.write_text(f"id,text\n1,Mehr Bänke\n{'x' * 201},Mehr Bäume\n", encoding="utf-8")
    ran = command("import", "ideas", file, "--body-column", "text", *NEW)
    assert ran.refusal == "ideas.csv, line 3: the id is longer than 200 characters"
