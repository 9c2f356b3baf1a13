"""Mail to people: the outbox and its transport. It knows addresses, not accounts."""
