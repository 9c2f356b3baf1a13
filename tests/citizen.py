"""Somebody who fills a survey in without a script, page by page."""

from __future__ import annotations

import html

import sqlalchemy as sa

from participation.surveys.answers import (
    Answer,
    DateAnswer,
    NumberAnswer,
    SurveyRemark,
    SurveyResponse,
)
from tests.pages import pressed, text_of

STORED = (SurveyResponse, Answer, NumberAnswer, DateAnswer, SurveyRemark)
NOTHING = [0, 0, 0, 0, 0]


def stored(site):
    site.session.rollback()
    return [site.session.scalar(sa.select(sa.func.count()).select_from(one)) for one in STORED]


class Citizen:
    """A browser without a script that fills in what it is shown."""

    def __init__(self, site, survey, query="", browser=None):
        self.browser = browser or site.visitor()
        self.path = f"/beteiligung/{survey.slug}/teilnehmen"
        self.answer = self.browser.get(self.path + query)
        assert self.answer.status_code == 200

    @property
    def page(self):
        return self.answer.text

    @property
    def said(self):
        return text_of(self.page)

    def fields(self, button="Weiter", **typed):
        found, fields = pressed(self.page, button)
        named = {name.replace("__", ":"): value for name, value in typed.items()}
        fields = {name: value for name, value in fields.items() if name not in named}
        return html.unescape(found), fields | named

    def press(self, button, *, to=None, **typed):
        target, fields = self.fields(button, **typed)
        path = (to or target or self.path).partition("#")[0]
        self.answer = self.browser.post(path, data=fields)
        return self.answer.status_code

    def save(self, **typed):
        return self.press("Später weitermachen", to=f"{self.path}/merken", **typed)

    def back_from_check(self, target):
        _, fields = pressed(self.page, "Antworten absenden")
        self.answer = self.browser.post(f"{self.path}/schritt", data=fields | {"tun": target})
        return self.answer.status_code


PAGE_1 = {"frage_F1": "2", "frage_F2": "1", "frage_F3": ["1", "3"]}
PAGE_2 = {"frage_F4": "2", "frage_F5_1": "3", "frage_F6": "Die Wege\nsind weit"}
PAGE_3 = {"frage_F7__3": "1", "frage_F7__1": "2", "frage_F8__1": "60", "frage_F8__2": "40"}
PAGE_3 |= {"frage_F9": "12,5"}
PAGE_4 = {"frage_F10": "2026-03-04", "frage_F11": "Am Anger", "frage_F12": "Mut"}


def walk(citizen):
    assert citizen.press("Weiter", **PAGE_1) == 200
    assert citizen.press("Weiter", **PAGE_2) == 200
    assert citizen.press("Weiter", **PAGE_3) == 200
    assert citizen.press("Antworten prüfen", **PAGE_4) == 200
