"""The German words of this room."""

from __future__ import annotations

import enum

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from participation.comments.models import Stance, VoteChoice

LABELS: dict[enum.Enum, LazyString] = {
    Stance.APPROVE: _l("Zustimmung"),
    Stance.CONCERN: _l("Bedenken"),
    Stance.QUESTION: _l("Frage"),
    Stance.REWORDING: _l("anderer Wortlaut"),
    VoteChoice.AGREE: _l("Zustimmen"),
    VoteChoice.DISAGREE: _l("Ablehnen"),
    VoteChoice.PASS: _l("Weiß nicht"),
}
