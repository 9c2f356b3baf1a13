"""A town in which every table has rows, for drills that must not lose any of them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.accounts.models import Invitation, PasswordReset, Role, SignUp
from participation.comments.hearings import begin_hearing
from participation.comments.models import Comment, Stance, VoteChoice
from participation.comments.statement_content import Said, StatementContent
from participation.comments.statement_drafts import save_draft
from participation.contributions.models import Channel
from participation.contributions.operations import follow
from participation.engagements.models import Audience, EngagementText, Extension
from participation.engagements.operations import confirm_subscription
from participation.engagements.telling import tell_subscriber
from participation.foundation.geometry import read_geometry
from participation.ideas.call_fields import FieldDraft, add_field
from participation.ideas.grouping import dismiss, group_ideas
from participation.ideas.models import (
    FieldAnswer,
    FieldKind,
    Idea,
    IdeaCall,
    IdeaWording,
    WordingState,
)
from participation.ideas.placing import ChosenPlace
from participation.insights.aggregation import aggregate
from participation.insights.models import IndicatorFeed
from participation.intake.models import TableImport, TableImportRow
from participation.jobs.operations import enqueue
from participation.moderation.models import Ground
from participation.moderation.reports import report
from participation.revisions.models import TakenWording
from participation.strategy import operations as strategy
from participation.strategy.content import Criterion, Financing
from participation.strategy.models import Element, FundingSource, ProgressState
from participation.surveys import queries
from participation.surveys.answers import SavedSheet
from participation.surveys.models import (
    PageText,
    QuestionPicture,
    SurveyTotals,
    WordingCorrection,
)
from participation.surveys.models import QuestionKind as Kind
from participation.surveys.questionnaire import Questionnaire
from participation.surveys.sheets import Place, Sheet
from tests.factories import Make
from tests.pdf_files import a_pdf
from tests.photographs import ready_photograph

CANARY = "Ein Satz mit „Anführung“, \\Schrägstrich, \ttab\nund Zeile – und 😀"


def fill_every_table(make: Make, session: Session) -> str:
    """Write rows of every kind and return the code of an idea's receipt."""
    town = make.municipality()
    # The parent has the higher number: a restore must bear keys that lead ahead.
    county = make.municipality("kreis", "Kreis Lindenow")
    town.parent_id = county.id
    town.logo, town.logo_type = b"\x89PNG\x00\xff", "image/png"
    loop = make.loop(town)
    _plan(make, session, town)
    _monitor(session, loop.measure, make)
    _take_part(make, session, town, loop.measure)
    _revise(make, session, loop)
    _ask_everything(make, session, town)
    _be_about_to(make, session, town)
    session.commit()
    code: str = loop.code
    return code


def _plan(make: Make, session: Session, town: Any) -> None:
    """A second town with a draft: criteria and financing stand in wordings."""
    other = make.municipality("neudorf", "Neudorf")
    draft = make.strategy(other)
    goal = make.goal(
        draft,
        title="Wege für alle",
        field="HF-1",
        criteria=(Criterion(what="Haltestellen", target="40", due_on=date(2028, 12, 31)),),
    )
    make.measure(
        draft,
        title="Haltestellen umbauen",
        field="HF-1",
        goals=(goal.code,),
        financing=(Financing(2027, FundingSource.GRANT, 120_000),),
    )


def _monitor(session: Session, measure: Element, make: Make) -> None:
    indicator = make.indicator(measure, baseline=Decimal("12.50"), target=Decimal("5"))
    strategy.record_measurement(
        session, indicator=indicator, value=Decimal("11.25"), on=date(2026, 3, 31)
    )
    session.add(IndicatorFeed(indicator_id=indicator.id, series="library/ease"))
    milestone = strategy.add_milestone(
        session, element=measure, title="Erste Öffnung", planned_on=date(2026, 6, 1)
    )
    strategy.reach_milestone(session, milestone=milestone, on=date(2026, 6, 3))
    strategy.report_progress(
        session,
        element=measure,
        state=ProgressState.RUNNING,
        percent=40,
        reason=CANARY,
        on=date(2026, 4, 1),
    )


def _take_part(make: Make, session: Session, town: Any, measure: Element) -> None:
    idea = session.scalars(sa.select(Idea)).one()
    draft = FieldDraft(FieldKind.CHOICE, "Wo?", choices=("Nord", CANARY), is_public=True)
    asked = add_field(session, call=session.get_one(IdeaCall, idea.idea_call_id), draft=draft)
    session.add(FieldAnswer(idea_id=idea.id, field_id=asked.id, text=CANARY))
    session.add(
        IdeaWording(
            idea_id=idea.id,
            state=WordingState.EARLIER,
            title="Vorher",
            text=CANARY,
            also=["place"],
            written_at=make.at,
            replaced_at=make.at,
        )
    )
    line = read_geometry("53.63, 12.41; 53.64, 12.42")
    equal = make.idea(
        idea.engagement,
        text=CANARY,
        supports=3,
        images=[ready_photograph(CANARY)],
        place=ChosenPlace(False, CANARY, line),
    )
    group_ideas(session, ideas=[idea, equal], actor=None, at=make.at)
    dismiss(session, ideas=[equal, make.idea(idea.engagement)], actor=None, at=make.at)
    subscription = follow(session, contribution=idea, address="wer@example.org", at=make.at)
    confirm_subscription(session, subscription=subscription, at=make.at)
    tell_subscriber(
        session,
        subscription=subscription,
        key=b"any key",
        news="grouped:1",
        template="ideas/ungrouped",
        payload={"number": 1, "engagement": CANARY, "slug": "orte"},
        at=make.at,
    )
    taken_over = TableImport(
        engagement_id=idea.engagement_id,
        channel=Channel.WORKSHOP,
        origin=CANARY,
        number=1,
        content_hash="d" * 64,
        submission="e" * 32,
        imported_at=make.at,
    )
    session.add(taken_over)
    session.flush()
    session.add(TableImportRow(contribution_id=idea.id, import_id=taken_over.id))
    comment_round = make.comment_round(town, elements=(measure,))
    comment = make.comment(
        comment_round, comment_round.passages[0], stance=Stance.CONCERN, quote="einer Aufgabe dient"
    )
    make.comment(comment_round, comment, text=CANARY)
    make.participant_group(comment_round)
    begin_hearing(session, comment_round=comment_round, title="Anhörung", actor=None, at=make.at)
    report(
        session, contribution=comment, ground=Ground.OTHER, note=CANARY, reporter="r", at=make.at
    )
    make.statement(
        comment_round,
        text=CANARY,
        signer_name=CANARY,
        pieces=[Said("1", "concern", CANARY)],
        pdf=a_pdf(),
    )
    waiting = make.invited(comment_round, "Heimatverein")
    save_draft(
        session,
        invitation=waiting.invitation,
        content=StatementContent(text=CANARY),
        code=waiting.code,
        at=make.at,
    )
    make.vote(comment, "somebody", VoteChoice.AGREE, important=True)
    survey = make.survey(town, elements=(measure,), questions=make.questions((measure,)))
    for _ in range(12):
        make.response(survey, make.sheet({"F4": CANARY}, F1="1"))
    session.add(
        SurveyTotals(
            version_id=survey.versions[-1].id,
            counted=12,
            tables={"F1": []},
            renewed_on=date(2026, 5, 7),
        )
    )
    survey.closes_at = make.at
    session.flush()
    aggregate(session, engagement=survey, actor=None, at=make.at + timedelta(hours=1), final=True)


def _ask_everything(make: Make, session: Session, town: Any) -> None:
    """A survey of every kind of question, in two languages, put off and corrected; letters."""
    survey = make.survey(town, questions=make.every_kind())
    make.invitations(make.survey(town, audience=Audience.CODE))
    asked = queries.questionnaire_of(session, survey.id)
    make.response(survey, _answers_to(asked))
    session.add_all(
        [
            EngagementText(engagement_id=survey.id, language="en", title=CANARY),
            Extension(
                engagement_id=survey.id,
                closed_before=survey.closes_at - timedelta(days=7),
                closes_now=survey.closes_at,
                reason=CANARY,
                extended_at=make.at,
            ),
            PageText(version_id=asked.version_id, page=1, language="de", title=CANARY),
            QuestionPicture(
                question_id=asked.questions[0].id, content=b"\x89PNG\x00", width=4, height=3
            ),
            WordingCorrection(
                question_id=asked.questions[0].id,
                language="de",
                before="Strase",
                after="Straße",
                reason="Tippfehler",
                corrected_at=make.at,
            ),
            SavedSheet(
                name="c" * 64,
                survey_id=survey.id,
                sealed=b"\x00\xffsealed",
                expires_on=date(2026, 6, 6),
            ),
        ]
    )
    session.flush()


def _answers_to(asked: Questionnaire) -> Sheet:
    """Answer every question that is asked of somebody who ticks the first choices."""
    codes = {kind: [one.code for one in asked.answered if one.kind is kind] for kind in Kind}
    first = {one.code: (one.choices[0].code,) for one in asked.answered if one.is_ticked}
    rankings = {code: {"1": 2, "2": 1} for code in codes[Kind.RANKING]}
    points = {one.code: {"1": one.points} for one in asked.answered if one.points}
    return Sheet(
        choices=first,
        texts=dict.fromkeys((*codes[Kind.SHORT_TEXT], *codes[Kind.TEXT]), CANARY),
        amounts=rankings | points,
        numbers={code: Decimal("12.5") for code in codes[Kind.NUMBER]},
        dates={code: date(2026, 2, 28) for code in codes[Kind.DATE]},
        places={code: Place(5387, 1325) for code in codes[Kind.PLACE]},
    )


def _revise(make: Make, session: Session, loop: Any) -> None:
    """A proposal for the version after the next, in the words of a comment."""
    change = make.amended(make.revision(loop.strategy), "M-02", title="Rufbus")
    comment = session.scalars(sa.select(Comment).where(Comment.level == 1)).first()
    assert change is not None
    assert comment is not None
    session.add(TakenWording(change_id=change.id, comment_id=comment.id))


def _be_about_to(make: Make, session: Session, town: Any) -> None:
    """What waits: jobs, invitations, links that were mailed."""
    soon = make.at + timedelta(days=1)
    account = make.member(Role.ANALYST, municipality=town)
    session.add_all(
        [
            Invitation(
                municipality_id=town.id,
                email="neu@example.org",
                role=Role.MODERATOR,
                token_hash="a",
                created_at=make.at,
                expires_at=soon,
            ),
            PasswordReset(account_id=account.id, token_hash="b", expires_at=soon),
            SignUp(email="dazu@example.org", token_hash="c", expires_at=soon),
        ]
    )
    enqueue(session, kind="test", key="test:1", due_at=soon, payload={"canary": CANARY})
