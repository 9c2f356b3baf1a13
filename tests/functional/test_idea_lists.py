"""The list of a call's ideas: sorted, filtered, searched, taken away as a table."""

from __future__ import annotations

import csv
import io
import re

import pytest

from participation.contributions.models import ContributionStatus
from participation.strategy.queries import get_element

LIST = "/beteiligung/orte/ideen"
S = ContributionStatus


@pytest.fixture
def call(site):
    strategy = site.make.adopted_strategy(site.municipality)
    elements = tuple(get_element(site.session, strategy.id, code) for code in ("HF-1", "M-01"))
    call = site.make.idea_call(site.municipality, title="Orte", elements=elements)
    site.session.commit()
    return call


def test_the_list_is_sorted_filtered_and_paged(site, call, client):
    strategy_elements = list(call.elements)
    for number in range(23):
        site.make.idea(
            call,
            title=f"Nummer {number:02}",
            elements=(strategy_elements[number % 2],),
            supports=2 if number == 3 else 0,
        )
    site.session.commit()
    first = client.get(LIST)
    assert re.findall(r"Nummer (\d\d)</a>", first.text)[:2] == ["22", "21"]
    (following,) = re.findall(r'href="([^"]+)" rel="next"', first.text)
    second = client.get(following.replace("&amp;", "&"))
    assert re.findall(r"Nummer (\d\d)</a>", second.text) == ["02", "01", "00"]
    loved = client.get(LIST + "?sortierung=unterstuetzt")
    assert re.findall(r"Nummer (\d\d)</a>", loved.text)[0] == "03"
    code = strategy_elements[0].code
    filtered = client.get(f"{LIST}?element={code}")
    assert len(re.findall(r"Nummer \d\d</a>", filtered.text)) == 12
    assert client.get(f"{LIST}?element=GIBT-ES-NICHT").status_code == 200


@pytest.mark.parametrize("query", ["nach=x", "nach=-1", "nach=" + "9" * 40, "nach=1-2-3"])
def test_a_broken_key_is_not_found(call, client, query):
    assert client.get(f"{LIST}?{query}").status_code == 404


def test_the_list_is_searched_and_says_how_much_it_found(site, call, client):
    site.make.idea(call, title="Mehr Radwege", text="Die Straße ist eng.")
    site.make.idea(call, title="WLAN am Markt", text="Das Netz fehlt.")
    site.session.commit()
    page = client.get(f"{LIST}?suche=Radweg&stand=offen").text
    assert "1 von 2 Ideen" in page
    assert "Mehr Radwege" in page
    assert "WLAN am Markt" not in page
    # What was typed stays in its field, and in the filters beside it.
    assert 'id="suche" name="suche" value="Radweg"' in page
    assert '<input type="hidden" name="suche" value="Radweg">' in page
    assert "Dazu gibt es keine Idee" in client.get(f"{LIST}?suche=Seilbahn").text
    nothing = client.get(f"{LIST}?suche=und+die").text
    assert "„und die“ steht in fast jedem Text." in nothing
    assert "WLAN am Markt" in nothing
    hostile = client.get(f"{LIST}?suche=%22%3E%3Cscript%3Ealert(1)%3C/script%3E").text
    assert "<script>alert" not in hostile


def test_an_order_by_chance_stands_in_the_address_so_that_it_stays(site, call, client):
    for number in range(23):
        site.make.idea(call, title=f"Nummer {number:02}")
    site.session.commit()
    drawn = client.get(f"{LIST}?sortierung=zufall&stand=offen")
    assert drawn.status_code == 303
    assert re.search(r"sortierung=zufall&ab=\d+&stand=offen$", drawn.location)
    first = client.get(drawn.location).text
    assert first == client.get(drawn.location).text
    (following,) = re.findall(r'href="([^"]+)" rel="next"', first)
    rest = client.get(following.replace("&amp;", "&")).text
    shown = re.findall(r"Nummer (\d\d)</a>", first + rest)
    assert sorted(shown) == [f"{number:02}" for number in range(23)]
    assert client.get(f"{LIST}?sortierung=zufall&ab=x").status_code == 404


def test_the_ideas_of_a_list_are_taken_away_as_a_table(site, call, client):
    dangerous = site.make.idea(call, title="=HYPERLINK(1)", text="Radweg; -1")
    site.make.idea(call, title="WLAN am Markt", text="Das Netz fehlt.", supports=3)
    site.make.idea(call, title="Kanarienvogel", status=S.HIDDEN)
    site.make.comment(None, anchor=dangerous)
    site.session.commit()
    answer = client.get(f"{LIST}.csv?sortierung=unterstuetzt")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="ideen-orte.csv"'
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [row[1] for row in rows] == ["Titel", "WLAN am Markt", "'=HYPERLINK(1)"]
    heading, loved, other = rows
    assert dict(zip(heading, loved, strict=True)) | {"Eingegangen am": ""} == {
        "Nummer": "2",
        "Titel": "WLAN am Markt",
        "Text": "Das Netz fehlt.",
        "Sprache": "de",
        "Eingegangen am": "",
        "Weg": "online",
        "Gleiche Ideen": "",
        "Unterstützungen": "3",
        "Kommentare": "0",
        "Bezug": "",
        "Ort": "",
        "Breite": "",
        "Länge": "",
        "Stand": "noch offen",
        "Antwort": "",
        "Fassung der Strategie": "",
        "Adresse": "http://localhost/beteiligung/orte/ideen/2",
        "Bilder": "",
    }
    assert other[heading.index("Kommentare")] == "1"
    found = client.get(f"{LIST}.csv?suche=Netz").text
    assert "WLAN" in found
    assert "HYPERLINK" not in found
    assert client.get(f"{LIST}.xlsx").data.startswith(b"PK")
    assert client.get(f"{LIST}.pdf").status_code == 404
