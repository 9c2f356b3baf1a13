"""What a mail server says about an address, and whether it is final."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from participation.foundation.errors import BrokenInput
from participation.notifications.bounces import (
    Bounce,
    means_unreachable,
    name_of,
    read_report,
)
from participation.notifications.models import OutboxMessage
from tests.bounces import report

KEY = b"k" * 32
OURS = OutboxMessage(
    id=7, address="mara@example.org", written_at=datetime(2026, 5, 7, 12, tzinfo=UTC)
)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (550, b"5.1.1 <mara@example.org>: Recipient address rejected: User unknown"),
        (550, b"No such user here"),
        (551, b"User not local"),
        (553, b"5.1.3 Bad destination mailbox address syntax"),
        (550, b"5.2.1 The account is disabled"),
    ],
)
def test_an_address_that_does_not_exist_or_is_closed_is_unreachable(code, words):
    assert means_unreachable(code, words)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (451, b"4.3.0 Please try again later"),
        (450, b"4.2.0 Greylisted"),
        (552, b"5.2.2 Mailbox full"),
        (550, b"5.7.1 Message rejected as spam"),
        (554, b"Service unavailable; client host blocked"),
        (530, b"5.7.0 Authentication required"),
    ],
)
def test_what_may_pass_says_nothing_about_an_address(code, words):
    assert not means_unreachable(code, words)


@pytest.mark.parametrize("as_headers", [True, False])
def test_a_report_names_our_mail_and_the_address(as_headers):
    written = report(name_of(OURS, KEY), "Mara@Example.org", as_headers=as_headers)
    assert read_report(written, KEY) == Bounce(7, "mara@example.org")


@pytest.mark.parametrize(
    ("action", "status"), [("delayed", "4.4.1"), ("failed", "5.2.2"), ("failed", "4.4.7")]
)
def test_a_report_of_what_may_pass_ends_nothing(action, status):
    written = report(name_of(OURS, KEY), "mara@example.org", action=action, status=status)
    assert read_report(written, KEY) is None


@pytest.mark.parametrize(
    "name",
    [
        "outbox-7-20260507120000-0123456789ab",
        "outbox-7-20260507120000",
        "somebody-else",
        name_of(OURS, b"another key" * 3),
    ],
)
def test_a_report_of_a_mail_that_was_not_sent_from_here_is_refused(name):
    with pytest.raises(BrokenInput):
        read_report(report(name, "mara@example.org"), KEY)


@pytest.mark.parametrize("content", [b"", b"\xff\x00" * 99, b"Subject: Urlaub\n\nIch bin weg."])
def test_any_other_mail_is_refused(content):
    with pytest.raises(BrokenInput):
        read_report(content, KEY)


def test_a_giant_report_is_refused():
    with pytest.raises(BrokenInput, match="1 MB"):
        read_report(b"x" * (1024 * 1024 + 1), KEY)
