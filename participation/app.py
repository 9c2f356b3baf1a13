"""The application factory: the one place that knows all views, commands and jobs."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import click
from flask import Flask, request
from flask_login import AnonymousUserMixin
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from participation.accounts import commands as accounts_commands
from participation.accounts import jobs as accounts_jobs
from participation.accounts import labels as accounts_labels
from participation.accounts import views as accounts_views
from participation.accounts.context import page_context
from participation.accounts.models import Municipality
from participation.accounts.passwords import Passwords
from participation.accounts.tenancy import Tenancy
from participation.comments import labels as comments_labels
from participation.comments import views as comments_views
from participation.config import Settings, load_settings, shipped_folder
from participation.contributions import labels as contributions_labels
from participation.contributions import views as contributions_views
from participation.engagements import jobs as engagements_jobs
from participation.engagements import labels as engagements_labels
from participation.engagements import views as engagements_views
from participation.foundation.orm import reading_only, tune_engine
from participation.ideas import jobs as ideas_jobs
from participation.ideas import labels as ideas_labels
from participation.ideas import views as ideas_views
from participation.insights import commands as insights_commands
from participation.insights import jobs as insights_jobs
from participation.insights import labels as insights_labels
from participation.insights import views as insights_views
from participation.intake import views as intake_views
from participation.journal import commands as journal_commands
from participation.maintenance import commands as maintenance_commands
from participation.maintenance import jobs as maintenance_jobs
from participation.maintenance import views as maintenance_views
from participation.maintenance.demo.people import SIGN_INS
from participation.moderation import jobs as moderation_jobs
from participation.moderation import labels as moderation_labels
from participation.moderation import views as moderation_views
from participation.notifications import jobs as notifications_jobs
from participation.notifications.transport import MailFolder, MailServer, Transport
from participation.portal import labels as portal_labels
from participation.portal import views as portal_views
from participation.revisions import jobs as revisions_jobs
from participation.revisions import labels as revisions_labels
from participation.revisions import step_jobs
from participation.revisions import views as revisions_views
from participation.strategy import labels as strategy_labels
from participation.strategy import views as strategy_views
from participation.surveys import commands as surveys_commands
from participation.surveys import jobs as surveys_jobs
from participation.surveys import labels as surveys_labels
from participation.surveys import views as surveys_views
from participation.web.bounds import (
    SmallIntegerConverter,
    refuse_null_signs,
    refuse_other_bodies,
    widen_for_files,
)
from participation.web.errors import register_error_pages
from participation.web.extensions import babel, csrf, db, limiter, login_manager
from participation.web.filters import register_filters, register_labels
from participation.web.headers import set_headers, stay_here
from participation.web.kept_pages import bind_kept_pages, show_kept_page
from participation.web.languages import bind_languages
from participation.web.limits import check_limit
from participation.web.maps import register_maps
from participation.web.marks import set_new_mark
from participation.web.origin import check_origin, refuse_other_sites

_LABELS = (
    accounts_labels.LABELS,
    strategy_labels.LABELS,
    engagements_labels.LABELS,
    contributions_labels.LABELS,
    surveys_labels.LABELS,
    ideas_labels.LABELS,
    comments_labels.LABELS,
    moderation_labels.LABELS,
    insights_labels.LABELS,
    revisions_labels.LABELS,
    portal_labels.LABELS,
)
_COMMANDS = (
    journal_commands.COMMANDS,
    accounts_commands.COMMANDS,
    surveys_commands.COMMANDS,
    insights_commands.COMMANDS,
    maintenance_commands.COMMANDS,
)
# Importing these registers what they do.
_JOBS = (
    accounts_jobs,
    notifications_jobs,
    engagements_jobs,
    surveys_jobs,
    ideas_jobs,
    moderation_jobs,
    insights_jobs,
    revisions_jobs,
    step_jobs,
    maintenance_jobs,
)
_VIEWS = (
    accounts_views,
    strategy_views,
    engagements_views,
    contributions_views,
    surveys_views,
    ideas_views,
    comments_views,
    moderation_views,
    intake_views,
    insights_views,
    revisions_views,
    portal_views,
    maintenance_views,
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
    app.url_map.converters["int"] = SmallIntegerConverter
    _configure(app, settings)
    _bind_extensions(app, settings)
    _register_hooks(app)
    _register_rooms(app)
    return app


def commands() -> list[click.Command]:
    """Return the commands of all rooms."""
    return [command for of_room in _COMMANDS for command in of_room]


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        HASHING_KEY=settings.hashing_key,
        BASE_ADDRESS=settings.base_address,
        MAIL_FROM=settings.mail_from,
        DATA_FOLDER=settings.data_folder,
        ON_LOOPBACK=settings.is_on_loopback,
        SECOND_FACTOR=settings.second_factor,
        TILE_SERVER=settings.tile_server,
        TILE_ATTRIBUTION=settings.tile_attribution,
        MAP_START=settings.map_start,
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
    app.extensions["demo_sign_ins"] = SIGN_INS
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
    app.before_request(widen_for_files)
    app.before_request(_choose_transaction)
    db.init_app(app)
    with app.app_context():
        tune_engine(db.engine)
    bind_languages(app, babel)
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
    bind_kept_pages(app)
    app.before_request(refuse_other_sites)
    app.before_request(check_limit)
    app.before_request(check_origin)
    app.before_request(refuse_other_bodies)
    app.before_request(refuse_null_signs)
    app.before_request(show_kept_page)
    app.after_request(set_headers)
    app.after_request(stay_here)
    app.after_request(set_new_mark)
    app.context_processor(page_context)
    app.teardown_request(_leave_transaction_mode)
    register_filters(app)
    register_maps(app)
    register_error_pages(app)


def _leave_transaction_mode(_error: BaseException | None) -> None:
    reading_only.set(False)


def _register_rooms(app: Flask) -> None:
    for labels in _LABELS:
        register_labels(labels)
    for views in _VIEWS:
        app.register_blueprint(views.blueprint)
