"""Above the limit of a network people answer a question and go on; programs pay for each try."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from participation.foundation import clock
from participation.ideas.models import Idea, IdeaCall
from participation.web.models import RateCount
from tests.conftest import NOON
from tests.site import Site

FORM = "/beteiligung/digitale-orte/ideen/neu"
LIST = "/beteiligung/digitale-orte/ideen"
QUESTION = "Schreiben Sie diese Zahl ab"


@pytest.fixture
def school(app_on_both: Flask) -> Iterator[Site]:
    """A town that asks for ideas, on a database of each kind; all come from one address."""
    with Site.opened(app_on_both, at=NOON) as site:
        site.make.idea_call(site.municipality, title="Digitale Orte")
        site.session.commit()
        yield site


def idea(number: int, **more: str) -> dict[str, str]:
    """Return a fresh form with an idea like no other."""
    words = {"title": f"Vorhaben {number:03d}", "text": f"Wortlaut{number:03d} zeile"}
    return words | {"submission": uuid.uuid4().hex, "anyway": "1"} | more


def hidden(page: Any) -> dict[str, str]:
    """Return what the page of the question keeps."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text)
    return {name: unescape(value) for name, value in found}


def answered(page: Any, answer: str | None = None) -> dict[str, str]:
    """Return the form of the question with the number that it asks for."""
    asked = re.search(QUESTION + r": (\d{3} \d{3})<", page.text)
    assert asked is not None, page.text
    return hidden(page) | {"_answer": asked[1] if answer is None else answer}


def use_up(site: Site, browser: FlaskClient, form: str = FORM, limit: int = 60) -> None:
    """Let the network send as often as it may without a question."""
    browser.post(form)
    with Session(site.session.get_bind()) as session:
        session.execute(sa.update(RateCount).values(hits=limit))
        session.commit()


def ideas(site: Site) -> int:
    return site.session.scalar(sa.select(sa.func.count()).select_from(Idea)) or 0


def test_a_school_hands_in_sixty_ideas_and_more_from_one_address(school: Site):
    asked = 0
    for number in range(70):
        browser = school.visitor()
        page = browser.post(FORM, data=idea(number))
        if QUESTION in page.text:
            asked += 1
            page = browser.post(FORM, data=answered(page))
        assert page.status_code == 200, page.text
    assert ideas(school) == 70
    assert asked == 10


def test_what_was_typed_is_kept_and_nothing_is_stored_before_the_answer(school: Site):
    browser = school.visitor()
    use_up(school, browser)
    text = "Erste Zeile\r\n„Zweite“ <b>Zeile</b> & mehr"
    sent = idea(1, title="Bänke & Netz", text=text)
    page = browser.post(FORM, data=sent)
    assert page.status_code == 422
    assert "Ihre Eingaben sind noch da" in page.text
    assert {name: hidden(page)[name] for name in sent} == sent
    assert ideas(school) == 0
    assert browser.post(FORM, data=answered(page)).status_code == 200
    assert school.session.scalars(sa.select(Idea.title)).all() == ["Bänke & Netz"]


def test_a_form_that_is_shown_again_asks_only_once(school: Site):
    """Similar ideas and corrections come between the first sending and the last."""
    browser = school.visitor()
    use_up(school, browser)
    sent = idea(1, title="")
    page = browser.post(FORM, data=answered(browser.post(FORM, data=sent)))
    assert page.status_code == 422
    assert QUESTION not in page.text
    assert browser.post(FORM, data=sent | {"title": "Nun mit Titel"}).status_code == 200
    assert ideas(school) == 1


def test_an_answer_is_good_for_one_form_only(school: Site):
    browser = school.visitor()
    use_up(school, browser)
    form = answered(browser.post(FORM, data=idea(1)))
    assert browser.post(FORM, data=form).status_code == 200
    again = browser.post(FORM, data=form | idea(2))
    assert again.status_code == 422
    assert "oder die Frage war schon beantwortet" in again.text
    assert ideas(school) == 1


def test_one_form_sends_no_second_idea_with_its_answer(school: Site):
    browser = school.visitor()
    use_up(school, browser)
    form = answered(browser.post(FORM, data=idea(1)))
    for number in (1, 2, 3):
        browser.post(FORM, data=form | {"title": f"Noch eine {number}"})
    assert ideas(school) == 1


def test_a_wrong_answer_uses_the_question_up(school: Site):
    browser = school.visitor()
    use_up(school, browser)
    form = answered(browser.post(FORM, data=idea(1)))
    right = form["_answer"]
    wrong = browser.post(FORM, data=form | {"_answer": "000 000"})
    assert wrong.status_code == 422
    assert "aria-invalid" in wrong.text
    # The right number comes too late: every question may be tried once.
    assert browser.post(FORM, data=form | {"_answer": right}).status_code == 422
    assert ideas(school) == 0
    assert browser.post(FORM, data=answered(wrong)).status_code == 200
    assert ideas(school) == 1


@pytest.mark.parametrize("typed", ["{0}{1}", " {0}-{1} ", "{0}.{1}", "٠{0}{1}"])
def test_a_number_may_be_grouped_otherwise(school: Site, typed: str):
    browser = school.visitor()
    use_up(school, browser)
    page = browser.post(FORM, data=idea(1))
    first, second = answered(page)["_answer"].split()
    taken = browser.post(FORM, data=answered(page, typed.format(first, second)))
    # A number with one more digit, in whichever script, is another number.
    assert taken.status_code == (422 if "٠" in typed else 200)


def test_a_question_expires(school: Site):
    browser = school.visitor()
    use_up(school, browser)
    form = answered(browser.post(FORM, data=idea(1)))
    with clock.standing_at(NOON + timedelta(minutes=31)):
        assert browser.post(FORM, data=form).status_code == 422
    assert ideas(school) == 0
    with clock.standing_at(NOON + timedelta(minutes=29)):
        assert browser.post(FORM, data=form).status_code == 200


def test_a_token_fits_its_page_and_its_network_and_is_ours(school: Site):
    school.make.idea_call(school.municipality, title="Andere Orte")
    browser, elsewhere = school.visitor(), {"REMOTE_ADDR": "203.0.113.9"}
    use_up(school, browser)
    browser.post(FORM, environ_overrides=elsewhere)
    use_up(school, browser)
    form = answered(browser.post(FORM, data=idea(1)))
    moment, nonce, seal = form["_challenge"].split(".")
    later = str(int(moment) + 1)
    for token in (f"{later}.{nonce}.{seal}", f"{moment}.x{nonce[1:]}.{seal}", "..", "x", "é.é.é"):
        page = browser.post(FORM, data=form | {"_challenge": token})
        assert page.status_code == 422, token
    other = browser.post(FORM.replace("digitale", "andere"), data=form)
    assert other.status_code == 422
    assert QUESTION in other.text
    assert QUESTION in browser.post(FORM, data=form, environ_overrides=elsewhere).text
    # None of that has used it up.
    assert browser.post(FORM, data=form).status_code == 200


def test_far_above_the_limit_a_form_is_refused_whatever_the_answer(school: Site):
    browser = school.visitor()
    use_up(school, browser)
    form = answered(browser.post(FORM, data=idea(1)))
    with Session(school.session.get_bind()) as session:
        session.execute(
            sa.update(RateCount).where(RateCount.key.contains("ceiling")).values(hits=600)
        )
        session.commit()
    page = browser.post(FORM, data=form)
    assert page.status_code == 429
    assert page.headers["Retry-After"]
    assert "_challenge" not in page.text
    assert ideas(school) == 0


def test_wrong_answers_count_as_sendings(school: Site):
    browser = school.visitor()
    use_up(school, browser)
    page = browser.post(FORM, data=idea(1))
    for _try in range(3):
        page = browser.post(FORM, data=answered(page, "1"))
    counted = school.session.scalars(
        sa.select(RateCount.hits).where(RateCount.key.contains("ceiling"))
    ).all()
    assert counted == [4]


def test_one_answer_is_good_for_thirty_supports_of_one_browser(school: Site):
    call = school.session.scalars(sa.select(IdeaCall)).one()
    shown = [school.make.idea(call).number for _number in range(32)]
    browser = school.visitor()
    address = f"{LIST}/{{}}/unterstuetzen"
    use_up(school, browser, address.format(shown[0]), limit=300)
    page = browser.post(address.format(shown[0]))
    assert browser.post(address.format(shown[0]), data=answered(page)).status_code == 303
    codes = [browser.post(address.format(number)).status_code for number in shown[1:]]
    assert codes == [303] * 29 + [422] * 2
    # Somebody else's browser, which has a voice of its own, answers for itself.
    assert school.visitor().post(address.format(shown[5])).status_code == 422


def test_the_question_stands_in_english(school: Site):
    browser = school.visitor()
    use_up(school, browser)
    browser.set_cookie("language", "en")
    page = browser.post(FORM, data=idea(1))
    assert "Please copy this number" in page.text


def test_another_sites_form_gets_no_question_and_is_not_counted(school: Site):
    """Else our page would send what another site filled in."""
    browser = school.visitor()
    use_up(school, browser)
    page = browser.post(FORM, data=idea(1), headers={"Sec-Fetch-Site": "cross-site"})
    assert page.status_code == 403
    assert "_challenge" not in page.text
    assert not school.session.scalars(
        sa.select(RateCount.hits).where(RateCount.key.contains("ceiling"))
    ).all()


def test_signing_in_keeps_refusing(school: Site):
    form = {"email": "mara@example.org", "submission": "0" * 32}
    pages = [school.visitor().post("/konto/passwort", data=form) for _round in range(21)]
    assert pages[-1].status_code == 429
    assert "_challenge" not in pages[-1].text
