"""What was said, counted and frozen: aggregates, findings and their evidence."""
