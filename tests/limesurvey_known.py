"""The questionnaires of LimeSurvey that are known well: real exports, or ours in their place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from participation.surveys.models import QuestionKind
from tests.limesurvey import lss, question, words
from tests.limesurvey_lindenow import KINDS, NOT_OURS, four_languages
from tests.real_input import SMALL_SETS, input_folder


@dataclass(frozen=True)
class Known:
    """A file in four languages, another without German, and what is known of both.

    `age` asks for years from 18 to 100, `hours` only those who chose 1 in `work`, whose lines
    are shuffled; `passports` ends with another answer, and `areas` are marked from 1 to 10.
    """

    in_four_languages: Callable[[Path], Path]
    without_german: Callable[[Path], Path]
    engagement: str
    told: frozenset[str]
    questions: int
    kinds: dict[str, QuestionKind]
    required: tuple[str, ...]
    age: str
    hours: str
    work: str
    passports: str
    areas: str
    first_page: str
    pages: int
    only_question: str


def known_questionnaires(real_data: Path) -> Known:
    """Return the real ones. Whoever has the folder of real data has these files too."""
    folder = input_folder(real_data)
    return _lindenow() if folder == SMALL_SETS else _demo(folder / "questionnaires_limesurvey")


def _demo(folder: Path) -> Known:
    """What the makers of a documentation of LimeSurvey have written with it."""
    return Known(
        in_four_languages=lambda _: folder / "demo_survey_en_de_es_fr.lss.gz",
        without_german=lambda _: folder / "one_question_two_languages.lss",
        engagement="lssdoc-demonstrationsfragebogen",
        told=frozenset(
            {"imc", "introtext", "adaptability", "trustinstitutions", "mediaquality", "thankyou"}
        ),
        questions=45,
        kinds={
            "respondentrole": QuestionKind.SINGLE,
            "nationality": QuestionKind.MULTIPLE,
            "age": QuestionKind.NUMBER,
            "sleephours-WEEK": QuestionKind.NUMBER,
            "lifedomains": QuestionKind.MATRIX,
            "dailyresources": QuestionKind.MATRIX,
            "devicerank": QuestionKind.RANKING,
            "birthdate": QuestionKind.DATE,
            "lifesatisfaction5pt": QuestionKind.SCALE,
            "occupation": QuestionKind.SHORT_TEXT,
            "improvements": QuestionKind.TEXT,
        },
        required=("respondentrole", "age", "democonsent"),
        age="age",
        hours="workhours",
        work="workstatus",
        passports="nationality",
        areas="lifedomains",
        first_page="Introduction et profil",
        pages=6,
        only_question="Q1",
    )


def _lindenow() -> Known:
    def four(folder: Path) -> Path:
        path = folder / "vier.lss"
        path.write_text(four_languages(), encoding="utf-8")
        return path

    def without_german(folder: Path) -> Path:
        texts = [words(1, f"Mida? ({language})", language) for language in ("et", "en")]
        path = folder / "zwei.lss"
        written = lss([question(1, "T")], texts, ([], []), languages=("et", "en"))
        path.write_text(written, encoding="utf-8")
        return path

    return Known(
        in_four_languages=four,
        without_german=without_german,
        engagement="leben-in-lindenow",
        told=NOT_OURS,
        questions=len(KINDS),
        kinds=KINDS,
        required=("rolle", "alter", "einwilligung"),
        age="alter",
        hours="stunden",
        work="arbeit",
        passports="staat",
        areas="bereiche",
        first_page="Über Sie (fr)",
        pages=3,
        only_question="q1",
    )
