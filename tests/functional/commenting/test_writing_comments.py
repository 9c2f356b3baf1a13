"""A comment is written, kept when it is refused, and answered."""

from __future__ import annotations

from datetime import timedelta

import pytest

from participation.comments.models import Comment
from participation.contributions.models import ContributionStatus
from participation.engagements.models import Audience, ModerationMode
from participation.foundation import clock
from tests.comment_forms import count, hidden_fields, only, receipt_in


def test_a_comment_is_sent_and_gives_a_receipt(site, client, home):
    page = client.get(home, query_string={"abschnitt": "2"}).text
    fields = hidden_fields(page, containing="/kommentare/neu")
    said = {"stance": "concern", "text": "Wer entscheidet das?", "email": "mara@example.org"}
    answer = client.post(f"{home}/neu?abschnitt=2", data=fields | said)
    assert answer.status_code == 200
    assert "Danke, Ihr Kommentar ist angekommen" in answer.text
    assert "Bitte bestätigen Sie Ihre Adresse" in answer.text
    comment = only(site, Comment)
    assert comment.passage_id is not None
    assert comment.text == "Wer entscheidet das?"
    assert comment.status is ContributionStatus.PENDING
    again = client.post(f"{home}/neu?abschnitt=2", data=fields | said)
    assert receipt_in(again.text) == receipt_in(answer.text)
    assert count(site, Comment) == 1
    assert "Wer entscheidet das?" not in site.visitor().get(home).text


def test_a_comment_is_kept_in_the_language_of_its_page(site, client, home):
    client.get("/sprache/en")
    page = client.get(home, query_string={"abschnitt": "2"}).text
    fields = hidden_fields(page, containing="/kommentare/neu")
    said = {"stance": "concern", "text": "Who decides?"}
    assert client.post(f"{home}/neu?abschnitt=2", data=fields | said).status_code == 200
    assert only(site, Comment).language == "en"


def test_a_comment_on_an_idea_is_kept_in_the_language_of_its_page(site, client):
    idea = site.make.idea(site.make.idea_call(site.municipality))
    path = f"/beteiligung/{idea.engagement.slug}/ideen/{idea.number}/kommentare"
    site.session.commit()
    client.get("/sprache/en")
    fields = hidden_fields(client.get(path).text, containing="/kommentare")
    assert client.post(path, data=fields | {"text": "Good idea."}).status_code == 200
    assert only(site, Comment).language == "en"


def test_a_comment_appears_at_once_where_it_is_read_afterwards(site):
    opened = site.make.comment_round(
        site.municipality, voting=False, moderation_mode=ModerationMode.AFTER
    )
    site.session.commit()
    client, path = site.visitor(), f"/beteiligung/{opened.slug}/kommentare"
    fields = hidden_fields(client.get(f"{path}/neu").text, containing="/kommentare/neu")
    sent = client.post(f"{path}/neu", data=fields | {"stance": "approve", "text": "Sofort da."})
    assert sent.status_code == 200
    assert "Sofort da." in site.visitor().get(path).text


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"text": "Ein Satz."}, "Wählen Sie, wie Sie dazu stehen."),
        ({"stance": "concern", "text": " "}, "Ein Satz genügt."),
        ({"stance": "shrug", "text": "Ein Satz."}, "Wählen Sie, wie Sie dazu stehen."),
        ({"stance": "concern", "text": "x" * 281}, "höchstens 280 Zeichen"),
        ({"stance": "concern", "text": "Satz", "quote": "erfunden"}, "So steht das nicht"),
        ({"stance": "concern", "text": "Satz", "quote": "x" * 1001}, "höchstens 1.000 Zeichen"),
        ({"stance": "concern", "text": "Satz", "email": "nix"}, "Das ist keine E-Mail-Adresse."),
        ({"stance": "rewording", "text": "Satz", "rewording": ""}, "wie der Abschnitt heißen soll"),
        ({"stance": "concern", "text": "Satz", "website": "spam"}, "Feld leer"),
        ({"stance": "concern", "text": "Satz", "submission": "x"}, "laden Sie die Seite neu"),
    ],
)
def test_an_error_sits_at_its_field_and_nothing_typed_is_lost(site, client, home, said, message):
    page = client.get(f"{home}/neu", query_string={"abschnitt": "1"}).text
    fields = hidden_fields(page, containing="/kommentare/neu")
    typed = fields | {"rewording": "Mein eigener Wortlaut", "email": "mara@example.org"} | said
    answer = client.post(f"{home}/neu?abschnitt=1", data=typed)
    assert answer.status_code == 422
    assert message in answer.text
    for name in ("text", "rewording", "email", "quote"):
        if typed.get(name, "").strip():
            assert typed[name] in answer.text
    assert count(site, Comment) == 0


def test_a_foreign_stance_is_told_once_and_in_our_own_words(client, home):
    page = client.get(home, query_string={"abschnitt": "gesamt"}).text
    fields = hidden_fields(page, containing="/kommentare/neu")
    # Nobody proposes a wording for the text as a whole: the form does not offer it.
    for stance in ("shrug", "rewording"):
        said = {"stance": stance, "text": "Ein Satz."}
        refused = client.post(f"{home}/neu?abschnitt=gesamt", data=fields | said)
        assert refused.status_code == 422
        assert "Bitte prüfen Sie eine Angabe" in refused.text
        assert "Wählen Sie, wie Sie dazu stehen." in refused.text
        assert "Ungültige" not in refused.text


def test_somebody_without_scripts_reads_how_long_a_statement_may_be(client, home):
    page = client.get(home, query_string={"abschnitt": "2"}).text
    assert "Ein Gedanke, höchstens 280 Zeichen" in page


def test_quoted_words_stand_above_the_comment_and_are_marked_in_its_passage(site, client):
    opened = site.make.comment_round(
        site.municipality, voting=False, moderation_mode=ModerationMode.AFTER
    )
    site.session.commit()
    home = f"/beteiligung/{opened.slug}/kommentare"
    page = client.get(home, query_string={"abschnitt": "2"}).text
    assert 'data-quote-from="wortlaut-2"' in page
    assert 'id="wortlaut-2"' in page
    fields = hidden_fields(page, containing="/kommentare/neu")
    said = {"stance": "concern", "text": "Wer prüft das?", "quote": "wenn ein  anderes Verfahren"}
    assert client.post(f"{home}/neu?abschnitt=2", data=fields | said).status_code == 200
    quotation = "<p>„wenn ein anderes Verfahren“</p></blockquote>"
    assert quotation in client.get(home).text
    own = client.get(f"{home}/1").text
    assert quotation in own
    assert '<mark class="bt-mark">wenn ein anderes Verfahren</mark> nicht möglich ist.' in own


def test_a_comment_on_the_whole_cannot_propose_a_wording(site, client, home):
    fields = hidden_fields(client.get(f"{home}/neu").text, containing="/kommentare/neu")
    answer = client.post(f"{home}/neu", data=fields | {"stance": "rewording", "text": "Satz"})
    assert answer.status_code == 422
    assert count(site, Comment) == 0


def test_control_signs_are_dropped_and_markup_is_shown_as_typed(site, client, home):
    fields = hidden_fields(client.get(f"{home}/neu").text, containing="/kommentare/neu")
    text = "A\x07B<script>alert(1)</script>\r\n=1+1"
    sent = client.post(f"{home}/neu", data=fields | {"stance": "question", "text": text})
    assert sent.status_code == 200
    comment = only(site, Comment)
    assert comment.text == "AB<script>alert(1)</script>\n=1+1"
    comment.move_to(ContributionStatus.PUBLISHED, at=clock.now())
    site.session.commit()
    page = client.get(home).text
    assert "AB&lt;script&gt;" in page
    assert "<script>alert" not in page


def test_a_form_opened_in_time_is_taken_a_little_late_and_not_later(site, client, opened, home):
    with clock.standing_at(opened.closes_at - timedelta(minutes=2)):
        page = client.get(f"{home}/neu").text
    fields = hidden_fields(page, containing="/kommentare/neu") | {"stance": "approve"}
    with clock.standing_at(opened.closes_at + timedelta(minutes=30)):
        late = client.post(f"{home}/neu", data=fields | {"text": "Sehr spät"})
    assert late.status_code == 409
    assert "Sehr spät" in late.text
    with clock.standing_at(opened.closes_at + timedelta(minutes=5)):
        assert client.post(f"{home}/neu", data=fields | {"text": "Etwas spät"}).status_code == 200


def test_a_round_for_accounts_asks_to_sign_in(site):
    opened = site.make.comment_round(site.municipality, audience=Audience.ACCOUNT)
    site.session.commit()
    path = f"/beteiligung/{opened.slug}/kommentare"
    assert "Nur" not in site.visitor().get(path).headers.get("Set-Cookie", "")
    assert "/konto/" in site.visitor().get(path).text
    page = site.visitor().get(f"{path}/neu")
    assert "Kommentar absenden" not in page.text
    person = site.make.account()
    site.session.commit()
    assert "Kommentar absenden" in site.signed_in(person).get(f"{path}/neu").text


def test_an_answer_hangs_on_its_comment_and_a_third_level_is_refused(site, client, opened, home):
    comment = site.make.comment(opened, opened.passages[0])
    answer = site.make.comment(opened, comment, text="Die Verwaltung entscheidet.")
    site.session.commit()
    assert "Die Verwaltung entscheidet." in client.get(home).text
    target = f"{home}/neu?antwort={comment.number}"
    fields = hidden_fields(client.get(target).text, containing="/kommentare/neu")
    assert client.post(target, data=fields | {"text": "Und wer prüft es?"}).status_code == 200
    stored = only(site, Comment, Comment.number == 3)
    assert (stored.parent_id, stored.level) == (comment.id, 2)
    deeper = client.post(
        f"{home}/neu?antwort={answer.number}",
        data=fields | {"submission": "0" * 32, "text": "Nein"},
    )
    assert deeper.status_code == 422
    assert "Nein" in deeper.text


def test_an_answer_to_what_was_hidden_meanwhile_is_not_lost(site, client, opened, home):
    comment = site.make.comment(opened)
    site.session.commit()
    target = f"{home}/neu?antwort={comment.number}"
    fields = hidden_fields(client.get(target).text, containing="/kommentare/neu")
    comment.move_to(ContributionStatus.HIDDEN, at=clock.now())
    site.session.commit()
    answer = client.post(target, data=fields | {"text": "Lange überlegte Antwort"})
    assert answer.status_code == 404
    assert "Lange überlegte Antwort" in answer.text
    assert client.get(target).status_code == 404


@pytest.mark.parametrize("query", ["abschnitt=99", "antwort=1", "antwort=x", "abschnitt=%07"])
def test_unknown_anchors_are_not_found(client, home, query):
    assert client.get(f"{home}/neu?{query}").status_code == 404


def test_the_key_of_another_form_gets_a_new_one(site, client, home):
    other = site.make.comment_round(site.municipality)
    site.session.commit()
    fields = hidden_fields(client.get(f"{home}/neu").text, containing="/kommentare/neu")
    said = fields | {"stance": "approve", "text": "Gut so."}
    assert client.post(f"{home}/neu", data=said).status_code == 200
    path = f"/beteiligung/{other.slug}/kommentare/neu"
    refused = client.post(path, data=said)
    assert refused.status_code == 422
    assert "Gut so." in refused.text
    fresh = hidden_fields(refused.text, containing="/kommentare/neu")
    assert fresh["submission"] != fields["submission"]
    assert client.post(path, data=said | fresh).status_code == 200
