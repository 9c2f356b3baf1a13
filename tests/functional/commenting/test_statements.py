"""An invited organisation states its position: by its link, under its name, counted apart."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from participation.accounts.models import Role
from participation.comments.models import Comment, Statement, StatementDocument, StatementDraft
from participation.comments.statement_content import Said
from participation.contributions.models import ContributionStatus
from participation.foundation import clock
from tests.comment_forms import count, hidden_fields, only, receipt_in
from tests.pdf_files import a_pdf, refused_files

SIGNED = {"signer_name": "Vera Muster", "signer_role": "Geschäftsführerin", "declared": "y"}


@pytest.fixture
def invited(site, opened):
    invited = site.make.invited(opened, key=site.app.config["HASHING_KEY"])
    site.session.commit()
    return invited


@pytest.fixture
def link(invited):
    return f"/stellungnahme/{invited.code}"


def sent(client, link, said, *, pdf=None, **more):
    """Send the statement's form as a browser does."""
    fields = hidden_fields(client.get(link).text, containing="/stellungnahme/")
    data = fields | said | more
    if pdf is not None:
        data["document"] = (io.BytesIO(pdf), "stellungnahme.pdf")
    answer = client.post(link, data=data)
    # A large body was written to a file, which nobody else closes.
    answer.request.environ["wsgi.input"].close()
    return answer


def test_a_statement_goes_from_the_mailed_link_to_its_public_page(site, opened, home):
    staff = site.staff(Role.STRATEGIST, Role.ADMINISTRATOR)
    path = f"/verwaltung/beteiligungen/{opened.slug}/organisationen"
    said = {"name": "Handwerkskammer", "kind": "chamber", "email": "post@hwk.example.org"}
    page = staff.post(path, data=said)
    assert page.status_code == 200
    assert "Der Link für Handwerkskammer" in page.text
    site.work()
    (mail,) = site.mails()
    assert mail["To"] == "post@hwk.example.org"
    (link,) = re.findall(r"http\S+(/stellungnahme/\S+)", mail.get_content())
    assert link in page.text
    client = site.visitor()
    said = SIGNED | {"text": "Im Ganzen gut.", "stance_2": "concern", "text_2": "Bitte genauer."}
    answer = sent(client, link, said, pdf=a_pdf("Seite eins", "Seite zwei"), is_public="y")
    assert answer.status_code == 200
    assert "Danke, Ihre Stellungnahme ist angekommen" in answer.text
    code = receipt_in(answer.text)
    address = f"/beteiligung/{opened.slug}/stellungnahmen/1"
    assert site.visitor().get(address).status_code == 404
    assert "Bitte genauer." not in site.visitor().get(home).text
    statement = only(site, Statement)
    second = site.staff(Role.MODERATOR)
    queue = second.get("/moderation/?art=stellungnahmen").text
    assert "Handwerkskammer" in queue
    assert "Dazu gehört ein PDF mit 2 Seiten." in queue
    second.post(f"/moderation/{statement.id}", data={"action": "publish"})
    public = site.visitor().get(address).text
    for words in ("Handwerkskammer", "Im Ganzen gut.", "Bitte genauer.", "Original herunterladen"):
        assert words in public
    assert "Vera Muster" not in public
    found = site.visitor().post("/beleg", data={"code": code}).text
    assert "Ihr Beitrag ist veröffentlicht" in found
    assert "Ihre Stellungnahme haben wir" in client.get(link).text


def test_what_is_saved_is_there_again_and_nobody_else_can_read_it(site, link):
    client = site.visitor()
    said = {"save": "1", "text": "Noch nicht fertig.", "stance_1": "approve", "text_1": "Ja."}
    assert sent(client, link, said, pdf=a_pdf()).status_code == 303
    page = site.visitor().get(link).text
    assert "Noch nicht fertig." in page
    assert "Ihr PDF ist gespeichert: eine Seite" in page
    assert b"Noch nicht fertig" not in only(site, StatementDraft).content
    assert count(site, Statement) == 0
    assert sent(client, link, SIGNED).status_code == 200
    assert count(site, StatementDraft) == 0
    assert only(site, StatementDocument).pages == 1


def test_the_same_form_sent_twice_is_one_statement(site, link):
    client = site.visitor()
    fields = hidden_fields(client.get(link).text, containing="/stellungnahme/")
    said = fields | SIGNED | {"text": "Einmal."}
    first, second = client.post(link, data=said), client.post(link, data=said)
    assert receipt_in(first.text) == receipt_in(second.text)
    assert count(site, Statement) == 1
    late = client.post(link, data=said | {"submission": "0" * 32})
    assert late.status_code == 303
    assert count(site, Statement) == 1


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"signer_name": " "}, "signer_name", "wer unterschreibt"),
        ({"declared": ""}, "declared", "damit wir veröffentlichen dürfen"),
        ({"text_2": "Ohne Haltung."}, "stance_2", "Wählen Sie, wie Sie dazu stehen."),
        ({"stance_2": "concern"}, "text_2", "Bitte schreiben Sie etwas dazu."),
        ({"stance_2": "rewording", "text_2": "x"}, "rewording_2", "wie der Abschnitt heißen soll"),
        ({"text": "x" * 20_001}, "text", "Höchstens 20.000 Zeichen."),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_nothing_typed_is_lost(
    site, link, said, field, words
):
    text = {"text": "Bleibt stehen.", "stance_1": "approve", "text_1": "Auch das bleibt."}
    answer = sent(site.visitor(), link, SIGNED | text | said)
    assert answer.status_code == 422
    assert words in answer.text
    assert f'href="#{field}"' in answer.text
    assert "Auch das bleibt." in answer.text
    assert count(site, Statement) == count(site, Comment) == count(site, StatementDraft) == 0


def test_a_statement_that_says_nothing_is_none(site, link):
    answer = sent(site.visitor(), link, SIGNED)
    assert answer.status_code == 422
    assert "Schreiben Sie etwas, zum Ganzen oder zu einem Abschnitt" in answer.text
    assert count(site, Statement) == 0


@pytest.mark.parametrize(
    ("pdf", "words"),
    [pytest.param(content, words, id=name) for name, content, words in refused_files()],
)
def test_a_file_that_is_no_good_pdf_is_refused_at_its_field(site, link, pdf, words):
    answer = sent(site.visitor(), link, SIGNED | {"text": "Bleibt stehen."}, pdf=pdf)
    assert answer.status_code == 422
    assert words in answer.text
    assert 'href="#document"' in answer.text
    assert "Bleibt stehen." in answer.text
    assert count(site, Statement) == count(site, StatementDraft) == 0


def test_a_good_pdf_is_kept_where_something_else_is_wrong(site, link):
    client = site.visitor()
    answer = sent(client, link, {"text": "Ohne Unterschrift."}, pdf=a_pdf("Original"))
    assert answer.status_code == 422
    assert "Ihr PDF ist gespeichert: eine Seite" in answer.text
    assert sent(client, link, SIGNED).status_code == 200
    assert only(site, StatementDocument).content == a_pdf("Original")


def test_a_link_that_does_not_hold_lets_nobody_in_and_loses_nothing(site, opened, invited, link):
    client, staff = site.visitor(), site.staff(Role.STRATEGIST)
    fields = hidden_fields(client.get(link).text, containing="/stellungnahme/")
    path = f"/verwaltung/beteiligungen/{opened.slug}/organisationen/{invited.invitation.id}"
    assert staff.post(f"{path}/zurueckziehen").status_code == 303
    answer = client.post(link, data=fields | SIGNED | {"text": "Ein langer Text."})
    assert answer.status_code == 404
    assert "Dieser Link gilt nicht" in answer.text
    assert "Ein langer Text." in answer.text
    assert client.get(f"/stellungnahme/{'0' * 20}").status_code == 404
    renewed = staff.post(f"{path}/neuer-link").text
    assert client.get(link).status_code == 404
    (fresh,) = re.findall(r"http\S+(/stellungnahme/[0-9A-Z-]+)<", renewed)
    assert client.get(fresh).status_code == 200
    assert count(site, Statement) == 0


def test_a_link_holds_in_its_own_town_only(site, invited):
    elsewhere = site.make.municipality("anderswo", "Anderswo")
    site.session.commit()
    site.app.extensions["tenancy"].forget()
    link = f"/stellungnahme/{invited.code}"
    assert site.visitor().get(f"/{site.municipality.slug}{link}").status_code == 200
    assert site.visitor().get(f"/{elsewhere.slug}{link}").status_code == 404


def test_a_statement_that_comes_too_late_is_not_taken_and_not_lost(site, opened, link):
    client = site.visitor()
    fields = hidden_fields(client.get(link).text, containing="/stellungnahme/")
    opened.opens_at = clock.now() - timedelta(days=9)
    opened.closes_at = clock.now() - timedelta(days=1)
    site.session.commit()
    answer = client.post(link, data=fields | SIGNED | {"text": "Ein zu später Text."})
    assert answer.status_code == 409
    assert "Ein zu später Text." in answer.text
    assert count(site, Statement) == 0


def test_organisations_are_shown_beside_and_counted_apart(site, opened, home):
    site.make.comment(opened, opened.passages[1], text="Von einem Menschen.")
    site.make.statement(opened, pieces=[Said("2", "concern", "Von der Kammer.")])
    site.session.commit()
    page = site.visitor().get(home).text
    assert "1 Kommentar</span>" in page
    assert "Bedenken (1)" in page
    assert "Organisationen (1):" in page
    assert "Von der Kammer." not in page
    piece = only(site, Comment, Comment.statement_id.is_not(None))
    own = site.visitor().get(f"{home}/{piece.number}").text
    assert "Von der Kammer." in own
    assert "Zur ganzen Stellungnahme: Handwerkskammer" in own
    assert "Antworten" not in own
    card = site.visitor().get(f"/beteiligung/{opened.slug}").text
    assert "1 Kommentar" in card
    rows = site.visitor().get("/daten/beitraege.json").json or []
    by = {row["text"]: row["organisation"] for row in rows}
    assert by["Von der Kammer."] == "Handwerkskammer"
    assert by["Von einem Menschen."] == ""


def test_a_statement_is_split_page_by_page_beside_its_original(site, opened):
    statement = site.make.statement(
        opened, pdf=a_pdf("Zu den Sensoren: bitte genauer.", "Zum Schluss."), is_public=False
    )
    site.session.commit()
    staff = site.staff(Role.MODERATOR)
    path = f"/verwaltung/beteiligungen/{opened.slug}/stellungnahmen/{statement.number}"
    assert "Zum Schluss." in staff.get(f"{path}?seite=2").text
    said = {"passage": "2", "page": "1", "stance": "concern", "text": "bitte genauer"}
    assert staff.post(path, data=said).status_code == 303
    piece = only(site, Comment)
    assert (piece.original_page, piece.passage_id) == (1, opened.passages[1].id)
    public = site.visitor().get(f"/beteiligung/{opened.slug}/stellungnahmen/1").text
    assert "aus dem Original zugeordnet, Seite 1" in public
    wrong = staff.post(path, data=said | {"page": "3", "text": "Bleibt stehen."})
    assert wrong.status_code == 422
    assert "Diese Seite hat das Original nicht." in wrong.text
    assert "Bleibt stehen." in wrong.text
    assert staff.post(f"{path}/teile/{piece.number}/entfernen").status_code == 303
    assert (
        "bitte genauer"
        not in site.visitor().get(f"/beteiligung/{opened.slug}/stellungnahmen/1").text
    )


def test_what_the_organisation_wrote_itself_is_not_taken_away(site, opened):
    statement = site.make.statement(opened, pieces=[Said("1", "approve", "Von uns.")])
    site.session.commit()
    number = statement.pieces[0].number
    path = f"/verwaltung/beteiligungen/{opened.slug}/stellungnahmen/1/teile/{number}/entfernen"
    site.staff(Role.MODERATOR).post(path)
    assert only(site, Comment).text == "Von uns."


def test_the_original_is_a_file_to_save_and_public_only_by_consent(site, opened):
    for name, is_public in (("Kammer", True), ("Verein", False)):
        site.make.statement(opened, name=name, pdf=a_pdf(), is_public=is_public)
    site.session.commit()
    home = f"/beteiligung/{opened.slug}/stellungnahmen"
    answer = site.visitor().get(f"{home}/1/original.pdf")
    assert answer.data == a_pdf()
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert site.visitor().get(f"{home}/2/original.pdf").status_code == 404
    staff = site.staff(Role.MODERATOR)
    path = f"/verwaltung/beteiligungen/{opened.slug}/stellungnahmen/2/original.pdf"
    assert staff.get(path).data == a_pdf()


def test_a_withdrawn_statement_takes_its_pieces_and_its_original_along(site, opened):
    statement = site.make.statement(
        opened, pieces=[Said("1", "approve", "Von uns.")], pdf=a_pdf(), is_public=True
    )
    site.session.flush()
    statement.withdraw()
    site.session.commit()
    assert count(site, StatementDocument) == 0
    stored = only(site, Statement)
    assert (stored.text, stored.signer_name) == ("", "")
    piece = only(site, Comment)
    assert (piece.text, piece.status) == ("", ContributionStatus.WITHDRAWN)


def test_a_letter_carries_the_link_and_an_old_code_makes_none(site, opened, invited):
    staff = site.staff(Role.STRATEGIST)
    path = f"/verwaltung/beteiligungen/{opened.slug}/organisationen/{invited.invitation.id}/brief"
    letter = staff.post(path, data={"code": invited.code})
    assert letter.data.startswith(b"%PDF")
    assert staff.post(path, data={"code": "0" * 20}).status_code == 404


def test_an_organisation_is_invited_once(site, opened, invited):
    path = f"/verwaltung/beteiligungen/{opened.slug}/organisationen"
    said = {"name": " Handwerkskammer ", "kind": "chamber", "email": ""}
    answer = site.staff(Role.STRATEGIST).post(path, data=said)
    assert answer.status_code == 422
    assert "Diese Organisation ist schon eingeladen." in answer.text
    assert site.session.scalar(sa.text("SELECT count(*) FROM organisation_invitation")) == 1
