"""Where the links of a demo lead."""

from __future__ import annotations

import pytest

from participation.serving import address_of_demo


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8110"),
        ("localhost", "http://localhost:8110"),
        ("::1", "http://[::1]:8110"),
    ],
)
def test_the_links_of_a_demo_lead_to_its_port(host, address):
    assert address_of_demo({}, host, 8110) == address


def test_an_address_that_somebody_has_set_stays():
    assert address_of_demo({"PARTICIPATION_BASE_ADDRESS": "https://x.example"}, "::1", 1) is None
    assert address_of_demo({"PARTICIPATION_CONFIG": "town.toml"}, "127.0.0.1", 1) is None
    assert address_of_demo({}, "0.0.0.0", 8110) is None
