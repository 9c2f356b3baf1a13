"""From exact counts to what a table counts, for every kind of question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import gcd

from participation.analysis import weighing
from participation.analysis.bands import Band, Period, in_bands, number_bands, periods
from participation.analysis.disclosure import SMALL, Counts, Shown, rounded
from participation.analysis.tabulation import on_a_scale, one_of_them, several_of_them
from participation.surveys.counts import QuestionCounts
from participation.surveys.models import QuestionKind
from participation.surveys.questionnaire import AskedQuestion

# The code of the places that are too few in their square to be shown in it.
ELSEWHERE = ""
_GIVEN = "given"
_MONTHS = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August"),
    *("September", "Oktober", "November", "Dezember"),
)


@dataclass(frozen=True)
class Exact:
    """The exact table of a question, and the words for its codes.

    `bands` are the numbers or periods that its codes stand for, in their order.
    """

    counts: Counts
    words: Mapping[str, str] = field(default_factory=dict)
    bands: Sequence[Band | Period] = ()
    by_month: bool = False

    def label(self, codes: Sequence[str], kind: QuestionKind) -> tuple[str, ...]:
        """Return the words for one code, or for several that were merged."""
        if self.bands and codes[0] in self._places:
            first, last = self._places[codes[0]], self._places[codes[-1]]
            return (_words_of(self.bands[first], self.bands[last], self.by_month),)
        if kind is QuestionKind.SCALE and len(codes) > 1:
            return (f"{self.words[codes[0]]}–{self.words[codes[-1]]}",)
        return tuple(self.words[code] for code in codes)

    @property
    def _places(self) -> dict[str, int]:
        return {_code_of(band, self.by_month): place for place, band in enumerate(self.bands)}


def exact_of(question: AskedQuestion, counted: QuestionCounts) -> Exact:
    """Return the exact table of a question that is counted."""
    if question.kind is QuestionKind.NUMBER:
        return _of_numbers(question, counted)
    if question.kind is QuestionKind.DATE:
        return _of_dates(question, counted)
    if question.kind is QuestionKind.PLACE:
        return _of_places(question, counted)
    return Exact(_of_choices(question, counted), _words(question))


def _of_choices(question: AskedQuestion, counted: QuestionCounts) -> Counts:
    codes = [choice.code for choice in question.choices]
    apart, sensitive = _apart(question), question.sensitive
    if question.kind is QuestionKind.MULTIPLE:
        return several_of_them(
            codes,
            counted.ticks,
            base=counted.people,
            least=question.least,
            most=question.most,
            sensitive=sensitive,
            apart=apart,
        )
    if question.kind is QuestionKind.SCALE:
        points = [0.0 if code == apart else float(code) for code in codes]
        return on_a_scale(codes, counted.ticks, values=points, sensitive=sensitive, apart=apart)
    if question.kind is QuestionKind.RANKING:
        # Every choice is a row of its own: merged, it would have no rank.
        firsts = counted.firsts | _no_answers(question, counted)
        return one_of_them(codes, firsts, sensitive=sensitive, mergeable=False, apart=apart)
    if question.kind is QuestionKind.POINTS:
        aside = _no_answers(question, counted)
        given = {_GIVEN: counted.people - sum(aside.values())}
        return one_of_them([_GIVEN, *aside], given | aside, apart=apart)
    return one_of_them(codes, counted.ticks, sensitive=sensitive, apart=apart)


def _of_numbers(question: AskedQuestion, counted: QuestionCounts) -> Exact:
    bands = number_bands(
        counted.numbers,
        lowest=question.lowest,
        highest=question.highest,
        decimals=question.decimals,
    )
    codes = [_code_of(band) for band in bands]
    counts = dict(zip(codes, in_bands(counted.numbers, bands), strict=True))
    middles = [float(band.low) for band in bands if band.low is not None and band.low == band.high]
    # A mean of bands would say more than they do, unless each is one number.
    values = middles if len(middles) == len(bands) else []
    return _with_no_answer(question, counted, counts, bands=bands, values=values)


def _of_dates(question: AskedQuestion, counted: QuestionCounts) -> Exact:
    by_month, found, numbers = periods(counted.dates)
    codes = [_code_of(period, by_month) for period in found]
    counts = dict(zip(codes, numbers, strict=True))
    return _with_no_answer(question, counted, counts, bands=found, by_month=by_month)


def _with_no_answer(
    question: AskedQuestion,
    counted: QuestionCounts,
    counts: dict[str, int],
    *,
    bands: Sequence[Band | Period],
    values: Sequence[float] = (),
    by_month: bool = False,
) -> Exact:
    aside = _no_answers(question, counted)
    table = on_a_scale(
        [*counts, *aside],
        counts | aside,
        values=[*values, *(0.0 for _ in aside)] if values else (),
        sensitive=question.sensitive,
        apart=_apart(question),
    )
    return Exact(table, _words(question), bands=bands, by_month=by_month)


def _of_places(question: AskedQuestion, counted: QuestionCounts) -> Exact:
    """Name the squares of five people and more; where the others are is nobody's business."""
    named = {place: people for place, people in counted.places.items() if people >= SMALL}
    # Among equally many the exact number must not tell who comes first.
    order = sorted(named, key=lambda place: (-rounded(named[place]), place))
    counts = {f"{north}/{east}": named[north, east] for north, east in order}
    rest = sum(counted.places.values()) - sum(named.values())
    if rest:
        counts[ELSEWHERE] = rest
    aside = _no_answers(question, counted)
    words = {f"{north}/{east}": _words_of_place(north, east) for north, east in order}
    table = one_of_them(
        [*counts, *aside],
        counts | aside,
        sensitive=question.sensitive,
        mergeable=False,
        apart=_apart(question),
    )
    return Exact(table, words | {ELSEWHERE: "an anderen Orten"} | _words(question))


def _apart(question: AskedQuestion) -> str | None:
    return question.no_answer.code if question.no_answer is not None else None


def _no_answers(question: AskedQuestion, counted: QuestionCounts) -> dict[str, int]:
    code = _apart(question)
    return {} if code is None else {code: counted.ticks.get(code, 0)}


def _words(question: AskedQuestion) -> dict[str, str]:
    return {choice.code: choice.text for choice in question.choices}


# Means and shares ------------------------------------------------------------------------------


def mean_ranks(question: AskedQuestion, counted: QuestionCounts, shown: Shown) -> dict[str, float]:
    """Return the mean rank of each choice, as far as it may be shown beside `shown`."""
    people = sum(counted.firsts.values())
    places = len(question.answers)
    counts = {code: cell.count for cell in shown.cells for code in cell.codes}
    found: dict[str, float] = {}
    for choice in question.answers:
        total = counted.ranks.get(choice.code, Fraction(0))
        mean = weighing.mean_rank(total, people, places)
        firsts = counted.firsts.get(choice.code, 0)
        is_hidden = counts.get(choice.code) is None and firsts > 0
        if mean is None:
            continue
        if is_hidden and not weighing.leaves_open(
            *mean, firsts=firsts, people=people, places=places
        ):
            continue
        found[choice.code] = float(mean[0])
    return found


def shares_of_points(question: AskedQuestion, counted: QuestionCounts) -> dict[str, int]:
    """Return the share of all points that each choice got, where it may be shown."""
    people = counted.people - sum(_no_answers(question, counted).values())
    by_choice = {choice.code: counted.amounts.get(choice.code, {}) for choice in question.answers}
    if question.sensitive and any(_is_alike(one, people) for one in by_choice.values()):
        return {}
    given = [amount for amounts in by_choice.values() for amount in amounts]
    whole = people * question.points
    found: dict[str, int] = {}
    for code, amounts in by_choice.items():
        points = sum(amount * number for amount, number in amounts.items())
        share = weighing.share_of_sum(points, whole, unit=gcd(*given))
        if share is not None:
            found[code] = share
    return found


def _is_alike(amounts: Mapping[int, int], people: int) -> bool:
    if not amounts:
        return False
    nothing = people - sum(amounts.values())
    return weighing.nearly_all_alike([*amounts.values(), nothing])


def mean_number(question: AskedQuestion, counted: QuestionCounts) -> float | None:
    """Return the mean of numbers from a range, coarse enough to be shown."""
    people = sum(counted.numbers.values())
    if question.lowest is None or question.highest is None:
        return None
    mean = weighing.mean_in_range(
        sum((Fraction(value) * number for value, number in counted.numbers.items()), Fraction(0)),
        people,
        lowest=Fraction(question.lowest),
        highest=Fraction(question.highest),
    )
    return None if mean is None else float(mean)


# Codes and words of bands ----------------------------------------------------------------------


def _code_of(band: Band | Period, by_month: bool = False) -> str:
    """Return the code of a band: `20..39`, `..19`, `2026-05..2026-05`; `18..<40` below 40."""
    low, high = _ends(band)
    if isinstance(band, Band) and band.below is not None:
        return f"{_text(low, by_month)}..<{_text(band.below, by_month)}"
    return f"{_text(low, by_month)}..{_text(high, by_month)}"


def _ends(band: Band | Period) -> tuple[Decimal | int | None, Decimal | int | None]:
    return (band.low, band.high) if isinstance(band, Band) else (band.first, band.last)


def _text(number: Decimal | int | None, by_month: bool) -> str:
    if number is None:
        return ""
    if by_month and isinstance(number, int):
        return f"{number // 12}-{number % 12 + 1:02}"
    return f"{Decimal(number).normalize():f}"


def _words_of(first: Band | Period, last: Band | Period, by_month: bool) -> str:
    low, high = _ends(first)[0], _ends(last)[1]
    if low is None and high is None:
        return "insgesamt"
    if isinstance(last, Band) and last.below is not None:
        below = f"unter {_name(last.below, by_month)}"
        return below if low is None else f"{_name(low, by_month)} bis {below}"
    if low is None:
        return f"bis {_name(high, by_month)}"
    if high is None:
        return f"ab {_name(low, by_month)}"
    if low == high:
        return _name(low, by_month)
    return f"{_name(low, by_month)} bis {_name(high, by_month)}"


def _name(number: Decimal | int | None, by_month: bool) -> str:
    if by_month and isinstance(number, int):
        return f"{_MONTHS[number % 12]} {number // 12}"
    return _text(number, by_month).replace(".", ",")


def _words_of_place(north: int, east: int) -> str:
    latitude = f"{abs(north) / 100:.2f}° {'Nord' if north >= 0 else 'Süd'}"
    longitude = f"{abs(east) / 100:.2f}° {'Ost' if east >= 0 else 'West'}"
    return f"{latitude}, {longitude}".replace(".", ",")
