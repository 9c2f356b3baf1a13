"""The tables of the loop."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import op

from participation.foundation.orm import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make all tables, and the triggers that keep what must never change."""
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("suspended_at", UtcDateTime(), nullable=True),
        sa.Column("single_keys", sa.Boolean(), nullable=False),
        sa.Column("totp_salt", sa.Text(), nullable=True),
        sa.Column("totp_since", UtcDateTime(), nullable=True),
        sa.Column("totp_step", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(totp_salt IS NULL) = (totp_since IS NULL) AND (totp_salt IS NULL) = (totp_step IS NULL)",
            name=op.f("ck_account_second_factor"),
        ),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_account_email")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
    )
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "running",
                "done",
                "failed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("leased_until", UtcDateTime(), nullable=True),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(state = 'running') = (leased_until IS NOT NULL)", name=op.f("ck_job_lease")
        ),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_job_attempts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("key", name=op.f("uq_job_key")),
    )
    op.create_index("ix_job_due", "job", ["state", "due_at"], unique=False)
    op.create_table(
        "journal_entry",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=True),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_journal_entry")),
        sa.UniqueConstraint("digest", name=op.f("uq_journal_entry_digest")),
    )
    op.create_index(
        "ix_journal_entry_municipality",
        "journal_entry",
        ["municipality_id", "number"],
        unique=False,
    )
    op.create_table(
        "municipality",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "town",
                "commune",
                "amt",
                "county",
                "association",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("postal_line", sa.Text(), nullable=False),
        sa.Column("contact_email", sa.Text(), nullable=False),
        sa.Column("accent_colour", sa.Text(), nullable=False),
        sa.Column("logo", sa.LargeBinary(), nullable=True),
        sa.Column("logo_type", sa.Text(), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("embed_origins", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "accent_colour LIKE '#______'", name=op.f("ck_municipality_accent_colour")
        ),
        sa.CheckConstraint("slug <> ''", name=op.f("ck_municipality_slug")),
        sa.CheckConstraint(
            "(logo IS NULL) = (logo_type IS NULL)", name=op.f("ck_municipality_logo")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["municipality.id"], name=op.f("fk_municipality_parent_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_municipality")),
        sa.UniqueConstraint("slug", name=op.f("uq_municipality_slug")),
    )
    op.create_index(op.f("ix_municipality_parent_id"), "municipality", ["parent_id"], unique=False)
    op.create_table(
        "outbox_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("refused_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_message")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_message_key")),
    )
    op.create_table(
        "rate_count",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_rate_count")),
    )
    op.create_index(op.f("ix_rate_count_expires_at"), "rate_count", ["expires_at"], unique=False)
    op.create_table(
        "sign_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_up")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_up_token_hash")),
    )
    op.create_index(op.f("ix_sign_up_email"), "sign_up", ["email"], unique=False)
    op.create_table(
        "account_session",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("began_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_account_session_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_account_session")),
    )
    op.create_index(
        op.f("ix_account_session_account_id"), "account_session", ["account_id"], unique=False
    )
    op.create_table(
        "engagement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "survey",
                "idea_call",
                "comment_round",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("scope_open", sa.Text(), nullable=False),
        sa.Column("scope_closed", sa.Text(), nullable=False),
        sa.Column("opens_at", UtcDateTime(), nullable=False),
        sa.Column("closes_at", UtcDateTime(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.Column("evaluated_at", UtcDateTime(), nullable=True),
        sa.Column("archived_at", UtcDateTime(), nullable=True),
        sa.Column("remind_days", sa.Integer(), nullable=True),
        sa.Column("reminded_at", UtcDateTime(), nullable=True),
        sa.Column(
            "audience",
            sa.Enum(
                "open",
                "mail",
                "account",
                "code",
                name="audience",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "moderation_mode",
            sa.Enum(
                "before",
                "after",
                name="moderation_mode",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "results_mode",
            sa.Enum(
                "at_closing",
                "interim",
                name="results_mode",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("participants", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("slug <> ''", name=op.f("ck_engagement_slug")),
        sa.CheckConstraint("title <> ''", name=op.f("ck_engagement_title")),
        sa.CheckConstraint(
            "archived_at IS NULL OR published_at IS NOT NULL", name=op.f("ck_engagement_archived")
        ),
        sa.CheckConstraint(
            "evaluated_at IS NULL OR published_at IS NOT NULL", name=op.f("ck_engagement_evaluated")
        ),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_engagement_opening_time")),
        sa.CheckConstraint("participants >= 0", name=op.f("ck_engagement_participants")),
        sa.CheckConstraint("remind_days > 0", name=op.f("ck_engagement_remind_days")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_engagement_municipality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement")),
        sa.UniqueConstraint(
            "municipality_id", "slug", name=op.f("uq_engagement_municipality_id_slug")
        ),
    )
    op.create_index(
        "ix_engagement_times", "engagement", ["municipality_id", "closes_at"], unique=False
    )
    op.create_table(
        "hearing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.CheckConstraint("title <> ''", name=op.f("ck_hearing_title")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_hearing_municipality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hearing")),
        sa.UniqueConstraint(
            "municipality_id", "slug", name=op.f("uq_hearing_municipality_id_slug")
        ),
    )
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "moderator",
                "strategist",
                "analyst",
                "administrator",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("accepted_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name=op.f("fk_invitation_municipality_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    op.create_index(
        op.f("ix_invitation_municipality_id"), "invitation", ["municipality_id"], unique=False
    )
    op.create_table(
        "membership",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "moderator",
                "strategist",
                "analyst",
                "administrator",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("granted_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_membership_account_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name=op.f("fk_membership_municipality_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "account_id", "municipality_id", "role", name=op.f("pk_membership")
        ),
    )
    op.create_index(
        op.f("ix_membership_municipality_id"), "membership", ["municipality_id"], unique=False
    )
    op.create_table(
        "municipality_text",
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "imprint",
                "privacy",
                "accessibility",
                "rules",
                "easy_language",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("completed", sa.Boolean(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["municipality_id"],
            ["municipality.id"],
            name=op.f("fk_municipality_text_municipality_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("municipality_id", "kind", name=op.f("pk_municipality_text")),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "chamber",
                "association",
                "neighbour",
                "county",
                "authority",
                "science",
                "business",
                "other",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.CheckConstraint("name <> ''", name=op.f("ck_organisation_name")),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_organisation_municipality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint(
            "municipality_id", "name", name=op.f("uq_organisation_municipality_id_name")
        ),
    )
    op.create_table(
        "password_reset",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_password_reset_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_reset")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_password_reset_token_hash")),
    )
    op.create_index(
        op.f("ix_password_reset_account_id"), "password_reset", ["account_id"], unique=False
    )
    op.create_table(
        "strategy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("municipality_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("deputy", sa.Text(), nullable=False),
        sa.Column("measuring_interval", sa.Integer(), nullable=False),
        sa.Column("review_interval", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("measuring_interval > 0", name=op.f("ck_strategy_measuring_interval")),
        sa.CheckConstraint(
            "review_interval BETWEEN 24 AND 36", name=op.f("ck_strategy_review_interval")
        ),
        sa.ForeignKeyConstraint(
            ["municipality_id"], ["municipality.id"], name=op.f("fk_strategy_municipality_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_strategy")),
        sa.UniqueConstraint("municipality_id", name=op.f("uq_strategy_municipality_id")),
    )
    op.create_table(
        "aggregate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("release", sa.Integer(), nullable=False),
        sa.Column("final", sa.Boolean(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "survey_question",
                "ideas",
                "comments",
                "votes",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("released_at", UtcDateTime(), nullable=False),
        sa.Column("released_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("n >= 0", name=op.f("ck_aggregate_n")),
        sa.CheckConstraint("release > 0", name=op.f("ck_aggregate_release")),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagement.id"], name=op.f("fk_aggregate_engagement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aggregate")),
        sa.UniqueConstraint(
            "engagement_id",
            "release",
            "kind",
            "subject",
            name=op.f("uq_aggregate_engagement_id_release_kind_subject"),
        ),
    )
    op.create_table(
        "element",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("strategy_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "vision",
                "action_field",
                "goal",
                "measure",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_element_number")),
        sa.ForeignKeyConstraint(
            ["strategy_id"], ["strategy.id"], name=op.f("fk_element_strategy_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_element")),
        sa.UniqueConstraint("strategy_id", "code", name=op.f("uq_element_strategy_id_code")),
        sa.UniqueConstraint(
            "strategy_id", "kind", "number", name=op.f("uq_element_strategy_id_kind_number")
        ),
    )
    op.create_table(
        "engagement_extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("closed_before", UtcDateTime(), nullable=False),
        sa.Column("closes_now", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("extended_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_engagement_extension_reason")),
        sa.CheckConstraint(
            "closed_before < closes_now", name=op.f("ck_engagement_extension_later")
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_engagement_extension_engagement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement_extension")),
    )
    op.create_index(
        op.f("ix_engagement_extension_engagement_id"),
        "engagement_extension",
        ["engagement_id"],
        unique=False,
    )
    op.create_table(
        "engagement_text",
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("scope_open", sa.Text(), nullable=False),
        sa.Column("scope_closed", sa.Text(), nullable=False),
        sa.Column("made_from", sa.Text(), nullable=False),
        sa.CheckConstraint("language <> 'de'", name=op.f("ck_engagement_text_language")),
        sa.CheckConstraint("title <> ''", name=op.f("ck_engagement_text_title")),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_engagement_text_engagement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("engagement_id", "language", name=op.f("pk_engagement_text")),
    )
    op.create_table(
        "finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("strategy_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("sentence <> ''", name=op.f("ck_finding_sentence")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["account.id"],
            name=op.f("fk_finding_recorded_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["strategy_id"], ["strategy.id"], name=op.f("fk_finding_strategy_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
        sa.UniqueConstraint("strategy_id", "number", name=op.f("uq_finding_strategy_id_number")),
    )
    op.create_table(
        "idea_call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("guide", sa.Text(), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column(
            "asks_place",
            sa.Enum(
                "none",
                "optional",
                "required",
                name="asks_place",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("compared_number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["id"], ["engagement.id"], name=op.f("fk_idea_call_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idea_call")),
    )
    op.create_table(
        "letter_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("is_reminder", sa.Boolean(), nullable=False),
        sa.Column("list_hash", sa.Text(), nullable=False),
        sa.Column("submission", sa.Text(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("list_hash <> ''", name=op.f("ck_letter_batch_list_hash")),
        sa.CheckConstraint("letters > 0", name=op.f("ck_letter_batch_letters")),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_letter_batch_engagement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_batch")),
        sa.UniqueConstraint("submission", name=op.f("uq_letter_batch_submission")),
    )
    op.create_index(
        op.f("ix_letter_batch_engagement_id"), "letter_batch", ["engagement_id"], unique=False
    )
    op.create_table(
        "official_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("strategy_id", sa.Integer(), nullable=False),
        sa.Column(
            "disposition",
            sa.Enum(
                "adopted",
                "partly_adopted",
                "already_covered",
                "deferred",
                "not_adopted",
                name="disposition",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("with_adoption", sa.Boolean(), nullable=False),
        sa.Column("drafted_by_id", sa.Integer(), nullable=True),
        sa.Column("drafted_at", UtcDateTime(), nullable=False),
        sa.Column("signed_by_id", sa.Integer(), nullable=True),
        sa.Column("signed_at", UtcDateTime(), nullable=True),
        sa.Column("second_id", sa.Integer(), nullable=True),
        sa.Column("second_signed_at", UtcDateTime(), nullable=True),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("reasons <> ''", name=op.f("ck_official_answer_reasons")),
        sa.CheckConstraint(
            "(second_signed_at IS NULL) OR (signed_at IS NOT NULL)",
            name=op.f("ck_official_answer_order_of_signing"),
        ),
        sa.CheckConstraint(
            "published_at IS NULL OR second_signed_at IS NOT NULL",
            name=op.f("ck_official_answer_published"),
        ),
        sa.CheckConstraint(
            "second_id IS NULL OR second_id <> signed_by_id",
            name=op.f("ck_official_answer_two_people"),
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by_id"],
            ["account.id"],
            name=op.f("fk_official_answer_drafted_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["second_id"],
            ["account.id"],
            name=op.f("fk_official_answer_second_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["signed_by_id"],
            ["account.id"],
            name=op.f("fk_official_answer_signed_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["strategy_id"], ["strategy.id"], name=op.f("fk_official_answer_strategy_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_official_answer")),
    )
    op.create_index(
        "ix_official_answer_strategy",
        "official_answer",
        ["strategy_id", "published_at"],
        unique=False,
    )
    op.create_table(
        "organisation_invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("invited_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("code_hash <> ''", name=op.f("ck_organisation_invitation_code_hash")),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_organisation_invitation_engagement_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_invitation_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_invitation")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_organisation_invitation_code_hash")),
        sa.UniqueConstraint(
            "engagement_id",
            "organisation_id",
            name=op.f("uq_organisation_invitation_engagement_id_organisation_id"),
        ),
    )
    op.create_index(
        op.f("ix_organisation_invitation_organisation_id"),
        "organisation_invitation",
        ["organisation_id"],
        unique=False,
    )
    op.create_table(
        "participant_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("link_key", sa.Text(), nullable=False),
        sa.Column("is_used", sa.Boolean(), nullable=False),
        sa.Column("invited_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("link_key <> ''", name=op.f("ck_participant_group_link_key")),
        sa.CheckConstraint("name <> ''", name=op.f("ck_participant_group_name")),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_participant_group_engagement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant_group")),
        sa.UniqueConstraint(
            "engagement_id", "id", name=op.f("uq_participant_group_engagement_id_id")
        ),
        sa.UniqueConstraint(
            "engagement_id", "name", name=op.f("uq_participant_group_engagement_id_name")
        ),
    )
    op.create_table(
        "participation_mark",
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_participation_mark_engagement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("engagement_id", "mark", name=op.f("pk_participation_mark")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "strategy_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("strategy_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("consultation", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "in_consultation",
                "adopted",
                "superseded",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("adopted_at", UtcDateTime(), nullable=True),
        sa.Column("resolution_body", sa.Text(), nullable=False),
        sa.Column("resolution_on", sa.Date(), nullable=True),
        sa.Column("resolution_number", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(consultation = 0 AND status <> 'in_consultation') OR (consultation > 0 AND status IN ('draft', 'in_consultation'))",
            name=op.f("ck_strategy_version_consultation"),
        ),
        sa.CheckConstraint(
            "(status IN ('adopted', 'superseded')) = (adopted_at IS NOT NULL)",
            name=op.f("ck_strategy_version_adopted"),
        ),
        sa.CheckConstraint(
            "adopted_at IS NULL OR (resolution_body <> '' AND resolution_number <> '' AND resolution_on IS NOT NULL)",
            name=op.f("ck_strategy_version_resolution"),
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_strategy_version_number")),
        sa.ForeignKeyConstraint(
            ["strategy_id"], ["strategy.id"], name=op.f("fk_strategy_version_strategy_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_strategy_version")),
    )
    op.create_index(
        "uq_strategy_version_adopted",
        "strategy_version",
        ["strategy_id"],
        unique=True,
        sqlite_where=sa.text("status = 'adopted'"),
        postgresql_where=sa.text("status = 'adopted'"),
    )
    op.create_index(
        "uq_strategy_version_consultation",
        "strategy_version",
        ["strategy_id", "number", "consultation"],
        unique=True,
    )
    op.create_index(
        "uq_strategy_version_number",
        "strategy_version",
        ["strategy_id", "number"],
        unique=True,
        sqlite_where=sa.text("consultation = 0"),
        postgresql_where=sa.text("consultation = 0"),
    )
    op.create_table(
        "subscription",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("about_all", sa.Boolean(), nullable=False),
        sa.Column(
            "pace",
            sa.Enum(
                "daily",
                "at_once",
                name="pace",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (address <> '')", name=op.f("ck_subscription_ended")
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_subscription_engagement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
    )
    op.create_index(
        "ix_subscription_address", "subscription", ["address", "created_at"], unique=False
    )
    op.create_index(
        "ix_subscription_engagement_id", "subscription", ["engagement_id"], unique=False
    )
    op.create_index(
        "uq_subscription_address",
        "subscription",
        ["engagement_id", "address"],
        unique=True,
        sqlite_where=sa.text("about_all AND ended_at IS NULL"),
        postgresql_where=sa.text("about_all AND ended_at IS NULL"),
    )
    op.create_table(
        "survey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slips_until", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["id"], ["engagement.id"], name=op.f("fk_survey_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey")),
    )
    op.create_table(
        "table_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "online",
                "paper",
                "on_behalf",
                "imported",
                "letter",
                "phone",
                "workshop",
                "counter",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("submission", sa.Text(), nullable=False),
        sa.Column("imported_at", UtcDateTime(), nullable=False),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("origin <> ''", name=op.f("ck_table_import_origin")),
        sa.CheckConstraint("number > 0", name=op.f("ck_table_import_number")),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_table_import_engagement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_table_import")),
        sa.UniqueConstraint("submission", name=op.f("uq_table_import_submission")),
    )
    op.create_index(
        op.f("ix_table_import_engagement_id"), "table_import", ["engagement_id"], unique=False
    )
    op.create_table(
        "aggregate_element",
        sa.Column("aggregate_id", sa.Integer(), nullable=False),
        sa.Column("element_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["aggregate_id"], ["aggregate.id"], name=op.f("fk_aggregate_element_aggregate_id")
        ),
        sa.ForeignKeyConstraint(
            ["element_id"], ["element.id"], name=op.f("fk_aggregate_element_element_id")
        ),
        sa.PrimaryKeyConstraint("aggregate_id", "element_id", name=op.f("pk_aggregate_element")),
    )
    op.create_index(
        op.f("ix_aggregate_element_element_id"), "aggregate_element", ["element_id"], unique=False
    )
    op.create_table(
        "announcement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("strategy_id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.Column("announced_at", UtcDateTime(), nullable=False),
        sa.Column("fanned_out_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(answer_id IS NULL) <> (version_id IS NULL)", name=op.f("ck_announcement_one_of_two")
        ),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["official_answer.id"], name=op.f("fk_announcement_answer_id")
        ),
        sa.ForeignKeyConstraint(
            ["strategy_id"], ["strategy.id"], name=op.f("fk_announcement_strategy_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["strategy_version.id"], name=op.f("fk_announcement_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
    )
    op.create_index(
        op.f("ix_announcement_strategy_id"), "announcement", ["strategy_id"], unique=False
    )
    op.create_table(
        "answered_finding",
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["official_answer.id"],
            name=op.f("fk_answered_finding_answer_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["finding.id"], name=op.f("fk_answered_finding_finding_id")
        ),
        sa.PrimaryKeyConstraint("finding_id", name=op.f("pk_answered_finding")),
    )
    op.create_index(
        op.f("ix_answered_finding_answer_id"), "answered_finding", ["answer_id"], unique=False
    )
    op.create_table(
        "call_field",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idea_call_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "short",
                "long",
                "choice",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("help", sa.Text(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("is_asked", sa.Boolean(), nullable=False),
        sa.CheckConstraint("label <> ''", name=op.f("ck_call_field_label")),
        sa.ForeignKeyConstraint(
            ["idea_call_id"],
            ["idea_call.id"],
            name=op.f("fk_call_field_idea_call_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_field")),
    )
    op.create_index(
        op.f("ix_call_field_idea_call_id"), "call_field", ["idea_call_id"], unique=False
    )
    op.create_table(
        "comment_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.Column("voting", sa.Boolean(), nullable=False),
        sa.Column("last_removed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["id"], ["engagement.id"], name=op.f("fk_comment_round_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["strategy_version.id"], name=op.f("fk_comment_round_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment_round")),
    )
    op.create_index(
        op.f("ix_comment_round_version_id"), "comment_round", ["version_id"], unique=False
    )
    op.create_table(
        "contribution",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "idea",
                "comment",
                "survey_remark",
                "statement",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "pending",
                "published",
                "rejected",
                "hidden",
                "withdrawn",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "channel",
            sa.Enum(
                "online",
                "paper",
                "on_behalf",
                "imported",
                "letter",
                "phone",
                "workshop",
                "counter",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.Column("edited_at", UtcDateTime(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("organisation_name", sa.Text(), nullable=False),
        sa.Column("participant_group_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(status = 'published') = (published_at IS NOT NULL)",
            name=op.f("ck_contribution_published"),
        ),
        sa.CheckConstraint(
            "kind <> 'survey_remark' OR author_id IS NULL", name=op.f("ck_contribution_anonymous")
        ),
        sa.CheckConstraint(
            "kind <> 'survey_remark' OR participant_group_id IS NULL",
            name=op.f("ck_contribution_group_of_remark"),
        ),
        sa.CheckConstraint(
            "status <> 'withdrawn' OR text = ''", name=op.f("ck_contribution_withdrawn")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["account.id"],
            name=op.f("fk_contribution_author_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id", "participant_group_id"],
            ["participant_group.engagement_id", "participant_group.id"],
            name="group",
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"], ["engagement.id"], name=op.f("fk_contribution_engagement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_contribution_author_id"), "contribution", ["author_id"], unique=False)
    op.create_index(
        "ix_contribution_engagement",
        "contribution",
        ["engagement_id", "status", "kind"],
        unique=False,
    )
    op.create_index(
        "ix_contribution_queue", "contribution", ["status", "received_at"], unique=False
    )
    op.create_index(
        "uq_contribution_source",
        "contribution",
        ["engagement_id", "source"],
        unique=True,
        sqlite_where=sa.text("source <> ''"),
        postgresql_where=sa.text("source <> ''"),
    )
    op.create_table(
        "element_wording",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("element_id", sa.Integer(), nullable=False),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("field_id", sa.Integer(), nullable=True),
        sa.Column("expected_effect", sa.Text(), nullable=False),
        sa.Column("lead", sa.Text(), nullable=False),
        sa.Column("participants", sa.Text(), nullable=False),
        sa.Column(
            "priority",
            sa.Enum(
                "high",
                "medium",
                "low",
                name="priority",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("data_protection", sa.Text(), nullable=False),
        sa.Column("external_home", sa.Text(), nullable=False),
        sa.CheckConstraint("title <> ''", name=op.f("ck_element_wording_title")),
        sa.CheckConstraint(
            "starts_on IS NULL OR ends_on IS NULL OR starts_on <= ends_on",
            name=op.f("ck_element_wording_period"),
        ),
        sa.ForeignKeyConstraint(
            ["element_id"], ["element.id"], name=op.f("fk_element_wording_element_id")
        ),
        sa.ForeignKeyConstraint(
            ["field_id"], ["element.id"], name=op.f("fk_element_wording_field_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["strategy_version.id"],
            name=op.f("fk_element_wording_version_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_element_wording")),
        sa.UniqueConstraint(
            "version_id", "element_id", name=op.f("uq_element_wording_version_id_element_id")
        ),
    )
    op.create_index(
        "ix_element_wording_element_id", "element_wording", ["element_id"], unique=False
    )
    op.create_table(
        "engagement_element",
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("element_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["element_id"], ["element.id"], name=op.f("fk_engagement_element_element_id")
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_engagement_element_engagement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("engagement_id", "element_id", name=op.f("pk_engagement_element")),
    )
    op.create_index(
        op.f("ix_engagement_element_element_id"), "engagement_element", ["element_id"], unique=False
    )
    op.create_table(
        "finding_element",
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("element_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["element_id"], ["element.id"], name=op.f("fk_finding_element_element_id")
        ),
        sa.ForeignKeyConstraint(
            ["finding_id"],
            ["finding.id"],
            name=op.f("fk_finding_element_finding_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("finding_id", "element_id", name=op.f("pk_finding_element")),
    )
    op.create_index(
        op.f("ix_finding_element_element_id"), "finding_element", ["element_id"], unique=False
    )
    op.create_table(
        "idea_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idea_call_id", sa.Integer(), nullable=False),
        sa.Column("grouped_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["idea_call_id"],
            ["idea_call.id"],
            name=op.f("fk_idea_group_idea_call_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idea_group")),
    )
    op.create_index(
        op.f("ix_idea_group_idea_call_id"), "idea_group", ["idea_call_id"], unique=False
    )
    op.create_table(
        "indicator",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("element_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "quantitative",
                "qualitative",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column(
            "direction",
            sa.Enum(
                "up", "down", name="direction", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("baseline", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("target", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("target_on", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("interval", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["element_id"], ["element.id"], name=op.f("fk_indicator_element_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator")),
    )
    op.create_index(op.f("ix_indicator_element_id"), "indicator", ["element_id"], unique=False)
    op.create_table(
        "invitation_code",
        sa.Column("engagement_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["letter_batch.id"],
            name=op.f("fk_invitation_code_batch_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["engagement_id"],
            ["engagement.id"],
            name=op.f("fk_invitation_code_engagement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("engagement_id", "code_hash", name=op.f("pk_invitation_code")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_invitation_code_batch_id", "invitation_code", ["batch_id"], unique=False)
    op.create_table(
        "milestone",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("element_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("reached_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["element_id"], ["element.id"], name=op.f("fk_milestone_element_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone")),
    )
    op.create_index(op.f("ix_milestone_element_id"), "milestone", ["element_id"], unique=False)
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscription_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["subscription.id"],
            name=op.f("fk_notice_subscription_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("key", name=op.f("uq_notice_key")),
    )
    op.create_index(op.f("ix_notice_subscription_id"), "notice", ["subscription_id"], unique=False)
    op.create_index("ix_notice_waiting", "notice", ["told_at", "subscription_id"], unique=False)
    op.create_table(
        "progress_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("element_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "not_started",
                "running",
                "at_risk",
                "done",
                "stopped",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "state <> 'done' OR percent = 100", name=op.f("ck_progress_report_done")
        ),
        sa.CheckConstraint("percent BETWEEN 0 AND 100", name=op.f("ck_progress_report_percent")),
        sa.ForeignKeyConstraint(
            ["element_id"], ["element.id"], name=op.f("fk_progress_report_element_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_report")),
    )
    op.create_index(
        "ix_progress_report_latest",
        "progress_report",
        ["element_id", "reported_on", "id"],
        unique=False,
    )
    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("strategy_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "adopted",
                "abandoned",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("base_version_id", sa.Integer(), nullable=False),
        sa.Column("resulting_version_id", sa.Integer(), nullable=True),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("abandoned_because", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(status = 'abandoned') = (abandoned_because IS NOT NULL)",
            name=op.f("ck_revision_because"),
        ),
        sa.CheckConstraint(
            "(status = 'adopted') = (resulting_version_id IS NOT NULL)",
            name=op.f("ck_revision_result"),
        ),
        sa.ForeignKeyConstraint(
            ["base_version_id"], ["strategy_version.id"], name=op.f("fk_revision_base_version_id")
        ),
        sa.ForeignKeyConstraint(
            ["resulting_version_id"],
            ["strategy_version.id"],
            name=op.f("fk_revision_resulting_version_id"),
        ),
        sa.ForeignKeyConstraint(
            ["strategy_id"], ["strategy.id"], name=op.f("fk_revision_strategy_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
    )
    op.create_index(
        "uq_revision_open",
        "revision",
        ["strategy_id"],
        unique=True,
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )
    op.create_table(
        "saved_sheet",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["survey_id"], ["survey.id"], name=op.f("fk_saved_sheet_survey_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_saved_sheet")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_saved_sheet_expires_on", "saved_sheet", ["expires_on"], unique=False)
    op.create_table(
        "statement_draft",
        sa.Column("invitation_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["organisation_invitation.id"],
            name=op.f("fk_statement_draft_invitation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("invitation_id", name=op.f("pk_statement_draft")),
    )
    op.create_table(
        "survey_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("last_code", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("last_code >= 0", name=op.f("ck_survey_version_last_code")),
        sa.CheckConstraint("number > 0", name=op.f("ck_survey_version_number")),
        sa.ForeignKeyConstraint(
            ["survey_id"],
            ["survey.id"],
            name=op.f("fk_survey_version_survey_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_version")),
        sa.UniqueConstraint("survey_id", "number", name=op.f("uq_survey_version_survey_id_number")),
    )
    op.create_table(
        "change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("element_id", sa.Integer(), nullable=False),
        sa.Column(
            "operation",
            sa.Enum(
                "add",
                "amend",
                "retire",
                name="operation",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["element_id"], ["element.id"], name=op.f("fk_change_element_id")),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"],
            ["account.id"],
            name=op.f("fk_change_proposed_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_change_revision_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
        sa.UniqueConstraint(
            "revision_id", "element_id", name=op.f("uq_change_revision_id_element_id")
        ),
    )
    op.create_index(op.f("ix_change_element_id"), "change", ["element_id"], unique=False)
    op.create_table(
        "contribution_element",
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("element_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
            name=op.f("fk_contribution_element_contribution_id"),
            ondelete="CASCADE",
            initially="IMMEDIATE",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["element_id"], ["element.id"], name=op.f("fk_contribution_element_element_id")
        ),
        sa.PrimaryKeyConstraint(
            "contribution_id", "element_id", name=op.f("pk_contribution_element")
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_contribution_element_element_id"),
        "contribution_element",
        ["element_id"],
        unique=False,
    )
    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Uuid(), nullable=True),
        sa.Column("aggregate_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(contribution_id IS NULL) <> (aggregate_id IS NULL)",
            name=op.f("ck_evidence_one_of_two"),
        ),
        sa.ForeignKeyConstraint(
            ["aggregate_id"], ["aggregate.id"], name=op.f("fk_evidence_aggregate_id")
        ),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
            name=op.f("fk_evidence_contribution_id"),
            initially="IMMEDIATE",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["finding.id"], name=op.f("fk_evidence_finding_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    op.create_index(op.f("ix_evidence_aggregate_id"), "evidence", ["aggregate_id"], unique=False)
    op.create_index(
        op.f("ix_evidence_contribution_id"), "evidence", ["contribution_id"], unique=False
    )
    op.create_index(
        "uq_evidence_aggregate",
        "evidence",
        ["finding_id", "aggregate_id"],
        unique=True,
        sqlite_where=sa.text("aggregate_id IS NOT NULL"),
        postgresql_where=sa.text("aggregate_id IS NOT NULL"),
    )
    op.create_index(
        "uq_evidence_contribution",
        "evidence",
        ["finding_id", "contribution_id"],
        unique=True,
        sqlite_where=sa.text("contribution_id IS NOT NULL"),
        postgresql_where=sa.text("contribution_id IS NOT NULL"),
    )
    op.create_table(
        "financing_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wording_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "own",
                "third_party",
                "grant",
                "in_kind",
                name="source",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_financing_line_amount")),
        sa.CheckConstraint("year BETWEEN 2000 AND 2100", name=op.f("ck_financing_line_year")),
        sa.ForeignKeyConstraint(
            ["wording_id"],
            ["element_wording.id"],
            name=op.f("fk_financing_line_wording_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_financing_line")),
    )
    op.create_index(
        op.f("ix_financing_line_wording_id"), "financing_line", ["wording_id"], unique=False
    )
    op.create_table(
        "follow",
        sa.Column("subscription_id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
            name=op.f("fk_follow_contribution_id"),
            ondelete="CASCADE",
            initially="IMMEDIATE",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["subscription.id"],
            name=op.f("fk_follow_subscription_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("subscription_id", name=op.f("pk_follow")),
    )
    op.create_index(op.f("ix_follow_contribution_id"), "follow", ["contribution_id"], unique=False)
    op.create_table(
        "hearing_phase",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("hearing_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint("position > 0", name=op.f("ck_hearing_phase_position")),
        sa.ForeignKeyConstraint(
            ["hearing_id"],
            ["hearing.id"],
            name=op.f("fk_hearing_phase_hearing_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"],
            ["comment_round.id"],
            name=op.f("fk_hearing_phase_round_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_hearing_phase")),
        sa.UniqueConstraint(
            "hearing_id", "position", name=op.f("uq_hearing_phase_hearing_id_position")
        ),
    )
    op.create_table(
        "idea",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("idea_call_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("supports", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("is_listed", sa.Boolean(), nullable=False),
        sa.Column("lot", sa.Integer(), nullable=False),
        sa.Column("elements_corrected_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("is_listed OR group_id IS NOT NULL", name=op.f("ck_idea_listed")),
        sa.CheckConstraint("number > 0", name=op.f("ck_idea_number")),
        sa.CheckConstraint(
            "people = supports OR (is_listed AND group_id IS NOT NULL)",
            name=op.f("ck_idea_counted_once"),
        ),
        sa.CheckConstraint("people >= 0", name=op.f("ck_idea_people")),
        sa.CheckConstraint("supports >= 0", name=op.f("ck_idea_supports")),
        sa.ForeignKeyConstraint(["group_id"], ["idea_group.id"], name=op.f("fk_idea_group_id")),
        sa.ForeignKeyConstraint(
            ["id"], ["contribution.id"], name=op.f("fk_idea_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["idea_call_id"], ["idea_call.id"], name=op.f("fk_idea_idea_call_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idea")),
        sa.UniqueConstraint("idea_call_id", "number", name=op.f("uq_idea_idea_call_id_number")),
    )
    op.create_index("ix_idea_drawn", "idea", ["idea_call_id", "lot", "number"], unique=False)
    op.create_index(
        "ix_idea_group_id",
        "idea",
        ["group_id", "number"],
        unique=False,
        sqlite_where=sa.text("group_id IS NOT NULL"),
        postgresql_where=sa.text("group_id IS NOT NULL"),
    )
    op.create_index("ix_idea_supported", "idea", ["idea_call_id", "people", "number"], unique=False)
    op.create_index(
        "uq_idea_stands_for_group",
        "idea",
        ["group_id"],
        unique=True,
        sqlite_where=sa.text("is_listed AND group_id IS NOT NULL"),
        postgresql_where=sa.text("is_listed AND group_id IS NOT NULL"),
    )
    op.create_table(
        "indicator_feed",
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.CheckConstraint("series <> ''", name=op.f("ck_indicator_feed_series")),
        sa.ForeignKeyConstraint(
            ["indicator_id"],
            ["indicator.id"],
            name=op.f("fk_indicator_feed_indicator_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("indicator_id", name=op.f("pk_indicator_feed")),
    )
    op.create_index("ix_indicator_feed_series", "indicator_feed", ["series"], unique=False)
    op.create_table(
        "measure_goal",
        sa.Column("wording_id", sa.Integer(), nullable=False),
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["goal_id"], ["element.id"], name=op.f("fk_measure_goal_goal_id")),
        sa.ForeignKeyConstraint(
            ["wording_id"],
            ["element_wording.id"],
            name=op.f("fk_measure_goal_wording_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("wording_id", "goal_id", name=op.f("pk_measure_goal")),
    )
    op.create_index(op.f("ix_measure_goal_goal_id"), "measure_goal", ["goal_id"], unique=False)
    op.create_table(
        "measurement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("indicator_id", sa.Integer(), nullable=False),
        sa.Column("measured_on", sa.Date(), nullable=False),
        sa.Column("value", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=True),
        sa.Column("margin", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("is_break", sa.Boolean(), nullable=False),
        sa.CheckConstraint("(n IS NULL) = (margin IS NULL)", name=op.f("ck_measurement_by_survey")),
        sa.CheckConstraint("margin >= 0", name=op.f("ck_measurement_margin")),
        sa.CheckConstraint("n > 0", name=op.f("ck_measurement_n")),
        sa.ForeignKeyConstraint(
            ["indicator_id"],
            ["indicator.id"],
            name=op.f("fk_measurement_indicator_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measurement")),
        sa.UniqueConstraint(
            "indicator_id", "measured_on", name=op.f("uq_measurement_indicator_id_measured_on")
        ),
    )
    op.create_table(
        "passage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("heading", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("element_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("code <> ''", name=op.f("ck_passage_code")),
        sa.CheckConstraint("text <> ''", name=op.f("ck_passage_text")),
        sa.CheckConstraint("position > 0", name=op.f("ck_passage_position")),
        sa.ForeignKeyConstraint(["element_id"], ["element.id"], name=op.f("fk_passage_element_id")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["comment_round.id"], name=op.f("fk_passage_round_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passage")),
        sa.UniqueConstraint("round_id", "code", name=op.f("uq_passage_round_id_code")),
        sa.UniqueConstraint("round_id", "id", name=op.f("uq_passage_round_id_id")),
        sa.UniqueConstraint("round_id", "position", name=op.f("uq_passage_round_id_position")),
    )
    op.create_index(op.f("ix_passage_element_id"), "passage", ["element_id"], unique=False)
    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "single",
                "multiple",
                "scale",
                "matrix",
                "ranking",
                "points",
                "number",
                "date",
                "place",
                "short_text",
                "text",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("sensitive", sa.Boolean(), nullable=False),
        sa.Column("shuffled", sa.Boolean(), nullable=False),
        sa.Column("min_choices", sa.Integer(), nullable=True),
        sa.Column("max_choices", sa.Integer(), nullable=True),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("lowest", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("highest", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("decimals", sa.Integer(), nullable=False),
        sa.Column(
            "condition_mode",
            sa.Enum(
                "all",
                "any",
                name="condition_mode",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(min_choices IS NULL AND max_choices IS NULL) OR kind IN ('multiple', 'ranking')",
            name=op.f("ck_question_limits"),
        ),
        sa.CheckConstraint("(points > 0) = (kind = 'points')", name=op.f("ck_question_points")),
        sa.CheckConstraint("code <> ''", name=op.f("ck_question_code")),
        sa.CheckConstraint(
            "kind = 'number' OR (lowest IS NULL AND highest IS NULL)",
            name=op.f("ck_question_range"),
        ),
        sa.CheckConstraint("parent_id IS NULL OR kind = 'single'", name=op.f("ck_question_row")),
        sa.CheckConstraint("series <> ''", name=op.f("ck_question_series")),
        sa.CheckConstraint("decimals BETWEEN 0 AND 2", name=op.f("ck_question_decimals")),
        sa.CheckConstraint("lowest <= highest", name=op.f("ck_question_range_order")),
        sa.CheckConstraint("max_choices >= 1", name=op.f("ck_question_max_choices")),
        sa.CheckConstraint(
            "min_choices >= 1 AND (max_choices IS NULL OR max_choices >= min_choices)",
            name=op.f("ck_question_limits_order"),
        ),
        sa.CheckConstraint("page >= 1", name=op.f("ck_question_page")),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["question.id"], name=op.f("fk_question_parent_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["survey_version.id"],
            name=op.f("fk_question_version_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("version_id", "code", name=op.f("uq_question_version_id_code")),
    )
    op.create_index("ix_question_parent_id", "question", ["parent_id"], unique=False)
    op.create_index("ix_question_series", "question", ["series"], unique=False)
    op.create_table(
        "receipt",
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
            name=op.f("fk_receipt_contribution_id"),
            ondelete="CASCADE",
            initially="IMMEDIATE",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_receipt")),
        sa.UniqueConstraint("contribution_id", name=op.f("uq_receipt_contribution_id")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "statement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=False),
        sa.Column("signer_name", sa.Text(), nullable=False),
        sa.Column("signer_role", sa.Text(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_statement_number")),
        sa.ForeignKeyConstraint(
            ["id"], ["contribution.id"], name=op.f("fk_statement_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["organisation_invitation.id"],
            name=op.f("fk_statement_invitation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["comment_round.id"], name=op.f("fk_statement_round_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement")),
        sa.UniqueConstraint("invitation_id", name=op.f("uq_statement_invitation_id")),
        sa.UniqueConstraint("round_id", "id", name=op.f("uq_statement_round_id_id")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_statement_round_id_number")),
    )
    op.create_table(
        "success_criterion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wording_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["wording_id"],
            ["element_wording.id"],
            name=op.f("fk_success_criterion_wording_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_success_criterion")),
    )
    op.create_index(
        op.f("ix_success_criterion_wording_id"), "success_criterion", ["wording_id"], unique=False
    )
    op.create_table(
        "survey_page_text",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("introduction", sa.Text(), nullable=False),
        sa.Column("made_from", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["survey_version.id"],
            name=op.f("fk_survey_page_text_version_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("version_id", "page", "language", name=op.f("pk_survey_page_text")),
    )
    op.create_table(
        "survey_response",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "online",
                "paper",
                "on_behalf",
                "imported",
                "letter",
                "phone",
                "workshop",
                "counter",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("participant_group_id", sa.Integer(), nullable=True),
        sa.Column("receipt_hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["survey_id", "participant_group_id"],
            ["participant_group.engagement_id", "participant_group.id"],
            name="group",
        ),
        sa.ForeignKeyConstraint(
            ["survey_id"], ["survey.id"], name=op.f("fk_survey_response_survey_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["survey_version.id"], name=op.f("fk_survey_response_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_response")),
        sa.UniqueConstraint("receipt_hash", name=op.f("uq_survey_response_receipt_hash")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_survey_response_survey", "survey_response", ["survey_id", "day"], unique=False
    )
    op.create_index(
        "ix_survey_response_version_id", "survey_response", ["version_id"], unique=False
    )
    op.create_table(
        "survey_totals",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("tables", sa.JSON(), nullable=False),
        sa.Column("renewed_on", sa.Date(), nullable=False),
        sa.CheckConstraint("counted > 0", name=op.f("ck_survey_totals_counted")),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["survey_version.id"],
            name=op.f("fk_survey_totals_version_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_survey_totals")),
    )
    op.create_table(
        "table_import_row",
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
            name=op.f("fk_table_import_row_contribution_id"),
            ondelete="CASCADE",
            initially="IMMEDIATE",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["table_import.id"],
            name=op.f("fk_table_import_row_import_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("contribution_id", name=op.f("pk_table_import_row")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_table_import_row_import_id"), "table_import_row", ["import_id"], unique=False
    )
    op.create_table(
        "change_reason",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=True),
        sa.Column(
            "stated",
            sa.Enum(
                "council",
                "law",
                "budget",
                "evaluation",
                name="stated",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.CheckConstraint("stated IS NULL OR text <> ''", name=op.f("ck_change_reason_text")),
        sa.CheckConstraint(
            "(finding_id IS NULL) <> (stated IS NULL)", name=op.f("ck_change_reason_one_of_two")
        ),
        sa.ForeignKeyConstraint(
            ["change_id"],
            ["change.id"],
            name=op.f("fk_change_reason_change_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["finding.id"], name=op.f("fk_change_reason_finding_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_reason")),
    )
    op.create_index(
        op.f("ix_change_reason_change_id"), "change_reason", ["change_id"], unique=False
    )
    op.create_index(
        op.f("ix_change_reason_finding_id"), "change_reason", ["finding_id"], unique=False
    )
    op.create_index(
        "uq_change_reason_finding",
        "change_reason",
        ["change_id", "finding_id"],
        unique=True,
        sqlite_where=sa.text("finding_id IS NOT NULL"),
        postgresql_where=sa.text("finding_id IS NOT NULL"),
    )
    op.create_table(
        "changed_field",
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_id"],
            ["change.id"],
            name=op.f("fk_changed_field_change_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("change_id", "name", name=op.f("pk_changed_field")),
    )
    op.create_table(
        "choice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "answer",
                "other",
                "no_answer",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("element_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("code <> ''", name=op.f("ck_choice_code")),
        sa.ForeignKeyConstraint(["element_id"], ["element.id"], name=op.f("fk_choice_element_id")),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_choice_question_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_choice")),
        sa.UniqueConstraint("question_id", "code", name=op.f("uq_choice_question_id_code")),
        sa.UniqueConstraint("question_id", "id", name=op.f("uq_choice_question_id_id")),
    )
    op.create_index("ix_choice_element_id", "choice", ["element_id"], unique=False)
    op.create_table(
        "comment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("discussion_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("passage_id", sa.Integer(), nullable=True),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column(
            "stance",
            sa.Enum(
                "approve",
                "concern",
                "question",
                "rewording",
                name="stance",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("rewording", sa.Text(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("votes_cast", sa.Integer(), nullable=False),
        sa.Column("is_seed", sa.Boolean(), nullable=False),
        sa.Column("statement_id", sa.Uuid(), nullable=True),
        sa.Column("original_page", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "quote = '' OR passage_id IS NOT NULL", name=op.f("ck_comment_quoted_passage")
        ),
        sa.CheckConstraint(
            "rewording = '' OR (stance IS NOT NULL AND stance = 'rewording')",
            name=op.f("ck_comment_rewording"),
        ),
        sa.CheckConstraint(
            "stance IS NULL OR stance <> 'rewording' OR passage_id IS NOT NULL",
            name=op.f("ck_comment_reworded_passage"),
        ),
        sa.CheckConstraint(
            "(CASE WHEN passage_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN round_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN parent_id IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_comment_one_anchor"),
        ),
        sa.CheckConstraint(
            "NOT is_seed OR (round_id IS NOT NULL AND stance IS NULL)", name=op.f("ck_comment_seed")
        ),
        sa.CheckConstraint(
            "level = 1 OR (level = 2 AND parent_id IS NOT NULL)", name=op.f("ck_comment_level")
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_comment_number")),
        sa.CheckConstraint(
            "original_page IS NULL OR (statement_id IS NOT NULL AND original_page > 0)",
            name=op.f("ck_comment_original_page"),
        ),
        sa.CheckConstraint(
            "parent_id IS NULL OR parent_id <> id", name=op.f("ck_comment_own_parent")
        ),
        sa.CheckConstraint(
            "round_id IS NULL OR round_id = discussion_id", name=op.f("ck_comment_own_round")
        ),
        sa.CheckConstraint(
            "statement_id IS NULL OR (passage_id IS NOT NULL AND level = 1)",
            name=op.f("ck_comment_piece"),
        ),
        sa.CheckConstraint("votes_cast >= 0", name=op.f("ck_comment_votes_cast")),
        sa.ForeignKeyConstraint(
            ["discussion_id", "passage_id"],
            ["passage.round_id", "passage.id"],
            name="fk_comment_passage_of_round",
        ),
        sa.ForeignKeyConstraint(
            ["discussion_id", "statement_id"],
            ["statement.round_id", "statement.id"],
            name="fk_comment_statement_on_round",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["discussion_id"], ["engagement.id"], name=op.f("fk_comment_discussion_id")
        ),
        sa.ForeignKeyConstraint(
            ["id"], ["contribution.id"], name=op.f("fk_comment_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"],
            ["contribution.id"],
            name=op.f("fk_comment_parent_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["comment_round.id"], name=op.f("fk_comment_round_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
        sa.UniqueConstraint(
            "discussion_id", "number", name=op.f("uq_comment_discussion_id_number")
        ),
    )
    op.create_index("ix_comment_parent_id", "comment", ["parent_id", "number"], unique=False)
    op.create_index("ix_comment_passage_id", "comment", ["passage_id", "number"], unique=False)
    op.create_index("ix_comment_round_id", "comment", ["round_id", "number"], unique=False)
    op.create_index("ix_comment_statement_id", "comment", ["statement_id", "number"], unique=False)
    op.create_table(
        "date_answer",
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_date_answer_question_id")
        ),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["survey_response.id"],
            name=op.f("fk_date_answer_response_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("response_id", "question_id", name=op.f("pk_date_answer")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_date_answer_question_id", "date_answer", ["question_id", "value"], unique=False
    )
    op.create_table(
        "field_answer",
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column("field_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint("text <> ''", name=op.f("ck_field_answer_text")),
        sa.ForeignKeyConstraint(
            ["field_id"],
            ["call_field.id"],
            name=op.f("fk_field_answer_field_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["idea_id"], ["idea.id"], name=op.f("fk_field_answer_idea_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("idea_id", "field_id", name=op.f("pk_field_answer")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_field_answer_field_id"), "field_answer", ["field_id"], unique=False)
    op.create_table(
        "idea_image",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("shows", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("small", sa.LargeBinary(), nullable=False),
        sa.Column("small_width", sa.Integer(), nullable=False),
        sa.Column("small_height", sa.Integer(), nullable=False),
        sa.Column("removed_at", UtcDateTime(), nullable=True),
        sa.Column("removed_for", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(removed_at IS NULL) = (removed_for = '')", name=op.f("ck_idea_image_removed")
        ),
        sa.CheckConstraint("shows <> ''", name=op.f("ck_idea_image_shows")),
        sa.CheckConstraint("position BETWEEN 1 AND 3", name=op.f("ck_idea_image_position")),
        sa.ForeignKeyConstraint(
            ["idea_id"], ["idea.id"], name=op.f("fk_idea_image_idea_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idea_image")),
        sa.UniqueConstraint("idea_id", "position", name=op.f("uq_idea_image_idea_id_position")),
    )
    op.create_table(
        "idea_place",
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column("idea_call_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "point",
                "line",
                "area",
                "address",
                "everywhere",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("points", sa.JSON(), nullable=False),
        sa.Column("north", sa.BigInteger(), nullable=True),
        sa.Column("east", sa.BigInteger(), nullable=True),
        sa.Column("tile", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(kind IN ('point', 'line', 'area')) = (east IS NOT NULL)",
            name=op.f("ck_idea_place_east_drawn"),
        ),
        sa.CheckConstraint(
            "(kind IN ('point', 'line', 'area')) = (north IS NOT NULL)",
            name=op.f("ck_idea_place_north_drawn"),
        ),
        sa.CheckConstraint(
            "(kind IN ('point', 'line', 'area')) = (tile IS NOT NULL)",
            name=op.f("ck_idea_place_drawn"),
        ),
        sa.CheckConstraint(
            "kind <> 'address' OR address <> ''", name=op.f("ck_idea_place_address")
        ),
        sa.CheckConstraint(
            "east BETWEEN -180000000 AND 180000000", name=op.f("ck_idea_place_east")
        ),
        sa.CheckConstraint(
            "north BETWEEN -90000000 AND 90000000", name=op.f("ck_idea_place_north")
        ),
        sa.ForeignKeyConstraint(
            ["idea_call_id"],
            ["idea_call.id"],
            name=op.f("fk_idea_place_idea_call_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["idea_id"], ["idea.id"], name=op.f("fk_idea_place_idea_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("idea_id", name=op.f("pk_idea_place")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_idea_place_kind", "idea_place", ["idea_call_id", "kind"], unique=False)
    op.create_index(
        "ix_idea_place_tile", "idea_place", ["idea_call_id", "tile", "north", "east"], unique=False
    )
    op.create_table(
        "idea_stem",
        sa.Column("idea_call_id", sa.Integer(), nullable=False),
        sa.Column(
            "stem", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["idea_call_id"],
            ["idea_call.id"],
            name=op.f("fk_idea_stem_idea_call_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["idea_id"], ["idea.id"], name=op.f("fk_idea_stem_idea_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("idea_call_id", "stem", "idea_id", name=op.f("pk_idea_stem")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_idea_stem_idea_id"), "idea_stem", ["idea_id"], unique=False)
    op.create_table(
        "idea_wording",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "refused",
                "earlier",
                "replaced",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("also", sa.JSON(), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.Column("replaced_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "(state = 'waiting') = (replaced_at IS NULL)", name=op.f("ck_idea_wording_replaced")
        ),
        sa.ForeignKeyConstraint(
            ["idea_id"], ["idea.id"], name=op.f("fk_idea_wording_idea_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idea_wording")),
    )
    op.create_index(
        "ix_idea_wording_idea_id_state", "idea_wording", ["idea_id", "state"], unique=False
    )
    op.create_index(
        "uq_idea_wording_waiting",
        "idea_wording",
        ["idea_id"],
        unique=True,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "number_answer",
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_number_answer_question_id")
        ),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["survey_response.id"],
            name=op.f("fk_number_answer_response_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("response_id", "question_id", name=op.f("pk_number_answer")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_number_answer_question_id", "number_answer", ["question_id", "value"], unique=False
    )
    op.create_table(
        "place_answer",
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("north", sa.Integer(), nullable=False),
        sa.Column("east", sa.Integer(), nullable=False),
        sa.CheckConstraint("east BETWEEN -18000 AND 18000", name=op.f("ck_place_answer_east")),
        sa.CheckConstraint("north BETWEEN -9000 AND 9000", name=op.f("ck_place_answer_north")),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_place_answer_question_id")
        ),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["survey_response.id"],
            name=op.f("fk_place_answer_response_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("response_id", "question_id", name=op.f("pk_place_answer")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_place_answer_question_id",
        "place_answer",
        ["question_id", "north", "east"],
        unique=False,
    )
    op.create_table(
        "question_element",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("element_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["element_id"], ["element.id"], name=op.f("fk_question_element_element_id")
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["question.id"],
            name=op.f("fk_question_element_question_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("question_id", "element_id", name=op.f("pk_question_element")),
    )
    op.create_index(
        op.f("ix_question_element_element_id"), "question_element", ["element_id"], unique=False
    )
    op.create_table(
        "question_picture",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["question.id"],
            name=op.f("fk_question_picture_question_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("question_id", name=op.f("pk_question_picture")),
    )
    op.create_table(
        "question_text",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("help", sa.Text(), nullable=False),
        sa.Column("low", sa.Text(), nullable=False),
        sa.Column("high", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("picture", sa.Text(), nullable=False),
        sa.Column("made_from", sa.Text(), nullable=False),
        sa.CheckConstraint("text <> ''", name=op.f("ck_question_text_text")),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["question.id"],
            name=op.f("fk_question_text_question_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("question_id", "language", name=op.f("pk_question_text")),
    )
    op.create_table(
        "statement_document",
        sa.Column("statement_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.CheckConstraint("pages > 0", name=op.f("ck_statement_document_pages")),
        sa.CheckConstraint("size > 0", name=op.f("ck_statement_document_size")),
        sa.ForeignKeyConstraint(
            ["statement_id"],
            ["statement.id"],
            name=op.f("fk_statement_document_statement_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("statement_id", name=op.f("pk_statement_document")),
    )
    op.create_table(
        "suggested_pair",
        sa.Column("idea_call_id", sa.Integer(), nullable=False),
        sa.Column("one_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("dismissed_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("one_id <> other_id", name=op.f("ck_suggested_pair_two")),
        sa.ForeignKeyConstraint(
            ["idea_call_id"],
            ["idea_call.id"],
            name=op.f("fk_suggested_pair_idea_call_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["one_id"], ["idea.id"], name=op.f("fk_suggested_pair_one_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["idea.id"], name=op.f("fk_suggested_pair_other_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("one_id", "other_id", name=op.f("pk_suggested_pair")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_suggested_pair_idea_call_id"), "suggested_pair", ["idea_call_id"], unique=False
    )
    op.create_index(
        op.f("ix_suggested_pair_other_id"), "suggested_pair", ["other_id"], unique=False
    )
    op.create_table(
        "support",
        sa.Column("idea_id", sa.Uuid(), nullable=False),
        sa.Column("supporter", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["idea_id"], ["idea.id"], name=op.f("fk_support_idea_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("idea_id", "supporter", name=op.f("pk_support")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "survey_remark",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["id"], ["contribution.id"], name=op.f("fk_survey_remark_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_survey_remark_question_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_remark")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_survey_remark_question_id", "survey_remark", ["question_id"], unique=False)
    op.create_table(
        "wording_correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("corrected_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("before <> after", name=op.f("ck_wording_correction_change")),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["question.id"],
            name=op.f("fk_wording_correction_question_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wording_correction")),
    )
    op.create_index(
        op.f("ix_wording_correction_question_id"),
        "wording_correction",
        ["question_id"],
        unique=False,
    )
    op.create_table(
        "answer",
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("choice_id", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_answer_amount")),
        sa.ForeignKeyConstraint(
            ["question_id", "choice_id"], ["choice.question_id", "choice.id"], name="choice"
        ),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["survey_response.id"],
            name=op.f("fk_answer_response_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("response_id", "question_id", "choice_id", name=op.f("pk_answer")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_answer_choice", "answer", ["question_id", "choice_id"], unique=False)
    op.create_table(
        "choice_text",
        sa.Column("choice_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_from", sa.Text(), nullable=False),
        sa.CheckConstraint("text <> ''", name=op.f("ck_choice_text_text")),
        sa.ForeignKeyConstraint(
            ["choice_id"], ["choice.id"], name=op.f("fk_choice_text_choice_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("choice_id", "language", name=op.f("pk_choice_text")),
    )
    op.create_table(
        "moderation_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column(
            "action",
            sa.Enum(
                "publish",
                "reject",
                "hide",
                "restore",
                name="action",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "ground",
            sa.Enum(
                "insult",
                "personal_data",
                "advertising",
                "off_topic",
                "duplicate",
                "unlawful",
                "other",
                "imported",
                name="ground",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column(
            "status_before",
            sa.Enum(
                "pending",
                "published",
                "rejected",
                "hidden",
                "withdrawn",
                name="status_before",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("published_before", UtcDateTime(), nullable=True),
        sa.Column("wording_id", sa.Integer(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "action IN ('publish', 'restore') OR ground IS NOT NULL",
            name=op.f("ck_moderation_decision_ground_given"),
        ),
        sa.CheckConstraint(
            "ground IS NULL OR ground <> 'other' OR note <> ''",
            name=op.f("ck_moderation_decision_other_note"),
        ),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
            name=op.f("fk_moderation_decision_contribution_id"),
            ondelete="CASCADE",
            initially="IMMEDIATE",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["account.id"],
            name=op.f("fk_moderation_decision_decided_by_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["wording_id"],
            ["idea_wording.id"],
            name=op.f("fk_moderation_decision_wording_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_decision")),
    )
    op.create_index(
        "ix_moderation_decision_contribution",
        "moderation_decision",
        ["contribution_id", "decided_at"],
        unique=False,
    )
    op.create_table(
        "question_term",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("earlier_id", sa.Integer(), nullable=False),
        sa.Column(
            "operator",
            sa.Enum(
                "ticked",
                "not_ticked",
                "at_least",
                "at_most",
                name="operator",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("choice_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.CheckConstraint(
            "(operator IN ('ticked', 'not_ticked') AND choice_id IS NOT NULL AND number IS NULL) OR (operator IN ('at_least', 'at_most') AND choice_id IS NULL AND number IS NOT NULL)",
            name=op.f("ck_question_term_compared_with"),
        ),
        sa.CheckConstraint("earlier_id <> question_id", name=op.f("ck_question_term_earlier")),
        sa.ForeignKeyConstraint(
            ["earlier_id", "choice_id"], ["choice.question_id", "choice.id"], name="choice"
        ),
        sa.ForeignKeyConstraint(
            ["earlier_id"], ["question.id"], name=op.f("fk_question_term_earlier_id")
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["question.id"],
            name=op.f("fk_question_term_question_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_term")),
        sa.UniqueConstraint(
            "question_id", "position", name=op.f("uq_question_term_question_id_position")
        ),
    )
    op.create_index("ix_question_term_earlier_id", "question_term", ["earlier_id"], unique=False)
    op.create_table(
        "taken_wording",
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_id"],
            ["change.id"],
            name=op.f("fk_taken_wording_change_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comment.id"], name=op.f("fk_taken_wording_comment_id")
        ),
        sa.PrimaryKeyConstraint("change_id", "comment_id", name=op.f("pk_taken_wording")),
    )
    op.create_index(
        op.f("ix_taken_wording_comment_id"), "taken_wording", ["comment_id"], unique=False
    )
    op.create_table(
        "vote",
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("voter", sa.Text(), nullable=False),
        sa.Column(
            "choice",
            sa.Enum(
                "agree",
                "disagree",
                "pass",
                name="choice",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("important", sa.Boolean(), nullable=False),
        sa.CheckConstraint("voter <> ''", name=op.f("ck_vote_voter")),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comment.id"], name=op.f("fk_vote_comment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("comment_id", "voter", name=op.f("pk_vote")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_vote_voter", "vote", ["voter"], unique=False)
    op.create_table(
        "report",
        sa.Column("contribution_id", sa.Uuid(), nullable=False),
        sa.Column("reporter", sa.Text(), nullable=False),
        sa.Column(
            "ground",
            sa.Enum(
                "insult",
                "personal_data",
                "advertising",
                "off_topic",
                "duplicate",
                "unlawful",
                "other",
                "imported",
                name="ground",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reported_at", UtcDateTime(), nullable=False),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("ground <> 'imported'", name=op.f("ck_report_ours")),
        sa.CheckConstraint("ground <> 'other' OR note <> ''", name=op.f("ck_report_other_note")),
        sa.CheckConstraint("reporter <> ''", name=op.f("ck_report_reporter")),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contribution.id"],
            name=op.f("fk_report_contribution_id"),
            ondelete="CASCADE",
            initially="IMMEDIATE",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"],
            ["moderation_decision.id"],
            name=op.f("fk_report_settled_by_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("contribution_id", "reporter", name=op.f("pk_report")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_report_settled_by_id"), "report", ["settled_by_id"], unique=False)
    _run_guards()


def downgrade() -> None:
    """Remove all tables."""
    op.drop_index(op.f("ix_report_settled_by_id"), table_name="report")
    op.drop_table("report")
    op.drop_index("ix_vote_voter", table_name="vote")
    op.drop_table("vote")
    op.drop_index(op.f("ix_taken_wording_comment_id"), table_name="taken_wording")
    op.drop_table("taken_wording")
    op.drop_index("ix_question_term_earlier_id", table_name="question_term")
    op.drop_table("question_term")
    op.drop_index("ix_moderation_decision_contribution", table_name="moderation_decision")
    op.drop_table("moderation_decision")
    op.drop_table("choice_text")
    op.drop_index("ix_answer_choice", table_name="answer")
    op.drop_table("answer")
    op.drop_index(op.f("ix_wording_correction_question_id"), table_name="wording_correction")
    op.drop_table("wording_correction")
    op.drop_index("ix_survey_remark_question_id", table_name="survey_remark")
    op.drop_table("survey_remark")
    op.drop_table("support")
    op.drop_index(op.f("ix_suggested_pair_other_id"), table_name="suggested_pair")
    op.drop_index(op.f("ix_suggested_pair_idea_call_id"), table_name="suggested_pair")
    op.drop_table("suggested_pair")
    op.drop_table("statement_document")
    op.drop_table("question_text")
    op.drop_table("question_picture")
    op.drop_index(op.f("ix_question_element_element_id"), table_name="question_element")
    op.drop_table("question_element")
    op.drop_index("ix_place_answer_question_id", table_name="place_answer")
    op.drop_table("place_answer")
    op.drop_index("ix_number_answer_question_id", table_name="number_answer")
    op.drop_table("number_answer")
    op.drop_index(
        "uq_idea_wording_waiting",
        table_name="idea_wording",
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.drop_index("ix_idea_wording_idea_id_state", table_name="idea_wording")
    op.drop_table("idea_wording")
    op.drop_index(op.f("ix_idea_stem_idea_id"), table_name="idea_stem")
    op.drop_table("idea_stem")
    op.drop_index("ix_idea_place_tile", table_name="idea_place")
    op.drop_index("ix_idea_place_kind", table_name="idea_place")
    op.drop_table("idea_place")
    op.drop_table("idea_image")
    op.drop_index(op.f("ix_field_answer_field_id"), table_name="field_answer")
    op.drop_table("field_answer")
    op.drop_index("ix_date_answer_question_id", table_name="date_answer")
    op.drop_table("date_answer")
    op.drop_index("ix_comment_statement_id", table_name="comment")
    op.drop_index("ix_comment_round_id", table_name="comment")
    op.drop_index("ix_comment_passage_id", table_name="comment")
    op.drop_index("ix_comment_parent_id", table_name="comment")
    op.drop_table("comment")
    op.drop_index("ix_choice_element_id", table_name="choice")
    op.drop_table("choice")
    op.drop_table("changed_field")
    op.drop_index(
        "uq_change_reason_finding",
        table_name="change_reason",
        sqlite_where=sa.text("finding_id IS NOT NULL"),
        postgresql_where=sa.text("finding_id IS NOT NULL"),
    )
    op.drop_index(op.f("ix_change_reason_finding_id"), table_name="change_reason")
    op.drop_index(op.f("ix_change_reason_change_id"), table_name="change_reason")
    op.drop_table("change_reason")
    op.drop_index(op.f("ix_table_import_row_import_id"), table_name="table_import_row")
    op.drop_table("table_import_row")
    op.drop_table("survey_totals")
    op.drop_index("ix_survey_response_version_id", table_name="survey_response")
    op.drop_index("ix_survey_response_survey", table_name="survey_response")
    op.drop_table("survey_response")
    op.drop_table("survey_page_text")
    op.drop_index(op.f("ix_success_criterion_wording_id"), table_name="success_criterion")
    op.drop_table("success_criterion")
    op.drop_table("statement")
    op.drop_table("receipt")
    op.drop_index("ix_question_series", table_name="question")
    op.drop_index("ix_question_parent_id", table_name="question")
    op.drop_table("question")
    op.drop_index(op.f("ix_passage_element_id"), table_name="passage")
    op.drop_table("passage")
    op.drop_table("measurement")
    op.drop_index(op.f("ix_measure_goal_goal_id"), table_name="measure_goal")
    op.drop_table("measure_goal")
    op.drop_index("ix_indicator_feed_series", table_name="indicator_feed")
    op.drop_table("indicator_feed")
    op.drop_index(
        "uq_idea_stands_for_group",
        table_name="idea",
        sqlite_where=sa.text("is_listed AND group_id IS NOT NULL"),
        postgresql_where=sa.text("is_listed AND group_id IS NOT NULL"),
    )
    op.drop_index("ix_idea_supported", table_name="idea")
    op.drop_index(
        "ix_idea_group_id",
        table_name="idea",
        sqlite_where=sa.text("group_id IS NOT NULL"),
        postgresql_where=sa.text("group_id IS NOT NULL"),
    )
    op.drop_index("ix_idea_drawn", table_name="idea")
    op.drop_table("idea")
    op.drop_table("hearing_phase")
    op.drop_index(op.f("ix_follow_contribution_id"), table_name="follow")
    op.drop_table("follow")
    op.drop_index(op.f("ix_financing_line_wording_id"), table_name="financing_line")
    op.drop_table("financing_line")
    op.drop_index(
        "uq_evidence_contribution",
        table_name="evidence",
        sqlite_where=sa.text("contribution_id IS NOT NULL"),
        postgresql_where=sa.text("contribution_id IS NOT NULL"),
    )
    op.drop_index(
        "uq_evidence_aggregate",
        table_name="evidence",
        sqlite_where=sa.text("aggregate_id IS NOT NULL"),
        postgresql_where=sa.text("aggregate_id IS NOT NULL"),
    )
    op.drop_index(op.f("ix_evidence_contribution_id"), table_name="evidence")
    op.drop_index(op.f("ix_evidence_aggregate_id"), table_name="evidence")
    op.drop_table("evidence")
    op.drop_index(op.f("ix_contribution_element_element_id"), table_name="contribution_element")
    op.drop_table("contribution_element")
    op.drop_index(op.f("ix_change_element_id"), table_name="change")
    op.drop_table("change")
    op.drop_table("survey_version")
    op.drop_table("statement_draft")
    op.drop_index("ix_saved_sheet_expires_on", table_name="saved_sheet")
    op.drop_table("saved_sheet")
    op.drop_index(
        "uq_revision_open",
        table_name="revision",
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    )
    op.drop_table("revision")
    op.drop_index("ix_progress_report_latest", table_name="progress_report")
    op.drop_table("progress_report")
    op.drop_index("ix_notice_waiting", table_name="notice")
    op.drop_index(op.f("ix_notice_subscription_id"), table_name="notice")
    op.drop_table("notice")
    op.drop_index(op.f("ix_milestone_element_id"), table_name="milestone")
    op.drop_table("milestone")
    op.drop_index("ix_invitation_code_batch_id", table_name="invitation_code")
    op.drop_table("invitation_code")
    op.drop_index(op.f("ix_indicator_element_id"), table_name="indicator")
    op.drop_table("indicator")
    op.drop_index(op.f("ix_idea_group_idea_call_id"), table_name="idea_group")
    op.drop_table("idea_group")
    op.drop_index(op.f("ix_finding_element_element_id"), table_name="finding_element")
    op.drop_table("finding_element")
    op.drop_index(op.f("ix_engagement_element_element_id"), table_name="engagement_element")
    op.drop_table("engagement_element")
    op.drop_index("ix_element_wording_element_id", table_name="element_wording")
    op.drop_table("element_wording")
    op.drop_index(
        "uq_contribution_source",
        table_name="contribution",
        sqlite_where=sa.text("source <> ''"),
        postgresql_where=sa.text("source <> ''"),
    )
    op.drop_index("ix_contribution_queue", table_name="contribution")
    op.drop_index("ix_contribution_engagement", table_name="contribution")
    op.drop_index(op.f("ix_contribution_author_id"), table_name="contribution")
    op.drop_table("contribution")
    op.drop_index(op.f("ix_comment_round_version_id"), table_name="comment_round")
    op.drop_table("comment_round")
    op.drop_index(op.f("ix_call_field_idea_call_id"), table_name="call_field")
    op.drop_table("call_field")
    op.drop_index(op.f("ix_answered_finding_answer_id"), table_name="answered_finding")
    op.drop_table("answered_finding")
    op.drop_index(op.f("ix_announcement_strategy_id"), table_name="announcement")
    op.drop_table("announcement")
    op.drop_index(op.f("ix_aggregate_element_element_id"), table_name="aggregate_element")
    op.drop_table("aggregate_element")
    op.drop_index(op.f("ix_table_import_engagement_id"), table_name="table_import")
    op.drop_table("table_import")
    op.drop_table("survey")
    op.drop_index(
        "uq_subscription_address",
        table_name="subscription",
        sqlite_where=sa.text("about_all AND ended_at IS NULL"),
        postgresql_where=sa.text("about_all AND ended_at IS NULL"),
    )
    op.drop_index("ix_subscription_engagement_id", table_name="subscription")
    op.drop_index("ix_subscription_address", table_name="subscription")
    op.drop_table("subscription")
    op.drop_index(
        "uq_strategy_version_number",
        table_name="strategy_version",
        sqlite_where=sa.text("consultation = 0"),
        postgresql_where=sa.text("consultation = 0"),
    )
    op.drop_index("uq_strategy_version_consultation", table_name="strategy_version")
    op.drop_index(
        "uq_strategy_version_adopted",
        table_name="strategy_version",
        sqlite_where=sa.text("status = 'adopted'"),
        postgresql_where=sa.text("status = 'adopted'"),
    )
    op.drop_table("strategy_version")
    op.drop_table("participation_mark")
    op.drop_table("participant_group")
    op.drop_index(
        op.f("ix_organisation_invitation_organisation_id"), table_name="organisation_invitation"
    )
    op.drop_table("organisation_invitation")
    op.drop_index("ix_official_answer_strategy", table_name="official_answer")
    op.drop_table("official_answer")
    op.drop_index(op.f("ix_letter_batch_engagement_id"), table_name="letter_batch")
    op.drop_table("letter_batch")
    op.drop_table("idea_call")
    op.drop_table("finding")
    op.drop_table("engagement_text")
    op.drop_index(op.f("ix_engagement_extension_engagement_id"), table_name="engagement_extension")
    op.drop_table("engagement_extension")
    op.drop_table("element")
    op.drop_table("aggregate")
    op.drop_table("strategy")
    op.drop_index(op.f("ix_password_reset_account_id"), table_name="password_reset")
    op.drop_table("password_reset")
    op.drop_table("organisation")
    op.drop_table("municipality_text")
    op.drop_index(op.f("ix_membership_municipality_id"), table_name="membership")
    op.drop_table("membership")
    op.drop_index(op.f("ix_invitation_municipality_id"), table_name="invitation")
    op.drop_table("invitation")
    op.drop_table("hearing")
    op.drop_index("ix_engagement_times", table_name="engagement")
    op.drop_table("engagement")
    op.drop_index(op.f("ix_account_session_account_id"), table_name="account_session")
    op.drop_table("account_session")
    op.drop_index(op.f("ix_sign_up_email"), table_name="sign_up")
    op.drop_table("sign_up")
    op.drop_index(op.f("ix_rate_count_expires_at"), table_name="rate_count")
    op.drop_table("rate_count")
    op.drop_table("outbox_message")
    op.drop_index(op.f("ix_municipality_parent_id"), table_name="municipality")
    op.drop_table("municipality")
    op.drop_index("ix_journal_entry_municipality", table_name="journal_entry")
    op.drop_table("journal_entry")
    op.drop_index("ix_job_due", table_name="job")
    op.drop_table("job")
    op.drop_table("account")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION IF EXISTS guard_aggregate()")
        op.execute("DROP TRIGGER journal_entry_no_truncate ON journal_entry")
        op.execute("DROP TRIGGER journal_entry_no_change ON journal_entry")
        op.execute("DROP FUNCTION refuse_journal_change()")
        op.execute("DROP FUNCTION IF EXISTS guard_official_answer()")
        op.execute("DROP FUNCTION IF EXISTS guard_answered_finding()")
        op.execute("DROP FUNCTION IF EXISTS guard_finding()")
        op.execute("DROP FUNCTION IF EXISTS guard_change()")
        op.execute("DROP FUNCTION IF EXISTS guard_changed_field()")
        op.execute("DROP FUNCTION IF EXISTS guard_change_reason()")
        op.execute("DROP FUNCTION IF EXISTS guard_taken_wording()")
        op.execute("DROP FUNCTION IF EXISTS guard_strategy_version()")
        op.execute("DROP FUNCTION IF EXISTS guard_element_wording()")
        op.execute("DROP FUNCTION IF EXISTS guard_wording_part()")


def _run_guards() -> None:
    """Create the triggers; a file holds one statement a paragraph."""
    connection = op.get_bind()
    folder = Path(__file__).resolve().parent.parent / "guards"
    statements = (folder / f"0001_{connection.dialect.name}.sql").read_text(encoding="utf-8")
    for statement in statements.split("\n\n"):
        connection.exec_driver_sql(
            statement.replace("%", "%%") if connection.dialect.name == "postgresql" else statement
        )
