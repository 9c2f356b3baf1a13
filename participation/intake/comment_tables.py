"""A table of comments of a round: what its columns mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from participation.comments.models import Passage, Stance
from participation.comments.words import checked_quote, checked_rewording, checked_stance
from participation.foundation.errors import Refused
from participation.foundation.uploaded_tables import Line
from participation.intake.tables import DAY, LineReader, Row, Table, read_table

PASSAGE, STANCE, TEXT = "Abschnitt", "Haltung", "Kommentar"
QUOTE, REWORDING = "Zitat", "Neuer Wortlaut"
HEADINGS = (PASSAGE, STANCE, TEXT, QUOTE, REWORDING, DAY)
# The words of the page, as they are written into a cell.
STANCES = {
    "Zustimmung": Stance.APPROVE,
    "Bedenken": Stance.CONCERN,
    "Frage": Stance.QUESTION,
    "anderer Wortlaut": Stance.REWORDING,
}
_STANCES = {word.casefold(): stance for word, stance in STANCES.items()}
_WHOLE = ("", "gesamt", "ganzer text", "zum ganzen text")


@dataclass(frozen=True, kw_only=True)
class CommentRow(Row):
    """A comment of a table; without a passage it is about the text as a whole."""

    passage: str = ""
    stance: str = ""
    quote: str = ""
    rewording: str = ""

    @property
    def said(self) -> tuple[str, ...]:
        """All that a comment says, and about what."""
        return self.passage, self.stance, self.text, self.quote, self.rewording

    @property
    def subject(self) -> str:
        """Its passage."""
        return self.passage


def read_comments(
    content: bytes, name: str, *, passages: Sequence[Passage], longest: int, at: datetime
) -> Table[CommentRow]:
    """Read a table of comments on some passages, each at most so long. Raises Refused."""
    return read_table(content, name, _CommentReader(passages, longest, at=at))


class _CommentReader(LineReader[CommentRow]):
    headings = HEADINGS
    needed = (STANCE, TEXT)
    also_called = {  # noqa: RUF012 - never changed.
        "nummer": PASSAGE,
        "nr": PASSAGE,
        "nr.": PASSAGE,
        "text": TEXT,
        "anmerkung": TEXT,
        "stelle": QUOTE,
        "wortlaut": REWORDING,
        "vorschlag": REWORDING,
    }

    def __init__(self, passages: Sequence[Passage], longest: int, *, at: datetime) -> None:
        super().__init__(at=at)
        self._passages = {passage.code.casefold(): passage for passage in passages}
        self._longest = longest

    def read(self, line: Line) -> CommentRow:
        """Return the comment of a line; what is wrong with it is kept in `faults`."""
        text = self._cell(line, TEXT)
        if not text:
            self._note(line, TEXT, Refused("Hier fehlt der Kommentar."))
        self._limited(line, TEXT, text, self._longest)
        passage, is_known = self._passage(line)
        stance = self._stance(line, passage) if is_known else None
        return CommentRow(
            line=line.number,
            text=text,
            passage=passage.code if passage else "",
            stance=stance.value if stance else "",
            quote=self._quote(line, passage) if is_known else "",
            rewording=self._rewording(line, passage, stance) if stance else "",
            received_on=self._day(line),
        )

    def _passage(self, line: Line) -> tuple[Passage | None, bool]:
        """Return the passage that a line names, and whether there is what it names."""
        written = self._cell(line, PASSAGE)
        code = written.casefold()
        if code in _WHOLE:
            return None, True
        found = self._passages.get(code) or self._passages.get(
            code.removeprefix("abschnitt").strip()
        )
        if found is None:
            codes = [passage.code for passage in self._passages.values()]
            self._note(
                line,
                PASSAGE,
                Refused(
                    "Den Abschnitt „%(written)s“ gibt es nicht. Möglich sind %(first)s bis "
                    "%(last)s, oder nichts für den ganzen Text.",
                    written=written[:40],
                    first=codes[0],
                    last=codes[-1],
                ),
            )
        return found, found is not None

    def _stance(self, line: Line, passage: Passage | None) -> Stance | None:
        written = self._cell(line, STANCE)
        stance = _STANCES.get(" ".join(written.casefold().split()))
        if stance is None:
            self._note(
                line,
                STANCE,
                Refused(
                    "Die Haltung „%(written)s“ kennen wir nicht. Möglich sind: %(known)s.",
                    written=written[:40],
                    known=", ".join(STANCES),
                ),
            )
            return None
        try:
            return checked_stance(passage, stance)
        except Refused as refusal:
            self._note(line, STANCE, refusal)
            return None

    def _quote(self, line: Line, passage: Passage | None) -> str:
        quote = self._cell(line, QUOTE)
        if quote and passage is None:
            self._note(
                line, QUOTE, Refused("Ein Zitat gehört zu einem Abschnitt. Nennen Sie ihn bitte.")
            )
            return ""
        return self._tried(line, QUOTE, lambda: checked_quote(passage, quote))

    def _rewording(self, line: Line, passage: Passage | None, stance: Stance) -> str:
        wording = self._cell(line, REWORDING)
        if wording and stance is not Stance.REWORDING:
            self._note(
                line,
                REWORDING,
                Refused("Hier steht ein Wortlaut. Dann heißt die Haltung „anderer Wortlaut“."),
            )
            return ""
        return self._tried(line, REWORDING, lambda: checked_rewording(passage, stance, wording))
