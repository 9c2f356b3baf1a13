"""The drill: everything that was in one database is in the other one after a restore."""

from __future__ import annotations

import hashlib
import json
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.app import create_app
from participation.contributions.models import Channel
from participation.contributions.queries import find_by_receipt
from participation.foundation.orm import metadata
from participation.journal.operations import find_faults, record
from participation.maintenance import schema
from participation.maintenance.archive import write_table
from participation.surveys.answers import SurveyResponse
from tests.conftest import NOON, settings_for
from tests.drill import content, opened
from tests.everything import CANARY
from tests.factories import Make
from tests.factories_engagements import KEY
from tests.shared_work import share_templates
from tests.site import SAME_ORIGIN

LEFT_OUT = {"rate_count", "account_session"}


def test_the_drill_knows_every_table(filled):
    assert [name for name, found in filled.rows.items() if not found] == []
    assert set(filled.rows) | LEFT_OUT == set(metadata.tables)


def test_every_row_is_there_after_a_restore_into_either_kind(on_new, filled, new_url):
    before = filled.rows
    ran = on_new("restore", filled.archive)
    total = sum(len(rows) for rows in before.values())
    assert ran.out == f"Restored {total} rows of {len(before)} tables from {filled.archive}.\n"
    assert (ran.code, ran.err) == (0, "")
    with opened(new_url) as restored:
        after = content(restored)
        assert schema.differences(restored) == []
    for name, rows in before.items():
        assert after[name] == rows, name


def test_there_and_back_again_is_the_same_archive(on_new, filled, tmp_path):
    on_new("restore", filled.archive)
    second = tmp_path / "second.zip"
    on_new("backup", second)
    assert members(second) == members(filled.archive)


def members(file: Path) -> dict[str, str]:
    """Return a hash of each table of an archive."""
    with zipfile.ZipFile(file) as archive:
        return {
            name: hashlib.sha256(archive.read(name)).hexdigest()
            for name in archive.namelist()
            if name != "manifest.json"
        }


REFUSED = (
    "UPDATE aggregate SET n = n + 1",
    "DELETE FROM aggregate_element",
    "UPDATE strategy_version SET number = 9 WHERE status <> 'draft'",
    "UPDATE journal_entry SET action = 'nothing'",
    "DELETE FROM journal_entry",
    "UPDATE municipality SET parent_id = 4711",
    "INSERT INTO vote (comment_id, voter, choice, important) SELECT * FROM vote",
)


def test_the_guards_stand_again_after_a_restore(on_new, filled_sqlite, new_url):
    on_new("restore", filled_sqlite.archive)
    with opened(new_url) as restored:
        for statement in REFUSED:
            with pytest.raises(sa.exc.DBAPIError), restored.begin() as connection:
                connection.exec_driver_sql(statement)


def test_keys_are_checked_at_once_after_a_restore(on_new, filled_sqlite, new_url):
    on_new("restore", filled_sqlite.archive)
    with opened(new_url) as restored, restored.begin() as connection:
        with pytest.raises(sa.exc.IntegrityError):
            connection.exec_driver_sql("UPDATE municipality SET parent_id = 4711")
        connection.rollback()


def test_life_goes_on_after_a_restore(on_new, filled_sqlite, new_url):
    on_new("restore", filled_sqlite.archive)
    with opened(new_url) as restored, Session(restored) as session:
        make = Make(session, at=NOON)
        town = make.municipality("neu", "Neu")
        call = make.idea_call(town)
        make.idea(call)
        make.response(make.survey(town))
        record(session, at=NOON, action="test", subject="test:1")
        session.commit()
        assert list(find_faults(session)) == []


def test_a_receipt_still_opens_after_a_restore(on_new, filled, new_url, tmp_path):
    on_new("restore", filled.archive)
    with opened(new_url) as restored, Session(restored) as session:
        found = find_by_receipt(session, KEY, filled.code)
        assert found is not None
        assert found.text == "Meine Mutter ist 81 und hat keine E-Mail-Adresse."
    app = create_app(settings_for(new_url, tmp_path / "restored"))
    share_templates(app)
    page = app.test_client().post(
        "/lindenow/beleg", data={"code": filled.code}, headers=SAME_ORIGIN
    )
    assert page.status_code == 200
    assert "Einfach hingehen können" in page.get_data(as_text=True)
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


def test_a_backup_can_be_read_by_its_owner_only(command, town, tmp_path):
    file = tmp_path / "backup.zip"
    ran = command("backup", file)
    assert ran.out.startswith("Wrote ")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir() if "backup" in path.name] == ["backup.zip"]


def test_a_backup_holds_the_words_and_not_the_key(filled):
    with zipfile.ZipFile(filled.archive) as opened_archive:
        manifest = json.loads(opened_archive.read("manifest.json"))
        text = opened_archive.read("idea.jsonl") + opened_archive.read("contribution.jsonl")
    assert json.dumps(CANARY, ensure_ascii=False).encode() in text
    assert b"a key for tests only" not in json.dumps(manifest).encode()
    assert not {table["name"] for table in manifest["tables"]} & LEFT_OUT


def test_a_backup_never_writes_over_a_file(command, town, tmp_path):
    file = tmp_path / "backup.zip"
    file.write_text("precious")
    assert command("backup", file).refusal == f"there is already a file {file}; choose another name"
    assert file.read_text() == "precious"


def test_two_backups_at_once_do_not_disturb_each_other(command, town, tmp_path):
    part = tmp_path / "backup.zip.part"
    part.write_text("being written")
    assert "another backup is being written" in command("backup", tmp_path / "backup.zip").refusal
    assert part.read_text() == "being written"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_backup_that_fails_leaves_no_file(command, town, tmp_path, monkeypatch):
    monkeypatch.setattr(
        "participation.maintenance.backup.write_manifest", lambda *_: 1 / 0, raising=True
    )
    with pytest.raises(ZeroDivisionError):
        command("backup", tmp_path / "backup.zip")
    assert list(tmp_path.glob("backup*")) == []


def test_a_backup_needs_a_folder(command, town, tmp_path):
    assert "No such file" in command("backup", tmp_path / "no" / "backup.zip").refusal


def test_a_backup_needs_tables(on_new, tmp_path):
    refusal = on_new("backup", tmp_path / "backup.zip").refusal
    assert refusal == "the database has no tables yet; run `participation migrate` first"
    assert list(tmp_path.glob("backup*")) == []


def test_others_may_write_while_a_backup_is_made(
    command, town, tmp_path, session, make, monkeypatch
):
    def write_meanwhile(*_arguments: object) -> None:
        make.municipality("mittendrin", "Mittendrin")
        session.commit()

    monkeypatch.setattr("participation.maintenance.backup.write_manifest", write_meanwhile)
    assert command("backup", tmp_path / "backup.zip").code == 0
    assert session.scalar(sa.text("SELECT count(*) FROM municipality")) == 2


def test_a_backup_is_of_one_moment(command, town, tmp_path, session, make, monkeypatch):
    """What is written while it is made is in it whole or not at all; here: not."""
    place = "participation.maintenance.backup.write_table"

    def write_meanwhile(*arguments: Any) -> Any:
        monkeypatch.setattr(place, write_table)
        make.municipality("mittendrin", "Mittendrin")
        session.commit()
        return write_table(*arguments)

    monkeypatch.setattr(place, write_meanwhile)
    assert command("backup", tmp_path / "backup.zip").code == 0
    assert session.scalar(sa.text("SELECT count(*) FROM municipality")) == 2
    with zipfile.ZipFile(tmp_path / "backup.zip") as archive:
        for name in archive.namelist():
            assert b"mittendrin" not in archive.read(name).lower(), name


def test_the_order_in_an_archive_tells_nothing_of_who_came_when(
    command, make, session, town, tmp_path, noon
):
    survey = make.survey(town)
    for _ in range(40):
        make.response(survey)
    session.commit()
    arrival = session.scalars(sa.select(SurveyResponse.id)).all()
    assert len(arrival) == 40
    command("backup", tmp_path / "backup.zip")
    with zipfile.ZipFile(tmp_path / "backup.zip") as archive:
        for table, key in (
            ("survey_response", "id"),
            ("answer", "response_id"),
            ("participation_mark", "mark"),
            ("contribution", "id"),
            ("receipt", "code_hash"),
        ):
            rows = [json.loads(line) for line in archive.read(f"{table}.jsonl").splitlines()]
            keys = [row[key].replace("-", "") for row in rows]
            assert keys == sorted(keys), table
            assert all(len(found) in {32, 64} for found in keys)
        responses = [
            json.loads(line) for line in archive.read("survey_response.jsonl").splitlines()
        ]
    assert {tuple(sorted(row)) for row in responses} == {
        (
            *("channel", "day", "id", "participant_group_id", "receipt_hash"),
            *("survey_id", "version_id"),
        )
    }
    assert {row["participant_group_id"] for row in responses} == {None}
    assert {row["channel"] for row in responses} == {Channel.ONLINE.value}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_backup_shuffles_first(command, make, session, town, tmp_path, noon):
    survey = make.survey(town)
    for _ in range(10):
        make.response(survey)
        session.commit()

    def transactions() -> set[str]:
        found = session.scalars(sa.text("SELECT DISTINCT xmin::text FROM survey_response"))
        return set(found)

    assert len(transactions()) == 10
    command("backup", tmp_path / "backup.zip")
    assert len(transactions()) == 1
