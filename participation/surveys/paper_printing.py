"""The printed form of a survey, as data for `templates/print/sheet.typ`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import force_locale, format_decimal, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from participation.accounts.models import Municipality
from participation.engagements.printing import logo_of, plain_address, print_document
from participation.foundation.pdf import Shelf, picture_data, printable, qr_picture
from participation.surveys.condition_words import words_of_condition
from participation.surveys.models import QuestionKind, Survey
from participation.surveys.paper import Box, PrintedQuestion, printed_questions
from participation.surveys.questionnaire import AskedQuestion, Questionnaire
from participation.surveys.tongues import SurveyWords
from participation.web.filters import local_date
from participation.web.languages import locale_of

_HOW = {
    QuestionKind.SINGLE: _l("Bitte ein Kreuz."),
    QuestionKind.SCALE: _l("Bitte ein Kreuz."),
    QuestionKind.MATRIX: _l("Bitte in jeder Zeile ein Kreuz."),
    QuestionKind.RANKING: _l(
        "Schreiben Sie 1 auf die Linie vor dem Wichtigsten, dann 2, 3 und so weiter."
    ),
    QuestionKind.PLACE: _l("Straße und Hausnummer, oder wie der Ort heißt."),
}
_shelf = Shelf()
_LINES = {QuestionKind.SHORT_TEXT: 1, QuestionKind.PLACE: 1, QuestionKind.TEXT: 5}


def printed_form(
    survey: Survey,
    municipality: Municipality,
    questionnaire: Questionnaire,
    *,
    words: SurveyWords,
    language: str,
    address: str,
    pictures: Mapping[int, bytes],
) -> bytes:
    """Return a survey as a PDF to fill in by hand.

    `words` and the questionnaire are in `language` as far as they are translated. `address` is
    that of the online form, `pictures` those of questions by their ids. The same form is made
    once, however many people ask for it.
    """
    with force_locale(locale_of(language)):
        data = _form_data(survey, municipality, questionnaire, words, language, address, pictures)
    return _shelf.get(data, lambda: print_document("sheet", data))


def is_printable(words: SurveyWords, questionnaire: Questionnaire) -> bool:
    """Tell whether our typefaces have every sign of a survey."""
    texts = [words.title, words.summary]
    for question in questionnaire.questions:
        texts += [question.text, question.help]
        texts += [row.text for row in question.rows]
    return all(printable(text) == text for text in texts)


def _form_data(
    survey: Survey,
    municipality: Municipality,
    questionnaire: Questionnaire,
    words: SurveyWords,
    language: str,
    address: str,
    pictures: Mapping[int, bytes],
) -> dict[str, Any]:
    first_of_page = {page.questions[0].code: page for page in questionnaire.pages}
    questions: list[dict[str, Any]] = []
    # A screen reader must not meet a heading whose parent is missing.
    level = 2
    for printed in printed_questions(questionnaire):
        page = first_of_page.get(printed.question.code)
        picture = pictures.get(printed.question.id)
        level = 3 if page and page.title else level
        questions.append(
            _question_data(questionnaire, printed)
            | {
                "level": level,
                "page_title": page.title if page else "",
                "introduction": page.introduction if page else "",
                "picture": picture_data(picture) if picture else None,
            }
        )
    return logo_of(municipality) | {
        "language": language.partition("-")[0],
        "title": words.title,
        "municipality": municipality.name,
        "summary": words.summary,
        "how": _(
            "Kreuzen Sie bitte mit einem dunklen Stift an. Die kleinen Zahlen neben den Kästchen "
            "brauchen nur wir. Bitte schreiben Sie keine Namen auf den Bogen."
        ),
        "online": _("Lieber am Handy oder Computer?"),
        "address": plain_address(address),
        "qr": qr_picture(address),
        "qr_shows": _("QR-Code mit der Adresse der Umfrage"),
        "back": _(
            "Danke! Geben Sie den Bogen bitte bis zum %(day)s ab: %(where)s",
            day=local_date(survey.closes_at),
            where=", ".join(part for part in (municipality.name, municipality.postal_line) if part),
        ),
        "privacy": _(
            "Der Bogen wird ohne Namen eingegeben und danach vernichtet. Ergebnisse zeigen wir nur "
            "für Gruppen ab 10 Personen. Was Sie in eigenen Worten schreiben, prüft die Moderation "
            "und veröffentlicht es ohne Ihre anderen Antworten."
        ),
        "version": _("Fassung %(number)s", number=questionnaire.version),
        "page_word": _("Seite"),
        "of_word": _("von"),
        "questions": questions,
    }


def how_to_answer(question: AskedQuestion) -> str:
    """Return in one sentence how a question is answered on paper."""
    kind = question.kind
    if kind in _HOW:
        return str(_HOW[kind])
    if kind is QuestionKind.MULTIPLE:
        return _how_many(question)
    if kind is QuestionKind.POINTS:
        return str(
            ngettext(
                "Verteilen Sie %(num)s Punkt. Schreiben Sie ihn auf die Linie.",
                "Verteilen Sie genau %(num)s Punkte. Schreiben Sie sie auf die Linien.",
                question.points,
            )
        )
    if kind is QuestionKind.NUMBER and question.lowest is not None and question.highest is not None:
        return str(
            _(
                "Eine Zahl von %(lowest)s bis %(highest)s.",
                lowest=format_decimal(question.lowest),
                highest=format_decimal(question.highest),
            )
        )
    return ""


def _how_many(question: AskedQuestion) -> str:
    if question.max_choices is not None and question.min_choices is not None:
        return str(
            _(
                "Bitte %(least)s bis %(most)s Kreuze.",
                least=question.least,
                most=question.most,
            )
        )
    if question.max_choices is not None:
        return str(ngettext("Höchstens ein Kreuz.", "Höchstens %(num)s Kreuze.", question.most))
    return str(_("Mehrere Kreuze sind möglich."))


def _question_data(questionnaire: Questionnaire, printed: PrintedQuestion) -> dict[str, Any]:
    question = printed.question
    return {
        "number": printed.number,
        "kind": question.kind.value,
        "text": question.text,
        "help": question.help,
        "how": how_to_answer(question),
        "optional": "" if _is_required(question) else _("freiwillig"),
        "only": words_of_condition(questionnaire, question),
        "otherwise": _otherwise_words(printed),
        "low": question.low,
        "high": question.high,
        "unit": question.unit,
        "lines": _LINES.get(question.kind, 0),
        "day": [_("Tag"), _("Monat"), _("Jahr")],
        "shows": question.picture.shows if question.picture else "",
        "boxes": _boxes(printed.boxes),
        "rows": [
            {
                "text": row.text,
                "only": words_of_condition(questionnaire, row),
                "boxes": _boxes(boxes),
            }
            for row, boxes in printed.rows
        ],
    }


def _is_required(question: AskedQuestion) -> bool:
    return question.required or any(row.required for row in question.rows)


def _otherwise_words(printed: PrintedQuestion) -> str:
    if printed.otherwise is None:
        return ""
    if printed.otherwise == 0:
        return str(_("Sonst sind Sie fertig."))
    return str(_("Sonst weiter mit Frage %(number)s.", number=printed.otherwise))


def _boxes(boxes: Iterable[Box]) -> list[dict[str, Any]]:
    return [
        {
            "key": box.key,
            "text": box.choice.text,
            "words": box.has_line,
            "weighed": box.choice.role.value != "no_answer",
        }
        for box in boxes
    ]
