"""Changing what an idea is about, where it is and what was answered, by its receipt."""

from __future__ import annotations

from datetime import timedelta

import pytest

from participation.accounts.models import Role
from participation.contributions.models import ContributionStatus
from participation.engagements.models import ModerationMode
from participation.foundation import clock
from participation.ideas.assigning import correct_elements
from participation.ideas.call_fields import FieldDraft, add_field
from participation.ideas.models import FieldKind
from participation.ideas.placing import ChosenPlace
from participation.strategy.models import ElementKind
from tests.pages import pressed, text_of

LIST = "/beteiligung/orte/ideen"
IDEA = {"title": "Bank am Teich", "text": "Eine Bank im Schatten fehlt."}


@pytest.fixture
def strategy(site):
    return site.make.strategy(site.municipality)


@pytest.fixture
def elements(site, strategy):
    make = site.make
    return [
        make.element(strategy, ElementKind.MEASURE, title=title)
        for title in ("Plätze pflegen", "WLAN ausbauen", "Fremdes")
    ]


def call_of(site, elements, mode=ModerationMode.AFTER):
    call = site.make.idea_call(
        site.municipality, title="Orte", elements=tuple(elements[:2]), moderation_mode=mode
    )
    draft = FieldDraft(FieldKind.SHORT, "Wer könnte helfen?", is_public=True)
    return call, add_field(site.session, call=call, draft=draft)


def sent(site, call, field, **more):
    submitted = site.make.submitted_idea(
        call,
        key=site.app.config["HASHING_KEY"],
        asked=[field],
        answers={field.id: "Der Heimatverein"},
        place=ChosenPlace(address="Mühlteich"),
        **IDEA | more,
    )
    if submitted.idea.status is ContributionStatus.PENDING:
        submitted.idea.move_to(ContributionStatus.PUBLISHED, at=site.make.at)
    site.session.commit()
    return submitted


def opened(browser, code):
    address, fields = pressed(browser.post("/beleg", data={"code": code}).text, "Idee bearbeiten")
    return browser.post(address, data=fields).text


def changed(browser, code, **typed):
    address, fields = pressed(opened(browser, code), "Änderung speichern")
    return browser.post(address, data=fields | typed)


def test_the_form_holds_all_that_the_idea_holds(site, client, elements):
    call, field = call_of(site, elements)
    submitted = sent(site, call, field, elements=elements[:1])
    form = opened(client, submitted.code)
    _address, fields = pressed(form, "Änderung speichern")
    assert fields["elements"] == [elements[0].code]
    assert fields[field.name] == ["Der Heimatverein"]
    assert fields["place_address"] == ["Mühlteich"]
    assert elements[2].code not in form
    assert "email" not in fields
    # Sent as it is, it changes nothing.
    assert "Es hat sich nichts geändert." in changed(client, submitted.code).text


def test_everything_follows_at_once_where_nobody_looks_first(site, client, elements):
    call, field = call_of(site, elements)
    submitted = sent(site, call, field, elements=elements[:1])
    page = changed(
        client,
        submitted.code,
        elements=[elements[1].code],
        place_address="",
        place_points="53.63, 12.41",
        **{field.name: "Die Schule"},
    )
    assert "Die Änderung ist gespeichert." in page.text
    shown = client.get(f"{LIST}/{submitted.idea.number}").text
    for now, before in (
        ("Die Schule", "Heimatverein"),
        ("WLAN ausbauen", "Plätze pflegen"),
        ("53.63", "Mühlteich"),
    ):
        assert now in shown
        assert before not in shown
    assert IDEA["title"] in client.get(f"{LIST}?element={elements[1].code}").text
    assert IDEA["title"] not in client.get(f"{LIST}?element={elements[0].code}").text


def corrected(site, idea, elements, *, minutes):
    at = clock.now() + timedelta(minutes=minutes)
    correct_elements(site.session, idea=idea, elements=elements, actor=site.make.account(), at=at)
    site.session.commit()


def test_a_form_that_was_open_does_not_undo_a_correction(site, client, elements):
    call, field = call_of(site, elements)
    submitted = sent(site, call, field, elements=elements[:1])
    form = opened(client, submitted.code)
    corrected(site, submitted.idea, elements[1:2], minutes=1)
    address, fields = pressed(form, "Änderung speichern")
    refused = client.post(address, data=fields | {"text": "Zwei Bänke fehlen."})
    assert refused.status_code == 422
    assert "Inzwischen hat die Moderation geändert, wozu Ihre Idee gehört." in refused.text
    address, fields = pressed(refused.text, "Änderung speichern")
    assert fields["elements"] == [elements[1].code]
    assert "Die Änderung ist gespeichert." in client.post(address, data=fields).text
    site.session.expire_all()
    assert submitted.idea.text == "Zwei Bänke fehlen."
    assert submitted.idea.elements == [elements[1]]


def test_a_form_that_was_opened_after_a_correction_may_change_it(site, client, elements):
    call, field = call_of(site, elements)
    submitted = sent(site, call, field, elements=elements[:1])
    corrected(site, submitted.idea, elements[1:2], minutes=-1)
    page = changed(client, submitted.code, elements=[elements[0].code])
    assert "Die Änderung ist gespeichert." in page.text


def test_the_form_says_what_becomes_of_a_change(site, client, elements):
    call, field = call_of(site, elements, ModerationMode.BEFORE)
    waiting = site.make.submitted_idea(call, key=site.app.config["HASHING_KEY"], **IDEA)
    site.session.commit()
    assert "Ihre Idee ist noch nicht veröffentlicht." in opened(client, waiting.code)
    shown = sent(site, call, field)
    assert "Wir prüfen die Änderung, bevor sie erscheint." in opened(client, shown.code)
    call.moderation_mode = ModerationMode.AFTER
    site.session.commit()
    assert "Die Änderung gilt sofort." in opened(client, shown.code)


def test_the_history_says_what_else_was_changed(site, client, elements):
    call, field = call_of(site, elements)
    submitted = sent(site, call, field)
    number = submitted.idea.number
    client.post(f"{LIST}/{number}/unterstuetzen")
    changed(client, submitted.code, elements=[elements[1].code], place_address="Rathaus")
    history = text_of(client.get(f"{LIST}/{number}/fassungen").text)
    assert "Titel und Text blieben, wie sie waren. Geändert: Bezug zur Strategie, Ort" in history
    assert "Mühlteich" not in history
    changed(client, submitted.code, text="Zwei Bänke fehlen.", **{field.name: "Die Schule"})
    history = text_of(client.get(f"{LIST}/{number}/fassungen").text)
    assert "Auch geändert: weitere Angaben" in history


def test_moderators_read_all_of_a_change_before_anybody_else(site, client, elements):
    call, field = call_of(site, elements, ModerationMode.BEFORE)
    submitted = sent(site, call, field, elements=elements[:1])
    page = f"{LIST}/{submitted.idea.number}"
    answer = changed(
        client,
        submitted.code,
        elements=[elements[1].code],
        place_address="Neuer Markt",
        **{field.name: "Die Schule, 03991 123456"},
    )
    assert "Wir prüfen Ihre Änderung" in answer.text
    before = client.get(page).text
    assert "Mühlteich" in before
    for hidden in ("Neuer Markt", "Die Schule", "WLAN ausbauen"):
        assert hidden not in before
    # The author goes on with what they wrote last.
    _address, fields = pressed(opened(client, submitted.code), "Änderung speichern")
    assert fields["place_address"] == ["Neuer Markt"]
    moderator = site.staff(Role.MODERATOR)
    queue = moderator.get("/moderation/").text
    said = text_of(queue)
    assert "Titel und Text bleiben, wie sie sind." in said
    assert "bisher: Mühlteich neu: Neuer Markt" in said
    assert f"nicht mehr: {elements[0].code} Plätze pflegen" in said
    assert f"neu: {elements[1].code} WLAN ausbauen" in said
    assert "bisher: Der Heimatverein neu: Die Schule" in said
    assert "Hinweise:" in said
    address, fields = pressed(queue, "Änderung veröffentlichenV")
    moderator.post(address, data=fields)
    after = client.get(page).text
    assert "Neuer Markt" in after
    assert "Die Schule" in after


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"elements": ["foreign"]}, "Davon gibt es hier etwas nicht"),
        ({"elements": ["M-999"]}, "Davon gibt es hier etwas nicht"),
        ({"place_points": "drüben"}, "Das sind keine Koordinaten."),
        ({"place_points": "95, 200"}, "place_points-error"),
        ({"place_everywhere": "y"}, "Wählen Sie entweder das ganze Gebiet oder einen Ort."),
        ({"place_address": "x" * 201}, "Die Adresse darf höchstens 200 Zeichen haben."),
        ({"answer": "x" * 201}, "Höchstens 200 Zeichen."),
    ],
)
def test_what_is_wrong_is_named_at_its_field_and_nothing_typed_is_lost(
    site, client, elements, wrong, words
):
    call, field = call_of(site, elements)
    submitted = sent(site, call, field, elements=elements[:1])
    typed = {"foreign": elements[2].code}
    wrong = {
        (field.name if name == "answer" else name): [typed.get(one, one) for one in value]
        if isinstance(value, list)
        else value
        for name, value in wrong.items()
    }
    answer = changed(client, submitted.code, **{"text": "Drei Bänke fehlen."} | wrong)
    assert answer.status_code == 422
    assert words in answer.text
    assert "Drei Bänke fehlen." in answer.text
    for value in wrong.values():
        assert isinstance(value, list) or value == "y" or value in answer.text
    assert "Drei Bänke" not in client.get(f"{LIST}/{submitted.idea.number}").text


def test_too_late_the_answers_are_there_to_be_copied_too(site, client, elements):
    call, field = call_of(site, elements)
    submitted = sent(site, call, field)
    address, fields = pressed(opened(client, submitted.code), "Änderung speichern")
    typed = {"place_address": "Am Steg", field.name: "Die Angler"}
    with clock.standing_at(call.closes_at + timedelta(hours=1)):
        page = client.post(address, data=fields | typed)
    assert page.status_code == 409
    assert "Am Steg" in page.text
    assert "Die Angler" in page.text
