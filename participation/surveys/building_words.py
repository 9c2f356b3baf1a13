"""What is said to whoever builds a survey: what cannot be, and what to look at again."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_babel.speaklater import LazyString

from participation.surveys.checking import CheckKind, CheckRemark
from participation.surveys.models import Operator

WHY_NOT: dict[str, LazyString] = {
    "text_missing": _l("Bitte schreiben Sie die Frage."),
    "text_too_long": _l("Bitte kürzen Sie die Frage auf 300 Zeichen."),
    "help_too_long": _l("Bitte kürzen Sie den Hinweis auf 600 Zeichen."),
    "too_few_choices": _l("Bitte geben Sie mindestens zwei Antworten an, jede in einer Zeile."),
    "too_many_choices": _l("Eine Frage hat höchstens 60 Antworten."),
    "choice_too_long": _l("Bitte kürzen Sie jede Antwort auf 200 Zeichen."),
    "choices_repeat": _l("Zwei Antworten sind gleich. Bitte ändern Sie eine davon."),
    "choice_needed": _l(
        "Die Antwort „%(choice)s“ muss bleiben: Die Bedingung von %(code)s braucht sie. Ändern "
        "Sie zuerst dort die Bedingung."
    ),
    "row_needed": _l(
        "Eine Zeile muss bleiben: Die Bedingung von %(code)s braucht sie. Ändern Sie zuerst dort "
        "die Bedingung."
    ),
    "kind_needed": _l("Die Art muss bleiben: Die Bedingung von %(code)s braucht diese Frage."),
    "too_few_rows": _l("Bitte geben Sie mindestens eine Zeile an."),
    "points": _l("Eine Skala hat 2 bis 11 Stufen."),
    "budget": _l("Bitte geben Sie 1 bis 1.000 Punkte zum Verteilen an."),
    "limits": _l("Bitte prüfen Sie, wie viele Antworten erlaubt sind."),
    "range": _l(
        "Bitte prüfen Sie die kleinste und die größte Zahl, auch die Stellen nach dem Komma."
    ),
    "decimals": _l("Eine Zahl hat höchstens zwei Stellen nach dem Komma."),
    "too_many_questions": _l("Eine Umfrage hat höchstens 80 Fragen."),
    "foreign_elements": _l("Bitte wählen Sie nur Elemente dieser Umfrage."),
    "term_incomplete": _l("Bitte wählen Sie eine frühere Antwort."),
    "term_unknown": _l("Diese frühere Antwort gibt es nicht mehr. Bitte wählen Sie neu."),
    "term_later": _l(
        "%(code)s kommt erst später. Eine Bedingung kann nur nach früheren Fragen fragen."
    ),
    "term_operator": _l("„Mindestens“ und „höchstens“ gibt es nur bei Zahlen, nicht bei %(code)s."),
    "term_number": _l("Bitte geben Sie zu „mindestens“ oder „höchstens“ auch die Zahl an."),
    "too_many_terms": _l("Es gibt höchstens sechs Bedingungen."),
    "shows_missing": _l("Bitte beschreiben Sie das Bild. Nicht alle können es sehen."),
    "shows_too_long": _l("Bitte beschreiben Sie das Bild mit höchstens 300 Zeichen."),
    "picture_too_large": _l("Die Bilddatei darf höchstens 8 MB groß sein."),
    "no_picture": _l("%(reason)s Bitte wählen Sie die Datei noch einmal aus."),
}

OPERATORS: dict[Operator, LazyString] = {
    Operator.TICKED: _l("„%(choice)s“ gewählt"),
    Operator.NOT_TICKED: _l("„%(choice)s“ nicht gewählt"),
    Operator.AT_LEAST: _l("mindestens die Zahl daneben"),
    Operator.AT_MOST: _l("höchstens die Zahl daneben"),
}

CORRECTION_FAULTS: dict[str, LazyString] = {
    "missing": _l("Hier muss etwas stehen bleiben."),
    "too_long": _l("Dieser Text ist zu lang."),
    "too_different": _l(
        "Das ist mehr als ein Schreibfehler: Danach hieße die Frage etwas anderes. Beginnen Sie "
        "dafür eine neue Fassung."
    ),
    "reason": _l("Bitte nennen Sie den Grund, mit höchstens 300 Zeichen."),
    "nothing": _l("Es hat sich noch nichts geändert."),
}

TRANSLATION_FAULTS: dict[str, LazyString] = {
    "missing_head": _l("Bitte übersetzen Sie zuerst diesen Text."),
    "too_long": _l("Diese Übersetzung ist zu lang."),
    "answered": _l(
        "Diese Übersetzung wurde schon gelesen und beantwortet. Sie können nur Schreibfehler "
        "berichtigen."
    ),
}

_CHECKS: dict[CheckKind, LazyString] = {
    CheckKind.NO_QUESTION: _l("Es gibt noch keine Fragen."),
    CheckKind.UNREACHABLE: _l(
        "Diese Frage bekommt niemand zu sehen: Ihre Bedingung kann nie zutreffen."
    ),
    CheckKind.TWO_THINGS: _l(
        "„Und“ oder „oder“ verbindet hier wohl zwei Dinge. Wer nur eines davon meint, kann nicht "
        "antworten. Fragen Sie lieber zweimal."
    ),
    CheckKind.TWO_QUESTIONS: _l("Hier stehen zwei Fragen. Machen Sie lieber zwei daraus."),
    CheckKind.DOUBLE_NEGATION: _l(
        "Hier wird doppelt verneint. Es ist nicht klar, was ein Ja bedeutet."
    ),
    CheckKind.LEADING: _l("Diese Frage legt eine Antwort nahe. Fragen Sie neutral."),
    CheckKind.LONG_SENTENCE: _l("Der Satz hat mehr als 25 Wörter. Kürzer versteht man ihn besser."),
    CheckKind.NO_ENDS: _l("Sagen Sie, was die erste und die letzte Stufe der Skala bedeuten."),
    CheckKind.NO_WAY_OUT: _l(
        "Die Frage ist heikel, aber niemand kann „Keine Angabe“ wählen. Bieten Sie das an."
    ),
    CheckKind.NO_SCOPE: _l(
        "Sagen Sie bei „Titel, Zeitraum und Regeln“, was hier entschieden werden kann und was "
        "schon feststeht."
    ),
    CheckKind.NO_ELEMENTS: _l(
        "Wählen Sie bei „Titel, Zeitraum und Regeln“, um welche Teile der Strategie es geht. Sonst "
        "erscheint das Ergebnis bei keinem."
    ),
    CheckKind.PICTURE_WORDLESS: _l("Das Bild hat keine Beschreibung."),
}


def words_of_check(remark: CheckRemark) -> str:
    """Return what was found in a survey and what to do about it."""
    if remark.kind in _CHECKS:
        return str(_CHECKS[remark.kind])
    if remark.kind is CheckKind.OVERLAPPING:
        first, second = remark.words
        return str(
            _(
                "„%(first)s“ und „%(second)s“ überschneiden sich: Manche passen in beide.",
                first=first,
                second=second,
            )
        )
    if remark.kind is CheckKind.FOREIGN_ELEMENT:
        return str(
            _(
                "„%(line)s“ nennt einen Teil der Strategie, um den es in dieser Umfrage nicht "
                "geht. Das Ergebnis erscheint dort nicht.",
                line=remark.words[0],
            )
        )
    return _words_of_whole(remark)


def _words_of_whole(remark: CheckRemark) -> str:
    number = remark.number
    if remark.kind is CheckKind.LONG_SURVEY:
        return str(
            _(
                "Die Umfrage dauert etwa %(minutes)s Minuten. Nach zehn Minuten hören viele auf.",
                minutes=number,
            )
        )
    if remark.kind is CheckKind.MUCH_REQUIRED:
        return str(
            _(
                "%(number)s Fragen müssen beantwortet werden. Wer eine nicht beantworten kann, "
                "bricht ab.",
                number=number,
            )
        )
    language = language_name(remark.words[0])
    if remark.kind is CheckKind.UNTRANSLATED:
        return str(
            ngettext(
                "%(language)s: Ein Text fehlt noch. Dort erscheint Deutsch.",
                "%(language)s: %(num)s Texte fehlen noch. Dort erscheint Deutsch.",
                number,
                language=language,
            )
        )
    return str(
        ngettext(
            "%(language)s: Ein deutscher Text hat sich seit der Übersetzung geändert.",
            "%(language)s: %(num)s deutsche Texte haben sich seit der Übersetzung geändert.",
            number,
            language=language,
        )
    )


# Offered for translation; any other tag that is stored is shown as it is.
LANGUAGES: dict[str, LazyString] = {
    "de-x-leicht": _l("Leichte Sprache"),
    "en": _l("Englisch"),
    "pl": _l("Polnisch"),
    "uk": _l("Ukrainisch"),
    "ru": _l("Russisch"),
    "ar": _l("Arabisch"),
    "tr": _l("Türkisch"),
    "fr": _l("Französisch"),
    "es": _l("Spanisch"),
    "it": _l("Italienisch"),
    "ro": _l("Rumänisch"),
    "vi": _l("Vietnamesisch"),
    "fa": _l("Persisch"),
    "dsb": _l("Niedersorbisch"),
    "hsb": _l("Obersorbisch"),
}
RIGHT_TO_LEFT = frozenset({"ar", "fa"})


def language_name(tag: str) -> str:
    """Return what a language is called in German."""
    return str(LANGUAGES.get(tag, tag))
