"""The list of ideas by place: its order, its filters, its map, and what can be taken away."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest

from participation.contributions.models import ContributionStatus
from participation.foundation.geometry import read_geometry
from participation.ideas.models import PlaceRule
from participation.ideas.placing import ChosenPlace
from participation.maintenance.demo.mapping import show_map
from tests.statements import queries_of

LIST = "/beteiligung/orte/ideen"
MAP = f"{LIST}/karte"
TILES = "https://tiles.example/{z}/{x}/{y}.png"
AROUND = "ausschnitt=51,12,52,13&zoom=11"


def drawn(text: str, address: str = "") -> ChosenPlace:
    return ChosenPlace(address=address, geometry=read_geometry(text))


@pytest.fixture
def call(site):
    call = site.make.idea_call(site.municipality, title="Orte")
    make = site.make
    make.idea(call, title="Am Ufer", place=drawn("51.34, 12.37; 51.36, 12.37", "Uferweg"))
    make.idea(call, title="Im Park", place=drawn("51.40, 12.40"))
    make.idea(call, title="Im Norden", place=drawn("51.80, 12.40"))
    make.idea(call, title="Beim Rathaus", place=ChosenPlace(address="Markt 1"))
    make.idea(call, title="Netz", place=ChosenPlace(is_everywhere=True))
    make.idea(call, title="Ortlos")
    make.idea(
        call,
        title="Verborgen",
        place=drawn("51.41, 12.41", "Geheimweg"),
        status=ContributionStatus.HIDDEN,
    )
    site.session.commit()
    return call


def titles(page: str) -> list[str]:
    return re.findall(r'class="kern-title kern-title--small"><a [^>]*>([^<]+)</a>', page)


def test_the_nearest_ideas_come_first_and_say_how_far_they_are(call, client):
    page = client.get(f"{LIST}?sortierung=nah&bei=51.35,12.37").text
    assert titles(page) == ["Am Ufer", "Im Park", "Im Norden"]
    assert "10 m entfernt" in page
    assert "5,9 km entfernt" in page
    assert "50 km entfernt" in page
    assert "Ideen ohne Ort auf der Karte stehen nicht in dieser Liste." in page
    # Without a place to begin with it asks for one.
    asked = client.get(f"{LIST}?sortierung=nah").text
    assert "Noch ist kein Ort gewählt." in asked
    assert titles(asked)[0] == "Ortlos"
    broken = client.get(f"{LIST}?sortierung=nah&bei=%3Cscript%3E")
    assert broken.status_code == 200
    assert "<script>" not in broken.text.replace('<script type="module"', "")


def test_the_pages_of_the_nearest_go_on_by_key(site, call, client):
    for number in range(25):
        site.make.idea(call, title=f"Reihe {number}", place=drawn(f"51.5{number:02}, 12.4"))
    site.session.commit()
    first = client.get(f"{LIST}?sortierung=nah&bei=51.5,12.4").text
    (following,) = re.findall(r'href="([^"]+)" rel="next"', first)
    rest = client.get(following.replace("&amp;", "&")).text
    assert len(set(titles(first) + titles(rest))) == len(titles(first) + titles(rest)) == 28
    assert client.get(f"{LIST}?sortierung=nah&bei=51.5,12.4&nach=1-2").status_code == 404
    assert client.get(f"{LIST}?sortierung=nah&bei=51.5,12.4&nach=1-{9**12}-1").status_code == 404


def test_the_list_is_filtered_by_place_and_by_section(call, client):
    assert titles(client.get(f"{LIST}?ort=ueberall").text) == ["Netz"]
    somewhere = titles(client.get(f"{LIST}?ort=ort").text)
    assert somewhere == ["Beim Rathaus", "Im Norden", "Im Park", "Am Ufer"]
    section = client.get(f"{LIST}?ausschnitt=51.3,12.3,51.5,12.5").text
    assert titles(section) == ["Im Park", "Am Ufer"]
    assert "Nur Ideen im Ausschnitt der Karte." in section
    assert "Geheimweg" not in section
    for broken in ("1,2,3", "a,b,c,d", "52,12,51,13", "0,0,91,1", "NaN,0,1,1", "1,2,3,4,5"):
        assert len(titles(client.get(f"{LIST}?ausschnitt={broken}").text)) == 6


def test_near_another_idea_is_a_click_away(call, client):
    page = client.get(f"{LIST}/2").text
    (address,) = re.findall(r'href="([^"]+sortierung=nah[^"]+)"', page)
    near = client.get(address.replace("&amp;", "&")).text
    assert titles(near)[0] == "Im Park"


def test_a_call_without_places_has_no_map_and_no_order_by_nearness(site, call, client):
    call.asks_place = PlaceRule.NONE
    site.session.commit()
    site.fetch_maps_from(TILES)
    page = client.get(LIST).text
    assert "In der Nähe" not in page
    assert "data-idea-map" not in page


def test_the_map_is_there_with_a_tile_server_and_fetches_nothing_before_it_is_opened(
    site, call, client
):
    assert "data-idea-map" not in client.get(LIST).text
    site.fetch_maps_from(TILES)
    page = client.get(LIST)
    assert "data-idea-map" in page.text
    assert "img-src 'self' data: https://tiles.example;" in page.headers["Content-Security-Policy"]
    assert not re.search(r'(?:src|href)="[^"]*(?:tiles\.example|leaflet)', page.text)


def test_a_made_up_town_has_a_drawing_of_ours_and_asks_no_other_server(site, call, client):
    show_map(site.app)
    page = client.get(LIST)
    assert 'data-tiles="/static/img/lindenow.svg?' in page.text
    assert "erfährt dieser Server" not in page.text
    assert "img-src 'self' data:;" in page.headers["Content-Security-Policy"]
    assert client.get("/static/img/lindenow.svg", buffered=True).mimetype == "image/svg+xml"


def test_a_tile_server_that_somebody_chose_goes_before_the_drawing(site, call, client):
    site.fetch_maps_from(TILES)
    show_map(site.app)
    assert "lindenow.svg" not in client.get(LIST).text


def test_the_map_gathers_what_stands_close_together(site, call, client):
    site.make.idea(call, title="Noch eine im Park", place=drawn("51.4001, 12.4001"))
    site.session.commit()
    answer = client.get(f"{MAP}?{AROUND}")
    assert answer.headers["Content-Type"].startswith("application/geo+json")
    found = json.loads(answer.data)
    told = {
        one["properties"].get("title", one["properties"]["count"]): one for one in found["features"]
    }
    assert set(told) == {"Am Ufer", 2, "Im Norden"}
    assert told["Am Ufer"]["geometry"]["type"] == "LineString"
    assert told["Am Ufer"]["properties"]["address"].endswith("/ideen/1")
    assert told[2]["geometry"]["coordinates"] == [12.40005, 51.40005]
    searched = json.loads(client.get(f"{MAP}?{AROUND}&suche=Ufer").data)
    assert [one["properties"]["title"] for one in searched["features"]] == ["Am Ufer"]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "zoom=11",
        "ausschnitt=51,12,52,13",
        "ausschnitt=51,12,52,13&zoom=x",
        "ausschnitt=51,12,52,13&zoom=-1",
        "ausschnitt=51,12,52,13&zoom=20",
        "ausschnitt=51,12,52,13&zoom=999999999999",
        "ausschnitt=52,12,51,13&zoom=3",
        "ausschnitt=-91,0,1,1&zoom=3",
        "ausschnitt=inf,0,1,1&zoom=3",
    ],
)
def test_what_is_no_section_is_not_found(call, client, query):
    assert client.get(f"{MAP}?{query}").status_code == 404


def test_the_whole_world_at_the_closest_zoom_is_still_a_short_answer(call, client):
    answer = client.get(f"{MAP}?ausschnitt=-90,-180,90,180&zoom=19")
    assert 1 <= len(json.loads(answer.data)["features"]) <= 200


def test_a_list_is_taken_away_as_geojson_with_no_more_than_is_public(site, call, client):
    answer = client.get(f"{LIST}.geojson?sortierung=unterstuetzt")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="ideen-orte.geojson"'
    found = json.loads(answer.data)
    assert found["type"] == "FeatureCollection"
    by_title = {one["properties"]["title"]: one for one in found["features"]}
    assert len(by_title) == 6
    assert by_title["Ortlos"]["geometry"] is None
    assert by_title["Netz"]["properties"]["place"] == "ganze Stadt"
    assert by_title["Im Park"]["geometry"] == {"type": "Point", "coordinates": [12.4, 51.4]}
    assert by_title["Am Ufer"]["properties"]["place"] == "Uferweg"
    assert "Geheimweg" not in answer.text
    park = json.loads(client.get(f"{LIST}.geojson?suche=Park").data)["features"]
    assert [one["properties"]["title"] for one in park] == ["Im Park"]
    assert json.loads(client.get(f"{LIST}.geojson?suche=Seilbahn").data)["features"] == []


def test_the_table_of_a_list_says_where_ideas_are(call, client):
    rows = list(csv.DictReader(io.StringIO(client.get(f"{LIST}.csv").data.decode("utf-8-sig"))))
    said = {row["Titel"]: (row["Ort"], row["Breite"], row["Länge"]) for row in rows}
    assert said["Im Park"] == ("Punkt auf der Karte", "51.4", "12.4")
    assert said["Netz"] == ("ganze Stadt", "", "")
    assert said["Ortlos"] == ("", "", "")


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?sortierung=nah&bei=51.35,12.37&ort=ort",
        "?ausschnitt=51,12,52,13&suche=Park&stand=offen&sortierung=unterstuetzt",
    ],
)
def test_a_list_takes_at_most_ten_queries(site, call, query):
    assert queries_of(site, site.visitor(), LIST + query) <= 10


def test_open_data_holds_the_ideas_that_stand_on_a_map(site, call, client):
    found = json.loads(client.get("/daten/orte.geojson").data)
    by_title = {one["properties"]["title"]: one for one in found["features"]}
    assert set(by_title) == {"Am Ufer", "Im Park", "Im Norden"}
    assert by_title["Am Ufer"]["geometry"]["type"] == "LineString"
    assert by_title["Am Ufer"]["properties"]["place"] == "Uferweg"
    rows = json.loads(client.get("/daten/beitraege.json").data)
    said = {row["title"]: (row["place_kind"], row["latitude"]) for row in rows}
    assert said["Im Park"] == ("point", 51.4)
    assert said["Netz"] == ("everywhere", None)
    assert said["Ortlos"] == (None, None)
    assert "Ideen mit Ort als GeoJSON" in client.get("/daten/").text
