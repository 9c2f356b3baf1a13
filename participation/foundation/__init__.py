"""The ground every room stands on: tables, errors, time, rich text and keyed codes."""
