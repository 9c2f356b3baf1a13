"""What tests of the workshop look at."""

from __future__ import annotations

import re
from html import unescape


def field(page: str, name: str) -> str:
    """Return the value of a hidden field."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found, f"the page has no field {name}"
    return unescape(found.group(1))
