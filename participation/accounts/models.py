"""Municipalities, accounts, roles, and the sessions of people who are signed in."""

from __future__ import annotations

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from participation.foundation.orm import Base, one_of


class Role(enum.Enum):
    """What a person may do for a municipality. A citizen needs none."""

    MODERATOR = "moderator"
    STRATEGIST = "strategist"
    ANALYST = "analyst"
    ADMINISTRATOR = "administrator"


class MunicipalityKind(enum.Enum):
    """What kind of body it is; pages speak of „die Stadt“, „die Gemeinde“ and so on."""

    TOWN = "town"
    COMMUNE = "commune"
    AMT = "amt"
    COUNTY = "county"
    ASSOCIATION = "association"


class DutyText(enum.Enum):
    """A text that the law or our own rules ask for, most of them before anything is published."""

    IMPRINT = "imprint"
    PRIVACY = "privacy"
    ACCESSIBILITY = "accessibility"
    RULES = "rules"
    EASY_LANGUAGE = "easy_language"


# For the page in easy language our own text stands in until the municipality has written one.
REQUIRED_TEXTS: tuple[DutyText, ...] = tuple(
    text for text in DutyText if text is not DutyText.EASY_LANGUAGE
)


class Municipality(Base):
    """The tenant: its name, its look and the texts that it owes its citizens."""

    __tablename__ = "municipality"
    __table_args__ = (
        sa.CheckConstraint("slug <> ''", name="slug"),
        sa.CheckConstraint("accent_colour LIKE '#______'", name="accent_colour"),
        sa.CheckConstraint("(logo IS NULL) = (logo_type IS NULL)", name="logo"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("municipality.id"), index=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[MunicipalityKind] = mapped_column(one_of(MunicipalityKind, "kind"))
    postal_line: Mapped[str] = mapped_column(default="")
    contact_email: Mapped[str] = mapped_column(default="")
    accent_colour: Mapped[str] = mapped_column(default="#3a6a3c")
    logo: Mapped[bytes | None] = mapped_column(sa.LargeBinary, deferred=True)
    logo_type: Mapped[str | None]
    is_demo: Mapped[bool] = mapped_column(default=False)
    # Other sites that may show the card of an engagement, one origin in a line.
    embed_origins: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]

    duty_texts: Mapped[list[MunicipalityText]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True
    )


class MunicipalityText(Base):
    """One duty text. It counts only when somebody has completed it."""

    __tablename__ = "municipality_text"

    municipality_id: Mapped[int] = mapped_column(
        sa.ForeignKey("municipality.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[DutyText] = mapped_column(one_of(DutyText, "kind"), primary_key=True)
    source: Mapped[str]
    html: Mapped[str]
    completed: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime]


class Account(Base):
    """A person who can sign in. The address is stored in lower case."""

    __tablename__ = "account"
    __table_args__ = (
        sa.CheckConstraint("email = lower(email)", name="email"),
        sa.CheckConstraint(
            "(totp_salt IS NULL) = (totp_since IS NULL)"
            " AND (totp_salt IS NULL) = (totp_step IS NULL)",
            name="second_factor",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    display_name: Mapped[str]
    password_hash: Mapped[str]
    created_at: Mapped[datetime]
    suspended_at: Mapped[datetime | None]
    single_keys: Mapped[bool] = mapped_column(default=True)
    # The second factor's secret follows from the server's key and this salt; it is stored nowhere.
    totp_salt: Mapped[str | None]
    totp_since: Mapped[datetime | None]
    # The time step of the last code that was accepted: a code is good for one use.
    totp_step: Mapped[int | None]

    memberships: Mapped[list[Membership]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True
    )


class Membership(Base):
    """A role of an account in a municipality."""

    __tablename__ = "membership"

    account_id: Mapped[int] = mapped_column(
        sa.ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    municipality_id: Mapped[int] = mapped_column(
        sa.ForeignKey("municipality.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    role: Mapped[Role] = mapped_column(one_of(Role, "role"), primary_key=True)
    granted_at: Mapped[datetime]


class Invitation(Base):
    """An invitation to take up a role, sent by mail; only its token's hash is stored."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality_id: Mapped[int] = mapped_column(
        sa.ForeignKey("municipality.id", ondelete="CASCADE"), index=True
    )
    email: Mapped[str]
    role: Mapped[Role] = mapped_column(one_of(Role, "role"))
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]


class PasswordReset(Base):
    """Leave to set a new password, sent by mail and good for one use."""

    __tablename__ = "password_reset"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(
        sa.ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    token_hash: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignUp(Base):
    """Leave to make an account for an address, sent to it by mail and good for one use."""

    __tablename__ = "sign_up"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[datetime]


class AccountSession(Base):
    """A signed-in browser. Deleting the row signs it out, wherever it is."""

    __tablename__ = "account_session"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(
        sa.ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    began_at: Mapped[datetime]
    expires_at: Mapped[datetime]

    account: Mapped[Account] = relationship()
