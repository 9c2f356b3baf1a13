"""The kinds of questions that LimeSurvey has, and what becomes of each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation

from participation.maintenance.lss_file import Fault
from participation.maintenance.lss_tables import LssLine, LssQuestion
from participation.maintenance.lss_words import fixed
from participation.maintenance.plain_text import one_line, plain_text
from participation.surveys.drafts import (
    LONGEST_CHOICE,
    LONGEST_HELP,
    LONGEST_QUESTION,
    LONGEST_UNIT,
)
from participation.surveys.foreign import ForeignChoice, ForeignQuestion, ForeignWords
from participation.surveys.models import FIRST_LANGUAGE, ChoiceRole, QuestionKind
from participation.surveys.policy import MOST_CHOICES, MOST_ROWS

LISTS = {"L": QuestionKind.SINGLE, "!": QuestionKind.SINGLE, "O": QuestionKind.SINGLE,
         "R": QuestionKind.RANKING}  # fmt: skip
SEVERAL = frozenset("MP")
TEXTS = {"S": QuestionKind.SHORT_TEXT, "T": QuestionKind.TEXT, "U": QuestionKind.TEXT}
# Of these, each line becomes a question of its own.
SPLIT = {"K": QuestionKind.NUMBER, "Q": QuestionKind.SHORT_TEXT}
FIXED_CHOICES: dict[str, tuple[tuple[str, str], ...]] = {
    "Y": (("Y", "yes"), ("N", "no")),
    "G": (("F", "female"), ("M", "male")),
    "C": (("Y", "yes"), ("U", "uncertain"), ("N", "no")),
    "E": (("I", "increase"), ("S", "same"), ("D", "decrease")),
}
MATRICES = frozenset("ABCEFH")
_POINTS = {"5": 5, "A": 5, "B": 10}

NOT_OURS = {
    "*": "a calculated value is not asked; there is no such kind here",
    "|": "files cannot be sent with answers here",
    "I": "everybody chooses the language above the survey; no question asks for it",
    ":": "a table of numbers is no kind of ours; ask for each column in a matrix",
    ";": "a table of texts is no kind of ours; ask for each column in a text question",
    "1": "a matrix with two scales is no kind of ours; make two of it",
    "X": "a text that stands among questions has no place here; only above a page",
}
LEFT_OUT: tuple[tuple[tuple[str, ...], str], ...] = (
    (("array_filter", "array_filter_exclude"), "its lines depend on another one; here all stand"),
    (("exclude_all_others",), "that a line excludes others was left out"),
    (("em_validation_q", "em_validation_sq"), "its check by an equation was not taken over"),
    (("equals_num_value", "min_num_value", "max_num_value"), "its check of a sum was left out"),
    (("date_min", "date_max"), "the limits of its date were not taken over"),
    (("time_limit",), "its time limit was not taken over"),
    (("prefix",), "what stands before the field was not taken over"),
    (("random_group", "randomization_group"), "that it stands in random order was not taken over"),
)  # fmt: skip
_EXPRESSION = re.compile(r"\{[A-Za-z(][^{}]*\}")
_MOST = Decimal(10) ** 11


@dataclass
class Taken:
    """What became of the questions of a file: ours, what is to be told, and what is wrong."""

    languages: Mapping[str, str]
    base: str
    reported: list[Fault] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def tell(self, code: str, why: str) -> None:
        """Note something that was not taken over, once."""
        if Fault(code, why) not in self.reported:
            self.reported.append(Fault(code, why))

    def texts(self, code: str, texts: Mapping[str, str], longest: int) -> dict[str, str]:
        """Return texts by our languages, plain and short enough, with German words in any case."""
        found: dict[str, str] = {}
        for theirs, ours in self.languages.items():
            text = one_line(texts.get(theirs, ""))
            if _EXPRESSION.search(text):
                self.tell(code, "a text has an expression in braces, which stays as it is written")
            if len(text) > longest:
                self.tell(code, f"a text was longer than {longest} characters and is cut")
                text = f"{text[: longest - 1].rstrip()}…"
            if text:
                found.setdefault(ours, text)
        if found and FIRST_LANGUAGE not in found:
            if FIRST_LANGUAGE in self.languages.values():
                self.tell(
                    code, "the German words are missing; those of another language stand there"
                )
            spare = self.languages.get(self.base, "")
            found[FIRST_LANGUAGE] = found.get(spare) or next(iter(found.values()))
        return found


def questions_of(question: LssQuestion, taken: Taken) -> list[ForeignQuestion]:
    """Return what a question becomes: one of ours, several, or none, which is told."""
    kind = question.kind
    if kind in NOT_OURS or not _is_known(kind):
        taken.tell(question.code, NOT_OURS.get(kind, f"the kind “{kind}” is not known here"))
        return []
    if question.is_set("hidden"):
        taken.tell(question.code, "a hidden question is not asked")
        return []
    words = _words(question, taken)
    if not words:
        taken.tell(question.code, "the question has no words; its code stands in their place")
        words = {FIRST_LANGUAGE: ForeignWords(question.code)}
    for names, why in LEFT_OUT:
        if question.is_set(*names):
            taken.tell(question.code, why)
    if any(part.relevance not in {"", "1"} for part in question.parts):
        taken.tell(question.code, "some of its lines have a condition; here all stand")
    if question.row.get("preg"):
        taken.tell(question.code, "its check by a pattern was not taken over")
    base = ForeignQuestion(
        code=question.code,
        kind=QuestionKind.TEXT,
        texts=words,
        required=question.row.get("mandatory", "N") in {"Y", "S"},
        shuffled=_is_shuffled(question),
    )
    return _of_kind(question, base, taken)


def _is_known(kind: str) -> bool:
    known = {*LISTS, *SEVERAL, *TEXTS, *SPLIT, *FIXED_CHOICES, *MATRICES, "5", "N", "D"}
    return kind in known


def _of_kind(question: LssQuestion, base: ForeignQuestion, taken: Taken) -> list[ForeignQuestion]:
    kind = question.kind
    if kind in SPLIT:
        return _split(question, base, taken)
    if kind in MATRICES:
        return _matrix(question, base, taken)
    if kind in LISTS or kind in SEVERAL:
        return _list(question, base, taken)
    # The others have nothing that could stand in another order.
    return [_alone(question, replace(base, shuffled=False), taken)]


def _alone(question: LssQuestion, base: ForeignQuestion, taken: Taken) -> ForeignQuestion:
    if question.kind in TEXTS:
        return replace(base, kind=TEXTS[question.kind])
    if question.kind == "N":
        return _number(question, base, taken)
    if question.kind == "D":
        return replace(base, kind=QuestionKind.DATE)
    if question.kind == "5":
        return replace(base, kind=QuestionKind.SCALE, choices=_points(5))
    choices = _fixed_choices(question.kind, taken)
    return replace(base, kind=QuestionKind.SINGLE, choices=choices)


def _words(question: LssQuestion, taken: Taken) -> dict[str, ForeignWords]:
    code = question.code
    texts = {language: row.get("question", "") for language, row in question.texts.items()}
    helps = {language: row.get("help", "") for language, row in question.texts.items()}
    text = taken.texts(code, texts, LONGEST_QUESTION)
    helped = taken.texts(code, helps, LONGEST_HELP) if any(helps.values()) else {}
    return {
        language: ForeignWords(words, help=helped.get(language, ""))
        for language, words in text.items()
    }


def _lines(
    question: LssQuestion, lines: Iterable[LssLine], taken: Taken
) -> tuple[ForeignChoice, ...]:
    found = []
    for line in lines:
        texts = taken.texts(question.code, line.texts, LONGEST_CHOICE)
        if not texts:
            taken.faults.append(Fault(question.code, f"the line “{line.code}” has no words"))
            continue
        found.append(ForeignChoice(line.code, texts))
    return tuple(found)


def _list(question: LssQuestion, base: ForeignQuestion, taken: Taken) -> list[ForeignQuestion]:
    code, kind = question.code, LISTS.get(question.kind, QuestionKind.MULTIPLE)
    source = question.parts if kind is QuestionKind.MULTIPLE else question.answers
    if kind is QuestionKind.RANKING and not source:
        source = question.parts
    choices = _lines(question, source, taken)
    has_other = question.row.get("other") == "Y"
    if has_other and kind is not QuestionKind.RANKING:
        choices += (_other(question, taken),)
    if not source:
        taken.faults.append(Fault(code, "there is no line to choose from"))
        return []
    if len(choices) < 2:
        taken.tell(code, "with only one line there is nothing to choose; ask with yes and no")
        return []
    if len(choices) > MOST_CHOICES:
        taken.tell(code, f"a question has at most {MOST_CHOICES} lines here")
        return []
    if question.kind in "OP":
        taken.tell(code, "the comments beside its lines were not taken over")
    asked = replace(base, kind=kind, choices=choices)
    if kind is QuestionKind.SINGLE:
        return [asked]
    least, most = _limits(question, len(choices), taken)
    return [replace(asked, min_choices=least, max_choices=most)]


def _other(question: LssQuestion, taken: Taken) -> ForeignChoice:
    own = {
        language: question.attribute("other_replace_text", language) for language in taken.languages
    }
    words = fixed("other", taken.languages.values())
    if any(own.values()):
        words |= taken.texts(question.code, own, LONGEST_CHOICE)
    return ForeignChoice("other", words, ChoiceRole.OTHER)


def _limits(question: LssQuestion, number: int, taken: Taken) -> tuple[int | None, int | None]:
    limits: list[int | None] = []
    for name in ("min_answers", "max_answers"):
        value = question.attribute(name).strip()
        if value and not (value.isascii() and value.isdigit() and 1 <= int(value[:6]) <= number):
            taken.tell(question.code, f"its limit “{value[:40]}” was not taken over")
            value = ""
        limits.append(int(value) if value else None)
    if limits[0] and limits[1] and limits[0] > limits[1]:
        taken.tell(question.code, "its limits contradict each other and were not taken over")
        return None, None
    return limits[0], limits[1]


def _matrix(question: LssQuestion, base: ForeignQuestion, taken: Taken) -> list[ForeignQuestion]:
    code = question.code
    if question.kind in "FH":
        columns = _lines(question, [one for one in question.answers if one.scale == "0"], taken)
    elif question.kind in _POINTS:
        columns = _points(_POINTS[question.kind])
    else:
        columns = _fixed_choices(question.kind, taken)
    lines = _lines(question, question.parts, taken)
    if not question.parts or not columns:
        what = "line" if columns else "column"
        taken.faults.append(Fault(code, f"the matrix has no {what}"))
        return []
    if len(columns) < 2 or len(columns) > MOST_CHOICES or len(lines) > MOST_ROWS:
        taken.tell(code, f"a matrix has 2 to {MOST_CHOICES} columns and at most {MOST_ROWS} rows")
        return []
    rows = tuple(
        ForeignQuestion(
            code=f"{code}_{line.code}",
            kind=QuestionKind.SINGLE,
            texts={language: ForeignWords(text) for language, text in line.texts.items()},
            choices=columns,
            required=base.required,
        )
        for line in lines
    )
    return [replace(base, kind=QuestionKind.MATRIX, rows=rows)]


def _split(question: LssQuestion, base: ForeignQuestion, taken: Taken) -> list[ForeignQuestion]:
    """Return a question for each line: ours have one field each."""
    if not question.parts:
        taken.faults.append(Fault(question.code, "there is no line to fill in"))
        return []
    found = []
    for line in _lines(question, question.parts, taken):
        texts = {
            language: _joined(words, line.texts.get(language, line.texts[FIRST_LANGUAGE]))
            for language, words in base.texts.items()
        }
        # An underscore would mean the row of a matrix.
        one = replace(base, code=f"{question.code}-{line.code}", texts=texts, shuffled=False)
        found.append(
            _number(question, one, taken)
            if SPLIT[question.kind] is QuestionKind.NUMBER
            else replace(one, kind=SPLIT[question.kind])
        )
    taken.tell(question.code, f"it has become {len(found)} questions, one for each of its lines")
    return found


def _joined(words: ForeignWords, line: str) -> ForeignWords:
    text = f"{words.text} {line}"
    return replace(words, text=text if len(text) <= LONGEST_QUESTION else line)


def _number(question: LssQuestion, base: ForeignQuestion, taken: Taken) -> ForeignQuestion:
    decimals = 0 if question.is_set("num_value_int_only") else 2
    ends = [_end(question, name, taken) for name in ("min_num_value_n", "max_num_value_n")]
    if ends[0] is not None and ends[1] is not None and ends[0] > ends[1]:
        taken.tell(question.code, "its limits contradict each other and were not taken over")
        ends = [None, None]
    if any(end is not None and end % 1 for end in ends):
        decimals = 2
    units = {
        ours: one_line(question.attribute("suffix", theirs))[:LONGEST_UNIT]
        for theirs, ours in taken.languages.items()
    }
    spare = next((unit for unit in units.values() if unit), "")
    texts = {
        language: replace(words, unit=units.get(language) or spare)
        for language, words in base.texts.items()
    }
    return replace(
        base,
        kind=QuestionKind.NUMBER,
        texts=texts,
        lowest=ends[0],
        highest=ends[1],
        decimals=decimals,
        shuffled=False,
    )


def _end(question: LssQuestion, name: str, taken: Taken) -> Decimal | None:
    text = question.attribute(name).strip()
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) > _MOST or number != round(number, 2):
        taken.tell(question.code, f"its limit “{text[:40]}” is no number and was not taken over")
        return None
    return number


def _points(number: int) -> tuple[ForeignChoice, ...]:
    return tuple(
        ForeignChoice(str(point), {FIRST_LANGUAGE: str(point)}) for point in range(1, number + 1)
    )


def _fixed_choices(kind: str, taken: Taken) -> tuple[ForeignChoice, ...]:
    return tuple(
        ForeignChoice(code, fixed(word, taken.languages.values()))
        for code, word in FIXED_CHOICES[kind]
    )


def _is_shuffled(question: LssQuestion) -> bool:
    order = (question.attribute("answer_order"), question.attribute("subquestion_order"))
    return question.is_set("random_order") or "random" in order


def introduction_of(texts: Mapping[str, str], languages: Mapping[str, str]) -> dict[str, str]:
    """Return formatted texts as paragraphs by our languages."""
    found = {ours: plain_text(texts.get(theirs, "")) for theirs, ours in languages.items()}
    return {language: text for language, text in found.items() if text}
