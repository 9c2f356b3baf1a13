"""The languages of the pages: which there are, which one a visitor chose, and their texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from babel import Locale
from babel.support import NullTranslations
from flask import Flask, g, has_request_context, request
from flask_babel import Babel, Domain, get_locale, refresh
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup
from werkzeug.wrappers import Response

from participation.web.secrets import cookie_name

_COOKIE = "language"
_LIFETIME = 400 * 24 * 60 * 60


@dataclass(frozen=True)
class Language:
    """A language of the pages. Its locale says how days and numbers are written."""

    code: str
    name: str
    locale: Locale


GERMAN = Language("de", "Deutsch", Locale("de"))
LANGUAGES = {
    language.code: language for language in (GERMAN, Language("en", "English", Locale("en", "GB")))
}


def current_language() -> Language:
    """Return the language that this page asks for, or this browser chose, else German."""
    if not has_request_context():
        return GERMAN
    if "page_language" in g:
        language: Language = g.page_language
        return language
    return LANGUAGES.get(request.cookies.get(language_cookie(), ""), GERMAN)


def language_cookie() -> str:
    """Return the name of the cookie that holds the language a visitor chose."""
    return cookie_name(_COOKIE)


def speak(tag: str) -> None:
    """Answer this request in the language of a tag, if it is one of ours: whoever reads a survey
    in English reads the words around it in English too.
    """
    language = LANGUAGES.get(tag.partition("-")[0])
    if language is not None:
        g.page_language = language
        refresh()


def locale_of(tag: str) -> str:
    """Return the locale in which we speak beside texts of a language: its own, or German."""
    language = LANGUAGES.get(tag.partition("-")[0], GERMAN)
    return str(language.locale)


def remember_language(response: Response, language: Language) -> None:
    """Let the browser keep the choice. German needs no cookie, so choosing it takes the cookie."""
    name = language_cookie()
    is_secure = name.startswith("__Host-")
    if language is GERMAN:
        response.delete_cookie(name, path="/", secure=is_secure, httponly=True, samesite="Lax")
        return
    response.set_cookie(
        name,
        language.code,
        max_age=_LIFETIME,
        path="/",
        secure=is_secure,
        httponly=True,
        samesite="Lax",
    )


class _Texts(Domain):  # type: ignore[misc] # Not annotated.
    """The texts by language.

    Flask-Babel finds them by the written name of the locale, and puts that together for each
    single text.
    """

    def __init__(self) -> None:
        super().__init__()
        self._of: dict[Locale, NullTranslations] = {}

    def get_translations(self) -> NullTranslations:
        locale = get_locale()
        if locale not in self._of:
            self._of[locale] = super().get_translations()
        return self._of[locale]


_texts = _Texts()


def bind_languages(app: Flask, babel: Babel) -> None:
    """Let pages speak the language that their reader chose."""
    babel.init_app(app, locale_selector=lambda: current_language().locale)
    babel.domain_instance = _texts
    # Jinja's own functions come to the same, through three calls for each text.
    app.jinja_env.globals.update(
        _=_gettext, gettext=_gettext, ngettext=_ngettext, pgettext=_pgettext
    )


@pass_eval_context
def _gettext(context: EvalContext, text: str, /, **values: Any) -> str:
    return _filled(context, _texts.get_translations().ugettext(text), values)


@pass_eval_context
def _ngettext(context: EvalContext, one: str, many: str, num: int, /, **values: Any) -> str:
    text = _texts.get_translations().ungettext(one, many, num)
    return _filled(context, text, {"num": num} | values)


@pass_eval_context
def _pgettext(context: EvalContext, use: str, text: str, /, **values: Any) -> str:
    return _filled(context, _texts.get_translations().upgettext(use, text), values)


def _filled(context: EvalContext, text: str, values: dict[str, Any]) -> str:
    shown = Markup(text) if context.autoescape else text  # noqa: S704 # Texts are ours.
    return shown % values if "%" in text else shown
