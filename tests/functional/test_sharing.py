"""Passing on the address of a page: a link and a QR code, and nobody else's button."""

from __future__ import annotations

import io
import re

import pytest
import segno

from participation.contributions.models import ContributionStatus

CALL = "/beteiligung/digitale-orte"


@pytest.fixture
def call(site):
    call = site.make.idea_call(site.municipality, title="Digitale Orte")
    site.session.commit()
    return call


def squares(svg):
    (drawn,) = re.findall(r'class="qrline"[^>]* d="([^"]+)"', svg)
    return drawn


def code_of(address):
    picture = io.BytesIO()
    segno.make(address, error="m", micro=False).save(picture, kind="svg", border=4)
    return squares(picture.getvalue().decode())


def test_the_code_of_an_idea_holds_the_address_that_its_page_shows(site, call, client):
    idea = site.make.idea(call)
    site.session.commit()
    path = f"{CALL}/ideen/{idea.number}"
    page = client.get(path)
    (address,) = re.findall(r'data-copy="([^"]+)"', page.text)
    assert address.startswith("http")
    assert address.endswith(path)
    assert f'src="{path}/qr.svg" alt="QR-Code' in page.text
    picture = client.get(f"{path}/qr.svg")
    assert (picture.status_code, picture.mimetype) == (200, "image/svg+xml")
    assert picture.headers["Cache-Control"] == "public, max-age=300"
    assert squares(picture.text) == code_of(address)
    assert "<script" not in picture.text
    again = client.get(f"{path}/qr.svg", headers={"If-None-Match": picture.headers["ETag"]})
    assert again.status_code in {200, 304}


def test_an_engagement_has_a_code_of_its_own(site, call, client):
    page = client.get(CALL)
    (address,) = re.findall(r'data-copy="([^"]+)"', page.text)
    assert address.endswith(CALL)
    assert squares(client.get(f"{CALL}/qr.svg").text) == code_of(address)


@pytest.mark.parametrize(
    "status",
    [status for status in ContributionStatus if status is not ContributionStatus.PUBLISHED],
)
def test_what_is_not_published_has_no_code(site, call, client, status):
    idea = site.make.idea(call, status=status)
    site.session.commit()
    assert client.get(f"{CALL}/ideen/{idea.number}/qr.svg").status_code == 404


def test_a_draft_has_no_code(site, client):
    site.make.idea_call(site.municipality, title="Entwurf", published=False)
    site.session.commit()
    assert client.get("/beteiligung/entwurf/qr.svg").status_code == 404
