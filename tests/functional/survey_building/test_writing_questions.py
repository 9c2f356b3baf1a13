"""Questions of every kind are written, taken from the library, and refused."""

from __future__ import annotations

import html
import re

import pytest

from participation.surveys.models import QuestionKind
from tests.building_pages import asked
from tests.pages import pressed, text_of

FULL = {
    "single": {"choices": "ja\nnein", "has_other": "y", "other": "Anders", "has_no_answer": "y"},
    "multiple": {"choices": "ja\nnein", "min_choices": "1", "max_choices": "2", "shuffled": "y"},
    "scale": {"points": "7", "low": "wenig", "high": "viel", "has_no_answer": "y"},
    "matrix": {"rows": "M-01 Service\nBus", "choices": "gut\nschlecht", "shuffled": "y"},
    "ranking": {"choices": "M-01 Service\nBus", "max_choices": "2"},
    "points": {"choices": "M-01 Service\nBus", "budget": "10"},
    "number": {"unit": "km", "lowest": "0,5", "highest": "90", "decimals": "1"},
    "date": {},
    "place": {},
    "short_text": {},
    "text": {},
}


@pytest.mark.parametrize("kind", [one.value for one in QuestionKind])
def test_a_question_of_each_kind_is_written_and_comes_back_as_it_was(
    site, clerk, survey, path, kind
):
    fields = FULL[kind] | {
        "text": f"Frage als {kind}?",
        "help": "Ein Hinweis.",
        "required": "y",
        "sensitive": "y",
        "elements": ["M-02"],
        "terms-0-answer": "F1|ticked|1",
        "page": "1",
    }
    assert clerk.get(f"{path}/fragen/neu?art={kind}").status_code == 200
    stored = clerk.post(f"{path}/fragen/neu?art={kind}", data=fields)
    assert stored.status_code == 303, text_of(stored.text)
    assert stored.location.endswith("#frage-F5")
    before = asked(site, survey).find("F5")
    assert before is not None
    assert (before.required, before.sensitive) == (True, True)
    assert before.condition is not None
    assert [code for code, _ in before.elements] == ["M-02"]
    # Saved again as the form shows it, nothing changes.
    action, sent = pressed(clerk.get(f"{path}/fragen/F5").text, "Frage speichern")
    sent["terms-0-answer"] = ["F1|ticked|1"]
    sent.pop("remove_picture", None)
    if kind == "number":
        sent["decimals"] = ["1"]
    assert clerk.post(action or f"{path}/fragen/F5", data=sent).status_code == 303
    assert asked(site, survey).find("F5") == before
    assert f"Frage als {kind}?" in clerk.get(f"{path}/fragen").text


@pytest.mark.parametrize(
    ("kind", "fields", "said"),
    [
        ("matrix", {"rows": ""}, "mindestens eine Zeile"),
        ("points", {"budget": "0"}, "1 bis 1.000 Punkte"),
        ("points", {"budget": "viele"}, "Zahl"),
        ("number", {"lowest": "zehn"}, "Bitte geben Sie eine Zahl ein"),
        ("number", {"lowest": "9", "highest": "1"}, "kleinste und die größte Zahl"),
        ("scale", {"points": "12"}, "2 bis 11"),
        ("single", {"terms-0-answer": "F99|ticked|1"}, "gibt es nicht mehr"),
        ("single", {"terms-0-answer": "Unsinn"}, "gibt es nicht mehr"),
        ("single", {"terms-0-answer": "F3|at_least|"}, "auch die Zahl"),
        ("single", {"text": ""}, "Bitte schreiben Sie die Frage"),
        ("single", {"choices": "x" * 201 + "\nja"}, "200 Zeichen"),
        ("ranking", {"max_choices": "9"}, "wie viele Antworten erlaubt"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(
    site, clerk, survey, path, kind, fields, said
):
    sent = FULL[kind] | {"text": "Getippt und nicht verloren?", "help": "Auch das."} | fields
    refused = clerk.post(f"{path}/fragen/neu?art={kind}", data=sent)
    assert refused.status_code == 422
    assert said in text_of(refused.text)
    assert "Bitte prüfen Sie eine Angabe" in text_of(refused.text)
    assert "Auch das." in refused.text
    assert fields.get("text", "Getippt und nicht verloren?") in refused.text
    assert len(asked(site, survey).questions) == 4


def test_elements_are_taken_into_the_list_without_saving(site, clerk, survey, path):
    new = f"{path}/fragen/neu?art=matrix"
    sent = {
        "text": "Wie wichtig ist Ihnen …?",
        "rows": "Bus",
        "choices": "sehr\nkaum",
        "from_strategy": ["M-01", "M-02"],
    }
    taken = clerk.post(new, data=sent | {"uebernehmen": "1"})
    assert taken.status_code == 200
    assert "Bus\nM-01 Bürgerservice ohne Termin\nM-02" in html.unescape(taken.text)
    assert len(asked(site, survey).questions) == 4
    # Ticked and saved at once, they are taken too.
    assert clerk.post(new, data=sent).status_code == 303
    rows = asked(site, survey).questions[-1].rows
    assert [[code for code, _ in row.elements] for row in rows] == [[], ["M-01"], ["M-02"]]


def test_importance_of_all_measures_is_asked_in_one_step(site, clerk, survey, path):
    link = re.search(r'href="([^"]+vorlage=importance-measures)"', clerk.get(f"{path}/fragen").text)
    assert link
    _action, sent = pressed(clerk.get(html.unescape(link[1])).text, "Frage speichern")
    assert clerk.post(html.unescape(link[1]), data=sent).status_code == 303
    matrix = asked(site, survey).questions[-1]
    assert matrix.text == "Wie wichtig ist Ihnen …?"
    assert [row.series for row in matrix.rows] == [
        "library/importance-measures/M-01", "library/importance-measures/M-02",
    ]  # fmt: skip
    assert matrix.shuffled


def test_more_terms_are_offered_without_losing_what_was_typed(clerk, path):
    sent = {"text": "Warum nicht?", "terms-0-answer": "F1|ticked|2", "bedingung": "1"}
    page = clerk.post(f"{path}/fragen/neu?art=text", data=sent)
    assert page.status_code == 200
    assert "terms-1-answer" in page.text
    assert re.search(r'<option selected value="F1\|ticked\|2">', page.text)
    assert "Warum nicht?" in page.text


def test_the_library_is_taken_over_by_ticking(site, clerk, survey, path):
    assert "Wie alt sind Sie?" in clerk.get(f"{path}/fragen/bibliothek").text
    nothing = clerk.post(f"{path}/fragen/bibliothek", data={})
    assert nothing.status_code == 422
    assert "mindestens eine Frage" in nothing.text
    unknown = clerk.post(f"{path}/fragen/bibliothek", data={"fragen": ["x"]})
    assert unknown.status_code == 404
    taken = clerk.post(f"{path}/fragen/bibliothek", data={"fragen": ["ease", "person-age"]})
    assert taken.status_code == 303
    assert [one.series for one in asked(site, survey).questions[-2:]] == [
        "library/ease", "library/person-age",
    ]  # fmt: skip
