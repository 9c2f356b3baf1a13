"""Files in the format of LimeSurvey, written for tests."""

from __future__ import annotations


def table(name: str, rows: list[dict[str, str]]) -> str:
    written = "".join(
        "<row>"
        + "".join(f"<{key}><![CDATA[{value}]]></{key}>" for key, value in row.items())
        + "</row>"
        for row in rows
    )
    return f"<{name}><rows>{written}</rows></{name}>"


def question(number: int, kind: str = "L", **more: str) -> dict[str, str]:
    return {
        "qid": str(number),
        "parent_qid": "0",
        "gid": "1",
        "type": kind,
        "title": f"q{number}",
        "mandatory": "N",
        "other": "N",
        "question_order": str(number),
        "relevance": "1",
    } | more


def words(number: int, text: str = "Wie geht es?", language: str = "de") -> dict[str, str]:
    return {"qid": str(number), "question": text, "help": "", "language": language}


def answers(number: int, *codes: str) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    rows = [
        {"aid": f"{number}{code}", "qid": str(number), "code": code, "sortorder": str(place)}
        for place, code in enumerate(codes)
    ]
    texts = [
        {"aid": row["aid"], "answer": f"Antwort {row['code']}", "language": "de"} for row in rows
    ]
    return rows, texts


def lss(
    questions: list[dict[str, str]],
    texts: list[dict[str, str]] | None = None,
    lines: tuple[list[dict[str, str]], list[dict[str, str]]] | None = None,
    *,
    parts: list[dict[str, str]] | None = None,
    languages: tuple[str, ...] = ("de",),
    kind: str = "Survey",
) -> str:
    rows, of_rows = lines or answers(1, "A", "B")
    declared = "".join(f"<language>{language}</language>" for language in languages)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><document><LimeSurveyDocType>{kind}'
        f"</LimeSurveyDocType><languages>{declared}</languages>"
        + table("groups", [{"gid": "1", "group_order": "1", "grelevance": ""}])
        + table("group_l10ns", [{"gid": "1", "group_name": "Gruppe", "language": "de"}])
        + table("questions", questions)
        + table("subquestions", parts or [])
        + table("question_l10ns", texts or [words(int(row["qid"])) for row in questions])
        + table("answers", rows)
        + table("answer_l10ns", of_rows)
        + table("surveys", [{"sid": "1", "language": languages[0] if languages else ""}])
        + table(
            "surveys_languagesettings",
            [{"surveyls_language": "de", "surveyls_title": "Aus dem anderen Programm"}],
        )
        + "</document>"
    )
