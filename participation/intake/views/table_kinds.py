"""What a table looks like for each kind of engagement that takes one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from participation.comments.models import CommentRound
from participation.comments.policy import longest_text
from participation.comments.queries import passages_of
from participation.engagements.queries import elements_about
from participation.foundation.cells import Cell
from participation.ideas.models import IdeaCall, PlaceRule
from participation.intake import comment_tables, idea_tables, queries
from participation.intake.comment_tables import CommentRow, read_comments
from participation.intake.forms import passage_words
from participation.intake.idea_tables import IdeaRow, read_ideas
from participation.intake.tables import DAY, Row, Table
from participation.web.extensions import db

Taken = IdeaCall | CommentRound


@dataclass(frozen=True)
class TableKind:
    """A kind of table: its columns, the ones that must be filled, and how it is read."""

    file_name: str
    headings: Callable[[Any], tuple[str, ...]]
    needed: tuple[str, ...]
    row: type[Row]
    name: Callable[[], str]
    hints: Callable[[Any], Iterator[tuple[Cell, ...]]]
    read: Callable[[Any, bytes, str, datetime], Table[Any]]
    known: Callable[[Any, Sequence[str]], dict[queries.Words, int]]


def counted(engagement: Taken, number: int) -> str:
    """Return so many ideas, or comments, in words."""
    if isinstance(engagement, CommentRound):
        return str(ngettext("%(num)s Kommentar", "%(num)s Kommentare", number))
    return str(ngettext("%(num)s Idee", "%(num)s Ideen", number))


def _asks_place(call: IdeaCall) -> bool:
    return call.asks_place is not PlaceRule.NONE


def _idea_headings(call: IdeaCall) -> tuple[str, ...]:
    return idea_tables.headings_of(with_place=_asks_place(call))


def _idea_hints(call: IdeaCall) -> Iterator[tuple[Cell, ...]]:
    yield str(_("Spalte")), str(_("Was hinein gehört"))
    yield (
        idea_tables.TITLE,
        str(_("Ein kurzer Satz. Fehlt er, nehmen wir die ersten Wörter der Idee.")),
    )
    yield (
        idea_tables.TEXT,
        str(_("Die Idee, höchstens 4.000 Zeichen. Ohne Namen und Telefonnummern.")),
    )
    yield idea_tables.ELEMENTS, str(_("Freiwillig: Kürzel, mit Komma getrennt."))
    for element in elements_about(db.session(), call.id):
        yield "", f"{element.code}: {element.title}"
    if _asks_place(call):
        yield idea_tables.PLACE, str(_("Freiwillig: eine Adresse, oder wo es ist in Worten."))
    yield DAY, _day_hint()


def _comment_hints(comment_round: CommentRound) -> Iterator[tuple[Cell, ...]]:
    yield str(_("Spalte")), str(_("Was hinein gehört"))
    yield comment_tables.PASSAGE, str(_("Die Nummer des Abschnitts, leer für den ganzen Text."))
    for passage in passages_of(db.session(), comment_round.id):
        yield "", passage_words(passage)
    yield (
        comment_tables.STANCE,
        str(_("Eines davon: %(words)s.", words=", ".join(comment_tables.STANCES))),
    )
    yield (
        comment_tables.TEXT,
        str(
            _(
                "Der Kommentar, höchstens %(limit)s Zeichen. Ohne Namen und Telefonnummern.",
                limit=longest_text(comment_round, None),
            )
        ),
    )
    yield comment_tables.QUOTE, str(_("Freiwillig: Worte, wie sie im Abschnitt stehen."))
    yield (
        comment_tables.REWORDING,
        str(_("Nur bei „anderer Wortlaut“: der ganze Abschnitt, wie er heißen soll.")),
    )
    yield DAY, _day_hint()


def _day_hint() -> str:
    return str(_("Freiwillig: ein Tag wie 24.11.2026, sonst der Tag von der Seite."))


def _read_ideas(call: IdeaCall, content: bytes, name: str, at: datetime) -> Table[IdeaRow]:
    codes = [element.code for element in call.elements]
    return read_ideas(content, name, elements=codes, with_place=_asks_place(call), at=at)


def _read_comments(
    comment_round: CommentRound, content: bytes, name: str, at: datetime
) -> Table[CommentRow]:
    return read_comments(
        content,
        name,
        passages=comment_round.passages,
        longest=longest_text(comment_round, None),
        at=at,
    )


TABLES: dict[type, TableKind] = {
    IdeaCall: TableKind(
        file_name="ideen",
        headings=_idea_headings,
        needed=(idea_tables.TEXT,),
        row=IdeaRow,
        name=lambda: str(_("Ideen")),
        hints=_idea_hints,
        read=_read_ideas,
        known=lambda call, texts: queries.known_ideas(db.session(), call, texts),
    ),
    CommentRound: TableKind(
        file_name="kommentare",
        headings=lambda _comment_round: comment_tables.HEADINGS,
        needed=(comment_tables.STANCE, comment_tables.TEXT),
        row=CommentRow,
        name=lambda: str(_("Kommentare")),
        hints=_comment_hints,
        read=_read_comments,
        known=lambda found, texts: queries.known_comments(db.session(), found, texts),
    ),
}
