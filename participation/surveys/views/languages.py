"""Staff: the words of a survey in other languages, side by side with the German ones."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from participation.accounts import access
from participation.accounts.models import Role
from participation.engagements.forms import strip
from participation.engagements.wordings import EASY
from participation.foundation.errors import NotFound
from participation.surveys import queries, translating
from participation.surveys.blueprint import blueprint
from participation.surveys.building_words import (
    LANGUAGES,
    RIGHT_TO_LEFT,
    TRANSLATION_FAULTS,
    language_name,
)
from participation.surveys.library import library_in
from participation.surveys.models import FIRST_LANGUAGE
from participation.surveys.tongues import is_tag
from participation.surveys.translating import Translated, TranslationFault
from participation.surveys.views.building import survey_here
from participation.web.extensions import db

_PARTS: dict[str, LazyString] = {
    "title": _l("Titel"),
    "summary": _l("Einleitung"),
    "scope_open": _l("Was kann hier entschieden werden?"),
    "scope_closed": _l("Was steht schon fest?"),
    "introduction": _l("Einleitung der Seite"),
    "text": _l("Text"),
    "help": _l("Hinweis"),
    "low": _l("Die erste Stufe bedeutet"),
    "high": _l("Die letzte Stufe bedeutet"),
    "unit": _l("Einheit"),
    "picture": _l("Was auf dem Bild zu sehen ist"),
}
_LONG = frozenset({"summary", "scope_open", "scope_closed", "introduction", "help"})


@dataclass(frozen=True)
class _Line:
    """One text to translate, as it stands on the page."""

    name: str
    label: str
    german: str
    value: str
    is_long: bool
    longest: int
    error: str


@dataclass(frozen=True)
class _Block:
    """The texts of a group; a choice or a row stands below its question."""

    translated: Translated
    lines: list[_Line]
    is_choice: bool
    is_confirmed: bool
    is_offered: bool


@blueprint.get("/verwaltung/beteiligungen/<slug>/sprachen")
@access.requires(Role.STRATEGIST, Role.ANALYST, Role.ADMINISTRATOR)
def languages(slug: str) -> ResponseReturnValue:
    """List the languages of a survey, and those that can be added."""
    survey = survey_here(slug)
    states = translating.states_of(db.session(), survey)
    stored = {state.language for state in states}
    return render_template(
        "surveys/languages.html",
        survey=survey,
        states=[(state, language_name(state.language)) for state in states],
        offered=[(tag, name) for tag, name in LANGUAGES.items() if tag not in stored],
        easy=EASY,
    )


@blueprint.route("/verwaltung/beteiligungen/<slug>/sprachen/<language>", methods=["GET", "POST"])
@access.requires(Role.STRATEGIST, Role.ADMINISTRATOR)
def translate(slug: str, language: str) -> ResponseReturnValue:
    """Show German on the left and another language on the right, and store what was written."""
    survey = survey_here(slug)
    if language == FIRST_LANGUAGE or not is_tag(language):
        raise NotFound("there is no such language")
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            changed = translating.translate(
                db.session(),
                survey=survey,
                language=language,
                words=_sent(),
                confirmed=request.form.getlist("passt"),
            )
        except TranslationFault as fault:
            db.session.rollback()
            errors[fault.field or ""] = str(TRANSLATION_FAULTS[fault.why])
        else:
            db.session.commit()
            flash(_("Gespeichert.") if changed else _("Es hat sich nichts geändert."), "success")
            return redirect(url_for("surveys.languages", slug=slug), 303)
    survey = survey_here(slug)
    found = translating.translation_of(db.session(), survey, language)
    blocks = [_block(one, language, errors) for one in found]
    version = queries.current_version(db.session(), survey.id)
    page = render_template(
        "surveys/translate.html",
        survey=survey,
        blocks=blocks,
        is_offered=any(block.is_offered for block in blocks),
        language=language,
        name=language_name(language),
        is_easy=language == EASY,
        direction="rtl" if language in RIGHT_TO_LEFT else "ltr",
        errors=errors,
        is_answered=queries.is_answered(db.session(), version.id),
    )
    return page, 422 if errors else 200


def _sent() -> dict[str, dict[str, str]]:
    """Return what was typed, by group and part."""
    words: dict[str, dict[str, str]] = {}
    for name, value in request.form.items():
        key, dot, part = name.rpartition(".")
        if dot and part in _PARTS:
            words.setdefault(key, {})[part] = strip(value) or ""
    return words


def _block(one: Translated, language: str, errors: dict[str, str]) -> _Block:
    lines = []
    # What nobody has translated yet may be in the library, in tested words.
    ready = {} if one.words or request.method == "POST" else library_in(language)
    for part, german in one.group.german.items():
        name = f"{one.group.key}.{part}"
        # What was typed stays when it could not be stored.
        value = request.form.get(name, one.words.get(part, "")) or ready.get(german, "")
        lines.append(
            _Line(
                name=name,
                label=str(_PARTS[part]),
                german=german,
                value=value,
                is_long=part in _LONG,
                longest=translating.LONGEST.get(part, 600),
                error=errors.get(name, ""),
            )
        )
    return _Block(
        one,
        lines,
        is_choice=not one.group.key.startswith("page-")
        and ("-" in one.group.key or "_" in one.group.key),
        is_confirmed=one.group.key in request.form.getlist("passt"),
        is_offered=bool(ready) and any(german in ready for german in one.group.german.values()),
    )
