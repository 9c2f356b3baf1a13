"""The whole loop on real input: three sets, one strategy, two versions, one receipt."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import REAL_DATA
from tests.journeys import test_the_thread as thread
from tests.journeys.conftest import Town
from tests.real_input import idea_files, real_input

pytestmark = [pytest.mark.journey, pytest.mark.real_data, pytest.mark.timeout(1200)]

GOAL = ("Sicher mit dem Rad ans Ziel", "HF-7 Mobilität")
MEASURES = (
    ("Radwege ohne Lücken", "HF-7 Mobilität", "Die Stadt schließt fünf Lücken im Radnetz."),
    ("Klimafreundlich einkaufen", "HF-8 Umwelt und Klimaschutz", "Die Stadt berät Geschäfte."),
    ("Orte für junge Leute", "HF-6 Gesellschaft und Kultur", "Die Stadt öffnet einen Treffpunkt."),
)


@dataclass
class Report:
    """What a run shows at its end."""

    formats: dict[str, dict[str, Any]] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)

    def show(self) -> None:
        for name, facts in self.formats.items():
            print(f"\n{name}: n = {facts['n']}")
            for line in facts["top"]:
                print(f"  {line}")
        print("\nFindings:", *self.findings, sep="\n  ")
        print("\nChanges:", *self.changes, sep="\n  ")
        for name, facts in self.formats.items():
            assert facts["n"] > 0, name
            assert len(facts["top"]) == 3, name
            assert all(facts["top"]), name
        assert len(self.findings) == 4
        assert len(self.changes) == 3


def test_real_input_goes_the_whole_way_into_the_next_version(
    town: Town, open_page, phone_without_javascript: Page
):
    chief, strategist, moderator = open_page(), open_page(), open_page()
    citizen = phone_without_javascript
    report = Report()
    town.join(chief, "ines@lindenow.example", "Ines Lehmann", "administrator")
    thread.complete_duty_texts(chief, town)
    town.join(strategist, "paul@lindenow.example", "Paul Noack", "strategist")
    write_strategy(strategist, town)
    town.join(moderator, "mara@lindenow.example", "Mara Krüger", "moderator")
    take_in_real_input(town)
    report.formats = release_results(town)
    thread.open_idea_call(strategist, town)
    code = thread.send_idea(citizen, town, about="Radwege ohne Lücken")
    moderate(moderator, town)
    find(strategist, town, report)
    for number in range(1, 5):
        answer(strategist, chief, town, number)
    thread.begin_revision(strategist, town)
    revise(strategist, town, report)
    thread.adopt_version_2(strategist, town, code="M-01", text="zehn Lücken")
    look_at_receipt(citizen, town, code)
    report.show()


def write_strategy(page: Page, town: Town) -> None:
    thread.set_up_strategy(page, town)
    thread.write_vision(page, town)
    thread.add_goal(page, town, title=GOAL[0], action_field=GOAL[1])
    for title, action_field, text in MEASURES:
        thread.add_measure(
            page, town, title=title, text=text, goal=GOAL[0], action_field=action_field
        )
    thread.adopt_version_1(page, town, text=MEASURES[0][2])


def take_in_real_input(town: Town) -> None:
    sets = real_input(REAL_DATA)
    header = sets.ideas.read_text(encoding="utf-8-sig").splitlines()[0].split(",")
    columns = ["--body-column", "text"]
    for name in ("title", "url"):
        columns += [f"--{name}-column", name] if name in header else []
    commands = (
        [
            "ideas",
            str(sets.ideas),
            *columns,
            "--title",
            "Ideen zum Radverkehr",
            "--about",
            "HF-7,M-01",
        ],
        ["polis", str(sets.conversation), "--title", "Klima im Alltag", "--about", "HF-8,M-02"],
        [
            "survey",
            str(sets.survey),
            "--title",
            "Umfrage unter jungen Leuten",
            "--about",
            "HF-6,M-03",
        ],
    )
    for command in commands:
        printed = town.run("import", *command, "--municipality", "lindenow")
        facts = json.loads(printed.splitlines()[-1])
        assert all(value for name, value in facts.items() if name != "skipped"), facts
    assert idea_files(REAL_DATA) or sets.ideas.is_file()


def release_results(town: Town) -> dict[str, dict[str, Any]]:
    def released(slug: str) -> list[dict[str, Any]]:
        printed = town.run("aggregate", slug, "--json")
        rows: list[dict[str, Any]] = json.loads(printed.splitlines()[-1])["aggregates"]
        return rows

    ideas = released("ideen-zum-radverkehr")
    comments = released("klima-im-alltag")
    survey = released("umfrage-unter-jungen-leuten")
    votes = next(one for one in comments if one["kind"] == "votes")
    return {
        "ideas": {
            "n": ideas[0]["n"],
            "top": [f"idea {row['number']}" for row in ideas[0]["result"]["rows"][:3]],
        },
        "comments and votes": {
            "n": votes["n"],
            "top": [
                f"comment {row['number']}: {row['agree']} of {row['n']} agree"
                for row in votes["result"]["rows"][:3]
            ],
        },
        "survey": {"n": survey[0]["n"], "top": [most_chosen(one) for one in survey[:3]]},
    }


def most_chosen(table: dict[str, Any]) -> str:
    shown = [row for row in table["result"]["rows"] if row["count"] is not None]
    most = max(shown, key=lambda row: row["count"])
    return f"{table['title']} {' / '.join(most['labels'])}: {most['share']} %"


def moderate(page: Page, town: Town) -> None:
    """Publish the citizen's idea; what was imported was decided where it was collected."""
    page.goto(town.address + "/moderation/?art=ideen")
    expect(page.get_by_text(thread.IDEA).first).to_be_visible()
    page.get_by_role("button", name="Veröffentlichen").click()
    expect(page.get_by_role("button", name="Zurücknehmen")).to_be_visible()


def find(page: Page, town: Town, report: Report) -> None:
    """Write findings from what the evidence pages show, citing what stands there."""
    survey = report.formats["survey"]["top"]
    votes = report.formats["comments and votes"]["top"]
    sentences = (
        ("M-01", "contribution", "Menschen wollen auch ohne Umwege mit dem Rad ans Ziel."),
        ("HF-7", "aggregate", f"{report.formats['ideas']['n']} Ideen gibt es zum Radverkehr."),
        ("M-02", "aggregate", f"Beim Klima im Alltag gibt es Einigkeit ({votes[0]})."),
        ("M-03", "aggregate", f"Unter jungen Leuten: {survey[1]}."),
    )
    for code, kind, sentence in sentences:
        page.goto(f"{town.address}/werkstatt/nachweise/{code}")
        page.locator(f"input[type=checkbox][name={kind}]").first.check()
        page.get_by_label("Erkenntnis in einem Satz").fill(sentence)
        page.get_by_role("button", name="Festhalten").click()
        report.findings.append(f"{code}: {sentence}")


def answer(strategist: Page, chief: Page, town: Town, number: int) -> None:
    strategist.goto(f"{town.address}/werkstatt/antworten/neu?erkenntnis=E-{number}")
    strategist.get_by_role("radio", name="teilweise übernommen", exact=True).check()
    strategist.get_by_label("Begründung").fill("Das Geld reicht für einen Teil in diesem Jahr.")
    strategist.get_by_role("button", name="Entwurf speichern").click()
    strategist.get_by_role("button", name="Unterschreiben").click()
    chief.goto(town.address + "/werkstatt/antworten/")
    chief.get_by_role("link", name="Ansehen").first.click()
    chief.get_by_role("button", name="Unterschreiben und veröffentlichen").click()


def revise(page: Page, town: Town, report: Report) -> None:
    changes = (
        ("M-01", "Was wird getan?", "Die Stadt schließt zehn Lücken im Radnetz.", "E-1"),
        ("M-03", "Was wird getan?", "Die Stadt öffnet zwei Treffpunkte, auch abends.", "E-4"),
        ("Z-01", "Was soll erreicht werden?", "Niemand fährt Umwege.", "E-2"),
    )
    for code, label, text, because in changes:
        page.goto(f"{town.address}/werkstatt/aenderungen/{code}")
        page.get_by_label(label).fill(text)
        page.get_by_role("checkbox", name=because).check()
        page.get_by_role("button", name="Speichern").first.click()
        page.goto(f"{town.address}/werkstatt/?element={code}")
        expect(page.locator("ins").first).to_be_visible()
        new = page.locator("ins").first.inner_text().removeprefix("[neu:").strip("] \n")
        report.changes.append(f"{code} because of {because}: “{new}”")


def look_at_receipt(page: Page, town: Town, code: str) -> None:
    page.goto(town.address + "/beleg")
    page.locator("main input:visible").first.fill(code)
    page.get_by_role("button", name="Prüfen").first.click()
    expect(page.get_by_text("Fassung 2").first).to_be_visible()
    expect(page.get_by_text("teilweise übernommen").first).to_be_visible()
