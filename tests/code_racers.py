"""Processes that send one code at the same moment, each with an application of its own."""

from __future__ import annotations

import multiprocessing
import tempfile
import uuid
from collections.abc import Sequence
from multiprocessing.synchronize import Barrier
from pathlib import Path

from participation.app import create_app
from participation.foundation import clock
from tests.conftest import NOON, settings_for

_PATIENCE_SECONDS = 90
_FROM_HERE = {"Sec-Fetch-Site": "same-origin"}


def race(url: str, path: str, codes: Sequence[str], *, processes: int = 2) -> list[list[int]]:
    """Send each code from every process at once; return what each of them got, code by code."""
    context = multiprocessing.get_context("spawn")
    start, answers = context.Barrier(processes), context.SimpleQueue()
    runners = [
        context.Process(target=_send, args=(url, path, tuple(codes), start, answers), daemon=True)
        for _ in range(processes)
    ]
    for runner in runners:
        runner.start()
    found = [answers.get() for _ in runners]
    for runner in runners:
        runner.join(_PATIENCE_SECONDS)
    return [sorted(together) for together in zip(*found, strict=True)]


def _send(
    url: str,
    path: str,
    codes: Sequence[str],
    start: Barrier,
    answers: multiprocessing.SimpleQueue[list[int]],
) -> None:
    got: list[int] = []
    with tempfile.TemporaryDirectory() as folder, clock.standing_at(NOON):
        app = create_app(settings_for(url, Path(folder)))
        for code in codes:
            sheet = {"_code": code, "frage_F1": "1", "submission": uuid.uuid4().hex}
            start.wait(_PATIENCE_SECONDS)
            answer = app.test_client().post(path, data=sheet, headers=_FROM_HERE)
            got.append(answer.status_code)
    answers.put(got)
