"""What a survey asks, as plain values: what forms show and sheets are checked against."""

from __future__ import annotations

from dataclasses import dataclass, replace

from participation.surveys.models import QuestionKind

TICKED = frozenset({QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.SCALE})
LONGEST_ANSWER = 1000


@dataclass(frozen=True)
class AskedChoice:
    """Something that can be ticked, in one language."""

    id: int
    code: str
    text: str


@dataclass(frozen=True)
class AskedQuestion:
    """A question in one language. `elements` are ids of elements by their codes."""

    id: int
    code: str
    kind: QuestionKind
    text: str
    help: str = ""
    low: str = ""
    high: str = ""
    required: bool = False
    sensitive: bool = False
    min_choices: int | None = None
    max_choices: int | None = None
    choices: tuple[AskedChoice, ...] = ()
    elements: tuple[tuple[str, int], ...] = ()

    @property
    def is_ticked(self) -> bool:
        """Whether it is answered by ticking, and so counted; the rest is written."""
        return self.kind in TICKED

    @property
    def least(self) -> int:
        """How many choices an answer has at least."""
        return self.min_choices or 1

    @property
    def most(self) -> int:
        """How many choices an answer has at most."""
        if self.kind is not QuestionKind.MULTIPLE:
            return 1
        return min(self.max_choices or len(self.choices), len(self.choices))


@dataclass(frozen=True)
class Questionnaire:
    """All questions of one version of a survey, in their order."""

    version_id: int
    questions: tuple[AskedQuestion, ...]

    @property
    def minutes(self) -> int:
        """How long it takes about: eight ticked or two written answers a minute."""
        seconds = sum(8 if question.is_ticked else 30 for question in self.questions)
        return max(1, round(seconds / 60))

    @property
    def names_elements(self) -> bool:
        """Whether single questions say what they are about."""
        return any(question.elements for question in self.questions)

    def about(self, code: str) -> Questionnaire:
        """Return the part about an element; the whole where no question names it."""
        part = tuple(
            question
            for question in self.questions
            if any(element == code for element, _ in question.elements)
        )
        return replace(self, questions=part) if part else self

    def find(self, code: str) -> AskedQuestion | None:
        """Return the question of a code."""
        return next((one for one in self.questions if one.code == code), None)
