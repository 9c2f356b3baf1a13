"""What takes a while keeps nobody else from sending theirs."""

from __future__ import annotations

import importlib
import io
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from participation.contributions.operations import withdraw
from participation.foundation import clock
from participation.ideas import suggestions
from participation.ideas.grouping import dismiss
from participation.ideas.models import Idea
from participation.maintenance.commands.duplicates import duplicates
from tests.conftest import NOON
from tests.pages import pressed
from tests.photographs import photograph

COMMAND = "participation.maintenance.commands.duplicates"
IMAGES = "participation.ideas.image_fields"
FORM = "/beteiligung/orte/ideen/neu"


@pytest.fixture
def call(site):
    call = site.make.idea_call(site.municipality, title="Orte")
    for _ in range(2):
        site.make.idea(call, title="Bank am Teich", text="Am Teich fehlt eine Bank mit Lehne.")
    site.session.commit()
    return call


def send(site, **files):
    """Send an idea, and say how that is answered."""
    browser = site.visitor()
    words = {"title": "Zaun am Anger", "text": "Am Anger fehlt ein Zaun.", "anyway": "1"}
    with clock.standing_at(NOON):
        target, fields = pressed(browser.get(FORM).text, "Idee absenden", **words)
        content_type = "multipart/form-data"
        return browser.post(target, data=fields | files, content_type=content_type).status_code


def send_meanwhile(site, monkeypatch, module, name):
    """Let somebody send an idea while something is done; return the answers, as they come."""
    answers: list[int] = []
    do = getattr(importlib.import_module(module), name)

    def do_slowly(*given, **more):
        if not answers:
            # Somebody else, with a connection of their own.
            with ThreadPoolExecutor(1) as other:
                answers.append(other.submit(send, site).result())
        return do(*given, **more)

    monkeypatch.setattr(importlib.import_module(module), name, do_slowly)
    return answers


def suggested(site, call):
    found = suggestions.suggestions(site.session, call.id)
    site.session.commit()
    return [[idea.number for idea in one.ideas] for one in found]


def test_an_idea_comes_in_while_others_are_compared(site, call, monkeypatch):
    answers = send_meanwhile(site, monkeypatch, suggestions.__name__, "same_pairs")
    assert site.work() > 0
    assert answers == [200]
    assert suggested(site, call) == [[1, 2]]
    site.session.refresh(call)
    # The next hour compares the one that came in meanwhile.
    assert (call.last_number, call.compared_number) == (3, 2)


def test_the_command_keeps_nobody_waiting_either(site, call, monkeypatch):
    answers = send_meanwhile(site, monkeypatch, COMMAND, "same_pairs")
    ran = site.app.test_cli_runner().invoke(duplicates, ["orte", "--json"])
    assert ran.exit_code == 0, ran.output
    assert answers == [200]
    assert '"a": "1", "b": "2"' in ran.stdout


def test_what_was_told_apart_or_taken_back_meanwhile_is_not_suggested(site, call):
    session = site.session
    third = site.make.idea(call, title="Bank am Teich", text="Am Teich fehlt eine Bank mit Lehne.")
    first, second, _ = session.scalars(sa.select(Idea).order_by(Idea.number)).all()
    compared = suggestions.compare(session, call.id)
    assert compared is not None
    assert len(compared.pairs) == 2
    dismiss(session, ideas=[first, second], actor=None, at=NOON)
    withdraw(session, contribution=third, at=NOON)
    assert suggestions.keep_compared(session, call.id, compared) == 0
    assert suggested(site, call) == []


def test_an_idea_comes_in_while_images_of_another_are_read(site, call, monkeypatch):
    answers = send_meanwhile(site, monkeypatch, IMAGES, "ready_image")
    picture = (io.BytesIO(photograph()), "Bank.jpg")
    assert send(site, image_1=picture, shows_1="Eine Bank") == 200
    assert answers == [200]
    assert site.session.scalar(sa.select(sa.func.count(Idea.id))) == 4
