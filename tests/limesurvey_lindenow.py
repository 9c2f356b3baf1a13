"""A questionnaire of LimeSurvey in four languages with every kind that it has, in small.

Written for tests. `OURS` are the kinds that we have, `NOT_OURS` those that are only told.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from participation.surveys.models import QuestionKind
from tests.limesurvey import table

LANGUAGES = ("en", "de", "es", "fr")
_PAGES = ("Über Sie", "Ihr Alltag", "Zum Schluss")


@dataclass(frozen=True)
class Asked:
    """A question: its code, its kind there, its words, its lines and what else is set."""

    code: str
    kind: str
    text: str
    page: int = 1
    answers: dict[str, str] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    row: dict[str, str] = field(default_factory=dict)


_WAYS = {"A1": "zu Fuß", "A2": "mit dem Rad", "A3": "mit dem Bus"}
_THINGS = {"HOUS": "Wohnung", "WORK": "Arbeit", "FREE": "Freizeit"}
_FREQUENT = {"1": "nie", "2": "manchmal", "3": "oft"}

QUESTIONS = (
    Asked("begruessung", "X", "Schön, dass Sie da sind. Heute ist {TODAY()}."),
    Asked("rolle", "L", "Was trifft auf Sie zu?", 1, {"1": "Ich wohne", "2": "Ich arbeite"},
          row={"mandatory": "Y", "other": "Y"}),
    Asked("bildung", "!", "Welchen Abschluss haben Sie?", 1, {"1": "Lehre", "2": "Studium"}),
    Asked("alter", "N", "Wie alt sind Sie?", 1, row={"mandatory": "Y"},
          attributes={"min_num_value_n": "18", "max_num_value_n": "100", "suffix": "Jahre",
                      "num_value_int_only": "1"}),
    Asked("geschlecht", "G", "Welches Geschlecht haben Sie?"),
    Asked("geburtstag", "D", "Wann sind Sie geboren?"),
    Asked("einwilligung", "Y", "Sind Sie einverstanden?", row={"mandatory": "Y"}),
    Asked("index", "*", "Berechnet aus {alter}", attributes={"equation": "{alter * 2}"}),
    Asked("staat", "M", "Welche Pässe haben Sie?", 1, parts={"DE": "deutsch", "PL": "polnisch"},
          row={"other": "Y"}, attributes={"min_answers": "1", "max_answers": "2"}),
    Asked("sprache", "O", "Welche Sprache sprechen Sie?", 1, {"1": "Deutsch", "2": "Sorbisch"}),
    Asked("sprachwahl", "I", "In welcher Sprache lesen Sie?"),
    Asked("zufrieden", "5", "Wie zufrieden sind Sie?", 2),
    Asked("schlaf", "K", "Wie viele Stunden schlafen Sie?", 2,
          parts={"WEEK": "in der Woche", "END": "am Wochenende"}),
    Asked("allein", "A", "Wie oft trifft das zu?", 2, parts={"1": "Ich bin allein."}),
    Asked("bereiche", "B", "Wie zufrieden sind Sie mit diesen Bereichen?", 2, parts=_THINGS),
    Asked("gewohnheit", "C", "Tun Sie das?", 2, parts={"RAD": "Rad fahren", "BUS": "Bus fahren"}),
    Asked("wandel", "E", "Was hat sich verändert?", 2, parts={"MIET": "Miete"}),
    Asked("mittel", "F", "Wie oft fehlt Ihnen etwas?", 2, answers=_FREQUENT, parts=_THINGS),
    Asked("spalten", "H", "Wie oft nutzen Sie das?", 2, answers=_FREQUENT, parts={"NETZ": "Netz"}),
    Asked("arbeit", "L", "Arbeiten Sie?", 2, {"1": "ja", "2": "nein"},
          attributes={"answer_order": "random"}),
    Asked("stunden", "N", "Wie viele Stunden arbeiten Sie?", 2, row={"relevance": 'arbeit == "1"'}),
    Asked("beruf", "S", "Was ist Ihr Beruf?", 2),
    Asked("aufgaben", "T", "Was tun Sie dort?", 2),
    Asked("zeiten", "Q", "Wann arbeiten Sie?", 2, parts={"MO": "am Montag", "FR": "am Freitag"}),
    Asked("tafel", ":", "Wie viele Minuten?", 2, parts={"1": "Bus"}),
    Asked("vertrauen", "1", "Wem vertrauen Sie?", 2, _FREQUENT, {"1": "der Stadt"}),
    Asked("medien", ";", "Was halten Sie davon?", 2, parts={"1": "Zeitung"}),
    Asked("anhang", "|", "Schicken Sie uns ein Bild.", 2),
    Asked("netze", "P", "Welche Netze nutzen Sie?", 3, parts={"1": "Bild", "2": "Ton"}),
    Asked("reihe", "R", "Was soll zuerst kommen?", 3, _WAYS),
    Asked("wuensche", "U", "Was wünschen Sie sich?", 3),
    Asked("dank", "X", "Vielen Dank.", 3),
)  # fmt: skip

KINDS = {
    "rolle": QuestionKind.SINGLE,
    "bildung": QuestionKind.SINGLE,
    "alter": QuestionKind.NUMBER,
    "geschlecht": QuestionKind.SINGLE,
    "geburtstag": QuestionKind.DATE,
    "einwilligung": QuestionKind.SINGLE,
    "staat": QuestionKind.MULTIPLE,
    "sprache": QuestionKind.SINGLE,
    "zufrieden": QuestionKind.SCALE,
    "schlaf-WEEK": QuestionKind.NUMBER,
    "schlaf-END": QuestionKind.NUMBER,
    "allein": QuestionKind.MATRIX,
    "bereiche": QuestionKind.MATRIX,
    "gewohnheit": QuestionKind.MATRIX,
    "wandel": QuestionKind.MATRIX,
    "mittel": QuestionKind.MATRIX,
    "spalten": QuestionKind.MATRIX,
    "arbeit": QuestionKind.SINGLE,
    "stunden": QuestionKind.NUMBER,
    "beruf": QuestionKind.SHORT_TEXT,
    "aufgaben": QuestionKind.TEXT,
    "zeiten-MO": QuestionKind.SHORT_TEXT,
    "zeiten-FR": QuestionKind.SHORT_TEXT,
    "netze": QuestionKind.MULTIPLE,
    "reihe": QuestionKind.RANKING,
    "wuensche": QuestionKind.TEXT,
}
# What stands among the questions of LimeSurvey and is none of ours, by its code.
NOT_OURS = frozenset(
    {"begruessung", "index", "sprachwahl", "tafel", "vertrauen", "medien", "anhang", "dank"}
)


def in_language(text: str, language: str) -> str:
    """Return words of our file: German as they are, the others marked with their language."""
    return text if language == "de" else f"{text} ({language})"


def four_languages() -> str:
    """Return the file."""
    rows: dict[str, list[dict[str, str]]] = {name: [] for name in _TABLES}
    for number, title in enumerate(_PAGES, start=1):
        rows["groups"].append({"gid": f"{number}", "group_order": f"{number}", "grelevance": ""})
        rows["group_l10ns"] += [
            {
                "gid": f"{number}",
                "group_name": in_language(title, language),
                "description": "<p>Bitte <b>alles</b> lesen.</p>" if number == 1 else "",
                "language": language,
            }
            for language in LANGUAGES
        ]
    for place, asked in enumerate(QUESTIONS, start=1):
        _add(rows, place, asked)
    rows["surveys"] = [{"sid": "1", "language": "en"}]
    rows["surveys_languagesettings"] = [
        {
            "surveyls_language": language,
            "surveyls_title": in_language("Leben in Lindenow", language),
            "surveyls_endtext": "<p>Danke!</p>",
        }
        for language in LANGUAGES
    ]
    declared = "".join(f"<language>{language}</language>" for language in LANGUAGES)
    return (
        '<?xml version="1.0" encoding="UTF-8"?><document><LimeSurveyDocType>Survey'
        f"</LimeSurveyDocType><DBVersion>700</DBVersion><languages>{declared}</languages>"
        + "".join(table(name, found) for name, found in rows.items())
        + "</document>"
    )


_TABLES = (
    *("answers", "answer_l10ns", "groups", "group_l10ns", "questions", "subquestions"),
    *("question_l10ns", "question_attributes", "surveys", "surveys_languagesettings"),
)


def _add(rows: dict[str, list[dict[str, str]]], place: int, asked: Asked) -> None:
    number = f"{place}000"
    rows["questions"].append(
        {
            "qid": number,
            "parent_qid": "0",
            "gid": f"{asked.page}",
            "type": asked.kind,
            "title": asked.code,
            "mandatory": "N",
            "other": "N",
            "question_order": f"{place}",
            "relevance": "1",
        }
        | asked.row
    )
    rows["question_l10ns"] += _texts(number, asked.text)
    for order, (code, text) in enumerate(asked.answers.items()):
        key = f"{place}{order}"
        rows["answers"].append(
            {"aid": key, "qid": number, "code": code, "sortorder": f"{order}", "scale_id": "0"}
        )
        rows["answer_l10ns"] += [
            {"aid": key, "answer": in_language(text, language), "language": language}
            for language in LANGUAGES
        ]
    for order, (code, text) in enumerate(asked.parts.items(), start=1):
        own = f"{place}{order:03}"
        rows["subquestions"].append(
            {
                "qid": own,
                "parent_qid": number,
                "gid": f"{asked.page}",
                "title": code,
                "question_order": f"{order}",
                "relevance": "1",
                "scale_id": "0",
            }
        )
        rows["question_l10ns"] += _texts(own, text)
    rows["question_attributes"] += [
        {"qid": number, "attribute": name, "value": value, "language": language}
        for name, value in asked.attributes.items()
        for language in (LANGUAGES if name == "suffix" else ("",))
    ]


def _texts(number: str, text: str) -> list[dict[str, str]]:
    return [
        {"qid": number, "question": in_language(text, language), "help": "", "language": language}
        for language in LANGUAGES
    ]
