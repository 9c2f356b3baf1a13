"""The codes of receipts, and the keyed hashes by which the database finds what they belong to.

Each kind of row has a hash of its own: the code finds them all, the rows cannot be joined.
"""

from __future__ import annotations

from participation.foundation.tokens import code_from, keyed_hash


def receipt_code(key: bytes, submission: str) -> str:
    """Return the code of a submission: the same one whenever it is sent again."""
    return code_from(key, "receipt", submission)


def contribution_hash(key: bytes, code: str) -> str:
    """Return what is stored for an idea or a comment."""
    return keyed_hash(key, code, "contribution")


def response_hash(key: bytes, code: str) -> str:
    """Return what is stored for a response to a survey."""
    return keyed_hash(key, code, "response")


def remark_hash(key: bytes, code: str, question_code: str) -> str:
    """Return what is stored for the remark of a response to one question."""
    return keyed_hash(key, code, "remark", question_code)
