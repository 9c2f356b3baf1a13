"""A conversation as Polis exports it: a folder of tables, read and checked before it is stored.

`comments.csv` holds the statements, `votes.csv` one line for each time that somebody voted,
`participants-votes.csv` a line for each participant with a column for each statement, and
`summary.csv` pairs of key and value. One of the two tables of votes may be missing, and so may
the summary. Each may be compressed (`.gz`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from participation.comments.models import VoteChoice
from participation.comments.policy import LONGEST_TEXT
from participation.contributions.models import ContributionStatus
from participation.foundation.errors import BrokenInput
from participation.maintenance.tables import (
    BrokenTable,
    Row,
    Table,
    find_table,
    read_records,
    require_table,
)

MOST_COMMENTS = 20_000
MOST_VOTES = 1_000_000
MOST_PARTICIPANTS = 200_000

_NUMBER = re.compile(r"[0-9]{1,9}")
_ANY_NUMBER = re.compile(r"-?[0-9]+")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_MOMENT = re.compile(r"[0-9]{12,14}")  # Milliseconds since 1970.
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_CHOICES = {"1": VoteChoice.AGREE, "-1": VoteChoice.DISAGREE, "0": VoteChoice.PASS}
_STATUSES = {
    "1": ContributionStatus.PUBLISHED,
    "-1": ContributionStatus.REJECTED,
    "0": ContributionStatus.PENDING,
}

# The number of a comment and of a participant.
Pair = tuple[int, int]


@dataclass(frozen=True)
class PolisComment:
    """A statement, and how its moderators had decided."""

    number: int
    text: str
    status: ContributionStatus
    written_at: datetime | None
    language: str


@dataclass(frozen=True)
class Conversation:
    """All that is taken from a folder: the last vote of each participant on each comment.

    `name` tells it from other conversations: the end of its address, else the folder's name.
    """

    name: str
    topic: str
    description: str
    address: str
    comments: list[PolisComment]
    votes: dict[Pair, VoteChoice]
    participants: set[int]
    began: datetime | None
    ended: datetime | None


def read_conversation(folder: Path) -> Conversation:
    """Return what a folder holds. Raises BrokenInput, naming file and line."""
    comments = _read_comments(require_table(folder, "comments"))
    known = {comment.number for comment in comments}
    events, matrix = find_table(folder, "votes"), find_table(folder, "participants-votes")
    if events is None and matrix is None:
        raise BrokenInput(f"the folder {folder} holds neither votes.csv nor participants-votes.csv")
    reader = _VoteReader(known)
    if matrix is not None:
        reader.read_matrix(matrix, with_votes=events is None)
    if events is not None:
        reader.read_events(events)
    moments = [comment.written_at for comment in comments if comment.written_at]
    moments += [moment for moment in (reader.first, reader.last) if moment]
    summary = _read_summary(find_table(folder, "summary"))
    address = summary.get("url", "")
    return Conversation(
        name=address.rstrip("/").rpartition("/")[2] or folder.resolve().name,
        topic=summary.get("topic", ""),
        description=summary.get("conversation-description", ""),
        address=address,
        comments=comments,
        votes=reader.votes(),
        participants=reader.participants,
        began=min(moments, default=None),
        ended=max(moments, default=None),
    )


def _read_comments(path: Path) -> list[PolisComment]:
    """Return the comments in the order in which they were numbered."""
    table = Table(
        path, required=("comment-id", "moderated", "comment-body"), most_rows=MOST_COMMENTS
    )
    comments: dict[int, PolisComment] = {}
    for row in table:
        number = _number(row, "comment-id")
        if number in comments:
            raise row.broken(f"the comment {number} stands there twice")
        text = row.cells["comment-body"].strip()
        if len(text) > LONGEST_TEXT:
            raise row.broken(f"the comment is longer than {LONGEST_TEXT} characters")
        comments[number] = PolisComment(
            number, text, _status(row), _moment(row), _language(row.cells.get("lang", ""))
        )
    if not comments:
        raise BrokenTable(path.name, "there is a heading but no row")
    return [comments[number] for number in sorted(comments)]


class _VoteReader:
    """Keeps the last vote of every pair; the later time decides, then the later line."""

    def __init__(self, comments: set[int]) -> None:
        # One object for each number, however often it stands in a file.
        self._comments = {number: number for number in comments}
        self._cast: dict[Pair, tuple[datetime | None, VoteChoice]] = {}
        self._people: dict[int, int] = {}
        self.first: datetime | None = None
        self.last: datetime | None = None

    @property
    def participants(self) -> set[int]:
        return set(self._people)

    def votes(self) -> dict[Pair, VoteChoice]:
        """Return the last votes."""
        return {pair: choice for pair, (_, choice) in self._cast.items()}

    def read_events(self, path: Path) -> None:
        """Read one vote from each line."""
        table = Table(path, required=("comment-id", "voter-id", "vote"), most_rows=MOST_VOTES)
        for row in table:
            voter = self._person(_number(row, "voter-id"), row)
            pair = self._comment(_number(row, "comment-id"), row), voter
            choice = _choice(row, row.cells["vote"], "vote")
            moment = _moment(row)
            self._note_moment(moment)
            before = self._cast.get(pair)
            if before is None or not _is_earlier(moment, before[0]):
                self._cast[pair] = moment, choice

    def read_matrix(self, path: Path, *, with_votes: bool) -> None:
        """Read one participant from each line, and their votes unless another file has them."""
        table = Table(path, required=("participant",), most_rows=MOST_PARTICIPANTS)
        columns = self._columns(table) if with_votes else {}
        if with_votes and not columns:
            raise BrokenTable(path.name, "there is no column of a comment", line=1)
        for row in table:
            number = _number(row, "participant")
            if number in self._people:
                raise row.broken(f"the participant {number} stands there twice")
            participant = self._person(number, row)
            for column, comment in columns.items():
                cell = row.cells[column]
                if cell:
                    self._cast[comment, participant] = None, _choice(row, cell, column)
            if len(self._cast) > MOST_VOTES:
                raise row.broken(f"more than {MOST_VOTES} votes")

    def _columns(self, table: Table) -> dict[str, int]:
        columns = {}
        for name in table.columns:
            if not _ANY_NUMBER.fullmatch(name):
                continue
            if not _NUMBER.fullmatch(name) or int(name) not in self._comments:
                raise BrokenTable(table.path.name, f"there is no comment {name}", line=1)
            columns[name] = self._comments[int(name)]
        return columns

    def _comment(self, number: int, row: Row) -> int:
        if number not in self._comments:
            raise row.broken(f"there is no comment {number}")
        return self._comments[number]

    def _person(self, number: int, row: Row) -> int:
        if len(self._people) >= MOST_PARTICIPANTS and number not in self._people:
            raise row.broken(f"more than {MOST_PARTICIPANTS} participants")
        return self._people.setdefault(number, number)

    def _note_moment(self, moment: datetime | None) -> None:
        if moment is not None:
            self.first = min(self.first or moment, moment)
            self.last = max(self.last or moment, moment)


def _read_summary(path: Path | None) -> dict[str, str]:
    if path is None:
        return {}
    return {values[0]: values[1].strip() for _, values in _pairs(path)}


def _pairs(path: Path) -> Iterator[tuple[int, list[str]]]:
    for line, values in read_records(path):
        if len(values) != 2:
            raise BrokenTable(path.name, f"{len(values)} cells instead of a pair", line=line)
        yield line, values


def _number(row: Row, column: str) -> int:
    cell = row.cells[column].strip()
    if not _NUMBER.fullmatch(cell):
        raise row.broken(f"“{_short(cell)}” is not a number that {column} can have")
    return int(cell)


def _choice(row: Row, cell: str, column: str) -> VoteChoice:
    choice = _CHOICES.get(cell.strip())
    if choice is None:
        raise row.broken(f"“{_short(cell)}” in {column} is not a vote (1, -1 or 0)")
    return choice


def _status(row: Row) -> ContributionStatus:
    cell = row.cells["moderated"]
    status = _STATUSES.get(cell.strip())
    if status is None:
        raise row.broken(f"“{_short(cell)}” in moderated is none of 1, -1 and 0")
    return status


def _language(cell: str) -> str:
    """Return the language that a newer export names; most say nothing, and `und` says so."""
    code = cell.strip().lower()
    return code if _LANGUAGE.fullmatch(code) else "und"


def _moment(row: Row) -> datetime | None:
    cell = row.cells.get("timestamp", "").strip()
    if not cell:
        return None
    if _MOMENT.fullmatch(cell):
        seconds, rest = divmod(int(cell), 1000)
        moment = datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest * 1000)
        if moment >= _EARLIEST:
            return moment
    raise row.broken(f"“{_short(cell)}” is not a time in milliseconds")


def _is_earlier(moment: datetime | None, than: datetime | None) -> bool:
    return moment is not None and than is not None and moment < than


def _short(cell: str) -> str:
    return cell if len(cell) <= 40 else cell[:40] + "…"
