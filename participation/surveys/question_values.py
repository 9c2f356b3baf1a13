"""A question as its form shows it: stored, from the library, or new."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from participation.surveys.drafts import QuestionDraft
from participation.surveys.models import ConditionMode, QuestionKind
from participation.surveys.questionnaire import AskedQuestion

OTHER = _l("Etwas anderes")
NO_ANSWER = _l("Keine Angabe")


def values_of_question(question: AskedQuestion) -> dict[str, Any]:
    """Return a stored question as the form shows it."""
    ticked = question.rows[0] if question.rows else question
    other, no_answer = ticked.other, ticked.no_answer
    plain = [one for one in ticked.choices if one not in {other, no_answer}]
    condition = question.condition
    return {
        "text": question.text,
        "help": question.help,
        "rows": "\n".join(
            _line(row.text, row.elements[0] if row.elements else None) for row in question.rows
        ),
        "choices": "\n".join(_line(choice.text, choice.element) for choice in plain),
        "has_other": other is not None,
        "other": other.text if other is not None else str(OTHER),
        "has_no_answer": no_answer is not None,
        "no_answer": no_answer.text if no_answer is not None else str(NO_ANSWER),
        "points": len(plain),
        "low": question.low,
        "high": question.high,
        "budget": question.points,
        "unit": question.unit,
        "lowest": question.lowest,
        "highest": question.highest,
        "decimals": question.decimals,
        "min_choices": question.min_choices,
        "max_choices": question.max_choices,
        "shuffled": question.shuffled,
        "required": question.required,
        "sensitive": question.sensitive,
        "elements": [code for code, _id in question.elements],
        "shows": question.picture.shows if question.picture is not None else "",
        "mode": (condition.mode if condition is not None else ConditionMode.ALL).value,
        "terms": [
            {
                "answer": f"{term.earlier}|{term.operator.value}|{term.choice or ''}",
                "number": term.number,
            }
            for term in (condition.terms if condition is not None else ())
        ],
    }


def values_of_draft(draft: QuestionDraft) -> dict[str, Any]:
    """Return a draft, of the library for example, as the form shows it."""
    return vars(draft) | {
        "choices": "\n".join(draft.choices),
        "rows": "\n".join(draft.rows),
        "has_other": bool(draft.other),
        "has_no_answer": bool(draft.no_answer),
        "other": draft.other or str(OTHER),
        "no_answer": draft.no_answer or str(NO_ANSWER),
        "mode": draft.mode.value,
        "terms": [],
        "elements": [],
        "page": None,
    }


def starting_values(kind: QuestionKind) -> dict[str, Any]:
    """Return good defaults for a new question of a kind."""
    values: dict[str, Any] = {"points": 5, "budget": 10}
    if kind in {QuestionKind.SCALE, QuestionKind.MATRIX}:
        values |= {"has_no_answer": True, "no_answer": _("Kann ich nicht sagen")}
    if kind is QuestionKind.MATRIX:
        scale = (_("sehr wichtig"), _("eher wichtig"), _("eher unwichtig"), _("gar nicht wichtig"))
        values["choices"] = "\n".join(scale)
    return values


def _line(text: str, element: tuple[str, int] | None) -> str:
    return f"{element[0]} {text}" if element is not None else text
