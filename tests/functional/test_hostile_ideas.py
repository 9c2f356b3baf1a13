"""An idea whose every word is a formula and a script stays words wherever it is shown."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
import sqlalchemy as sa
from python_calamine import CalamineWorkbook

from participation.accounts.models import Role
from participation.contributions.models import Channel
from participation.engagements.models import ModerationMode
from participation.foundation.geometry import read_geometry
from participation.ideas.call_fields import FieldDraft, add_field
from participation.ideas.grouping import group_ideas
from participation.ideas.images import ReadyImage
from participation.ideas.models import FieldKind, Idea
from participation.ideas.placing import ChosenPlace
from participation.ideas.wordings import change_idea
from tests.conftest import NOON
from tests.photographs import ready_photograph

HOSTILE = "=cmd|' /C calc'!A0\"><script>alert(1)</script>"
LIST = "/beteiligung/orte/ideen"


@pytest.fixture
def idea(site):
    make = site.make
    call = make.idea_call(
        site.municipality,
        title="Orte",
        question=HOSTILE,
        guide=HOSTILE,
        moderation_mode=ModerationMode.AFTER,
    )
    asked = add_field(
        site.session,
        call=call,
        draft=FieldDraft(FieldKind.SHORT, HOSTILE, help=HOSTILE, is_public=True),
    )
    picture = ready_photograph()
    idea = make.idea(
        call,
        title=HOSTILE,
        text=HOSTILE,
        channel=Channel.WORKSHOP,
        origin=HOSTILE,
        images=[ReadyImage(picture.content, picture.small, HOSTILE)],
        place=ChosenPlace(address=HOSTILE, geometry=read_geometry("52.5, 12.5")),
        asked=[asked],
        answers={asked.id: HOSTILE},
        supports=1,
    )
    other = make.idea(call, title=HOSTILE, text="Dasselbe.")
    change_idea(site.session, idea=idea, title=HOSTILE + "!", text=HOSTILE + "!", at=NOON)
    group_ideas(site.session, ideas=[idea, other], actor=None, at=NOON)
    site.session.commit()
    return idea


@pytest.mark.parametrize(
    "path",
    ["", "?suche=alert", "/neu", "/1", "/2", "/1/fassungen", "/1/kommentare", "/1/melden"],
)
def test_pages_show_it_as_it_was_typed(client, idea, path):
    page = client.get(LIST + path)
    assert page.status_code == 200
    check(page.text)


def test_staff_read_it_as_it_was_typed(site, idea):
    staff = site.staff(Role.MODERATOR, Role.STRATEGIST)
    for path in (
        f"/moderation/{idea.id}",
        "/verwaltung/beteiligungen/orte/gleiche-ideen",
        "/verwaltung/beteiligungen/orte/ideen/1/gleiche",
        "/verwaltung/beteiligungen/orte/zusatzfelder",
    ):
        check(staff.get(path).text)


def test_no_cell_of_a_file_begins_like_a_formula(site, client, idea):
    table = client.get(LIST + ".csv").data.decode("utf-8-sig")
    rows: list[Any] = list(csv.reader(io.StringIO(table)))
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(client.get(LIST + ".xlsx").data))
    rows += sheet.get_sheet_by_index(0).to_python()
    open_data = client.get("/daten/beitraege.csv").data.decode("utf-8-sig")
    rows += list(csv.reader(io.StringIO(open_data)))
    cells = [str(cell) for row in rows for cell in row]
    assert sum("alert(1)" in cell for cell in cells) > 8
    assert [cell for cell in cells if cell.startswith(("=", "+", "@"))] == []


def test_features_of_a_map_hold_it_as_text(client, idea):
    for path in (
        ".geojson",
        "/karte?ausschnitt=52,12,53,13&zoom=19",
    ):
        answer = client.get(LIST + path)
        assert answer.status_code == 200
        assert answer.mimetype == "application/geo+json"
        (feature,) = json.loads(answer.text)["features"]
        assert HOSTILE in json.dumps(feature, ensure_ascii=False).replace('\\"', '"')


def check(page):
    assert "<script>alert" not in page
    assert 'A0">' not in page
    assert "&lt;script&gt;alert(1)" in page


def test_nothing_of_it_was_lost(site, idea):
    found = site.session.scalars(sa.select(Idea).where(Idea.number == 1)).one()
    assert (found.title, found.text) == (HOSTILE + "!", HOSTILE + "!")
