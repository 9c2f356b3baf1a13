"""How often a form may be sent, and that waiting for the limit waits for nothing else."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from participation.app import create_app
from participation.web.models import RateCount
from tests.conftest import NOON, settings_for
from tests.site import Site

FORM = {"email": "mara@example.org", "submission": "0" * 32}


@pytest.fixture
def twins(database_url: str, tmp_path: Path) -> Iterator[list[Site]]:
    """Two processes' worth of application on one database."""
    apps = [create_app(settings_for(database_url, tmp_path)) for _number in range(2)]
    with ExitStack() as stack:
        first = stack.enter_context(Site.opened(apps[0], at=NOON))
        second = object.__new__(Site)
        second.app, second.session = apps[1], first.session
        apps[1].test_client_class = apps[0].test_client_class
        apps[1].extensions["sends_tokens"] = True
        apps[1].extensions["arranged"] = first.session
        yield [first, second]
    for app in apps:
        with app.app_context():
            app.extensions["sqlalchemy"].engine.dispose()


def test_two_applications_on_one_database_count_together(twins: list[Site]):
    codes = [
        twins[number % 2].visitor().post("/konto/passwort", data=FORM).status_code
        for number in range(22)
    ]
    assert codes == [200] * 20 + [429] * 2


def test_another_network_is_counted_on_its_own(twins: list[Site]):
    for _round in range(21):
        twins[0].visitor().post("/konto/passwort", data=FORM)
    page = (
        twins[1]
        .visitor()
        .post("/konto/passwort", data=FORM, environ_overrides={"REMOTE_ADDR": "203.0.113.9"})
    )
    assert page.status_code == 200


@pytest.mark.parametrize(
    ("first", "second", "is_one"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("203.0.113.1", "203.0.113.2", False),
        ("", "unix:", True),
    ],
)
def test_a_household_is_one_network(app: Flask, first: str, second: str, is_one: bool):
    with Site.opened(app, at=NOON) as site:
        for _round in range(20):
            site.visitor().post(
                "/konto/passwort", data=FORM, environ_overrides={"REMOTE_ADDR": first}
            )
        page = site.visitor().post(
            "/konto/passwort", data=FORM, environ_overrides={"REMOTE_ADDR": second}
        )
        assert (page.status_code == 429) is is_one


def test_who_waits_is_told_how_long_and_loses_nothing(site: Site):
    for _round in range(20):
        site.visitor().post("/konto/passwort", data=FORM)
    page = site.visitor().post("/konto/passwort", data=FORM | {"note": "Mein langer Text"})
    assert page.status_code == 429
    assert 0 < int(page.headers["Retry-After"]) <= 3600
    assert "Minuten noch einmal" in page.text
    assert 'value="Mein langer Text"' in page.text


def test_reading_is_never_limited(site: Site):
    for _round in range(30):
        site.visitor().post("/konto/passwort", data=FORM)
    assert site.visitor().get("/konto/passwort").status_code == 200


def test_no_address_of_a_network_is_stored(site: Site):
    site.visitor().post(
        "/konto/passwort", data=FORM, environ_overrides={"REMOTE_ADDR": "203.0.113.77"}
    )
    keys = site.session.scalars(sa.select(RateCount.key)).all()
    assert keys
    assert not any("203.0.113" in key for key in keys)


def test_counting_does_not_wait_for_the_requests_own_lock(site: Site):
    """Somebody who is signed in has read the database before the view; on SQLite that locks."""
    account = site.make.account()
    browser = site.signed_in(account)
    before = time.monotonic()
    page = browser.post("/konto/passwort", data=FORM)
    assert page.status_code == 200
    assert time.monotonic() - before < 5


def test_counters_that_ran_out_are_forgotten(site: Site):
    site.session.add(RateCount(key="old", hits=3, expires_at=1.0))
    site.session.commit()
    site.work()
    site.session.expire_all()
    assert site.session.get(RateCount, "old") is None


def test_a_counter_that_ran_out_begins_anew(site: Site):
    site.visitor().post("/konto/passwort", data=FORM)
    with Session(site.session.get_bind()) as session:
        session.execute(sa.update(RateCount).values(hits=1000, expires_at=1.0))
        session.commit()
    assert site.visitor().post("/konto/passwort", data=FORM).status_code == 200
