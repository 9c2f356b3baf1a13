"""Builds that are broken on purpose, and the check that the tests notice each of them."""
