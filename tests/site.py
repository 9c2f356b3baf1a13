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
from sqlalchemy.orm import Session

from participation.accounts.models import Account, Municipality, Role
from participation.accounts.sessions import begin_session
from participation.foundation import clock
from participation.jobs.registry import registry
from participation.jobs.worker import work_once
from participation.web.extensions import db
from tests.factories import Make

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


class Visitor(FlaskClient):
    """A browser that says where its forms come from, as real ones do."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        # What was arranged is there, and no lock of ours keeps the page waiting.
        self.application.extensions["arranged"].commit()
        headers = dict(kwargs.pop("headers", None) or {})
        if not headers.pop("No-Origin", None):
            headers = SAME_ORIGIN | headers
        return super().open(*args, headers=headers, **kwargs)


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
        app.config["WTF_CSRF_ENABLED"] = False
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
