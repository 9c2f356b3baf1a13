"""Hidden means hidden in every copy: canaries, searched for on every page anybody can get."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from collections import deque
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from participation.app import create_app
from tests.conftest import settings_for
from tests.security import world as worlds
from tests.security.canaries import Canary, Plant
from tests.security.test_routes import TABLE, address, may
from tests.security.world import LOOKERS, World
from tests.shared_work import share_templates

_MOST_PAGES = 1500
_LINK = re.compile(r'(?:href|action|src)="(/[^"#]*)')
# Following these changes nothing to see, or leads to the same page in another order or language,
# through two filters instead of each of them, or to the same empty form for another kind.
_PASSED_BY = re.compile(
    r"/static/|/konto/anmelden|/sprache/|/sprachen/(?!en)|\?next=|/qr\.svg"
    r"|\?sortierung=(?!neu)|\?(?!sortierung=neu&[^&]*$).*&|/neu\?art=(?!single)"
)

pytestmark = pytest.mark.timeout(900)


def said_in(page: TestResponse) -> str:
    """Return what a page or file says; a workbook is unpacked, a picture says nothing."""
    if page.mimetype == "image/webp":
        return ""
    content = page.get_data()
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            content = b"\n".join(packed.read(name) for name in packed.namelist())
    return content.decode("utf-8", errors="replace")


class Crawl:
    """Everything that one person can read by following links."""

    def __init__(self, world: World, who: str) -> None:
        self.pages: dict[str, str] = {}
        self._lowered: dict[str, str] | None = None
        self._browser = world.look(who)
        queue = deque(["/lindenow/", "/anderswo/", *self._starts(world, who)])
        seen = set(queue)
        while queue:
            path = queue.popleft()
            text = self._read(path)
            if who in {"suspended", "expired"}:
                # They are like the anonymous; what is linked is followed in their place.
                continue
            for link in map(unescape, _LINK.findall(text)):
                if link not in seen and not _PASSED_BY.search(link):
                    seen.add(link)
                    queue.append(link)
            assert len(self.pages) < _MOST_PAGES, "the crawl does not come to an end"

    def _starts(self, world: World, who: str) -> list[str]:
        """Return every address of the table, linked or not, also those that will be refused."""
        return [address(world, name) for name, entry in TABLE.items() if "GET" in entry["methods"]]

    def _read(self, path: str) -> str:
        page = self._browser.get(path, buffered=True)
        assert page.status_code < 500, path
        self.pages[path] = said_in(page)
        if page.location:
            return self.pages[path] + f' href="{page.location}"'
        return self.pages[path]

    def where(self, word: str) -> list[str]:
        """Return the pages that hold a word, however it is written."""
        if self._lowered is None:
            self._lowered = {path: text.lower() for path, text in self.pages.items()}
        return [path for path, text in self._lowered.items() if word.lower() in text]


@pytest.fixture(scope="module")
def stage(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[World, list[Canary]]]:
    folder = tmp_path_factory.mktemp("canaries")
    file = folder / "participation.sqlite"
    shutil.copy(sqlite_template, file)
    app = create_app(settings_for(f"sqlite:///{file}", folder))
    share_templates(app)
    with worlds.opened(app) as world:
        canaries = Plant(world, world.here, "hier").everything()
        canaries += Plant(world, world.elsewhere, "dort").everything()
        yield world, canaries
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


class Crawls(dict[str, Crawl]):
    """What each person can read, crawled when it is asked for."""

    def __init__(self, world: World) -> None:
        self._world = world

    def __missing__(self, who: str) -> Crawl:
        self[who] = Crawl(self._world, who)
        return self[who]


@pytest.fixture(scope="module")
def crawls(stage: tuple[World, list[Canary]]) -> Crawls:
    world, _canaries = stage
    return Crawls(world)


def test_every_looker_reads_many_pages(crawls: Crawls):
    """A crawl that reads nothing finds nothing."""
    for who in LOOKERS:
        assert len(crawls[who].pages) > 60, who
        assert any("/ideen/" in path for path in crawls[who].pages), who


@pytest.mark.parametrize("who", LOOKERS)
def test_nobody_reads_what_is_not_for_them(
    crawls: Crawls, stage: tuple[World, list[Canary]], who: str
):
    found = {
        canary.word: crawls[who].where(canary.word)
        for canary in stage[1]
        if who not in canary.readers
    }
    assert {word: paths for word, paths in found.items() if paths} == {}


def test_what_is_for_somebody_is_found_by_them(crawls: Crawls, stage: tuple[World, list[Canary]]):
    """The other way round: a search that never finds anything proves nothing."""
    lost = [
        canary.word
        for canary in stage[1]
        if canary.somebody_does
        and not any(crawls[who].where(canary.word) for who in canary.readers)
    ]
    assert lost == []


def test_the_public_sees_the_same_whoever_it_is(crawls: Crawls, stage: tuple[World, list[Canary]]):
    """Somebody suspended, or whose session has ended, is like somebody who never signed in."""
    seen = {
        who: {canary.word for canary in stage[1] if crawls[who].where(canary.word)}
        for who in ("anonymous", "citizen", "suspended", "expired")
    }
    assert seen["citizen"] == seen["anonymous"]
    assert seen["suspended"] == seen["expired"] <= seen["anonymous"]
    assert seen["expired"]


def test_pages_of_staff_are_in_nobody_elses_crawl(crawls: Crawls):
    """What the table forbids answers with the page of a refusal, which holds nothing."""
    for who in LOOKERS:
        for name, entry in TABLE.items():
            if name == "moderation.queue" and not may(entry, who):
                text = crawls[who].pages["/lindenow/moderation/"]
                assert "Warteschlange" not in text
