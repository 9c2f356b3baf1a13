"""The images of an idea in the form that changes it, without JavaScript."""

from __future__ import annotations

import io

import pytest

from participation.accounts.models import Role
from participation.contributions.models import ContributionStatus
from participation.engagements.models import ModerationMode
from tests.pages import pressed, text_of
from tests.photographs import HEIC, photograph, ready_photograph

LIST = "/beteiligung/orte/ideen"


def sent(site, mode=ModerationMode.AFTER, **more):
    call = site.make.idea_call(site.municipality, title="Orte", moderation_mode=mode)
    submitted = site.make.submitted_idea(
        call,
        key=site.app.config["HASHING_KEY"],
        images=(ready_photograph("Eine Bank"), ready_photograph("Ein Zaun", "#aa2211")),
        **more,
    )
    if submitted.idea.status is ContributionStatus.PENDING:
        submitted.idea.move_to(ContributionStatus.PUBLISHED, at=site.make.at)
    site.session.commit()
    return submitted


def form_of(browser, code):
    address, fields = pressed(browser.post("/beleg", data={"code": code}).text, "Idee bearbeiten")
    return browser.post(address, data=fields).text


def saved(browser, page, **typed):
    address, fields = pressed(page, "Änderung speichern")
    fields = {name: value for name, value in fields.items() if not name.startswith("image_")}
    return browser.post(address, data=fields | typed, content_type="multipart/form-data")


def a_file(content=None):
    return io.BytesIO(content or photograph(colour="#1122aa")), "DSC_0001.JPG"


def test_the_form_shows_the_images_and_names_them_without_carrying_them(site, client):
    submitted = sent(site)
    page = form_of(client, submitted.code)
    assert "Bild 1 ist dabei." in page
    assert "Bild 2 ist dabei." in page
    _address, fields = pressed(page, "Änderung speichern")
    assert fields["kept_1"] == [str(submitted.idea.images[0].id)]
    assert fields["shows_2"] == ["Ein Zaun"]
    assert "Es hat sich nichts geändert." in saved(client, page).text


def test_an_image_is_left_out_another_is_added_and_one_is_described_anew(site, client):
    submitted = sent(site)
    number = submitted.idea.number
    client.post(f"{LIST}/{number}/unterstuetzen")
    page = form_of(client, submitted.code)
    answer = saved(
        client,
        page,
        drop_1="y",
        shows_2="Ein alter Zaun",
        image_3=a_file(),
        shows_3="Ein Tor",
    )
    assert "bleibt die frühere Fassung nachlesbar" in answer.text
    shown = client.get(f"{LIST}/{number}").text
    assert 'alt="Ein alter Zaun"' in shown
    assert 'alt="Ein Tor"' in shown
    assert 'alt="Eine Bank"' not in shown
    assert "Geändert: Bilder" in text_of(client.get(f"{LIST}/{number}/fassungen").text)


def test_a_new_image_is_read_by_moderators_before_anybody_else(site, client):
    submitted = sent(site, ModerationMode.BEFORE)
    number = submitted.idea.number
    saved(client, form_of(client, submitted.code), drop_2="y", image_3=a_file(), shows_3="Ein Tor")
    assert "Ein Tor" not in client.get(f"{LIST}/{number}").text
    # Their author goes on with it.
    assert "Ein Tor" in form_of(client, submitted.code)
    moderator = site.staff(Role.MODERATOR)
    queue = moderator.get("/moderation/").text
    said = text_of(queue)
    assert "Bild: neu" in said
    assert "Bild: soll weg" in said
    address, fields = pressed(queue, "Änderung veröffentlichenV")
    moderator.post(address, data=fields)
    shown = client.get(f"{LIST}/{number}").text
    assert "Ein Tor" in shown
    assert "Ein Zaun" not in shown


@pytest.mark.parametrize(
    ("content", "words"),
    [(HEIC, "im Format HEIC"), (b"%PDF-1.7 no picture", "lässt sich nicht als Bild")],
)
def test_what_is_no_picture_is_refused_and_all_others_stay_in_the_form(
    site, client, content, words
):
    submitted = sent(site)
    page = form_of(client, submitted.code)
    answer = saved(
        client, page, text="Neu.", image_3=a_file(content), shows_3="Ein Tor", drop_1="y"
    )
    assert answer.status_code == 422
    assert words in answer.text
    _address, fields = pressed(answer.text, "Änderung speichern")
    assert (fields["text"], fields["shows_3"]) == (["Neu."], ["Ein Tor"])
    assert fields["kept_2"] == [str(submitted.idea.images[1].id)]
    assert fields["kept_1"] == [""]


def test_a_new_image_travels_on_while_something_else_is_wrong(site, client):
    submitted = sent(site)
    page = form_of(client, submitted.code)
    answer = saved(client, page, title="", image_3=a_file(), shows_3="Ein Tor")
    assert answer.status_code == 422
    assert "Bild 3 ist dabei." in answer.text
    saved(client, answer.text, title="Bank und Tor")
    assert "Ein Tor" in client.get(f"{LIST}/{submitted.idea.number}").text


@pytest.mark.parametrize("kept", ["x", "0" * 32, "foreign"])
def test_nobody_takes_the_image_of_another_idea(site, client, kept):
    submitted = sent(site)
    other = site.make.idea(submitted.idea.engagement, images=(ready_photograph("Geheim"),))
    site.session.commit()
    kept = str(other.images[0].id) if kept == "foreign" else kept
    answer = saved(client, form_of(client, submitted.code), kept_3=kept, shows_3="Meins")
    assert answer.status_code == 422
    assert "Dieses Bild ging verloren." in answer.text
    assert "Meins" not in client.get(f"{LIST}/{submitted.idea.number}").text
