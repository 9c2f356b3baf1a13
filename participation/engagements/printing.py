"""What stands on a poster and on letters, as data for the templates in `templates/print`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from participation.accounts.models import Municipality
from participation.config import shipped_folder
from participation.engagements import codes
from participation.engagements.models import Engagement
from participation.foundation import clock
from participation.foundation.pdf import picture_data, qr_picture, render_pdf
from participation.web.filters import label, local_date, local_time

# How many letters one document holds; more come in several, so that memory stays bounded.
LETTERS_IN_A_FILE = 500
_SAMPLE_CODE = "00000-BEISP-1E100-00000"


@dataclass(frozen=True)
class LetterText:
    """What a town writes to everybody on a list."""

    sender: str
    subject: str
    text: str
    closing: str


def print_document(template: str, data: dict[str, Any]) -> bytes:
    """Return a PDF made from a template in `templates/print`."""
    return render_pdf(
        shipped_folder("templates") / "print" / f"{template}.typ",
        data,
        fonts=shipped_folder("static") / "vendor" / "fira-sans-print",
    )


def logo_of(municipality: Municipality) -> dict[str, Any]:
    """Return what a template needs to show the logo, if there is one."""
    return {
        "logo": picture_data(municipality.logo) if municipality.logo else None,
        "logo_shows": _("Logo: %(name)s", name=municipality.name),
    }


def poster(engagement: Engagement, municipality: Municipality, address: str) -> bytes:
    """Return the poster of an engagement as a PDF; `address` is that of its page."""
    data = logo_of(municipality) | {
        "municipality": municipality.name,
        "accent": municipality.accent_colour,
        "kind": label(engagement.kind),
        "title": engagement.title,
        "summary": engagement.summary,
        "when_title": _("Machen Sie mit bis"),
        "when": local_date(engagement.closes_at),
        "how": _("Code scannen oder diese Seite öffnen:"),
        "address": plain_address(address),
        "qr": qr_picture(address),
        "qr_shows": _("QR-Code mit der Adresse der Beteiligung"),
        "note": _(
            "Vom %(first)s bis zum %(last)s.\nWer kann mitmachen? %(who)s.",
            first=local_time(engagement.opens_at),
            last=local_time(engagement.closes_at),
            who=label(engagement.audience),
        ),
    }
    return print_document("poster", data)


def letter_files(
    engagement: Engagement,
    municipality: Municipality,
    letters: Sequence[tuple[Sequence[str], str]],
    words: LetterText,
    *,
    address: str,
) -> Iterator[Callable[[], bytes]]:
    """Return one function for each document of letters, which makes it when it is called.

    A letter is the lines of its address and its code. `address` is that of the page on which a
    code is entered. Nothing here asks the database again.
    """
    common = _letter_data(engagement, municipality, words, address)
    for start in range(0, len(letters), LETTERS_IN_A_FILE):
        part = letters[start : start + LETTERS_IN_A_FILE]

        def make(part: Sequence[tuple[Sequence[str], str]] = part) -> bytes:
            rows = [
                {
                    "address": list(lines),
                    "code": codes.as_written(code),
                    "qr": qr_picture(f"{address}#{code}"),
                }
                for lines, code in part
            ]
            return print_document("letter", common | {"letters": rows})

        yield make


def sample_letter(
    engagement: Engagement, municipality: Municipality, words: LetterText, *, address: str
) -> bytes:
    """Return a letter to look at, with a code that lets nobody in."""
    common = _letter_data(engagement, municipality, words, address)
    letter = {
        "address": ["Erika Mustermann", "Musterstraße 1", "12345 Musterstadt"],
        "code": _SAMPLE_CODE,
        "qr": qr_picture(address),
    }
    return print_document("letter", common | {"letters": [letter]})


def organisation_letter(
    engagement: Engagement, municipality: Municipality, name: str, code: str, *, address: str
) -> bytes:
    """Return the letter that asks an organisation for its statement; `address` is its link."""
    words = LetterText(
        sender=municipality.name,
        subject=_("Ihre Stellungnahme zu „%(title)s“", title=engagement.title),
        text=_(
            "Guten Tag,\n\nbis zum %(day)s bitten wir Sie um eine Stellungnahme zu diesem Entwurf. "
            "Sie können zu einzelnen Abschnitten schreiben oder ein PDF hochladen, zwischendurch "
            "speichern und später weitermachen. Ein Konto brauchen Sie nicht. Was Sie abgeben, "
            "erscheint nach einer Prüfung unter dem Namen Ihrer Organisation.",
            day=local_date(engagement.closes_at),
        ),
        closing=_("Mit freundlichen Grüßen\n%(name)s", name=municipality.name),
    )
    letter = {"address": [name], "code": codes.as_written(code), "qr": qr_picture(address)}
    data = _letter_data(engagement, municipality, words, address.removesuffix(code)) | {
        "title": words.subject,
        "code_title": _("Ihr Zugang"),
        "how": _("QR-Code scannen, oder diese Adresse öffnen und den Code anhängen:"),
        "qr_shows": _("QR-Code mit dem Link zu Ihrer Stellungnahme"),
        "privacy": _(
            "Wer diesen Code hat, kann für Ihre Organisation schreiben. Geben Sie ihn nur weiter, "
            "wo das so sein soll. Wer unterschreibt, veröffentlichen wir nicht."
        ),
        "letters": [letter],
    }
    return print_document("letter", data)


def plain_address(address: str) -> str:
    """Return an address as people read and type it."""
    return address.removeprefix("https://").removeprefix("http://")


def _letter_data(
    engagement: Engagement, municipality: Municipality, words: LetterText, address: str
) -> dict[str, Any]:
    return logo_of(municipality) | {
        "title": _("Briefe: %(title)s", title=engagement.title),
        "accent": municipality.accent_colour,
        "sender": words.sender,
        "date": local_date(clock.today()),
        "subject": words.subject,
        "text": words.text,
        "closing": words.closing,
        "code_title": _("Ihr persönlicher Code"),
        "how": _("QR-Code scannen, oder diese Seite öffnen und den Code eintippen:"),
        "address": plain_address(address),
        "qr_shows": _("QR-Code mit der Adresse und Ihrem Code"),
        "privacy": _(
            "Datenschutz: Ihre Adresse haben wir nur für diesen Brief verwendet. Der Code zeigt, "
            "dass jemand mitgemacht hat, und steht getrennt von den Antworten. Niemand erfährt, "
            "was Sie geantwortet haben."
        ),
        "footer": _(
            "%(name)s. Die Beteiligung endet am %(moment)s.",
            name=municipality.name,
            moment=local_time(engagement.closes_at),
        ),
    }
