"""axe-core on a page as it stands, without loosening the page's Content Security Policy."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

# The size of targets is off by default, though WCAG 2.2 AA asks for it. A page in a frame is a
# page of its own: read as a part of the one around it, its landmarks would stand there twice.
RUN = """() => axe.run({
  iframes: false,
  resultTypes: ['violations'],
  rules: {'target-size': {enabled: true}},
})"""
SOURCE = (Path(__file__).parent.parent / "vendor" / "axe.min.js").read_text()


def axe(page: Page) -> list[str]:
    """One line for each element that breaks a rule; a clean page gives an empty list."""
    if page.evaluate("() => matchMedia('(scripting: none)').matches"):
        with copy_with_scripting(page) as copy:
            return violations(copy)
    return violations(page)


def violations(page: Page) -> list[str]:
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(f"() => {{ {SOURCE} }}")
    result: dict[str, Any] = page.evaluate(RUN)
    return [
        f"{rule['id']} ({rule['impact']}): {rule['help']} at {' '.join(map(str, node['target']))}: "
        f"{node['html'][:200]}"
        for rule in result["violations"]
        for node in rule["nodes"]
    ]


@contextmanager
def copy_with_scripting(page: Page) -> Iterator[Page]:
    """The same document, in which axe's timers run and the site's scripts still do not."""
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context(viewport=page.viewport_size, locale="de-DE")
    try:
        copy = context.new_page()
        html = page.content()
        headers = {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Security-Policy": "script-src 'none'",
        }
        copy.route(page.url, lambda route: route.fulfill(body=html, headers=headers))
        copy.goto(page.url)
        yield copy
    finally:
        context.close()
