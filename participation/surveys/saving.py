"""Sheets that somebody will come back to: kept sealed, and deleted on sending or after a month."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from participation.foundation.clock import local_date
from participation.foundation.errors import NotFound
from participation.foundation.tokens import new_token
from participation.surveys import sealing
from participation.surveys.answers import SavedSheet
from participation.surveys.begun import VALID_FOR, BegunSheet, begun_from
from participation.surveys.sealing import BrokenSeal


def save_sheet(
    session: Session, *, survey_id: int, begun: BegunSheet, at: datetime
) -> tuple[str, date]:
    """Keep a sheet; return what its link holds, and until when.

    A sheet that was saved before keeps its link.
    """
    token = begun.token or new_token()
    until = local_date(at + VALID_FOR)
    forget_sheet(session, token=token)
    row = SavedSheet(
        name=sealing.name_of(token),
        survey_id=survey_id,
        sealed=sealing.seal_with(token, begun.content(), str(survey_id)),
        expires_on=until,
    )
    session.add(row)
    session.flush()
    return token, until


def get_saved_sheet(
    session: Session, *, survey_id: int, token: str, at: datetime
) -> tuple[BegunSheet, date]:
    """Return a sheet that was kept, and until when it is. Raises NotFound."""
    row = session.scalars(
        sa.select(SavedSheet).where(
            SavedSheet.name == sealing.name_of(token),
            SavedSheet.survey_id == survey_id,
            SavedSheet.expires_on >= local_date(at),
        )
    ).first()
    if row is None:
        raise NotFound("no sheet waits for this link")
    try:
        return begun_from(sealing.unseal_with(token, row.sealed, str(survey_id))), row.expires_on
    except BrokenSeal as error:
        raise NotFound("this link does not open the sheet") from error


def forget_sheet(session: Session, *, token: str) -> None:
    """Delete a sheet that was kept."""
    session.execute(sa.delete(SavedSheet).where(SavedSheet.name == sealing.name_of(token)))


def forget_expired_sheets(session: Session, *, at: datetime) -> int:
    """Delete the sheets for which nobody came back; return how many."""
    result = session.execute(sa.delete(SavedSheet).where(SavedSheet.expires_on < local_date(at)))
    return int(result.rowcount)  # type: ignore[attr-defined]
