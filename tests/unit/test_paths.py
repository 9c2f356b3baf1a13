"""Where a browser may be sent after signing in."""

from __future__ import annotations

import pytest

from participation.web.paths import safe_path

STAYING = [
    "/",
    "/konto/",
    "/beteiligung/digital?seite=2",
    "/strategie/M-07#antworten",
    "/a//b",
    "/ü",
]
LEAVING = [
    "",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "/\\/evil.example",
    "\\\\evil.example",
    "/a\\b",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/ /evil.example",
    "/\x00/evil.example",
    "/\x7f/evil.example",
    "/\x85/evil.example",
    "/\xa0/evil.example",
    "https://evil.example",
    "http:evil.example",
    "https:/evil.example",
    "HTTPS://evil.example/konto/",
    "javascript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,x",
    "evil.example",
    "@evil.example",
    "konto/",
    "./konto",
    "?next=x",
    "#x",
    "/" + "a" * 3000,
]


@pytest.mark.parametrize("path", STAYING)
def test_a_path_of_this_site_is_kept(path: str):
    assert safe_path(path) == path


@pytest.mark.parametrize("path", LEAVING)
def test_what_a_browser_could_take_for_another_place_is_dropped(path: str):
    assert safe_path(path) is None


def test_nothing_leads_nowhere():
    assert safe_path(None) is None
