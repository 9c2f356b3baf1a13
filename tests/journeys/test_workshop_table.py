"""A workshop's cards become ideas or comments: template, a faulty line, preview, list."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from pathlib import Path

import pytest
from playwright.sync_api import expect
from python_calamine import CalamineWorkbook

from participation.accounts.models import Role
from participation.comments.models import Comment
from participation.foundation.workbooks import Sheet, write_workbook
from participation.ideas.models import Idea
from tests.journeys.conftest import Served
from tests.journeys.hands import Hands
from tests.servers.axe import axe

pytestmark = [pytest.mark.journey, pytest.mark.timeout(180)]

TITLE = "Werkstatt am Markt"
CARDS = [(f"Karte {number}", f"Wunsch Nummer {number} von der Pinnwand") for number in range(1, 21)]


def test_a_workshop_table_becomes_twenty_ideas_after_a_faulty_line(
    lindenow: Served, hands: Hands, tmp_path: Path
):
    # One town for all ways, and a call for each.
    title = f"{TITLE} {uuid.uuid4().hex[:6]}"
    with lindenow.arranging() as (make, municipality):
        call = make.idea_call(municipality, title=title)
        slug, of_call = call.slug, Idea.idea_call_id == call.id
    page = hands.page
    lindenow.sign_in(page, Role.STRATEGIST, Role.MODERATOR, name="Ines Lehmann")
    page.goto(f"{lindenow.address}/verwaltung/beteiligungen")
    hands.follow(page.get_by_role("link", name=re.compile(f"^Tabelle.*{title}")))
    headings = the_template(hands, tmp_path)
    faulty = [*CARDS[:12], ("Ohne Idee", ""), *CARDS[13:]]
    hand_in(hands, a_table(tmp_path / "pinnwand.xlsx", headings, faulty))
    expect(page.get_by_role("heading", name="Eine Stelle stimmt noch nicht")).to_be_visible()
    expect(
        page.get_by_role("row", name=re.compile("Zeile 14.*B .Idee.*Hier fehlt"))
    ).to_be_visible()
    assert axe(page) == []
    expect(page.get_by_label("Woher genau?")).to_have_value("Werkstatt im Bürgerhaus")
    hand_in(hands, a_table(tmp_path / "neu.xlsx", headings, CARDS))
    expect(page.get_by_role("heading", name="20 Ideen, noch nicht gespeichert")).to_be_visible()
    assert axe(page) == []
    assert lindenow.count(of_call, of=Idea) == 0
    hands.follow(page.get_by_role("button", name="20 Ideen übernehmen"))
    expect(page.get_by_text("Übernommen und veröffentlicht: 20 Ideen.")).to_be_visible()
    expect(page.get_by_role("button", name="Zurücknehmen und 20 Ideen löschen")).to_be_visible()
    page.goto(f"{lindenow.address}/beteiligung/{slug}/ideen")
    expect(page.get_by_text("20 Ideen").first).to_be_visible()
    hands.follow(page.get_by_role("link", name="Karte 20", exact=True))
    expect(page.get_by_text("in einer Werkstatt: Werkstatt im Bürgerhaus")).to_be_visible()


def test_cards_on_a_text_become_comments_beside_their_passages(
    lindenow: Served, hands: Hands, tmp_path: Path
):
    title = f"Leitlinie {uuid.uuid4().hex[:6]}"
    with lindenow.arranging() as (make, municipality):
        comment_round = make.comment_round(municipality, title=title, voting=False)
        slug, of_round = comment_round.slug, Comment.discussion_id == comment_round.id
    page = hands.page
    lindenow.sign_in(page, Role.STRATEGIST, Role.MODERATOR, name="Mara Krüger")
    page.goto(f"{lindenow.address}/ueberblick")
    hands.follow(page.get_by_role("link", name=re.compile(f"^Tabelle mit Komm.*{title}")))
    headings = the_template(hands, tmp_path)
    faulty = [("7", "Frage", "Warum?", "", "", "")]
    hand_in(hands, a_table(tmp_path / "karten.xlsx", headings, faulty))
    expect(page.get_by_role("row", name=re.compile("Zeile 2.*A .Abschnitt.*„7“"))).to_be_visible()
    assert axe(page) == []
    cards = [
        ("2", "Bedenken", "Wer entscheidet das?", "nicht möglich ist", "", ""),
        (
            "3",
            "anderer Wortlaut",
            "Kürzer ist besser.",
            "",
            "Sie werden sofort gelöscht.",
            "",
        ),
    ]
    hand_in(hands, a_table(tmp_path / "neu.xlsx", headings, cards))
    assert axe(page) == []
    assert lindenow.count(of_round, of=Comment) == 0
    hands.follow(page.get_by_role("button", name="2 Kommentare übernehmen"))
    expect(page.get_by_text("Übernommen und veröffentlicht: 2 Kommentare.")).to_be_visible()
    page.goto(f"{lindenow.address}/beteiligung/{slug}/kommentare")
    expect(page.get_by_text("Wer entscheidet das?")).to_be_visible()
    expect(page.get_by_text("in einer Werkstatt: Werkstatt im Bürgerhaus").first).to_be_visible()


def the_template(hands: Hands, folder: Path) -> list[str]:
    path = folder / "vorlage.xlsx"
    hands.download(hands.page.get_by_role("link", name="Excel (XLSX)")).save_as(path)
    (headings,) = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    return [str(heading) for heading in headings]


def a_table(path: Path, headings: list[str], cards: Sequence[tuple[str, ...]]) -> Path:
    write_workbook(path, [Sheet("Ideen", [headings, *cards])])
    return path


def hand_in(hands: Hands, path: Path) -> None:
    page = hands.page
    hands.hand_in(page.get_by_label("Ihre Tabelle"), path)
    hands.fill(page.get_by_label("Woher genau?"), "Werkstatt im Bürgerhaus")
    checked = page.get_by_label("Gleich veröffentlichen: Ich habe es geprüft")
    if not checked.is_checked():
        hands.tick(checked)
    hands.follow(page.get_by_role("button", name="Hochladen und ansehen"))
