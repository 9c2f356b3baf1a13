"""The ways in which people use a page on a phone: by tapping, without scripts, by keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Download, Locator, Page, expect
from playwright.sync_api import TimeoutError as TooLate

from tests.servers.chromium import OpenPage

FOCUS = """() => {
  const here = document.activeElement;
  // Behind the last stop the focus leaves the page for the browser's own buttons.
  if (here === document.body) return true;
  // The button in a date for the calendar has a ring of the browser's own, which no style tells.
  if (here.matches("input[type=date]:not(:focus-visible)")) return true;
  const ring = (part) => {
    const style = part && getComputedStyle(part);
    return style && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  };
  const box = here.getBoundingClientRect();
  const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return inside && Boolean(ring(here) || ring(here.closest("label")));
}"""


class Hands:
    """Hands that tap."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def fill(self, field: Locator, text: str) -> None:
        """Write into a field what is to stand there."""
        field.fill(text)

    def tick(self, control: Locator) -> None:
        """Choose a box or a circle."""
        control.check()

    def open(self, summary: Locator) -> None:
        """Unfold what stands below a line."""
        summary.click()

    def follow(self, target: Locator) -> None:
        """Use a link or a button; the next page is there afterwards."""
        with self.page.expect_navigation():
            target.click()

    def choose(self, field: Locator, words: str) -> None:
        """Choose one line of a list."""
        field.select_option(words)

    def hand_in(self, field: Locator, file: Path) -> None:
        """Choose a file."""
        field.set_input_files(file)

    def download(self, link: Locator) -> Download:
        """Use a link to a file."""
        with self.page.expect_download() as download:
            link.click()
        return download.value


class Keyboard(Hands):
    """Hands that have no mouse."""

    def tab_to(self, target: Locator, stops: int = 80) -> None:
        """Press Tab until the target has the focus; it must be seen at every stop."""
        for _ in range(stops):
            if target.count() and target.first.evaluate("part => part === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
            self.assert_focus_is_seen()
        raise AssertionError(f"{stops} times Tab do not lead to {target}")

    def assert_focus_is_seen(self) -> None:
        """What has the focus has a ring and stands in the window, once that has scrolled."""
        # Most often it is there at once; asking again takes a frame of the screen each time.
        if self.page.evaluate(FOCUS):
            return
        try:
            self.page.wait_for_function(FOCUS, timeout=3_000)
        except TooLate as late:
            here = self.page.evaluate("() => document.activeElement.outerHTML.slice(0, 160)")
            raise AssertionError(f"nobody sees the focus on {here}") from late

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def fill(self, field: Locator, text: str) -> None:
        self.tab_to(field)
        self.press("ControlOrMeta+A")
        self.page.keyboard.insert_text(text)
        expect(field).to_have_value(text)

    def tick(self, control: Locator) -> None:
        if control.get_attribute("type") == "checkbox":
            self.tab_to(control)
            self.press("Space")
        else:
            # Tab leads to a group of circles, and the arrows to one of them.
            group = self.page.locator(f'input[name="{control.get_attribute("name")}"]')
            self.tab_to(group.first)
            self.press("Space")
            for _ in range(group.count()):
                if control.is_checked():
                    break
                self.press("ArrowDown")
        expect(control).to_be_checked()

    def open(self, summary: Locator) -> None:
        self.tab_to(summary)
        self.press("Enter")

    def follow(self, target: Locator) -> None:
        self.tab_to(target)
        with self.page.expect_navigation():
            self.press("Enter")

    def choose(self, field: Locator, words: str) -> None:
        self.tab_to(field)
        self.type(words)
        expect(field.locator("option:checked")).to_have_text(words)

    def download(self, link: Locator) -> Download:
        self.tab_to(link)
        with self.page.expect_download() as download:
            self.press("Enter")
        return download.value

    def hand_in(self, field: Locator, file: Path) -> None:
        # What opens then is a window of the browser's own.
        self.tab_to(field)
        field.set_input_files(file)


@pytest.fixture(params=["by tapping", "without JavaScript", "by keyboard"])
def hands(request: pytest.FixtureRequest, open_page: OpenPage) -> Hands:
    """Hands on a phone, once for each way to use one."""
    page = open_page(
        viewport={"width": 375, "height": 812},
        has_touch=True,
        is_mobile=True,
        java_script_enabled=request.param != "without JavaScript",
    )
    return Keyboard(page) if request.param == "by keyboard" else Hands(page)
