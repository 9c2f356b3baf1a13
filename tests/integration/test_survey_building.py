"""Questions of every kind are built, wired, paged, translated, copied and corrected."""

from __future__ import annotations

import io
from datetime import timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from PIL import Image

from participation.engagements.operations import publish_engagement
from participation.foundation.errors import Conflict, NotFound, Refused
from participation.strategy.queries import choices_of_elements
from participation.surveys import (
    arranging,
    building,
    library,
    patterns,
    pictures,
    queries,
    translating,
    versions,
)
from participation.surveys.checking import remarks_on
from participation.surveys.drafts import QuestionDraft, QuestionFault, TermDraft
from participation.surveys.models import (
    ChoiceRole,
    ConditionMode,
    Operator,
    PageText,
    Question,
    QuestionKind,
    QuestionText,
    Survey,
)
from participation.surveys.questionnaire import Questionnaire
from participation.surveys.translating import TranslationFault
from participation.surveys.versions import Correction, CorrectionFault
from participation.surveys.wiring import NeededEarlier

K = QuestionKind
YES_NO = ("ja", "nein")


@pytest.fixture
def town(make):
    return make.municipality()


@pytest.fixture
def measures(make, town):
    strategy = make.strategy(town)
    return [
        make.measure(strategy, title=title)
        for title in ("Bürgerservice ohne Termin", "Mängelmelder", "Stadtkalender")
    ]


@pytest.fixture
def survey(make, town, measures) -> Survey:
    survey: Survey = make.survey(town, elements=tuple(measures), questions=[], published=False)
    survey.published_at = make.at - timedelta(days=2)
    return survey


def asked(session, survey: Survey, language: str = "de") -> Questionnaire:
    return queries.questionnaire_of(session, survey.id, language=language)


def codes(session, survey: Survey) -> list[tuple[str, int]]:
    return [(one.code, one.page) for one in asked(session, survey).questions]


def picture(kind: str = "PNG", size: tuple[int, int] = (1600, 400)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(file, kind)
    return file.getvalue()


def ticked(earlier: str, choice: str) -> TermDraft:
    return TermDraft(earlier, Operator.TICKED, choice=choice)


# Every kind ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("draft", "choices"),
    [
        (
            QuestionDraft(K.SINGLE, "Wie?", choices=YES_NO, other="Anders", no_answer="k. A."),
            [("1", "ja"), ("2", "nein"), ("other", "Anders"), ("none", "k. A.")],
        ),
        (
            QuestionDraft(K.MULTIPLE, "Was?", choices=YES_NO, max_choices=2),
            [("1", "ja"), ("2", "nein")],
        ),
        (
            QuestionDraft(K.SCALE, "Wie gut?", points=2, no_answer="Weiß nicht"),
            [("1", "1"), ("2", "2"), ("none", "Weiß nicht")],
        ),
        (QuestionDraft(K.RANKING, "Was zuerst?", choices=YES_NO), [("1", "ja"), ("2", "nein")]),
        (
            QuestionDraft(K.POINTS, "Wofür?", choices=YES_NO, budget=10),
            [("1", "ja"), ("2", "nein")],
        ),
        (QuestionDraft(K.NUMBER, "Wie viele?", no_answer="k. A."), [("none", "k. A.")]),
        (QuestionDraft(K.DATE, "Welcher Tag?"), []),
        (QuestionDraft(K.PLACE, "Wo?"), []),
        (QuestionDraft(K.SHORT_TEXT, "Ortsteil?"), []),
        (QuestionDraft(K.TEXT, "Warum?"), []),
    ],
)
def test_each_kind_is_stored_with_its_choices(session, survey, draft, choices):
    building.add_question(session, survey=survey, draft=draft)
    (question,) = asked(session, survey).questions
    assert question.kind is draft.kind
    assert [(one.code, one.text) for one in question.choices] == choices


def test_a_number_keeps_its_unit_range_and_decimals_and_loses_them_with_its_kind(session, survey):
    draft = QuestionDraft(
        K.NUMBER,
        "Wie weit?",
        unit="km",
        lowest=Decimal("0.5"),
        highest=Decimal(90),
        decimals=1,
        required=True,
        sensitive=True,
        help="Bis zur Haltestelle.",
    )
    building.add_question(session, survey=survey, draft=draft)
    question = asked(session, survey).questions[0]
    assert (question.unit, question.lowest, question.highest) == ("km", Decimal("0.5"), Decimal(90))
    assert (question.decimals, question.required, question.sensitive) == (1, True, True)
    building.change_question(
        session,
        survey=survey,
        code="F1",
        draft=QuestionDraft(K.POINTS, "?", choices=YES_NO, budget=9),
    )
    changed = asked(session, survey).questions[0]
    assert (changed.kind, changed.points, changed.unit, changed.lowest) == (K.POINTS, 9, "", None)


def test_rows_and_choices_that_begin_with_a_code_are_about_the_element(session, survey, measures):
    first, second, _third = measures
    building.add_question(
        session,
        survey=survey,
        draft=QuestionDraft(
            K.MATRIX,
            "Wie wichtig ist Ihnen …?",
            rows=(f"{first.code} Bürgerservice", f"{second.code.lower()}: Mängelmelder", "Anderes"),
            choices=("wichtig", "unwichtig"),
            no_answer="Weiß nicht",
            required=True,
            shuffled=True,
        ),
    )
    building.add_question(
        session,
        survey=survey,
        draft=QuestionDraft(K.RANKING, "Was zuerst?", choices=(f"{first.code} Service", "Bus")),
    )
    matrix, ranking = asked(session, survey).questions
    assert [(one.code, one.text) for one in matrix.rows] == [
        ("F1_1", "Bürgerservice"), ("F1_2", "Mängelmelder"), ("F1_3", "Anderes"),
    ]  # fmt: skip
    assert [[code for code, _ in row.elements] for row in matrix.rows] == [
        [first.code], [second.code], [],
    ]  # fmt: skip
    for row in matrix.rows:
        assert [(one.code, one.role) for one in row.choices] == [
            ("1", ChoiceRole.ANSWER), ("2", ChoiceRole.ANSWER), ("none", ChoiceRole.NO_ANSWER),
        ]  # fmt: skip
        assert row.required
    assert matrix.shuffled
    assert [(one.text, one.element) for one in ranking.choices] == [
        ("Service", (first.code, first.id)), ("Bus", None),
    ]  # fmt: skip


def test_rows_and_columns_keep_their_codes_when_the_list_changes(session, survey, measures):
    def matrix(rows: tuple[str, ...], columns: tuple[str, ...]) -> QuestionDraft:
        return QuestionDraft(K.MATRIX, "Wie oft?", rows=rows, choices=columns)

    building.add_question(
        session, survey=survey, draft=matrix(("Bus", "Bahn", "Rad"), ("nie", "selten", "oft"))
    )
    code = measures[0].code
    building.change_question(
        session,
        survey=survey,
        code="F1",
        draft=matrix(("Rad", f"{code} Service", "Busse"), ("oft", "nie", "manchmal")),
    )
    rows = asked(session, survey).questions[0].rows
    assert [(row.code, row.text) for row in rows] == [
        ("F1_3", "Rad"), ("F1_4", "Service"), ("F1_1", "Busse"),
    ]  # fmt: skip
    assert {tuple((c.code, c.text) for c in row.choices) for row in rows} == {
        (("3", "oft"), ("1", "nie"), ("4", "manchmal"))
    }
    building.delete_question(session, survey=survey, code="F1")
    assert session.scalar(sa.select(sa.func.count()).select_from(Question)) == 0


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (QuestionDraft(K.MATRIX, "?", rows=(), choices=YES_NO), "rows"),
        (QuestionDraft(K.MATRIX, "?", rows=("a", "A"), choices=YES_NO), "rows"),
        (QuestionDraft(K.MATRIX, "?", rows=("a",), choices=("ja",)), "choices"),
        (QuestionDraft(K.POINTS, "?", choices=YES_NO), "budget"),
        (QuestionDraft(K.POINTS, "?", choices=YES_NO, budget=1001), "budget"),
        (QuestionDraft(K.RANKING, "?", choices=YES_NO, max_choices=3), "max_choices"),
        (QuestionDraft(K.NUMBER, "?", lowest=Decimal(2), highest=Decimal(1)), "highest"),
        (QuestionDraft(K.NUMBER, "?", lowest=Decimal("0.5")), "highest"),
        (QuestionDraft(K.NUMBER, "?", highest=Decimal("1e40")), "highest"),
        (QuestionDraft(K.NUMBER, "?", lowest=Decimal("NaN")), "highest"),
        (QuestionDraft(K.NUMBER, "?", decimals=3), "decimals"),
        (QuestionDraft(K.SINGLE, "?", choices=YES_NO, other="Nein"), "choices"),
        (QuestionDraft(K.SINGLE, "?", choices=("ja",), no_answer="k. A."), "choices"),
        (QuestionDraft(K.TEXT, "?", help="x" * 601), "help"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_the_field(session, survey, draft, field):
    with pytest.raises(QuestionFault) as refused:
        building.add_question(session, survey=survey, draft=draft)
    assert refused.value.field == field
    session.rollback()


# Conditions ------------------------------------------------------------------------------------


@pytest.fixture
def wired(session, survey) -> Survey:
    """F1 single, F2 number, F3 matrix, F4 asked because of them, F5 text."""
    for draft in (
        QuestionDraft(K.SINGLE, "Nutzen Sie es?", choices=YES_NO, no_answer="k. A."),
        QuestionDraft(K.NUMBER, "Wie oft?"),
        QuestionDraft(K.MATRIX, "Wie gut?", rows=("Bus", "Bahn"), choices=("gut", "schlecht")),
        QuestionDraft(
            K.TEXT,
            "Was stört Sie?",
            mode=ConditionMode.ANY,
            terms=(
                ticked("F1", "2"),
                TermDraft("F2", Operator.AT_MOST, number=Decimal(3)),
                TermDraft("F3_2", Operator.NOT_TICKED, choice="1"),
            ),
        ),
        QuestionDraft(K.TEXT, "Noch etwas?"),
    ):
        building.add_question(session, survey=survey, draft=draft)
    return survey


def test_a_condition_is_stored_with_its_terms_in_codes(session, wired):
    condition = asked(session, wired).questions[3].condition
    assert condition is not None
    assert condition.mode is ConditionMode.ANY
    assert [(one.earlier, one.operator, one.choice, one.number) for one in condition.terms] == [
        ("F1", Operator.TICKED, "2", None),
        ("F2", Operator.AT_MOST, None, Decimal(3)),
        ("F3_2", Operator.NOT_TICKED, "1", None),
    ]
    building.change_question(
        session,
        survey=wired,
        code="F4",
        draft=QuestionDraft(K.TEXT, "Was?", terms=(ticked("F1", "1"),)),
    )
    changed = asked(session, wired).questions[3].condition
    assert changed is not None
    assert [one.choice for one in changed.terms] == ["1"]


@pytest.mark.parametrize(
    ("term", "why"),
    [
        (ticked("F5", "1"), "term_later"),
        (ticked("F4", "1"), "term_later"),
        (ticked("F99", "1"), "term_unknown"),
        (ticked("F1", "9"), "term_unknown"),
        (ticked("F2", "1"), "term_unknown"),
        (TermDraft("F1", Operator.AT_LEAST, number=Decimal(1)), "term_operator"),
        (TermDraft("F2", Operator.AT_LEAST), "term_number"),
        (TermDraft("F2", Operator.AT_LEAST, number=Decimal("Infinity")), "term_number"),
    ],
)
def test_a_condition_about_what_is_not_earlier_is_refused(session, wired, term, why):
    with pytest.raises(QuestionFault) as refused:
        building.change_question(
            session, survey=wired, code="F4", draft=QuestionDraft(K.TEXT, "Was?", terms=(term,))
        )
    assert (refused.value.field, refused.value.why) == ("terms", why)


def test_what_a_condition_needs_stays_before_it(session, wired):
    session.commit()
    for change in (
        lambda: building.delete_question(session, survey=wired, code="F1"),
        lambda: building.delete_question(session, survey=wired, code="F3"),
        lambda: arranging.move_to_place(session, survey=wired, code="F1", place=4),
        lambda: arranging.move_to_place(session, survey=wired, code="F4", place=3),
        lambda: arranging.move_to_page(session, survey=wired, code="F2", page=2),
        lambda: building.change_question(
            session, survey=wired, code="F2", draft=QuestionDraft(K.TEXT, "Wie oft?")
        ),
    ):
        with pytest.raises(NeededEarlier) as needed:
            change()
        assert needed.value.needed_by == ("F4",)
        session.rollback()
    assert [code for code, _ in codes(session, wired)] == ["F1", "F2", "F3", "F4", "F5"]


def test_an_answer_or_a_row_that_a_condition_needs_stays(session, wired):
    session.commit()
    for code, draft, why in (
        ("F1", QuestionDraft(K.SINGLE, "?", choices=("ja", "vielleicht")), "choice_needed"),
        ("F3", QuestionDraft(K.MATRIX, "?", rows=("Bus",), choices=("gut", "übel")), "row_needed"),
    ):
        with pytest.raises(QuestionFault) as refused:
            building.change_question(session, survey=wired, code=code, draft=draft)
        assert refused.value.why == why
        assert refused.value.words["code"] == "F4"
        session.rollback()
    # A slip put right changes no code.
    building.change_question(
        session,
        survey=wired,
        code="F1",
        draft=QuestionDraft(K.SINGLE, "Nutzen Sie es?", choices=("ja", "nein!"), no_answer="k. A."),
    )
    assert asked(session, wired).questions[0].choices[1].code == "2"


def test_a_copy_within_a_survey_is_asked_under_the_same_condition(session, wired):
    copy = building.duplicate_question(session, survey=wired, code="F4")
    questions = asked(session, wired).questions
    assert [one.code for one in questions] == ["F1", "F2", "F3", "F4", "F6", "F5"]
    assert copy.code == "F6"
    assert questions[4].condition == questions[3].condition
    assert questions[4].series != questions[3].series
    matrix = building.duplicate_question(session, survey=wired, code="F3")
    rows = asked(session, wired).find(matrix.code)
    assert rows is not None
    assert [row.code for row in rows.rows] == ["F7_1", "F7_2"]


# Pages -----------------------------------------------------------------------------------------


@pytest.fixture
def paged(session, survey) -> Survey:
    """F1 and F2 on the first page, F3 and F4 on the second, with titles."""
    for number, page in enumerate((1, 1, 2, 2), start=1):
        draft = QuestionDraft(K.TEXT, f"Frage {number}?", page=page)
        building.add_question(session, survey=survey, draft=draft)
    for page, title in ((1, "Anfang"), (2, "Ende")):
        arranging.write_page(session, survey=survey, page=page, title=title, introduction="")
    return survey


def titles(session, survey: Survey) -> list[tuple[int, str]]:
    return [(page.number, page.title) for page in asked(session, survey).pages]


def test_steps_lead_over_the_edge_of_a_page(session, paged):
    arranging.move_question(session, survey=paged, code="F2", by=1)
    assert codes(session, paged) == [("F1", 1), ("F2", 2), ("F3", 2), ("F4", 2)]
    arranging.move_question(session, survey=paged, code="F2", by=1)
    assert codes(session, paged) == [("F1", 1), ("F3", 2), ("F2", 2), ("F4", 2)]
    arranging.move_question(session, survey=paged, code="F3", by=-1)
    assert codes(session, paged) == [("F1", 1), ("F3", 1), ("F2", 2), ("F4", 2)]
    arranging.move_question(session, survey=paged, code="F4", by=1)  # It stays at the end.
    assert titles(session, paged) == [(1, "Anfang"), (2, "Ende")]


def test_a_question_jumps_to_a_place_or_a_page(session, paged):
    arranging.move_to_place(session, survey=paged, code="F4", place=1)
    assert codes(session, paged) == [("F4", 1), ("F1", 1), ("F2", 1), ("F3", 2)]
    arranging.move_to_page(session, survey=paged, code="F4", page=2)
    assert codes(session, paged) == [("F1", 1), ("F2", 1), ("F3", 2), ("F4", 2)]
    arranging.move_to_page(session, survey=paged, code="F1", page=3)
    assert codes(session, paged) == [("F2", 1), ("F3", 2), ("F4", 2), ("F1", 3)]
    arranging.move_to_place(session, survey=paged, code="F1", place=99)
    with pytest.raises(Refused):
        arranging.move_to_page(session, survey=paged, code="F1", page=9)


def test_pages_are_split_joined_and_renumbered_with_their_words(session, paged):
    arranging.begin_page(session, survey=paged, code="F2")
    assert codes(session, paged) == [("F1", 1), ("F2", 2), ("F3", 3), ("F4", 3)]
    assert titles(session, paged) == [(1, "Anfang"), (2, ""), (3, "Ende")]
    arranging.begin_page(session, survey=paged, code="F2")  # It begins one already.
    arranging.join_pages(session, survey=paged, page=2)
    assert codes(session, paged) == [("F1", 1), ("F2", 1), ("F3", 2), ("F4", 2)]
    assert titles(session, paged) == [(1, "Anfang"), (2, "Ende")]
    for code in ("F1", "F2"):
        building.delete_question(session, survey=paged, code=code)
    assert codes(session, paged) == [("F3", 1), ("F4", 1)]
    assert titles(session, paged) == [(1, "Ende")]
    for page in (1, 7):
        with pytest.raises(NotFound):
            arranging.join_pages(session, survey=paged, page=page)


def test_the_words_of_a_page_are_written_and_removed(session, paged):
    arranging.write_page(session, survey=paged, page=2, title="", introduction="Fast fertig.")
    page = asked(session, paged).pages[1]
    assert (page.title, page.introduction) == ("", "Fast fertig.")
    arranging.write_page(session, survey=paged, page=2, title=" ", introduction=" ")
    assert session.scalar(sa.select(sa.func.count()).select_from(PageText)) == 1
    with pytest.raises(NotFound):
        arranging.write_page(session, survey=paged, page=3, title="x", introduction="")
    with pytest.raises(Refused):
        arranging.write_page(session, survey=paged, page=1, title="x" * 121, introduction="")


def test_the_rows_of_a_matrix_move_with_it(session, paged):
    draft = QuestionDraft(K.MATRIX, "Wie oft?", rows=("a", "b"), choices=YES_NO, page=1)
    building.add_question(session, survey=paged, draft=draft)
    arranging.move_to_page(session, survey=paged, code="F5", page=2)
    stored = session.scalars(sa.select(Question).where(Question.parent_id.is_not(None))).all()
    assert {row.page for row in stored} == {2}
    with pytest.raises(NotFound):
        arranging.move_question(session, survey=paged, code="F5_1", by=1)


# Pictures --------------------------------------------------------------------------------------


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


# Library and templates -------------------------------------------------------------------------


def test_every_question_of_the_library_can_be_asked_and_keeps_its_series(session, survey, measures):
    lines = library.lines_about(measures, {one.code: f"Titel {one.code}" for one in measures})
    keys = [question.key for group in library.library() for question in group.questions]
    assert len(keys) >= 25
    library.insert_questions(session, survey=survey, keys=keys, lines=lines)
    questionnaire = asked(session, survey)
    assert [one.series for one in questionnaire.questions] == [f"library/{key}" for key in keys]
    about = next(
        one for one in questionnaire.questions if one.series.endswith("importance-measures")
    )
    assert [row.series for row in about.rows] == [
        f"library/importance-measures/{one.code}" for one in measures
    ]
    hints = [one for one in remarks_on(questionnaire) if one.code]
    assert hints == []
    (again,) = library.insert_questions(session, survey=survey, keys=["ease"], lines=lines)
    assert not again.series.startswith("library/")
    with pytest.raises(NotFound):
        library.insert_questions(session, survey=survey, keys=["unknown"])


@pytest.mark.parametrize("template", patterns.survey_templates(), ids=lambda one: one.key)
def test_every_template_is_ready_to_open(make, session, town, measures, template):
    titles_of = dict(choices_of_elements(session, measures[0].strategy_id))
    survey = patterns.open_from_template(
        session,
        municipality=town,
        template=template,
        plan=make.plan(title=template.name, elements=tuple(measures)),
        titles={code: text.removeprefix(code).strip() for code, text in titles_of.items()},
        actor=None,
        at=make.at,
    )
    questionnaire = asked(session, survey)
    assert len(questionnaire.questions) == template.number
    assert [page.title for page in questionnaire.pages] == [page.title for page in template.pages]
    assert remarks_on(questionnaire) == ()
    publish_engagement(session, engagement=survey, actor=None, at=make.at)
    assert survey.published_at == make.at


def test_whoever_publishes_a_survey_a_question_that_nobody_can_reach_keeps_it_a_draft(
    make, session, town
):
    survey = make.survey(
        town, published=False, questions=[QuestionDraft(K.SINGLE, "Wie?", choices=YES_NO)]
    )
    both = tuple(ticked("F1", choice) for choice in "12")
    make.question(survey, QuestionDraft(K.TEXT, "Warum?", terms=both))
    with pytest.raises(building.CannotOpen, match="F2"):
        publish_engagement(session, engagement=survey, actor=None, at=make.at)
    assert survey.published_at is None
    building.change_question(
        session, survey=survey, code="F2", draft=QuestionDraft(K.TEXT, "Warum?", terms=both[:1])
    )
    publish_engagement(session, engagement=survey, actor=None, at=make.at)
    assert survey.published_at == make.at


def test_a_template_that_weighs_measures_needs_two(make, session, town, measures):
    template = patterns.survey_template("priorities")
    with pytest.raises(Refused) as refused:
        patterns.open_from_template(
            session,
            municipality=town,
            template=template,
            plan=make.plan(elements=(measures[0],)),
            titles={measures[0].code: "Service"},
            actor=None,
            at=make.at,
        )
    assert refused.value.field == "elements"


def test_asked_again_it_is_the_same_series_about_the_chosen_elements(
    make, session, town, wired, measures
):
    first, second, _third = measures
    building.add_question(
        session,
        survey=wired,
        draft=QuestionDraft(
            K.MATRIX, "Wie wichtig?", rows=(f"{first.code} A", f"{second.code} B"), choices=YES_NO
        ),
    )
    pictures.put_picture(session, survey=wired, code="F1", content=picture(), shows="Der Markt")
    translating.translate(
        session, survey=wired, language="en", words={"F1": {"text": "Do you use it?"}}
    )
    make.response(wired, make.sheet(F1="1"))
    later = patterns.ask_again(
        session,
        municipality=town,
        earlier=wired,
        plan=make.plan(title="Noch einmal", elements=(first,)),
        actor=None,
        at=make.at,
    )
    before, after = asked(session, wired), asked(session, later)
    assert [one.series for one in after.answered] == [one.series for one in before.answered]
    assert [one.condition for one in after.questions] == [one.condition for one in before.questions]
    assert [one.code for one in after.questions] == [one.code for one in before.questions]
    rows = after.questions[5].rows
    assert [[code for code, _ in row.elements] for row in rows] == [[first.code], []]
    assert after.questions[0].picture == before.questions[0].picture
    assert asked(session, later, "en").questions[0].text == "Do you use it?"
    assert {one.id for one in after.answered}.isdisjoint({one.id for one in before.answered})
    building.delete_question(session, survey=later, code="F5")  # Nobody answered the new one.


def test_only_surveys_that_have_ended_can_be_asked_again(make, session, town, wired):
    assert patterns.ended_surveys(session, town.id, make.at) == []
    later = wired.closes_at + timedelta(seconds=1)
    assert patterns.ended_surveys(session, town.id, later) == [wired]


# Corrections and versions ----------------------------------------------------------------------


def correct(make, session, survey: Survey, code: str = "F1", reason: str = "Tippfehler", **words):
    return versions.correct_wording(
        session,
        survey=survey,
        code=code,
        correction=Correction(**words),
        reason=reason,
        actor=None,
        at=make.at,
    )


def test_a_slip_is_corrected_openly_once_people_have_answered(make, session, wired):
    with pytest.raises(Conflict):
        correct(make, session, wired, parts={"text": "Nutzen Sie das?"})
    make.response(wired, make.sheet(F1="1"))
    correct(make, session, wired, parts={"text": "Nutzen Sie es ?"}, choices={"1": "Ja"})
    question = asked(session, wired).questions[0]
    assert (question.text, question.choices[0].text) == ("Nutzen Sie es ?", "Ja")
    stored = versions.corrections_of(session, asked(session, wired).version_id)
    assert [(code, one.before, one.after, one.reason) for code, one in stored] == [
        ("F1", "Nutzen Sie es?", "Nutzen Sie es ?", "Tippfehler"),
        ("F1", "ja", "Ja", "Tippfehler"),
    ]


@pytest.mark.parametrize(
    ("words", "reason", "field", "why"),
    [
        ({"parts": {"text": "Mögen Sie die Farbe Blau?"}}, "x", "text", "too_different"),
        ({"parts": {"text": "Nutzen Sie es nicht?"}}, "x", "text", "too_different"),
        ({"choices": {"2": "nie"}}, "x", "choice_2", "too_different"),
        ({"parts": {"text": ""}}, "x", "text", "missing"),
        ({"parts": {"text": "Nutzen Sie es?"}}, "x", "text", "nothing"),
        ({"parts": {"text": "Nutzen Sie es ?"}}, " ", "reason", "reason"),
    ],
)
def test_what_changes_the_meaning_is_no_correction(make, session, wired, words, reason, field, why):
    make.response(wired, make.sheet(F1="1"))
    session.commit()
    with pytest.raises(CorrectionFault) as refused:
        correct(make, session, wired, reason=reason, **words)
    assert (refused.value.field, refused.value.why) == (field, why)
    session.rollback()
    assert asked(session, wired).questions[0].text == "Nutzen Sie es?"


def test_a_column_is_corrected_in_all_rows(make, session, wired):
    make.response(wired, make.sheet(F3_1="1"))
    correct(make, session, wired, code="F3_1", choices={"2": "schlecht!"})
    rows = asked(session, wired).questions[2].rows
    assert [row.choices[1].text for row in rows] == ["schlecht!", "schlecht!"]


def test_a_new_version_asks_the_same_series_and_its_results_stay_apart(make, session, wired):
    with pytest.raises(Conflict):
        versions.begin_version(session, survey=wired, actor=None, at=make.at)
    make.response(wired, make.sheet(F1="1"))
    before = asked(session, wired)
    versions.begin_version(session, survey=wired, actor=None, at=make.at)
    after = asked(session, wired)
    assert after.version == before.version + 1
    assert [one.series for one in after.answered] == [one.series for one in before.answered]
    assert [one.condition for one in after.questions] == [one.condition for one in before.questions]
    added = building.add_question(session, survey=wired, draft=QuestionDraft(K.TEXT, "Neu?"))
    assert added.code == "F6"
    assert queries.is_answered(session, before.version_id)
    assert not queries.is_answered(session, after.version_id)
    unchanged = queries.questionnaire_of_version(session, before.version_id)
    assert len(unchanged.questions) == len(before.questions)
    make.response(wired, make.sheet(F1="2"))
    with pytest.raises(Conflict):
        versions.begin_version(session, survey=wired, actor=None, at=wired.closes_at)


# Languages -------------------------------------------------------------------------------------


def test_a_translation_is_stored_group_by_group_and_german_stands_in_for_the_rest(session, wired):
    arranging.write_page(session, survey=wired, page=1, title="Alltag", introduction="")
    changed = translating.translate(
        session,
        survey=wired,
        language="en",
        words={
            "survey": {"title": "Digital life"},
            "page-1": {"title": "Everyday life"},
            "F1": {"text": "Do you use it?"},
            "F1-1": {"text": "yes"},
            "F3-1": {"text": "good"},
            "F3_1": {"text": "bus"},
            "F99": {"text": "nothing"},
        },
    )
    assert changed == 6
    english = asked(session, wired, "en")
    assert (english.questions[0].text, english.questions[0].language) == ("Do you use it?", "en")
    assert [one.text for one in english.questions[0].choices] == ["yes", "nein", "k. A."]
    assert {row.choices[0].text for row in english.questions[2].rows} == {"good"}
    assert english.pages[0].title == "Everyday life"
    assert english.questions[1].language == "de"
    (state,) = translating.states_of(session, wired)
    assert (state.language, state.outdated) == ("en", 0)
    assert state.missing > 0


def test_a_translation_whose_original_changed_is_flagged_until_somebody_looks(session, wired):
    words = {"F5": {"text": "Anything else?"}}
    translating.translate(session, survey=wired, language="en", words=words)
    building.change_question(
        session, survey=wired, code="F5", draft=QuestionDraft(K.TEXT, "Noch etwas anderes?")
    )
    (state,) = translating.states_of(session, wired)
    assert state.outdated == 1
    # Saved without a change or a tick, it stays flagged.
    assert translating.translate(session, survey=wired, language="en", words=words) == 0
    assert translating.states_of(session, wired)[0].outdated == 1
    translating.translate(session, survey=wired, language="en", words=words, confirmed=["F5"])
    assert translating.states_of(session, wired)[0].outdated == 0


def test_an_empty_translation_is_removed_and_a_headless_one_refused(session, wired):
    building.change_question(
        session, survey=wired, code="F5", draft=QuestionDraft(K.TEXT, "Noch etwas?", help="Kurz.")
    )
    full = {"F5": {"text": "Anything else?", "help": "In short."}}
    translating.translate(session, survey=wired, language="en", words=full)
    with pytest.raises(TranslationFault) as refused:
        translating.translate(
            session, survey=wired, language="en", words={"F5": {"text": "", "help": "In short."}}
        )
    assert (refused.value.field, refused.value.why) == ("F5.text", "missing_head")
    translating.translate(session, survey=wired, language="en", words={"F5": {"text": ""}})
    left = sa.select(QuestionText).where(QuestionText.language == "en")
    assert session.scalars(left).all() == []
    for tag in ("de", "not a tag"):
        with pytest.raises(Refused):
            translating.translate(session, survey=wired, language=tag, words=full)


def test_easy_language_needs_no_choices_and_answered_translations_stay(make, session, wired):
    easy = {f"F{n}": {"text": f"Leichte Frage {n}?"} for n in range(1, 6)}
    rows = {"F3_1": {"text": "Bus"}, "F3_2": {"text": "Bahn"}}
    top = {"survey": dict.fromkeys(("title", "summary", "scope_open", "scope_closed"), "Leicht")}
    translating.translate(session, survey=wired, language="de-x-leicht", words=easy | rows | top)
    (state,) = translating.states_of(session, wired)
    assert (state.language, state.missing) == ("de-x-leicht", 0)
    make.response(wired, make.sheet(F1="1"))
    with pytest.raises(TranslationFault) as refused:
        translating.translate(
            session, survey=wired, language="de-x-leicht", words={"F1": {"text": "Anders?"}}
        )
    assert refused.value.why == "answered"
    added = {"F1": {"text": "Do you use it?"}}
    assert translating.translate(session, survey=wired, language="en", words=added) == 1
