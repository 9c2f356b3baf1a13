"""The database itself refuses to change what the journal says."""

from __future__ import annotations

_REFUSE = "BEGIN SELECT RAISE(ABORT, 'the journal is only ever added to'); END"

STATEMENTS: dict[str, tuple[str, ...]] = {
    "sqlite": (
        f"CREATE TRIGGER journal_entry_no_update BEFORE UPDATE ON journal_entry {_REFUSE}",
        f"CREATE TRIGGER journal_entry_no_delete BEFORE DELETE ON journal_entry {_REFUSE}",
        # INSERT OR REPLACE removes the row in its way without asking the trigger above.
        f"""
        CREATE TRIGGER journal_entry_no_replace BEFORE INSERT ON journal_entry
        WHEN NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM journal_entry)
        OR EXISTS (SELECT 1 FROM journal_entry WHERE digest = NEW.digest)
        {_REFUSE}
        """,  # noqa: S608 - nothing of this comes from outside.
    ),
    "postgresql": (
        """
        CREATE FUNCTION refuse_journal_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'the journal is only ever added to'; END $$
        """,
        """
        CREATE TRIGGER journal_entry_no_change BEFORE UPDATE OR DELETE ON journal_entry
        FOR EACH ROW EXECUTE FUNCTION refuse_journal_change()
        """,
        """
        CREATE TRIGGER journal_entry_no_truncate BEFORE TRUNCATE ON journal_entry
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_journal_change()
        """,
    ),
}

DROPS: dict[str, tuple[str, ...]] = {
    "sqlite": (
        "DROP TRIGGER journal_entry_no_replace",
        "DROP TRIGGER journal_entry_no_update",
        "DROP TRIGGER journal_entry_no_delete",
    ),
    "postgresql": (
        "DROP TRIGGER journal_entry_no_truncate ON journal_entry",
        "DROP TRIGGER journal_entry_no_change ON journal_entry",
        "DROP FUNCTION refuse_journal_change()",
    ),
}
