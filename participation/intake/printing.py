"""The receipt on paper, for somebody who wrote a letter or stands at the counter."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from participation.comments.models import Comment
from participation.engagements.printing import logo_of, plain_address, print_document
from participation.foundation.pdf import qr_picture
from participation.foundation.tokens import written_code
from participation.ideas.models import Idea
from participation.intake.forms import passage_words
from participation.web.filters import label, local_date


def receipt(contribution: Idea | Comment, code: str, *, address: str) -> bytes:
    """Return the receipt of what was entered as a PDF; `address` is where its code is looked up."""
    engagement = contribution.engagement
    municipality = engagement.municipality
    told = _of_idea(contribution) if isinstance(contribution, Idea) else _of_comment(contribution)
    data = logo_of(municipality) | {
        "municipality": municipality.name,
        "title": _("Ihr Beleg"),
        "code_title": _("Ihr Code"),
        "code": written_code(code, municipality.slug[:3].upper()),
        "address": plain_address(address),
        "qr": qr_picture(address),
        "qr_shows": _("QR-Code mit der Adresse, unter der Sie nachsehen können"),
        "keep": _("Bitte gut aufbewahren: Wir speichern den Code nicht."),
    }
    return print_document("receipt", data | told)


def _of_idea(idea: Idea) -> dict[str, Any]:
    return {
        "thanks": _("Danke, Ihre Idee ist angekommen."),
        "what": _("Idee %(number)s zu „%(title)s“, eingegangen am %(day)s (%(way)s)", **_way(idea)),
        "lines": [{"head": idea.title, "text": idea.text}],
        "how": _(
            "Mit diesem Code sehen Sie, was aus Ihrer Idee wird, und können sie zurückziehen. "
            "Öffnen Sie dazu diese Seite, oder fragen Sie uns:"
        ),
        "next": _(
            "So geht es weiter: Wir prüfen die Idee und veröffentlichen sie ohne Ihren Namen. Nach "
            "dem %(day)s werten wir alle Ideen aus und antworten darauf.",
            day=local_date(idea.engagement.closes_at),
        ),
    }


def _of_comment(comment: Comment) -> dict[str, Any]:
    passage = comment.passage
    where = passage_words(passage) if passage else _("Zum ganzen Text")
    lines = [{"head": f"{where} ({label(comment.stance)})", "text": comment.text}]
    if comment.quote:
        lines.append({"head": _("Es geht um diese Worte"), "text": comment.quote})
    if comment.rewording:
        lines.append({"head": _("So sollte der Abschnitt heißen"), "text": comment.rewording})
    return {
        "thanks": _("Danke, Ihr Kommentar ist angekommen."),
        "what": _(
            "Kommentar %(number)s zu „%(title)s“, eingegangen am %(day)s (%(way)s)",
            **_way(comment),
        ),
        "lines": lines,
        "how": _(
            "Mit diesem Code sehen Sie, was aus Ihrem Kommentar wird, und können ihn "
            "zurückziehen. Öffnen Sie dazu diese Seite, oder fragen Sie uns:"
        ),
        "next": _(
            "So geht es weiter: Wir prüfen den Kommentar und veröffentlichen ihn ohne Ihren Namen. "
            "Nach dem %(day)s werten wir alle Kommentare aus und antworten darauf.",
            day=local_date(comment.engagement.closes_at),
        ),
    }


def _way(contribution: Idea | Comment) -> dict[str, Any]:
    return {
        "number": contribution.number,
        "title": contribution.engagement.title,
        "day": local_date(contribution.received_at),
        "way": label(contribution.channel),
    }
