"""What the macros of the pages promise: words beside every state, wires from field to error."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import wtforms
from babel import Locale
from babel.numbers import format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from werkzeug.datastructures import MultiDict
from wtforms import SelectChoice, validators  # type: ignore[attr-defined]  # newer than its stubs

TEMPLATES = Path(__file__).parents[2] / "templates"


class Milestone(wtforms.Form):
    title = wtforms.StringField(
        "Meilenstein", [validators.InputRequired("Nennen Sie den Meilenstein.")]
    )


class Proposal(wtforms.Form):
    title = wtforms.StringField(
        "Titel",
        [validators.InputRequired(), validators.Length(min=10, message="Mindestens 10 Zeichen.")],
        description="Ein kurzer Satz",
    )
    text = wtforms.TextAreaField("Text", [validators.Optional(), validators.Length(max=1500)])
    field = wtforms.SelectField("Handlungsfeld", choices=[SelectChoice("m", "Mobilität")])
    stance = wtforms.RadioField(
        "Wie stehen Sie dazu?",
        [validators.InputRequired("Wählen Sie eine Antwort.")],
        choices=[SelectChoice("yes", "Zustimmung"), SelectChoice("no", "Bedenken")],
    )
    consent = wtforms.BooleanField("Einverstanden")
    key = wtforms.HiddenField()
    website = wtforms.StringField("Bitte leer lassen")
    milestones = wtforms.FieldList(wtforms.FormField(Milestone), "Meilensteine", min_entries=2)


class Reader(HTMLParser):
    """Collects the attributes of all tags, and the text without the tags."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)
        self.text = " ".join(self.text.split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def having(self, name: str) -> Iterator[tuple[str, dict[str, str | None]]]:
        return (found for found in self.tags if name in found[1])

    def ids(self) -> list[str | None]:
        return [attributes["id"] for _, attributes in self.having("id")]


@pytest.fixture(scope="module")
def environment() -> Environment:
    # Strict as the application is: a macro must not stumble over what a page left out.
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    # The application's own ask a request for its language.
    made.filters["number"] = lambda value: format_decimal(value, locale="de")
    made.filters["measured"] = lambda value, unit: f"{format_decimal(value, locale='de')} {unit}"
    made.filters["percent"] = lambda value: f"{value} %"
    made.globals["get_locale"] = lambda: Locale("de")
    return made


@pytest.fixture
def draw(environment: Environment) -> Any:
    def drawn(component: str, call: str, **values: Any) -> Reader:
        names = call.partition("(")[0]
        source = f'{{% from "components/{component}.html" import {names} %}}{{{{ {call} }}}}'
        return Reader(environment.from_string(source).render(**values))

    return drawn


@pytest.fixture
def refused() -> Proposal:
    typed = {"title": "WLAN", "field": "m", "milestones-0-title": "", "milestones-1-title": "Start"}
    form = Proposal(MultiDict(typed))
    assert not form.validate()
    return form


def test_a_field_is_wired_to_its_label_hint_and_error(draw, refused):
    page = draw("forms", "text_field(form.title)", form=refused)
    control = next(attributes for tag, attributes in page.tags if tag == "input")
    assert control["aria-describedby"] == "title-hint title-error"
    assert control["aria-invalid"] == "true"
    assert {"title-hint", "title-error"} <= set(page.ids())
    assert ("label", {"class": "kern-label", "for": "title"}) in page.tags


def test_a_field_without_hint_and_error_describes_itself_by_nothing(draw):
    page = draw("forms", "text_field(form.website)", form=Proposal())
    assert not list(page.having("aria-describedby"))
    assert not list(page.having("aria-invalid"))


def test_what_may_be_left_out_says_so_and_what_may_not_does_not(draw):
    form = Proposal()
    assert "freiwillig" in draw("forms", "textarea_field(form.text)", form=form).text
    assert "freiwillig" not in draw("forms", "text_field(form.title)", form=form).text
    forced = draw("forms", "textarea_field(form.text, optional=false)", form=form)
    assert "freiwillig" not in forced.text


def test_further_words_become_attributes_of_the_control(draw):
    page = draw(
        "forms", 'text_field(form.title, autocomplete="email", inputmode="email")', form=Proposal()
    )
    control = next(attributes for tag, attributes in page.tags if tag == "input")
    assert (control["autocomplete"], control["inputmode"]) == ("email", "email")


def test_the_summary_leads_to_each_field_that_has_an_error(draw, refused):
    page = draw("forms", "error_summary(form)", form=refused)
    links = [attributes["href"] for tag, attributes in page.tags if tag == "a"]
    assert links == ["#title", "#stance-0", "#milestones-0-title"]
    assert "Bitte prüfen Sie 3 Angaben" in page.text
    assert "Meilensteine 1, Meilenstein: Nennen Sie den Meilenstein." in page.text


def test_every_link_of_the_summary_finds_its_field(draw, refused):
    summary = draw("forms", "error_summary(form)", form=refused)
    drawn: list[str | None] = []
    for name in ("title", "stance", "milestones"):
        call = "fieldset_rows(form.milestones, 'Zeile')"
        if name != "milestones":
            call = f"any_field(form.{name})"
        drawn += draw("forms", call, form=refused).ids()
    targets = {attributes["href"] for tag, attributes in summary.tags if tag == "a"}
    assert targets <= {f"#{name}" for name in drawn}


def test_a_form_without_errors_has_no_summary(draw):
    assert draw("forms", "error_summary(form)", form=Proposal()).tags == []


def test_any_field_picks_the_control_by_the_widget(draw):
    form = Proposal()
    expected = {
        "title": "input",
        "text": "textarea",
        "field": "select",
        "consent": "input",
        "stance": "fieldset",
    }
    for name, tag in expected.items():
        page = draw("forms", f"any_field(form.{name})", form=form)
        assert tag in [found for found, _ in page.tags], name


def test_hidden_fields_bring_the_trap_with_them_and_nobody_can_walk_into_it(draw):
    page = draw("forms", "hidden_tokens(form)", form=Proposal())
    inputs = {attributes["name"]: attributes for tag, attributes in page.tags if tag == "input"}
    assert inputs["key"]["type"] == "hidden"
    assert inputs["website"]["tabindex"] == "-1"
    assert "title" not in inputs


def test_a_path_says_in_words_what_its_dots_show(draw):
    steps = [
        {"label": "eingegangen", "state": "done"},
        {"label": "in Auswertung", "state": "now", "href": "/weg"},
        {"label": "beantwortet", "state": "todo"},
    ]
    page = draw("path", "path(steps)", steps=steps)
    assert "eingegangen (erledigt)" in page.text
    assert "in Auswertung (jetzt)" in page.text
    assert "beantwortet (steht noch aus)" in page.text
    assert [attributes["aria-current"] for _, attributes in page.having("aria-current")] == ["step"]
    assert "Schritt 2 von 3" in draw("path", "mini_path(steps)", steps=steps).text


def test_a_refused_contribution_has_a_path_that_ends(draw):
    steps = [{"label": "eingegangen", "state": "done"}, {"label": "abgelehnt", "state": "ended"}]
    assert draw("path", "mini_path(steps)", steps=steps).text == "abgeschlossen"


def test_a_difference_is_readable_without_seeing_it(draw):
    segments = [
        {"kind": "equal", "text": "Besuche sind "},
        {"kind": "delete", "text": "selten"},
        {"kind": "insert", "text": "immer"},
        {"kind": "equal", "text": " möglich."},
    ]
    page = draw("diff", "diff(segments)", segments=segments)
    assert "[gestrichen: selten]" in page.text
    assert "[neu: immer]" in page.text
    assert [tag for tag, _ in page.tags if tag in {"ins", "del"}] == ["del", "ins"]


def test_a_blank_that_is_new_or_gone_is_no_mark_of_its_own(draw):
    segments = [
        {"kind": "equal", "text": "Montag"},
        {"kind": "insert", "text": " "},
        {"kind": "equal", "text": "bis Freitag"},
        {"kind": "delete", "text": "\n"},
    ]
    page = draw("diff", "diff(segments)", segments=segments)
    assert page.text == "Montag bis Freitag"
    assert not [tag for tag, _ in page.tags if tag in {"ins", "del"}]


def test_no_browser_cuts_off_what_is_too_long(draw, refused):
    page = draw("forms", "textarea_field(form.text)", form=refused)
    (area,) = (attributes for tag, attributes in page.tags if tag == "textarea")
    assert "maxlength" not in area
    (counter,) = (attributes for _, attributes in page.having("data-count-for"))
    assert counter["data-count-max"] == "1500"
    assert "zu viel" in (counter["data-count-over"] or "")


def test_a_number_that_must_not_be_shown_is_shown_nowhere(draw):
    rows = [
        {"label": "online", "value_text": "38 %", "share": 38},
        {"label": "Brief", "value_text": "3 %", "share": 3, "hidden": True},
    ]
    page = draw("bars", "bars('Frage', none, rows, 'n = 615', '14. April', 't')", rows=rows)
    assert page.text.count("38 %") == 2
    assert page.text.count("zu wenige Antworten") == 2
    assert "3 %" not in re.sub("38 %", "", page.text)
    widths = [attributes["width"] for tag, attributes in page.tags if tag == "rect"]
    assert widths == ["100", "38", "100"]


def test_a_series_says_its_values_and_leaves_years_to_come_out(draw):
    points = [{"label": "2025", "value": 27}, {"label": "2026", "value": 22.5}, {"label": "2027"}]
    page = draw("series", "series('Wartezeit', points, unit='min')", points=points)
    spoken = next(attributes["aria-label"] for tag, attributes in page.tags if tag == "svg")
    assert spoken == "Wartezeit (min): 2025 27, 2026 22,5."
    assert "22,5 min" in page.text


@pytest.mark.parametrize("values", [[5], [0], [7, 7, 7], [-3, 4], [0.02, 0.03], [1e6, 9e6]])
def test_a_series_has_a_scale_for_any_values(draw, values):
    points = [{"label": str(place), "value": value} for place, value in enumerate(values)]
    page = draw("series", "series('Wert', points)", points=points)
    heights = [float(attributes["cy"]) for tag, attributes in page.tags if tag == "circle"]
    assert len(heights) == 2 * len(values)
    assert all(36 <= height <= 200 for height in heights)


def test_a_series_without_values_says_that_nothing_was_measured(draw):
    page = draw("series", "series('Wert', points)", points=[{"label": "2027", "value": None}])
    assert "Noch nicht gemessen" in page.text
    assert "svg" not in [tag for tag, _ in page.tags]


def test_the_roadmap_says_when_each_measure_runs(draw):
    row = {
        "code": "M-07",
        "text": "Bürgerservice",
        "start": 1,
        "end": 7,
        "state": "running",
        "state_text": "läuft",
        "milestones": [{"quarter": 3, "text": "Abend bis 19 Uhr"}],
    }
    page = draw("roadmap", "roadmap(rows, 2026)", rows=[row])
    assert "2. Quartal 2026 bis 4. Quartal 2027, läuft." in page.text
    assert "Meilensteine: Abend bis 19 Uhr (4. Quartal 2026)." in page.text


def test_a_measure_that_began_before_the_roadmap_starts_at_its_edge(draw):
    row = {"code": "M-01", "text": "Alt", "start": -3, "end": 40}
    page = draw("roadmap", "roadmap(rows, 2026)", rows=[row])
    bar = next(
        attributes["class"]
        for _, attributes in page.having("class")
        if "bt-road__b" in (attributes["class"] or "")
    )
    assert "bt-f1 " in bar
    assert bar.endswith("bt-t20")


def test_the_official_voice_bends_with_the_kind_of_municipality(draw):
    assert draw("answer", "voice('county')").text == "Antwort des Landkreises"
    assert draw("answer", "voice('town')").text == "Antwort der Stadt"
    assert draw("answer", "voice('district')").text == "Antwort der Verwaltung"


def test_text_of_citizens_stays_text_in_every_macro(draw):
    evil = "<img src=x onerror=alert(1)>"
    drawn = [
        draw("badge", "badge(evil)", evil=evil),
        draw("cards", "idea_row(evil, '/i', excerpt=evil, meta=[evil])", evil=evil),
        draw("diff", "diff([{'kind': 'insert', 'text': evil}])", evil=evil),
        draw("queue", "queue([{'href': '/', 'title': evil, 'meta_text': evil}])", evil=evil),
        draw("breadcrumb", "breadcrumb([{'label': evil}])", evil=evil),
        draw("alert", "alert('info', evil, evil)", evil=evil),
    ]
    for page in drawn:
        assert evil in page.text
        assert "img" not in [tag for tag, _ in page.tags]


@pytest.mark.parametrize("file", sorted(TEMPLATES.rglob("*.html")), ids=lambda file: file.name)
def test_no_template_holds_what_the_content_policy_forbids(file: Path):
    source = file.read_text()
    assert not re.search(r"\sstyle\s*=", source)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", source)
    assert "<style" not in source
    assert not re.search(r"<script(?![^>]*\bsrc=)", source)
    assert "|safe" not in source.replace(" ", "")


@pytest.mark.parametrize(
    ("component", "call"),
    [
        ("path", "path([{'label': 'a'}])"),
        ("diff", "because([{'text': 'Haushalt'}])"),
        ("bars", "bars('T', 'R', [{'label': 'a', 'hidden': true}], '', '', 't')"),
        ("bars", "stacked_bar([{'label': 'a', 'value_text': '1', 'share': 5}])"),
        ("series", "series('T', [{'label': '1', 'value': 1}], {'value': 2})"),
        ("roadmap", "roadmap([{'code': 'M-01', 'text': 'a', 'start': 0, 'end': 1}], 2026)"),
        ("facts", "facts([{'label': 'a', 'text': 'b'}])"),
        ("facts", "profile([{'label': 'a', 'text': 'b'}])"),
        ("fields", "field_bars([{'code': 'HF-1', 'label': 'a', 'href': '/'}])"),
        ("fields", "field_list([{'code': 'HF-1', 'label': 'a', 'href': '/', 'state_text': ''}])"),
        ("breadcrumb", "breadcrumb([{'label': 'a'}])"),
        ("chips", "chips([{'text': 'a', 'href': '/'}], 'b')"),
        ("funnel", "funnel([{'number': 1, 'label': 'a'}])"),
        ("funnel", "blockers([{'text': 'a'}])"),
        ("queue", "queue([{'href': '/', 'title': 'a'}])"),
        ("pagination", "more(text='3 von 3')"),
    ],
)
def test_what_a_page_may_leave_out_is_not_missed(draw, component, call):
    assert draw(component, call).tags
