"""The forms of the comment pages, and what is stored after they were sent."""

from __future__ import annotations

import re

import sqlalchemy as sa

from tests.statements import counted_queries

FIELD = re.compile(r'<input[^>]* name="(?P<name>[^"]+)"[^>]*>')
VALUE = re.compile(r' value="(?P<value>[^"]*)"')


def hidden_fields(page, *, containing):
    """Return the hidden fields of the form whose action contains a text."""
    form = next(
        form
        for form in re.findall(r"<form.*?</form>", page, re.S)
        if containing in form.split(">")[0]
    )
    fields = {}
    for found in FIELD.finditer(form):
        if 'type="hidden"' in found.group():
            value = VALUE.search(found.group())
            fields[found["name"]] = value["value"] if value else ""
    return fields


def receipt_in(page):
    (code,) = re.findall(r'class="bt-receipt">([^<]+)<', page)
    return code


def count(site, kind):
    return len(rows(site, sa.select(kind)))


def rows(site, select):
    """Return what is stored now, and leave the database to the pages."""
    found = site.session.scalars(select.execution_options(populate_existing=True)).all()
    site.session.commit()
    return found


def only(site, kind, *conditions):
    (found,) = rows(site, sa.select(kind).where(*conditions))
    return found


def vote(client, home, choice, **more):
    page = client.get(home).text
    fields = hidden_fields(page, containing="/kommentare/stimme")
    return client.post(f"{home}/stimme", data=fields | {"stimme-choice": choice} | more)


def queries_of(site, client, path):
    """Return how many statements a page takes that was not asked for before."""
    with counted_queries(site) as statements:
        assert client.get(path).status_code == 200
    return len(statements)
