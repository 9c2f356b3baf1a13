"""axe-core on a page as it stands, without loosening the page's Content Security Policy."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

# The size of targets is off by default, though WCAG 2.2 AA asks for it. A page in a frame is a
# page of its own: read as a part of the one around it, its landmarks would stand there twice.
# Only a rule that is off by default (css-orientation-lock) wants the style sheets parsed before.
# What broke no rule stays in the page: to hand it over took as long as to look for it.
RUN = """() => {
  if (matchMedia('(scripting: none)').matches) return 'no scripting';
  if (!('axe' in window)) return 'no axe';
  return axe.run({
    iframes: false,
    preload: {assets: ['media']},
    resultTypes: ['violations'],
    rules: {'target-size': {enabled: true}},
  }).then((result) => result.violations);
}"""
SOURCE = (Path(__file__).parent.parent / "vendor" / "axe.min.js").read_text()


def axe(page: Page) -> list[str]:
    """One line for each element that breaks a rule; a clean page gives an empty list."""
    found: Any = page.evaluate(RUN)
    if found == "no scripting":
        with copy_with_scripting(page) as copy:
            return axe(copy)
    if found == "no axe":
        page.evaluate(f"() => {{ {SOURCE} }}")
        found = page.evaluate(RUN)
    return [
        f"{rule['id']} ({rule['impact']}): {rule['help']} at {' '.join(map(str, node['target']))}: "
        f"{node['html'][:200]}"
        for rule in found
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
