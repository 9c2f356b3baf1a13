"""What an invited organisation fills in, and staff to invite it and to take its PDF apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from participation.comments import policy
from participation.comments.forms import plain
from participation.comments.labels import LABELS
from participation.comments.models import Passage
from participation.comments.statement_content import (
    LONGEST_COVERING_TEXT,
    LONGEST_SIGNER,
    Said,
    StatementContent,
    Upload,
)
from participation.engagements.labels import LABELS as ENGAGEMENT_LABELS
from participation.engagements.models import OrganisationKind
from participation.engagements.organisations import LONGEST_NAME
from participation.foundation.errors import Refused
from participation.foundation.pdf_reading import LARGEST_PDF, check_pdf
from participation.web.address_fields import address_field
from participation.web.forms import Form, OpenForm, choices
from participation.web.refusals import told

_NO_STANCE = ""


def _stances() -> list[Any]:
    offered = [(stance.value, LABELS[stance]) for stance in policy.STANCES_ON_A_PASSAGE]
    return choices([(_NO_STANCE, _l("Bitte wählen")), *offered])


class StatementForm(OpenForm):
    """A statement. `on` adds three fields for each passage of the round."""

    text = TextAreaField(
        _l("Ihre Stellungnahme im Ganzen"),
        [Length(max=LONGEST_COVERING_TEXT, message=_l("Höchstens 20.000 Zeichen."))],
        filters=[plain],
        description=_l("Oder ein Begleittext zu Ihrem PDF."),
    )
    document = FileField(
        _l("Ein PDF"),
        description=_l("Höchstens 10 MB und 300 Seiten, ohne Passwort und ohne Formularfelder."),
    )
    remove_document = BooleanField(_l("Dieses PDF wieder entfernen"))
    is_public = BooleanField(
        _l("Das PDF darf jede und jeder herunterladen"),
        description=_l("Ohne Haken sehen es nur die Menschen, die es im Rathaus bearbeiten."),
    )
    signer_name = StringField(
        _l("Wer unterschreibt?"),
        [Length(max=LONGEST_SIGNER, message=_l("Höchstens 160 Zeichen."))],
        filters=[plain],
        description=_l("Vor- und Nachname. Das wird nicht veröffentlicht."),
    )
    signer_role = StringField(
        _l("In welcher Aufgabe?"),
        [Length(max=LONGEST_SIGNER, message=_l("Höchstens 160 Zeichen."))],
        filters=[plain],
        description=_l("Zum Beispiel: Geschäftsführerin. Das wird nicht veröffentlicht."),
    )
    declared = BooleanField(
        _l(
            "Ich darf für die Organisation sprechen, und wir wissen: Die "
            "Stellungnahme erscheint unter ihrem Namen."
        )
    )

    passages: Sequence[Passage] = ()
    kept_document: Upload | None = None
    # Whether it is sent for good, and not saved for later.
    is_final = False

    @classmethod
    def on(
        cls, passages: Sequence[Passage], content: StatementContent | None = None
    ) -> StatementForm:
        """Return the form for the passages of a round, filled with what was saved."""
        fields: dict[str, Any] = {"passages": passages}
        for passage in passages:
            fields[f"stance_{passage.code}"] = SelectField(
                _l("Wie stehen Sie dazu?"), choices=_stances(), default=_NO_STANCE
            )
            fields[f"text_{passage.code}"] = TextAreaField(
                _l("Ihr Kommentar"),
                [Length(max=policy.LONGEST_TEXT, message=_l("Höchstens 4.000 Zeichen."))],
                filters=[plain],
            )
            fields[f"rewording_{passage.code}"] = TextAreaField(
                _l("So sollte der Abschnitt heißen"),
                [Length(max=policy.LONGEST_REWORDING, message=_l("Höchstens 8.000 Zeichen."))],
                filters=[plain],
                default=passage.text,
                description=_l("Nur für „anderer Wortlaut“: Ändern Sie den Text."),
            )
        made: StatementForm = type("StatementFormOnPassages", (cls,), fields)(
            data=_values(content, passages) if content else None
        )
        made.kept_document = content.document if content else None
        return made

    def validate_document(self, field: FileField) -> None:
        """Check the file that came along; what is wrong with it is said at the field."""
        if self.remove_document.data:
            self.kept_document = None
        if not field.data:
            return
        with field.data.stream as stream:
            content = stream.read(LARGEST_PDF + 1)
        try:
            self.kept_document = Upload(content, check_pdf(content, field="document"))
        except Refused as refusal:
            raise ValidationError(told(refusal)) from refusal

    def validate_signer_name(self, field: StringField) -> None:
        self._check_signed(field)

    def validate_signer_role(self, field: StringField) -> None:
        self._check_signed(field)

    def _check_signed(self, field: StringField) -> None:
        if self.is_final and not field.data:
            raise ValidationError(_("Bitte sagen Sie uns, wer unterschreibt."))

    def validate_declared(self, field: BooleanField) -> None:
        if self.is_final and not field.data:
            raise ValidationError(_("Bitte bestätigen Sie das, damit wir veröffentlichen dürfen."))

    def content(self) -> StatementContent:
        """Return what was filled in; passages without a word are left out."""
        return StatementContent(
            text=self.text.data or "",
            signer_name=self.signer_name.data or "",
            signer_role=self.signer_role.data or "",
            is_public=bool(self.is_public.data),
            pieces=tuple(said for said in map(self._said, self.passages) if _is_filled(said)),
            document=self.kept_document,
        )

    def _said(self, passage: Passage) -> Said:
        code = passage.code
        wording = (self[f"rewording_{code}"].data or "").replace("\r\n", "\n")
        return Said(
            code,
            self[f"stance_{code}"].data or "",
            self[f"text_{code}"].data or "",
            "" if wording == passage.text else wording,
        )

    def is_filled_at(self, passage: Passage) -> bool:
        """Tell whether something stands at a passage, so that its fields are shown."""
        names = (f"{name}_{passage.code}" for name in ("stance", "text", "rewording"))
        return _is_filled(self._said(passage)) or any(self[name].errors for name in names)


class InviteForm(Form):
    """Ask an organisation for its statement."""

    name = StringField(
        _l("Name der Organisation"),
        [
            DataRequired(_l("Bitte geben Sie an, wie die Organisation heißt.")),
            Length(max=LONGEST_NAME, message=_l("Höchstens 160 Zeichen.")),
        ],
        filters=[plain],
        description=_l("So steht er später über der Stellungnahme."),
    )
    kind = SelectField(
        _l("Art"),
        choices=choices((kind.value, ENGAGEMENT_LABELS[kind]) for kind in OrganisationKind),
        coerce=lambda kind: kind if isinstance(kind, OrganisationKind) else OrganisationKind(kind),
        default=OrganisationKind.ASSOCIATION,
    )
    email = address_field(
        description=_l("Dorthin schicken wir den Link. Ohne Adresse drucken Sie einen Brief.")
    )


class PieceForm(Form):
    """A piece of a statement's PDF, as a comment on a passage."""

    passage = SelectField(_l("Zu welchem Abschnitt?"), validate_choice=True)
    page = IntegerField(_l("Seite im Original"), [Optional()])
    stance = SelectField(_l("Haltung"))
    text = TextAreaField(
        _l("Was dort steht"),
        [Length(max=policy.LONGEST_TEXT, message=_l("Höchstens 4.000 Zeichen."))],
        filters=[plain],
        description=_l("Kopieren Sie die Sätze aus dem Original, ohne sie zu ändern."),
    )
    rewording = TextAreaField(
        _l("So sollte der Abschnitt heißen"),
        [Length(max=policy.LONGEST_REWORDING, message=_l("Höchstens 8.000 Zeichen."))],
        filters=[plain],
        description=_l("Nur für „anderer Wortlaut“."),
    )

    @classmethod
    def on(cls, passages: Sequence[Passage], page: int | None) -> PieceForm:
        """Return the form for the passages of a round, with the page that is looked at."""
        form = cls(page=page)
        form.stance.choices = _stances()
        form.passage.choices = choices(
            (passage.code, f"{passage.code} {passage.heading or passage.text[:60]}")
            for passage in passages
        )
        return form

    def said(self) -> Said:
        """Return what was filled in."""
        return Said(
            self.passage.data or "",
            self.stance.data or "",
            self.text.data or "",
            self.rewording.data or "",
        )


def _is_filled(said: Said) -> bool:
    return bool(said.stance or said.text or said.rewording)


def _values(content: StatementContent, passages: Sequence[Passage]) -> dict[str, Any]:
    values: dict[str, Any] = {
        "text": content.text,
        "signer_name": content.signer_name,
        "signer_role": content.signer_role,
        "is_public": content.is_public,
    }
    stand = {passage.code: passage.text for passage in passages}
    for said in content.pieces:
        values[f"stance_{said.passage}"] = said.stance
        values[f"text_{said.passage}"] = said.text
        values[f"rewording_{said.passage}"] = said.rewording or stand.get(said.passage, "")
    return values
