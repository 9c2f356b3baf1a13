"""How values read on a page."""

from __future__ import annotations

import enum
import hashlib
import os
import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from babel.numbers import format_percent
from flask import Flask, url_for
from flask_babel import format_date, format_decimal, format_time, get_locale
from flask_babel import gettext as _
from flask_babel.speaklater import LazyString
from markupsafe import Markup, escape

from participation.config import shipped_folder
from participation.foundation import clock
from participation.foundation.tokens import written_code

_labels: dict[enum.Enum, LazyString] = {}
_LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")


def register_labels(labels: Mapping[enum.Enum, LazyString]) -> None:
    """Tell which words stand for the members of a room's enums."""
    _labels.update(labels)


def label(member: enum.Enum | None) -> str:
    """Return the word that a page shows for an enum's member."""
    return "" if member is None else str(_labels[member])


def host(address: str) -> str:
    """Return the name of the host that a web address leads to; of anything else nothing."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return (parts.hostname or "") if parts.scheme in {"http", "https"} else ""


def local_date(value: date | datetime | None) -> str:
    """Return a day as `22. November 2026`."""
    if value is None:
        return ""
    day = clock.local_date(value) if isinstance(value, datetime) else value
    return str(format_date(day, "long", rebase=False))


def local_time(value: datetime | None) -> str:
    """Return a moment as `22. November 2026, 13:30 Uhr`."""
    if value is None:
        return ""
    moment = value.astimezone(clock.LOCAL_ZONE).replace(tzinfo=None)
    day = format_date(moment.date(), "long", rebase=False)
    time = format_time(moment.time(), "short", rebase=False)
    return str(_("%(day)s, %(time)s Uhr", day=day, time=time))


def local_quarter(day: date) -> str:
    """Return the quarter that a day lies in, as `4. Quartal 2026`."""
    quarter, year = (day.month + 2) // 3, day.year
    return str(_("%(quarter)s. Quartal %(year)s", quarter=quarter, year=year))


def number(value: int | float | Decimal) -> str:
    """Return a number as it is written in the page's language."""
    return str(format_decimal(value))


def percent(value: int | float | Decimal) -> str:
    """Return per cent as the page's language writes them: `62 %` in German, `62%` in English."""
    share = Decimal(str(value)) / 100
    return format_percent(share, locale=get_locale(), decimal_quantization=False)


def measured(value: int | float | Decimal, unit: str) -> str:
    """Return a value with its unit."""
    return percent(value) if unit == "%" else f"{number(value)} {unit}"


def quoted(text: str) -> str:
    """Return a text between the quotation marks of the page's language."""
    return str(_("„%(text)s“", text=text))


def paragraphs(text: str) -> Markup:
    """Return citizens' plain text as escaped paragraphs; web addresses become links."""
    blocks = [block for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()) if block]
    return Markup("").join(
        Markup("<p>{}</p>").format(Markup("<br>").join(map(_linked, block.split("\n"))))
        for block in blocks
    )


def _linked(line: str) -> Markup:
    parts: list[Markup] = []
    end = 0
    for found in _LINK.finditer(line):
        parts.append(escape(line[end : found.start()]))
        address = found.group()
        # A long address is cut in what is shown, never in where it leads.
        shown = address if len(address) <= 60 else (urlsplit(address).netloc + "/…")
        parts.append(
            Markup('<a class="kern-link" href="{}" rel="nofollow ugc noopener">{}</a>').format(
                address, shown
            )
        )
        end = found.end()
    parts.append(escape(line[end:]))
    return Markup("").join(parts)


@lru_cache(maxsize=256)
def _place(name: str) -> str:
    return str(shipped_folder("static") / name)


@lru_cache(maxsize=256)
def _fingerprint(place: str, _changed: float) -> str:
    return hashlib.sha256(Path(place).read_bytes()).hexdigest()[:12]


def asset(name: str) -> str:
    """Return the address of a static file, which changes when the file does."""
    place = _place(name)
    fingerprint = _fingerprint(place, os.stat(place).st_mtime)
    # Static files stand at the root for every municipality, so that browsers keep one copy.
    return f"/static/{name}?v={fingerprint}"


def register_filters(app: Flask) -> None:
    """Make the filters and globals known to the templates."""
    for show in (
        host,
        label,
        local_date,
        local_time,
        measured,
        number,
        paragraphs,
        percent,
        quoted,
    ):
        app.jinja_env.filters[show.__name__] = show
    app.jinja_env.filters["code"] = written_code
    app.jinja_env.globals.update(asset=asset, now=clock.now, get_locale=get_locale, url_for=url_for)
