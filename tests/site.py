"""The application as people use it: visitors, signed-in staff, and rows behind the pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy.orm import Session

from participation.accounts.models import Account, Municipality, Role
from participation.accounts.sessions import begin_session
from participation.foundation import clock
from participation.jobs.registry import registry
from participation.jobs.worker import work_once
from participation.web.extensions import db
from tests.factories import Make

SAFE_METHODS = {None, "GET", "HEAD", "OPTIONS"}
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


class Visitor(FlaskClient):
    """A browser that says where its forms come from, as real ones do.

    It sends the token of a form that somebody signed in has filled in, unless the site's
    `sends_tokens` is off.
    """

    def open(self, *args: Any, **kwargs: Any) -> Any:
        # What was arranged is there, and no lock of ours keeps the page waiting.
        self.application.extensions["arranged"].commit()
        headers = dict(kwargs.pop("headers", None) or {})
        if not headers.pop("No-Origin", None):
            headers = SAME_ORIGIN | headers
        if kwargs.get("method") not in SAFE_METHODS and self.application.extensions["sends_tokens"]:
            headers |= self._token()
        return super().open(*args, headers=headers, **kwargs)

    def _token(self) -> dict[str, str]:
        if self.get_cookie(self.application.config["SESSION_COOKIE_NAME"]) is None:
            return {}
        with self.session_transaction() as cookie:
            if "_user_id" not in cookie:
                return {}
            raw = cookie.setdefault("csrf_token", "0" * 40)
        sealed = URLSafeTimedSerializer(str(self.application.secret_key), salt="wtf-csrf-token")
        return {"X-CSRFToken": str(sealed.dumps(raw))}


class Site:
    """One application with one town.

    `session` is for arranging and for looking; a visitor's request commits it first.
    """

    def __init__(self, app: Flask, session: Session, at: datetime) -> None:
        self.app = app
        self.session = session
        app.extensions["arranged"] = session
        self.make = Make(session, at=at)
        self.municipality: Municipality = self.make.municipality()
        session.commit()

    @classmethod
    @contextmanager
    def opened(cls, app: Flask, *, at: datetime) -> Iterator[Site]:
        """Open the site with the clock standing still."""
        app.test_client_class = Visitor
        app.extensions["sends_tokens"] = True
        with app.app_context():
            engine = db.engine
        with clock.standing_at(at), Session(engine, expire_on_commit=False) as session:
            yield cls(app, session, at)

    def visitor(self) -> FlaskClient:
        """Return a fresh browser."""
        return self.app.test_client()

    def staff(self, *roles: Role) -> FlaskClient:
        """Return a browser signed in as a new member with the roles."""
        account = self.make.member(*roles, municipality=self.municipality)
        return self.signed_in(account)

    def signed_in(self, account: Account) -> FlaskClient:
        """Return a browser signed in with an account."""
        key: bytes = self.app.config["HASHING_KEY"]
        token = begin_session(self.session, account=account, key=key, at=clock.now())
        self.session.commit()
        browser = self.visitor()
        with browser.session_transaction() as cookie:
            cookie["_user_id"] = token
            cookie["_fresh"] = True
        return browser

    def fetch_maps_from(self, address: str) -> None:
        """Set the server of the maps' pictures, as a new start with other settings does."""
        self.app.config["TILE_SERVER"] = address
        self.app.extensions["kept_pages"].forget()

    def mails(self) -> list[EmailMessage]:
        """Return the mails that were sent, as their recipients get them."""
        folder = Path(self.app.config["DATA_FOLDER"]) / "mail"
        return [
            message_from_bytes(file.read_bytes(), policy=policy.default)
            for file in sorted(folder.glob("*.eml"))
        ]

    def work(self) -> int:
        """Do every background job that is due; return how many were done."""
        return work_once(self._open_session, registry)

    @contextmanager
    def _open_session(self) -> Iterator[Session]:
        with self.app.app_context():
            yield db.session()
