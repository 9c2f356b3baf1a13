"""The pages below /konto/, one module per matter."""

from participation.accounts.blueprint import blueprint
from participation.accounts.views import (
    invitations,
    passwords,
    profile,
    second_factor,
    sign_in,
    sign_up,
)

__all__ = [
    "blueprint",
    "invitations",
    "passwords",
    "profile",
    "second_factor",
    "sign_in",
    "sign_up",
]
