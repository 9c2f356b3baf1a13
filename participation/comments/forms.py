"""What people fill in to comment and to vote, and a clerk to put a text up for comment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    TextAreaField,
)
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    StopValidation,
    ValidationError,
)

from participation.comments import policy
from participation.comments.documents import LARGEST_DOCUMENT, LONGEST_TEXT, read_document
from participation.comments.labels import LABELS
from participation.comments.models import CommentRound, Passage, Stance, VoteChoice
from participation.comments.passages import PassageDraft, passages_of, split_text
from participation.comments.quotes import marked
from participation.contributions.models import Contribution, ContributionKind
from participation.engagements.forms import EngagementForm
from participation.foundation.errors import Refused
from participation.strategy.content import ElementContent
from participation.strategy.models import Element
from participation.web.address_fields import address_field
from participation.web.forms import Form, OpenForm, choices
from participation.web.refusals import told

_PASTED = "text"
_LARGEST_NUMBER = 2**31 - 1


def plain(text: str | None) -> str | None:
    """Return a text without blanks around it."""
    return text.strip() if text else text


class StanceField(RadioField):
    """How somebody stands to what they comment on; a foreign value is as good as none."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, coerce=_stance_of, **kwargs)

    def pre_validate(self, _form: Any) -> None:
        if self.raw_data and not any(choice.checked for choice in self):
            raise StopValidation(_("Wählen Sie, wie Sie dazu stehen."))


def _stance_of(value: Any) -> Stance | None:
    return next((stance for stance in Stance if value in (stance, stance.value)), None)


class CommentForm(OpenForm):
    """A comment on a passage. `about` leaves out what does not fit elsewhere."""

    stance = StanceField(
        _l("Wie stehen Sie dazu?"),
        validators=[InputRequired(_l("Wählen Sie, wie Sie dazu stehen."))],
    )
    text = TextAreaField(
        _l("Ihr Kommentar"),
        [
            DataRequired(_l("Schreiben Sie Ihren Kommentar. Ein Satz genügt.")),
            Length(
                max=policy.LONGEST_TEXT,
                message=_l("Ihr Kommentar darf höchstens 4.000 Zeichen haben."),
            ),
        ],
        filters=[plain],
        description=_l("Bitte keine Namen oder Telefonnummern: Der Text wird veröffentlicht."),
    )
    quote = TextAreaField(
        _l("Welche Worte meinen Sie?"),
        [
            Length(
                max=policy.LONGEST_QUOTE,
                message=_l("Ihr Zitat darf höchstens 1.000 Zeichen haben."),
            )
        ],
        filters=[plain],
        description=_l("Nur wenn es um eine Stelle geht: Worte genau so, wie sie dort stehen."),
    )
    rewording = TextAreaField(
        _l("So sollte der Abschnitt heißen"),
        [
            Length(
                max=policy.LONGEST_REWORDING,
                message=_l("Ihr Vorschlag darf höchstens 8.000 Zeichen haben."),
            )
        ],
        filters=[plain],
        description=_l(
            "Nur für „anderer Wortlaut“: Ändern Sie den Text so, wie er lauten soll. Wir zeigen, "
            "was anders ist."
        ),
    )
    email = address_field(
        description=_l(
            "Nur, um Ihnen zu sagen, was aus Ihrem Kommentar wird. Sie wird nie veröffentlicht."
        )
    )

    @classmethod
    def about(
        cls,
        anchor: Passage | Contribution | None,
        comment_round: CommentRound | None = None,
        *,
        quote: str = "",
    ) -> CommentForm:
        """Return the form for a comment on a passage, a contribution, or a text as a whole.

        A quotation that does not stand in the passage is left out.
        """
        on_passage = isinstance(anchor, Passage)
        form = (
            cls(rewording=anchor.text, quote=quote if marked(anchor.text, quote) else None)
            if isinstance(anchor, Passage)
            else cls()
        )
        stances = policy.STANCES_ON_A_PASSAGE if on_passage else policy.STANCES_ELSEWHERE
        form.stance.choices = choices((stance.value, LABELS[stance]) for stance in stances)
        if not on_passage:
            del form.rewording, form.quote
        answered = anchor if isinstance(anchor, Contribution) else None
        if answered is not None:
            form._make_stance_optional(answered)
        if policy.is_checked_first(comment_round, answered):
            form._ask_for_a_statement()
        return form

    def _ask_for_a_statement(self) -> None:
        """Others will agree or disagree with it, so it is short and says one thing."""
        self.text.label.text = _("Ihre Aussage")
        self.text.description = _(
            "Ein Gedanke, höchstens %(limit)s Zeichen: Andere stimmen darüber ab. Bitte keine "
            "Namen oder Telefonnummern.",
            limit=policy.LONGEST_STATEMENT,
        )
        self.text.validators = [
            DataRequired(_("Schreiben Sie Ihre Aussage. Ein Satz genügt.")),
            Length(
                max=policy.LONGEST_STATEMENT,
                message=_(
                    "Ihre Aussage darf höchstens %(limit)s Zeichen haben, damit andere sie mit "
                    "einem Blick lesen können.",
                    limit=policy.LONGEST_STATEMENT,
                ),
            ),
        ]
        self.text.flags.maxlength = policy.LONGEST_STATEMENT

    def _make_stance_optional(self, answered: Contribution) -> None:
        if answered.kind is ContributionKind.COMMENT:
            del self.stance
            return
        self.stance.validators = [Optional()]
        self.stance.flags.required = False

    def said(self) -> dict[str, Any]:
        """Return what was filled in, as `submit_comment` takes it."""
        return {
            "stance": self.stance.data if "stance" in self else None,
            "text": self.text.data or "",
            "rewording": (self.rewording.data or "") if "rewording" in self else "",
            "quote": (self.quote.data or "") if "quote" in self else "",
            "submission": self.submission.data or "",
            "form_opened_at": self.opened_at,
            "address": self.email.data or "",
        }

    def kept(self) -> list[str]:
        """Return what was written, to be copied where the comment cannot be taken."""
        more = [self[name].data for name in ("quote", "rewording") if name in self]
        return [text for text in (self.text.data, *more) if text]


class VoteForm(OpenForm):
    """A vote on one comment, named by its number."""

    comment = IntegerField(validators=[InputRequired(), NumberRange(1, _LARGEST_NUMBER)])
    choice = RadioField(
        choices=choices((choice.value, LABELS[choice]) for choice in VoteChoice),
        coerce=lambda value: value if isinstance(value, VoteChoice) else VoteChoice(value),
        validators=[InputRequired()],
    )
    important = BooleanField(_l("Das ist mir wichtig"))


class SeedsForm(Form):
    """Statements with which the voting begins, one a line."""

    statements = TextAreaField(
        _l("Neue Aussagen"),
        [
            DataRequired(_l("Schreiben Sie mindestens eine Aussage.")),
            Length(max=10_000, message=_l("Das ist zu lang. Fügen Sie weniger auf einmal hinzu.")),
        ],
        filters=[plain],
        description=_l(
            "Eine Aussage je Zeile, jede höchstens 280 Zeichen und nur ein Gedanke. Gut sind "
            "Aussagen, denen man klar zustimmen oder widersprechen kann."
        ),
    )

    def lines(self) -> list[str]:
        """Return the statements."""
        return [line.strip() for line in (self.statements.data or "").splitlines() if line.strip()]


class RoundForm(EngagementForm):
    """A comment round: the common part, and the text that is put up for comment.

    The text comes from a version of the strategy (what it says about the chosen elements) or
    is pasted.
    """

    source = RadioField(
        _l("Welchen Text legen Sie aus?"),
        choices=choices(
            [
                ("version", _l("Was eine Fassung der Strategie zu den gewählten Teilen sagt")),
                (_PASTED, _l("Einen Text, den ich einfüge oder hochlade")),
            ]
        ),
        default="version",
        validators=[InputRequired(_l("Wählen Sie eine der Möglichkeiten."))],
    )
    version = SelectField(_l("Fassung"), validate_choice=True, coerce=str)
    split = RadioField(
        _l("Wozu kann man schreiben?"),
        choices=choices(
            [
                ("paragraph", _l("Zu jedem Absatz")),
                ("element", _l("Zu jedem Teil der Strategie im Ganzen")),
            ]
        ),
        default="paragraph",
        validators=[InputRequired(_l("Wählen Sie eine der Möglichkeiten."))],
    )
    text = TextAreaField(
        _l("Text"),
        [
            Length(
                max=LONGEST_TEXT,
                message=_l("Der Text darf höchstens 200.000 Zeichen haben."),
            )
        ],
        filters=[plain],
        description=_l(
            "Leere Zeilen teilen den Text in Abschnitte. Eine Zeile mit # am Anfang wird zur "
            "Überschrift. Gibt es keine solche Zeile, gelten kurze Zeilen ohne Punkt am Ende als "
            "Überschriften."
        ),
    )
    document = FileField(
        _l("Oder eine Datei"),
        description=_l(
            "Word (DOCX) oder Markdown, höchstens 8 MB. Ihr Text kommt in das Feld darüber: "
            "Dort können Sie Abschnitte teilen und verbinden, bevor Sie speichern. Bilder "
            "bleiben weg, Fußnoten stehen in Klammern."
        ),
    )
    # The round after which this one is the next phase of a hearing.
    after = HiddenField()
    voting = BooleanField(
        _l("Über Kommentare abstimmen lassen"),
        description=_l(
            "Menschen sagen zu einzelnen Kommentaren: zustimmen, ablehnen oder weiß nicht. So "
            "sehen Sie, was viele teilen und was umstritten ist."
        ),
    )

    def offer_versions(self, versions: Sequence[tuple[str, str]]) -> None:
        """Say which versions can be put up; without any, only a pasted text can."""
        self.version.choices = choices(versions)
        if not versions:
            del self.source, self.version, self.split

    @property
    def is_pasted(self) -> bool:
        """Whether the text is pasted and not taken from the strategy."""
        return "source" not in self or self.source.data == _PASTED

    @property
    def has_document(self) -> bool:
        """Whether a file came along that is to be put up."""
        return self.is_pasted and bool(self.document.data)

    def validate_text(self, field: TextAreaField) -> None:
        if self.is_pasted and not field.data and not self.has_document:
            raise ValidationError(_("Fügen Sie den Text ein, der kommentiert werden soll."))

    def validate_document(self, field: FileField) -> None:
        """Put the text of the file into the field above, where people can look at it."""
        if not self.has_document:
            return
        if self.text.data:
            raise ValidationError(
                _("Im Feld „Text“ steht schon etwas. Leeren Sie es, dann lesen wir die Datei ein.")
            )
        content = field.data.read(LARGEST_DOCUMENT + 1)
        try:
            self.text.data = read_document(content, field.data.filename or "")
        except Refused as refusal:
            raise ValidationError(told(refusal)) from refusal

    def tells_passages(self) -> bool:
        """Tell whether what makes the passages was filled in without an error."""
        parts = ("text", "document") if self.is_pasted else ("version", "split", "elements")
        return not any(self[name].errors for name in parts)

    def passages(
        self, contents: Mapping[str, tuple[Element, ElementContent]]
    ) -> list[PassageDraft]:
        """Return the passages; `contents` is what the chosen version says, by code."""
        if self.is_pasted:
            return split_text(self.text.data or "")
        chosen = set(self.elements.data or ())
        return passages_of(
            (what for code, what in contents.items() if code in chosen),
            by_paragraph=self.split.data == "paragraph",
        )
