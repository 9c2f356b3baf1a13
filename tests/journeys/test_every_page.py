"""Every page of the route table in a real browser: accessible, inside its window, without errors.

The pages come from the reviewed table of addresses, so that a new one cannot be forgotten. Each is
asked for in a town full of life and, where its address needs no name of a thing, in a town that
has nothing yet; every form is sent empty as well.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, ViewportSize

from participation.accounts.models import Role
from participation.app import create_app
from participation.insights.aggregation import aggregate
from tests.conftest import NOON, settings_for
from tests.security.test_routes import TABLE, address
from tests.security.world import World, opened
from tests.servers.axe import SOURCE, axe
from tests.servers.chromium import PATIENCE_MILLISECONDS, watch
from tests.servers.site import served
from tests.shared_work import share_templates
from tests.site import Site

pytestmark = [pytest.mark.journey, pytest.mark.timeout(120)]

PHONE, NARROWEST, DESK = 375, 320, 1280
READ = [name for name, entry in TABLE.items() if "GET" in entry["methods"]]
FORMS = [name for name in READ if "POST" in TABLE[name]["methods"]]
# What anybody may ask for without naming a thing; a town has it before it has anything else.
AT_FIRST = [name for name in READ if "<" not in TABLE[name]["path"]]
# Sends what is in the last form of the page, emptied, without the browser's own checks.
SEND_EMPTY = """() => {
  const form = [...document.querySelectorAll("main form[method=post]")].at(-1);
  for (const field of form.querySelectorAll("input, textarea")) {
    if (["radio", "checkbox"].includes(field.type)) field.checked = false;
    else if (!["hidden", "submit", "file", "color"].includes(field.type)) field.value = "";
  }
  form.noValidate = true;
  form.requestSubmit();
}"""
BEYOND_THE_EDGE = """() => {
  const edge = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= edge) return [];
  return [...document.body.querySelectorAll("*")]
    .filter((part) => part.getBoundingClientRect().right > edge && !part.closest(".bt-scroll"))
    .map((part) => part.outerHTML.slice(0, 120));
}"""


@dataclass
class Shown:
    """A served town, and how somebody opens one of its pages."""

    base: str
    window: Page
    cookie_of: Callable[[str], str | None]

    def page(self, path: str, who: str = "anonymous", width: int = PHONE) -> Page:
        cookies = self.window.context
        cookies.clear_cookies()
        if cookie := self.cookie_of(who):
            cookies.add_cookies([{"name": "session", "value": cookie, "url": self.base}])
        resize(self.window, width)
        self.window.goto(self.base + path)
        return self.window


@pytest.fixture(scope="module")
def one_window(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """One window for all pages: style sheets and fonts are loaded once."""
    context = browser.new_context(locale="de-DE", timezone_id="Europe/Berlin")
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    # It is there in every page that opens, and need not be sent to each.
    context.add_init_script(SOURCE)
    page, seen = context.new_page(), list[str]()
    watch(page, seen)
    yield page, seen
    context.close()


@pytest.fixture
def window(one_window: tuple[Page, list[str]]) -> Iterator[Page]:
    """The window, whose browser has nothing to complain about in this test."""
    page, seen = one_window
    seen.clear()
    yield page
    assert seen == []


@pytest.fixture(scope="module")
def full(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, World]]:
    """A town full of life, and its neighbour."""
    with _app_on(sqlite_template, tmp_path_factory.mktemp("full")) as app, ExitStack() as stack:
        world = stack.enter_context(opened(app))
        yield stack.enter_context(served(app, at=NOON)), world


@pytest.fixture(scope="module")
def new(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Site]]:
    """A town that was founded a minute ago."""
    with _app_on(sqlite_template, tmp_path_factory.mktemp("new")) as app, ExitStack() as stack:
        site = stack.enter_context(Site.opened(app, at=NOON))
        yield stack.enter_context(served(app, at=NOON)), site


@contextmanager
def _app_on(template: Path, folder: Path) -> Iterator[Any]:
    file = folder / "participation.sqlite"
    shutil.copy(template, file)
    app = create_app(settings_for(f"sqlite:///{file}", folder))
    share_templates(app)
    yield app
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


def _session_of(browser: FlaskClient) -> str | None:
    cookie = browser.get_cookie("session")
    return cookie.value if cookie else None


@pytest.fixture
def full_town(full: tuple[str, World], window: Page) -> Shown:
    base, world = full
    return Shown(base, window, lambda who: _session_of(world.look(who)))


@pytest.fixture
def new_town(new: tuple[str, Site], window: Page) -> Shown:
    base, site = new

    def cookie_of(who: str) -> str | None:
        return None if who == "anonymous" else _session_of(site.staff(*Role))

    return Shown(base, window, cookie_of)


def reader_of(endpoint: str) -> str:
    """Return who looks at a page: nobody in particular, or somebody with every role."""
    return "anonymous" if TABLE[endpoint]["may"] == "everyone" else "everything"


def width_for(endpoint: str) -> int:
    """Citizens look at a phone, staff at a desk; everything fits either."""
    return PHONE if reader_of(endpoint) == "anonymous" else DESK


def is_a_page(browser: FlaskClient, path: str) -> bool:
    """Tell a page, or what leads to one, from a picture, a feed or a style sheet."""
    return browser.get(path, buffered=True).mimetype == "text/html"


def resize(window: Page, width: int) -> None:
    """Give a window a width, unless it has it: the browser takes its time even for the same."""
    size: ViewportSize = {"width": width, "height": 812}
    if window.viewport_size != size:
        window.set_viewport_size(size)


def assert_in_order(page: Page) -> None:
    assert axe(page) == []
    assert page.viewport_size
    here = page.viewport_size["width"]
    for width in (here, *{NARROWEST, PHONE, DESK} - {here}):
        resize(page, width)
        assert page.evaluate(BEYOND_THE_EDGE) == [], width


@pytest.mark.parametrize("endpoint", READ)
def test_a_page_of_a_town_full_of_life(
    endpoint: str, full: tuple[str, World], full_town: Shown
) -> None:
    path, who = address(full[1], endpoint), reader_of(endpoint)
    if is_a_page(full[1].look(who), path):
        assert_in_order(full_town.page(path, who, width_for(endpoint)))


@pytest.mark.parametrize("endpoint", AT_FIRST)
def test_a_page_of_a_town_that_has_nothing_yet(
    endpoint: str, new: tuple[str, Site], new_town: Shown
) -> None:
    path, who = TABLE[endpoint]["path"], reader_of(endpoint)
    if is_a_page(new[1].visitor(), path):
        assert_in_order(new_town.page(path, who, width_for(endpoint)))


@pytest.mark.parametrize("state", ["planned", "open", "ended", "evaluated"])
def test_the_pages_of_an_engagement_in_every_state(
    state: str, full: tuple[str, World], full_town: Shown
) -> None:
    world = full[1]
    for path in _engagement_paths(world, state):
        assert_in_order(full_town.page("/lindenow" + path))


def _engagement_paths(world: World, state: str) -> list[str]:
    """Make one engagement of each kind in a state; return the addresses of what it shows."""
    make, session = world.make, world.site.session
    plan: dict[str, Any] = {
        "elements": (world.stage.loop.measure,),
        "opens_at": NOON + timedelta(days=3 if state == "planned" else -1),
    }
    call = make.idea_call(world.here, title=f"Ideen {state}", **plan)
    survey = make.survey(world.here, title=f"Umfrage {state}", **plan)
    discussion = make.comment_round(world.here, title=f"Leitlinie {state}", **plan)
    if state != "planned":
        make.idea(call, elements=plan["elements"], supports=6)
        comment = make.comment(discussion, discussion.passages[0])
        make.comment(discussion, comment, text="Das sehe ich auch so.")
        for _ in range(12):
            make.response(survey, make.sheet(F1="1", F3="4"))
    for engagement in (call, survey, discussion) if state in {"ended", "evaluated"} else ():
        engagement.closes_at = NOON - timedelta(hours=1)
        session.flush()
        if state == "evaluated":
            aggregate(session, engagement=engagement, actor=None, at=NOON, final=True)
    session.commit()
    parts = {call: ["ideen", "ideen/neu"], survey: ["teilnehmen"], discussion: ["kommentare"]}
    if state != "planned":
        parts[call] += ["ideen/1", "ideen/1/kommentare"]
        parts[discussion] += ["kommentare/1", "kommentare/neu?abschnitt=1"]
    return [
        f"/beteiligung/{engagement.slug}{end}"
        for engagement, pages in parts.items()
        for end in ["", *(f"/{page}" for page in pages)]
    ]


@pytest.mark.parametrize("endpoint", FORMS)
def test_a_form_that_was_sent_empty(
    endpoint: str, full: tuple[str, World], full_town: Shown
) -> None:
    """Last, because some of these need no fields and change something."""
    path = address(full[1], endpoint)
    page = full_town.page(path, reader_of(endpoint), width_for(endpoint))
    if not page.locator("main form[method=post]").count():
        return
    with page.expect_navigation():
        page.evaluate(SEND_EMPTY)
    assert_in_order(page)
