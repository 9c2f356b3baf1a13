"""The console script: what it offers, and one clear line for whatever goes wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import sqlalchemy as sa

from participation import cli
from tests.drill import opened
from tests.real_input import SMALL_SETS

PROMISED = {
    "serve",
    "worker",
    "migrate",
    "demo",
    "municipality",
    "invite",
    "import",
    "aggregate",
    "duplicates",
    "bounces",
    "shuffle",
    "backup",
    "restore",
    "check-journal",
}


def commands(
    group: click.Group = cli.command_line, before: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield every command with the words that call it."""
    for name, command in sorted(group.commands.items()):
        yield (*before, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*before, name))


ALL = dict(commands())
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_every_promised_command_is_there():
    assert set(cli.command_line.commands) >= PROMISED


@ON_SQLITE
def test_the_list_of_commands_says_what_each_does(command):
    ran = command("--help")
    assert ran.code == 0
    assert "..." not in ran.out.partition("Commands:")[2]
    for group in ("import", "municipality", "account"):
        assert "..." not in command(group, "--help").out.partition("Commands:")[2]


@ON_SQLITE
def test_every_help_is_shown_without_a_database(command, monkeypatch):
    monkeypatch.setenv("PARTICIPATION_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    for words in ALL:
        ran = command(*words, "--help")
        assert (ran.code, ran.err) == (0, ""), words
        assert ran.out.startswith(f"Usage: participation {' '.join(words)} ")


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_every_command_explains_itself_in_sentences(words):
    command = ALL[words]
    assert command.help
    first = command.help.partition("\n\n")[0].replace("\n", " ")
    assert first[0].isupper()
    assert first.endswith(".")
    for option in command.params:
        if isinstance(option, click.Option) and not option.hidden:
            assert option.help, f"{' '.join(words)} {option.opts[0]}"


WRONG_CALLS = {
    ("nothing",): "No such command 'nothing'. See `participation --help`.",
    ("backup",): "Missing argument 'FILE'. See `participation backup --help`.",
    ("backup", "a", "b"): "Got unexpected extra argument (b) See `participation backup --help`.",
    ("serve", "--port", "http"): "Invalid value for '--port'",
    ("serve", "--port", "99999"): "Invalid value for '--port'",
    ("import", "videos"): "No such command 'videos'.",
    ("import", "ideas", "a.csv"): "Missing option '--body-column'.",
    ("import", "polis", "a", "--status", "perhaps"): "Invalid value for '--status': 'perhaps'",
    ("import", "survey", "a", "--titel", "b"): "No such option '--titel'",
    ("aggregate",): "Missing argument 'SLUG'.",
    ("invite", "a@example.org"): "Missing option '--role'.",
    ("check-journal", "--known"): "Option '--known' requires an argument.",
}


@ON_SQLITE
@pytest.mark.parametrize("arguments", WRONG_CALLS, ids=" ".join)
def test_a_wrong_call_gets_one_line_and_exit_code_2(command, arguments):
    ran = command(*arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert ran.err.startswith(f"participation: {WRONG_CALLS[arguments]}")
    assert ran.err.count("\n") == 1


@ON_SQLITE
@pytest.mark.parametrize("arguments", [(), ("import",), ("municipality",)])
def test_a_call_that_says_too_little_gets_the_help(command, arguments):
    ran = command(*arguments)
    assert ran.code == 2
    assert ran.err.startswith("Usage: participation")


REFUSED = {
    ("aggregate", "nichts"): "there is no engagement “nichts”",
    ("invite", "a@example.org", "--role", "analyst", "--municipality", "nirgendwo"): "no such",
    ("check-journal", "--known", "nothing"): "the journal is not the one that was checked before",
}


@pytest.mark.parametrize("arguments", REFUSED, ids=" ".join)
def test_what_is_not_there_gets_one_line_and_exit_code_1(command, town, arguments):
    assert REFUSED[arguments] in command(*arguments).refusal


POLIS = str(SMALL_SETS / "polis_conversations" / "lindenow-klima")
CALLS_OF_DATABASE = (
    ("aggregate", "ideen"),
    ("shuffle",),
    ("check-journal",),
    ("municipality", "list"),
    ("import", "polis", POLIS, "--municipality", "lindenow", "--title", "Import"),
)


@pytest.mark.parametrize("arguments", CALLS_OF_DATABASE, ids=lambda words: " ".join(words[:2]))
def test_a_database_without_tables_is_pointed_out(on_new, arguments):
    refusal = on_new(*arguments).refusal
    assert refusal == "the database has no tables yet; run `participation migrate` first"


@pytest.mark.parametrize("new_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("arguments", [("serve",), ("worker",)])
def test_nothing_is_served_from_tables_of_another_version(on_new, arguments):
    assert "participation migrate" in on_new(*arguments).refusal


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE idea RENAME COLUMN supports TO likes",
        "ALTER TABLE idea ADD COLUMN likes INTEGER",
        "DROP TABLE rate_count",
    ],
)
def test_tables_from_before_a_migration_was_rewritten_are_not_served(on_new, new_url, change):
    assert on_new("migrate").code == 0
    with opened(new_url) as engine, engine.begin() as connection:
        connection.execute(sa.text(change))
    table = change.split()[2]
    for arguments in (("serve",), ("worker",)):
        refusal = on_new(*arguments).refusal
        assert refusal == (
            f"the database was made by another version of this program (tables: {table})"
        )
    refusal = on_new("serve", "--demo").refusal
    assert f"(tables: {table}); `make demo RESET=1` starts over" in refusal


@ON_SQLITE
def test_a_database_that_does_not_answer_is_pointed_out(command, tmp_path):
    nobody = "postgresql://nobody@127.0.0.1:1/none"
    assert command.on(nobody)("shuffle").refusal.startswith("the database does not answer: ")
    folder = tmp_path / "no" / "database.sqlite"
    assert command.on(f"sqlite:///{folder}")("shuffle").refusal.startswith("the database does")
    broken = tmp_path / "broken.sqlite"
    broken.write_bytes(b"nothing of the kind" * 1000)
    assert "not a database" in command.on(f"sqlite:///{broken}")("shuffle").refusal


@ON_SQLITE
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://localhost/x"),
        ("BASE_ADDRESS", "lindenow.example"),
        ("SMTP_URL", "mail.example"),
        ("ARGON2_MEMORY", "much"),
        ("CONFIG", "nowhere.toml"),
    ],
)
def test_a_wrong_setting_gets_one_line_and_exit_code_2(command, monkeypatch, name, value):
    monkeypatch.setenv(f"PARTICIPATION_{name}", value)
    ran = command("shuffle")
    assert ran.code == 2
    assert ran.err.startswith(f"participation: PARTICIPATION_{name}")
    assert ran.err.count("\n") == 1


# In a process of its own ----------------------------------------------------------------------


def process(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if "PARTICIPATION" not in name}
    return subprocess.run(
        [sys.executable, "-m", "participation", *arguments],
        env=environment | {"PARTICIPATION_DATA_FOLDER": str(folder)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_new_installation_begins_with_one_command(tmp_path):
    ran = process(tmp_path / "var", "migrate")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "The database is up to date.\n", "")
    assert (tmp_path / "var" / "participation.sqlite").is_file()
    again = process(tmp_path / "var", "import", "ideas", "nowhere.csv", "--body-column", "text")
    assert again.returncode == 1
    assert again.stderr.count("\n") == 1
    assert again.stdout == ""


def test_a_reader_that_has_had_enough_sees_no_traceback(tmp_path):
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as closed:
        ran = subprocess.run(
            [sys.executable, "-m", "participation", "--help"],
            stdout=closed,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert (ran.returncode, ran.stderr) == (1, "")
