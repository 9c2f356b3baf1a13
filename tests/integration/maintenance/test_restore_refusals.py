"""Archives that are damaged, forged or too new, and databases that are not empty."""

from __future__ import annotations

import hashlib
import json
import uuid
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from participation.foundation.orm import metadata
from participation.maintenance import schema
from tests.drill import content, opened

Change = Callable[[dict[str, bytes]], None]


def rewritten(archive: Path, change: Change) -> Path:
    """Return a copy of an archive with some of its files changed; a fair checksum each."""
    with zipfile.ZipFile(archive) as whole:
        files = {name: whole.read(name) for name in whole.namelist()}
    change(files)
    copy = archive.with_name(f"changed-{uuid.uuid4().hex}.zip")
    with zipfile.ZipFile(copy, "w") as written:
        for name, file in files.items():
            written.writestr(name, file)
    return copy


def with_manifest(change: Callable[[dict[str, Any]], None]) -> Change:
    def changed(files: dict[str, bytes]) -> None:
        manifest = json.loads(files["manifest.json"])
        change(manifest)
        files["manifest.json"] = json.dumps(manifest).encode()

    return changed


def honestly(name: str, change: Callable[[bytes], bytes]) -> Change:
    """Change a table and say so in the manifest, as somebody would who forges an archive."""

    def changed(files: dict[str, bytes]) -> None:
        files[f"{name}.jsonl"] = change(files[f"{name}.jsonl"])
        manifest = json.loads(files["manifest.json"])
        entry = next(one for one in manifest["tables"] if one["name"] == name)
        entry["sha256"] = hashlib.sha256(files[f"{name}.jsonl"]).hexdigest()
        entry["rows"] = files[f"{name}.jsonl"].count(b"\n")
        files["manifest.json"] = json.dumps(manifest).encode()

    return changed


def without(name: str) -> Change:
    def changed(files: dict[str, bytes]) -> None:
        del files[name]

    return changed


def another_line(files: dict[str, bytes]) -> None:
    files["account.jsonl"] = files["account.jsonl"].replace(b"example.org", b"example.com")


def one_line_less(files: dict[str, bytes]) -> None:
    files["journal_entry.jsonl"] = files["journal_entry.jsonl"].rpartition(b'{"number"')[0]


def unknown_table(manifest: dict[str, Any]) -> None:
    manifest["tables"].append(
        {
            "name": "alembic_version",
            "columns": {"version_num": "text"},
            "rows": 0,
            "sha256": hashlib.sha256(b"").hexdigest(),
        }
    )


DAMAGES: dict[str, tuple[Change, str]] = {
    "no manifest": (without("manifest.json"), "this is not a whole backup (KeyError"),
    "a table less": (without("vote.jsonl"), "this is not a whole backup (KeyError"),
    "manifest is no JSON": (
        lambda files: files.update({"manifest.json": b"{"}),
        "this is not a whole backup (JSONDecodeError",
    ),
    "manifest says something else": (
        with_manifest(lambda manifest: manifest.pop("revision")),
        "this is not a whole backup (TypeError",
    ),
    "other format": (
        with_manifest(lambda manifest: manifest.update(format=99)),
        "made by another version of the platform",
    ),
    "newer version": (
        with_manifest(lambda manifest: manifest.update(revision="9999")),
        "this backup was made by a newer version (9999)",
    ),
    "another line": (another_line, "the table “account” in the backup is damaged"),
    "a line less": (one_line_less, "the table “journal_entry” in the backup is damaged"),
    "unknown kind of value": (
        with_manifest(lambda manifest: manifest["tables"][0]["columns"].update(id="magic")),
        "values of an unknown kind, magic",
    ),
    "row that leads nowhere": (
        honestly("vote", lambda rows: rows.replace(rows[15:23], b"00000000")),
        "this backup does not fit its own tables",
    ),
    "row twice": (
        honestly("vote", lambda rows: rows + rows.splitlines(keepends=True)[0]),
        "this backup does not fit its own tables",
    ),
    "row without a value": (
        honestly("account", lambda rows: rows.replace(b'"email":"', b'"mail":"')),
        "this backup does not fit its own tables",
    ),
    "value that may not be": (
        honestly("vote", lambda rows: rows.replace(b'"agree"', b'"perhaps"')),
        "this backup does not fit its own tables",
    ),
    "row that is no JSON": (
        honestly("vote", lambda rows: rows + b"nothing\n"),
        "this backup does not fit its own tables",
    ),
}


def inside_the_largest_file(archive: Path) -> int:
    """Return where a byte of content stands; between two files some bytes mean nothing."""
    with zipfile.ZipFile(archive) as whole:
        largest = max(whole.infolist(), key=lambda file: file.compress_size)
    head = 30 + len(largest.filename)
    return largest.header_offset + head + largest.compress_size // 2


def is_empty(url: str) -> bool:
    with opened(url) as engine, engine.connect() as connection:
        present = set(sa.inspect(connection).get_table_names()) & set(metadata.tables)
        return not any(
            connection.scalar(sa.select(sa.func.count()).select_from(metadata.tables[name]))
            for name in present
        )


def test_a_damaged_archive_stores_nothing(on_new, filled_sqlite, new_url):
    for damage, says in DAMAGES.values():
        refusal = on_new("restore", rewritten(filled_sqlite.archive, damage)).refusal
        assert says in refusal
        assert is_empty(new_url)
    # And none of the attempts stands in the way of the right one.
    assert on_new("restore", filled_sqlite.archive).code == 0


def test_what_is_no_archive_is_refused(on_new, filled_sqlite, new_url, tmp_path):
    whole = filled_sqlite.archive.read_bytes()
    broken = tmp_path / "broken.zip"
    middle = inside_the_largest_file(filled_sqlite.archive)
    for content_of_file in (
        b"",
        b"nothing of the kind",
        whole[: len(whole) // 2],
        whole[:-10],
        whole[:middle] + b"damage" + whole[middle + 6 :],
    ):
        broken.write_bytes(content_of_file)
        assert "backup" in on_new("restore", broken).refusal
    assert "is not a file" in on_new("restore", tmp_path).refusal
    assert "No such file" in on_new("restore", tmp_path / "nowhere.zip").refusal
    with opened(new_url) as engine:
        assert sa.inspect(engine).get_table_names() == []


def test_only_an_empty_database_is_filled(command, filled_sqlite, engine, town):
    before = content(engine)
    refusal = command("restore", filled_sqlite.archive).refusal
    assert refusal.startswith("the database is not empty (table “")
    assert content(engine) == before


def test_a_database_that_has_its_tables_but_no_rows_is_filled(on_new, filled_sqlite, new_url):
    with opened(new_url) as engine:
        schema.upgrade(engine)
    assert on_new("restore", filled_sqlite.archive).code == 0


def test_another_secret_key_is_pointed_out(on_new, filled_sqlite, monkeypatch):
    monkeypatch.setenv("PARTICIPATION_SECRET_KEY", "another key than the one of the backup")
    ran = on_new("restore", filled_sqlite.archive)
    assert ran.code == 0
    assert ran.err.startswith("This backup was made with another secret key")
