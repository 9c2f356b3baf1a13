"""For what a test knows to be there."""

from __future__ import annotations

from typing import TypeVar

Thing = TypeVar("Thing")


def there(thing: Thing | None) -> Thing:
    """Return what is there; fail where it is not."""
    assert thing is not None
    return thing
