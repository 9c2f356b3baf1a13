"""A real browser for the journeys: Chromium, driven by Playwright.

Every page that a test opens is watched. Console errors, uncaught exceptions, violations of the
Content Security Policy, failed requests and requests to a third party fail the test at its end.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Error,
    Page,
    Request,
    Response,
    sync_playwright,
)

NAMES = ("chromium", "chromium-headless-shell", "google-chrome")
DEBIAN_PACKAGES = ("chromium-headless-shell", "chromium")
ARGUMENTS = [
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-proxy-server",
    # The tests pass on a closed network, and a page that asks the open one is caught everywhere.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
OWN_HOSTS = {"127.0.0.1", "localhost", ""}
PATIENCE_MILLISECONDS = 15_000

OpenPage = Callable[..., Page]


class BrowserMissing(Exception):
    """No Chromium is here and none could be installed; the message says what to do."""


def find() -> str | None:
    """Chromium on this machine: `$CHROMIUM`, on the path, or the one that Playwright keeps."""
    if named := os.environ.get("CHROMIUM"):
        if os.access(named, os.X_OK):
            return named
        raise BrowserMissing(f"CHROMIUM names {named}, which is not a program.")
    for name in NAMES:
        if path := shutil.which(name):
            return path
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def install() -> str:
    """Find Chromium, or install it: from Debian's packages where that is allowed, else
    Playwright's own."""
    if path := find():
        return path
    tried = []
    if os.geteuid() == 0 and shutil.which("apt-get"):
        tried.append(run("apt-get", "update"))
        for package in DEBIAN_PACKAGES:
            tried.append(run("apt-get", "install", "-y", "--no-install-recommends", package))
            if path := find():
                return path
    tried.append(run(sys.executable, "-m", "playwright", "install", "chromium"))
    if path := find():
        return path
    raise BrowserMissing(
        "The journeys need Chromium. Install it from your system's packages (on Debian: "
        "apt-get install chromium), or name its program in the variable CHROMIUM.\nTried:\n  "
        + "\n  ".join(tried)
    )


def run(*command: str) -> str:
    print("+", *command, flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    finished = subprocess.run(command, env=environment, check=False)
    return f"{' '.join(command)}: exit code {finished.returncode}"


@contextmanager
def launched(path: str) -> Iterator[Browser]:
    """Run Chromium."""
    # Its sandbox does not work for root.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=[*ARGUMENTS, *sandbox])
        yield running
        running.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    try:
        path = find()
    except BrowserMissing as missing:
        pytest.fail(str(missing), pytrace=False)
    if path is None:
        pytest.fail(
            "The journeys need Chromium, which is not installed here. `make test` installs it "
            "where it may; or name its program in the variable CHROMIUM.",
            pytrace=False,
        )
    with launched(path) as running:
        yield running


@pytest.fixture
def problems() -> Iterator[list[str]]:
    """What went wrong on the pages of this test. A test that provokes something asserts on it
    and clears the list; what is in it at the end fails the test."""
    seen: list[str] = []
    yield seen
    if seen:
        pytest.fail("The browser reported:\n  " + "\n  ".join(seen), pytrace=False)


@pytest.fixture
def open_page(browser: Browser, problems: list[str]) -> Iterator[OpenPage]:
    """Opens one more page with cookies of its own, for tests with several people in them.

    Takes what `Browser.new_context` takes.
    """
    contexts = []

    def open_one(**options: object) -> Page:
        defaults: dict[str, object] = {
            "locale": "de-DE",
            "timezone_id": "Europe/Berlin",
            "viewport": {"width": 1280, "height": 900},
        }
        context = browser.new_context(**(defaults | options))  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        contexts.append(context)
        page = context.new_page()
        watch(page, problems)
        return page

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def desktop(open_page: OpenPage) -> Page:
    return open_page()


@pytest.fixture
def phone(open_page: OpenPage) -> Page:
    return open_page(viewport={"width": 375, "height": 812}, has_touch=True, is_mobile=True)


@pytest.fixture
def phone_without_javascript(open_page: OpenPage) -> Page:
    return open_page(
        viewport={"width": 375, "height": 812},
        has_touch=True,
        is_mobile=True,
        java_script_enabled=False,
    )


def watch(page: Page, problems: list[str]) -> None:
    """Note in `problems` what a visitor's browser would complain about."""

    def on_console(message: ConsoleMessage) -> None:
        # Failed resources are judged by their response: a refused form answers 422 on purpose.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            problems.append(f"console: {message.text} ({page.url})")

    def on_error(error: Error) -> None:
        problems.append(f"uncaught: {error} ({page.url})")

    def on_request(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.hostname not in OWN_HOSTS:
            problems.append(f"third party: {request.url} ({page.url})")

    def on_failure(request: Request) -> None:
        # Whoever leaves a page before it is complete, or downloads a file, aborts a request.
        if request.failure != "net::ERR_ABORTED":
            problems.append(f"failed: {request.url}: {request.failure} ({page.url})")

    def on_response(response: Response) -> None:
        limit = 500 if response.request.resource_type == "document" else 400
        if response.status >= limit:
            problems.append(f"status {response.status}: {response.url} ({page.url})")

    page.on("console", on_console)
    page.on("pageerror", on_error)
    page.on("request", on_request)
    page.on("requestfailed", on_failure)
    page.on("response", on_response)
