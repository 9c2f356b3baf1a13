"""A table of ideas from a workshop: template, faults with line and column, one import, undo."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
import xlsxwriter
from python_calamine import CalamineWorkbook

from participation.accounts.models import Role
from participation.contributions.models import Channel, Contribution, ContributionStatus
from participation.contributions.operations import follow
from participation.engagements.models import ModerationMode
from participation.foundation import clock
from participation.ideas.models import Idea
from participation.intake.models import TableImport, TableImportRow
from participation.journal.models import JournalEntry
from participation.moderation.models import Action, ModerationDecision
from participation.strategy.queries import get_element
from tests.pages import pressed, text_of

PAGE = "/verwaltung/beteiligungen/digitale-orte/tabelle"
WORDS = {
    "channel": "workshop",
    "origin": "Werkstatt im Bürgerhaus",
    "received_on": "",
    "decision": "queue",
}
GOOD = (
    "Titel;Idee;Bezug;Eingegangen am\n"
    "WLAN;Im Wartehaus fehlt das Netz.;HF-1;01.05.2026\n"
    ';"Eine Anzeige,\ndie vorliest";;\n'
)


@pytest.fixture
def call(site):
    strategy = site.make.adopted_strategy(site.municipality)
    element = get_element(site.session, strategy.id, "HF-1")
    call = site.make.idea_call(site.municipality, title="Digitale Orte", elements=(element,))
    site.session.commit()
    return call


@pytest.fixture
def moderator(site, call):
    return site.staff(Role.MODERATOR)


def upload(browser, content: str | bytes = GOOD, name: str = "ideen.csv", **more):
    content = content.encode() if isinstance(content, str) else content
    day = (clock.today() - timedelta(days=1)).isoformat()
    hidden = dict(
        re.findall(
            r'name="(submission|opened|csrf_token)"[^>]*value="([^"]*)"', browser.get(PAGE).text
        )
    )
    fields = hidden | WORDS | {"received_on": day} | more
    answer = browser.post(PAGE, data=fields | {"table": (io.BytesIO(content), name)})
    # What the client puts together for a large file stands in a file of its own.
    answer.request.environ["wsgi.input"].close()
    return answer


def taken_over(browser, page, button=r"2 Ideen übernehmen", **more):
    action, fields = pressed(page.text, button, **more)
    return browser.post(action, data=fields)


def ideas(site):
    site.session.expire_all()
    found = site.session.scalars(sa.select(Idea).order_by(Idea.number)).all()
    site.session.commit()
    return found


def workbook(*rows) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"default_date_format": "dd.mm.yyyy"}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write(number, column, cell)
    return content.getvalue()


def changed(content: bytes, change) -> bytes:
    """The same workbook with other cells."""
    copy = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(copy, "w") as new:
        for part in old.infolist():
            body = old.read(part)
            new.writestr(part.filename, change(body) if "sheet1" in part.filename else body)
    return copy.getvalue()


def test_the_template_has_the_headings_that_we_read(site, call, moderator):
    answer = moderator.get(f"{PAGE}/vorlage.xlsx")
    book = CalamineWorkbook.from_object(io.BytesIO(answer.data))
    headings = ["Titel", "Idee", "Bezug", "Ort", "Eingegangen am"]
    assert book.get_sheet_by_index(0).to_python() == [headings]
    assert "HF-1: " in str(book.get_sheet_by_index(1).to_python())
    text = moderator.get(f"{PAGE}/vorlage.csv").data.decode("utf-8-sig")
    assert text == "Titel;Idee;Bezug;Ort;Eingegangen am\r\n"
    page = upload(moderator, text + "WLAN;Netz fehlt.;hf-1;;\r\n")
    assert "1 Idee, noch nicht gespeichert" in page.text


def test_a_table_is_looked_at_first_and_taken_over_as_one_act(site, call, moderator):
    page = upload(moderator)
    assert page.status_code == 200
    assert "2 Ideen, noch nicht gespeichert" in page.text
    assert ideas(site) == []
    # What travels to the next page cannot be read or changed on the way.
    assert "Wartehaus" not in page.text.partition("</form>")[0]
    done = taken_over(moderator, page)
    assert done.status_code == 303
    first, second = ideas(site)
    assert (first.title, first.text, first.channel) == (
        "WLAN",
        "Im Wartehaus fehlt das Netz.",
        Channel.WORKSHOP,
    )
    assert first.origin == second.origin == "Werkstatt im Bürgerhaus"
    assert clock.local_date(first.received_at).isoformat() == "2026-05-01"
    assert clock.local_date(second.received_at) == clock.today() - timedelta(days=1)
    assert second.title == "Eine Anzeige, die vorliest"
    assert second.text == "Eine Anzeige,\ndie vorliest"
    assert first.status is ContributionStatus.PENDING
    entries = site.session.scalars(
        sa.select(JournalEntry).where(JournalEntry.action == "table.imported")
    ).all()
    assert [entry.facts for entry in entries] == [
        {"ideas": 2, "channel": "workshop", "published": False}
    ]
    assert entries[0].actor_id is not None
    assert "2 Ideen, " in text_of(moderator.get(PAGE).text).replace("Ideen ,", "Ideen,")


def test_published_at_once_they_are_public_and_say_where_they_come_from(
    site, call, moderator, client
):
    page = upload(moderator, decision="publish")
    assert "Nach dem Übernehmen ist alles öffentlich." in page.text
    taken_over(moderator, page)
    assert all(idea.status is ContributionStatus.PUBLISHED for idea in ideas(site))
    shown = client.get("/beteiligung/digitale-orte/ideen/1").text
    assert "in einer Werkstatt" in shown
    assert "Werkstatt im Bürgerhaus" in shown


def test_who_does_not_moderate_brings_them_into_the_queue(site, call):
    browser = site.staff(Role.STRATEGIST)
    taken_over(browser, upload(browser, decision="publish"))
    assert {idea.status for idea in ideas(site)} == {ContributionStatus.PENDING}


def test_every_fault_is_named_with_line_and_column_and_nothing_is_stored(site, call, moderator):
    page = upload(
        moderator,
        "Titel;Idee;Bezug;Eingegangen am;Name;\n"
        f"{'x' * 121};Gut.;;;;\n"
        "Leer;;;;;\n"
        "\n"
        ";Gut.;M-99;31.02.2026;;übrig\n"
        ";Gut.;HF-1;01.01.2099;;\n"
        f"{'z' * 122};{'y' * 4001};;;;\n",
    )
    assert page.status_code == 422
    rows = re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", page.text, re.S)
    told = [text_of(row) for row in rows]
    assert " | ".join(told) == (
        "Zeile 1 E (Name) Diese Spalte kennen wir nicht. Löschen Sie sie bitte, vor allem, wenn "
        "darin Namen stehen. | "
        "Zeile 2 A (Titel) Hier stehen 121 Zeichen, höchstens 120 sind möglich. | "
        "Zeile 3 B (Idee) Hier fehlt die Idee. | "
        "Zeile 5 C (Bezug) Das Kürzel „M-99“ gehört nicht zu diesem Ideenaufruf. Möglich sind: "
        "HF-1. | "
        "Zeile 5 D (Eingegangen am) Das ist kein Tag: „31.02.2026“. Schreiben Sie ihn so: "
        "24.11.2026. | "
        "Zeile 5 F Über dieser Spalte steht keine Überschrift. | "
        "Zeile 6 D (Eingegangen am) Der Tag 01.01.2099 liegt in der Zukunft oder über ein Jahr "
        "zurück. | "
        "Zeile 7 A (Titel) Hier stehen 122 Zeichen, höchstens 120 sind möglich. | "
        "Zeile 7 B (Idee) Hier stehen 4001 Zeichen, höchstens 4000 sind möglich."
    )
    assert "9 Stellen stimmen noch nicht" in page.text
    # What was said about the table is still there.
    assert "Werkstatt im Bürgerhaus" in page.text
    assert ideas(site) == []


def test_a_thousand_faults_are_counted_and_not_all_told(site, call, moderator):
    page = upload(moderator, "Titel;Idee\n" + "x;\n" * 600)
    assert page.status_code == 422
    assert "600 Stellen" in page.text
    assert "… und 400 weitere Stellen." in page.text


def far_away() -> bytes:
    content = workbook(["Idee"], ["Gut."])
    return changed(content, lambda body: body.replace(b'r="A2"', b'r="XFD1048576"'))


def bomb(declared: int | None = None) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    packed = content.getvalue()
    if declared is not None:
        packed = packed.replace((60_000_000).to_bytes(4, "little"), declared.to_bytes(4, "little"))
    return packed


def test_a_file_that_lies_about_its_size_is_no_way_around_the_limit(site, call, moderator):
    page = upload(moderator, bomb(declared=100), "ideen.xlsx")
    assert page.status_code == 422
    assert "lässt sich nicht als Excel-Datei" in page.text


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"", "ideen.csv", "Die Datei ist leer."),
        (b"\n\n", "ideen.csv", "In der Tabelle steht nichts."),
        (b"Titel;Idee\n", "ideen.csv", "Unter der Kopfzeile steht nichts."),
        (b"Titel;Name\nx;y\n", "ideen.csv", "fehlt die Überschrift „Idee“"),
        (b"Idee\n" + b"x\n" * 1001, "ideen.csv", "mehr als 1.0"),
        (b"Idee\n" + b"x" * 1_000_001, "ideen.csv", "größer als 1 MB"),
        (b'Idee\n"offen\n', "ideen.csv", "Zeile 2: Hier stimmen die Anführungszeichen nicht."),
        (b";" * 40 + b"\nIdee", "ideen.csv", "mehr als 30 Spalten"),
        (b"\x89PNG\r\n\x1a\n\x00", "ideen.csv", "weder eine Tabelle (CSV) noch"),
        (b"%PDF-1.7", "ideen.xlsx", "keine Excel-Datei (XLSX), auch wenn sie so heißt"),
        (b"PK\x03\x04 kaputt", "ideen.xlsx", "lässt sich nicht als Excel-Datei"),
        (bomb(), "ideen.xlsx", "ausgepackt zu groß"),
        (far_away(), "ideen.xlsx", "weit außerhalb der Tabelle"),
        (None, "", "Wählen Sie eine Tabelle aus."),
    ],
)
def test_what_is_no_table_is_refused_with_the_reason(site, call, moderator, content, name, message):
    page = upload(moderator, content or b"", name)
    assert page.status_code == 422
    assert message in page.text
    assert site.session.scalar(sa.select(sa.func.count()).select_from(Idea)) == 0


def test_a_giant_body_is_refused_before_it_is_read(site, call, moderator):
    assert upload(moderator, b"x" * 4_000_000).status_code == 413


def test_formulas_and_scripts_are_words(site, call, moderator, client):
    table = 'Titel;Idee\n=HYPERLINK("http://x");=1+1\n<script>x</script>;<img src=x onerror=y>\n'
    taken_over(moderator, upload(moderator, table.replace('"', ""), decision="publish"))
    formula, script = ideas(site)
    assert formula.title == "=HYPERLINK(http://x)"
    assert formula.text == "=1+1"
    assert script.text == "<img src=x onerror=y>"
    shown = client.get("/beteiligung/digitale-orte/ideen").text
    assert "<script>x" not in shown
    assert "&lt;script&gt;x" in shown
    # Whoever takes the list away gets no formula either.
    assert "'=1+1" in client.get("/beteiligung/digitale-orte/ideen.csv").text


def test_a_workbook_gives_dates_and_numbers_as_people_see_them(site, call, moderator):
    # Of a formula its result is read, as whoever sees the table reads it.
    content = workbook(["Idee", "Eingegangen am"], [2024, date(2026, 5, 1)], ["=1-1", ""])
    page = upload(moderator, content, "ideen.xlsx")
    taken_over(moderator, page)
    assert [idea.text for idea in ideas(site)] == ["2024", "0"]
    assert clock.local_date(ideas(site)[0].received_at) == date(2026, 5, 1)


def test_the_same_table_is_asked_about_whatever_its_file(site, call, moderator):
    taken_over(moderator, upload(moderator))
    again = upload(moderator, GOOD.replace("Titel;Idee", "Titel;Text"), "anders.csv")
    assert "Dieselbe Tabelle noch einmal?" in again.text
    refused = taken_over(moderator, again)
    assert refused.status_code == 409
    assert len(ideas(site)) == 2
    taken_over(moderator, again, is_another="y")
    assert len(ideas(site)) == 4


def test_the_button_pressed_twice_takes_over_once(site, call, moderator):
    page = upload(moderator)
    assert taken_over(moderator, page).status_code == 303
    assert taken_over(moderator, page).status_code == 303
    assert len(ideas(site)) == 2
    assert site.session.scalar(sa.select(sa.func.count()).select_from(TableImport)) == 1


def test_ideas_that_are_there_or_stand_twice_are_marked_and_allowed(site, call, moderator):
    site.make.idea(call, title="Netz", text="Im Wartehaus fehlt das Netz.")
    site.session.commit()
    page = upload(moderator, GOOD + "Noch einmal;Im Wartehaus fehlt das Netz.;;\n")
    assert "Das sagt schon Idee 1." in page.text
    assert "Schon da: 2 Ideen" in page.text
    taken_over(moderator, page, "3 Ideen übernehmen")
    assert len(ideas(site)) == 4


def test_a_table_is_taken_back_while_nothing_came_of_it(site, call, moderator):
    taken_over(moderator, upload(moderator, decision="publish"))
    own = site.make.idea(call)
    site.session.commit()
    number = own.number
    page = moderator.get(PAGE)
    action, fields = pressed(page.text, "Zurücknehmen und 2 Ideen löschen: Werkstatt im Bürgerhaus")
    assert moderator.post(action, data=fields).status_code == 303
    assert [idea.number for idea in ideas(site)] == [number]
    for table in (TableImportRow, ModerationDecision):
        assert site.session.scalar(sa.select(sa.func.count()).select_from(table)) == 0
    site.session.commit()
    assert "zurückgenommen am" in moderator.get(PAGE).text
    entry = site.session.scalars(
        sa.select(JournalEntry).where(JournalEntry.action == "table.undone")
    ).one()
    assert entry.facts["ideas"] == 2
    site.session.commit()
    assert moderator.post(action, data=fields).status_code == 303
    # Numbers are not given twice, and the same table may come again without a question.
    again = upload(moderator)
    assert "Dieselbe Tabelle" not in again.text
    taken_over(moderator, again)
    assert [idea.number for idea in ideas(site)] == [3, 4, 5]


@pytest.mark.parametrize("what", ["support", "comment", "follow", "decision", "withdrawal"])
def test_once_somebody_has_done_something_a_table_stays(site, call, moderator, what):
    publish = "queue" if what == "decision" else "publish"
    taken_over(moderator, upload(moderator, decision=publish))
    page = moderator.get(PAGE)
    action, fields = pressed(page.text, "Zurücknehmen und 2 Ideen löschen: Werkstatt im Bürgerhaus")
    idea = ideas(site)[1]
    if what == "support":
        browser = site.visitor()
        browser.post("/beteiligung/digitale-orte/ideen/2/unterstuetzen")
    elif what == "comment":
        site.make.comment(None, anchor=idea)
    elif what == "follow":
        follow(site.session, contribution=idea, address="e@example.org", at=clock.now())
    elif what == "decision":
        site.make.decision(
            idea,
            Action.PUBLISH,
            actor=site.make.member(Role.MODERATOR, municipality=site.municipality),
        )
    else:
        site.session.get_one(Contribution, idea.id).withdraw()
    site.session.commit()
    answer = moderator.post(action, data=fields, follow_redirects=True)
    assert "schon etwas geschehen" in answer.text
    assert len(ideas(site)) == 2


def test_a_table_of_another_call_or_an_old_page_is_refused(site, call, moderator):
    other = site.make.idea_call(site.municipality, title="Andere Orte")
    site.session.commit()
    page = upload(moderator)
    action, fields = pressed(page.text, "2 Ideen übernehmen")
    answer = moderator.post(action.replace("digitale-orte", other.slug), data=fields)
    assert answer.status_code == 303
    fields["order"] = ["x"]
    assert moderator.post(action, data=fields).status_code == 303
    assert ideas(site) == []


def test_after_the_results_no_table_is_taken_over(site, call, moderator):
    call.moderation_mode = ModerationMode.AFTER
    site.session.commit()
    page = upload(moderator)
    call.opens_at -= timedelta(days=9)
    call.closes_at = clock.now() - timedelta(days=1)
    call.evaluated_at = clock.now()
    site.session.commit()
    answer = taken_over(moderator, page)
    assert answer.status_code == 303
    assert ideas(site) == []
    assert "Zurzeit wird hier nichts eingegeben" in moderator.get(PAGE).text
