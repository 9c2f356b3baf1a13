"""Who comments on a draft reads what became of it, and is not cut short."""

from __future__ import annotations

import pytest

from participation.accounts.models import Role
from participation.contributions.operations import follow
from participation.engagements.models import Pace
from participation.engagements.operations import subscribe
from participation.revisions import operations
from participation.revisions.models import ChangeOperation
from participation.revisions.queries import open_revision_of
from participation.strategy.content import ElementContent
from participation.strategy.models import ElementKind
from tests.comment_forms import hidden_fields, receipt_in
from tests.presence import there
from tests.statements import queries_of

GIVEN_UP = "Dieser Entwurf wird nicht weiterverfolgt"
ADOPTED = "Fassung 2 ist inzwischen beschlossen"


@pytest.fixture
def revision(site, loop):
    return there(open_revision_of(site.session, loop.id))


@pytest.fixture
def frozen(site, revision):
    frozen = operations.put_out_for_consultation(
        site.session, revision=revision, actor=None, at=site.make.at
    )
    site.session.commit()
    return frozen


@pytest.fixture
def comment_round(site, town, frozen):
    found = site.make.comment_round(town, version=frozen, title="Entwurf der Strategie")
    site.session.commit()
    return found


def abandon(site):
    answer = site.staff(Role.STRATEGIST).post(
        "/werkstatt/fortschreibung/verwerfen", data={"reason": "Der Haushalt ist gesperrt."}
    )
    assert answer.status_code == 303


def pages(comment_round, frozen):
    return (
        f"/beteiligung/{comment_round.slug}",
        f"/beteiligung/{comment_round.slug}/kommentare",
        f"/strategie/fassungen/{frozen.number}/entwurf/{frozen.consultation}",
    )


def test_every_page_of_the_draft_says_what_became_of_it(site, client, comment_round, frozen):
    for path in pages(comment_round, frozen):
        assert GIVEN_UP not in client.get(path).text
    abandon(site)
    for path in pages(comment_round, frozen):
        page = client.get(path).text
        assert GIVEN_UP in page
        assert "Der Haushalt ist gesperrt." in page
        assert 'href="/strategie/"' in page
        assert "Das ist ein Entwurf" not in page


def test_it_stays_open_until_the_promised_day(site, client, comment_round):
    abandon(site)
    path = f"/beteiligung/{comment_round.slug}/kommentare"
    assert "Sie können trotzdem weiter schreiben" in client.get(path).text
    address = f"{path}/neu?abschnitt=1"
    fields = hidden_fields(client.get(f"{path}?abschnitt=1").text, containing="/kommentare/neu")
    written = {"stance": "concern", "text": "Bitte behalten Sie den ersten Satz."}
    assert receipt_in(client.post(address, data=fields | written, follow_redirects=True).text)


def test_the_lead_reads_first_which_rounds_run_on(site, comment_round):
    page = site.staff(Role.STRATEGIST).get("/werkstatt/fortschreibung/verwerfen").text
    assert "Die Kommentarrunde „Entwurf der Strategie“" in page


def test_a_round_that_is_not_public_yet_is_not_published_any_more(site, town, frozen):
    draft = site.make.comment_round(town, version=frozen, published=False)
    site.session.commit()
    abandon(site)
    lead = site.staff(Role.STRATEGIST)
    answer = lead.post(
        f"/verwaltung/beteiligungen/{draft.slug}/veroeffentlichen", follow_redirects=True
    )
    assert "Der Entwurf, um den es geht, wird nicht weiterverfolgt." in answer.text
    assert site.visitor().get(f"/beteiligung/{draft.slug}").status_code == 404


def test_what_is_adopted_meanwhile_is_said_as_well(site, town, client):
    make = site.make
    loop = make.loop(town, adopted=False, with_adoption=True)
    frozen = operations.put_out_for_consultation(
        site.session, revision=loop.revision, actor=None, at=make.at
    )
    comment_round = make.comment_round(town, version=frozen)
    make.adopt(loop.revision)
    site.session.commit()
    for path in pages(comment_round, frozen):
        page = client.get(path).text
        assert ADOPTED in page
        assert 'href="/strategie/fassungen/2"' in page


def test_it_is_not_adopted_unknowingly_while_people_may_still_comment(site, town):
    make = site.make
    loop = make.loop(town, adopted=False, with_adoption=True)
    frozen = operations.put_out_for_consultation(
        site.session, revision=loop.revision, actor=None, at=make.at
    )
    comment_round = make.comment_round(town, version=frozen)
    site.session.commit()
    lead = site.staff(Role.STRATEGIST)
    path = "/werkstatt/beschluss"
    page = lead.get(path).text
    assert "Zu diesem Entwurf läuft noch eine Kommentarrunde" in page
    assert f"„{comment_round.title}“ ist offen bis" in page
    assert f'href="/beteiligung/{comment_round.slug}"' in page
    data = {
        "resolution_body": "Stadtrat",
        "resolution_on": "2026-05-06",
        "resolution_number": "2026/118",
    }
    refused = lead.post(path, data=data)
    assert refused.status_code == 422
    assert "Bitte bestätigen Sie" in refused.text
    assert 'href="#despite_rounds"' in refused.text
    assert 'value="2026/118"' in refused.text
    assert lead.post(path, data=data | {"despite_rounds": "y"}).status_code == 303


def test_a_new_element_of_it_is_not_offered_for_comment_any_more(site, client, revision):
    make = site.make
    change = operations.propose_change(
        site.session,
        revision=revision,
        kind=ElementKind.MEASURE,
        operation=ChangeOperation.ADD,
        content=ElementContent("Ein Lesezimmer im Bahnhof", external_home="Stadtbibliothek"),
        because=[make.stated()],
        actor=None,
        at=make.at,
    )
    operations.put_out_for_consultation(site.session, revision=revision, actor=None, at=make.at)
    site.session.commit()
    path = f"/strategie/{there(change).element.code}"
    assert "zu dem Sie Stellung nehmen können" in client.get(path).text
    abandon(site)
    page = client.get(path).text
    assert "Dieses Element stand in einem Entwurf, der nicht weiterverfolgt wird." in page
    assert "zu dem Sie Stellung nehmen können" not in page


def test_saying_so_takes_one_query(site, client, comment_round, frozen):
    abandon(site)
    for path in pages(comment_round, frozen):
        client.get(path)
        assert queries_of(site, client, path) <= 10


def test_it_is_marked_in_the_list_of_versions_and_offered_for_no_other_round(
    site, client, comment_round, frozen
):
    path = f"/strategie/fassungen/{frozen.number}/entwurf/{frozen.consultation}"
    staff = site.staff(Role.STRATEGIST)
    choice = f'value="{frozen.id}"'
    assert "verworfen</span>" not in client.get(path).text
    assert choice in staff.get("/beteiligung/neu/kommentarrunde").text
    abandon(site)
    assert "verworfen</span>" in client.get(path).text
    assert choice not in staff.get("/beteiligung/neu/kommentarrunde").text


def test_who_follows_the_round_is_told_once_and_with_the_reason(site, town, comment_round, frozen):
    make, comment = site.make, site.make.comment(comment_round)
    another = make.comment_round(town, version=frozen, title="Noch eine Runde")
    elsewhere = make.comment_round(town, title="Etwas anderes")
    own = follow(site.session, contribution=comment, address="mara@example.org", at=make.at)
    for followed, address in (
        (comment_round, "mara@example.org"),
        (comment_round, "ole@example.org"),
        (another, "ole@example.org"),
        (elsewhere, "ida@example.org"),
    ):
        one = subscribe(site.session, engagement=followed, address=address, at=make.at)
        one.confirmed_at, one.pace = make.at, Pace.AT_ONCE
    subscribe(site.session, engagement=comment_round, address="stumm@example.org", at=make.at)
    own.confirmed_at, own.pace = make.at, Pace.AT_ONCE
    site.session.commit()
    abandon(site)
    site.work()
    site.work()
    told = [mail for mail in site.mails() if "nicht weiterverfolgt" in mail["Subject"]]
    assert sorted(mail["To"] for mail in told) == ["mara@example.org", "ole@example.org"]
    for mail in told:
        text = mail.get_content()
        assert "Der Grund: Der Haushalt ist gesperrt." in text
        assert f"/beteiligung/{comment_round.slug}" in text
        assert "läuft weiter bis zum" in text
        assert mail["List-Unsubscribe"]


def test_the_reason_is_asked_for(site, comment_round):
    browser = site.staff(Role.STRATEGIST)
    refused = browser.post("/werkstatt/fortschreibung/verwerfen", data={"reason": "  "})
    assert refused.status_code == 422
    assert "Bitte schreiben Sie den Grund dazu." in refused.text
    assert open_revision_of(site.session, comment_round.version.strategy_id) is not None
