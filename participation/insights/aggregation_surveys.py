"""Count a survey: one table for each ticked question, through disclosure control."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from participation.analysis.disclosure import (
    FEWEST_VALUES,
    PUBLIC_THRESHOLD,
    ROUNDING,
    SMALL,
)
from participation.insights.counting import Counted
from participation.insights.models import Aggregate, AggregateKind
from participation.insights.results import SurveyTable, result_of
from participation.surveys.models import Survey
from participation.surveys.queries import questionnaire_of
from participation.surveys.questionnaire import AskedQuestion
from participation.surveys.tables import tables_of

METHOD = "counts after disclosure control"
PARAMETERS = {
    "threshold": PUBLIC_THRESHOLD,
    "hidden_below": SMALL,
    "rounded_to": ROUNDING,
    "values_left": FEWEST_VALUES,
}
# Both numbers are rounded: 15 between them are at least 11 people.
_GROWTH = 15


def count_survey(
    session: Session, survey: Survey, *, final: bool, before: Sequence[Aggregate]
) -> list[Counted]:
    """Return the tables of a survey's questions, in their order.

    An interim release shows a question anew only when enough more people have answered it;
    otherwise the change would tell what the few new ones ticked.
    """
    questionnaire = questionnaire_of(session, survey.id)
    questions = {question.code: question for question in questionnaire.questions}
    everything = () if questionnaire.names_elements else _ids(survey)
    earlier = {} if final else _tables_before(before)
    return [
        _counted(questions[table.code], _shown(table, earlier.get(table.code)), everything)
        for table in tables_of(session, questionnaire, threshold=PUBLIC_THRESHOLD)
    ]


def _counted(
    question: AskedQuestion, table: SurveyTable, elements_of_survey: tuple[int, ...]
) -> Counted:
    return Counted(
        kind=AggregateKind.SURVEY_QUESTION,
        subject=question.code,
        title=question.text,
        n=table.n,
        result=table,
        method=METHOD,
        elements=tuple(element_id for _, element_id in question.elements) or elements_of_survey,
        parameters=PARAMETERS,
    )


def _shown(table: SurveyTable, earlier: SurveyTable | None) -> SurveyTable:
    if earlier is None or earlier.withheld or table.n - earlier.n >= _GROWTH:
        return table
    return earlier


def _tables_before(before: Sequence[Aggregate]) -> dict[str, SurveyTable]:
    results = (result_of(aggregate) for aggregate in before)
    return {result.code: result for result in results if isinstance(result, SurveyTable)}


def _ids(survey: Survey) -> tuple[int, ...]:
    return tuple(element.id for element in survey.elements)
