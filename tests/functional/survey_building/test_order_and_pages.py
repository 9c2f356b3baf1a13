"""Questions are ordered and paged with buttons."""

from __future__ import annotations

from tests.building_pages import asked
from tests.pages import text_of


def order(site, survey) -> list[tuple[str, int]]:
    return [(one.code, one.page) for one in asked(site, survey).questions]


def test_questions_are_ordered_and_paged_with_buttons(site, clerk, survey, path):
    def send(target: str, **fields: str) -> int:
        answer = clerk.post(f"{path}/{target}", data=fields)
        assert answer.status_code in {303, 400, 404}
        return int(answer.status_code)

    send("fragen/F4/verschieben", stelle="1")
    assert [code for code, _ in order(site, survey)] == ["F4", "F1", "F2", "F3"]
    send("fragen/F1/neue-seite")
    assert order(site, survey) == [("F4", 1), ("F1", 2), ("F2", 2), ("F3", 2)]
    send("fragen/F3/verschieben", seite="1")
    assert order(site, survey) == [("F4", 1), ("F3", 1), ("F1", 2), ("F2", 2)]
    send("seiten/2", title="Zweite Seite", introduction="Gleich geschafft.")
    page = text_of(clerk.get(f"{path}/fragen").text)
    assert "Seite 2 Zweite Seite" in page
    assert "Gleich geschafft." in page
    send("fragen/F3/verdoppeln")
    assert [code for code, _ in order(site, survey)] == ["F4", "F3", "F5", "F1", "F2"]
    send("seiten/2/verbinden")
    assert {page for _, page in order(site, survey)} == {1}
    assert send("seiten/2/verbinden") == 404
    assert send("fragen/F3/verschieben", seite="9") == 400
    assert send("fragen/F3/verschieben", seite="x") == 400
    assert (
        "als Zahl"
        in clerk.post(
            f"{path}/fragen/F3/verschieben", data={"stelle": "x"}, follow_redirects=True
        ).text
    )


def test_a_question_that_a_condition_needs_stays_with_a_clear_sentence(site, clerk, survey, path):
    sent = {"text": "Warum?", "terms-0-answer": "F1|ticked|2"}
    assert clerk.post(f"{path}/fragen/F4", data=sent).status_code == 303
    page = text_of(clerk.get(f"{path}/fragen").text)
    assert "Nur wenn Sie bei Frage 1 „vor Ort ohne Termin“ gewählt haben." in page
    for target, fields in (
        ("F1/loeschen", {}),
        ("F1/verschieben", {"stelle": "4"}),
        ("F4/verschieben", {"stelle": "1"}),
    ):
        answer = clerk.post(f"{path}/fragen/{target}", data=fields, follow_redirects=True)
        assert "Die Bedingung von F4 fragt nach der Antwort auf F1." in text_of(answer.text)
    gone = clerk.post(f"{path}/fragen/F1", data={"text": "Wie?", "choices": "online\nam Telefon"})
    assert gone.status_code == 422
    assert "Die Antwort „vor Ort ohne Termin“ muss bleiben" in text_of(gone.text)
    assert len(asked(site, survey).questions) == 4
