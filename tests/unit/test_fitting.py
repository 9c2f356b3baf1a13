"""Which elements of the demo town's strategy a text is about, as people write."""

from __future__ import annotations

import time

import pytest

from participation.analysis.fitting import Described, fitting
from participation.maintenance.demo.texts import read_texts

FIELDS = (
    "Bauen und Wohnen",
    "Bildung",
    "Infrastruktur",
    "Energie",
    "Gesundheit und Soziales",
    "Kultur",
    "Mobilität",
    "Umwelt",
    "Verwaltung",
    "Wirtschaft",
)


def described():
    texts = read_texts("strategy")
    fields = {
        code: [name, words]
        for name, (code, words) in zip(FIELDS, texts["fields"].items(), strict=True)
    }
    found = []
    for kind, prefix in (("goals", "Z"), ("measures", "M")):
        for number, item in enumerate(texts[kind], 1):
            words = f"{item['text']} {item.get('what', '')} {item.get('expected_effect', '')}"
            found.append(Described(f"{prefix}-{number:02}", item["title"], words))
            if "field" in item:
                fields[item["field"]][1] += f" {item['title']}"
    return [Described(code, *words) for code, words in fields.items()] + found


STRATEGY = described()


@pytest.mark.parametrize(
    ("wanted", "title", "text"),
    [
        ("M-06", "Kein Empfang am Bahnsteig", "Gäbe es am Bahnhof offenes WLAN, wüssten alle Rat."),
        ("M-14", "Blinde an der Haltestelle", "Eine sprechende Anzeige, welcher Bus abfährt."),
        ("M-05", "Glasfaserausbau in Rohrbeck", "Unsere Straße wartet noch auf Glasfaser."),
        ("M-16", "Fahrräder sicher abstellen", "Am Busbahnhof fehlen Radabstellplätze."),
        ("M-23", "Junge Bäume verdursten", "Im Sommer gießt niemand die Bäume in der Allee."),
        ("M-24", "Mülltermine vergessen", "Eine Erinnerung, wann der Abfall abgeholt wird."),
        ("M-18", "Ein Kalender für Feste", "Alle Veranstaltungen der Vereine auf einer Seite."),
        ("M-31", "Solaranlage auf die Turnhalle", "Auf das Dach der Schule gehört Solarstrom."),
        ("M-01", "Bauantrag", "Ich möchte sehen, wo mein Bauantrag gerade liegt."),
        ("M-02", "Leere Läden in der Marktstraße", "Eine Karte mit leerstehenden Läden."),
        ("M-11", "Heizung", "Beratung, welche Heizung in mein altes Haus passt."),
        ("M-25", "Formulare", "Schreibt die Formulare in einfacher Sprache."),
        ("M-13", "Arzt per Video", "Ein Raum für Arztgespräche im Dorfgemeinschaftshaus."),
    ],
)
def test_a_text_gets_the_element_that_it_is_about(wanted, title, text):
    assert wanted in fitting(title, text, STRATEGY)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Hundewiese einzäunen", "Dann laufen die Hunde nicht mehr auf die Straße."),
        ("asdf", "Test, geht das hier?"),
        ("Pizza", "Mehr Pizza für alle."),
        ("Danke", "Schönen Gruß aus dem Urlaub, ich finde es prima, dass Sie fragen."),
        ("Friedhof", "Die Friedhofsmauer ist brüchig und der Brunnen tropft."),
        ("Kirchenglocken läuten zu laut", "Um sechs Uhr morgens weckt uns das Läuten."),
        ("Stadtfest mit Feuerwerk", "Silvester sollte es wieder ein Feuerwerk geben."),
        ("Freibad", "Die Rutsche soll wieder aufmachen, und Pommes dürfen billiger sein."),
        ("Tempo 30", "In der Hauptstraße rasen alle. Bitte Tempo 30 und einen Blitzer."),
        ("", ""),
        ("!!!", "12345"),
    ],
)
def test_a_text_that_is_about_nothing_of_the_strategy_gets_nothing(title, text):
    assert fitting(title, text, STRATEGY) == []


def test_of_what_a_call_is_about_at_least_nine_of_ten_first_suggestions_are_what_staff_chose():
    suggested = right = 0
    for call in read_texts("ideas")["calls"]:
        among = frozenset(call["about"])
        for idea in call["ideas"]:
            found = fitting(idea["title"], idea["text"], STRATEGY, among=among)
            suggested += bool(found)
            right += bool(set(found) & set(idea["about"]))
    assert suggested >= 25
    assert right >= 0.9 * suggested


def test_at_most_three_are_suggested_and_only_of_those_that_are_offered():
    text = "Glasfaser, WLAN, Haltestelle mit Anzeige, Bäume gießen, Bauantrag, Heizung, Solarstrom"
    assert len(fitting("", text, STRATEGY)) == 3
    assert fitting("", text, STRATEGY, among=frozenset({"M-05"})) == ["M-05"]
    assert fitting("", text, STRATEGY, among=frozenset()) == []


def test_a_long_text_is_compared_with_three_hundred_elements_in_a_tenth_of_a_second():
    many = [
        Described((thing.key, n), thing.name, thing.words) for n in range(6) for thing in STRATEGY
    ]
    every = " ".join(
        idea["text"] for call in read_texts("ideas")["calls"] for idea in call["ideas"]
    )
    fitting("Haltestelle", every[:4000], many[:300])
    begun = time.perf_counter()
    fitting("Haltestelle", every[:4000], many[:300])
    assert time.perf_counter() - begun < 0.1
