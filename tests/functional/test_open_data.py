"""Open data: what everybody may download, and what is never in it."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta
from decimal import Decimal

import pytest

from participation.accounts.models import Role
from participation.contributions.models import ContributionStatus
from participation.foundation import clock
from participation.insights.aggregation import aggregate
from participation.insights.queries import released
from participation.portal.open_tables import TABLES
from participation.portal.queries import open_data
from participation.strategy import operations
from participation.strategy.queries import get_element
from tests.conftest import NOON
from tests.functional.test_strategy_query_counts import count_queries


def table_of(client, name):
    """Return the rows of a table, which must be the same in both formats."""
    file = client.get(f"/daten/{name}.csv")
    assert file.content_type == "text/csv; charset=utf-8"
    assert file.headers["Content-Disposition"] == f'attachment; filename="{name}.csv"'
    objects = client.get(f"/daten/{name}.json")
    assert objects.content_type == "application/json"
    assert objects.headers["Content-Disposition"] == f'attachment; filename="{name}.json"'
    rows = list(csv.DictReader(io.StringIO(file.data.decode("utf-8-sig"))))
    assert [set(row) for row in rows] == [set(row) for row in objects.json]
    assert all(set(row) == {field.name for field in TABLES[name].fields} for row in rows)
    assert len(rows) == len(objects.json)
    return objects.json


def test_the_strategy_in_force_is_told_element_by_element(site, client):
    site.make.adopted_strategy(site.municipality)
    site.session.commit()
    rows = {row["code"]: row for row in table_of(client, "strategie")}
    assert rows["M-01"]["kind"] == "measure"
    assert rows["M-01"]["state"] == "not_started"
    assert rows["HF-1"]["state"] is None
    assert {row["version"] for row in rows.values()} == {1}
    assert rows["M-01"]["goals"] == "Z-01"


def test_measurements_come_with_their_indicator(site, client):
    strategy = site.make.adopted_strategy(site.municipality)
    indicator = site.make.indicator(
        get_element(site.session, strategy.id, "M-01"), name="Anteil online", unit="%"
    )
    operations.record_measurement(
        site.session, indicator=indicator, on=date(2026, 3, 1), value=Decimal("12.5")
    )
    site.session.commit()
    (row,) = [one for one in table_of(client, "messwerte") if one["indicator"] == "Anteil online"]
    assert (row["element"], row["value"], row["measured_on"]) == ("M-01", 12.5, "2026-03-01")


def test_without_a_strategy_in_force_there_is_no_file_of_one(site, client):
    site.make.strategy(site.municipality)
    site.session.commit()
    assert "/daten/strategie" not in client.get("/daten/").text
    for name in ("strategie", "messwerte"):
        assert client.get(f"/daten/{name}.csv").status_code == 404
    assert client.get("/daten/beitraege.json").json == []


def test_only_published_contributions_of_what_has_opened_are_told(site, client):
    make, here = site.make, site.municipality
    call = make.idea_call(here, title="Orte mit Netz")
    shown = make.idea(call, title="WLAN", text="Am Bahnhof fehlt WLAN.", supports=4)
    make.comment(None, shown, text="Ja, bitte.")
    for status in set(ContributionStatus) - {ContributionStatus.PUBLISHED}:
        make.idea(call, status=status, title=f"geheim {status.value}", text="geheim")
    planned = make.idea_call(here, title="Später")
    make.idea(planned, title="geheim, weil zu früh", text="geheim")
    planned.opens_at = NOON + timedelta(days=5)
    site.session.commit()
    idea, comment = sorted(table_of(client, "beitraege"), key=lambda row: row["kind"] != "idea")
    assert (idea["kind"], idea["title"], idea["supports"]) == ("idea", "WLAN", 4)
    assert idea["address"] == f"http://localhost/beteiligung/{call.slug}/ideen/{shown.number}"
    assert idea["received_on"] == shown.received_at.date().isoformat()
    assert (comment["kind"], comment["text"]) == ("comment", "Ja, bitte.")
    assert client.get(comment["address"]).status_code == 200
    assert {"author", "channel", "source", "id"}.isdisjoint(idea)


def test_a_statement_of_the_municipality_is_no_contribution(site, client):
    opened = site.make.comment_round(site.municipality)
    site.make.comment(opened, text="Von einem Menschen.")
    seed = site.make.comment(opened, text="Von der Kommune.")
    seed.passage_id, seed.round_id, seed.stance = None, opened.id, None
    seed.is_seed = True
    site.session.commit()
    (row,) = table_of(client, "beitraege")
    assert row["text"] == "Von einem Menschen."


def test_no_cell_becomes_a_formula_and_json_has_the_words_as_they_are(site, client):
    call = site.make.idea_call(site.municipality)
    site.make.idea(call, title="=1+1", text="@SUMME(A1)")
    site.session.commit()
    (row,) = table_of(client, "beitraege")
    assert (row["title"], row["text"]) == ("=1+1", "@SUMME(A1)")
    file = client.get("/daten/beitraege.csv").text
    assert '"\'=1+1"' in file
    assert '"\'@SUMME(A1)"' in file


def test_a_file_is_read_in_parts_and_whole(site, client, monkeypatch):
    monkeypatch.setattr(open_data, "_AT_ONCE", 3)
    call = site.make.idea_call(site.municipality)
    for number in range(10):
        site.make.idea(call, title=f"Idee {number}")
    site.session.commit()
    titles = [row["title"] for row in table_of(client, "beitraege")]
    assert sorted(titles) == [f"Idee {number}" for number in range(10)]


def test_released_results_are_listed_and_told_as_on_their_page(site, client):
    opened = site.make.comment_round(site.municipality)
    site.make.votes(site.make.comment(opened, text="Fast alle."), agree=90, disagree=2)
    member = site.make.member(Role.STRATEGIST, municipality=site.municipality)
    site.session.commit()
    path = f"/beteiligung/{opened.slug}/ergebnisse.json"
    assert client.get(path).status_code == 404
    assert path not in client.get("/daten/").text
    with clock.standing_at(opened.closes_at + timedelta(days=1)):
        aggregate(site.session, engagement=opened, actor=member, at=clock.now(), final=True)
        site.session.commit()
        assert released(site.session, opened)
        assert path in client.get("/daten/").text
        assert path in client.get(f"/beteiligung/{opened.slug}").text
        answer = client.get(path)
    assert answer.headers["Content-Disposition"].endswith(f'"ergebnisse-{opened.slug}.json"')
    shown = [row["shown"] for row in answer.json if "Fast alle" in row["answer"]]
    assert shown == ["zu wenige Stimmen"]
    assert "92" not in answer.text


def test_the_page_tells_fields_and_licence_and_every_page_leads_there(site, client):
    site.make.adopted_strategy(site.municipality)
    site.session.commit()
    page = client.get("/daten/").text
    assert "https://www.govdata.de/dl-de/by-2-0" in page
    for table in TABLES.values():
        for field in table.fields:
            assert f'<code translate="no">{field.name}</code>' in page
    assert 'href="/daten/"' in client.get("/impressum").text
    for path in re.findall(r'href="(/daten/\w+\.\w+)"', page):
        assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    "path", ["king.csv", "strategie.xlsx", "strategie", "beitraege.csv/", "../beitraege.csv"]
)
def test_other_files_there_are_not(client, path):
    assert client.get(f"/daten/{path}").status_code == 404


def test_page_and_files_read_with_few_queries_whatever_the_number_of_rows(site, client):
    make = site.make
    make.adopted_strategy(site.municipality)
    call = make.idea_call(site.municipality)
    for number in range(12):
        make.idea(call, title=f"Idee {number}")
    site.session.commit()
    assert count_queries(site, client, "/daten/") <= 6
    assert count_queries(site, client, "/daten/strategie.csv") <= 9
    assert count_queries(site, client, "/daten/messwerte.json") <= 9
    assert count_queries(site, client, "/daten/beitraege.json") <= 6
