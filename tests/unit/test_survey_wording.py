"""Rules of thumb for the wording of questions, on German as it is written."""

from __future__ import annotations

import pytest

from participation.surveys.library import library
from participation.surveys.wording import (
    WordingHint,
    asks_two_things,
    hints_about,
    negates_twice,
    overlapping,
)

# One thing each, although most of them say "und" or "oder".
GOOD = (
    "Wie zufrieden sind Sie mit den Öffnungszeiten des Bürgerbüros?",
    "Welche Angebote für Bürgerinnen und Bürger kennen Sie?",
    "Wie oft fahren Sie im Monat mit Bus und Bahn?",
    "Wie viele Minuten brauchen Sie zwischen Ihrer Wohnung und der nächsten Haltestelle?",
    "Erledigen Sie Anträge lieber online oder vor Ort?",
    "In der Stadt gibt es Bänke und Bäume. Wie oft sitzen Sie am Markt?",
    "Wie wichtig ist Ihnen das Handlungsfeld „Bauen und Wohnen“?",
    "Wie gut ist der Rad- und Fußweg zum Bahnhof beleuchtet?",
    "Was sollte die Stadt als Erstes ändern, und zwar noch in diesem Jahr?",
    "Wie wichtig ist Ihnen schnelles Internet zu Hause?",
)
# Who means only one of the two cannot answer these.
BAD = (
    "Wie zufrieden sind Sie mit den Öffnungszeiten und der Freundlichkeit im Bürgerbüro?",
    "Finden Sie die neue Internetseite schnell und übersichtlich?",
    "Soll die Stadt mehr WLAN anbieten oder die Busse öfter fahren lassen?",
    "Wie oft nutzen Sie die Bibliothek oder das Schwimmbad?",
    "Wie wichtig sind Ihnen Radwege sowie Parkplätze?",
    "Ist der Antrag verständlich und vollständig online verfügbar?",
    "Wie beurteilen Sie Beratung bzw. Betreuung durch das Amt?",
    "Kennen Sie die App der Stadt und nutzen Sie sie regelmäßig?",
    "Nutzen Sie die App der Stadt? Und sind Sie damit zufrieden?",
    "Wie sicher und wohl fühlen Sie sich abends am Bahnhof?",
)
TWO = {WordingHint.TWO_THINGS, WordingHint.TWO_QUESTIONS}


@pytest.mark.parametrize("text", GOOD)
def test_a_question_about_one_thing_is_left_alone(text: str):
    assert not TWO & set(hints_about(text))


@pytest.mark.parametrize("text", BAD)
def test_a_question_about_two_things_is_pointed_at(text: str):
    assert TWO & set(hints_about(text))


def test_there_are_ten_of_each():
    assert len(set(GOOD)) == len(set(BAD)) == 10


def test_nothing_of_the_library_is_doubtful():
    texts = [question.text for group in library() for question in group.questions]
    assert len(texts) >= 25
    assert [text for text in texts if hints_about(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "Sollte die Stadt nicht auf Papier verzichten?",
        "Finden Sie es nicht unwichtig, dass Anträge online gehen?",
        "Stimmt es, dass niemand keine Hilfe bekommt?",
    ],
)
def test_a_double_negation_is_pointed_at(text: str):
    assert negates_twice(text)


@pytest.mark.parametrize(
    "text",
    [
        "Was gefällt Ihnen nicht?",
        "Sind Sie für ein Verbot von Autos am Markt?",
        "Nutzen Sie nicht nur das Bürgerbüro, sondern auch die Internetseite ohne Hilfe?",
        "Warum nicht? Was hindert Sie, ohne Termin zu kommen?",
    ],
)
def test_one_negation_is_none_too_many(text: str):
    assert not negates_twice(text)


def test_a_leading_question_and_a_long_sentence_are_pointed_at():
    assert WordingHint.LEADING in hints_about("Finden Sie nicht auch, dass der Bus öfter kommt?")
    assert WordingHint.TOO_LONG in hints_about("Wie " + "sehr " * 30 + "gefällt es Ihnen?")
    assert hints_about("Wie gefällt es Ihnen?") == ()


@pytest.mark.parametrize(
    ("choices", "found"),
    [
        (("18 bis 30", "30 bis 45"), ("18 bis 30", "30 bis 45")),
        (("18–40 Jahre", "über 60", "35–60 Jahre"), ("18–40 Jahre", "35–60 Jahre")),
        (("18 bis 29", "30 bis 44"), None),
        (("18 bis unter 30", "30 bis unter 45"), None),
        (("ja", "nein"), None),
    ],
)
def test_bands_in_which_the_same_number_fits_are_found(choices, found):
    assert overlapping(choices) == found


def test_what_stands_in_quotes_or_leads_to_the_question_may_join():
    assert not asks_two_things("Kennen Sie den Plan „Rathaus und Markt“?")
    assert not asks_two_things("Es geht um Busse und Züge. Wie oft fahren Sie?")
    assert asks_two_things("Es geht um Busse. Wie oft und wohin fahren Sie?")
