"""Municipalities, the people who work for them, signing in, and who may do what."""
