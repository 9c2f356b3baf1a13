"""What keeps a survey from being published, whoever publishes it and by whatever way."""

from __future__ import annotations

from sqlalchemy.orm import Session

from participation.engagements.operations import NothingToTakePartIn
from participation.engagements.readiness import checks
from participation.foundation.errors import Refused
from participation.surveys import queries
from participation.surveys.checking import CheckKind, CheckRemark, remarks_on
from participation.surveys.models import Survey


class CannotOpen(Refused):
    """A survey that would not work when it is open; `remarks` say why."""

    def __init__(self, remarks: tuple[CheckRemark, ...]) -> None:
        named = ", ".join(f"{one.code} ({one.kind.value})" for one in remarks)
        super().__init__(f"this survey cannot open like this: {named}")
        self.remarks = remarks


@checks(Survey)
def check_survey(session: Session, survey: Survey) -> None:
    """Raise NothingToTakePartIn without a question, and CannotOpen for what would not work."""
    hard = tuple(
        remark
        for remark in remarks_on(queries.questionnaire_of(session, survey.id))
        if remark.is_hard
    )
    if any(remark.kind is CheckKind.NO_QUESTION for remark in hard):
        raise NothingToTakePartIn
    if hard:
        raise CannotOpen(hard)
