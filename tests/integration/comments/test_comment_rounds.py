"""A round keeps a numbered copy of its passages."""

from __future__ import annotations

import pytest

from participation.comments import queries
from participation.comments.passages import PassageDraft
from participation.foundation.errors import NotFound, Refused
from participation.strategy.queries import adopted_version, draft_version
from tests.comment_rounds import adopted_contents


def test_a_round_keeps_a_numbered_copy_of_its_passages(session, opened):
    passages = queries.passages_of(session, opened.id)
    assert [(passage.code, passage.heading) for passage in passages] == [
        ("1", "Wozu wir messen"),
        ("2", "Keine Bilder von Menschen"),
        ("3", "Wie lange wir Daten behalten"),
    ]


def test_a_round_is_about_the_elements_of_its_passages_too(session, make, town):
    strategy = make.adopted_strategy(town)
    version, contents = adopted_contents(session, strategy)
    element, content = contents["M-01"]
    opened = make.comment_round(
        town, passages=[PassageDraft(content.text, content.title, element)], version=version
    )
    assert [element.code for element in opened.elements] == ["M-01"]
    assert opened.version_id == version.id


def test_a_draft_version_cannot_be_put_up_for_comment(session, make, town):
    strategy = make.strategy(town)
    with pytest.raises(Refused) as refusal:
        make.comment_round(town, version=draft_version(session, strategy.id))
    assert refusal.value.field == "version"


def test_another_towns_version_cannot_be_put_up_for_comment(session, make, town):
    strategy = make.adopted_strategy(make.municipality("nachbarow", "Nachbarow"))
    with pytest.raises(Refused) as refusal:
        make.comment_round(town, version=adopted_version(session, strategy.id))
    assert refusal.value.field == "version"


def test_a_round_without_a_text_is_refused(make, town):
    with pytest.raises(Refused) as refusal:
        make.comment_round(town, passages=[])
    assert refusal.value.field == "text"


def test_a_round_of_another_town_or_not_published_is_not_found(session, make, town, opened):
    other = make.municipality("nachbarow", "Nachbarow")
    hidden = make.comment_round(town, published=False)
    assert queries.get_public_round(session, town.id, opened.slug).id == opened.id
    with pytest.raises(NotFound):
        queries.get_public_round(session, other.id, opened.slug)
    with pytest.raises(NotFound):
        queries.get_public_round(session, town.id, hidden.slug)


def test_an_idea_call_is_no_round(session, make, town):
    call = make.idea_call(town)
    with pytest.raises(NotFound):
        queries.get_public_round(session, town.id, call.slug)
