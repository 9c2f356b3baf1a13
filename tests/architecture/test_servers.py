"""The servers of the tests, each tried once, and each seen to notice what it is there to notice."""

import smtplib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import psycopg
import pytest
from playwright.sync_api import Page

from tests.servers import chromium
from tests.servers.axe import axe
from tests.servers.postgres import Postgres
from tests.servers.smtp import Mailbox

CLEAN = """<!doctype html><html lang="de"><meta name="viewport" content="width=device-width">
<title>Probe</title><main><h1>Probe</h1><p>Ein Satz.</p></main></html>"""
FAULTY = CLEAN.replace(
    "<p>Ein Satz.</p>",
    "<img src='/missing.png'><p style='color: red'>x</p>"
    "<script>document.title = 'inline'</script><img src='http://third.example/a.png' alt=''>",
)


class Pages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        content = {"/": CLEAN, "/faulty": FAULTY}.get(self.path, "")
        self.send_response(200 if content else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", "default-src 'self'; img-src *")
        self.end_headers()
        self.wfile.write(content.encode())

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.postgres
def test_a_database_is_a_copy_of_its_template_and_is_gone_when_dropped(postgres: Postgres):
    def connect(name: str) -> psycopg.Connection:
        conninfo = postgres.database_url(name).replace("postgresql+psycopg", "postgresql")
        return psycopg.connect(conninfo)

    postgres.create_database("smoke_template")
    with connect("smoke_template") as connection:
        connection.execute("CREATE TABLE town (name text)")
        connection.execute("INSERT INTO town VALUES ('Lindenow')")
    postgres.create_database("smoke_copy", template="smoke_template")
    with connect("smoke_copy") as connection:
        assert connection.execute("SELECT name FROM town").fetchall() == [("Lindenow",)]
    for name in ("smoke_copy", "smoke_template"):
        postgres.drop_database(name)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        connect("smoke_copy")


def test_the_mailbox_keeps_what_it_is_sent_unless_it_refuses(mailbox: Mailbox):
    def send() -> None:
        host, port = mailbox.url.removeprefix("smtp://").split(":")
        with smtplib.SMTP(host, int(port)) as client:
            client.sendmail("town@example.org", ["ada@example.org"], "Subject: Guten Tag\n\nText\n")

    mailbox.refusing = True
    with pytest.raises(smtplib.SMTPDataError, match="try again later"):
        send()
    assert mailbox.messages == []
    mailbox.refusing = False
    send()
    [message] = mailbox.to("ada@example.org")
    assert message["Subject"] == "Guten Tag"
    assert message.get_content().strip() == "Text"


@pytest.mark.journey
@pytest.mark.parametrize("visitor", ["desktop", "phone", "phone_without_javascript"])
def test_axe_finds_nothing_on_a_clean_page(site: str, visitor: str, request: pytest.FixtureRequest):
    page: Page = request.getfixturevalue(visitor)
    page.goto(site)
    assert axe(page) == []
    assert page.viewport_size is not None
    assert page.evaluate("innerWidth") == page.viewport_size["width"]


@pytest.mark.journey
def test_a_page_that_a_visitor_would_complain_about_is_noticed(
    site: str, desktop: Page, problems: list[str]
):
    desktop.goto(f"{site}/faulty", wait_until="networkidle")
    assert desktop.title() == "Probe"
    reported = "\n".join(problems)
    for sign in (
        "status 404: ",
        "third party: http://third.example/a.png",
        "inline style",
        "inline script",
    ):
        assert sign in reported
    assert any(line.startswith("image-alt (critical)") for line in axe(desktop))
    problems.clear()


def machine(monkeypatch: pytest.MonkeyPatch, *, appears_after: str, user: int) -> list[str]:
    """Pretend that no Chromium is here until one command ran; return what is run."""
    ran: list[str] = []

    def run(*command: str) -> str:
        ran.append(" ".join(command))
        return f"{ran[-1]}: exit code 100"

    def find() -> str | None:
        return "/usr/bin/chromium" if any(appears_after in command for command in ran) else None

    monkeypatch.setattr(chromium, "run", run)
    monkeypatch.setattr(chromium, "find", find)
    monkeypatch.setattr("os.geteuid", lambda: user)
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    return ran


def test_root_on_debian_gets_the_browser_from_the_system(monkeypatch: pytest.MonkeyPatch):
    ran = machine(monkeypatch, appears_after="recommends chromium", user=0)
    assert chromium.install() == "/usr/bin/chromium"
    assert ran[0] == "apt-get update"
    assert ran[-1].endswith("chromium-headless-shell")


def test_anybody_else_gets_the_browser_from_playwright(monkeypatch: pytest.MonkeyPatch):
    ran = machine(monkeypatch, appears_after="playwright install", user=1000)
    assert chromium.install() == "/usr/bin/chromium"
    assert len(ran) == 1


def test_a_machine_that_gets_no_browser_is_told_what_was_tried(monkeypatch: pytest.MonkeyPatch):
    machine(monkeypatch, appears_after="never", user=0)
    with pytest.raises(chromium.BrowserMissing, match=r"(?s)CHROMIUM.*apt-get update: exit code"):
        chromium.install()


def test_a_browser_named_wrongly_is_refused_by_name(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    with pytest.raises(chromium.BrowserMissing, match="/nowhere/chromium"):
        chromium.find()
