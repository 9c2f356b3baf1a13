"""Idea calls, ideas and their supports."""
