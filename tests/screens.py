"""Pictures of thirteen pages of the demo town, on a phone and at a desk: `python -m tests.screens`.

The clock stands still and the demo's dice are fixed, so that a picture changes with its page.
"""

from __future__ import annotations

import io
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, Page

from participation.app import create_app
from participation.foundation import clock
from participation.maintenance import schema
from participation.maintenance.demo.loading import load_demo
from participation.maintenance.demo.people import PASSWORD
from participation.web.extensions import db
from tests.conftest import settings_for
from tests.servers.chromium import install, launched
from tests.servers.site import served

FOLDER = Path(__file__).parent.parent / "docs" / "screens"
# A Monday morning in autumn.
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
# Width, and the height at which a long page is cut.
WINDOWS = ((375, 1200), (1280, 1100))
COLOURS = 48
CALL = "/beteiligung/digitale-orte-in-stadt-und-ortsteilen"


@dataclass(frozen=True)
class Screen:
    """A page with the name of its picture, and who looks at it."""

    name: str
    path: str
    who: str = ""


SCREENS = (
    Screen("home", "/"),
    Screen("strategy", "/strategie/"),
    Screen("measure", "/strategie/M-07"),
    Screen("version", "/strategie/fassungen/2?vergleich=1"),
    Screen("engagements", "/beteiligung/"),
    Screen("ideas", f"{CALL}/ideen"),
    Screen("idea", "/beteiligung/wie-soll-das-rathaus-erreichbar-sein/ideen/2"),
    Screen("survey", "/beteiligung/was-kommt-2027-zuerst/teilnehmen"),
    Screen("results", "/beteiligung/wege-ins-rathaus-2026"),
    Screen("comments", "/beteiligung/leitlinie-fuer-sensoren-und-offene-daten/kommentare"),
    Screen("outcomes", "/was-daraus-wurde"),
    Screen("moderation", "/moderation/", "moderation@lindenow.example"),
    Screen("workshop", "/werkstatt/nachweise/M-07", "strategie@lindenow.example"),
)


def main() -> int:
    """Take all pictures anew."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="screens-") as folder:
        app = demo_town(Path(folder))
        with served(app, at=NOW) as base, launched(install()) as browser:
            for screen in SCREENS:
                for width, height in WINDOWS:
                    picture = picture_of(browser, base, screen, width, height)
                    file = FOLDER / f"{screen.name}-{width}.png"
                    picture.save(file, optimize=True)
                    print(file.relative_to(FOLDER.parent.parent), file.stat().st_size)
    return 0


def demo_town(folder: Path) -> Flask:
    """Return an application with the demo in it."""
    app = create_app(settings_for(f"sqlite:///{folder / 'demo.sqlite'}", folder))
    with app.app_context(), clock.standing_at(NOW):
        schema.upgrade(db.engine)
        passwords = app.extensions["passwords"]
        load_demo(db.session(), passwords=passwords, key=app.config["HASHING_KEY"], now=NOW)
        db.session.commit()
    return app


def picture_of(browser: Browser, base: str, screen: Screen, width: int, height: int) -> Image.Image:
    """Return the upper part of a page in few colours."""
    context = browser.new_context(
        viewport={"width": width, "height": 800}, locale="de-DE", timezone_id="Europe/Berlin"
    )
    page = context.new_page()
    if screen.who:
        sign_in(page, base, screen.who)
    answer = page.goto(base + screen.path)
    if answer is None or answer.status != 200:
        raise LookupError(f"{screen.path} is no page of the demo")
    page.evaluate("() => document.fonts.ready")
    whole = Image.open(io.BytesIO(page.screenshot(full_page=True)))
    context.close()
    part = whole.convert("RGB").crop((0, 0, width, min(height, whole.height)))
    return part.quantize(COLOURS, dither=Image.Dither.NONE)


def sign_in(page: Page, base: str, email: str) -> None:
    """Sign somebody in as they do it."""
    page.goto(f"{base}/konto/anmelden")
    page.get_by_label("E-Mail-Adresse").fill(email)
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    page.wait_for_url(lambda address: "/konto/anmelden" not in address)


if __name__ == "__main__":
    sys.exit(main())
