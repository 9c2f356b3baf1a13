"""Staff see totals that do not tell who came last."""

from __future__ import annotations

from participation.surveys import totals
from tests.released import shown


def test_staff_see_totals_from_five_sheets_and_new_ones_with_every_five_more(make, session, survey):
    make.answered(survey, F1={"1": 4})
    assert not totals.renew_totals(session, survey=survey, at=make.at)
    assert totals.totals_of(session, survey.id) is None
    make.answered(survey, F1={"1": 2})
    assert totals.renew_totals(session, survey=survey, at=make.at)
    before = totals.totals_of(session, survey.id)
    assert before is not None
    assert before.n == 5
    assert shown(before.tables[0])[0] == ("online", 5)
    make.answered(survey, F1={"2": 4})
    assert not totals.renew_totals(session, survey=survey, at=make.at)
    assert totals.totals_of(session, survey.id) == before
    make.answered(survey, F1={"2": 1})
    assert totals.renew_totals(session, survey=survey, at=make.at)
    after = totals.totals_of(session, survey.id)
    assert after is not None
    assert after.n == 10


def test_staff_totals_do_not_tell_what_the_only_new_answer_to_a_question_was(make, session, survey):
    make.answered(survey, F1={"1": 20}, F3={"1": 10, "2": 10})
    totals.renew_totals(session, survey=survey, at=make.at)
    before = totals.totals_of(session, survey.id)
    make.answered(survey, F1={"1": 10}, F3={"3": 1})
    totals.renew_totals(session, survey=survey, at=make.at)
    after = totals.totals_of(session, survey.id)
    assert before is not None
    assert after is not None
    assert after.tables[0].n == 30
    assert after.tables[2] == before.tables[2]
