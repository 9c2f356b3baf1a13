"""The application factory: the one place that knows all views, commands and jobs."""

from __future__ import annotations

import importlib.util
import os
from dataclasses import dataclass
from pkgutil import iter_modules
from typing import Any

import click
from flask import Flask, request
from flask_login import AnonymousUserMixin
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from participation.accounts.context import page_context
from participation.accounts.models import Municipality
from participation.accounts.passwords import Passwords
from participation.accounts.tenancy import Tenancy
from participation.config import Settings, load_settings, shipped_folder
from participation.foundation.orm import reading_only, tune_engine
from participation.notifications.transport import MailFolder, MailServer, Transport
from participation.portal.blueprint import blueprint as portal_blueprint
from participation.web.errors import register_error_pages
from participation.web.extensions import babel, csrf, db, limiter, login_manager
from participation.web.filters import register_filters, register_labels
from participation.web.headers import set_headers, stay_here
from participation.web.limits import check_limit
from participation.web.marks import set_new_mark
from participation.web.origin import check_origin

_ROOMS = (
    "journal",
    "accounts",
    "notifications",
    "strategy",
    "engagements",
    "contributions",
    "surveys",
    "ideas",
    "comments",
    "moderation",
    "insights",
    "revisions",
    "portal",
    "api",
    "maintenance",
)
_LARGEST_FORM = 2 * 1024 * 1024


@dataclass(frozen=True)
class MailPlace:
    """Where the links of a mail lead and who sends it."""

    name: str
    path: str


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application from its settings."""
    settings = settings or load_settings(os.environ)
    app = Flask(
        "participation",
        template_folder=str(shipped_folder("templates")),
        static_folder=str(shipped_folder("static")),
    )
    _configure(app, settings)
    _bind_extensions(app, settings)
    _register_hooks(app)
    _register_rooms(app)
    return app


def commands() -> list[click.Command]:
    """Return the commands of all rooms."""
    found: list[click.Command] = []
    for room in _ROOMS:
        module = _module(room, "commands")
        if module is not None:
            found.extend(module.COMMANDS)
    return found


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        HASHING_KEY=settings.hashing_key,
        BASE_ADDRESS=settings.base_address,
        MAIL_FROM=settings.mail_from,
        DATA_FOLDER=settings.data_folder,
        ON_LOOPBACK=settings.is_on_loopback,
        SECOND_FACTOR=settings.second_factor,
        MAX_CONTENT_LENGTH=_LARGEST_FORM,
        MAX_FORM_MEMORY_SIZE=_LARGEST_FORM,
        MAX_FORM_PARTS=5_000,
        SESSION_COOKIE_NAME="__Host-session" if settings.is_https else "session",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        SEND_FILE_MAX_AGE_DEFAULT=31_536_000,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(settings),
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        # The origin is checked for every form; a referrer, which some browsers hide, adds nothing.
        WTF_CSRF_SSL_STRICT=False,
        BABEL_DEFAULT_LOCALE="de",
        BABEL_TRANSLATION_DIRECTORIES=os.path.join(os.path.dirname(__file__), "translations"),
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.extensions["settings"] = settings
    app.extensions["passwords"] = Passwords(
        memory=settings.argon2_memory, time=settings.argon2_time
    )
    app.extensions["mail_transport"] = _mail_transport(settings)
    app.extensions["find_mail_place"] = _find_mail_place


def _engine_options(settings: Settings) -> dict[str, Any]:
    if settings.database_url.startswith("sqlite"):
        return {"connect_args": {"check_same_thread": False, "timeout": 15}}
    return {"pool_size": settings.pool_size, "max_overflow": 5, "pool_pre_ping": True}


def _mail_transport(settings: Settings) -> Transport:
    return MailServer(settings.smtp_url) if settings.smtp_url else MailFolder(settings.mail_folder)


def _find_mail_place(municipality_id: int | None) -> MailPlace:
    if municipality_id is None:
        return MailPlace(name="Beteiligung", path="")
    municipality = db.session.get_one(Municipality, municipality_id)
    several = db.session.query(Municipality.id).limit(2).count() > 1
    return MailPlace(name=municipality.name, path=f"/{municipality.slug}" if several else "")


def _bind_extensions(app: Flask, settings: Settings) -> None:
    app.before_request(_choose_transaction)
    db.init_app(app)
    with app.app_context():
        tune_engine(db.engine)
    babel.init_app(app, locale_selector=lambda: "de")
    limiter.init_app(app)
    csrf.init_app(app)  # type: ignore[no-untyped-call]
    login_manager.init_app(app)
    login_manager.session_protection = None
    login_manager.anonymous_user = AnonymousUserMixin
    tenancy = Tenancy(app, app.wsgi_app)
    app.extensions["tenancy"] = tenancy
    app.wsgi_app = tenancy  # type: ignore[method-assign,assignment]
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=count, x_proto=count
        )


def _choose_transaction() -> None:
    reading_only.set(request.method in {"GET", "HEAD", "OPTIONS"})


def _register_hooks(app: Flask) -> None:
    app.before_request(check_limit)
    app.before_request(check_origin)
    app.after_request(set_headers)
    app.after_request(stay_here)
    app.after_request(set_new_mark)
    app.context_processor(page_context)
    app.teardown_request(_leave_transaction_mode)
    register_filters(app)
    register_error_pages(app)


def _leave_transaction_mode(_error: BaseException | None) -> None:
    reading_only.set(False)


def _register_rooms(app: Flask) -> None:
    for room in _ROOMS:
        _module(room, "models")
        _module(room, "jobs")
        labels = _module(room, "labels")
        if labels is not None:
            register_labels(labels.LABELS)
        views = _module(room, "views")
        if views is None:
            continue
        if room == "portal":
            for module in iter_modules(views.__path__):
                importlib.import_module(f"participation.portal.views.{module.name}")
            app.register_blueprint(portal_blueprint)
        else:
            app.register_blueprint(views.blueprint)


def _module(room: str, name: str) -> Any:
    full = f"participation.{room}.{name}"
    return importlib.import_module(full) if importlib.util.find_spec(full) else None
