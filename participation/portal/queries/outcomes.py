"""What followed from what citizens said: findings, answers, changed sentences.

Only what is public is read: no draft, no answer before it is published, no hidden contribution.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import chain, islice

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from participation.analysis.sentences import Sentence
from participation.comments.models import Comment
from participation.contributions.models import Contribution, ContributionKind
from participation.contributions.queries import published
from participation.foundation.errors import NotFound
from participation.foundation.excerpts import excerpt
from participation.ideas.models import Idea
from participation.insights.models import (
    VERSION_APART,
    Aggregate,
    Evidence,
    Finding,
    FindingElement,
)
from participation.insights.queries import EvidenceCount, evidence_counts
from participation.revisions.fate import finding_fates
from participation.revisions.models import (
    AnsweredFinding,
    ChangeOperation,
    OfficialAnswer,
)
from participation.revisions.reasons import about, sentences_of
from participation.revisions.steps import FindingFate, MadeChange, Step, finding_steps
from participation.strategy.models import (
    Element,
    ElementKind,
    ElementWording,
    Strategy,
    StrategyVersion,
    VersionStatus,
)

PAGE = 8
_LONGEST_QUOTE = 240

# The numbers of ideas and comments alone, without their classes' joins.
_idea, _comment = Idea.__table__, Comment.__table__


@dataclass(frozen=True)
class Standing:
    """A strategy and the version in force."""

    strategy: Strategy
    version: StrategyVersion | None


@dataclass(frozen=True)
class CitedResult:
    """A released result that a finding rests on."""

    title: str
    n: int
    released_at: datetime
    version_apart: int | None = None


@dataclass(frozen=True)
class Quote:
    """A piece of a published contribution that a finding cites."""

    text: str
    language: str
    kind: ContributionKind
    number: int | None


@dataclass(frozen=True)
class ChangedSentence:
    """A sentence of an element that a version changed; the same wherever it is shown."""

    code: str
    field: str
    operation: ChangeOperation
    segments: Sentence
    earlier: int
    version: int


@dataclass(frozen=True)
class FindingOutcome:
    """A finding, on what it rests, and what followed from it."""

    fate: FindingFate
    count: EvidenceCount
    results: Sequence[CitedResult]
    quote: Quote | None
    steps: Sequence[Step]

    @property
    def finding(self) -> Finding:
        return self.fate.finding

    @property
    def answer(self) -> OfficialAnswer | None:
        return self.fate.answer

    @cached_property
    def sentences(self) -> list[ChangedSentence]:
        """The sentences that changed because of the finding, what reads best first."""
        return changed_sentences(self.fate.changes)


@dataclass(frozen=True)
class Outcome:
    """One official answer with the findings that it serves."""

    answer: OfficialAnswer
    findings: Sequence[FindingOutcome]

    @cached_property
    def sentence(self) -> ChangedSentence | None:
        """The sentence that shows best what the answer led to."""
        return next((one for each in self.findings for one in each.sentences), None)

    @property
    def main(self) -> FindingOutcome:
        """The finding that came furthest; its path stands for the answer."""
        return max(self.findings, key=lambda one: (bool(one.fate.changes), -one.finding.number))


@dataclass(frozen=True)
class OutcomePage:
    """Answers, newest first, and where the list goes on."""

    outcomes: Sequence[Outcome]
    next_place: tuple[datetime, int] | None


def standing(session: Session, municipality_id: int) -> Standing | None:
    """Return the strategy and the version in force; None if there is no strategy."""
    row = session.execute(
        sa.select(Strategy, StrategyVersion)
        .outerjoin(
            StrategyVersion,
            sa.and_(
                StrategyVersion.strategy_id == Strategy.id,
                StrategyVersion.status == VersionStatus.ADOPTED,
            ),
        )
        .where(Strategy.municipality_id == municipality_id)
    ).first()
    return Standing(row[0], row[1]) if row else None


def outcomes_page(
    session: Session,
    here: Standing,
    *,
    field_code: str = "",
    before: tuple[datetime, int] | None = None,
    limit: int = PAGE,
) -> OutcomePage:
    """Return published answers of an action field or of all, one page after a place."""
    query = sa.select(OfficialAnswer.id).where(
        OfficialAnswer.strategy_id == here.strategy.id, OfficialAnswer.published_at.is_not(None)
    )
    if field_code and here.version is not None:
        query = query.where(OfficialAnswer.id.in_(_answers_in_field(here.version.id, field_code)))
    if before is not None:
        query = query.where(
            sa.tuple_(OfficialAnswer.published_at, OfficialAnswer.id)
            < sa.tuple_(
                sa.literal(before[0], OfficialAnswer.published_at.type), sa.literal(before[1])
            )
        )
    chosen = query.order_by(OfficialAnswer.published_at.desc(), OfficialAnswer.id.desc())
    found = _outcomes(session, chosen.limit(limit + 1))
    page = found[:limit]
    is_more = len(found) > limit
    return OutcomePage(page, _place_of(page[-1].answer) if is_more else None)


def newest_outcomes(session: Session, municipality_id: int, limit: int = 2) -> list[Outcome]:
    """Return the newest published answers, those that changed a sentence before others.

    For the home page: without quotes and the titles of results, to spare it queries.
    """
    chosen = (
        sa.select(OfficialAnswer.id)
        .join(Strategy, Strategy.id == OfficialAnswer.strategy_id)
        .where(
            Strategy.municipality_id == municipality_id, OfficialAnswer.published_at.is_not(None)
        )
        .order_by(OfficialAnswer.published_at.desc(), OfficialAnswer.id.desc())
        .limit(4 * limit)
    )
    found = _outcomes(session, chosen, in_brief=True)
    return sorted(found, key=lambda one: one.sentence is None)[:limit]


def _place_of(answer: OfficialAnswer) -> tuple[datetime, int] | None:
    return (answer.published_at, answer.id) if answer.published_at else None


def _answers_in_field(version_id: int, code: str) -> sa.Select[int]:
    return (
        sa.select(AnsweredFinding.answer_id)
        .join(FindingElement, FindingElement.finding_id == AnsweredFinding.finding_id)
        .join(
            ElementWording,
            sa.and_(
                ElementWording.element_id == FindingElement.element_id,
                ElementWording.version_id == version_id,
            ),
        )
        .join(Element, Element.id == _field_of_wording())
        .where(Element.code == code, Element.kind == ElementKind.ACTION_FIELD)
    )


def _field_of_wording() -> sa.ColumnElement[int]:
    """The action field that an element stands in; a field stands in itself."""
    return sa.func.coalesce(ElementWording.field_id, ElementWording.element_id)


def _outcomes(session: Session, chosen: sa.Select[int], *, in_brief: bool = False) -> list[Outcome]:
    rows = session.execute(
        sa.select(OfficialAnswer, Finding)
        .join(AnsweredFinding, AnsweredFinding.answer_id == OfficialAnswer.id)
        .join(Finding, Finding.id == AnsweredFinding.finding_id)
        .where(OfficialAnswer.id.in_(chosen))
        .options(joinedload(Finding.elements))
        .order_by(OfficialAnswer.published_at.desc(), OfficialAnswer.id.desc(), Finding.number)
    ).unique()
    answers: dict[int, OfficialAnswer] = {}
    served: dict[int, list[Finding]] = defaultdict(list)
    for answer, finding in rows:
        answers[answer.id] = answer
        served[answer.id].append(finding)
    given = {finding.id: answers[key] for key, each in served.items() for finding in each}
    findings = [finding for each in served.values() for finding in each]
    outcomes = finding_outcomes(session, findings, answers=given, in_brief=in_brief)
    return [
        Outcome(answer, [outcomes[finding.id] for finding in served[answer.id]])
        for answer in answers.values()
    ]


def finding_outcomes(
    session: Session,
    findings: Sequence[Finding],
    *,
    answers: Mapping[int, OfficialAnswer] | None = None,
    in_brief: bool = False,
    quotes: bool = True,
) -> dict[int, FindingOutcome]:
    """Return each finding with what it rests on and what followed from it."""
    ids = [finding.id for finding in findings]
    if not ids:
        return {}
    fates = finding_fates(session, findings, answers=answers, unchanged=not in_brief)
    counts = evidence_counts(session, ids)
    results = {} if in_brief else _cited_results(session, ids)
    quoted = _quotes(session, ids) if quotes and not in_brief else {}
    return {
        finding.id: FindingOutcome(
            fates[finding.id],
            counts[finding.id],
            results.get(finding.id, ()),
            quoted.get(finding.id),
            finding_steps(fates[finding.id]),
        )
        for finding in findings
    }


def get_finding_outcome(session: Session, strategy_id: int, code: str) -> FindingOutcome:
    """Return one finding by its code with everything public about it. Raises NotFound."""
    number = code.removeprefix("E-")
    found = None
    if number.isascii() and number.isdigit() and len(number) < 9:
        found = session.scalars(
            sa.select(Finding)
            .where(Finding.strategy_id == strategy_id, Finding.number == int(number))
            .options(joinedload(Finding.elements))
        ).first()
    if found is None:
        raise NotFound("Diese Erkenntnis gibt es nicht.")
    return finding_outcomes(session, [found], quotes=False)[found.id]


def _cited_results(session: Session, finding_ids: Sequence[int]) -> dict[int, list[CitedResult]]:
    rows = session.execute(
        sa.select(
            Evidence.finding_id,
            Aggregate.title,
            Aggregate.n,
            Aggregate.released_at,
            Aggregate.parameters[VERSION_APART].as_integer(),
        )
        .join(Aggregate, Aggregate.id == Evidence.aggregate_id)
        .where(Evidence.finding_id.in_(finding_ids))
        .order_by(Evidence.id)
    )
    found: dict[int, list[CitedResult]] = defaultdict(list)
    for finding_id, *cited in rows:
        found[finding_id].append(CitedResult(*cited))
    return found


def _quotes(session: Session, finding_ids: Sequence[int]) -> dict[int, Quote]:
    """Return one published contribution of each finding: a short one says it best."""
    place = sa.func.row_number().over(
        partition_by=Evidence.finding_id,
        order_by=(
            sa.func.length(Contribution.text) > _LONGEST_QUOTE,
            sa.func.length(Contribution.text).desc(),
            Contribution.id,
        ),
    )
    ranked = (
        sa.select(Evidence.finding_id, Contribution.id.label("id"), place.label("place"))
        .join(Contribution, Contribution.id == Evidence.contribution_id)
        .where(Evidence.finding_id.in_(finding_ids), published(), Contribution.text != "")
        .subquery()
    )
    rows = session.execute(
        sa.select(
            ranked.c.finding_id,
            Contribution.text,
            Contribution.language,
            Contribution.kind,
            sa.func.coalesce(_idea.c.number, _comment.c.number),
        )
        .join(ranked, ranked.c.id == Contribution.id)
        .outerjoin(_idea, _idea.c.id == Contribution.id)
        .outerjoin(_comment, _comment.c.id == Contribution.id)
        .where(ranked.c.place == 1)
    )
    return {
        finding_id: Quote(excerpt(text, _LONGEST_QUOTE), *more) for finding_id, text, *more in rows
    }


def changed_sentences(changes: Sequence[MadeChange], most: int = 3) -> list[ChangedSentence]:
    """Return the sentences that read differently now; the text itself before other fields."""
    return list(islice(chain.from_iterable(map(_sentences_of, changes)), most))


def _sentences_of(made: MadeChange) -> Iterator[ChangedSentence]:
    change = made.change
    sentences = about(sentences_of(change.fields), made.places)
    for one in sorted(sentences, key=lambda one: one.field != "text"):
        yield ChangedSentence(
            change.element.code,
            one.field,
            change.operation,
            one.segments,
            made.earlier_number,
            made.version.number,
        )
