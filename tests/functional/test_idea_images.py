"""Images of ideas: handed in without JavaScript, moderated, seen where the idea is."""

from __future__ import annotations

import io
import re
import zipfile
from html import unescape

import pytest
import sqlalchemy as sa
from PIL import Image

from participation.accounts.models import Role
from participation.contributions.models import ContributionStatus
from participation.foundation import clock
from participation.ideas import policy
from participation.ideas.models import IdeaImage
from participation.journal.models import JournalEntry
from tests.pages import pressed
from tests.photographs import CAMERA, HEIC, moving_picture, photograph, ready_photograph
from tests.statements import queries_of

FORM = "/beteiligung/digitale-orte/ideen/neu"
LIST = "/beteiligung/digitale-orte/ideen"
WORDS = {"title": "Bank am Bahnhof", "text": "Im Wartehaus fehlt eine Bank mit Lehne."}


def drawing(size):
    """Return a file of few bytes that unpacks to that many pixels."""
    written = io.BytesIO()
    Image.new("1", size).save(written, "PNG")
    return written.getvalue()


def archive():
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as packed:
        packed.writestr("bild.jpg", photograph())
    return written.getvalue()


@pytest.fixture
def call(site):
    call = site.make.idea_call(site.municipality, title="Digitale Orte")
    site.session.commit()
    return call


def a_file(content, name="DSC_0001.JPG"):
    return io.BytesIO(content), name


def hand_in(browser, page=None, **fields):
    """Fill in the form of a page as a browser without JavaScript does."""
    page = page or browser.get(FORM)
    _address, sent = pressed(page.text, "Idee absenden", **WORDS)
    return browser.post(FORM, data=sent | fields, content_type="multipart/form-data")


def stored(site):
    site.session.expire_all()
    found = site.session.scalars(sa.select(IdeaImage).order_by(IdeaImage.position)).all()
    site.session.commit()
    return found


def images_on(page):
    found = re.findall(r'<img[^>]*src="(/beteiligung[^"]*webp)"', page.text)
    return [unescape(one) for one in found]


def test_an_idea_comes_with_images(site, call, client):
    page = hand_in(
        client,
        image_1=a_file(photograph(size=(3000, 2000))),
        shows_1="Das leere Wartehaus",
        image_3=a_file(photograph("PNG"), "skizze.png"),
        shows_3="Eine Skizze der Bank",
    )
    assert "Danke, Ihre Idee ist angekommen" in page.text
    one, other = stored(site)
    assert (one.shows, one.position, other.shows, other.position) == (
        "Das leere Wartehaus",
        1,
        "Eine Skizze der Bank",
        2,
    )
    assert (one.width, one.height, one.small_width) == (1600, 1067, 480)
    for picture in (one.content, one.small, other.content):
        assert CAMERA not in picture
        with Image.open(io.BytesIO(picture)) as found:
            assert found.format == "WEBP"
            assert not found.getexif()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "lässt sich nicht als Bild"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "lässt sich nicht als Bild"),
        (b"%PDF-1.7 no picture", "lässt sich nicht als Bild"),
        (photograph()[:-40], "lässt sich nicht als Bild"),
        (moving_picture("WEBP"), "Das Bild bewegt sich"),
        (HEIC, "im Format HEIC"),
        (photograph(size=(900, 900), quality=100), "höchstens 12 MB"),
        (drawing((4100, 4000)), "mehr als 16 Millionen Bildpunkte"),
        (b"MZ\x90\x00" + photograph(), "lässt sich nicht als Bild"),
        (archive(), "lässt sich nicht als Bild"),
    ],
    ids=[
        *("empty", "svg", "pdf", "truncated", "moving", "heic", "giant"),
        *("pixels", "program", "archive"),
    ],
)
def test_what_is_no_picture_is_refused_at_its_field(
    site, call, client, monkeypatch, content, words
):
    monkeypatch.setattr(policy, "LARGEST_IMAGE", 8_000)
    page = hand_in(
        client,
        image_2=a_file(content, "bild.jpg"),
        shows_2="Ein Bild",
        image_1=a_file(photograph()),
        shows_1="Das Wartehaus",
    )
    assert page.status_code == 422
    (told,) = re.findall(r'id="image_2-error".*?</p>', page.text, re.S)
    assert words in told
    assert WORDS["text"] in page.text
    assert "Ein Bild" in page.text
    assert stored(site) == []
    # The image that was right is still there, and goes along when the form is sent again.
    again = hand_in(client, page, shows_2="")
    assert again.status_code == 200
    assert [image.shows for image in stored(site)] == ["Das Wartehaus"]


def test_an_image_without_words_is_kept_until_they_are_there(site, call, client):
    page = hand_in(client, image_1=a_file(photograph()))
    assert page.status_code == 422
    assert "was auf dem Bild zu sehen ist" in page.text
    assert "Bild 1 ist dabei" in page.text
    assert hand_in(client, page, shows_1="Das Wartehaus").status_code == 200
    assert [image.shows for image in stored(site)] == ["Das Wartehaus"]


def test_an_image_that_is_left_out_does_not_come_along(site, call, client):
    page = hand_in(client, image_1=a_file(photograph()))
    assert hand_in(client, page, drop_1="y", shows_1="Das Wartehaus").status_code == 200
    assert stored(site) == []


def test_an_image_goes_along_past_the_similar_ideas(site, call, client):
    site.make.idea(call, title=WORDS["title"], text=WORDS["text"])
    site.session.commit()
    page = hand_in(client, image_1=a_file(photograph()), shows_1="Das Wartehaus")
    assert "ähnliche Idee" in page.text
    _address, sent = pressed(page.text, "Trotzdem senden")
    client.post(FORM, data=sent, content_type="multipart/form-data")
    assert [image.shows for image in stored(site)] == ["Das Wartehaus"]


def test_an_image_of_another_form_is_not_taken(site, call, client):
    page = hand_in(client, image_1=a_file(photograph()))
    _address, sent = pressed(page.text, "Idee absenden")
    foreign = hand_in(client, kept_1=sent["kept_1"][0], shows_1="Das Wartehaus")
    assert foreign.status_code == 422
    assert "Dieses Bild ging verloren" in foreign.text
    assert stored(site) == []


def test_images_that_a_question_lost_are_asked_for_again(site, call, client):
    """A page between the form and us can send on what was typed, but no files."""
    _address, sent = pressed(client.get(FORM).text, "Idee absenden", **WORDS)
    asked = client.post(
        FORM,
        data=sent | {"image_1": a_file(photograph()), "shows_1": "Das Wartehaus"},
        content_type="multipart/form-data",
        headers={"No-Origin": "1"},
    )
    address, sent = pressed(asked.text, "Ja, absenden")
    lost = client.post(address, data=sent)
    assert lost.status_code == 422
    assert "kamen bei der Nachfrage nicht mit" in lost.text
    assert stored(site) == []


def test_images_are_seen_where_the_idea_is(site, call, client):
    idea = site.make.idea(
        call, images=[ready_photograph("Eine Bank"), ready_photograph("Ein Baum")]
    )
    site.session.commit()
    page, listed = client.get(f"{LIST}/{idea.number}"), client.get(LIST)
    assert 'alt="Eine Bank"' in page.text
    assert 'alt="Ein Baum"' in page.text
    assert 'alt="Eine Bank"' in listed.text
    assert 'alt="Ein Baum"' not in listed.text
    addresses = images_on(page) + images_on(listed)
    assert len(addresses) == 3
    for address in addresses:
        picture = client.get(address)
        assert picture.mimetype == "image/webp"
        assert picture.headers["X-Content-Type-Options"] == "nosniff"
        assert "no-cache" in picture.headers["Cache-Control"]
        etag = {"If-None-Match": picture.headers["ETag"]}
        assert client.get(address, headers=etag).status_code == 304
    table = client.get(LIST + ".csv").get_data(as_text=True)
    assert "(Eine Bank)" in table


@pytest.mark.parametrize(
    "status", [status for status in ContributionStatus if status.value != "published"]
)
def test_an_image_of_what_is_not_public_is_shown_to_nobody(site, call, client, status):
    idea = site.make.idea(call, images=[ready_photograph()])
    address = f"{LIST}/{idea.number}/bilder/{idea.images[0].id}-gross.webp"
    site.session.commit()
    etag = {"If-None-Match": client.get(address).headers["ETag"]}
    if status is ContributionStatus.WITHDRAWN:
        idea.withdraw()
    else:
        idea.take_back_to(status, published_at=None)
    site.session.commit()
    for browser in (client, site.staff(Role.MODERATOR)):
        assert browser.get(address).status_code == 404
        assert browser.get(address, headers=etag).status_code == 404
        assert browser.get(address.replace("gross", "klein")).status_code == 404
    assert (stored(site) == []) == (status is ContributionStatus.WITHDRAWN)


def test_an_image_stands_at_no_other_idea_and_in_no_other_call(site, call, client):
    idea, other = site.make.idea(call, images=[ready_photograph()]), site.make.idea(call)
    elsewhere = site.make.idea(site.make.idea_call(site.municipality, title="Anderes"))
    site.session.commit()
    for slug, number in (("digitale-orte", other.number), ("anderes", elsewhere.number)):
        address = f"/beteiligung/{slug}/ideen/{number}/bilder/{idea.images[0].id}-klein.webp"
        assert client.get(address).status_code == 404


def test_a_moderator_takes_one_image_out_and_publishes_the_rest(site, call, client):
    idea = site.make.idea(
        call,
        status=ContributionStatus.PENDING,
        images=[ready_photograph("Ein Gesicht"), ready_photograph("Eine Bank")],
    )
    site.session.commit()
    address = f"{LIST}/{idea.number}"
    moderator = site.staff(Role.MODERATOR)
    queue = moderator.get("/moderation/")
    assert 'alt="Ein Gesicht"' in queue.text
    where, sent = pressed(queue.text, "Bild entfernen")
    back = moderator.post(where, data=sent | {"ground": "personal_data"}, follow_redirects=True)
    assert "Nicht zu sehen:" in back.text
    moderator.post(f"/moderation/{idea.id}", data=sent | {"action": "publish"})
    page = client.get(address)
    assert 'alt="Eine Bank"' in page.text
    assert "Ein Gesicht" not in page.text
    entry = site.session.scalars(
        sa.select(JournalEntry).where(JournalEntry.action == "idea.image_removed")
    ).one()
    assert entry.facts["ground"] == "personal_data"
    removed = site.session.scalars(sa.select(IdeaImage).where(IdeaImage.position == 1)).one()
    site.session.commit()
    assert client.get(f"{address}/bilder/{removed.id}-klein.webp").status_code == 404
    again = moderator.get(f"/moderation/{idea.id}")
    where, sent = pressed(again.text, "Doch zeigen: Bild 1")
    moderator.post(where, data=sent)
    assert "Ein Gesicht" in client.get(address).text


def test_the_author_reads_why_an_image_is_not_shown(site, call, client):
    submitted = site.make.submitted_idea(
        call,
        key=site.app.config["HASHING_KEY"],
        images=[ready_photograph("Ein Gesicht")],
    )
    image = submitted.idea.images[0]
    image.removed_at, image.removed_for = clock.now(), "personal_data"
    site.session.commit()
    page = client.post("/beleg", data={"code": submitted.code})
    assert "Dieses Bild zeigen wir nicht. Grund: Persönliche Daten anderer" in page.text
    assert "data:image/webp;base64," in page.text


def test_images_need_no_more_queries_for_more_ideas(site, call, client):
    site.make.idea(call, images=[ready_photograph()])
    site.session.commit()
    few = queries_of(site, client, LIST)
    for _number in range(6):
        site.make.idea(call, images=[ready_photograph()])
    site.session.commit()
    assert queries_of(site, client, LIST) == few <= 10
