"""`participation import lss`: a questionnaire of LimeSurvey becomes a draft, or nothing at all."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.engagements.models import EngagementState, EngagementText
from participation.foundation import clock
from participation.maintenance import lss_file
from participation.surveys.models import ChoiceRole, Operator, Survey
from participation.surveys.queries import questionnaire_of
from participation.surveys.questionnaire import Questionnaire
from participation.surveys.translating import states_of
from tests.broken_input import Fault, check_refusal
from tests.conftest import NOON, REAL_DATA
from tests.limesurvey import lss, question, table, words
from tests.limesurvey_known import known_questionnaires
from tests.limesurvey_lindenow import KINDS, LANGUAGES, NOT_OURS, four_languages, in_language

KNOWN = known_questionnaires(REAL_DATA)


def file(text: str | bytes, name: str = "fragen.lss") -> Callable[[Path], tuple[str | Path, ...]]:
    def build(folder: Path) -> tuple[str | Path, ...]:
        path = folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return ("import", "lss", path)

    return build


def stored(session: Session, language: str = "de") -> Questionnaire:
    survey = session.scalars(sa.select(Survey)).one()
    return questionnaire_of(session, survey.id, language=language)


# Files that are known well ---------------------------------------------------------------------


@pytest.mark.real_data
def test_all_questions_of_our_kinds_come_in_four_languages(command, session, town, tmp_path):
    ran = command("import", "lss", KNOWN.in_four_languages(tmp_path), "--municipality", "lindenow")
    assert (ran.code, ran.err) == (0, "")
    said = ran.last
    assert said["languages"] == ["en", "de", "es", "fr"]
    assert said["engagement"] == KNOWN.engagement
    told = {one["code"]: one["why"] for one in said["reported"]}
    assert set(told) >= KNOWN.told
    assert all(told.values())
    asked = {question.code: question for question in stored(session).questions}
    assert said["questions"] == len(asked) == KNOWN.questions
    assert {code: asked[code].kind for code in KNOWN.kinds} == KNOWN.kinds
    assert [code for code, one in asked.items() if one.required] == [*KNOWN.required]
    for language in ("en", "es", "fr"):
        read = stored(session, language)
        assert {one.language for one in read.questions} == {language}
        choices = [one for q in read.answered for one in q.choices if not one.text.isdigit()]
        assert {one.language for one in choices} == {language}


@pytest.mark.real_data
def test_what_the_questions_of_the_file_say_is_kept(command, session, town, tmp_path):
    command("import", "lss", KNOWN.in_four_languages(tmp_path))
    asked = {question.code: question for question in stored(session).questions}
    age = asked[KNOWN.age]
    assert (age.lowest, age.highest, age.unit) == (Decimal(18), Decimal(100), "Jahre")
    hours = asked[KNOWN.hours].condition
    assert hours is not None
    assert [(one.earlier, one.operator, one.choice) for one in hours.terms] == [
        (KNOWN.work, Operator.TICKED, "1")
    ]
    assert asked[KNOWN.work].shuffled
    assert [one.role for one in asked[KNOWN.passports].choices][-1] is ChoiceRole.OTHER
    assert asked[KNOWN.areas].rows[0].code == f"{KNOWN.areas}_HOUS"
    assert [choice.code for choice in asked[KNOWN.areas].rows[0].choices][-1] == "10"
    pages = stored(session, "fr").pages
    assert [page.title for page in pages][:1] == [KNOWN.first_page]
    assert len(pages) == KNOWN.pages
    assert "<" not in pages[0].introduction
    survey = session.scalars(sa.select(Survey)).one()
    assert survey.state_at(NOON) is EngagementState.DRAFT
    titles = session.scalars(sa.select(EngagementText.language).order_by(EngagementText.language))
    assert list(titles) == ["en", "es", "fr"]
    # Nothing is left for a clerk to look at: the translations are of these German words.
    assert {state.outdated for state in states_of(session, survey)} == {0}


@pytest.mark.real_data
def test_a_file_without_german_words_says_so(command, session, town, tmp_path):
    path = KNOWN.without_german(tmp_path)
    said = command("import", "lss", path, "--title", "Eine Frage").last
    assert (said["questions"], said["languages"]) == (1, ["et", "en"])
    assert [one["code"] for one in said["reported"]][:1] == [""]
    assert "no German words" in said["reported"][0]["why"]
    assert stored(session).questions[0].code == KNOWN.only_question


# Files of our own -------------------------------------------------------------------------------


@pytest.fixture
def lindenow(tmp_path: Path) -> Path:
    path = tmp_path / "vier.lss"
    path.write_text(four_languages(), encoding="utf-8")
    return path


def test_every_kind_of_ours_comes_in_four_languages_and_the_others_are_told(
    command, session, town, lindenow
):
    ran = command("import", "lss", lindenow, "--municipality", "lindenow")
    assert (ran.code, ran.err) == (0, "")
    said = ran.last
    assert said["languages"] == ["en", "de", "es", "fr"]
    assert said["engagement"] == "leben-in-lindenow"
    told = {one["code"]: one["why"] for one in said["reported"]}
    assert set(told) >= NOT_OURS
    assert all(told.values())
    assert "2 questions" in told["schlaf"]
    assert "comments" in told["sprache"]
    asked = {question.code: question for question in stored(session).questions}
    assert said["questions"] == len(asked)
    assert {code: one.kind for code, one in asked.items()} == KINDS
    assert [code for code, one in asked.items() if one.required] == [
        "rolle",
        "alter",
        "einwilligung",
    ]
    for language in LANGUAGES:
        read = stored(session, language)
        assert {one.language for one in read.questions} == {language}
        choices = [one for q in read.answered for one in q.choices if not one.text.isdigit()]
        assert {one.language for one in choices} == {language}
        by_code = {question.code: question for question in read.questions}
        assert by_code["wuensche"].text == in_language("Was wünschen Sie sich?", language)
        assert by_code["reihe"].choices[1].text == in_language("mit dem Rad", language)
        assert by_code["bereiche"].rows[2].text == in_language("Freizeit", language)


def test_what_the_questions_of_our_file_say_is_kept(command, session, town, lindenow):
    command("import", "lss", lindenow)
    asked = {question.code: question for question in stored(session).questions}
    age = asked["alter"]
    assert (age.lowest, age.highest, age.unit) == (Decimal(18), Decimal(100), "Jahre")
    assert age.decimals == 0
    hours = asked["stunden"].condition
    assert hours is not None
    assert [(one.earlier, one.operator, one.choice) for one in hours.terms] == [
        ("arbeit", Operator.TICKED, "1")
    ]
    assert [code for code, one in asked.items() if one.shuffled] == ["arbeit"]
    assert [one.role for one in asked["staat"].choices][-1] is ChoiceRole.OTHER
    assert (asked["staat"].min_choices, asked["staat"].max_choices) == (1, 2)
    columns = {code: [one.code for one in asked[code].rows[0].choices] for code in (
        "allein", "bereiche", "gewohnheit", "wandel", "mittel", "spalten"
    )}  # fmt: skip
    assert columns == {
        "allein": ["1", "2", "3", "4", "5"],
        "bereiche": [str(number) for number in range(1, 11)],
        "gewohnheit": ["Y", "U", "N"],
        "wandel": ["I", "S", "D"],
        "mittel": ["1", "2", "3"],
        "spalten": ["1", "2", "3"],
    }
    assert asked["bereiche"].rows[0].code == "bereiche_HOUS"
    assert [one.code for one in asked["zufrieden"].choices] == ["1", "2", "3", "4", "5"]
    pages = stored(session, "fr").pages
    assert [page.title for page in pages] == [
        "Über Sie (fr)",
        "Ihr Alltag (fr)",
        "Zum Schluss (fr)",
    ]
    assert pages[0].introduction == "Bitte alles lesen."
    survey = session.scalars(sa.select(Survey)).one()
    assert survey.state_at(NOON) is EngagementState.DRAFT
    titles = session.scalars(sa.select(EngagementText.language).order_by(EngagementText.language))
    assert list(titles) == ["en", "es", "fr"]
    # Nothing is left for a clerk to look at: the translations are of these German words.
    assert {state.outdated for state in states_of(session, survey)} == {0}


def test_a_file_of_ours_without_german_words_says_so(command, session, town, tmp_path):
    texts = [words(1, f"Mida? ({language})", language) for language in ("et", "en")]
    path = tmp_path / "zwei.lss"
    path.write_text(lss([question(1, "T")], texts, ([], []), languages=("et", "en")), "utf-8")
    said = command("import", "lss", path, "--title", "Eine Frage").last
    assert (said["questions"], said["languages"]) == (1, ["et", "en"])
    assert [one["code"] for one in said["reported"]][:1] == [""]
    assert "no German words" in said["reported"][0]["why"]
    assert stored(session).questions[0].code == "q1"


# What becomes of single questions --------------------------------------------------------------


def test_conditions_that_ours_can_say_are_kept_and_others_are_told(
    command, session, town, tmp_path
):
    rules = {
        "q2": '((q1.NAOK == "A")) or q1 == "B"',
        "q3": "q2 >= 18 and q1 != 'A'",
        "q4": 'q1 == "A" and (q2 > 5 or q2 < 3)',
        "q5": "!is_empty(q1)",
        "q6": 'q7 == "A"',
    }
    questions = [question(1), question(2, "N")]
    questions += [question(number, "S") for number in range(3, 8)]
    for row in questions:
        row["relevance"] = rules.get(row["title"], "1")
    path = tmp_path / "regeln.lss"
    path.write_text(lss(questions), encoding="utf-8")
    said = command("import", "lss", path).last
    assert sorted(one["code"] for one in said["reported"]) == ["q4", "q5", "q6"]
    found = {one.code: one.condition for one in stored(session).questions}
    assert found["q2"] is not None
    assert found["q2"].mode.value == "any"
    assert [term.choice for term in found["q2"].terms] == ["A", "B"]
    assert found["q3"] is not None
    assert [(term.operator, term.number) for term in found["q3"].terms] == [
        (Operator.AT_LEAST, 18),
        (Operator.NOT_TICKED, None),
    ]
    assert found["q4"] is found["q5"] is found["q6"] is None


def test_tags_and_entities_become_plain_text(command, session, town, tmp_path):
    path = tmp_path / "html.lss"
    text = (
        "<p>Wie <b>geht</b> es?</p><script>alert(1)</script><p>Unter &lt;5&gt; Jahre &amp; mehr</p>"
    )
    path.write_text(lss([question(1)], [words(1, text)]), encoding="utf-8")
    command("import", "lss", path)
    assert stored(session).questions[0].text == "Wie geht es? Unter <5> Jahre & mehr"


def test_a_file_of_the_older_format_is_read_too(command, session, town, tmp_path):
    path = tmp_path / "alt.lss"
    rows = [question(1) | {"question": text, "help": "", "language": language}
            for language, text in (("de", "Welche?"), ("en", "Which?"))]  # fmt: skip
    lines = [
        {
            "qid": "1",
            "code": code,
            "answer": f"{language} {code}",
            "sortorder": "1",
            "language": language,
        }
        for language in ("de", "en")
        for code in "AB"
    ]
    path.write_text(
        "<document><LimeSurveyDocType>Survey</LimeSurveyDocType><languages><language>de</language>"
        "<language>en</language></languages>"
        + table("groups", [{"gid": "1", "group_name": "G", "group_order": "0", "language": "de"}])
        + table("questions", rows)
        + table("answers", lines)
        + "</document>",
        encoding="utf-8",
    )
    assert command("import", "lss", path, "--title", "Alt").last["questions"] == 1
    asked = stored(session, "en").questions[0]
    assert (asked.text, [one.text for one in asked.choices]) == ("Which?", ["en A", "en B"])


def test_the_same_file_again_is_refused_unless_it_is_meant(command, session, town, tmp_path):
    path = tmp_path / "fragen.lss"
    path.write_text(lss([question(1)], [words(1)]), encoding="utf-8")
    first = command("import", "lss", path, "--title", "Eine Frage").last["engagement"]
    packed = tmp_path / "umbenannt.lss.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    refused = command("import", "lss", packed, "--title", "Noch eine")
    assert refused.code == 1
    assert f"this file was imported on {clock.today()} as “{first}”" in refused.err
    assert "--again" in refused.err
    assert session.scalar(sa.select(sa.func.count()).select_from(Survey)) == 1
    again = command("import", "lss", packed, "--title", "Noch eine", "--again").last
    assert again["engagement"] != first


# Broken files ----------------------------------------------------------------------------------

_BOMB = (
    '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    "<document><LimeSurveyDocType>&b;</LimeSurveyDocType></document>"
)
_OUTSIDE = '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]><document>&a;</document>'
_GOOD = lss([question(1)])

FAULTS = {
    "empty": Fault(file(b""), "the file is empty"),
    "no XML": Fault(file("Frage;Antwort\n1;2\n"), "line 1: this is no well-formed XML"),
    "cut off": Fault(file(_GOOD[: len(_GOOD) // 2]), "no well-formed XML"),
    "cut off, packed": Fault(file(gzip.compress(_GOOD.encode())[:-20]), "damaged"),
    "entity bomb": Fault(file(_BOMB), "defines entities or a document type"),
    "entity from outside": Fault(file(_OUTSIDE), "defines entities or a document type"),
    "too deep": Fault(file("<document>" + "<a>" * 50 + "</a>" * 50 + "</document>"), "too deeply"),
    "no survey": Fault(file(lss([question(1)], kind="Group")), "this is no survey"),
    "another document": Fault(file("<html><body/></html>"), "this is no survey"),
    "no language": Fault(file(lss([question(1)], languages=())), "names no language"),
    "unknown letters": Fault(
        file(b'<?xml version="1.0" encoding="klingon"?><document/>'), "fragen.lss"
    ),
    "no question": Fault(file(lss([], [])), "the file holds no question"),
    "twice": Fault(
        file(lss([question(1), question(2, title="q1")])), "q1: the code stands there twice"
    ),
    "no group": Fault(file(lss([question(1, gid="9")])), "q1: the question belongs to no group"),
    "no lines": Fault(file(lss([question(1), question(2)])), "q2: there is no line to choose from"),
    "undeclared language": Fault(
        file(lss([question(1)], [words(1), words(1, language="fr")])),
        "q1: a text is in a language that the file does not declare: “fr”",
    ),
    "no number": Fault(file(lss([question(1, question_order="x")])), "q1: the place “x”"),
    "orphan": Fault(
        file(lss([question(1)], parts=[question(8, parent_qid="7")])),
        "q8: the subquestion belongs to no question",
    ),
    "all at once": Fault(
        file(lss([question(1, gid="9"), question(2), question(3, "F")])),
        "q1: the question belongs to no group of the file; q2: there is no line to choose from; "
        "q3: the matrix has no column",
    ),
    "unknown town": Fault(
        lambda folder: (*file(_GOOD)(folder), "--municipality", "nirgends"),
        "there is no municipality",
    ),
    "no file": Fault(lambda folder: ("import", "lss", folder / "fehlt.lss"), "fehlt.lss"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_faulty_file_names_every_fault_and_stores_nothing(name, command, session, town, tmp_path):
    check_refusal(command, session, tmp_path / "folder", FAULTS[name])


def test_a_giant_file_is_refused_also_when_it_is_packed(
    command, session, town, tmp_path, monkeypatch
):
    monkeypatch.setattr(lss_file, "LARGEST_FILE", 1024 * 1024)
    packed = gzip.compress(b"<document>" + b" " * (64 * 1024 * 1024) + b"</document>")
    assert len(packed) < 100_000
    for place, fault in enumerate(
        (
            Fault(file(packed), "larger than 1 MB"),
            Fault(file(b" " * (2 * 1024 * 1024)), "larger than 1 MB"),
        )
    ):
        check_refusal(command, session, tmp_path / str(place), fault)


def test_a_file_of_countless_tags_is_refused(command, session, town, tmp_path, monkeypatch):
    monkeypatch.setattr(lss_file, "MOST_TAGS", 1000)
    fault = Fault(file("<document>" + "<a/>" * 2000 + "</document>"), "more than 1000 tags")
    check_refusal(command, session, tmp_path / "folder", fault)
