"""What an operation raises when it refuses; `web.errors` gives each its page."""

from __future__ import annotations


class ParticipationError(Exception):
    """The parent of every refusal.

    A message that is a whole German sentence is shown to people and says what to do. It stands in
    the catalogues, so what changes in it is a `%(name)s`, filled from `values`. One that begins
    with a small letter is for developers and the command line; the page says something general
    then.
    """

    def __init__(self, message: str = "", **values: object) -> None:
        super().__init__(message % values if values else message)
        self.message = message
        self.values = values


class NotFound(ParticipationError):
    """What was asked for does not exist, or its existence is nobody's business."""


class Forbidden(ParticipationError):
    """The actor may not do this."""


class Conflict(ParticipationError):
    """The state changed in between, or does not allow the step."""


class Refused(ParticipationError):
    """The input breaks a rule of the field. `field` names the form field, if there is one."""

    def __init__(self, message: str, *, field: str | None = None, **values: object) -> None:
        super().__init__(message, **values)
        self.field = field


class BrokenInput(ParticipationError):
    """A file or setting cannot be read. `line` counts from 1, the heading line included."""

    def __init__(self, message: str, *, line: int | None = None) -> None:
        super().__init__(message if line is None else f"line {line}: {message}")
        self.line = line
