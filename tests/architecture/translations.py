"""The texts of the platform against its catalogues: `python -m tests.architecture.translations`.

German is the language of the source. Every other language has a folder under
`participation/translations/`, and each of its catalogues holds every text, translated, with the
same placeholders, and is compiled as it stands. With `--update` the catalogues are brought up to
date instead; what has to be translated then is what the check names.
"""

import io
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

Found = tuple[tuple[str, int], str | tuple[str, ...], list[str], str | None]

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES = ROOT / "participation" / "translations"
METHODS = [
    ("participation/**.py", "python"),
    ("templates/**.html", "jinja2"),
    ("templates/**.txt", "jinja2"),
    ("templates/**.xml", "jinja2"),
]
# The application sets the same policy for its templates.
OPTIONS = {pattern: {"trimmed": "true"} for pattern, method in METHODS if method == "jinja2"}
KEYWORDS = dict(DEFAULT_KEYWORDS) | {
    "_l": None,
    "_n": (1, 2),
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
    "lazy_pgettext": ((1, "c"), 2),
}
# What operations refuse with: sentences for people, or words for developers.
REFUSALS: dict[str, Any] = {
    "Refused": None,
    "Conflict": None,
    "GroupGone": None,
    "Overtaken": None,
    "Forbidden": None,
    "UnreadableTable": None,
}


def texts(root: Path = ROOT) -> Catalog:
    """Every text that the code and the templates ask to be translated."""
    found = Catalog(project="participation")
    for place, identity, comments, context in _extracted(root, KEYWORDS):
        found.add(identity, None, [place], auto_comments=comments, context=context)
    # No template refuses anything.
    for place, identity, comments, context in _extracted(root, REFUSALS, ("participation",)):
        if is_for_people(identity):
            found.add(identity, None, [place], auto_comments=comments, context=context)
    return found


def _extracted(
    root: Path,
    keywords: Mapping[str, Any],
    folders: Iterable[str] = ("participation", "templates"),
) -> Iterator[Found]:
    for folder in folders:
        for name, line, identity, comments, context in extract_from_dir(
            root / folder,
            method_map=[
                (p.removeprefix(f"{folder}/"), m) for p, m in METHODS if p.startswith(folder)
            ],
            options_map={p.removeprefix(f"{folder}/"): o for p, o in OPTIONS.items()},
            keywords=keywords,
        ):
            yield (f"{folder}/{name}", line), identity, comments, context


def is_for_people(message: str | tuple[str, ...]) -> bool:
    """Tell whether a refusal is a sentence; what begins with a small letter is for developers."""
    return isinstance(message, str) and (message[:1].isupper() or message.startswith("%("))


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3])


def compiled(catalogue: Catalog) -> bytes:
    content = io.BytesIO()
    write_mo(content, catalogue)
    return content.getvalue()


def keys(catalogue: Catalog) -> Mapping[tuple[str, str | None], Message]:
    """The messages by what identifies them; a plural by its singular."""
    return {
        (message.id if isinstance(message.id, str) else message.id[0], message.context): message
        for message in catalogue
        if message.id
    }


def is_translated(message: Message) -> bool:
    string = message.string
    strings = [string] if isinstance(string, str) else list(string or [""])
    return all(strings) and not message.fuzzy


def faults(path: Path, template: Catalog) -> Iterator[str]:
    """What is wrong with one catalogue, one line each."""
    catalogue = read(path)
    wanted, present = keys(template), keys(catalogue)
    for key in wanted.keys() - present.keys():
        yield f"not in the catalogue: {key[0]!r}"
    for key in present.keys() - wanted.keys():
        yield f"no longer used: {key[0]!r}"
    for key in wanted.keys() & present.keys():
        if not is_translated(present[key]):
            yield f"not translated: {key[0]!r}"
    for message, errors in catalogue.check():
        yield from (f"{error}: {message.id!r}" for error in errors)
    binary = path.with_suffix(".mo")
    if not binary.exists() or binary.read_bytes() != compiled(catalogue):
        yield "the compiled catalogue is not up to date"


def update(path: Path, template: Catalog) -> None:
    catalogue = read(path)
    catalogue.update(
        template, no_fuzzy_matching=True, update_header_comment=False, update_creation_date=False
    )
    with path.open("wb") as file:
        write_po(
            file, catalogue, width=96, sort_by_file=True, include_lineno=False, ignore_obsolete=True
        )
    path.with_suffix(".mo").write_bytes(compiled(read(path)))


def main(arguments: Iterable[str]) -> int:
    template = texts()
    paths = sorted(CATALOGUES.glob("*/LC_MESSAGES/messages.po"))
    if "--update" in arguments:
        for path in paths:
            update(path, template)
    found = [f"{path.parts[-3]}: {fault}" for path in paths for fault in faults(path, template)]
    print(
        "\n".join(sorted(found)) or f"{len(template)} texts, complete in {len(paths)} catalogues."
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
