"""What an organisation fills in, and whether it may be handed in like that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from participation.comments import policy
from participation.comments.models import Passage, Stance
from participation.foundation.errors import Refused

LONGEST_COVERING_TEXT = 20_000
LONGEST_SIGNER = 160


@dataclass(frozen=True)
class Said:
    """What an organisation says about one passage."""

    passage: str
    stance: str
    text: str
    rewording: str = ""


@dataclass(frozen=True)
class Upload:
    """A PDF that was checked."""

    content: bytes
    pages: int


@dataclass(frozen=True)
class StatementContent:
    """What is filled in, by whom, and the PDF that came along."""

    text: str = ""
    signer_name: str = ""
    signer_role: str = ""
    is_public: bool = False
    pieces: tuple[Said, ...] = ()
    document: Upload | None = field(default=None)


def checked_content(content: StatementContent, passages: Mapping[str, Passage]) -> StatementContent:
    """Return what is handed in without blanks around it. Raises Refused with the wrong field."""
    text = content.text.strip()
    if len(text) > LONGEST_COVERING_TEXT:
        raise Refused(
            "Bitte fassen Sie sich kürzer: höchstens %(limit)s Zeichen.",
            field="text",
            limit=LONGEST_COVERING_TEXT,
        )
    pieces = tuple(checked_piece(said, passages, prefix=True) for said in content.pieces)
    if not text and not pieces and content.document is None:
        raise Refused(
            "Schreiben Sie etwas, zum Ganzen oder zu einem Abschnitt, oder laden Sie ein PDF hoch.",
            field="text",
        )
    signer = content.signer_name.strip(), content.signer_role.strip()
    for name, value in zip(("signer_name", "signer_role"), signer, strict=True):
        if not value:
            raise Refused("Bitte sagen Sie uns, wer unterschreibt.", field=name)
        if len(value) > LONGEST_SIGNER:
            raise Refused("Höchstens 160 Zeichen.", field=name)
    return replace(content, text=text, pieces=pieces, signer_name=signer[0], signer_role=signer[1])


def checked_piece(said: Said, passages: Mapping[str, Passage], *, prefix: bool) -> Said:
    """Return a piece without blanks around it. Raises Refused with its own field."""

    def at_field(name: str) -> str:
        return f"{name}_{said.passage}" if prefix else name

    passage = passages.get(said.passage)
    if passage is None:
        raise Refused("Diesen Abschnitt gibt es nicht.", field="passage")
    try:
        stance = Stance(said.stance)
    except ValueError:
        raise Refused("Wählen Sie, wie Sie dazu stehen.", field=at_field("stance")) from None
    text, wording = said.text.strip(), said.rewording.replace("\r\n", "\n").strip()
    if stance is not Stance.REWORDING:
        wording = ""
    elif not wording or wording == passage.text:
        raise Refused(
            "Bitte schreiben Sie, wie der Abschnitt heißen soll.", field=at_field("rewording")
        )
    if not text and not wording:
        raise Refused("Bitte schreiben Sie etwas dazu.", field=at_field("text"))
    if len(text) > policy.LONGEST_TEXT:
        raise Refused(
            "Bitte fassen Sie sich kürzer: höchstens %(limit)s Zeichen.",
            field=at_field("text"),
            limit=policy.LONGEST_TEXT,
        )
    if len(wording) > policy.LONGEST_REWORDING:
        raise Refused(
            "Bitte fassen Sie sich kürzer: höchstens %(limit)s Zeichen.",
            field=at_field("rewording"),
            limit=policy.LONGEST_REWORDING,
        )
    return Said(said.passage, stance.value, text, wording)
