"""Pictures are written anew and described, or refused."""

from __future__ import annotations

import pytest

from participation.foundation.errors import NotFound
from participation.surveys import pictures
from participation.surveys.drafts import QuestionFault
from tests.survey_edits import asked, picture


def test_a_picture_is_written_anew_and_described(session, wired):
    pictures.put_picture(session, survey=wired, code="F1", content=picture(), shows="Der Markt")
    shown = asked(session, wired).questions[0].picture
    assert shown is not None
    assert (shown.width, shown.height, shown.shows) == (1200, 300, "Der Markt")
    assert pictures.get_picture(session, wired, "F1", None).startswith(b"RIFF")
    pictures.put_picture(session, survey=wired, code="F1", content=None, shows="Am Markt")
    assert asked(session, wired).questions[0].picture.shows == "Am Markt"  # type: ignore[union-attr]
    pictures.put_picture(session, survey=wired, code="F1", content=None, shows="", remove=True)
    assert asked(session, wired).questions[0].picture is None
    with pytest.raises(NotFound):
        pictures.get_picture(session, wired, "F1", None)


@pytest.mark.parametrize(
    ("content", "shows", "field"),
    [
        (b"GIF89a<script>alert(1)</script>", "x", "picture"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 40, "x", "picture"),
        (b"x" * (8 * 1024 * 1024 + 1), "x", "picture"),
        (picture("GIF"), "x", "picture"),
        (picture(), "  ", "shows"),
        (picture(), "x" * 301, "shows"),
    ],
)
def test_what_is_no_picture_or_has_no_words_is_refused(session, wired, content, shows, field):
    session.commit()
    with pytest.raises(QuestionFault) as refused:
        pictures.put_picture(session, survey=wired, code="F1", content=content, shows=shows)
    assert refused.value.field == field
    session.rollback()
    assert asked(session, wired).questions[0].picture is None
