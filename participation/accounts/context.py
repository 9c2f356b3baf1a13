"""What every page's frame shows: whose page it is and who is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import has_request_context, url_for

from participation.accounts import access
from participation.accounts.models import Municipality
from participation.web.filters import label
from participation.web.languages import LANGUAGES, current_language
from participation.web.paths import readable_path


@dataclass(frozen=True)
class Letterhead:
    """What the header and footer show of a municipality."""

    id: int
    slug: str
    name: str
    kind: str
    kind_name: str
    postal_line: str
    contact_email: str
    logo_url: str | None
    accent_key: str


def letterhead_of(municipality: Municipality) -> Letterhead:
    """Return what the frame shows of a municipality."""
    logo_url = None
    if municipality.logo_type is not None:
        logo_url = url_for("portal.logo")
    return Letterhead(
        id=municipality.id,
        slug=municipality.slug,
        name=municipality.name,
        kind=municipality.kind.value,
        kind_name=label(municipality.kind),
        postal_line=municipality.postal_line,
        contact_email=municipality.contact_email,
        logo_url=logo_url,
        accent_key=municipality.accent_colour.lstrip("#"),
    )


def page_context() -> dict[str, Any]:
    """Return what every template may use."""
    if not has_request_context():
        return {}
    municipality = access.find_here()
    return {
        "municipality": letterhead_of(municipality) if municipality else None,
        "account": access.me(),
        "roles": {role.value for role in access.my_roles()},
        "demo_notice": bool(municipality and municipality.is_demo),
        "page_languages": list(LANGUAGES.values()),
        "chosen_language": current_language(),
        "here": readable_path(),
    }
