"""Whoever chose English reads no German but what the municipality and its citizens wrote.

Every text that was translated is marked; what stands on a page without a mark is data, or was
forgotten.
"""

from __future__ import annotations

import functools
import json
import re
import shutil
import tomllib
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from babel.support import Translations
from flask import url_for
from flask.testing import FlaskClient

from participation.app import create_app
from participation.comments.models import Passage
from participation.engagements.models import Engagement
from participation.ideas.models import Idea
from participation.insights.models import Finding
from participation.strategy.models import ElementWording, Indicator, Milestone
from participation.web import languages
from tests.architecture.translations import CATALOGUES, ROOT
from tests.conftest import settings_for
from tests.security.world import World, opened
from tests.shared_work import share_templates

ROUTES: dict[str, dict[str, Any]] = tomllib.loads(
    (Path(__file__).parents[1] / "security" / "routes.toml").read_text(encoding="utf-8")
)
READ = [name for name, entry in ROUTES.items() if "GET" in entry["methods"] and name != "static"]
SENT = [name for name, entry in ROUTES.items() if "POST" in entry["methods"]]
# The pages of citizens.
TAKING_PART = ("portal.", "ideas.", "comments.", "surveys.take_part")
SPOKEN = {
    *("alt", "aria-label", "label", "placeholder", "title"),
    *("data-label", "data-done", "data-failed", "data-one", "data-many"),
    *("data-count-text", "data-count-over"),
}
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
# What forms say whose fields were never filled in by a page of ours.
WTFORMS = ("This field is required.", "Not a valid choice.")
MONTHS = [date(2026, month, 1).strftime("%B") for month in range(1, 13)]


class Marked(Translations):
    """English texts between marks; what is filled into them stands outside."""

    def gettext(self, message: str) -> str:
        return marked(str(super().gettext(message)))

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return marked(str(super().ngettext(msgid1, msgid2, n)))

    def pgettext(self, context: str, message: str) -> str:
        return marked(str(super().pgettext(context, message)))

    ugettext = gettext
    ungettext = ngettext
    upgettext = pgettext


def marked(text: str) -> str:
    return "⟦" + re.sub(r"(%\(\w+\)s)", r"⟧\1⟦", text) + "⟧"


class Page(HTMLParser):
    """Collects what a page says in its own language, shown or read out."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.shown: list[str] = []
        self.read_out: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self.feed(page)

    @property
    def _is_ours(self) -> bool:
        return all(ours for _tag, ours in self._open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        is_button = tag == "input" and given.get("type") == "submit"
        ours = given.get("lang", "en") == "en" and given.get("translate") != "no"
        ours = ours and tag not in {"script", "style"}
        if ours and self._is_ours:
            spoken = SPOKEN | ({"value"} if is_button else set())
            self.read_out.extend(value for name, value in attrs if name in spoken and value)
        if tag not in VOID:
            self._open.append((tag, ours))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._is_ours:
            self.shown.append(data)


def unmarked(text: str) -> str:
    """Return what is left when the translated texts are taken out."""
    return re.sub(r"⟦[^⟦⟧]*⟧", " ", text)


def words(text: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[^\W\d_]{3,}", text)}


@pytest.fixture(scope="module")
def world(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("english")
    file = folder / "participation.sqlite"
    shutil.copy(sqlite_template, file)
    app = create_app(settings_for(f"sqlite:///{file}", folder))
    share_templates(app)
    with opened(app) as world:
        yield world
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


@pytest.fixture(scope="module")
def marked_texts() -> Marked:
    with (CATALOGUES / "en" / "LC_MESSAGES" / "messages.mo").open("rb") as file:
        return Marked(file)


@pytest.fixture(autouse=True)
def all_texts_are_marked(marked_texts: Marked, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put every text of the catalogue between marks."""
    monkeypatch.setattr(languages._texts, "get_translations", lambda: marked_texts)


@functools.cache
def words_of_row(row: tuple[Any, ...]) -> frozenset[str]:
    return frozenset(words(json.dumps(list(row), default=str, ensure_ascii=False)))


@functools.cache
def words_to_ask() -> frozenset[str]:
    """What towns may ask stands in German, and in the language that they translate it into."""
    names = ("library", "library_en", "templates")
    files = [ROOT / "participation" / "surveys" / f"{name}.toml" for name in names]
    return frozenset().union(*(words(file.read_text(encoding="utf-8")) for file in files))


def data_of(world: World) -> set[str]:
    """Return every word that stands in the database, and those of days and technical things."""
    found: set[str] = set()
    with world.site.app.app_context():
        engine = world.site.app.extensions["sqlalchemy"].engine
        tables = world.site.app.extensions["sqlalchemy"].metadata.sorted_tables
    with engine.connect() as connection:
        for table in tables:
            # As they are stored: each is read anew, and looked through once.
            for row in connection.exec_driver_sql(f'SELECT * FROM "{table.name}"'):
                found |= words_of_row(tuple(row))
    # Receipts begin with the first letters of their town.
    return (
        found
        | words_to_ask()
        | words(" ".join([*MONTHS, *WTFORMS, "CSV XLSX GeoJSON English LIN"]))
    )


def browser(world: World, who: str) -> FlaskClient:
    client = world.look(who)
    client.set_cookie("language", "en")
    return client


def address(world: World, endpoint: str) -> str:
    rule = next(one for one in world.site.app.url_map.iter_rules() if one.endpoint == endpoint)
    with world.site.app.test_request_context(base_url="http://localhost/lindenow"):
        return url_for(endpoint, **world.arguments(endpoint, set(rule.arguments)))


def assert_is_english(world: World, html: str) -> None:
    page = Page(html)
    assert "⟦" in "".join(page.shown)
    said = [unmarked(" ".join(page.shown)), *map(unmarked, page.read_out)]
    left = set().union(*map(words, said)) - data_of(world)
    assert left == set()


@pytest.mark.parametrize("endpoint", READ)
@pytest.mark.parametrize("who", ["anonymous", "everything"])
def test_a_page_says_nothing_in_german(world: World, who: str, endpoint: str):
    answer = browser(world, who).get(address(world, endpoint))
    if answer.mimetype == "text/html" and answer.status_code not in {303, 308}:
        assert_is_english(world, answer.text)


@pytest.mark.parametrize("endpoint", SENT)
@pytest.mark.parametrize("who", ["anonymous", "everything"])
def test_an_empty_form_is_refused_in_english(world: World, who: str, endpoint: str):
    client = browser(world, who)
    answer = client.post(address(world, endpoint), data={"submission": "x"})
    if answer.status_code == 303:
        # What it flashes is on the next page.
        answer = client.get(answer.location, follow_redirects=True)
    if answer.mimetype == "text/html" and answer.text:
        assert_is_english(world, answer.text)


def test_a_receipt_speaks_english(world: World):
    client = browser(world, "anonymous")
    answer = client.post(address(world, "portal.receipt"), data={"code": world.stage.loop.code})
    assert answer.status_code == 200
    assert_is_english(world, answer.text)


@pytest.mark.parametrize("path", ["/lindenow/nirgends", "/lindenow/beteiligung/nirgends"])
def test_a_page_that_is_not_there_says_so_in_english(world: World, path: str):
    answer = browser(world, "anonymous").get(path)
    assert answer.status_code == 404
    assert_is_english(world, answer.text)


def stored_texts(world: World) -> set[str]:
    """Return what the town and its citizens wrote, as it stands on pages by itself."""
    columns: list[sa.orm.InstrumentedAttribute[str]] = [
        *(ElementWording.title, Indicator.name, Milestone.title),
        *(Engagement.title, Engagement.summary, Idea.title, Passage.heading, Finding.sentence),
    ]
    with world.site.app.app_context():
        engine = world.site.app.extensions["sqlalchemy"].engine
    with engine.connect() as connection:
        return {text for one in columns for text in connection.scalars(sa.select(one)) if text}


@pytest.mark.parametrize("endpoint", [name for name in READ if name.startswith(TAKING_PART)])
def test_what_was_written_in_german_is_read_out_in_german(world: World, endpoint: str):
    answer = browser(world, "anonymous").get(address(world, endpoint))
    if answer.mimetype == "text/html" and answer.status_code == 200:
        shown = {words.strip() for words in Page(answer.text).shown}
        assert shown & stored_texts(world) == set()


def test_the_check_sees_a_forgotten_text(world: World):
    page = '<html lang="en"><p>⟦Hello⟧</p><p lang="de">Hallo</p><p title="Vergessen">3</p></html>'
    with pytest.raises(AssertionError, match="vergessen"):
        assert_is_english(world, page)
    assert_is_english(world, page.replace("Vergessen", "⟦Forgotten⟧"))
