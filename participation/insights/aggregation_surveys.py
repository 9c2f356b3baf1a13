"""Count a survey: one table for each question, through disclosure control."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from participation.analysis.disclosure import (
    FEWEST_VALUES,
    PUBLIC_THRESHOLD,
    ROUNDING,
    SMALL,
)
from participation.engagements.models import ParticipantGroup
from participation.insights.counting import Counted
from participation.insights.models import VERSION_APART, Aggregate, AggregateKind
from participation.insights.results import SurveyTable, result_of
from participation.surveys.models import Survey
from participation.surveys.queries import (
    questionnaire_of,
    questionnaire_of_version,
    responses_by_version,
)
from participation.surveys.questionnaire import AskedQuestion, Questionnaire
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
    session: Session,
    survey: Survey,
    *,
    final: bool,
    before: Sequence[Aggregate],
    groups: Sequence[ParticipantGroup] = (),
) -> list[Counted]:
    """Return the tables of a survey's questions, in their order, the newest version first.

    What was asked in another version is another question, and is counted apart. An interim
    release shows a question anew only when enough more people have answered it; otherwise the
    change would tell what the few new ones ticked.
    """
    current = questionnaire_of(session, survey.id)
    earlier = {} if final else _tables_before(before)
    counted = _of_version(session, survey, current, earlier, groups, is_newest=True)
    answered = responses_by_version(session, survey.id)
    for version_id in sorted(answered.keys() - {current.version_id}, reverse=True):
        questionnaire = questionnaire_of_version(session, version_id)
        counted += _of_version(session, survey, questionnaire, earlier, groups, is_newest=False)
    if answered and current.version_id not in answered:
        # Nobody has answered the newest one yet.
        counted = [one for one in counted if one.parameters["version"] != current.version]
    if len({one.parameters["version"] for one in counted}) > 1:
        return [_one_of_several(one) for one in counted]
    return counted


def _of_version(
    session: Session,
    survey: Survey,
    questionnaire: Questionnaire,
    earlier: Mapping[tuple[int, str], SurveyTable],
    groups: Sequence[ParticipantGroup],
    *,
    is_newest: bool,
) -> list[Counted]:
    questions = {question.code: question for question in questionnaire.answered}
    everything = () if questionnaire.names_elements else _ids(survey)
    tables = tables_of(session, questionnaire, threshold=PUBLIC_THRESHOLD, groups=groups)
    return [
        _counted(
            questions[table.code],
            _shown(table, earlier.get((table.version, table.code))),
            everything,
            is_newest=is_newest,
        )
        for table in tables
    ]


def _counted(
    question: AskedQuestion,
    table: SurveyTable,
    elements_of_survey: tuple[int, ...],
    *,
    is_newest: bool,
) -> Counted:
    about = tuple(element_id for _, element_id in question.all_elements)
    title = question.text
    if table.group_text:
        title = f"{table.group_text} {question.text}"
    return Counted(
        kind=AggregateKind.SURVEY_QUESTION,
        subject=question.code if is_newest else f"{question.code}/{table.version}",
        title=title,
        n=table.n,
        result=table,
        method=METHOD,
        elements=about or elements_of_survey,
        parameters=PARAMETERS | {"version": table.version},
    )


def _one_of_several(counted: Counted) -> Counted:
    """Note that other versions were released beside it, so that its heading names its own."""
    named = {VERSION_APART: counted.parameters["version"]}
    return replace(counted, parameters={**counted.parameters, **named})


def _shown(table: SurveyTable, earlier: SurveyTable | None) -> SurveyTable:
    if earlier is None or earlier.withheld or table.n - earlier.n >= _GROWTH:
        return table
    return earlier


def _tables_before(before: Sequence[Aggregate]) -> dict[tuple[int, str], SurveyTable]:
    results = (result_of(aggregate) for aggregate in before)
    return {
        (result.version, result.code): result
        for result in results
        if isinstance(result, SurveyTable)
    }


def _ids(survey: Survey) -> tuple[int, ...]:
    return tuple(element.id for element in survey.elements)
