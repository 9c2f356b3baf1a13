"""What an idea said before to people who supported it or answered it."""

from __future__ import annotations

from itertools import pairwise

from flask import render_template
from flask.typing import ResponseReturnValue

from participation.accounts import access
from participation.analysis.wording_difference import difference
from participation.foundation.errors import NotFound
from participation.ideas import queries
from participation.ideas.parts import Part
from participation.ideas.wordings import earlier_wordings
from participation.portal.blueprint import blueprint
from participation.web.extensions import db
from participation.web.kept_pages import same_for_everybody


@blueprint.get("/beteiligung/<slug>/ideen/<int(max=2147483647):number>/fassungen")
@access.public
@same_for_everybody
def idea_wordings(slug: str, number: int) -> ResponseReturnValue:
    """Show how a published idea was changed, the latest change first."""
    call, idea = queries.find_shown(db.session(), access.here().id, slug, number)
    earlier = earlier_wordings(db.session(), idea.id)
    if not earlier:
        raise NotFound("this idea was never changed")
    said = [(one.title, one.text) for one in earlier] + [(idea.title, idea.text)]
    versions = [
        {
            "before": before,
            "changed_at": before.replaced_at,
            "title": difference(was[0], now[0]) if was[0] != now[0] else None,
            "text": difference(was[1], now[1]),
            "is_reworded": was != now,
            "also": [Part(name) for name in before.also],
        }
        for before, (was, now) in zip(earlier, pairwise(said), strict=True)
    ]
    return render_template(
        "portal/idea_wordings.html", call=call, idea=idea, versions=versions[::-1]
    )
