"""The tables of open data: what each field is called, of what type it is, and what it means.

The names of fields and the values of lists are the same in every language.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from participation.portal.queries.open_data import ELEMENT_FIELDS
from participation.strategy.labels import FIELD_LABELS

LICENCE = "Datenlizenz Deutschland – Namensnennung – Version 2.0"
LICENCE_ADDRESS = "https://www.govdata.de/dl-de/by-2-0"


@dataclass(frozen=True)
class Field:
    """A column of a table, or a key of an object."""

    name: str
    kind: LazyString
    meaning: LazyString


@dataclass(frozen=True)
class OpenTable:
    """A table that can be downloaded."""

    name: str
    title: LazyString
    text: LazyString
    fields: Sequence[Field]

    @property
    def heading(self) -> list[str]:
        """The names of the fields."""
        return [field.name for field in self.fields]


_TEXT, _NUMBER, _DAY, _WORD = _l("Text"), _l("Zahl"), _l("Tag, JJJJ-MM-TT"), _l("festes Wort")

STRATEGY = OpenTable(
    "strategie",
    _l("Strategie"),
    _l("Alle Elemente der Fassung, die gilt: Wortlaut und Stand der Umsetzung."),
    (
        Field("code", _TEXT, _l("Kürzel des Elements, auf Dauer gleich")),
        Field("kind", _WORD, _l("vision, action_field, goal oder measure")),
        Field("version", _NUMBER, _l("Nummer der Fassung")),
        *(Field(name, _TEXT, FIELD_LABELS[name]) for name in ELEMENT_FIELDS),
        Field("state", _WORD, _l("Stand: not_started, running, at_risk, done oder stopped")),
        Field("percent", _NUMBER, _l("wie weit die Maßnahme ist, in Prozent")),
        Field("reported_on", _DAY, _l("wann das gemeldet wurde")),
    ),
)
MEASUREMENTS = OpenTable(
    "messwerte",
    _l("Indikatoren und Messwerte"),
    _l("Eine Zeile je Messwert. Ein Indikator ohne Messwert hat eine Zeile."),
    (
        Field("element", _TEXT, _l("Kürzel des Elements")),
        Field("indicator", _TEXT, _l("Name des Indikators")),
        Field("kind", _WORD, _l("quantitative oder qualitative")),
        Field("unit", _TEXT, _l("Einheit")),
        Field("baseline", _NUMBER, _l("Ausgangswert")),
        Field("target", _NUMBER, _l("Zielwert")),
        Field("target_on", _DAY, _l("bis wann der Zielwert erreicht sein soll")),
        Field("source", _TEXT, _l("Quelle")),
        Field("measured_on", _DAY, _l("wann gemessen wurde")),
        Field("value", _NUMBER, _l("Messwert")),
        Field("n", _NUMBER, _l("wie viele geantwortet haben, gerundet; nur aus Umfragen")),
        Field("margin", _NUMBER, _l("Fehlerspanne; nur aus Umfragen")),
    ),
)
CONTRIBUTIONS = OpenTable(
    "beitraege",
    _l("Veröffentlichte Beiträge"),
    _l("Ideen, Kommentare und freie Antworten, wie sie auf den Seiten stehen."),
    (
        Field("kind", _WORD, _l("idea, comment oder survey_remark")),
        Field("number", _NUMBER, _l("Nummer in der Beteiligung; freie Antworten haben keine")),
        Field("engagement", _TEXT, _l("Titel der Beteiligung")),
        Field("address", _TEXT, _l("Seite des Beitrags; freie Antworten haben keine")),
        Field("received_on", _DAY, _l("wann der Beitrag kam")),
        Field("language", _TEXT, _l("Sprache des Beitrags, zum Beispiel de")),
        Field("title", _TEXT, _l("Titel einer Idee")),
        Field("text", _TEXT, _l("Wortlaut")),
        Field("rewording", _TEXT, _l("vorgeschlagener Wortlaut eines Kommentars")),
        Field("stance", _WORD, _l("Haltung: approve, concern, question oder rewording")),
        Field("supports", _NUMBER, _l("Unterstützungen einer Idee")),
        Field(
            "people",
            _NUMBER,
            _l("Menschen, die sie oder eine gleiche Idee unterstützen, jeder einmal gezählt"),
        ),
        Field("equal_to", _NUMBER, _l("Nummer der gleichen Idee, bei der diese mitgezählt ist")),
        Field("elements", _TEXT, _l("Kürzel der Elemente, um die es geht, mit Leerzeichen")),
        Field("place_kind", _WORD, _l("Ort einer Idee: point, line, area, address, everywhere")),
        Field("place", _TEXT, _l("Adresse oder Beschreibung des Orts")),
        Field("latitude", _NUMBER, _l("Breite, bei Linie und Fläche die der Mitte")),
        Field("longitude", _NUMBER, _l("Länge, bei Linie und Fläche die der Mitte")),
        Field("organisation", _TEXT, _l("unter wessen Namen; leer bei Bürgerinnen und Bürgern")),
    ),
)
TABLES = {table.name: table for table in (STRATEGY, MEASUREMENTS, CONTRIBUTIONS)}

RESULTS = OpenTable(
    "ergebnisse",
    _l("Ergebnisse einer Beteiligung"),
    _l("Die neueste Freigabe, mit genau den Zahlen ihrer Seite."),
    (
        Field("question", _TEXT, _l("Kürzel der Frage")),
        Field("wording", _TEXT, _l("Wortlaut der Frage, oder worum es geht")),
        Field("answer", _TEXT, _l("Antwort, Idee oder Kommentar")),
        Field("count", _NUMBER, _l("Anzahl, gerundet; leer, wo es zu wenige sind")),
        Field("share", _NUMBER, _l("Anteil in Prozent")),
        Field("mean", _NUMBER, _l("Mittel")),
        Field("shown", _TEXT, _l("Wert, wie er auf der Seite steht")),
        Field("n", _NUMBER, _l("wie viele gezählt sind; bei Menschen gerundet")),
        Field("version", _NUMBER, _l("Fassung der Umfrage")),
        Field("released_on", _TEXT, _l("wann das Ergebnis freigegeben wurde")),
        Field("note", _TEXT, _l("Hinweis")),
        Field("group", _TEXT, _l("eingeladene Gruppe; leer, wo alle zusammen gezählt sind")),
    ),
)
