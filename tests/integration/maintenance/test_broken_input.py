"""Broken files: one clear line, exit code 1, and nothing stored."""

from __future__ import annotations

import gzip
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.broken_input import Arguments, Fault, check_refusal, count_rows, wrong_call
from tests.real_input import SMALL_SETS

IDEAS = SMALL_SETS / "german_citizen_ideas" / "lindenow-wege" / "ideas.csv"
POLIS = SMALL_SETS / "polis_conversations" / "lindenow-klima"
SURVEY = SMALL_SETS / "youth_survey_lindenow"
COLUMNS = ("--title-column", "title", "--body-column", "text", "--url-column", "url")
NEW = ("--municipality", "lindenow", "--title", "Import")


def ideas(change: Callable[[bytes], bytes], says: str) -> Fault:
    """Import the small set of ideas with something changed in its file."""

    def build(folder: Path) -> Arguments:
        file = folder / "ideas.csv"
        file.write_bytes(change(IDEAS.read_bytes()))
        return ("import", "ideas", file, *COLUMNS, *NEW)

    return Fault(build, says)


def in_folder(
    source: Path, command: str, name: str, change: Callable[[bytes], bytes] | None, says: str
) -> Fault:
    """Import a small folder with one file changed, or removed where there is no change."""

    def build(folder: Path) -> Arguments:
        copy = folder / "copy"
        shutil.copytree(source, copy)
        path = copy / name
        if change is None:
            path.unlink()
        elif name.endswith(".gz"):
            path.write_bytes(gzip.compress(change(gzip.decompress(path.read_bytes()))))
        else:
            path.write_bytes(change(path.read_bytes()))
        return ("import", command, copy, *NEW)

    return Fault(build, says)


def polis(name: str, change: Callable[[bytes], bytes] | None, says: str) -> Fault:
    return in_folder(POLIS, "polis", name, change, says)


def survey(name: str, change: Callable[[bytes], bytes] | None, says: str) -> Fault:
    return in_folder(SURVEY, "survey", name, change, says)


def line(number: int, content: str) -> Callable[[bytes], bytes]:
    """Replace one line."""

    def change(whole: bytes) -> bytes:
        lines = whole.split(b"\n")
        lines[number - 1] = content.encode()
        return b"\n".join(lines)

    return change


def after_last_line(content: str) -> Callable[[bytes], bytes]:
    return lambda whole: whole + content.encode() + b"\n"


def only_votes(content: str) -> Callable[[bytes], bytes]:
    return lambda _whole: b"timestamp,comment-id,voter-id,vote\n" + content.encode() + b"\n"


def broken_archive(folder: Path) -> Arguments:
    shutil.copytree(POLIS, folder / "copy")
    path = folder / "copy" / "votes.csv.gz"
    path.write_bytes(path.read_bytes()[:5000])
    return ("import", "polis", folder / "copy", *NEW)


def bomb(folder: Path) -> Arguments:
    shutil.copytree(POLIS, folder / "copy")
    with gzip.open(folder / "copy" / "votes.csv.gz", "wb") as stream:
        for _ in range(5):
            stream.write(b"0" * 1024 * 1024)
    return ("import", "polis", folder / "copy", *NEW)


def pipe(folder: Path) -> Arguments:
    os.mkfifo(folder / "pipe.csv")
    return ("import", "ideas", folder / "pipe.csv", *COLUMNS, *NEW)


def link_astray(folder: Path) -> Arguments:
    shutil.copytree(SURVEY, folder / "copy")
    (folder / "copy" / "responses.csv").unlink()
    (folder / "copy" / "responses.csv").symlink_to(folder / "nowhere")
    return ("import", "survey", folder / "copy", *NEW)


def folder_as_file(folder: Path) -> Arguments:
    shutil.copytree(POLIS, folder / "copy")
    (folder / "copy" / "votes.csv.gz").unlink()
    (folder / "copy" / "votes.csv.gz").mkdir()
    return ("import", "polis", folder / "copy", *NEW)


COMMENT = "1756702800000,,31,1,0,0,1,Text"
VOTE = "1756800000000,3,5,1"

FAULTS = {
    # Files that are no tables. tests/unit/test_import_tables.py has more of them.
    "ideas: empty": ideas(lambda _: b"", "ideas.csv: the file is empty"),
    "ideas: only a heading": ideas(
        lambda whole: whole.split(b"\n")[0] + b"\n", "ideas.csv: there is a heading but no row"
    ),
    "ideas: not UTF-8": ideas(
        lambda whole: whole.decode().encode("latin-1"), "ideas.csv, line 2: not UTF-8"
    ),
    "ideas: NUL": ideas(
        lambda whole: whole.replace(b"Mitfahrbank,", b"Mit\0fahrbank,"),
        "ideas.csv, line 23: a NUL character",
    ),
    "ideas: quotation mark left open": ideas(
        after_last_line('L1,"offen,text,https://x.example/1,1,1,1,1'),
        "ideas.csv, line 44: a quotation mark that opens here is never closed",
    ),
    "ideas: too many cells": ideas(
        after_last_line("L1,Titel,Text,https://x.example/1,1,1,1,1,9"),
        "ideas.csv, line 44: 9 cells, but there are 8 columns",
    ),
    "ideas: too few cells": ideas(
        after_last_line("L1,Titel"), "ideas.csv, line 44: 2 cells, but there are 8 columns"
    ),
    "ideas: missing column": ideas(
        lambda whole: whole.replace(b"title,text", b"title,body", 1),
        "ideas.csv, line 1: there is no column “text”; the columns are document_id, title, body",
    ),
    "ideas: column twice": ideas(
        lambda whole: whole.replace(b"document_id,title", b"title,title", 1),
        "ideas.csv, line 1: the column “title” stands there twice",
    ),
    "ideas: semicolons": ideas(
        lambda whole: whole.replace(b",", b";"), "ideas.csv, line 1: there is no column “text”"
    ),
    "ideas: giant cell": ideas(
        after_last_line("L1,Titel," + "x" * 100_001 + ",https://x.example/1,1,1,1,1"),
        "ideas.csv, line 44: a cell is longer than 100000",
    ),
    "ideas: giant text": ideas(
        after_last_line("L1,Titel," + "x" * 40_001 + ",https://x.example/1,1,1,1,1"),
        "ideas.csv, line 44: the text is longer than 40000 characters",
    ),
    "ideas: giant title": ideas(
        after_last_line("L1," + "x" * 501 + ",Text,https://x.example/1,1,1,1,1"),
        "ideas.csv, line 44: the title is longer than 500 characters",
    ),
    "ideas: no file": wrong_call(
        "cannot read nowhere.csv: No such file", "import", "ideas", "nowhere.csv", *COLUMNS, *NEW
    ),
    "ideas: a folder": wrong_call("is not a file", "import", "ideas", POLIS, *COLUMNS, *NEW),
    "ideas: a pipe": Fault(pipe, "pipe.csv is not a file"),
    # Conversations.
    "polis: wrong folder": wrong_call("holds no comments.csv", "import", "polis", SURVEY, *NEW),
    "polis: a file": wrong_call("is not a folder", "import", "polis", IDEAS, *NEW),
    "polis: no votes at all": Fault(
        lambda folder: (
            shutil.copytree(POLIS, folder / "copy", ignore=shutil.ignore_patterns("*votes.csv.gz")),
            ("import", "polis", folder / "copy", *NEW),
        )[1],
        "holds neither votes.csv nor participants-votes.csv",
    ),
    "polis: comment twice": polis(
        "comments.csv",
        lambda whole: after_last_line(COMMENT)(after_last_line(COMMENT)(whole)),
        "comments.csv, line 33: the comment 31 stands there twice",
    ),
    "polis: negative comment": polis(
        "comments.csv",
        after_last_line(COMMENT.replace("31", "-31")),
        "comments.csv, line 32: “-31” is not a number that comment-id can have",
    ),
    "polis: mark of no moderator": polis(
        "comments.csv",
        after_last_line(COMMENT.replace(",1,Text", ",2,Text")),
        "comments.csv, line 32: “2” in moderated is none of 1, -1 and 0",
    ),
    "polis: giant comment": polis(
        "comments.csv",
        after_last_line(COMMENT.replace("Text", "x" * 4001)),
        "comments.csv, line 32: the comment is longer than 4000 characters",
    ),
    "polis: time of no year": polis(
        "comments.csv",
        after_last_line(COMMENT.replace("1756702800000", "gestern")),
        "comments.csv, line 32: “gestern” is not a time in milliseconds",
    ),
    "polis: time before computers": polis(
        "votes.csv.gz",
        only_votes("175680000000,3,5,1"),
        "votes.csv.gz, line 2: “175680000000” is not a time in milliseconds",
    ),
    "polis: vote for no comment": polis(
        "votes.csv.gz",
        only_votes(f"{VOTE}\n{VOTE.replace(',3,', ',99,')}"),
        "votes.csv.gz, line 3: there is no comment 99",
    ),
    "polis: vote of two": polis(
        "votes.csv.gz",
        only_votes(VOTE.replace(",5,1", ",5,2")),
        "votes.csv.gz, line 2: “2” in vote is not a vote (1, -1 or 0)",
    ),
    "polis: negative voter": polis(
        "votes.csv.gz",
        only_votes(VOTE.replace(",5,", ",-5,")),
        "votes.csv.gz, line 2: “-5” is not a number that voter-id can have",
    ),
    "polis: number in other digits": polis(
        "votes.csv.gz",
        only_votes(VOTE.replace(",5,", ",٥,")),
        "votes.csv.gz, line 2: “٥” is not a number that voter-id can have",
    ),
    "polis: archive breaks off": Fault(broken_archive, "votes.csv.gz, line"),
    "polis: archive unpacks to giant line": Fault(
        bomb, "votes.csv.gz, line 1: a line is longer than 4194304 bytes"
    ),
    "polis: not compressed": Fault(
        lambda folder: (
            shutil.copytree(POLIS, folder / "copy"),
            (folder / "copy" / "votes.csv.gz").write_text("timestamp,comment-id\n"),
            ("import", "polis", folder / "copy", *NEW),
        )[2],
        "votes.csv.gz, line 1: the file is damaged",
    ),
    "polis: participant twice": polis(
        "participants-votes.csv.gz",
        lambda whole: whole + whole.split(b"\n")[1] + b"\n",
        "participants-votes.csv.gz, line 63: the participant 0 stands there twice",
    ),
    "polis: summary of three": polis(
        "summary.csv",
        after_last_line("a,b,c"),
        "3 cells instead of a pair",
    ),
    "polis: folder in place of a file": Fault(folder_as_file, "votes.csv.gz is not a file"),
    # Surveys.
    "survey: wrong folder": wrong_call("holds no questions.csv", "import", "survey", POLIS, *NEW),
    "survey: no responses": survey("responses.csv", None, "holds no responses.csv"),
    "survey: link astray": Fault(link_astray, "cannot read"),
    "survey: question that nobody was asked": survey(
        "questions.csv",
        after_last_line("X9,Wozu?,"),
        "responses.csv, line 1: there is no column “X9”",
    ),
    "survey: question twice": survey(
        "questions.csv",
        after_last_line("K2Fest,Noch einmal?,"),
        "questions.csv, line 8: the variable “K2Fest” stands there twice",
    ),
    "survey: question without a variable": survey(
        "questions.csv",
        after_last_line(" ,Wozu?,"),
        "questions.csv, line 8: a question needs a variable",
    ),
    "survey: only headings": survey(
        "responses.csv",
        lambda whole: whole.split(b"\n")[0],
        "responses.csv: there is a heading but no row",
    ),
    "survey: too few cells": survey(
        "responses.csv",
        after_last_line("14,Kernstadt"),
        "responses.csv, line 62: 2 cells, but there are 6 columns",
    ),
}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", FAULTS)
def test_what_is_broken_is_refused_and_stores_nothing(
    command, session, arranged, noon, tmp_path, name
):
    check_refusal(command, session, tmp_path / "fault", FAULTS[name])


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_what_is_broken_is_refused_by_postgresql_as_well(
    command, session, arranged, noon, tmp_path
):
    for number, fault in enumerate(FAULTS.values()):
        check_refusal(command, session, tmp_path / str(number), fault)


def test_a_fault_at_the_very_end_takes_back_what_was_stored_before_it(
    command, session, arranged, noon, tmp_path, monkeypatch
):
    # What is written is checked first; so let the database itself fail at the last moment.
    monkeypatch.setattr(
        "participation.maintenance.commands.imports.publish_if_allowed",
        lambda *_args, **_more: 1 / 0,
    )
    before = count_rows(session)
    for arguments in (
        ("import", "ideas", IDEAS, *COLUMNS, *NEW),
        ("import", "polis", POLIS, *NEW),
        ("import", "survey", SURVEY, *NEW),
    ):
        with pytest.raises(ZeroDivisionError):
            command(*arguments)
        assert count_rows(session) == before


@pytest.mark.parametrize("change", ["line ends", "byte order mark", "both"])
def test_files_of_other_systems_are_taken_in(command, session, arranged, noon, tmp_path, change):
    content = IDEAS.read_bytes()
    if change != "byte order mark":
        content = content.replace(b"\n", b"\r\n")
    if change != "line ends":
        content = b"\xef\xbb\xbf" + content
    (tmp_path / "ideas.csv").write_bytes(content)
    ran = command("import", "ideas", tmp_path / "ideas.csv", *COLUMNS, *NEW)
    assert ran.last == {"engagement": "import", "ideas": 42, "skipped": 0}
