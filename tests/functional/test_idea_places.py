"""Where an idea is: asked for by its call, said in its form, shown on its page."""

from __future__ import annotations

import json
import re

import pytest
import sqlalchemy as sa

from participation.accounts.models import Role
from participation.contributions.models import ContributionStatus
from participation.contributions.operations import withdraw
from participation.foundation.geometry import MOST_POINTS, read_geometry
from participation.ideas.models import Idea, IdeaPlace, PlaceKind, PlaceRule
from participation.ideas.placing import ChosenPlace

NEW = "/beteiligung/orte/ideen/neu"
WHERE = {"title": "Bank am Teich", "text": "Eine Bank im Schatten fehlt."}
TILES = "https://tiles.example/{z}/{x}/{y}.png"


@pytest.fixture
def call(site):
    call = site.make.idea_call(site.municipality, title="Orte")
    site.session.commit()
    return call


def send(site, **fields):
    """Send the form as a browser would and return the answer."""
    visitor = site.visitor()
    page = visitor.get(NEW).text
    hidden = dict(re.findall(r'name="(submission|opened)"[^>]*value="([^"]+)"', page))
    return visitor.post(NEW, data=hidden | WHERE | fields)


def stored(site):
    site.session.expire_all()
    return site.session.scalars(sa.select(IdeaPlace)).one_or_none()


def test_an_address_is_enough(site, call):
    answer = send(site, place_address="  Am Mühlteich ")
    assert answer.status_code == 200
    assert "Am Mühlteich" in answer.text
    place = stored(site)
    assert (place.kind, place.address, place.tile) == (PlaceKind.ADDRESS, "Am Mühlteich", None)


def test_coordinates_are_typed_where_there_is_no_map(site, call):
    assert "data-draw" not in site.visitor().get(NEW).text
    send(site, place_points="51.34, 12.37; 51.35, 12.38", place_address="Uferweg")
    place = stored(site)
    assert place.kind is PlaceKind.LINE
    assert place.points == [[51_340_000, 12_370_000], [51_350_000, 12_380_000]]
    assert place.address == "Uferweg"


def test_an_idea_may_be_about_the_whole_town(site, call):
    answer = send(site, place_everywhere="y")
    assert "ganze Stadt" in answer.text
    assert stored(site).kind is PlaceKind.EVERYWHERE


def test_a_place_is_optional_unless_the_call_demands_it(site, call):
    assert send(site).status_code == 200
    assert stored(site) is None
    call.asks_place = PlaceRule.REQUIRED
    site.session.commit()
    refused = send(site, title="Noch eine Bank")
    assert refused.status_code == 422
    assert "Sagen Sie, wo Ihre Idee ist" in refused.text
    assert 'href="#place_address"' in refused.text
    assert "Eine Bank im Schatten fehlt." in refused.text
    assert send(site, title="Noch eine Bank", place_everywhere="y").status_code == 200


def test_a_call_that_asks_for_no_place_takes_none(site, call):
    call.asks_place = PlaceRule.NONE
    site.session.commit()
    assert "place_" not in site.visitor().get(NEW).text
    assert send(site, place_address="Markt", place_points="x").status_code == 200
    assert stored(site) is None


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"place_points": "Markt"}, "place_points", "Das sind keine Koordinaten."),
        ({"place_points": "0, 0; 0, 170"}, "place_points", "liegt weit außerhalb"),
        (
            {
                "place_points": json.dumps(
                    {
                        "type": "Polygon",
                        "coordinates": [[[-180, -90], [180, -90], [180, 90], [-180, 90]]],
                    }
                )
            },
            "place_points",
            "liegt weit außerhalb",
        ),
        (
            {"place_points": '{"type": "Point", "coordinates": [12.4, 51.3, 9]}'},
            "place_points",
            "Das ist kein Punkt",
        ),
        (
            {"place_points": ";".join(f"51.{n:05} 12.4" for n in range(10_000))},
            "place_points",
            f"mehr als {MOST_POINTS} Punkte",
        ),
        ({"place_address": "x" * 201}, "place_address", "höchstens 200 Zeichen"),
        (
            {"place_everywhere": "y", "place_address": "Markt"},
            "place_everywhere",
            "entweder das ganze Gebiet oder einen Ort",
        ),
    ],
)
def test_a_broken_place_is_refused_at_its_field_and_nothing_typed_is_lost(
    site, call, fields, field, words
):
    answer = send(site, **fields)
    assert answer.status_code == 422
    (error,) = re.findall(rf'id="{field}-error".*?</p>', answer.text)
    assert words in error
    assert 'id="ort-angaben" open' in answer.text
    assert "Eine Bank im Schatten fehlt." in answer.text
    typed = fields.get(field, "")
    if typed != "y":
        assert typed in answer.text.replace("&#34;", '"').replace("&quot;", '"')
    site.session.expire_all()
    assert site.session.scalar(sa.select(sa.func.count()).select_from(Idea)) == 0


def test_script_in_an_address_stays_text(site, call):
    call.moderation_mode = type(call.moderation_mode).AFTER
    site.session.commit()
    answer = send(site, place_address='"><script>alert(1)</script>')
    idea_page = site.visitor().get("/beteiligung/orte/ideen/1")
    for page in (answer.text, idea_page.text):
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert" not in page


def test_the_page_of_an_idea_shows_its_place_in_words_and_on_a_map(site, call):
    drawn = ChosenPlace(address="Uferweg", geometry=read_geometry("51.34, 12.37; 51.35, 12.38"))
    site.make.idea(call, place=drawn)
    site.make.idea(call, title="Netz", place=ChosenPlace(is_everywhere=True))
    site.session.commit()
    page = site.visitor().get("/beteiligung/orte/ideen/1")
    assert "Uferweg" in page.text
    assert "Linie auf der Karte" in page.text
    assert "data-placed" not in page.text
    assert "ganze Stadt" in site.visitor().get("/beteiligung/orte/ideen/2").text
    site.fetch_maps_from(TILES)
    page = site.visitor().get("/beteiligung/orte/ideen/1")
    assert (
        'data-placed="line" data-points="51.340000, 12.370000; 51.350000, 12.380000"' in page.text
    )
    assert "img-src 'self' data: https://tiles.example;" in page.headers["Content-Security-Policy"]
    # Nothing is fetched from elsewhere before somebody opens the map.
    assert not re.search(r'(?:src|href)="[^"]*(?:tiles\.example|leaflet)', page.text)


def test_with_a_tile_server_a_place_can_be_drawn(site, call):
    site.fetch_maps_from(TILES)
    page = site.visitor().get(NEW)
    assert 'data-draw="place_points"' in page.text
    assert "https://tiles.example;" in page.headers["Content-Security-Policy"]
    assert "geolocation=(self)" in page.headers["Permissions-Policy"]
    elsewhere = site.visitor().get("/beteiligung/orte/ideen/1")
    assert "geolocation=()" in elsewhere.headers["Permissions-Policy"]


def test_who_moderates_sees_the_place_and_a_withdrawn_idea_has_none(site, call):
    idea = site.make.idea(
        call, status=ContributionStatus.PENDING, place=ChosenPlace(address="Hinterm Bahnhof 3")
    )
    site.session.commit()
    moderator = site.staff(Role.MODERATOR)
    assert "Hinterm Bahnhof 3" in moderator.get(f"/moderation/{idea.id}").text
    withdraw(site.session, contribution=idea, at=site.make.at)
    site.session.commit()
    assert stored(site) is None


def test_a_clerk_says_whether_a_call_asks_for_places(site, call):
    clerk = site.staff(Role.STRATEGIST)
    page = clerk.get("/verwaltung/beteiligungen/orte/ideenaufruf").text
    assert "Fragen Sie nach dem Ort einer Idee?" in page
    assert re.search(r'checked[^>]*name="asks_place"[^>]*value="optional"', page)
