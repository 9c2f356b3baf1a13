"""Pairs of wishes with what somebody thought of them, and how often a judgement agrees."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from tests.real_input import SMALL_SETS

Pair = TypeVar("Pair")

FOLDER = SMALL_SETS / "duplicate_pairs"


@dataclass(frozen=True)
class WishPair:
    """Two wishes; `label` is same, related or different."""

    one: str
    other: str
    label: str
    why: str = ""


@dataclass(frozen=True)
class Judged:
    """How many of the pairs taken for the same are, and how many of those that are were taken."""

    precision: float
    recall: float


def wish_pairs(name: str) -> list[WishPair]:
    """Return the pairs of a file of ours."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return [
            WishPair(row["text_a"], row["text_b"], row["label"], row["why"])
            for row in csv.DictReader(stream)
        ]


def labelled_pairs(conversation: Path) -> list[tuple[frozenset[str], str]]:
    """Return the ids of the pairs of a conversation, with their labels."""
    with (conversation / "duplicate_pairs.csv").open(encoding="utf-8", newline="") as stream:
        return [
            (frozenset((row["comment_id_a"], row["comment_id_b"])), row["label"])
            for row in csv.DictReader(stream)
        ]


def judge(
    pairs: Iterable[Pair], label: Callable[[Pair], str], is_same: Callable[[Pair], bool]
) -> Judged:
    """Return how well a judgement finds what is labelled the same."""
    pairs = list(pairs)
    taken = [pair for pair in pairs if is_same(pair)]
    right = sum(label(pair) == "same" for pair in taken)
    there = sum(label(pair) == "same" for pair in pairs)
    return Judged(right / len(taken), right / there)
