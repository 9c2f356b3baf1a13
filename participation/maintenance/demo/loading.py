"""Loads the demo town, once."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from participation.accounts.models import REQUIRED_TEXTS, Account, Municipality, MunicipalityKind
from participation.accounts.operations import create_municipality, put_duty_text
from participation.accounts.passwords import Passwords
from participation.accounts.queries import municipalities
from participation.engagements.models import Engagement, ResultsMode
from participation.insights.aggregation import aggregate
from participation.journal.operations import in_order_of_time
from participation.maintenance.demo.discussions import ask_for_comments
from participation.maintenance.demo.outcomes import (
    begin_next_version,
    draw_conclusions,
    revise_early,
)
from participation.maintenance.demo.people import SLUG, Stage, invite_people
from participation.maintenance.demo.plan import report_on_measures, write_strategy
from participation.maintenance.demo.staging import last_office_hour
from participation.maintenance.demo.surveys import ask_questions, feed_indicator
from participation.maintenance.demo.texts import read_texts
from participation.maintenance.demo.voices import ask_for_ideas

_SEED = 2026
_BEGINNING = timedelta(days=724)
# They close at midnight and are released in the morning.
_UNTIL_RELEASE = timedelta(hours=10)


def load_demo(session: Session, *, passwords: Passwords, key: bytes, now: datetime) -> bool:
    """Fill an empty database with the demo town; return False if there is something in it."""
    if municipalities(session):
        return False
    with in_order_of_time(session):
        _tell(session, passwords, key, last_office_hour(now))
    return True


def _tell(session: Session, passwords: Passwords, key: bytes, now: datetime) -> None:
    stage = Stage(session, _found(session, now), now, key, random.Random(_SEED))  # noqa: S311
    staff = invite_people(stage, passwords)
    write_strategy(stage, staff["strategie"])
    _ask_for_years(stage, staff)
    revise_early(stage, staff)
    _look_back(stage, staff)
    draw_conclusions(stage, staff)
    report_on_measures(stage)
    _look_ahead(stage, staff)
    begin_next_version(stage, staff)


def _found(session: Session, now: datetime) -> Municipality:
    at = now - _BEGINNING
    texts = {kind: read_texts("duties")[kind.value].strip() for kind in REQUIRED_TEXTS}
    town = create_municipality(
        session,
        slug=SLUG,
        name="Lindenow",
        kind=MunicipalityKind.TOWN,
        texts=texts,
        at=at,
        is_demo=True,
    )
    town.postal_line = "Stabsstelle Digitales · Markt 1, 15999 Lindenow"
    town.contact_email = "beteiligung@lindenow.example"
    for kind, source in texts.items():
        put_duty_text(
            session,
            municipality=town,
            kind=kind,
            source=source,
            completed=True,
            actor=None,
            at=at,
        )
    return town


def _ask_for_years(stage: Stage, staff: dict[str, Account]) -> None:
    """Ask again and again how the last visit was; from the first answers on it is measured."""
    for number, survey in enumerate(_surveys("earlier")):
        asked = ask_questions(stage, survey, staff)
        if number == 0:
            feed_indicator(stage, staff)
        _release(stage, asked, staff)


def _look_back(stage: Stage, staff: dict[str, Account]) -> None:
    """Hold the engagements of last winter and release what they gave."""
    _release(stage, ask_for_ideas(stage, read_texts("ideas")["calls"][0], staff), staff)
    _release(stage, ask_for_comments(stage, read_texts("comments")["rounds"][0], staff), staff)
    for survey in _surveys("past"):
        _release(stage, ask_questions(stage, survey, staff), staff)


def _look_ahead(stage: Stage, staff: dict[str, Account]) -> None:
    """Open what people can take part in now; one survey shows what it has so far."""
    ask_for_ideas(stage, read_texts("ideas")["calls"][1], staff)
    for survey in _surveys("open"):
        asked = ask_questions(stage, survey, staff)
        if asked.results_mode is ResultsMode.INTERIM:
            aggregate(
                stage.session,
                engagement=asked,
                actor=staff["strategie"],
                at=stage.ago(1),
                final=False,
            )
    _hear(stage, staff)


def _hear(stage: Stage, staff: dict[str, Account]) -> None:
    """Ask for a guideline twice: for its first draft, and now for the next one."""
    # With dice of its own, so that what was rolled before stays as it is.
    stage = replace(stage, dice=random.Random(_SEED))  # noqa: S311
    _, first, second = read_texts("comments")["rounds"]
    _release(stage, ask_for_comments(stage, first, staff), staff)
    ask_for_comments(stage, second, staff)


def _surveys(when: str) -> list[dict[str, Any]]:
    return [one for one in read_texts("survey")["surveys"] if one["when"] == when] + [
        one for one in read_texts("priorities")["surveys"] if one["when"] == when
    ]


def _release(stage: Stage, engagement: Engagement, staff: dict[str, Account]) -> None:
    aggregate(
        stage.session,
        engagement=engagement,
        actor=staff["strategie"],
        at=engagement.closes_at + _UNTIL_RELEASE,
        final=True,
    )
