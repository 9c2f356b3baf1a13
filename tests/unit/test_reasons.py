"""Which changed sentences a reason is about."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from participation.revisions.models import Change, ChangedField, ChangeReason, StatedReason
from participation.revisions.reasons import (
    Place,
    about,
    kept_places,
    lacks_a_reason,
    places_of,
    reasoned,
    reasons_by_field,
    sentences_of,
    wording_of,
    written,
)

BEFORE = "Termine gibt es online. Besuche sind die Ausnahme."
AFTER = "Termine gibt es online und am Telefon. Besuche sind immer möglich. Ein Bus fährt ins Dorf."
PHONE = Place("text", "Termine gibt es online und am Telefon.")
VISIT = Place("text", "Besuche sind immer möglich.")
BUS = Place("text", "Ein Bus fährt ins Dorf.")
TITLE = Place("title", "Neuer Titel")


def change(**places: tuple[Place, ...]) -> Change:
    """A change of a title and of three sentences, with a stated reason for each name."""
    return Change(
        fields=[
            ChangedField(name="text", position=1, before=BEFORE, after=AFTER),
            ChangedField(name="title", position=0, before="Alter Titel", after="Neuer Titel"),
        ],
        reasons=[
            ChangeReason(stated=StatedReason(name), text="so", places=written(named))
            for name, named in places.items()
        ],
    )


def words(reasons: Sequence[ChangeReason]) -> list[str]:
    return [reason.stated.value for reason in reasons if reason.stated]


def test_sentences_come_in_the_order_of_the_page_and_are_named_by_what_they_say_now():
    places = [one.place for one in sentences_of(change().fields)]
    assert places == [TITLE, PHONE, VISIT, BUS]


def test_a_sentence_that_goes_is_named_by_what_it_said():
    gone = ChangedField(
        name="text", position=0, before="Eins bleibt. Zwei geht.", after="Eins bleibt."
    )
    assert [wording_of(one.segments) for one in sentences_of([gone])] == ["Zwei geht."]


def test_a_reason_without_places_is_about_everything():
    groups = reasoned(change(law=()))
    assert [(one.field, len(one.sentences), words(one.reasons)) for one in groups] == [
        ("title", 1, ["law"]),
        ("text", 3, ["law"]),
    ]


def test_each_sentence_has_its_own_reasons_and_neighbours_share_theirs():
    groups = reasoned(change(law=(PHONE, VISIT), budget=(Place("title"), BUS)))
    assert [(one.field, len(one.sentences), words(one.reasons)) for one in groups] == [
        ("title", 1, ["budget"]),
        ("text", 2, ["law"]),
        ("text", 1, ["budget"]),
    ]


def test_a_place_may_be_a_whole_field():
    one = change(law=(Place("text"),))
    assert [it.place for it in about(sentences_of(one.fields), places_of(one.reasons[0]))] == [
        PHONE,
        VISIT,
        BUS,
    ]


def test_places_that_are_nowhere_any_more_leave_a_reason_about_everything():
    sentences = sentences_of(change().fields)
    gone = Place("text", "Das steht nirgends.")
    assert list(about(sentences, [gone])) == sentences
    assert kept_places(sentences, [gone, BUS, Place("lead")]) == [BUS]


def test_the_fields_of_a_change_know_their_reasons():
    by_field = reasons_by_field(change(law=(PHONE,), budget=(TITLE, BUS)))
    assert {name: words(reasons) for name, reasons in by_field.items()} == {
        "title": ["budget"],
        "text": ["law", "budget"],
    }


@pytest.mark.parametrize(
    ("places", "lacks"),
    [
        ({}, False),
        ({"law": ()}, False),
        ({"law": (PHONE,)}, True),
        ({"law": (PHONE,), "budget": ()}, False),
        ({"law": (Place("text"),), "budget": (TITLE,)}, False),
        ({"law": (Place("text"),), "budget": (BUS,)}, True),
    ],
)
def test_a_change_lacks_a_reason_when_one_of_its_sentences_has_none(places, lacks):
    assert lacks_a_reason(change(**places)) is lacks
