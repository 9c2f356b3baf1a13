"""A codebook as the rows of a table, one for each question, row and choice."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import format_decimal
from flask_babel import gettext as _

from participation.foundation.cells import Cell
from participation.surveys.codebook import Codebook, CodebookEntry
from participation.surveys.columns import CHANNEL, columns_of
from participation.surveys.condition_words import words_of_condition
from participation.surveys.models import QuestionKind
from participation.surveys.questionnaire import AskedQuestion, Questionnaire
from participation.web.filters import label, local_date

Bands = dict[int, list[str]]


def codebook_rows(codebook: Codebook, bands: Bands | None = None) -> Iterator[list[Cell]]:
    """Yield the heading and the rows; `bands` are those in which answers stand, by question."""
    yield [
        str(_("Spalte")),
        str(_("Frage")),
        str(_("Art")),
        str(_("Wert")),
        *(str(_("Wortlaut (%(language)s)", language=one)) for one in codebook.languages),
        str(_("Hinweis")),
        str(_("Pflicht")),
        str(_("Sensibel")),
        str(_("Bedingung")),
        str(_("Bereich")),
        str(_("Elemente")),
        str(_("Berichtigungen")),
    ]
    names: dict[tuple[int, int | None], str] = {
        (column.question.id, column.choice_id): column.name
        for column in columns_of(codebook.questionnaire)
    }
    for entry in codebook.entries:
        yield _of_question(codebook, entry, names.get((entry.question.id, None), ""))
        for line in entry.choices:
            column = names.get((entry.question.id, line.choice.id), "")
            value = "" if column else line.choice.code
            texts = [line.texts.get(language, "") for language in codebook.languages]
            yield [column, entry.question.code, str(_("Antwort")), value, *texts]
        for words in (bands or {}).get(entry.question.id, ()):
            yield ["", entry.question.code, str(_("Klasse")), words]
    if bands is not None:
        yield [CHANNEL, "", str(_("Weg")), "", str(_("Auf welchem Weg der Bogen kam"))]


def _of_question(codebook: Codebook, entry: CodebookEntry, column: str) -> list[Cell]:
    question = entry.question
    texts = [
        entry.texts[language].text if language in entry.texts else ""
        for language in codebook.languages
    ]
    of_row = str(_("Zeile von %(code)s", code=entry.matrix.code)) if entry.matrix else ""
    return [
        column,
        question.code,
        of_row or str(label(question.kind)),
        "",
        *texts,
        question.help,
        str(_("ja")) if question.required else "",
        str(_("ja")) if question.sensitive else "",
        condition_of(codebook.questionnaire, question),
        range_of(question),
        ", ".join(code for code, _id in question.all_elements),
        " | ".join(
            str(
                _(
                    "%(day)s (%(language)s): „%(before)s“ heißt jetzt „%(after)s“. %(reason)s",
                    day=local_date(one.corrected_at),
                    language=one.language,
                    before=one.before,
                    after=one.after,
                    reason=one.reason,
                )
            )
            for one in entry.corrections
        ),
    ]


def condition_of(questionnaire: Questionnaire, question: AskedQuestion) -> str:
    """Return when a question is asked; empty if it always is."""
    return words_of_condition(questionnaire, question)


def range_of(question: AskedQuestion) -> str:
    """Return what an answer may be, as far as that is limited."""
    if question.kind is QuestionKind.NUMBER:
        return _numbers(question)
    if question.kind is QuestionKind.POINTS:
        return str(_("%(points)s Punkte zu verteilen", points=question.points))
    if question.kind is QuestionKind.SCALE:
        ends = [end for end in (question.low, question.high) if end]
        return " – ".join(ends)
    if question.min_choices or question.max_choices:
        return str(_("%(least)s bis %(most)s Antworten", least=question.least, most=question.most))
    return ""


def _numbers(question: AskedQuestion) -> str:
    words = ""
    if question.lowest is not None and question.highest is not None:
        words = _(
            "%(low)s bis %(high)s",
            low=format_decimal(question.lowest),
            high=format_decimal(question.highest),
        )
    elif question.lowest is not None:
        words = _("ab %(low)s", low=format_decimal(question.lowest))
    elif question.highest is not None:
        words = _("bis %(high)s", high=format_decimal(question.highest))
    return " ".join(filter(None, (str(words), question.unit)))
