"""Commenting on a text and on ideas, and voting, as people click through it without a script."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from participation.accounts.models import Role
from participation.comments.models import Comment, CommentRound, Stance, Vote, VoteChoice
from participation.comments.passages import PassageDraft
from participation.comments.queries import passages_of
from participation.contributions.models import Contribution, ContributionStatus
from participation.engagements.models import Audience, Engagement, ModerationMode, ResultsMode
from participation.foundation import clock
from participation.insights.aggregation import aggregate
from participation.strategy.queries import adopted_version
from participation.web.extensions import db

FIELD = re.compile(r'<input[^>]* name="(?P<name>[^"]+)"[^>]*>')
VALUE = re.compile(r' value="(?P<value>[^"]*)"')


def hidden_fields(page, *, containing):
    """Return the hidden fields of the form whose action contains a text."""
    form = next(
        form
        for form in re.findall(r"<form.*?</form>", page, re.S)
        if containing in form.split(">")[0]
    )
    fields = {}
    for found in FIELD.finditer(form):
        if 'type="hidden"' in found.group():
            value = VALUE.search(found.group())
            fields[found["name"]] = value["value"] if value else ""
    return fields


def receipt_in(page):
    (code,) = re.findall(r'class="bt-receipt">([^<]+)<', page)
    return code


@pytest.fixture
def opened(site):
    opened = site.make.comment_round(site.municipality, title="Leitlinie")
    site.session.commit()
    return opened


@pytest.fixture
def home(opened):
    return f"/beteiligung/{opened.slug}/kommentare"


def count(site, kind):
    return len(rows(site, sa.select(kind)))


def rows(site, select):
    """Return what is stored now, and leave the database to the pages."""
    found = site.session.scalars(select.execution_options(populate_existing=True)).all()
    site.session.commit()
    return found


def only(site, kind, *conditions):
    (found,) = rows(site, sa.select(kind).where(*conditions))
    return found


# Reading


def test_the_page_shows_the_text_and_its_comments(site, client, opened, home):
    first, second, _ = opened.passages
    site.make.comment(opened, first, text="Das schafft Vertrauen.", stance=Stance.APPROVE)
    site.make.comment(
        opened,
        second,
        stance=Stance.REWORDING,
        text="Vorschlag zum zweiten Satz.",
        rewording=second.text.replace("wenn ein anderes Verfahren nicht möglich ist", "nie"),
    )
    site.make.comment(opened, None, text="Insgesamt gut.", stance=Stance.APPROVE)
    site.session.commit()
    page = client.get(home).text
    assert "Keine Bilder von Menschen" in page
    assert "Das schafft Vertrauen." in page
    assert "Insgesamt gut." in page
    assert re.search(r"<del>.*wenn ein anderes.*</del>", page)
    assert "<ins>" in page
    assert "3 Kommentare" in page


@pytest.mark.parametrize("part", ["1", "gesamt"])
def test_a_link_opens_the_form_below_the_passage(client, home, part):
    assert "Kommentar absenden" not in client.get(home).text
    page = client.get(home, query_string={"abschnitt": part}).text
    assert page.count("Kommentar absenden") == 1
    assert ("anderer Wortlaut" in page) == (part == "1") or "haltung=wortlaut" in page


def test_an_unknown_passage_opens_nothing(client, home):
    answer = client.get(home, query_string={"abschnitt": "99", "vor": "x", "karte": "9" * 30})
    assert answer.status_code == 200
    assert "Kommentar absenden" not in answer.text


def test_a_filter_shows_one_stance(site, client, opened, home):
    site.make.comment(opened, opened.passages[0], text="Eine Frage?", stance=Stance.QUESTION)
    site.make.comment(opened, opened.passages[0], text="Ein Lob.", stance=Stance.APPROVE)
    opened.voting = False
    site.session.commit()
    page = client.get(home, query_string={"haltung": "fragen"}).text
    assert "Eine Frage?" in page
    assert "Ein Lob." not in page


def test_a_long_list_is_opened_and_paged(site, client, opened, home):
    opened.voting = False
    for number in range(30):
        site.make.comment(opened, opened.passages[0], text=f"Satz {number:02} Ende")
    site.session.commit()

    def shown(**query):
        return re.findall(r"Satz (\d\d) Ende", client.get(home, query_string=query).text)

    assert shown() == ["29", "28", "27"]
    assert "27 weitere Kommentare" in client.get(home).text
    assert shown(abschnitt="1") == [f"{number:02}" for number in range(29, 4, -1)]
    assert shown(abschnitt="1", vor="6") == ["04", "03", "02", "01", "00"]


def test_the_text_of_a_planned_round_is_not_shown(site, client):
    planned = site.make.comment_round(
        site.municipality,
        opens_at=clock.now() + timedelta(days=1),
        closes_at=clock.now() + timedelta(days=9),
    )
    site.session.commit()
    answer = client.get(f"/beteiligung/{planned.slug}/kommentare")
    assert answer.status_code == 200
    assert "Keine Bilder von Menschen" not in answer.text


def test_a_round_that_is_not_published_is_not_there(site, client):
    draft = site.make.comment_round(site.municipality, published=False)
    site.session.commit()
    for path in ("kommentare", "kommentare/neu"):
        assert client.get(f"/beteiligung/{draft.slug}/{path}").status_code == 404


# Writing


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
    opened = site.make.comment_round(site.municipality, moderation_mode=ModerationMode.AFTER)
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
        ({"stance": "shrug", "text": "Ein Satz."}, "Wie stehen Sie dazu?"),
        ({"stance": "concern", "text": "x" * 4001}, "höchstens 4.000 Zeichen"),
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
    for name in ("text", "rewording", "email"):
        if typed[name].strip():
            assert typed[name] in answer.text
    assert count(site, Comment) == 0


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


# Voting


def vote(client, home, choice, **more):
    page = client.get(home).text
    fields = hidden_fields(page, containing="/kommentare/stimme")
    return client.post(f"{home}/stimme", data=fields | {"stimme-choice": choice} | more)


def test_one_comment_after_the_other_is_voted_on(site, client, opened, home):
    for number in range(3):
        site.make.comment(opened, opened.passages[0], text=f"Satz {number}")
    site.session.commit()
    assert "Aussage 1 von 3" in client.get(home).text
    answer = vote(client, home, "agree", **{"stimme-important": "y"})
    assert answer.status_code == 303
    assert "Aussage 2 von 3" in client.get(answer.location).text
    vote(client, home, "disagree")
    vote(client, home, "pass")
    assert "Sie haben zu allen 3 Kommentaren etwas gesagt" in client.get(home).text
    votes = rows(site, sa.select(Vote))
    assert {vote.choice for vote in votes} == set(VoteChoice)
    assert [vote.important for vote in votes].count(True) == 1
    assert len({vote.voter for vote in votes}) == 1
    assert "Aussage 1 von 3" in site.visitor().get(home).text
    assert only(site, Engagement).participants == 1


def test_a_vote_can_be_changed(site, client, opened, home):
    comment = site.make.comment(opened)
    site.session.commit()
    answer = vote(client, home, "agree")
    page = client.get(answer.location).text
    (link,) = re.findall(r'href="([^"]*karte=[^"]*)"', page)
    fields = hidden_fields(
        client.get(link.replace("&amp;", "&")).text, containing="/kommentare/stimme"
    )
    client.post(f"{home}/stimme", data=fields | {"stimme-choice": "disagree"})
    stored = only(site, Vote)
    assert (stored.comment_id, stored.choice) == (comment.id, VoteChoice.DISAGREE)


@pytest.mark.parametrize(
    "status", [one for one in ContributionStatus if one is not ContributionStatus.PUBLISHED]
)
def test_there_is_no_vote_on_what_is_not_shown(site, client, opened, home, status):
    site.make.comment(opened)
    hidden = site.make.comment(opened, status=status)
    site.session.commit()
    answer = vote(client, home, "agree", **{"stimme-comment": str(hidden.number)})
    assert answer.status_code == 404
    assert count(site, Vote) == 0


@pytest.mark.parametrize(
    "broken", [{"stimme-choice": "shrug"}, {"stimme-comment": "x"}, {"stimme-website": "spam"}]
)
def test_a_broken_vote_is_refused(site, client, opened, home, broken):
    site.make.comment(opened)
    site.session.commit()
    assert vote(client, home, "agree", **broken).status_code == 422
    assert count(site, Vote) == 0


def test_after_closing_there_is_no_card_and_no_vote(site, client, opened, home):
    site.make.comment(opened, opened.passages[0], text="Bleibt stehen")
    site.session.commit()
    fields = hidden_fields(client.get(home).text, containing="/kommentare/stimme")
    with clock.standing_at(opened.closes_at + timedelta(days=1)):
        page = client.get(home).text
        assert "Bleibt stehen" in page
        assert "Wie sehen Sie das?" not in page
        assert "Zu diesem Abschnitt schreiben" not in page
        client.post(f"{home}/stimme", data=fields | {"stimme-choice": "agree"})
    assert count(site, Vote) == 0


def test_votes_are_shown_from_a_release_only(site, client, opened, home):
    comment = site.make.comment(opened, opened.passages[0], text="Der Zweck muss feststehen.")
    site.make.votes(comment, agree=60, disagree=10, passed=5)
    few = site.make.comment(opened, opened.passages[1], text="Kaum jemand hat abgestimmt.")
    site.make.votes(few, agree=9)
    member = site.make.member(Role.STRATEGIST, municipality=site.municipality)
    site.session.commit()
    assert "überwiegt" not in client.get(home).text
    with clock.standing_at(opened.closes_at + timedelta(days=1)):
        assert "überwiegt" not in client.get(home).text
        found = site.session.get_one(CommentRound, opened.id)
        aggregate(site.session, engagement=found, actor=member, at=clock.now(), final=True)
        site.session.commit()
        page = client.get(home).text
    assert page.count("Zustimmung überwiegt deutlich") == 1
    assert "n = 75" in page
    assert "n = 9" not in page


# Comments on ideas


def test_an_idea_is_commented_on_and_answered(site, client):
    call = site.make.idea_call(site.municipality, title="Digitale Orte")
    idea = site.make.idea(call)
    site.session.commit()
    path = f"/beteiligung/{call.slug}/ideen/{idea.number}"
    fields = hidden_fields(client.get(f"{path}/kommentare").text, containing="/kommentare")
    said = fields | {"text": "Gute Idee, bitte auch am Markt."}
    sent = client.post(f"{path}/kommentare", data=said)
    assert sent.status_code == 200
    assert receipt_in(client.post(f"{path}/kommentare", data=said).text) == receipt_in(sent.text)
    comment = only(site, Comment)
    assert (comment.parent_id, comment.status) == (idea.id, ContributionStatus.PENDING)
    assert "Gute Idee" not in client.get(path).text
    comment.move_to(ContributionStatus.PUBLISHED, at=clock.now())
    site.session.commit()
    page = client.get(path).text
    assert "Gute Idee, bitte auch am Markt." in page
    assert "1 Kommentar" in page
    target = f"{path}/kommentare?antwort={comment.number}"
    fields = hidden_fields(client.get(target).text, containing="/kommentare")
    assert client.post(target, data=fields | {"text": "Und am Bahnhof."}).status_code == 200
    answer = only(site, Comment, Comment.level == 2)
    assert answer.parent_id == comment.id


def test_a_comment_on_an_idea_keeps_what_was_typed(site, client):
    call = site.make.idea_call(site.municipality)
    idea = site.make.idea(call)
    site.session.commit()
    path = f"/beteiligung/{call.slug}/ideen/{idea.number}/kommentare"
    fields = hidden_fields(client.get(path).text, containing="/kommentare")
    wrong = client.post(path, data=fields | {"text": "Mein Satz", "email": "nix"})
    assert wrong.status_code == 422
    assert "Mein Satz" in wrong.text
    with clock.standing_at(call.closes_at + timedelta(days=1)):
        late = client.post(path, data=fields | {"text": "Zu später Satz"})
    assert late.status_code == 409
    assert "Zu später Satz" in late.text
    assert count(site, Comment) == 0


def test_a_comment_on_another_idea_cannot_be_answered_here(site, client):
    call = site.make.idea_call(site.municipality)
    idea, other = site.make.idea(call), site.make.idea(call)
    comment = site.make.comment(None, other)
    site.session.commit()
    path = f"/beteiligung/{call.slug}/ideen/{idea.number}/kommentare?antwort={comment.number}"
    assert client.get(path).status_code == 404


# Staff


@pytest.fixture
def plan_fields():
    return {
        "title": "Entwurf der Strategie",
        "scope_open": "Der Wortlaut.",
        "scope_closed": "Die Frist.",
        "elements": ["M-01", "M-02"],
        "opens_on": "2026-05-07",
        "opens_time": "08:00",
        "closes_on": "2026-06-07",
        "closes_time": "23:59",
        "audience": "open",
        "moderation_mode": "before",
        "results_mode": "at_closing",
        "voting": "y",
    }


@pytest.fixture
def version(site):
    strategy = site.make.adopted_strategy(site.municipality)
    found = adopted_version(site.session, strategy.id)
    site.session.commit()
    return found


def test_staff_puts_parts_of_the_strategy_up_for_comment(site, version, plan_fields):
    staff = site.staff(Role.STRATEGIST)
    assert staff.get("/beteiligung/neu/kommentarrunde").status_code == 200
    said = plan_fields | {"source": "version", "version": str(version.id), "split": "paragraph"}
    preview = staff.post("/beteiligung/neu/kommentarrunde", data=said | {"preview": "1"})
    assert preview.status_code == 200
    assert "Das Bürgerbüro öffnet an drei Tagen ohne Termin." in preview.text
    assert count(site, CommentRound) == 0
    sent = staff.post("/beteiligung/neu/kommentarrunde", data=said)
    assert sent.status_code == 303
    opened = only(site, CommentRound)
    assert (opened.version_id, opened.voting, opened.published_at) == (version.id, True, None)
    passages = passages_of(site.session, opened.id)
    assert [passage.heading for passage in passages] == [
        "M-01 Bürgerservice ohne Termin",
        "M-02 Rufbus per Telefon und App",
    ]
    assert passages[0].element is not None
    assert passages[0].element.code == "M-01"


def test_staff_pastes_a_text(site, version, plan_fields):
    staff = site.staff(Role.STRATEGIST)
    said = plan_fields | {
        "source": "text",
        "split": "paragraph",
        "version": str(version.id),
        "text": "Zweck\r\n\r\nWir messen wenig.\r\n\r\nWir löschen bald.",
    }
    assert staff.post("/beteiligung/neu/kommentarrunde", data=said).status_code == 303
    opened = only(site, CommentRound)
    assert opened.version_id is None
    assert [(it.code, it.heading, it.text) for it in opened.passages] == [
        ("1", "Zweck", "Wir messen wenig."),
        ("2", "", "Wir löschen bald."),
    ]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"source": "text", "text": " "}, "Fügen Sie den Text ein"),
        ({"version": "999999"}, "Fassung"),
        ({"elements": []}, "mindestens einen Teil"),
        ({"source": "text", "text": "x" * 8001}, "ist zu lang"),
        ({"title": ""}, "Geben Sie der Beteiligung einen Titel."),
    ],
)
def test_a_wrong_round_is_refused_and_kept(site, version, plan_fields, wrong, message):
    staff = site.staff(Role.STRATEGIST)
    said = plan_fields | {"source": "version", "version": str(version.id), "split": "element"}
    answer = staff.post("/beteiligung/neu/kommentarrunde", data=said | wrong)
    assert answer.status_code == 422
    assert message in answer.text
    assert "Der Wortlaut." in answer.text
    assert count(site, CommentRound) == 0


def test_without_an_adopted_version_a_text_can_still_be_pasted(site, plan_fields):
    site.make.strategy(site.municipality)
    site.session.commit()
    staff = site.staff(Role.STRATEGIST)
    page = staff.get("/beteiligung/neu/kommentarrunde").text
    assert "Welchen Text legen Sie aus?" not in page
    said = plan_fields | {"elements": ["HF-1"], "text": "Ein Absatz, der zählt."}
    assert staff.post("/beteiligung/neu/kommentarrunde", data=said).status_code == 303


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.ANALYST])
def test_only_strategists_and_administrators_open_rounds(site, role):
    assert site.staff(role).get("/beteiligung/neu/kommentarrunde").status_code == 403
    assert site.visitor().get("/beteiligung/neu/kommentarrunde").status_code in {302, 303}


# Promises


def test_what_is_not_public_is_on_no_page(site, client):
    opened = site.make.comment_round(site.municipality, title="Leitlinie")
    call = site.make.idea_call(site.municipality, title="Digitale Orte")
    hidden_idea = site.make.idea(call, title="Versteckt", status=ContributionStatus.HIDDEN)
    shown_idea = site.make.idea(call, title="Sichtbar")
    canaries = []
    for status in set(ContributionStatus) - {ContributionStatus.PUBLISHED}:
        for place, anchor in enumerate([opened.passages[0], None]):
            text = f"Kanarienvogel {status.value} {place}"
            canaries.append(text)
            site.make.comment(opened, anchor, text=text, status=status)
        site.make.comment(
            opened,
            opened.passages[1],
            stance=Stance.REWORDING,
            rewording=f"Kanarienvogel Wortlaut {status.value}",
            status=status,
        )
        canaries.append(f"Kanarienvogel Wortlaut {status.value}")
        site.make.comment(
            None, shown_idea, text=f"Kanarienvogel Idee {status.value}", status=status
        )
        canaries.append(f"Kanarienvogel Idee {status.value}")
    parent = site.make.comment(opened, opened.passages[0], text="Wird versteckt")
    site.make.comment(opened, parent, text="Kanarienvogel Antwort")
    parent.move_to(ContributionStatus.HIDDEN, at=clock.now())
    hidden_idea.move_to(ContributionStatus.PUBLISHED, at=clock.now())
    site.session.flush()
    site.make.comment(None, hidden_idea, text="Kanarienvogel unter Versteckt")
    hidden_idea.move_to(ContributionStatus.HIDDEN, at=clock.now())
    site.session.commit()
    canaries += ["Wird versteckt", "Kanarienvogel Antwort", "Kanarienvogel unter Versteckt"]
    numbers = rows(site, sa.select(Comment.number))
    home = f"/beteiligung/{opened.slug}/kommentare"
    ideas = f"/beteiligung/{call.slug}/ideen"
    paths = [
        home,
        f"{home}?haltung=bedenken",
        f"{home}?haltung=wortlaut",
        *(f"{home}?abschnitt={code}" for code in ("1", "2", "3", "gesamt")),
        *(f"{home}?karte={number}" for number in numbers),
        *(f"{home}/neu?antwort={number}" for number in numbers),
        *(f"{home}/{number}" for number in numbers),
        *(f"/beteiligung/{call.slug}/kommentare/{number}" for number in numbers),
        *(f"{ideas}/{shown_idea.number}/kommentare?antwort={number}" for number in numbers),
        f"{ideas}/{shown_idea.number}",
        f"{ideas}/{hidden_idea.number}",
        f"{ideas}/{hidden_idea.number}/kommentare",
        f"/beteiligung/{opened.slug}",
        "/beteiligung/",
    ]
    for path in paths:
        text = client.get(path).text
        assert [canary for canary in canaries if canary in text] == [], path


def test_reading_sets_no_cookie(client, home):
    assert "Set-Cookie" not in client.get(home).headers
    assert "Set-Cookie" not in client.get(f"{home}/neu").headers


def queries_of(site, client, path):
    with site.app.app_context():
        engine = db.engine
    statements: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        # Which municipalities there are is read every two seconds, whoever asks.
        if not statement.startswith(("BEGIN", "SELECT municipality.slug")):
            statements.append(statement)

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        assert client.get(path).status_code == 200
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    return len(statements)


def test_the_page_asks_ten_questions_at_most_whatever_the_number_of_comments(site):
    strategy = site.make.adopted_strategy(site.municipality)
    version = adopted_version(site.session, strategy.id)
    opened = site.make.comment_round(
        site.municipality,
        passages=[PassageDraft(f"Absatz {number}.", f"Teil {number}") for number in range(12)],
        version=version,
        results_mode=ResultsMode.INTERIM,
    )
    site.make.comment(opened, opened.passages[0])
    site.session.commit()
    client, path = site.visitor(), f"/beteiligung/{opened.slug}/kommentare"
    vote(client, path, "agree")
    few = queries_of(site, client, f"{path}?abschnitt=1")
    for number in range(60):
        comment = site.make.comment(opened, opened.passages[number % 12])
        site.make.comment(opened, comment)
    site.session.commit()
    assert queries_of(site, client, f"{path}?abschnitt=1") <= max(few, 10)
    assert few <= 10
    assert queries_of(site, client, path) <= 10


def test_the_code_of_a_receipt_is_stored_nowhere(site, client, home):
    fields = hidden_fields(client.get(f"{home}/neu").text, containing="/kommentare/neu")
    sent = client.post(f"{home}/neu", data=fields | {"stance": "approve", "text": "Gut so."})
    code = receipt_in(sent.text)
    short = "".join(code.split("-")[1:])
    for table in Contribution.metadata.sorted_tables:
        for row in site.session.execute(sa.select(table)):
            assert short not in "".join(str(value) for value in row).replace("-", "").upper()


# A comment's own page


def test_a_comment_has_a_page_of_its_own_with_its_answers_and_its_way(site, client, opened):
    passage = opened.passages[1]
    comment = site.make.comment(opened, passage, text="Wer entscheidet das?")
    answer = site.make.comment(opened, comment, text="Der Beirat.")
    site.session.commit()
    home = f"/beteiligung/{opened.slug}/kommentare"
    assert f'href="{home}/{comment.number}"' in client.get(home).text
    page = client.get(f"{home}/{comment.number}").text
    for text in ("Wer entscheidet das?", "Der Beirat.", passage.heading, "Was daraus wird"):
        assert text in page
    page = client.get(f"{home}/{answer.number}").text
    assert "Antwort auf Kommentar 1" in page
    assert "Wer entscheidet das?" in page


def test_a_comment_on_an_idea_has_a_page_too(site, client):
    call = site.make.idea_call(site.municipality)
    idea = site.make.idea(call, title="Sprechende Anzeige")
    comment = site.make.comment(None, idea, text="Auch am Markt.")
    answer = site.make.comment(None, comment, text="Und am Bahnhof.")
    site.session.commit()
    for number, text in ((comment.number, "Auch am Markt."), (answer.number, "Und am Bahnhof.")):
        page = client.get(f"/beteiligung/{call.slug}/kommentare/{number}").text
        assert text in page
        assert "Sprechende Anzeige" in page


@pytest.mark.parametrize("number", ["0", "99", "2147483647", "2147483648", "x", "-1"])
def test_the_page_of_no_comment_is_not_found(client, home, number):
    assert client.get(f"{home}/{number}").status_code == 404


def test_the_page_of_a_comment_asks_ten_questions_at_most(site, client, opened):
    comment = site.make.comment(opened, opened.passages[0])
    for _ in range(5):
        site.make.comment(opened, comment)
    site.session.commit()
    path = f"/beteiligung/{opened.slug}/kommentare/{comment.number}"
    assert queries_of(site, client, path) <= 10
