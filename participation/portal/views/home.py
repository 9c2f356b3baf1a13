"""The first page: what is open, what became of it, how the strategy stands."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.engagements.queries import public_engagements
from participation.foundation import clock
from participation.portal.blueprint import blueprint
from participation.portal.queries.engagements import cards_of
from participation.portal.queries.home import StrategyState, strategy_state
from participation.portal.sections import home_sections
from participation.strategy.models import ProgressState
from participation.web.extensions import db
from participation.web.kept_pages import same_for_everybody

_CARDS = 6


@blueprint.get("/")
@access.public
@same_for_everybody
def home() -> ResponseReturnValue:
    """Show the municipality's participation at a glance."""
    municipality, at = access.here(), clock.now()
    # One more than is shown tells whether there are others.
    engagements = public_engagements(db.session(), municipality.id, at, limit=_CARDS + 1)
    strategy = strategy_state(db.session(), municipality.id)
    return render_template(
        "portal/home.html",
        cards=cards_of(db.session(), engagements[:_CARDS], at),
        has_more=len(engagements) > _CARDS,
        strategy=strategy,
        parts=_parts(strategy) if strategy and strategy.measures else [],
        fields=_fields(strategy) if strategy else [],
        done=strategy.count(ProgressState.DONE) if strategy else 0,
        running=strategy.count(ProgressState.RUNNING) if strategy else 0,
        late=strategy.count(ProgressState.AT_RISK) if strategy else 0,
        **home_sections(db.session(), municipality.id),
    )


def _parts(strategy: StrategyState) -> list[dict[str, Any]]:
    """The states of all measures as one bar."""
    shown = (
        (ProgressState.DONE, _("abgeschlossen"), "done"),
        (ProgressState.RUNNING, _("läuft"), "part"),
        (ProgressState.AT_RISK, _("in Verzug"), "wait"),
        (ProgressState.STOPPED, _("beendet ohne Abschluss"), "bad"),
        (ProgressState.NOT_STARTED, _("noch nicht begonnen"), "none"),
    )
    return [
        {
            "label": word,
            "value_text": str(strategy.count(state)),
            "share": 100 * strategy.count(state) / strategy.measures,
            "tone": tone,
        }
        for state, word, tone in shown
        if strategy.count(state)
    ]


def _fields(strategy: StrategyState) -> list[dict[str, Any]]:
    return [
        {
            "code": field.code,
            "label": field.title,
            "href": url_for("portal.element", code=field.code),
            "state_text": _(
                "%(done)s von %(measures)s fertig", done=field.done, measures=field.measures
            )
            if field.measures
            else _("noch keine Maßnahme"),
            "percent": field.percent,
        }
        for field in strategy.fields
    ]
