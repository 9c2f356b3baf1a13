"""Staff: the evidence for each element, findings recorded beside it, and releases."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from participation.accounts import access
from participation.accounts.models import Role
from participation.contributions.models import ContributionKind
from participation.engagements.forms import element_groups
from participation.engagements.models import EngagementState, ResultsMode
from participation.engagements.places import row_number
from participation.engagements.policy import is_over
from participation.engagements.queries import get_engagement, managed_engagements
from participation.foundation import clock
from participation.foundation.errors import Conflict, NotFound, Refused
from participation.insights import feeds, operations, queries
from participation.insights.charts import charts_of
from participation.insights.feeding import put_feed
from participation.insights.forms import (
    NO_SERIES,
    FeedForm,
    FindingForm,
    ReleaseForm,
    chosen_aggregates,
    chosen_contributions,
)
from participation.insights.policy import may_record_finding, may_release
from participation.insights.queries import PlaceInList
from participation.insights.said import element_counts
from participation.insights.titles import title_of
from participation.strategy.models import Element, IndicatorKind, Strategy
from participation.strategy.queries import (
    choices_of_elements,
    current_version,
    elements_of,
    get_element,
    get_strategy,
    titles_of,
)
from participation.strategy.records import get_indicator
from participation.web.extensions import db
from participation.web.refusals import told

blueprint = Blueprint("insights", __name__)
blueprint.add_app_template_filter(title_of, "title_of")

READERS = (Role.STRATEGIST, Role.ANALYST, Role.ADMINISTRATOR)
_OTHER_FINDINGS = 30
_KINDS = {
    "ideen": ContributionKind.IDEA,
    "kommentare": ContributionKind.COMMENT,
    "antworten": ContributionKind.SURVEY_REMARK,
}


@blueprint.get("/werkstatt/nachweise/")
@access.requires(*READERS)
def overview() -> ResponseReturnValue:
    """List the elements with how much was said about each."""
    session = db.session()
    strategy = get_strategy(session, access.here().id)
    version = current_version(session, strategy.id)
    titles = titles_of(session, version.id) if version else {}
    elements = elements_of(session, strategy.id, titles)
    counts = element_counts(session, strategy.id)
    rows = [(elements[code], title, counts[elements[code].id]) for code, title in titles.items()]
    return render_template(
        "insights/overview.html",
        rows=rows,
        spoken=[row for row in rows if any(row[2])],
        weakened=queries.weakened_findings(session, strategy.id),
    )


@blueprint.get("/werkstatt/nachweise/<code>")
@access.requires(*READERS)
def evidence(code: str) -> ResponseReturnValue:
    """Show everything that is about an element, and the form for a finding."""
    strategy, element = _element(code)
    form = FindingForm(formdata=None, data={"elements": [element.code]})
    return _evidence_page(strategy, element, form)


@blueprint.post("/werkstatt/nachweise/<code>")
@access.requires(Role.STRATEGIST)
def record_finding(code: str) -> ResponseReturnValue:
    """Record a finding that cites what was ticked, or cite it for an earlier one."""
    session = db.session()
    strategy, element = _element(code)
    form = FindingForm()
    _offer(form, strategy, element)
    if "weiter" in request.form:
        # Another part of the list; what was ticked and typed comes along.
        return _evidence_page(strategy, element, form)
    if not form.validate():
        return _evidence_page(strategy, element, form), 422
    try:
        words = _record(form, strategy)
    except Refused as refusal:
        session.rollback()
        form.form_errors.append(told(refusal))
        return _evidence_page(strategy, element, form), 422
    session.commit()
    flash(words, "success")
    return redirect(url_for("insights.evidence", code=element.code), 303)


def _record(form: FindingForm, strategy: Strategy) -> str:
    """Do what the form asks for and return what to tell."""
    session, municipality_id = db.session(), strategy.municipality_id
    contributions = queries.contributions_by_id(
        session, municipality_id, chosen_contributions(request.form.getlist("contribution"))
    )
    aggregates = queries.aggregates_by_id(
        session, municipality_id, chosen_aggregates(request.form.getlist("aggregate"))
    )
    if not form.is_new:
        number = int(str(form.finding.data).removeprefix("E-"))
        finding = queries.get_finding(session, strategy.id, number)
        added = operations.cite(
            session,
            finding=finding,
            contributions=contributions,
            aggregates=aggregates,
            actor=access.actor(),
            at=clock.now(),
        )
        if not added:
            raise Refused(_("Bitte wählen Sie mindestens einen neuen Nachweis aus."))
        return str(_("%(code)s hat %(n)s weitere Nachweise.", code=finding.code, n=added))
    elements = elements_of(session, strategy.id, form.elements.data or ())
    finding = operations.record_finding(
        session,
        strategy=strategy,
        sentence=form.sentence.data or "",
        elements=list(elements.values()),
        contributions=contributions,
        aggregates=aggregates,
        actor=access.actor(),
        at=clock.now(),
    )
    return str(_("%(code)s ist festgehalten.", code=finding.code))


def _element(code: str) -> tuple[Strategy, Element]:
    strategy = get_strategy(db.session(), access.here().id)
    return strategy, get_element(db.session(), strategy.id, code)


def _offer(form: FindingForm, strategy: Strategy, element: Element) -> dict[str, str]:
    """Offer the findings about the element, then the newest others: nobody reads hundreds."""
    near = list(queries.findings_about(db.session(), element.id))
    known = {finding.id for finding in near}
    others = queries.findings_of(db.session(), strategy.id, limit=_OTHER_FINDINGS)
    offered = choices_of_elements(db.session(), strategy.id)
    form.offer(offered, near + [one for one in others if one.id not in known])
    return dict(offered)


def _evidence_page(strategy: Strategy, element: Element, form: FindingForm) -> str:
    session = db.session()
    kind = request.args.get("art", "")
    uncited = request.args.get("offen") == "1"
    page = queries.evidence_for(
        session,
        element.id,
        kind=_KINDS.get(kind),
        uncited=uncited,
        after=_place(request.args.get("nach", "")),
    )
    titles = _offer(form, strategy, element)
    contributions = chosen_contributions(request.form.getlist("contribution"))
    shown = {one.id for one in page.contributions}
    return render_template(
        "insights/evidence.html",
        element=element,
        title=titles.get(element.code, element.code).removeprefix(element.code).strip(),
        page=page,
        form=form,
        charts=charts_of(session, page.aggregates),
        findings=queries.findings_about(session, element.id),
        may_record=may_record_finding(access.my_roles()),
        chosen={str(one) for one in contributions}
        | {str(one) for one in chosen_aggregates(request.form.getlist("aggregate"))},
        elsewhere=sorted(str(one) for one in contributions - shown),
        element_groups=element_groups(form.elements),
        kinds_shown=_kind_chips(element.code, page, kind, uncited),
        kind=kind if kind in _KINDS else "",
        uncited=uncited,
        next_place=_written(page.next_place),
    )


def _kind_chips(
    code: str, page: queries.EvidencePage, chosen: str, uncited: bool
) -> list[dict[str, Any]]:
    return [
        {
            "text": f"{words} {page.counts[kind]}",
            "href": url_for(
                "insights.evidence", code=code, art=name, offen="1" if uncited else None
            ),
            "current": chosen == name,
        }
        for name, kind, words in (
            ("ideen", ContributionKind.IDEA, _("Ideen")),
            ("kommentare", ContributionKind.COMMENT, _("Kommentare")),
            ("antworten", ContributionKind.SURVEY_REMARK, _("Freie Antworten")),
        )
        if page.counts.get(kind)
    ]


def _place(written: str) -> PlaceInList | None:
    """Return the place in the list that an address names. Raises NotFound if it is none."""
    if not written:
        return None
    stamp, _dot, key = written.partition("_")
    try:
        return datetime.fromtimestamp(int(stamp) / 1_000_000, UTC), uuid.UUID(key)
    except (ValueError, OverflowError, OSError):
        raise NotFound(_("Diese Seite gibt es nicht.")) from None


def _written(place: PlaceInList | None) -> str | None:
    return f"{round(place[0].timestamp() * 1_000_000)}_{place[1]}" if place else None


@blueprint.get("/werkstatt/auswertungen")
@access.requires(*READERS)
def releases() -> ResponseReturnValue:
    """List the engagements with their newest release and what can be released now."""
    session, at = db.session(), clock.now()
    engagements = managed_engagements(
        session,
        access.here().id,
        opened_by=at,
        before=row_number(request.args.get("vor")),
        limit=queries.PAGE + 1,
    )
    shown = engagements[: queries.PAGE]
    newest = queries.newest_releases(session, [one.id for one in shown])
    return render_template(
        "insights/releases.html",
        rows=[(one, one.state_at(at), newest.get(one.id)) for one in shown],
        interim=ResultsMode.INTERIM,
        closed=EngagementState.CLOSED,
        may_release=may_release(access.my_roles()),
        next_before=shown[-1].id if len(engagements) > queries.PAGE else None,
    )


@blueprint.post("/werkstatt/auswertungen/<slug>")
@access.requires(Role.STRATEGIST)
def release(slug: str) -> ResponseReturnValue:
    """Release results of an engagement: the final ones after closing, else interim ones."""
    engagement = get_engagement(db.session(), access.here().id, slug)
    if not ReleaseForm().validate():
        return redirect(url_for("insights.releases"), 303)
    is_closed = is_over(engagement, at=clock.now())
    try:
        released = operations.aggregate(
            db.session(),
            engagement=engagement,
            actor=access.actor(),
            at=clock.now(),
            final=is_closed,
        )
    except Conflict as refusal:
        db.session.rollback()
        flash(told(refusal), "warning")
        return redirect(url_for("insights.releases"), 303)
    db.session.commit()
    flash(
        _("Freigegeben: %(n)s Ergebnisse zu „%(title)s“.", n=len(released), title=engagement.title),
        "success",
    )
    return redirect(url_for("insights.releases"), 303)


@blueprint.route(
    "/werkstatt/strategie/<code>/stand/indikatoren/<int:number>/umfrage", methods=["GET", "POST"]
)
@access.requires(Role.STRATEGIST)
def feed_indicator(code: str, number: int) -> ResponseReturnValue:
    """Choose the question of surveys that feeds a qualitative indicator, or none."""
    session = db.session()
    strategy, element = _element(code)
    indicator = get_indicator(session, element.id, number)
    questions = feeds.scale_questions(session, strategy.municipality_id)
    form = FeedForm(data={"series": feeds.feed_of(session, indicator.id) or NO_SERIES})
    form.offer(questions)
    if form.validate_on_submit():
        try:
            put_feed(
                session,
                indicator=indicator,
                municipality_id=strategy.municipality_id,
                series=None if form.series.data == NO_SERIES else form.series.data,
                actor=access.actor(),
                at=clock.now(),
            )
        except Refused:
            session.rollback()
            flash(_("Nur qualitative Indikatoren bekommen Werte aus Umfragen."), "warning")
            return _to_indicators(code)
        session.commit()
        flash(_("Gespeichert."), "success")
        return _to_indicators(code)
    page = render_template(
        "insights/feed_indicator.html",
        form=form,
        element=element,
        indicator=indicator,
        questions=questions,
        is_qualitative=indicator.kind is IndicatorKind.QUALITATIVE,
    )
    return page, 422 if form.errors else 200


def _to_indicators(code: str) -> ResponseReturnValue:
    address = url_for("strategy.element_facts", code=code, _anchor="indikatoren")
    return redirect(address, 303)
