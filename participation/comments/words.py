"""What a comment says, checked: its stance, its text, what it quotes and what it proposes."""

from __future__ import annotations

from dataclasses import dataclass

from participation.comments import policy
from participation.comments.models import Passage, Stance
from participation.comments.quotes import marked
from participation.contributions.models import Contribution
from participation.foundation.errors import Refused

# What a comment is about: a passage, a contribution that it answers, or a text as a whole.
Anchor = Passage | Contribution | None


@dataclass(frozen=True)
class Words:
    """What a comment says, as it is stored."""

    stance: Stance | None
    text: str
    rewording: str
    quote: str


def checked_words(
    anchor: Anchor, *, stance: Stance | None, text: str, rewording: str, quote: str, longest: int
) -> Words:
    """Return what a comment says. Raises Refused with the field that is wrong."""
    return Words(
        stance=checked_stance(anchor, stance),
        text=_checked_text(text, longest),
        rewording=checked_rewording(anchor, stance, rewording),
        quote=checked_quote(anchor, quote),
    )


def _checked_text(text: str, longest: int) -> str:
    """Return a comment's text without white space around it. Raises Refused."""
    text = text.strip()
    if not text:
        raise Refused("Bitte schreiben Sie Ihren Kommentar.", field="text")
    if len(text) > longest:
        raise Refused(
            "Bitte fassen Sie sich kürzer: höchstens %(limit)s Zeichen.",
            field="text",
            limit=longest,
        )
    return text


def checked_stance(anchor: Anchor, stance: Stance | None) -> Stance | None:
    """Return how a comment stands to what it is about. Raises Refused if it cannot."""
    if stance is None and not isinstance(anchor, Contribution):
        raise Refused("Bitte wählen Sie, wie Sie dazu stehen.", field="stance")
    if stance is Stance.REWORDING and not isinstance(anchor, Passage):
        raise Refused("Einen anderen Wortlaut gibt es nur für einen Abschnitt.", field="stance")
    return stance


def checked_rewording(anchor: Anchor, stance: Stance | None, rewording: str) -> str:
    """Return a proposed wording; only the stance of one has it. Raises Refused."""
    if stance is not Stance.REWORDING or not isinstance(anchor, Passage):
        return ""
    wording = rewording.replace("\r\n", "\n").strip()
    if not wording or wording == anchor.text:
        raise Refused("Bitte schreiben Sie, wie der Abschnitt heißen soll.", field="rewording")
    if len(wording) > policy.LONGEST_REWORDING:
        raise Refused(
            "Bitte fassen Sie sich kürzer: höchstens %(limit)s Zeichen.",
            field="rewording",
            limit=policy.LONGEST_REWORDING,
        )
    return wording


def checked_quote(anchor: Anchor, quote: str) -> str:
    """Return the quoted words as they stand in the passage. Raises Refused if they do not."""
    if not isinstance(anchor, Passage) or not quote.strip():
        return ""
    if len(quote) > policy.LONGEST_QUOTE:
        raise Refused(
            "Bitte zitieren Sie weniger: höchstens %(limit)s Zeichen.",
            field="quote",
            limit=policy.LONGEST_QUOTE,
        )
    found = marked(anchor.text, quote)
    if found is None:
        raise Refused(
            "So steht das nicht im Abschnitt. Übernehmen Sie die Worte bitte genau.", field="quote"
        )
    return found.quoted
