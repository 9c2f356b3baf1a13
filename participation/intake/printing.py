"""The receipt on paper, for somebody who wrote a letter or stands at the counter."""

from __future__ import annotations

from flask_babel import gettext as _

from participation.engagements.printing import logo_of, plain_address, print_document
from participation.foundation.pdf import qr_picture
from participation.foundation.tokens import written_code
from participation.ideas.models import Idea, IdeaCall
from participation.web.filters import label, local_date


def receipt(idea: Idea, call: IdeaCall, code: str, *, address: str) -> bytes:
    """Return the receipt of an idea as a PDF; `address` is where its code is looked up."""
    municipality = call.municipality
    data = logo_of(municipality) | {
        "municipality": municipality.name,
        "title": _("Ihr Beleg"),
        "thanks": _("Danke, Ihre Idee ist angekommen."),
        "what": _(
            "Idee %(number)s zu „%(title)s“, eingegangen am %(day)s (%(way)s)",
            number=idea.number,
            title=call.title,
            day=local_date(idea.received_at),
            way=label(idea.channel),
        ),
        "idea_title": idea.title,
        "idea_text": idea.text,
        "code_title": _("Ihr Code"),
        "code": written_code(code, municipality.slug[:3].upper()),
        "how": _(
            "Mit diesem Code sehen Sie, was aus Ihrer Idee wird, und können sie zurückziehen. "
            "Öffnen Sie dazu diese Seite, oder fragen Sie uns:"
        ),
        "address": plain_address(address),
        "qr": qr_picture(address),
        "qr_shows": _("QR-Code mit der Adresse, unter der Sie nachsehen können"),
        "next": _(
            "So geht es weiter: Wir prüfen die Idee und veröffentlichen sie ohne Ihren Namen. Nach "
            "dem %(day)s werten wir alle Ideen aus und antworten darauf.",
            day=local_date(call.closes_at),
        ),
        "keep": _("Bitte gut aufbewahren: Wir speichern den Code nicht."),
    }
    return print_document("receipt", data)
