"""What the import of LimeSurvey tells, for people: the command tells it in English.

A sentence of the import stands here as a pattern beside its German words; what the pattern
catches is filled in.
"""

from __future__ import annotations

import re

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

_SAID: tuple[tuple[str, LazyString], ...] = (
    # What is wrong with a file, or with one of its questions.
    (r"this is no survey of LimeSurvey but .*", _l("Das ist keine Umfrage aus LimeSurvey.")),
    (r"the file names no language", _l("Die Datei nennt keine Sprache.")),
    (r"the compressed file is damaged", _l("Die gepackte Datei ist beschädigt.")),
    (r"the file is larger than (?P<most>\d+) MB", _l("Die Datei ist größer als %(most)s MB.")),
    (r"the file is empty", _l("Die Datei ist leer.")),
    (r"more than (?P<most>\d+) tags", _l("Die Datei hat mehr als %(most)s Einträge.")),
    (r"more than (?P<most>\d+) rows", _l("Die Datei hat mehr als %(most)s Zeilen.")),
    (r"tags stand in each other too deeply", _l("Die Datei ist zu tief verschachtelt.")),
    (
        r"the file defines entities or a document type, .*",
        _l("Die Datei enthält etwas, das in keine Umfrage gehört (Entitäten)."),
    ),
    (
        r"line (?P<line>\d+): this is no well-formed XML",
        _l("Zeile %(line)s: Hier ist die Datei beschädigt (kein gültiges XML)."),
    ),
    (
        r"the file says that its letters are of an unknown kind",
        _l("Die Datei ist in einer unbekannten Kodierung geschrieben."),
    ),
    (r"the file holds no question", _l("Die Datei enthält keine Frage.")),
    (
        r"no question of the file is of a kind that we have",
        _l("Keine Frage der Datei hat eine Art, die es hier gibt."),
    ),
    (r"more than (?P<most>\d+) questions", _l("Das sind mehr als %(most)s Fragen.")),
    (
        r"the code of a question has letters and digits, .*",
        _l("Der Code einer Frage hat Buchstaben und Ziffern, höchstens 40 Zeichen."),
    ),
    (r"the code stands there twice", _l("Diesen Code gibt es zweimal.")),
    (r"the question is of no kind", _l("Die Frage hat keine Art.")),
    (r"the question has no number of its own", _l("Die Frage hat keine eigene Nummer.")),
    (r"the question belongs to no group .*", _l("Die Frage gehört zu keiner Gruppe der Datei.")),
    (
        r"the subquestion belongs to no question .*",
        _l("Diese Teilfrage gehört zu keiner Frage der Datei."),
    ),
    (r"an answer belongs to no question", _l("Eine Antwort gehört zu keiner Frage.")),
    (
        r"the .* “(?P<name>.*)” has no proper code",
        _l("Die Zeile „%(name)s“ hat keinen gültigen Code."),
    ),
    (r"the .* “(?P<name>.*)” stands there twice", _l("Die Zeile „%(name)s“ gibt es zweimal.")),
    (r"the .* “(?P<name>.*)” is too long", _l("Die Zeile „%(name)s“ ist zu lang.")),
    (r"more than (?P<most>\d+) lines", _l("Die Frage hat mehr als %(most)s Zeilen.")),
    (
        r"a text is longer than (?P<most>\d+) characters",
        _l("Ein Text ist länger als %(most)s Zeichen."),
    ),
    (r"the question has no text in any language", _l("Die Frage hat in keiner Sprache Text.")),
    (
        r"a text is in a language that the file does not declare: “(?P<name>.*)”",
        _l("Ein Text steht in einer Sprache, die die Datei nicht nennt: %(name)s."),
    ),
    (
        r"the place “(?P<name>.*)” is no whole number",
        _l("Die Stelle „%(name)s“ ist keine ganze Zahl."),
    ),
    (r"the line “(?P<name>.*)” has no words", _l("Die Zeile „%(name)s“ hat keinen Text.")),
    (r"there is no line to choose from", _l("Es gibt keine Antwort zum Auswählen.")),
    (r"there is no line to fill in", _l("Es gibt keine Zeile zum Ausfüllen.")),
    (r"the matrix has no line", _l("Die Matrix hat keine Zeile.")),
    (r"the matrix has no column", _l("Die Matrix hat keine Spalte.")),
    # What was taken over differently, or not at all.
    (
        r"a calculated value is not asked; .*",
        _l("Berechnete Werte gibt es hier nicht. Die Frage fehlt."),
    ),
    (
        r"files cannot be sent with answers here",
        _l("Dateien kann man hier nicht mitschicken. Die Frage fehlt."),
    ),
    (
        r"everybody chooses the language above the survey; .*",
        _l("Die Sprache wählen alle oben in der Umfrage. Die Frage ist nicht nötig."),
    ),
    (
        r"a table of numbers is no kind of ours; .*",
        _l("Tabellen mit Zahlen gibt es hier nicht. Fragen Sie jede Spalte in einer Matrix."),
    ),
    (
        r"a table of texts is no kind of ours; .*",
        _l("Tabellen mit Texten gibt es hier nicht. Fragen Sie jede Spalte als Textfrage."),
    ),
    (
        r"a matrix with two scales is no kind of ours; .*",
        _l("Eine Matrix mit zwei Skalen gibt es hier nicht. Machen Sie zwei daraus."),
    ),
    (
        r"a text that stands among questions .*",
        _l("Text steht hier nur oben auf einer Seite, nicht zwischen Fragen. Er fehlt."),
    ),
    (r"the kind “(?P<name>.*)” is not known here", _l("Die Art „%(name)s“ gibt es hier nicht.")),
    (r"a hidden question is not asked", _l("Versteckte Fragen gibt es hier nicht.")),
    (
        r"the question has no words; its code .*",
        _l("Die Frage hat keinen Text. Dort steht jetzt ihr Code."),
    ),
    (
        r"its lines depend on another one; .*",
        _l("Welche Antworten erscheinen, hing von einer anderen Frage ab. Hier erscheinen alle."),
    ),
    (
        r"some of its lines have a condition; .*",
        _l("Einzelne Antworten hatten eine Bedingung. Hier erscheinen alle."),
    ),
    (
        r"that a line excludes others was left out",
        _l("Dass eine Antwort andere ausschließt, wurde nicht übernommen."),
    ),
    (
        r"its check by an equation was not taken over",
        _l("Die Prüfung mit einer Formel wurde nicht übernommen."),
    ),
    (
        r"its check by a pattern was not taken over",
        _l("Die Prüfung mit einem Muster wurde nicht übernommen."),
    ),
    (r"its check of a sum was left out", _l("Die Prüfung einer Summe wurde nicht übernommen.")),
    (
        r"the limits of its date were not taken over",
        _l("Die Grenzen des Datums wurden nicht übernommen."),
    ),
    (r"its time limit was not taken over", _l("Die Zeitbegrenzung wurde nicht übernommen.")),
    (
        r"what stands before the field was not taken over",
        _l("Der Text vor dem Feld wurde nicht übernommen."),
    ),
    (
        r"(?:that it stands in random|its random) order was not taken over",
        _l("Die zufällige Reihenfolge wurde nicht übernommen."),
    ),
    (
        r"a text has an expression in braces, .*",
        _l("Ein Text enthält einen Platzhalter in geschweiften Klammern. Er steht noch da."),
    ),
    (
        r"an? (?:text|introduction) was longer than (?P<most>\d+) characters and is cut",
        _l("Ein Text war länger als %(most)s Zeichen und ist gekürzt."),
    ),
    (
        r"the German words are missing; .*",
        _l("Deutsche Texte fehlen. Dort stehen die einer anderen Sprache."),
    ),
    (
        r"there are no German words; those in “(?P<name>.*)” stand in their place",
        _l("Es gibt keine deutschen Texte. An ihrer Stelle steht diese Sprache: %(name)s."),
    ),
    (
        r"with only one line there is nothing to choose; .*",
        _l("Mit nur einer Antwort gibt es nichts zu wählen. Fragen Sie mit Ja und Nein."),
    ),
    (
        r"a question has at most (?P<most>\d+) lines here",
        _l("Eine Frage hat hier höchstens %(most)s Antworten. Diese fehlt."),
    ),
    (
        r"the comments beside its lines were not taken over",
        _l("Die Kommentarfelder neben den Antworten wurden nicht übernommen."),
    ),
    (
        r"its limit “(?P<name>.*)”(?: is no number and)? was not taken over",
        _l("Die Grenze „%(name)s“ wurde nicht übernommen."),
    ),
    (
        r"its limits contradict each other and were not taken over",
        _l("Die Grenzen widersprechen sich und wurden nicht übernommen."),
    ),
    (
        r"a matrix has 2 to (?P<columns>\d+) columns and at most (?P<rows>\d+) rows",
        _l("Eine Matrix hat hier 2 bis %(columns)s Spalten und höchstens %(rows)s Zeilen."),
    ),
    (
        r"it has become (?P<number>\d+) questions, .*",
        _l("Daraus sind %(number)s Fragen geworden, eine für jede Zeile."),
    ),
    (
        r"its page has no question of ours",
        _l("Auf dieser Seite blieb keine Frage. Der Text fehlt."),
    ),
    (
        r"its condition and that of its group are too many",
        _l("Die Frage und ihre Gruppe haben zu viele Bedingungen. Sie wird immer gestellt."),
    ),
    (
        r"its condition cannot be said here, it is always asked: (?P<name>.*)",
        _l("Diese Bedingung gibt es hier nicht, die Frage wird immer gestellt: %(name)s"),
    ),
    (r"its condition was not taken over", _l("Die Bedingung wurde nicht übernommen.")),
    (
        r"the words in “(?P<name>.*)” were not taken over",
        _l("Die Texte in dieser Sprache wurden nicht übernommen: %(name)s."),
    ),
    (r"there are no quotas here", _l("Quoten gibt es hier nicht.")),
    (
        r"the text at the end was not taken over; .*",
        _l("Der Schlusstext wurde nicht übernommen. Am Ende steht hier der Beleg."),
    ),
    (
        r"the privacy notice was not taken over; .*",
        _l("Der Datenschutztext wurde nicht übernommen. Es gilt der Ihrer Kommune."),
    ),
    (
        r"the survey was not anonymous there; .*",
        _l("Die Umfrage war dort nicht anonym. Hier ist sie es."),
    ),
    (
        r"the file has no title; .*",
        _l("Die Umfrage hat keinen Titel. Geben Sie unten einen an."),
    ),
    (
        r"the --title is longer than (?P<most>\d+) characters",
        _l("Der Titel ist länger als %(most)s Zeichen. Geben Sie unten einen kürzeren an."),
    ),
)
_PATTERNS = tuple((re.compile(pattern, re.S), words) for pattern, words in _SAID)


def words_of(why: str) -> str:
    """Return what the import tells, in the language of the page; what is unknown as it is."""
    for pattern, words in _PATTERNS:
        found = pattern.fullmatch(why)
        if found is not None:
            return str(words) % found.groupdict()
    return str(_("Technischer Hinweis: %(why)s", why=why))
