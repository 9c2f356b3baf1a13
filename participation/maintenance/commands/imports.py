"""Take in what was collected elsewhere: ideas, conversations, surveys."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from participation.accounts.models import Municipality
from participation.comments.models import CommentRound
from participation.comments.operations import open_round
from participation.contributions.models import ContributionStatus
from participation.engagements.models import Engagement
from participation.engagements.noting import note_on
from participation.engagements.plans import EngagementPlan
from participation.foundation import clock
from participation.ideas.models import IdeaCall
from participation.ideas.operations import open_call
from participation.maintenance.commands.progress import progress_bar
from participation.maintenance.import_ideas import IdeaColumns, IdeaFile, import_ideas
from participation.maintenance.import_lss import find_municipality, import_lss
from participation.maintenance.import_polis import import_conversation, passages_of
from participation.maintenance.import_survey import import_survey
from participation.maintenance.lss_file import read_lss
from participation.maintenance.lss_survey import questionnaire_of
from participation.maintenance.polis_folder import read_conversation
from participation.maintenance.survey_folder import SurveyFolder
from participation.maintenance.targets import (
    Period,
    Place,
    Target,
    check_target,
    find_place,
    publish_if_allowed,
)
from participation.surveys.building import open_survey
from participation.surveys.models import Survey
from participation.web.extensions import db
from participation.web.secrets import secret_key

Command = Callable[..., Any]

_PATH = click.Path(path_type=Path)


@click.group("import")
def import_group() -> None:
    """Take in what was collected elsewhere.

    Each import creates a closed engagement (--municipality, --title, --about) or fills the one
    that --engagement names. A broken file stores nothing; the line with the fault is named. The
    last line printed is JSON.
    """


def _codes(_context: click.Context, _option: click.Parameter, value: str) -> tuple[str, ...]:
    return tuple(code.strip() for code in value.split(",") if code.strip())


def _target_options(command: Command) -> Command:
    options = (
        click.option("--municipality", metavar="SLUG", help="Which municipality it is for."),
        click.option("--title", metavar="TEXT", help="Title of the new engagement."),
        click.option(
            "--about",
            metavar="CODES",
            default="",
            callback=_codes,
            help="Elements it is about, for example HF-7,M-07.",
        ),
        click.option("--engagement", metavar="SLUG", help="Fill this engagement instead."),
        click.option(
            "--status",
            type=click.Choice(["published", "pending"]),
            default="published",
            show_default=True,
            help="What is pending waits in the moderation queue.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


@import_group.command("ideas")
@click.argument("file", type=_PATH)
@click.option("--body-column", metavar="NAME", required=True, help="The column with the text.")
@click.option("--title-column", metavar="NAME", help="The column with the title, if any.")
@click.option("--url-column", metavar="NAME", help="The column with the web address, if any.")
@click.option(
    "--id-column",
    metavar="NAME",
    help="The column with what each idea is called there; without it “document_id” or “id”.",
)
@click.option("--latitude-column", metavar="NAME", help="The column with the latitude, if any.")
@click.option("--longitude-column", metavar="NAME", help="The column with the longitude.")
@_target_options
@with_appcontext
def ideas(
    file: Path,
    body_column: str,
    title_column: str | None,
    url_column: str | None,
    id_column: str | None,
    latitude_column: str | None,
    longitude_column: str | None,
    status: str,
    **target: Any,
) -> None:
    """Import ideas from a CSV file.

    Each row is an idea. A missing title is made from the first words, a missing text from the
    title. Left out are rows with neither, and rows whose web address was imported before.
    """
    session, at, where = db.session(), clock.now(), _target(target)
    if (latitude_column is None) != (longitude_column is None):
        raise click.UsageError("a latitude needs a longitude, and the other way round")
    columns = IdeaColumns(
        body=body_column,
        title=title_column,
        url=url_column,
        id=id_column,
        latitude=latitude_column,
        longitude=longitude_column,
    )
    read = IdeaFile(file, columns)

    def begin(municipality: Municipality, plan: EngagementPlan) -> IdeaCall:
        return open_call(session, municipality=municipality, plan=plan, actor=None, at=at)

    place = find_place(session, where, of=IdeaCall, begin=begin, at=at)
    with progress_bar("Ideas", read.rows) as advance:
        imported = import_ideas(
            session,
            call=place.engagement,
            file=read,
            status=ContributionStatus(status),
            elements=place.elements,
            at=at,
            progress=advance,
        )
    _finish(place, ideas=imported.ideas, skipped=imported.skipped)


@import_group.command("polis")
@click.argument("folder", type=_PATH)
@_target_options
@with_appcontext
def polis(folder: Path, status: str, **target: Any) -> None:
    """Import a conversation from a folder of Polis.

    It becomes a comment round with votes. The last vote of a person on a comment counts. What
    the moderators had accepted is published, what they had rejected is rejected, and what they
    had not looked at waits in the moderation queue.
    """
    session, at, where = db.session(), clock.now(), _target(target)
    read = read_conversation(folder)

    def begin(municipality: Municipality, plan: EngagementPlan) -> CommentRound:
        passages = passages_of(read, plan.title)
        return open_round(
            session,
            municipality=municipality,
            plan=plan,
            passages=passages,
            voting=True,
            actor=None,
            at=at,
        )

    period = Period(read.began, read.ended)
    place = find_place(session, where, of=CommentRound, begin=begin, at=at, period=period)
    with progress_bar("Comments and votes", len(read.comments) + len(read.votes)) as advance:
        imported = import_conversation(
            session,
            round=place.engagement,
            conversation=read,
            status=ContributionStatus(status),
            elements=place.elements,
            key=secret_key(),
            at=at,
            progress=advance,
        )
    _finish(
        place,
        comments=imported.comments,
        votes=imported.votes,
        participants=imported.participants,
    )


@import_group.command("survey")
@click.argument("folder", type=_PATH)
@_target_options
@with_appcontext
def survey(folder: Path, status: str, **target: Any) -> None:
    """Import a survey with its responses.

    FOLDER holds questions.csv and responses.csv. The choices of a question are what people
    answered, in the order that the column "choices" suggests where it fits. Columns of
    responses.csv that are no question are left out.
    """
    session, at, where = db.session(), clock.now(), _target(target)
    read = SurveyFolder(folder)
    if read.left_out:
        click.echo(f"Left out, because they are no questions: {', '.join(read.left_out)}", err=True)

    def begin(municipality: Municipality, plan: EngagementPlan) -> Survey:
        return open_survey(session, municipality=municipality, plan=plan, actor=None, at=at)

    place = find_place(session, where, of=Survey, begin=begin, at=at)
    with progress_bar("Responses", read.responses) as advance:
        imported = import_survey(
            session,
            survey=place.engagement,
            folder=read,
            status=ContributionStatus(status),
            at=at,
            progress=advance,
        )
    _finish(place, questions=imported.questions, responses=imported.responses)


@import_group.command("lss")
@click.argument("file", type=_PATH)
@click.option("--municipality", metavar="SLUG", help="Which one it is for, if there are several.")
@click.option("--title", metavar="TEXT", help="Title of the survey, if not that of the file.")
@click.option("--again", is_flag=True, help="Also if this file was imported before.")
@with_appcontext
def lss(file: Path, municipality: str | None, title: str | None, again: bool) -> None:
    """Import a questionnaire of LimeSurvey.

    The file ends in .lss or .lss.gz; all its languages are taken in. It becomes a draft
    without answers. What has no kind here, or cannot be said here, is reported with the
    code of its question. A file with faults stores nothing; all of them are named. A file that
    was imported before is refused unless it is meant --again.
    """
    session = db.session()
    place = find_municipality(session, municipality)
    read = questionnaire_of(read_lss(file))
    survey = import_lss(
        session, municipality=place, read=read, title=title, at=clock.now(), again=again
    )
    session.commit()
    facts = {
        "engagement": survey.slug,
        "questions": len(read.survey.questions),
        "languages": list(read.languages),
        "reported": [{"code": one.code, "why": one.why} for one in read.reported],
    }
    click.echo(json.dumps(facts, ensure_ascii=False))


def _target(options: dict[str, Any]) -> Target:
    target = Target(**options)
    check_target(target)
    return target


def _finish(place: Place[Any], **facts: int) -> None:
    """Publish what is new, note the import and commit; only then say what was stored."""
    session, at = db.session(), clock.now()
    engagement: Engagement = place.engagement
    missing = publish_if_allowed(session, engagement, at=at) if place.is_new else []
    note_on(session, "engagement.imported", engagement, actor=None, at=at, **facts)
    session.commit()
    if missing:
        texts = ", ".join(text.value for text in missing)
        click.echo(
            f"The engagement stays a draft and nothing of it is public: these texts of the "
            f"municipality are not complete yet: {texts}.",
            err=True,
        )
    click.echo(json.dumps({"engagement": engagement.slug} | facts, ensure_ascii=False))
