"""What staff fills in about a hearing in phases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from participation.comments.forms import plain
from participation.comments.hearings import LONGEST_NOTE, LONGEST_TITLE
from participation.comments.models import CommentRound, Hearing
from participation.engagements.form_values import values_of
from participation.strategy.models import StrategyVersion, VersionStatus
from participation.web.forms import Form, choices

_NEW = ""


class HearingForm(Form):
    """A hearing, and what one of its phases changes."""

    hearing = SelectField(_l("Zu welcher Anhörung gehört diese Kommentarrunde?"), default=_NEW)
    title = StringField(
        _l("Titel der Anhörung"),
        [Length(max=LONGEST_TITLE, message=_l("Der Titel ist zu lang."))],
        filters=[plain],
        description=_l("Steht über allen Phasen."),
    )
    summary = TextAreaField(
        _l("Worum geht es?"),
        [Length(max=1000, message=_l("Höchstens 1.000 Zeichen."))],
        filters=[plain],
    )
    note = TextAreaField(
        _l("Was hat sich seit der vorigen Phase geändert, und warum?"),
        [Length(max=LONGEST_NOTE, message=_l("Das ist zu lang: höchstens 4.000 Zeichen."))],
        filters=[plain],
        description=_l("Einfache Sätze. Den Wortlaut vergleichen wir selbst, Wort für Wort."),
    )

    def offer(self, hearings: Sequence[Hearing]) -> None:
        """Offer the hearings that a round can join."""
        self.hearing.choices = choices(
            [(_NEW, _("Eine neue Anhörung beginnen")), *((str(it.id), it.title) for it in hearings)]
        )

    def validate_title(self, field: StringField) -> None:
        if "hearing" in self and self.hearing.data:
            return
        if not field.data:
            raise ValidationError(_("Bitte geben Sie einen Titel an."))


def next_phase(before: CommentRound, offered: Sequence[StrategyVersion]) -> dict[str, Any]:
    """Return what the form of the next phase begins with: all that the phase before it had.

    `offered` are the versions that can be put up, the newest draft among them.
    """
    drafts = [one for one in offered if one.status is VersionStatus.IN_CONSULTATION]
    newest = max(drafts, key=lambda one: (one.number, one.consultation), default=None)
    kept = values_of(before)
    for name in ("opens_on", "opens_time", "closes_on", "closes_time"):
        kept.pop(name, None)
    return kept | {
        "version": str(newest.id) if newest else None,
        "source": "version" if before.version is not None else "text",
        "voting": before.voting,
        "after": before.slug,
    }
