"""Release results from the command line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import click
from flask.cli import with_appcontext

from participation.engagements.models import Engagement
from participation.engagements.queries import find_by_slug
from participation.foundation import clock
from participation.insights.aggregation import aggregate, is_final
from participation.insights.models import Aggregate
from participation.insights.queries import released
from participation.insights.results import (
    CommentTable,
    IdeaList,
    SurveyTable,
    VoteTable,
    result_of,
)
from participation.web.extensions import db


@click.command("aggregate")
@click.argument("slug")
@click.option("--municipality", metavar="SLUG", help="Needed where the slug is not unique.")
@click.option("--json", "as_json", is_flag=True, help="Print the whole release as JSON.")
@with_appcontext
def release(slug: str, municipality: str | None, as_json: bool) -> None:
    """Release the results of an engagement and print them.

    The final results if it has closed; made once, they are printed again and not changed.
    While it is open, an interim release where the engagement allows it.
    """
    session = db.session()
    engagement = find_by_slug(session, slug, municipality)
    at = clock.now()
    rows: Sequence[Aggregate] = released(session, engagement)
    if not is_final(rows):
        final = engagement.closes_at <= at
        rows = aggregate(session, engagement=engagement, actor=None, at=at, final=final)
        session.commit()
    if as_json:
        click.echo(json.dumps(_release_as_json(engagement, rows), ensure_ascii=False))
    else:
        for row in rows:
            click.echo(_summary(row))


def _release_as_json(engagement: Engagement, rows: Sequence[Aggregate]) -> dict[str, Any]:
    return {
        "engagement": engagement.slug,
        "kind": engagement.kind.value,
        "release": rows[0].release,
        "final": rows[0].final,
        "released_at": rows[0].released_at.isoformat(),
        "aggregates": [
            {
                "id": row.id,
                "kind": row.kind.value,
                "subject": row.subject,
                "title": row.title,
                "n": row.n,
                "elements": [element.code for element in row.elements],
                "method": row.method,
                "parameters": row.parameters,
                "result": row.result,
            }
            for row in rows
        ],
    }


def _summary(row: Aggregate) -> str:
    result = result_of(row)
    name = f"{row.kind.value} {row.subject}".strip()
    if isinstance(result, SurveyTable):
        top = result.top
        said = f"{top.label}: {top.share}%" if top else "too few answers"
    elif isinstance(result, IdeaList):
        said = f"{result.ideas} ideas, {result.supports} supports"
    elif isinstance(result, CommentTable):
        said = f"{result.comments} comments"
    elif isinstance(result, VoteTable):
        said = f"{len(result.rows)} comments with votes"
    return f"{name}  n = {row.n}  {said}"


COMMANDS = [release]
