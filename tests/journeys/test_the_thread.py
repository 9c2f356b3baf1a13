"""One small participation from the first sign-in to the second version, by clicking."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Town

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]

BEFORE = (
    "Das Bürgerbüro vergibt Termine im Internet. Besuche ohne Termin sind in Ausnahmefällen "
    "möglich."
)
AFTER = (
    "Das Bürgerbüro vergibt Termine im Internet. Besuche ohne Termin sind an drei Tagen in der "
    "Woche möglich."
)
IDEA = "Meine Mutter ist 81 und hat keine E-Mail-Adresse. Sie will einfach hingehen können."


def test_an_idea_changes_the_strategy_and_its_author_hears_of_it(
    town: Town, open_page, phone_without_javascript: Page
):
    chief, strategist, moderator = open_page(), open_page(), open_page()
    town.join(chief, "ines@lindenow.example", "Ines Lehmann", "administrator")
    complete_duty_texts(chief, town)
    town.join(strategist, "paul@lindenow.example", "Paul Noack", "strategist")
    for step in (set_up_strategy, write_vision, add_goal, add_measure, adopt_version_1):
        step(strategist, town)
    open_idea_call(strategist, town)
    town.join(moderator, "mara@lindenow.example", "Mara Krüger", "moderator")
    citizen = phone_without_javascript
    code = send_idea(citizen, town)
    confirm_address(citizen, town)
    publish_idea(moderator, town)
    record_finding(strategist, town)
    draft_and_sign_answer(strategist, town)
    sign_as_second_person(chief, town)
    begin_revision(strategist, town)
    revise_measure(strategist, town)
    adopt_version_2(strategist, town)
    hear_of_it(town)
    follow_receipt_to_the_end(citizen, town, code)


def complete_duty_texts(page: Page, town: Town) -> None:
    for path in ("impressum", "datenschutz", "barrierefreiheit", "regeln"):
        page.goto(f"{town.address}/verwaltung/texte/{path}")
        text = page.get_by_label("Text", exact=True)
        text.fill(re.sub(r"\[[^\]]*…[^\]]*\]", "Lindenow", text.input_value()))
        page.get_by_role("button", name="Vollständig: veröffentlichen").click()
    expect(page.get_by_text("Lücken in eckigen Klammern")).to_have_count(0)


def set_up_strategy(page: Page, town: Town) -> None:
    page.goto(town.address + "/ueberblick")
    page.get_by_role("link", name="Strategie", exact=True).first.click()
    page.get_by_role("link", name="Strategie anlegen").click()
    page.get_by_label("Titel").fill("Lindenow digital 2030")
    expect(page.get_by_role("checkbox", name="Verwaltung")).to_be_checked()
    page.get_by_role("button", name="Anlegen").click()


def write_vision(page: Page, town: Town) -> None:
    page.goto(town.address + "/werkstatt/strategie")
    page.get_by_role("link", name="Leitbild").first.click()
    page.get_by_label("Text des Leitbilds").fill("Lindenow ist digital, nah und offen für alle.")
    page.get_by_role("button", name="Speichern").first.click()


def add_goal(
    page: Page,
    town: Town,
    *,
    title: str = "Leistungen ohne Hürden",
    action_field: str = "HF-9 Verwaltung",
) -> None:
    page.goto(town.address + "/werkstatt/strategie")
    page.get_by_role("link", name="Ziel hinzufügen").first.click()
    page.get_by_label("Titel").fill(title)
    page.get_by_label("Handlungsfeld").select_option(label=action_field)
    page.get_by_label("Was wird gemessen?").first.fill("Wartezeit ohne Termin")
    page.get_by_label("Zielwert").first.fill("15 Minuten")
    page.get_by_label("Bis wann?").first.fill("2028-12-31")
    page.get_by_role("button", name="Speichern").first.click()


def add_measure(
    page: Page,
    town: Town,
    *,
    title: str = "Bürgerservice ohne Termin",
    text: str = BEFORE,
    goal: str = "Leistungen ohne Hürden",
    action_field: str = "HF-9 Verwaltung",
) -> None:
    page.goto(town.address + "/werkstatt/strategie")
    page.get_by_role("link", name="Maßnahme hinzufügen").first.click()
    page.get_by_label("Titel").fill(title)
    page.get_by_label("Was wird getan?").fill(text)
    page.get_by_role("checkbox", name=goal).check()
    page.get_by_label("Handlungsfeld").select_option(label=action_field)
    page.get_by_role("button", name="Speichern").first.click()


def adopt_version_1(page: Page, town: Town, *, text: str = BEFORE) -> None:
    page.goto(town.address + "/werkstatt/strategie")
    page.get_by_role("link", name="Beschluss eintragen").first.click()
    enter_resolution(page, "2024/031")
    page.get_by_role("button", name="Fassung 1 veröffentlichen").click()
    page.goto(f"{town.address}/strategie/M-01")
    expect(page.get_by_text(text).first).to_be_visible()


def enter_resolution(page: Page, number: str) -> None:
    page.get_by_label("Gremium").fill("Stadtverordnetenversammlung")
    page.get_by_label("Datum des Beschlusses").fill(date.today().isoformat())  # noqa: DTZ011
    page.get_by_label("Nummer des Beschlusses").fill(number)


def open_idea_call(page: Page, town: Town) -> None:
    page.goto(town.address + "/ueberblick")
    page.get_by_role("link", name="Beteiligungen").first.click()
    page.get_by_role("link", name="Ideenaufruf").first.click()
    page.get_by_label("Titel").fill("Wie soll das Rathaus erreichbar sein?")
    page.get_by_label("Was kann hier entschieden werden?").fill("Öffnungszeiten und Wege")
    page.get_by_label("Was steht schon fest?").fill("Die Zahl der Stellen in diesem Jahr")
    page.get_by_text("Maßnahmen (").first.click()
    page.get_by_role("checkbox", name="M-01").check()
    page.get_by_label("Beginnt am").fill((date.today() - timedelta(days=1)).isoformat())  # noqa: DTZ011
    page.get_by_role("button", name="Als Entwurf speichern").click()
    page.get_by_role("button", name="Veröffentlichen").first.click()
    page.goto(town.address + "/")
    expect(page.get_by_role("heading", name="Wie soll das Rathaus")).to_be_visible()


def send_idea(page: Page, town: Town, *, about: str = "Bürgerservice ohne Termin") -> str:
    page.goto(town.address + "/")
    page.get_by_role("link", name="Erste Idee einreichen").click()
    page.get_by_label("Titel Ihrer Idee").fill("Hingehen dürfen ohne Termin")
    page.get_by_role("button", name="Idee absenden").click()
    expect(page.get_by_text("Beschreiben Sie Ihre Idee").first).to_be_visible()
    expect(page.get_by_label("Titel Ihrer Idee")).to_have_value("Hingehen dürfen ohne Termin")
    page.get_by_label("Was schlagen Sie vor?").fill(IDEA)
    page.get_by_role("checkbox", name=about).check()
    page.get_by_label("E-Mail-Adresse").fill("rita@example.org")
    page.get_by_role("button", name="Idee absenden").click()
    expect(page.get_by_role("heading", name="Danke, Ihre Idee ist angekommen")).to_be_visible()
    code = page.locator(".bt-receipt").first.inner_text()
    assert re.sub(r"[^A-Z0-9]", "", code) not in page.url.upper()
    return code


def confirm_address(page: Page, town: Town) -> None:
    page.goto(town.link_in(town.mail_to("rita@example.org", "")))
    page.get_by_label("sofort, wenn etwas geschieht").check()
    page.get_by_role("button").last.click()
    town.mailbox.clear()


def publish_idea(page: Page, town: Town) -> None:
    page.goto(town.address + "/ueberblick")
    page.get_by_role("link", name="Moderation").first.click()
    expect(page.get_by_text(IDEA)).to_be_visible()
    page.get_by_role("button", name="Veröffentlichen").click()
    expect(page.get_by_role("button", name="Zurücknehmen")).to_be_visible()
    message = town.mail_to("rita@example.org", "veröffentlicht")
    assert "/ideen/1" in message.get_content()
    assert message["List-Unsubscribe"].startswith(f"<{town.address}/")


def record_finding(page: Page, town: Town) -> None:
    page.goto(town.address + "/ueberblick")
    page.get_by_role("link", name="Werkstatt").first.click()
    page.get_by_role("link", name="Beitrag").first.click()
    page.get_by_role("link", name="M-01").first.click()
    page.get_by_role("checkbox", name="Idee 1").check()
    page.get_by_label("Erkenntnis in einem Satz").fill(
        "Wer keinen Termin buchen kann, bleibt außen vor."
    )
    page.get_by_role("button", name="Festhalten").click()


def draft_and_sign_answer(page: Page, town: Town) -> None:
    page.goto(town.address + "/werkstatt/")
    page.get_by_role("link", name="Erkenntnis").first.click()
    page.get_by_role("link", name="entwerfen").first.click()
    page.get_by_role("radio", name="übernommen", exact=True).check()
    page.get_by_label("Begründung").fill("Drei offene Tage in der Woche sind möglich.")
    page.get_by_role("button", name="Entwurf speichern").click()
    page.get_by_role("button", name="Unterschreiben").click()


def sign_as_second_person(page: Page, town: Town) -> None:
    page.goto(town.address + "/ueberblick")
    page.get_by_role("link", name="Zu den Antworten").first.click()
    page.get_by_role("link", name="Ansehen").first.click()
    page.get_by_role("button", name="Unterschreiben und veröffentlichen").click()
    message = town.mail_to("rita@example.org", "geantwortet")
    assert "Lindenow" in message.get_content()
    town.mailbox.clear()


def begin_revision(page: Page, town: Town) -> None:
    page.goto(town.address + "/werkstatt/")
    page.get_by_role("button", name="Fortschreibung eröffnen").click()


def revise_measure(page: Page, town: Town) -> None:
    page.goto(town.address + "/werkstatt/")
    page.get_by_role("link", name="Element ändern").first.click()
    page.get_by_role("link", name="Bürgerservice ohne Termin").first.click()
    page.get_by_label("Was wird getan?").fill(AFTER)
    page.get_by_role("checkbox", name="E-1").check()
    page.get_by_role("button", name="Speichern").first.click()


def adopt_version_2(page: Page, town: Town, *, code: str = "M-01", text: str = AFTER) -> None:
    page.goto(town.address + "/werkstatt/")
    page.get_by_role("link", name="Beschluss eintragen").first.click()
    enter_resolution(page, "2026/118")
    page.get_by_role("button", name="Fassung 2 veröffentlichen").click()
    page.goto(f"{town.address}/strategie/{code}")
    expect(page.get_by_text(text).first).to_be_visible()


def hear_of_it(town: Town) -> None:
    assert town.mail_to("rita@example.org", "Fassung 2")


def follow_receipt_to_the_end(page: Page, town: Town, code: str) -> None:
    page.goto(town.address + "/")
    page.get_by_label("Beleg").first.fill(code)
    page.get_by_role("button", name="Prüfen").first.click()
    for step in ("veröffentlicht", "in Erkenntnis", "beantwortet", "Fassung 2"):
        expect(page.get_by_text(step).first).to_be_visible()
    expect(page.locator("ins").first).to_contain_text("an drei Tagen in der Woche")
    assert code not in page.url
    page.goto(town.address + "/was-daraus-wurde")
    expect(
        page.get_by_text("Wer keinen Termin buchen kann, bleibt außen vor.").first
    ).to_be_visible()
