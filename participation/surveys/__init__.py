"""Surveys: questions, choices, and what people ticked."""
