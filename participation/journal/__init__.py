"""The append-only log of decisions, chained by hash."""
