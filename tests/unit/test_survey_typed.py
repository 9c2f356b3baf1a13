"""What stands in the fields of a survey is read as people mean it, and sealed so that it holds."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from werkzeug.datastructures import MultiDict

from participation.surveys import sealing, typed
from participation.surveys.begun import BegunSheet, begun_from, read_sealed
from participation.surveys.models import ChoiceRole, QuestionKind
from participation.surveys.questionnaire import AskedChoice, AskedQuestion, Questionnaire
from participation.surveys.sealing import BrokenSeal
from participation.surveys.sheets import Place

KEY = b"a key for tests only"
NOON = datetime(2026, 5, 7, 10, 0, tzinfo=UTC)


def question(kind, *answers, code="F1", other=False, no_answer=False, **more):
    choices = [AskedChoice(n, str(n), text) for n, text in enumerate(answers, start=1)]
    if other:
        choices.append(AskedChoice(90, "90", "anders", role=ChoiceRole.OTHER))
    if no_answer:
        choices.append(AskedChoice(99, "99", "weiß nicht", role=ChoiceRole.NO_ANSWER))
    return AskedQuestion(1, code, kind, "?", choices=tuple(choices), **more)


def read(asked, **fields):
    named = {name.replace("__", ":"): value for name, value in fields.items()}
    found = typed.pick(MultiDict(named), [asked])
    return typed.read(Questionnaire(1, (asked,)), found, "de")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", "12"),
        ("-3,5", "-3.5"),
        ("−3", "-3"),
        ("12.5", "12.5"),
        ("1.500", "1500"),
        ("1,500", "1500"),
        ("12.345,67", "12345.67"),
        ("12,345.67", "12345.67"),
        ("1 234 567", "1234567"),
        ("0.500", "0.500"),
        ("007", "7"),
    ],
)
def test_a_number_is_read_as_it_is_written_here_or_there(text, number):
    assert typed.number_in(text) == Decimal(number)


@pytest.mark.parametrize(
    "text", ["viele", "1e5", "NaN", "Infinity", "1,2,3", "٣", "--1", "1-2", "", "9" * 30, "0x10"]
)
def test_what_is_no_number_is_none(text):
    assert typed.number_in(text) is None


def test_a_day_is_read_from_a_calendar_and_from_hand():
    assert typed.day_in("2026-11-22") == date(2026, 11, 22)
    assert typed.day_in("22.11.2026") == date(2026, 11, 22)
    assert typed.day_in("2. 1. 2026") == date(2026, 1, 2)
    for text in ("2026-02-30", "31.2.2026", "gestern", "20261122", "2026-W01-1"):
        assert typed.day_in(text) is None


def test_a_point_is_rounded_to_its_square():
    assert typed.place_in("51.3397, 12.3731") == Place(5134, 1237)
    assert typed.place_in("-51.3397;-12.3731") == Place(-5134, -1237)
    for text in ("91,0", "0,181", "Markt", "51.3", "1e9,1"):
        assert typed.place_in(text) is None


def test_words_of_ones_own_mean_the_choice_they_belong_to():
    single = question(QuestionKind.SINGLE, "a", "b", other=True)
    assert read(single, worte_F1="zu Pferd").choices == {"F1": ("90",)}
    assert read(single, worte_F1="zu Pferd").texts == {"F1": "zu Pferd"}
    # Who chose something else after all does not send what they wrote before.
    sheet = read(single, frage_F1="1", worte_F1="zu Pferd")
    assert (sheet.choices, sheet.texts) == ({"F1": ("1",)}, {})
    multiple = question(QuestionKind.MULTIPLE, "a", "b", other=True)
    assert read(multiple, frage_F1=["1"], worte_F1="x").choices == {"F1": ("1", "90")}


def test_ranks_points_and_no_answer_are_read_from_their_own_fields():
    ranking = question(QuestionKind.RANKING, "a", "b", no_answer=True)
    assert read(ranking, frage_F1__1="2", frage_F1__2="1").amounts == {"F1": {"1": 2, "2": 1}}
    assert read(ranking, keine_F1="99").choices == {"F1": ("99",)}
    assert read(ranking, frage_F1__1="erster").unreadable == {"F1"}
    points = question(QuestionKind.POINTS, "a", "b", points=10)
    assert read(points, frage_F1__1=" 10 ").amounts == {"F1": {"1": 10}}


def test_what_cannot_be_read_is_named_and_not_dropped():
    assert read(question(QuestionKind.NUMBER), frage_F1="viele").unreadable == {"F1"}
    assert read(question(QuestionKind.DATE), frage_F1="gestern").unreadable == {"F1"}
    assert read(question(QuestionKind.PLACE), punkt_F1="200,200").unreadable == {"F1"}


def test_only_the_fields_of_the_questions_are_picked_and_line_ends_are_one_sign():
    text = question(QuestionKind.TEXT)
    fields = MultiDict([("frage_F1", "a\r\nb"), ("frage_F2", "x"), ("submission", "y")])
    assert typed.pick(fields, [text]) == {"frage_F1": ("a\nb",)}


# Seals -----------------------------------------------------------------------------------------


def test_what_was_sealed_opens_only_for_its_survey_and_submission():
    begun = BegunSheet("1-abc", {"frage_F1": ("ja", "ä€\n")}, frozenset({"F1"}), token="t")
    sealed = begun.sealed(KEY, survey_id=1, submission="s", at=NOON)
    opened = read_sealed(KEY, sealed, survey_id=1, submission="s")
    assert (opened.typed, opened.seen, opened.token) == (begun.typed, begun.seen, "t")
    assert not opened.is_too_old(NOON + timedelta(days=29))
    assert opened.is_too_old(NOON + timedelta(days=31))
    for key, survey_id, submission in ((KEY, 2, "s"), (KEY, 1, "other"), (b"other key", 1, "s")):
        with pytest.raises(BrokenSeal):
            read_sealed(key, sealed, survey_id=survey_id, submission=submission)


@pytest.mark.parametrize("text", ["", "x", "ä", "====", "A" * 80, "\ud7ff"])
def test_what_was_not_sealed_here_does_not_open(text):
    with pytest.raises(BrokenSeal):
        read_sealed(KEY, text, survey_id=1, submission="s")


def test_a_changed_seal_does_not_open():
    sealed = BegunSheet("1-abc").sealed(KEY, survey_id=1, submission="s", at=NOON)
    changed = sealed[:40] + ("A" if sealed[40] != "A" else "B") + sealed[41:]
    with pytest.raises(BrokenSeal):
        read_sealed(KEY, changed, survey_id=1, submission="s")


def test_no_answer_stands_readable_in_a_seal():
    begun = BegunSheet("1-abc", {"frage_F1": ("KANARIENVOGEL",)})
    sealed = begun.sealed(KEY, survey_id=1, submission="s", at=NOON)
    assert "KANARIENVOGEL" not in sealed
    box = sealing.seal_with("token", begun.content(), "1")
    assert b"KANARIENVOGEL" not in box
    assert begun_from(sealing.unseal_with("token", box, "1")) == begun
    with pytest.raises(BrokenSeal):
        sealing.unseal_with("another", box, "1")
    assert "token" not in sealing.name_of("token")


def test_a_seal_of_another_make_does_not_open():
    with pytest.raises(BrokenSeal):
        begun_from({"edition": "1", "typed": None})
