"""What the strategy team fills in: answers, reasons for changes, corrections of findings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import product
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from participation.comments.models import Comment
from participation.insights.models import Finding
from participation.insights.policy import LONGEST_SENTENCE
from participation.revisions.labels import LABELS
from participation.revisions.models import Change, Disposition, StatedReason
from participation.revisions.policy import LONGEST_REASONS, LONGEST_STATED_REASON
from participation.revisions.reasons import Place, Reason, reasoned_sentences
from participation.strategy.fields import CheckboxesField, strip
from participation.strategy.forms import AdoptionForm
from participation.web.forms import Form, choices


def written_moment(moment: datetime | None) -> str:
    """Return a moment as a form carries it, exact to the microsecond."""
    return str(round(moment.timestamp() * 1_000_000)) if moment else ""


def read_moment(written: str | None) -> datetime | None:
    """Return the moment that a form carries; None if it carries none."""
    if not written or not written.isdecimal() or len(written) > 17:
        return None
    seconds, microseconds = divmod(int(written), 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=microseconds)


class NextAdoptionForm(AdoptionForm):
    """By what the council adopted the next version, even if people may still comment on it."""

    despite_rounds = BooleanField(
        _l("Die Kommentarrunde läuft noch. Die Fassung ist trotzdem schon beschlossen.")
    )


def _finding_choices(findings: Iterable[Finding]) -> list[Any]:
    return choices((one.code, f"{one.code} {one.sentence}") for one in findings)


def _chosen(codes: Iterable[str] | None, findings: Sequence[Finding]) -> list[Finding]:
    by_code = {one.code: one for one in findings}
    return [by_code[code] for code in codes or () if code in by_code]


class AnswerForm(Form):
    """The municipality's answer to one or more findings."""

    edited_from = HiddenField()
    findings = CheckboxesField(
        _l("Erkenntnisse, die beantwortet werden"),
        description=_l("Eine Antwort kann für mehrere Erkenntnisse gelten."),
    )
    disposition = RadioField(
        _l("Was folgt daraus?"),
        [InputRequired(_l("Bitte wählen Sie aus, was daraus folgt."))],
    )
    reasons = TextAreaField(
        _l("Begründung"),
        [
            InputRequired(_l("Bitte begründen Sie die Antwort.")),
            Length(max=LONGEST_REASONS, message=_l("Die Begründung ist zu lang.")),
        ],
        filters=[strip],
        description=_l("Was tun Sie, was nicht, und warum? Einfache Sätze, die alle verstehen."),
    )
    with_adoption = BooleanField(_l("Erst mit dem Beschluss der nächsten Fassung veröffentlichen"))

    def offer(self, findings: Sequence[Finding]) -> None:
        """Offer the findings that this answer may serve."""
        self.offered = findings
        self.findings.choices = _finding_choices(findings)
        self.disposition.choices = choices((one.value, LABELS[one]) for one in Disposition)

    @property
    def chosen(self) -> list[Finding]:
        """The findings that were ticked."""
        return _chosen(self.findings.data, self.offered)

    def validate_findings(self, field: CheckboxesField) -> None:
        if not field.data:
            raise ValidationError(_("Bitte wählen Sie mindestens eine Erkenntnis aus."))


class AbandonForm(Form):
    """Why a revision is given up."""

    reason = TextAreaField(
        _l("Warum?"),
        [
            InputRequired(_l("Bitte schreiben Sie den Grund dazu.")),
            Length(max=LONGEST_REASONS, message=_l("Die Begründung ist zu lang.")),
        ],
        filters=[strip],
        description=_l("Der Grund steht auf den Seiten des Entwurfs und in der E-Mail dazu."),
    )


class SignForm(Form):
    """Carries which draft the signer has read."""

    read = HiddenField()


class ReasonsForm(Form):
    """Because of what an element changes. Both may be given; without one nothing is adopted."""

    reasons = CheckboxesField(
        _l("Weil: Erkenntnisse"),
        description=_l("Sie stehen später neben der Änderung, für alle sichtbar."),
    )
    stated = SelectField(_l("Oder ein anderer Grund"), default="")
    stated_text = StringField(
        _l("Worin besteht er?"),
        [Length(max=LONGEST_STATED_REASON, message=_l("Bitte fassen Sie den Grund kürzer."))],
        filters=[strip],
        description=_l("Zum Beispiel: Haushalt 2027, Beschluss 2026/44"),
    )

    wordings = CheckboxesField(
        _l("Wortlaut übernommen aus"),
        description=_l("Der Kommentar steht dann neben der Änderung, für alle sichtbar."),
    )

    def offer(self, findings: Sequence[Finding], wordings: Sequence[Comment] = ()) -> None:
        """Offer the findings that can be a reason, and the comments that propose a wording."""
        self.offered = findings
        self.proposed = {one.id.hex: one for one in wordings}
        self.wordings.choices = choices(
            (key, _("Kommentar %(number)s", number=one.number))
            for key, one in self.proposed.items()
        )
        self.reasons.choices = _finding_choices(findings)
        self.stated.choices = choices(
            [("", _("keiner")), *((one.value, LABELS[one]) for one in StatedReason)]
        )

    def because(self) -> list[Reason]:
        """Return the reasons that were given."""
        given = [Reason(finding=one) for one in _chosen(self.reasons.data, self.offered)]
        if self.stated.data:
            given.append(
                Reason(stated=StatedReason(self.stated.data), text=self.stated_text.data or "")
            )
        return given

    def taken(self) -> list[Comment]:
        """Return the comments whose wording was taken over."""
        return [self.proposed[key] for key in self.wordings.data or () if key in self.proposed]

    def validate_stated_text(self, field: StringField) -> None:
        if self.stated.data and not field.data:
            raise ValidationError(_("Bitte schreiben Sie den Grund dazu."))


def reason_values(change: Change | None) -> dict[str, Any]:
    """Return what the form shows of the stored reasons of a change."""
    reasons = change.reasons if change else ()
    stated = next((one for one in reasons if one.stated), None)
    return {
        "reasons": [one.finding.code for one in reasons if one.finding],
        "stated": stated.stated.value if stated and stated.stated else "",
        "stated_text": stated.text if stated else "",
        "wordings": [one.id.hex for one in change.wordings] if change else [],
    }


class PlacesForm(Form):
    """Which sentence changes because of which reason: a box for each pair of them."""

    edited_from = HiddenField()
    assigned = CheckboxesField()

    def offer(self, change: Change) -> None:
        """Offer each pair; what is stored is ticked."""
        self.rows = reasoned_sentences(change)
        pairs = product(range(len(self.rows)), (reason.id for reason in change.reasons))
        self.assigned.choices = choices((f"{place}-{reason}", "") for place, reason in pairs)

    def places(self) -> dict[int, list[Place]]:
        """Return the sentences that were ticked for each reason, by its id."""
        found: dict[int, list[Place]] = {}
        for pair in self.assigned.data or ():
            place, reason = map(int, pair.split("-"))
            found.setdefault(reason, []).append(self.rows[place][0].place)
        return found


def assigned_values(change: Change) -> list[str]:
    """Return the boxes that are ticked for what is stored."""
    return [
        f"{place}-{reason.id}"
        for place, (_sentence, reasons) in enumerate(reasoned_sentences(change))
        for reason in reasons
    ]


class CorrectionForm(Form):
    """A finding's sentence and elements, and which evidence stays."""

    sentence = TextAreaField(
        _l("Erkenntnis in einem Satz"),
        [
            InputRequired(_l("Bitte schreiben Sie die Erkenntnis in einem Satz.")),
            Length(
                max=LONGEST_SENTENCE,
                message=_l("Bitte fassen Sie sich kürzer: höchstens 300 Zeichen."),
            ),
        ],
        filters=[strip],
    )
    elements = CheckboxesField(_l("Elemente, um die es geht"), description=_l("Mindestens eines"))
    kept = CheckboxesField(_l("Nachweise, die bleiben"))

    def validate_elements(self, field: CheckboxesField) -> None:
        if not field.data:
            raise ValidationError(_("Bitte wählen Sie mindestens ein Element aus."))

    def validate_kept(self, field: CheckboxesField) -> None:
        if not field.data:
            raise ValidationError(_("Mindestens ein Nachweis muss bleiben."))
