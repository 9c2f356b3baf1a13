"""Released results as the bars component takes them: the reading, the bars, n and the day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from participation.comments.models import Stance
from participation.insights.aggregation_comments import most_divided
from participation.insights.group_words import (
    GroupWords,
    words_of_comments,
    words_of_ideas,
    words_of_question,
)
from participation.insights.listed import MOST_ROWS, Words, words_listed
from participation.insights.models import Aggregate, AggregateKind
from participation.insights.results import (
    CommentTable,
    IdeaList,
    Result,
    SurveyTable,
    VoteRow,
    VoteTable,
    result_of,
)
from participation.insights.spoken import tables_in
from participation.insights.titles import title_of, with_version
from participation.surveys.matrix_words import overviews
from participation.surveys.models import FIRST_LANGUAGE, QuestionKind
from participation.surveys.readings import bar_rows, reading_of, value_head
from participation.web.filters import label, local_date, number, percent

Row = dict[str, Any]


@dataclass(frozen=True)
class Chart:
    """What the bars component needs to show one released result."""

    title: str
    reading: str
    rows: Sequence[Row]
    n_text: str
    released_text: str
    table_id: str
    note: str = ""
    value_head: str = ""
    # What stands in the place of a hidden number; answers say it themselves.
    hidden_text: str = ""
    # Votes are read twice: what most agree on, and what divides them.
    also: Chart | None = None
    # Of a question its table, in the language of the page as far as there are words in it.
    table: SurveyTable | None = None
    # That of the title.
    language: str = FIRST_LANGUAGE
    # The same by invited group, where that may be shown.
    groups: GroupWords | None = None


def charts_of(session: Session, aggregates: Iterable[Aggregate]) -> dict[int, Chart]:
    """Return released results as charts by their ids.

    One query reads the words of all ideas and comments in them that are public. The others were
    counted and keep their bar, without words and without a link. On a page in another language
    one more reads what questions and answers are called in it.
    """
    results = _spoken(session, [(aggregate, result_of(aggregate)) for aggregate in aggregates])
    words = words_listed(session, (result for _aggregate, result in results))
    return {aggregate.id: _chart_of(aggregate, result, words) for aggregate, result in results}


def with_overviews(aggregates: Iterable[Aggregate], charts: Mapping[int, Chart]) -> list[Chart]:
    """Return the charts in their order, and before the rows of a matrix one for all of them."""
    rows = [(row, charts[row.id]) for row in aggregates]
    tables = [chart.table for _row, chart in rows if chart.table is not None]
    before = {(one.version, one.first): one for one in overviews(tables)}
    found = []
    for row, chart in rows:
        table = chart.table
        over = None if table is None else before.get((table.version, table.code))
        if over is not None:
            found.append(
                Chart(
                    title=with_version(over.title, row.version_apart),
                    reading=over.reading,
                    rows=over.rows,
                    n_text=over.n_text,
                    released_text=chart.released_text,
                    table_id=f"{chart.table_id}-alle",
                    value_head=over.value_head,
                    language=over.language,
                )
            )
        found.append(chart)
    return found


def _chart_of(aggregate: Aggregate, result: Result, words: Mapping[str, Words]) -> Chart:
    """Return a released result as a chart; too few answers give one without bars."""
    also = table = None
    hidden_text = ""
    if isinstance(result, SurveyTable):
        table = result
        reading, rows, head, note = _of_question(result)
    elif isinstance(result, IdeaList):
        reading, rows, head, note = _of_ideas(result, aggregate.engagement.slug, words)
    elif isinstance(result, CommentTable):
        reading, rows, head, note = _of_comments(result)
    else:
        reading, rows, head, note = _of_votes(result, aggregate.engagement.slug, words)
        also, hidden_text = _divided(aggregate, result, words), _("zu wenige Stimmen")
    return Chart(
        title=title_of(aggregate) if table is None else _title_of_table(aggregate, table),
        reading=reading,
        rows=rows,
        n_text=_n_text(aggregate),
        released_text=_("freigegeben am %(day)s", day=local_date(aggregate.released_at)),
        table_id=f"auswertung-{aggregate.id}",
        note=note,
        value_head=head,
        hidden_text=hidden_text,
        also=also,
        table=table,
        language=FIRST_LANGUAGE if table is None else table.language,
        groups=_groups_of(result),
    )


def _groups_of(result: Result) -> GroupWords | None:
    if isinstance(result, SurveyTable):
        return words_of_question(result)
    if isinstance(result, IdeaList):
        return words_of_ideas(result)
    return words_of_comments(result) if isinstance(result, CommentTable) else None


def _title_of_table(aggregate: Aggregate, table: SurveyTable) -> str:
    return with_version(f"{table.group_text} {table.question}".strip(), aggregate.version_apart)


def _spoken(
    session: Session, results: Sequence[tuple[Aggregate, Result]]
) -> list[tuple[Aggregate, Result]]:
    """Return results with the tables of questions in the language of the page."""
    tables = [
        (aggregate.engagement_id, result)
        for aggregate, result in results
        if isinstance(result, SurveyTable)
    ]
    spoken = iter(tables_in(session, tables, str(get_locale())[:2]))
    return [
        (aggregate, next(spoken) if isinstance(result, SurveyTable) else result)
        for aggregate, result in results
    ]


def _n_text(aggregate: Aggregate) -> str:
    """Return n; where it counts people who answered or voted, it is rounded and says so."""
    if aggregate.kind in {AggregateKind.SURVEY_QUESTION, AggregateKind.VOTES}:
        return str(_("n = %(number)s, gerundet", number=number(aggregate.n)))
    return f"n = {number(aggregate.n)}"


def _of_question(table: SurveyTable) -> tuple[str, list[Row], str, str]:
    if table.withheld:
        return "", [], "", _("Es haben zu wenige geantwortet, um ein Ergebnis zu zeigen.")
    note = ""
    if table.kind is QuestionKind.PLACE:
        note = _("Gezeigt sind nur Bereiche, die mindestens fünf Menschen genannt haben.")
    if table.kind is QuestionKind.RANKING:
        note = _("Nicht vergebene Plätze zählen so, als wären sie gleichmäßig vergeben.")
    return reading_of(table), bar_rows(table), value_head(table), note


def _of_ideas(
    found: IdeaList, slug: str, words: Mapping[str, Words]
) -> tuple[str, list[Row], str, str]:
    most = max((row.supports for row in found.rows), default=0)
    rows = [
        {
            **_named(_("Idee %(number)s", number=row.number), words.get(row.id)),
            "value_text": number(row.supports),
            "share": 100 * row.supports / most if most else 0,
            "hidden": False,
            "href": url_for("portal.idea", slug=slug, number=row.number)
            if row.id in words
            else None,
        }
        for row in found.rows[:MOST_ROWS]
    ]
    reading = ngettext(
        "%(num)s Idee mit zusammen %(supports)s Unterstützungen.",
        "%(num)s Ideen mit zusammen %(supports)s Unterstützungen.",
        found.ideas,
        supports=number(found.supports),
    )
    left_out = found.ideas - len(rows)
    note = _("Gezeigt sind die am meisten unterstützten.") if left_out > 0 else ""
    return reading, rows, _("Unterstützungen"), note


def _of_comments(table: CommentTable) -> tuple[str, list[Row], str, str]:
    by_stance: dict[str, int] = {}
    for passage in table.rows:
        for stance, count in passage.by_stance.items():
            by_stance[stance] = by_stance.get(stance, 0) + count
    counts = [(label(stance), by_stance.get(stance.value, 0)) for stance in Stance]
    counts.append((_("ohne Haltung"), table.comments - sum(by_stance.values())))
    rows = [
        {
            "label": name,
            "value_text": number(count),
            "share": 100 * count / table.comments,
            "hidden": False,
            "href": None,
        }
        for name, count in counts
        if count
    ]
    reading = ngettext("%(num)s Kommentar.", "%(num)s Kommentare.", table.comments)
    apart = ngettext(
        "Nicht mitgezählt ist %(num)s Stelle aus Stellungnahmen von Organisationen.",
        "Nicht mitgezählt sind %(num)s Stellen aus Stellungnahmen von Organisationen.",
        table.stated,
    )
    return reading, rows, _("Kommentare"), apart if table.stated else ""


def _of_votes(
    table: VoteTable, slug: str, words: Mapping[str, Words]
) -> tuple[str, list[Row], str, str]:
    rows = _vote_rows(table.rows[:MOST_ROWS], slug, words)
    note = ""
    if table.too_few:
        note = ngettext(
            "%(num)s Kommentar hat zu wenige Stimmen, um sie zu zeigen.",
            "%(num)s Kommentare haben zu wenige Stimmen, um sie zu zeigen.",
            table.too_few,
        )
    return _("Die größte Zustimmung steht oben."), rows, _("Zustimmung"), note


def _divided(aggregate: Aggregate, table: VoteTable, words: Mapping[str, Words]) -> Chart | None:
    if not any(row.agreement is not None for row in table.rows):
        return None
    found = most_divided(table)
    return Chart(
        title=_("Am meisten umstritten"),
        reading="",
        rows=_vote_rows(found, aggregate.engagement.slug, words),
        n_text=_n_text(aggregate),
        released_text="",
        table_id=f"auswertung-{aggregate.id}-umstritten",
        note=_("Hier kommt keine der beiden Seiten auf zwei Drittel.")
        if found
        else _(
            "Umstritten war nichts davon: Wo Zahlen stehen, kam eine Seite auf mindestens "
            "zwei Drittel."
        ),
        value_head=_("Zustimmung"),
    )


def _vote_rows(found: Iterable[VoteRow], slug: str, words: Mapping[str, Words]) -> list[Row]:
    return [
        {
            **_named(_vote_name(row), words.get(row.id)),
            "value_text": "" if row.agreement is None else percent(row.agreement),
            "share": row.agreement,
            "hidden": row.agreement is None,
            "href": url_for("portal.comment", slug=slug, number=row.number)
            if row.id in words
            else None,
        }
        for row in found
    ]


def _vote_name(row: VoteRow) -> str:
    """Return what was voted on by its number; what the municipality said is called its own."""
    if row.is_seed:
        return str(_("Aussage %(number)s der Kommune", number=row.number))
    return str(_("Kommentar %(number)s", number=row.number))


def _named(number_text: str, words: Words | None) -> Row:
    """Return how a row is called: by its words with the number behind them, or by the number."""
    if words is None:
        return {"label": number_text}
    return {"label": words.text, "language": words.language, "number_text": number_text}
