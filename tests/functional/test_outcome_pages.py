"""The public pages that show the closed loop."""

from __future__ import annotations

import pytest

PAGES = (
    "/",
    "/was-daraus-wurde",
    "/was-daraus-wurde/E-1",
    "/was-daraus-wurde/atom.xml",
    "/strategie/M-01",
    "/strategie/M-01/beitraege",
)


@pytest.fixture
def loop(site):
    loop = site.make.loop(site.municipality)
    site.session.commit()
    return loop


@pytest.mark.parametrize("page", PAGES)
def test_every_page_of_the_loop_is_there_with_and_without_content(page, site, client, loop):
    assert client.get(page).status_code == 200


def test_the_list_of_answers_shows_what_was_said_and_what_follows(client, loop):
    page = client.get("/was-daraus-wurde").text
    assert "Wer keinen Termin online buchen kann, bleibt heute außen vor." in page
    assert "Meine Mutter ist 81 und hat keine E-Mail-Adresse." in page
    assert "Für fünf Tage fehlen 1,5 Stellen." in page
    assert "teilweise übernommen" in page
    assert "<del>" in page
    assert "1 Idee" in page
