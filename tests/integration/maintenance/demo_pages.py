"""The pages of the demo town that show lists."""

from __future__ import annotations

CALLS = (
    "/beteiligung/digitale-orte-in-stadt-und-ortsteilen",
    "/beteiligung/wie-soll-das-rathaus-erreichbar-sein",
)
ROUNDS = (
    "/beteiligung/leitlinie-fuer-sensoren-und-offene-daten",
    "/beteiligung/mobil-ohne-eigenes-auto-ein-kapitel-zum-mitlesen",
)
# The pages with lists, by who reads them.
PAGES = {
    "": (
        "/",
        "/strategie/",
        *(f"/strategie/{code}" for code in ("M-07", "M-16", "HF-3", "HF-7", "Z-09", "Z-12")),
        *(f"/strategie/fassungen/{number}" for number in (1, 2, 3)),
        "/beteiligung/",
        *CALLS,
        *(f"{call}/ideen" for call in CALLS),
        f"{CALLS[0]}/ideen/12",
        f"{CALLS[0]}/ideen/16/fassungen",
        *ROUNDS,
        *(f"{one}/kommentare" for one in ROUNDS),
        f"{ROUNDS[0]}/kommentare/abstimmen",
        f"{ROUNDS[0]}/stellungnahmen/1",
        "/anhoerungen/leitlinie-fuer-sensoren",
        "/was-daraus-wurde",
        "/regeln",
    ),
    "moderation": ("/moderation/", "/moderation/entschieden"),
    "strategie": (
        "/werkstatt/",
        "/werkstatt/nachweise/",
        "/werkstatt/nachweise/M-07",
        "/werkstatt/nachweise/M-16",
        "/werkstatt/erkenntnisse/",
        "/werkstatt/antworten/",
        "/werkstatt/auswertungen",
        "/werkstatt/entwurf",
        "/werkstatt/strategie",
    ),
    "verwaltung": (
        "/verwaltung/",
        "/verwaltung/beteiligungen",
        "/verwaltung/personen",
        "/verwaltung/protokoll",
    ),
}
