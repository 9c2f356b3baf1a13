"""A citizen participation platform for municipal strategies."""
