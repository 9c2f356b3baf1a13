"""Reading tables: what is accepted, and what is refused with the line it stands in."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from participation.foundation.errors import BrokenInput
from participation.maintenance import tables
from participation.maintenance.tables import BrokenTable, Row, Table, find_table, require_table


@pytest.fixture
def written(tmp_path: Path):
    """Write bytes into a file and return it."""

    def write(content: bytes | str, name: str = "ideas.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def rows(path: Path) -> list[Row]:
    return list(Table(path))


def test_a_row_knows_its_cells_by_column_and_the_line_it_begins_at(written):
    found = rows(written('title,text\n\nEins,"erste Zeile\nzweite Zeile"\nZwei,Text\n'))
    assert [row.line for row in found] == [3, 5]
    assert found[0].cells == {"title": "Eins", "text": "erste Zeile\nzweite Zeile"}


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbftitle,text\nEins,Text\n",
        b"title,text\r\nEins,Text\r\n",
        b"\xef\xbb\xbftitle,text\r\nEins,Text",
        b'"title","text"\n"Eins","Text"\n',
        b" title , text \nEins,Text\n",
    ],
    ids=["byte order mark", "carriage returns", "both, no last line end", "quoted", "blanks"],
)
def test_a_table_may_be_written_in_several_ways(written, content):
    assert [row.cells for row in rows(written(content))] == [{"title": "Eins", "text": "Text"}]


def test_cells_lose_the_signs_that_nobody_sees(written):
    content = "ti\u202etle,text,number\nE\x07ins\ufeff,\u200b\u2060,1\nZ\u200dwei,a\x0bb,2\n"
    assert [list(row.cells.items()) for row in rows(written(content))] == [
        [("title", "Eins"), ("text", ""), ("number", "1")],
        [("title", "Z\u200dwei"), ("text", "a\nb"), ("number", "2")],
    ]


def test_a_table_may_be_compressed(written):
    path = written(gzip.compress("title\nÜber\n".encode()), "ideas.csv.gz")
    assert [row.cells for row in rows(path)] == [{"title": "Über"}]


BROKEN = {
    "empty": (b"", "ideas.csv: the file is empty", None),
    "only line ends": (b"\n\n\n", "ideas.csv: the file is empty", None),
    "not UTF-8": ("title\nGr\xfcn\n".encode("latin-1"), "ideas.csv, line 2: not UTF-8", 2),
    "UTF-16": ("title\nEins\n".encode("utf-16"), "ideas.csv, line 1: not UTF-8", 1),
    "NUL": (b"title\nEins\nZw\0ei\n", "ideas.csv, line 3: a NUL character", 3),
    "quotation mark left open": (
        b'title,text\nEins,Text\nZwei,"Text\nDrei,Text\n',
        "ideas.csv, line 3: a quotation mark that opens here is never closed",
        3,
    ),
    "quotation mark in a cell": (
        b'title,text\nEins,"ein "Wort" darin"\n',
        "ideas.csv, line 2: a quotation mark stands inside a cell without being doubled",
        2,
    ),
    "too many cells": (b"a,b\n1,2\n1,2,3\n", "line 3: 3 cells, but there are 2 columns", 3),
    "too few cells": (b"a,b\n1,2\n1\n", "line 3: 1 cells, but there are 2 columns", 3),
    "column twice": (b"a,b,a\n1,2,3\n", "line 1: the column “a” stands there twice", 1),
    "old line ends": (b"a,b\r1,2\r", "line 1: a line ends in a way that is not understood", 1),
    "giant cell": (
        b"a,b\n1," + b"x" * (tables.LONGEST_CELL + 1) + b"\n",
        "line 2: a cell is longer than 100000",
        2,
    ),
    "giant quoted cell": (
        b'a,b\n1,"' + b"x\n" * tables.LONGEST_CELL + b'"\n',
        "line 2: a cell is too long, or a quotation mark that opens here is never closed",
        2,
    ),
    "giant line": (
        b"a\n" + b"x" * (tables.LONGEST_LINE + 1),
        "line 2: a line is longer than",
        2,
    ),
    "too many columns": (
        ",".join(map(str, range(tables.MOST_COLUMNS + 1))).encode() + b"\n",
        "line 1: more than 20000 columns",
        1,
    ),
    "compressed under a plain name": (gzip.compress(b"a\n1\n"), "line 1: not UTF-8", 1),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_what_is_no_table_is_refused_with_its_line(written, fault):
    content, message, line = BROKEN[fault]
    with pytest.raises(BrokenTable) as refused:
        rows(written(content))
    assert message in str(refused.value)
    assert refused.value.line == line


def test_a_missing_column_is_named_with_those_that_are_there(written):
    with pytest.raises(
        BrokenTable, match=r"line 1: there is no column “text”; the columns are a;b"
    ):
        Table(written("a;b\n1;2\n"), required=("text",))


def test_a_heading_alone_is_no_table(written):
    with pytest.raises(BrokenTable, match="there is a heading but no row"):
        Table(written("a,b\n")).count_rows()


def test_more_rows_than_allowed_are_refused(written):
    table = Table(written("a\n1\n2\n3\n"), most_rows=2)
    with pytest.raises(BrokenTable, match="line 4: more than 2 rows"):
        table.count_rows()


def test_a_compressed_file_that_breaks_off_is_refused(written):
    whole = gzip.compress(b"a\n" + os.urandom(5000).hex().encode() + b"\n")
    with pytest.raises(BrokenTable, match="the file is damaged"):
        rows(written(whole[: len(whole) // 2], "ideas.csv.gz"))


def test_a_compressed_file_with_a_wrong_byte_is_refused(written):
    whole = bytearray(gzip.compress(b"a\n" + os.urandom(5000).hex().encode() + b"\n"))
    whole[200] ^= 0xFF
    with pytest.raises(BrokenTable):
        rows(written(bytes(whole), "ideas.csv.gz"))


def test_a_file_that_only_claims_to_be_compressed_is_refused(written):
    with pytest.raises(BrokenTable, match="the file is damaged"):
        rows(written(b"a\n1\n", "ideas.csv.gz"))


@pytest.mark.parametrize("line_end", [b"\n", b""], ids=["many rows", "one row"])
def test_a_small_file_that_unpacks_to_a_giant_one_is_refused(written, monkeypatch, line_end):
    monkeypatch.setattr(tables, "LARGEST_FILE", 1024 * 1024)
    monkeypatch.setattr(tables, "LONGEST_LINE", 256 * 1024)
    bomb = gzip.compress(b"a\n" + (b"x" * 1000 + line_end) * 20_000)
    assert len(bomb) < 100_000
    with pytest.raises(BrokenTable, match=r"larger than 1 MiB|a line is longer than"):
        rows(written(bomb, "ideas.csv.gz"))


def test_what_is_no_regular_file_is_not_waited_for(tmp_path):
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    for path in (tmp_path, pipe, Path("/dev/zero")):
        with pytest.raises(BrokenInput, match="is not a file"):
            Table(path)


def test_a_link_counts_as_what_it_leads_to(written, tmp_path):
    file = written("a\n1\n")
    link, astray, folder = (tmp_path / name for name in ("link.csv", "astray.csv", "folder.csv"))
    link.symlink_to(file)
    astray.symlink_to(tmp_path / "nowhere")
    folder.symlink_to(tmp_path)
    assert len(rows(link)) == 1
    with pytest.raises(BrokenInput, match=r"cannot read .*astray\.csv: No such file"):
        Table(astray)
    with pytest.raises(BrokenInput, match="is not a file"):
        Table(folder)


def test_a_folder_holds_a_table_plain_or_compressed(tmp_path):
    assert find_table(tmp_path, "votes") is None
    (tmp_path / "votes.csv.gz").touch()
    assert find_table(tmp_path, "votes") == tmp_path / "votes.csv.gz"
    (tmp_path / "votes.csv").touch()
    assert find_table(tmp_path, "votes") == tmp_path / "votes.csv"


def test_a_folder_without_the_table_is_refused(tmp_path):
    with pytest.raises(BrokenInput, match=r"the folder .* holds no comments.csv"):
        require_table(tmp_path, "comments")
    with pytest.raises(BrokenInput, match="is not a folder"):
        require_table(tmp_path / "nowhere", "comments")
