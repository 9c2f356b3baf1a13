"""Where an import goes: towns, engagements and elements that are not there or do not fit."""

from __future__ import annotations

import pytest

from tests.broken_input import check_refusal, wrong_call
from tests.real_input import SMALL_SETS

IDEAS = SMALL_SETS / "german_citizen_ideas" / "lindenow-wege" / "ideas.csv"
POLIS = SMALL_SETS / "polis_conversations" / "lindenow-klima"
SURVEY = SMALL_SETS / "youth_survey_lindenow"
COLUMNS = ("--title-column", "title", "--body-column", "text", "--url-column", "url")
NEW = ("--municipality", "lindenow", "--title", "Import")

FAULTS = {
    "unknown town": wrong_call(
        "there is no municipality “nirgendwo”",
        *("import", "polis", POLIS, "--municipality", "nirgendwo", "--title", "Import"),
    ),
    "no town": wrong_call(
        "name the --municipality", "import", "survey", SURVEY, "--title", "Import"
    ),
    "no title": wrong_call(
        "name the --title", "import", "survey", SURVEY, "--municipality", "lindenow"
    ),
    "giant title": wrong_call(
        "a title has at most 120 characters",
        *("import", "survey", SURVEY, "--municipality", "lindenow", "--title", "x" * 121),
    ),
    "empty title": wrong_call(
        "an engagement needs a title",
        *("import", "polis", POLIS, "--municipality", "lindenow", "--title", "  "),
    ),
    "unknown element": wrong_call(
        "the strategy of Lindenow has no element M-77",
        *("import", "polis", POLIS, *NEW, "--about", "HF-1,M-77"),
    ),
    "what is no code": wrong_call(
        "the strategy of Lindenow has no element Mobilität",
        *("import", "polis", POLIS, *NEW, "--about", "Mobilität"),
    ),
    "town without a strategy": wrong_call(
        "Neudorf has no strategy yet, so there is no HF-1",
        *("import", "polis", POLIS, "--municipality", "neudorf", "--title", "Import"),
        *("--about", "HF-1"),
    ),
    "unknown engagement": wrong_call(
        "there is no engagement “nichts”", "import", "polis", POLIS, "--engagement", "nichts"
    ),
    "engagement of another kind": wrong_call(
        "“offene-ideen” is of another kind: idea call",
        *("import", "polis", POLIS, "--engagement", "offene-ideen"),
    ),
    "title of what has one": wrong_call(
        "--title is for a new engagement",
        *("import", "ideas", IDEAS, *COLUMNS, "--engagement", "offene-ideen", "--title", "Neu"),
    ),
    "element of another engagement": wrong_call(
        "the engagement “offene-ideen” is not about HF-2",
        *("import", "ideas", IDEAS, *COLUMNS, "--engagement", "offene-ideen", "--about", "HF-2"),
    ),
    "engagement of another town": wrong_call(
        "there is no engagement “offene-ideen”",
        *("import", "ideas", IDEAS, *COLUMNS, "--engagement", "offene-ideen"),
        *("--municipality", "neudorf"),
    ),
}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", FAULTS)
def test_what_does_not_fit_is_refused_and_stores_nothing(
    command, session, arranged, noon, tmp_path, name
):
    check_refusal(command, session, tmp_path / "fault", FAULTS[name])


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_what_does_not_fit_is_refused_by_postgresql_as_well(
    command, session, arranged, noon, tmp_path
):
    for number, fault in enumerate(FAULTS.values()):
        check_refusal(command, session, tmp_path / str(number), fault)
