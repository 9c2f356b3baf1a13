"""The surveys of the demo town: asked, translated, answered, and sent by letter."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from participation.accounts.models import Account
from participation.contributions.models import Channel, Contribution
from participation.engagements.codes import new_list_key
from participation.engagements.invitations import make_codes
from participation.engagements.models import Audience, ParticipantGroup
from participation.engagements.participant_groups import invite_group
from participation.insights.feeding import put_feed
from participation.maintenance.demo.people import Stage
from participation.maintenance.demo.sheets import sheets
from participation.maintenance.demo.staging import (
    elements_of,
    moderate,
    moments_of,
    plan_of,
    publish,
    submission,
)
from participation.maintenance.demo.texts import read_file, read_texts
from participation.strategy.models import Direction, IndicatorKind
from participation.strategy.operations import add_indicator
from participation.strategy.queries import choices_of_elements, get_element
from participation.surveys.arranging import write_page
from participation.surveys.building import QuestionDraft, TermDraft, add_question, open_survey
from participation.surveys.library import library_question
from participation.surveys.models import Operator, QuestionKind, Survey
from participation.surveys.operations import take_in
from participation.surveys.pictures import put_picture
from participation.surveys.queries import questionnaire_of
from participation.surveys.questionnaire import Questionnaire
from participation.surveys.translating import translate

# At which of the times that people answer those of an invited group do.
_OF_GROUP = 3
_PARTS = ("text", "help", "low", "high", "unit", "picture")


def ask_questions(stage: Stage, texts: dict[str, Any], staff: dict[str, Account]) -> Survey:
    """Open a survey and let people answer it, the answers of some days together."""
    plan = plan_of(stage, texts)
    survey = open_survey(
        stage.session,
        municipality=stage.municipality,
        plan=plan,
        actor=staff["strategie"],
        at=plan.opens_at - timedelta(days=2),
    )
    _write_questions(stage, survey, texts)
    publish(stage, survey, staff["strategie"], texts)
    if survey.audience is Audience.CODE:
        _send_letters(stage, survey, texts, staff["strategie"])
    questionnaire = questionnaire_of(stage.session, survey.id, answering=True)
    _say_in_other_languages(stage, survey, questionnaire, texts)
    _answer(stage, survey, questionnaire, texts, staff["moderation"])
    return survey


def feed_indicator(stage: Stage, staff: dict[str, Account]) -> None:
    """Let the question about the last visit measure how content people are."""
    words = read_texts("indicators")["fed"]
    strategy = stage.strategy()
    at = stage.ago(words["days_ago"])
    indicator = add_indicator(
        stage.session,
        element=get_element(stage.session, strategy.id, words["about"]),
        name=words["name"],
        kind=IndicatorKind.QUALITATIVE,
        unit=words["unit"],
        direction=Direction(words["direction"]),
        baseline=Decimal(str(words["baseline"])),
        target=Decimal(str(words["target"])),
        target_on=date(2028, 12, 31),
        source=words["source"],
    )
    put_feed(
        stage.session,
        indicator=indicator,
        municipality_id=stage.municipality.id,
        series=words["series"],
        actor=staff["strategie"],
        at=at,
    )


def _write_questions(stage: Stage, survey: Survey, texts: dict[str, Any]) -> None:
    titles = dict(choices_of_elements(stage.session, stage.strategy().id))
    for words in texts["questions"]:
        lines = [titles[code] for code in words.get("lines", ())]
        question = add_question(
            stage.session, survey=survey, draft=_question(stage, words, tuple(lines))
        )
        if "picture" in words:
            put_picture(
                stage.session,
                survey=survey,
                code=question.code,
                content=read_file(words["picture"]),
                shows=words["shows"],
            )
    for number, page in enumerate(texts.get("pages", ()), start=1):
        write_page(
            stage.session,
            survey=survey,
            page=number,
            title=page["title"],
            introduction=page.get("introduction", ""),
        )


def _question(stage: Stage, words: dict[str, Any], lines: tuple[str, ...]) -> QuestionDraft:
    """Return a question as the clerk of the demo writes it, or takes it from the library."""
    if "library" in words:
        return library_question(words["library"]).draft(lines, page=words.get("page"))
    kind = QuestionKind(words["kind"])
    listed = "rows" if kind is QuestionKind.MATRIX else "choices"
    given: dict[str, Any] = {
        name: words[name]
        for name in (
            *("text", "help", "low", "high", "unit", "other", "no_answer", "required", "page"),
            *("sensitive", "shuffled", "points", "budget", "min_choices", "max_choices", "series"),
        )
        if name in words
    }
    given |= {name: Decimal(words[name]) for name in ("lowest", "highest") if name in words}
    given |= {name: tuple(words[name]) for name in ("choices", "rows") if name in words}
    if lines:
        given[listed] = lines
    return QuestionDraft(
        kind=kind,
        elements=tuple(elements_of(stage, words.get("about", ()))),
        terms=tuple(
            TermDraft(one["earlier"], Operator(one["operator"]), choice=one["choice"])
            for one in words.get("terms", ())
        ),
        **given,
    )


# Languages -------------------------------------------------------------------------------------


def _say_in_other_languages(
    stage: Stage, survey: Survey, questionnaire: Questionnaire, texts: dict[str, Any]
) -> None:
    for language in texts.get("languages", ()):
        words = {"survey": texts[language]} if language in texts else {}
        for number, page in enumerate(texts.get("pages", ()), start=1):
            if language in page:
                words[f"page-{number}"] = page[language]
        for asked, question in zip(questionnaire.questions, texts["questions"], strict=True):
            said = question.get(language, {})
            words[asked.code] = {part: said[part] for part in _PARTS if part in said}
            for row, text in zip(asked.rows, said.get("rows", ()), strict=False):
                words[row.code] = {"text": text}
            listed = (asked.rows[0] if asked.rows else asked).choices
            if asked.kind is QuestionKind.SCALE:
                listed = listed[-1:]
            for choice, text in zip(listed, said.get("choices", ()), strict=False):
                words[f"{asked.code}-{choice.code}"] = {"text": text}
        translate(
            stage.session,
            survey=survey,
            language=language,
            words={key: said for key, said in words.items() if said},
        )


# Answers ---------------------------------------------------------------------------------------


def _answer(
    stage: Stage,
    survey: Survey,
    questionnaire: Questionnaire,
    texts: dict[str, Any],
    moderator: Account,
) -> None:
    answered = list(sheets(stage, questionnaire, texts))
    invited = _invite_group(stage, survey, texts)
    times = texts.get("times", 10)
    for number, at in enumerate(moments_of(stage, survey, times)):
        taken = take_in(
            stage.session,
            survey=survey,
            sheets=answered[number::times],
            channel=Channel.PAPER if number == 1 else Channel.ONLINE,
            day=at.date(),
            group=invited if number == _OF_GROUP else None,
        )
        for remark in taken.remarks:
            contribution = stage.session.get_one(Contribution, remark)
            moderate(stage, contribution, {}, moderator, at)


def _invite_group(stage: Stage, survey: Survey, texts: dict[str, Any]) -> ParticipantGroup | None:
    if "invites" not in texts:
        return None
    return invite_group(
        stage.session,
        engagement=survey,
        name=texts["invites"],
        actor=None,
        at=survey.opens_at - timedelta(days=1),
    )


def _send_letters(stage: Stage, survey: Survey, texts: dict[str, Any], actor: Account) -> None:
    """Make the codes of the first letters, and those of a reminder, which are the same."""
    list_key = new_list_key()
    for days_after, is_reminder in ((0, False), (10, True)):
        make_codes(
            stage.session,
            engagement=survey,
            letters=[("number", str(number)) for number in range(1, texts["letters"] + 1)],
            list_key=list_key,
            submission=submission(stage),
            is_reminder=is_reminder,
            group=texts["group"],
            key=stage.key,
            actor=actor,
            at=survey.opens_at + timedelta(days=days_after),
        )
