"""A text with its comments is read, filtered and paged, and each comment has a page."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest

from participation.comments.models import Stance
from participation.comments.passages import passages_of
from participation.comments.statement_content import Said
from participation.contributions.models import ContributionStatus
from participation.foundation import clock
from participation.revisions.operations import drop_change, put_out_for_consultation
from participation.strategy.queries import contents_of
from tests.comment_forms import queries_of

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


def test_words_that_were_selected_open_the_form_with_them_if_they_stand_there(client, home):
    opens = {"abschnitt": "2", "zitat": "wenn ein anderes Verfahren"}
    field = re.compile(r'<textarea[^>]*name="quote"[^>]*>\s*(.*?)</textarea>', re.DOTALL)

    def filled(quote):
        return field.findall(client.get(home, query_string=opens | {"zitat": quote}).text)

    assert filled(opens["zitat"]) == [opens["zitat"]]
    for other in ("erfunden", "<b>ein</b>", "x" * 3000, ""):
        assert filled(other) == [""]


def test_a_filter_shows_one_stance(site, client, opened, home):
    site.make.comment(opened, opened.passages[0], text="Eine Frage?", stance=Stance.QUESTION)
    site.make.comment(opened, opened.passages[0], text="Ein Lob.", stance=Stance.APPROVE)
    opened.voting = False
    site.session.commit()
    page = client.get(home, query_string={"haltung": "fragen"}).text
    assert "Eine Frage?" in page
    assert "Ein Lob." not in page
    assert "Kein Kommentar mit dieser Haltung." not in page.split('id="abschnitt-2"')[0]
    assert "Kein Kommentar mit dieser Haltung." in page


def test_a_filter_shows_the_organisations_of_one_stance(site, client, opened, home):
    site.make.statement(opened, pieces=[Said("1", "concern", "Von der Kammer.")])
    site.session.commit()
    assert "Organisationen (1):" in client.get(home).text
    assert "Organisationen (1):" in client.get(f"{home}?haltung=bedenken").text
    assert "Organisationen (" not in client.get(f"{home}?haltung=fragen").text


def test_each_passage_says_how_many_take_which_stance_and_leads_to_them(site, client, opened, home):
    first, second, _ = opened.passages
    site.make.comment(opened, first, text="Frage eins?", stance=Stance.QUESTION)
    site.make.comment(opened, first, text="Frage zwei?", stance=Stance.QUESTION)
    site.make.comment(opened, first, text="Ein Lob.", stance=Stance.APPROVE)
    site.make.comment(opened, second, text="Frage drei?", stance=Stance.QUESTION)
    for status in (
        ContributionStatus.PENDING,
        ContributionStatus.HIDDEN,
        ContributionStatus.REJECTED,
        ContributionStatus.WITHDRAWN,
    ):
        site.make.comment(opened, first, text="Kanarie", stance=Stance.CONCERN, status=status)
    opened.voting = False
    site.session.commit()
    page = unescape(client.get(home).text)
    links = re.findall(r'href="([^"]*abschnitt=\d&haltung=[^"]*)"[^>]*>([^<]*)</a>', page)
    assert links == [
        (f"{home}?abschnitt=1&haltung=zustimmung#abschnitt-1", "Zustimmung (1)"),
        (f"{home}?abschnitt=1&haltung=fragen#abschnitt-1", "Frage (2)"),
        (f"{home}?abschnitt=2&haltung=fragen#abschnitt-2", "Frage (1)"),
    ]
    filtered = client.get(links[1][0]).text
    assert "Frage eins?" in filtered
    assert "Ein Lob." not in filtered
    assert "Kanarie" not in page + filtered
    assert queries_of(site, client, home) <= 10


def test_a_passage_that_changed_says_so_and_leads_to_what_became_of_it(site, client):
    make = site.make
    revision = make.revision(make.adopted_strategy(site.municipality))
    make.amended(revision, "M-01", because=[make.stated()], text="So stand es im Entwurf.")
    frozen = put_out_for_consultation(site.session, revision=revision, actor=None, at=make.at)
    said = contents_of(site.session, frozen.id)
    opened = make.comment_round(
        site.municipality,
        version=frozen,
        passages=passages_of([said["M-01"]], by_paragraph=True),
    )
    comment = make.comment(opened, opened.passages[0], text="Bitte anders.")
    drop_change(site.session, change=revision.changes[0], actor=None, at=make.at)
    make.amended(revision, "M-01", because=[make.stated()], text="So ist es beschlossen.")
    site.session.commit()
    home = f"/beteiligung/{opened.slug}/kommentare"
    assert "lautet dieser Abschnitt anders" not in client.get(home).text
    make.adopt(revision)
    site.session.commit()
    for path in (home, f"{home}/{comment.number}"):
        page = client.get(path).text
        assert page.count("In Fassung 2 lautet dieser Abschnitt anders.") == 1
        assert 'href="/strategie/fassungen/2?vergleich=1"' in page
        assert "So stand es im Entwurf." in page
        assert "So ist es beschlossen." not in page
        assert queries_of(site, client, path) <= 10
    changes = client.get("/strategie/fassungen/2?vergleich=1").text
    assert "ist es beschlossen" in changes


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
