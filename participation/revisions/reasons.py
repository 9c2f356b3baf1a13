"""Because of what a text changes, and which of its sentences a reason is about. No row is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from participation.analysis.sentences import Sentence
from participation.insights.models import Finding
from participation.revisions.drafting import field_sentences
from participation.revisions.models import Change, ChangedField, ChangeReason, StatedReason


@dataclass(frozen=True)
class Place:
    """What a reason is about: a field of the wording, or one changed sentence of it.

    A sentence is named by its new wording, one that goes by its old. So a place outlives
    changes to other sentences.
    """

    field: str
    sentence: str = ""


@dataclass(frozen=True)
class Reason:
    """Because of what an element changes: a finding, or another stated reason with its text.

    Without places it is a reason for everything that changes about the element.
    """

    finding: Finding | None = None
    stated: StatedReason | None = None
    text: str = ""
    places: tuple[Place, ...] = ()


@dataclass(frozen=True)
class ChangedSentence:
    """A sentence of a field that reads differently, word by word."""

    field: str
    segments: Sentence

    @property
    def place(self) -> Place:
        """The place by which reasons name the sentence."""
        return Place(self.field, wording_of(self.segments))


@dataclass(frozen=True)
class Reasoned:
    """Changed sentences of one field that follow each other, and the reasons they share."""

    field: str
    sentences: Sequence[Sentence]
    reasons: Sequence[ChangeReason]


def wording_of(sentence: Sentence) -> str:
    """Return how a changed sentence reads now; one that went, how it read."""
    for gone in ("delete", "insert"):
        text = " ".join("".join(it.text for it in sentence if it.kind != gone).split())
        if text:
            return text
    return ""


def places_of(reason: ChangeReason) -> tuple[Place, ...]:
    """Return the places that a stored reason names; none means everything that changes."""
    return tuple(Place(**place) for place in reason.places)


def written(places: Iterable[Place]) -> list[dict[str, str]]:
    """Return places as a reason stores them, each once."""
    return [{"field": one.field, "sentence": one.sentence} for one in dict.fromkeys(places)]


def sentences_of(fields: Iterable[ChangedField]) -> list[ChangedSentence]:
    """Return the sentences that fields change, in the order of the page."""
    return [
        ChangedSentence(field.name, segments)
        for field in sorted(fields, key=lambda one: one.position)
        for segments in field_sentences(field.name, field.before, field.after)
    ]


def about(
    sentences: Sequence[ChangedSentence], places: Sequence[Place]
) -> Sequence[ChangedSentence]:
    """Return the sentences that places name. Places that name none of them name all."""
    named = set(places)
    found = [one for one in sentences if one.place in named or Place(one.field) in named]
    return found or sentences


def kept_places(sentences: Sequence[ChangedSentence], places: Iterable[Place]) -> list[Place]:
    """Return those of the places that name something that changes."""
    there = {one.place for one in sentences} | {Place(one.field) for one in sentences}
    return [place for place in places if place in there]


def reasoned_sentences(
    change: Change, sentences: Sequence[ChangedSentence] | None = None
) -> list[tuple[ChangedSentence, list[ChangeReason]]]:
    """Return each changed sentence of an element with the reasons that are about it."""
    changed = sentences_of(change.fields) if sentences is None else sentences
    covered = {id(reason): set(about(changed, places_of(reason))) for reason in change.reasons}
    return [
        (one, [reason for reason in change.reasons if one in covered[id(reason)]])
        for one in changed
    ]


def reasoned(change: Change) -> list[Reasoned]:
    """Return the changed sentences, those together that share field and reasons."""
    groups: list[Reasoned] = []
    for one, reasons in reasoned_sentences(change):
        last = groups[-1] if groups else None
        if last is not None and last.field == one.field and last.reasons == reasons:
            groups[-1] = Reasoned(one.field, [*last.sentences, one.segments], reasons)
        else:
            groups.append(Reasoned(one.field, [one.segments], reasons))
    return groups


def parted(change: Change) -> list[Reasoned]:
    """Return `reasoned` where reasons name places; nothing where all are about everything."""
    return reasoned(change) if any(reason.places for reason in change.reasons) else []


def reasons_by_field(change: Change) -> Mapping[str, list[ChangeReason]]:
    """Return because of what each field changes, whichever of its sentences a reason is about."""
    if not any(reason.places for reason in change.reasons):
        return {field.name: change.reasons for field in change.fields}
    found: dict[str, list[ChangeReason]] = {}
    for one, reasons in reasoned_sentences(change):
        known = found.setdefault(one.field, [])
        known += [reason for reason in reasons if reason not in known]
    return found


def lacks_a_reason(change: Change) -> bool:
    """Tell whether a changed sentence has no reason although the change names some."""
    if not change.reasons or any(not reason.places for reason in change.reasons):
        return False
    return any(not reasons for _sentence, reasons in reasoned_sentences(change))
