"""What an engagement says in other languages than German, easy language among them.

A translation keeps a hash of the German words that it was made from, so that it is known when
these have changed since.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.accounts.models import Account
from participation.engagements.models import Engagement, EngagementText
from participation.engagements.operations import note_in_journal
from participation.engagements.plans import LONGEST_WORDS, WORDS
from participation.foundation.errors import Refused

GERMAN = "de"
EASY = "de-x-leicht"


@dataclass(frozen=True)
class Part:
    """Some words of an engagement, and the language in which they really are."""

    text: str
    language: str = GERMAN


@dataclass(frozen=True)
class ShownWords:
    """The words in the language of a page, and those in easy language if there are any."""

    words: Mapping[str, Part]
    easy: EngagementText | None
    easy_is_outdated: bool


def german_of(engagement: Engagement) -> dict[str, str]:
    """Return the German words by part, without the parts that are empty."""
    return {part: getattr(engagement, part) for part in WORDS if getattr(engagement, part)}


def fingerprint(german: Mapping[str, str]) -> str:
    """Return a short hash of German words by part."""
    joined = "\x1e".join(f"{part}\x1f{words}" for part, words in sorted(german.items()))
    return hashlib.sha256(joined.encode()).hexdigest()[:16]


def is_outdated(engagement: Engagement, text: EngagementText) -> bool:
    """Tell whether the German words have changed since a translation was made."""
    return text.made_from != fingerprint(german_of(engagement))


def easy_text(session: Session, engagement_id: int) -> EngagementText | None:
    """Return the words of an engagement in easy language."""
    return session.get(EngagementText, (engagement_id, EASY))


def shown_words(session: Session, engagement: Engagement, language: str) -> ShownWords:
    """Return the words for a page in a language; German stands in for what is missing."""
    texts = {
        text.language: text
        for text in session.scalars(
            sa.select(EngagementText).where(
                EngagementText.engagement_id == engagement.id,
                EngagementText.language.in_((language, EASY)),
            )
        )
    }
    own, easy = texts.get(language), texts.get(EASY)
    words = {
        part: Part(translated, language)
        if own is not None and (translated := getattr(own, part))
        else Part(getattr(engagement, part))
        for part in WORDS
    }
    return ShownWords(words, easy, easy is not None and is_outdated(engagement, easy))


def easy_states(session: Session, engagements: Collection[Engagement]) -> dict[int, bool]:
    """Return which engagements have words in easy language, and whether these are outdated."""
    known = {engagement.id: engagement for engagement in engagements}
    texts: Sequence[EngagementText] = session.scalars(
        sa.select(EngagementText).where(
            EngagementText.engagement_id.in_(known), EngagementText.language == EASY
        )
    ).all()
    return {text.engagement_id: is_outdated(known[text.engagement_id], text) for text in texts}


def put_easy_text(
    session: Session,
    *,
    engagement: Engagement,
    words: Mapping[str, str],
    actor: Account | None,
    at: datetime,
) -> None:
    """Say an engagement in easy language; without any words nothing stays.

    The words count as made from the German ones as they are now. A missing title is that of the
    engagement. Raises Refused for words that are too long.
    """
    wanted = {part: (words.get(part) or "").strip() for part in WORDS}
    for part, longest in LONGEST_WORDS.items():
        if len(wanted[part]) > longest:
            raise Refused(f"these words are longer than {longest} characters", field=part)
    text = easy_text(session, engagement.id)
    if not any(wanted.values()):
        if text is not None:
            session.delete(text)
    else:
        if text is None:
            text = EngagementText(engagement_id=engagement.id, language=EASY)
            session.add(text)
        for part, part_words in wanted.items():
            setattr(text, part, part_words)
        text.title = text.title or engagement.title
        text.made_from = fingerprint(german_of(engagement))
    session.flush()
    note_in_journal(session, "engagement.changed", engagement, actor, at)
