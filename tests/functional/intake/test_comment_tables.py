"""A table of comments from a workshop: template, faults with line and column, import, undo."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from python_calamine import CalamineWorkbook

from participation.accounts.models import Role
from participation.comments.labels import LABELS
from participation.comments.models import Comment, Stance, VoteChoice
from participation.contributions.models import Channel, Contribution, ContributionStatus
from participation.contributions.operations import follow
from participation.foundation import clock
from participation.foundation.workbooks import Sheet, write_workbook
from participation.intake.comment_tables import HEADINGS, STANCES
from participation.intake.models import TableImportRow
from participation.journal.models import JournalEntry
from participation.moderation.models import ModerationDecision
from tests.pages import pressed, text_of

PAGE = "/verwaltung/beteiligungen/leitlinie-fuer-sensoren/tabelle"
WORDS = {"channel": "workshop", "origin": "Werkstatt im Bürgerhaus", "decision": "queue"}
HEAD = ";".join(HEADINGS) + "\n"
GOOD = (
    HEAD + "2;Bedenken;Wer entscheidet das?;nicht möglich ist;;01.05.2026\n"
    "Abschnitt 1;Anderer Wortlaut;So ist es klarer.;;Die Stadt misst nur das Nötige.;\n"
    ";Zustimmung;Gut, dass es die Leitlinie gibt.;;;\n"
)
TAKE = "3 Kommentare übernehmen"
UNDO = "Zurücknehmen und 3 Kommentare löschen: Werkstatt im Bürgerhaus"


@pytest.fixture
def comment_round(site):
    found = site.make.comment_round(site.municipality, voting=False)
    site.session.commit()
    return found


@pytest.fixture
def moderator(site, comment_round):
    return site.staff(Role.MODERATOR)


def upload(browser, content: str | bytes = GOOD, name: str = "kommentare.csv", **more):
    content = content.encode() if isinstance(content, str) else content
    day = (clock.today() - timedelta(days=1)).isoformat()
    hidden = dict(
        re.findall(
            r'name="(submission|opened|csrf_token)"[^>]*value="([^"]*)"', browser.get(PAGE).text
        )
    )
    fields = hidden | WORDS | {"received_on": day} | more
    answer = browser.post(PAGE, data=fields | {"table": (io.BytesIO(content), name)})
    answer.request.environ["wsgi.input"].close()
    return answer


def taken_over(browser, page, button=TAKE, **more):
    action, fields = pressed(page.text, button, **more)
    return browser.post(action, data=fields)


def comments(site):
    site.session.expire_all()
    found = site.session.scalars(sa.select(Comment).order_by(Comment.number)).all()
    site.session.commit()
    return found


def faults(page) -> list[str]:
    rows = re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", page.text, re.S)
    return [text_of(row) for row in rows]


def test_the_words_for_stances_are_those_of_the_page(site):
    with site.app.test_request_context():
        assert {word: str(LABELS[stance]) for word, stance in STANCES.items()} == {
            word: word for word in STANCES
        }
    assert set(STANCES.values()) == set(Stance)


def test_the_template_has_the_headings_that_we_read(site, comment_round, moderator, tmp_path):
    answer = moderator.get(f"{PAGE}/vorlage.xlsx")
    book = CalamineWorkbook.from_object(io.BytesIO(answer.data))
    assert book.get_sheet_by_index(0).to_python() == [list(HEADINGS)]
    assert "2 Keine Bilder von Menschen" in str(book.get_sheet_by_index(1).to_python())
    path = tmp_path / "gefuellt.xlsx"
    row = (3, "Frage", "=1+1", "", "", "")
    write_workbook(path, [Sheet("Kommentare", [HEADINGS, row])])
    page = upload(moderator, path.read_bytes(), path.name)
    assert "1 Kommentar, noch nicht gespeichert" in page.text
    assert moderator.get(f"{PAGE}/vorlage.csv").data.decode("utf-8-sig") == HEAD.replace(
        "\n", "\r\n"
    )


def test_a_table_is_looked_at_first_and_taken_over_as_one_act(site, comment_round, moderator):
    page = upload(moderator)
    assert page.status_code == 200
    assert comments(site) == []
    # What travels to the next page cannot be read or changed on the way.
    assert "entscheidet" not in page.text.partition("</form>")[0]
    assert taken_over(moderator, page).status_code == 303
    first, second, third = comments(site)
    passages = comment_round.passages
    assert (first.passage_id, first.stance) == (passages[1].id, Stance.CONCERN)
    assert (first.quote, first.origin) == ("nicht möglich ist", "Werkstatt im Bürgerhaus")
    assert clock.local_date(first.received_at).isoformat() == "2026-05-01"
    assert (second.passage_id, second.stance) == (passages[0].id, Stance.REWORDING)
    assert second.rewording == "Die Stadt misst nur das Nötige."
    assert (third.round_id, third.stance) == (comment_round.id, Stance.APPROVE)
    assert clock.local_date(third.received_at) == clock.today() - timedelta(days=1)
    assert {one.channel for one in comments(site)} == {Channel.WORKSHOP}
    assert {one.status for one in comments(site)} == {ContributionStatus.PENDING}
    entry = site.session.scalars(
        sa.select(JournalEntry).where(JournalEntry.action == "table.imported")
    ).one()
    assert entry.facts == {"comments": 3, "channel": "workshop", "published": False}
    site.session.commit()
    assert "3 Kommentare, Werkstatt" in text_of(moderator.get(PAGE).text).replace(" ,", ",")


def test_published_at_once_they_are_public_and_say_where_they_come_from(
    site, comment_round, moderator, client
):
    taken_over(moderator, upload(moderator, decision="publish"))
    shown = client.get(f"/beteiligung/{comment_round.slug}/kommentare").text
    assert "in einer Werkstatt: Werkstatt im Bürgerhaus" in shown
    assert "Wer entscheidet das?" in shown


def test_every_fault_is_named_with_line_and_column_and_nothing_is_stored(
    site, comment_round, moderator
):
    page = upload(
        moderator,
        HEAD.strip() + ";Name\n"
        f"2;Bedenken;{'x' * 4001};;;;\n"
        "9;Bedenken;Gut.;;;;Erika\n"
        "1;dagegen;;;;31.02.2026;\n"
        ";anderer Wortlaut;Gut.;;Neu.;;\n"
        "1;anderer Wortlaut;Gut.;;;;\n"
        "1;Frage;Gut.;steht dort nicht;Neu.;;\n"
        ";Frage;Gut.;misst;;;\n",
    )
    assert page.status_code == 422
    assert faults(page) == [
        (
            "Zeile 1 G (Name) Diese Spalte kennen wir nicht. Löschen Sie sie bitte, vor allem, "
            "wenn darin Namen stehen."
        ),
        "Zeile 2 C (Kommentar) Hier stehen 4001 Zeichen, höchstens 4000 sind möglich.",
        (
            "Zeile 3 A (Abschnitt) Den Abschnitt „9“ gibt es nicht. Möglich sind 1 bis 3, oder "
            "nichts für den ganzen Text."
        ),
        (
            "Zeile 4 B (Haltung) Die Haltung „dagegen“ kennen wir nicht. Möglich sind: Zustimmung, "
            "Bedenken, Frage, anderer Wortlaut."
        ),
        "Zeile 4 C (Kommentar) Hier fehlt der Kommentar.",
        (
            "Zeile 4 F (Eingegangen am) Das ist kein Tag: „31.02.2026“. Schreiben Sie ihn so: "
            "24.11.2026."
        ),
        "Zeile 5 B (Haltung) Einen anderen Wortlaut gibt es nur für einen Abschnitt.",
        "Zeile 6 E (Neuer Wortlaut) Bitte schreiben Sie, wie der Abschnitt heißen soll.",
        "Zeile 7 D (Zitat) So steht das nicht im Abschnitt. Übernehmen Sie die Worte bitte genau.",
        (
            "Zeile 7 E (Neuer Wortlaut) Hier steht ein Wortlaut. Dann heißt die Haltung „anderer "
            "Wortlaut“."
        ),
        "Zeile 8 D (Zitat) Ein Zitat gehört zu einem Abschnitt. Nennen Sie ihn bitte.",
    ]
    assert comments(site) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "Die Datei ist leer."),
        (HEAD.encode(), "Unter der Kopfzeile steht nichts."),
        (b"Kommentar\nGut.\n", "fehlt die Überschrift „Haltung“"),
        (b"Haltung\nFrage\n", "fehlt die Überschrift „Kommentar“"),
        (b"Haltung;Kommentar\n" + b"Frage;x\n" * 1001, "mehr als 1.0"),
        (b'Haltung;Kommentar\nFrage;"offen\n', "Zeile 2: Hier stimmen die Anführungszeichen"),
        (b"\x89PNG\r\n\x1a\n\x00", "weder eine Tabelle (CSV) noch"),
    ],
)
def test_what_is_no_table_is_refused_with_the_reason(
    site, comment_round, moderator, content, message
):
    page = upload(moderator, content)
    assert page.status_code == 422
    assert message in page.text
    assert comments(site) == []


def test_where_people_vote_a_comment_of_a_table_is_short(site):
    site.make.comment_round(site.municipality)
    site.session.commit()
    moderator = site.staff(Role.MODERATOR)
    page = upload(moderator, f"Haltung;Kommentar\nFrage;{'x' * 281}\n")
    assert "Hier stehen 281 Zeichen, höchstens 280 sind möglich." in page.text


def test_formulas_and_scripts_are_words(site, comment_round, moderator, client):
    table = "Haltung;Kommentar\nFrage;=1+1\nFrage;<script>x</script>\n"
    page = upload(moderator, table, decision="publish")
    taken_over(moderator, page, "2 Kommentare übernehmen")
    assert [one.text for one in comments(site)] == ["=1+1", "<script>x</script>"]
    shown = client.get(f"/beteiligung/{comment_round.slug}/kommentare").text
    assert "<script>x" not in shown


def test_the_same_table_is_asked_about_and_the_same_words_are_marked(
    site, comment_round, moderator
):
    taken_over(moderator, upload(moderator))
    again = upload(moderator, GOOD.replace("Kommentar;", "Anmerkung;"), "anders.csv")
    assert "Dieselbe Tabelle noch einmal?" in again.text
    assert "Das sagt schon Kommentar 3." in again.text
    assert taken_over(moderator, again).status_code == 409
    assert len(comments(site)) == 3
    taken_over(moderator, again, is_another="y")
    assert len(comments(site)) == 6
    # The same words on another passage say something else.
    page = upload(moderator, HEAD + "1;Bedenken;Wer entscheidet das?;;;\n")
    assert "Das sagt schon" not in page.text
    assert "Schon da" not in page.text


def test_a_table_is_taken_back_while_nothing_came_of_it(site, comment_round, moderator):
    own = site.make.comment(comment_round)
    taken_over(moderator, upload(moderator, decision="publish"))
    action, fields = pressed(moderator.get(PAGE).text, UNDO)
    assert moderator.post(action, data=fields).status_code == 303
    assert [one.id for one in comments(site)] == [own.id]
    for table in (TableImportRow, ModerationDecision):
        assert site.session.scalar(sa.select(sa.func.count()).select_from(table)) == 0
    site.session.commit()
    assert "zurückgenommen am" in moderator.get(PAGE).text
    # Numbers are not given twice, neither to a table nor to a citizen.
    taken_over(moderator, upload(moderator))
    assert [one.number for one in comments(site)] == [1, 5, 6, 7]


@pytest.mark.parametrize("what", ["answer", "vote", "follow", "decision", "withdrawal"])
def test_once_somebody_has_done_something_a_table_stays(site, comment_round, moderator, what):
    comment_round.voting = True
    taken_over(moderator, upload(moderator, decision="queue" if what == "decision" else "publish"))
    action, fields = pressed(moderator.get(PAGE).text, UNDO)
    comment = comments(site)[1]
    if what == "answer":
        site.make.comment(comment_round, comment)
    elif what == "vote":
        site.make.vote(comment, "1", VoteChoice.AGREE)
    elif what == "follow":
        follow(site.session, contribution=comment, address="e@example.org", at=clock.now())
    elif what == "decision":
        site.make.decision(
            comment,
            actor=site.make.member(Role.MODERATOR, municipality=site.municipality),
        )
    else:
        site.session.get_one(Contribution, comment.id).withdraw()
    site.session.commit()
    answer = moderator.post(action, data=fields, follow_redirects=True)
    assert "schon etwas geschehen" in answer.text
    assert len(comments(site)) == (4 if what == "answer" else 3)


def test_a_survey_takes_no_table(site, moderator):
    survey = site.make.survey(site.municipality, title="Umfrage")
    site.session.commit()
    assert moderator.get(f"/verwaltung/beteiligungen/{survey.slug}/tabelle").status_code == 404
