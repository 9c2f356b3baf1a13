"""The check of the catalogues sees each fault that it is there for."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from jinja2 import Environment, nodes

from tests.architecture.translations import (
    REFUSALS,
    ROOT,
    compiled,
    faults,
    is_for_people,
    keys,
    read,
    texts,
    update,
)

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
ENVIRONMENT = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
GREETING = "Guten Tag, %(name)s!"


@pytest.fixture
def template(tmp_path: Path) -> Catalog:
    folder = tmp_path / "templates" / "portal"
    folder.mkdir(parents=True)
    (tmp_path / "participation").mkdir()
    (folder / "home.html").write_text(
        '{% trans name=visitor %}\n  Guten Tag,\n  {{ name }}!\n{% endtrans %}{{ _("Ende") }}'
    )
    return texts(tmp_path)


def catalogue(tmp_path: Path, body: str) -> Path:
    path = tmp_path / "en" / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    path.write_text(HEADER + body)
    path.with_suffix(".mo").write_bytes(compiled(read(path)))
    return path


def entry(text: str, translation: str) -> str:
    return f'#, python-format\nmsgid "{text}"\nmsgstr "{translation}"\n\n'


def test_a_complete_catalogue_has_no_faults(tmp_path: Path, template: Catalog):
    path = catalogue(tmp_path, entry(GREETING, "Hello %(name)s!") + entry("Ende", "End"))
    assert list(faults(path, template)) == []


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (entry(GREETING, "Hello %(name)s!"), "not in the catalogue: 'Ende'"),
        (entry(GREETING, "Hello %(name)s!") + entry("Ende", ""), "not translated: 'Ende'"),
        (entry(GREETING, "Hello %(nam)s!") + entry("Ende", "End"), "unknown named placeholder"),
        (
            entry(GREETING, "Hello %(name)s!") + entry("Ende", "End") + entry("Weg", "Gone"),
            "no longer used: 'Weg'",
        ),
    ],
)
def test_a_fault_is_named(tmp_path: Path, template: Catalog, body: str, fault: str):
    assert fault in "\n".join(faults(catalogue(tmp_path, body), template))


def test_a_catalogue_that_was_not_compiled_again_is_named(tmp_path: Path, template: Catalog):
    path = catalogue(tmp_path, entry(GREETING, "Hello %(name)s!") + entry("Ende", "End"))
    path.write_text(path.read_text().replace("Hello", "Good day"))
    assert list(faults(path, template)) == ["the compiled catalogue is not up to date"]


def test_an_update_brings_new_texts_in_and_keeps_translations(tmp_path: Path, template: Catalog):
    path = catalogue(tmp_path, entry("Ende", "End") + entry("Weg", "Gone"))
    update(path, template)
    assert list(faults(path, template)) == [f"not translated: {GREETING!r}"]


def test_sentences_of_refusals_are_texts_and_words_for_developers_are_not(tmp_path: Path):
    room = tmp_path / "participation" / "ideas"
    room.mkdir(parents=True)
    (tmp_path / "templates").mkdir()
    (room / "operations.py").write_text(
        'raise Refused("Höchstens %(limit)s Zeichen.", field="text", limit=9)\n'
        'raise Conflict("%(code)s ist schon da.", code="M-01")\n'
        'raise Conflict("the call is closed")\n'
    )
    found = {message.id for message in texts(tmp_path) if message.id}
    assert found == {"Höchstens %(limit)s Zeichen.", "%(code)s ist schon da."}


def refusals(tree: ast.AST) -> Iterator[ast.expr]:
    """The message of every refusal in a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in REFUSALS and node.args:
            yield node.args[0]


def can_be_found(message: ast.expr) -> bool:
    """A sentence stands in the code as it stands in the catalogues, or is translated there."""
    if isinstance(message, ast.JoinedStr):
        first = message.values[0]
        return isinstance(first, ast.Constant) and not is_for_people(str(first.value))
    return isinstance(message, ast.Constant | ast.Call)


def test_no_refusal_is_put_together_so_that_no_catalogue_could_hold_it():
    wrong = [
        f"{file.relative_to(ROOT)}:{message.lineno}"
        for file in sorted((ROOT / "participation").rglob("*.py"))
        for message in refusals(ast.parse(file.read_text(encoding="utf-8")))
        if not can_be_found(message)
    ]
    assert wrong == []


def said_by(template: str) -> str:
    """Return what a template says by itself, without tags and without what is filled in."""
    parts = [
        piece.data if isinstance(piece, nodes.TemplateData) else " "
        for output in ENVIRONMENT.parse(template).find_all(nodes.Output)
        for piece in output.nodes
    ]
    page = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", "".join(parts), flags=re.DOTALL)
    spoken = re.findall(r'\b(?:aria-label|alt|title|placeholder|data-label)="([^"]*)"', page)
    return " ".join([re.sub(r"<[^>]*>", " ", page), *spoken])


# Names of a file format, a class that stands in a block of its own, and attributes.
NAMES = r"\bCSV\b|\bbt-staff\b|\baria-[a-z]+|\btrue\b|\blang\b"


def test_no_template_says_what_no_catalogue_holds():
    said = {
        str(file.relative_to(ROOT / "templates")): set(re.findall(r"[^\W\d_]{3,}", text))
        for file in sorted((ROOT / "templates").rglob("*.html"))
        if (text := re.sub(NAMES, "", said_by(file.read_text(encoding="utf-8"))))
    }
    # The last resort asks nobody for the language and says everything in both.
    assert {name for name, words in said.items() if words} == {"errors/plain.html"}


def test_no_template_puts_german_quotation_marks_around_what_is_filled_in():
    wrong = [
        str(file.relative_to(ROOT / "templates"))
        for file in sorted((ROOT / "templates").rglob("*.html"))
        if re.search("[„“”‚‘]", said_by(file.read_text(encoding="utf-8")))
    ]
    assert wrong == []


def test_per_cent_is_written_by_the_filter_of_the_language_and_no_text():
    templates = [
        str(file.relative_to(ROOT / "templates"))
        for file in sorted((ROOT / "templates").rglob("*.html"))
        if "%" in said_by(file.read_text(encoding="utf-8"))
    ]
    german = {key for key, _context in keys(texts())}
    assert templates == []
    assert [text for text in german if "%%" in text] == []


def test_a_forgotten_text_in_a_template_is_seen():
    assert "%" in said_by("<p>{{ share }} %</p>")
    assert "„" in said_by("<p>„{{ title }}“</p>")
    assert "Vergessen" in said_by('<p title="Vergessen">{{ _("Da") }}</p>')
    assert "Vergessen" in said_by("<p>{% if x %}Vergessen{% endif %}</p>")
    assert "Da" not in said_by('<p>{{ _("Da") }} {% trans %}Da{% endtrans %}</p>')
