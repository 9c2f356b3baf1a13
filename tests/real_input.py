"""Where the larger sets of input are, or the small ones that take their place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

SMALL_SETS = Path(__file__).parent / "data"
_IDEAS = ("bonn-raddialog/ideas.csv", "ideas.csv", "ideas_with_categories.csv")
_CONVERSATIONS = ("austria-climate.5twd2jsnkf",)
_SURVEYS = ("youth_survey_uster",)


@dataclass(frozen=True)
class RealInput:
    """A file of ideas, the folder of a conversation and the folder of a survey."""

    ideas: Path
    conversation: Path
    survey: Path


def input_folder(real_data: Path) -> Path:
    """Return the folder of the larger sets, or that of the small ones where there is none."""
    return real_data if real_data.is_dir() else SMALL_SETS


def known(real_data: Path, find: Callable[[Path], list[Path]]) -> list[Path]:
    """Return the sets of one format, the small ones where the larger have none of it."""
    return find(input_folder(real_data)) or find(SMALL_SETS)


def real_input(real_data: Path) -> RealInput:
    """Return one set of each format, the best known where there are several."""
    return RealInput(
        ideas=_best(known(real_data, idea_files), _IDEAS),
        conversation=_best(known(real_data, conversations), _CONVERSATIONS),
        survey=_best(known(real_data, surveys), _SURVEYS),
    )


def idea_files(folder: Path) -> list[Path]:
    """Return the files of ideas below a folder."""
    return sorted(folder.glob("**/ideas*.csv"))


def conversations(folder: Path) -> list[Path]:
    """Return the folders of conversations below a folder."""
    return sorted(
        file.parent
        for file in folder.glob("**/comments.csv")
        if any(file.parent.glob("*votes.csv*"))
    )


def surveys(folder: Path) -> list[Path]:
    """Return the folders of surveys below a folder."""
    return sorted(
        file.parent
        for file in folder.glob("**/questions.csv")
        if (file.parent / "responses.csv").is_file()
    )


def _best(found: Iterable[Path], names: tuple[str, ...]) -> Path:
    def rank(path: Path) -> int:
        ends = [place for place, name in enumerate(names) if path.as_posix().endswith(name)]
        return min(ends, default=len(names))

    best = min(found, key=rank, default=None)
    if best is None:
        raise FileNotFoundError(f"no input is called like {names[0]}")
    return best
