"""Words that occur nowhere else, put into everything that not everybody may read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from participation.accounts.models import Municipality, Role
from participation.accounts.operations import invite
from participation.comments.statement_content import Said
from participation.contributions.models import Channel, ContributionStatus
from participation.contributions.operations import follow
from participation.engagements.operations import confirm_subscription
from participation.ideas.call_fields import FieldDraft, add_field
from participation.ideas.grouping import group_ideas
from participation.ideas.images import remove_image
from participation.ideas.models import FieldKind, IdeaWording, WordingState
from participation.ideas.placing import ChosenPlace
from participation.moderation.models import Action, Ground
from participation.moderation.reports import report
from tests.conftest import NOON
from tests.photographs import ready_photograph
from tests.security.world import SIGNED_OUT, World

EVERYBODY = frozenset(
    {"anonymous", "citizen", "foreign", "suspended", "expired"} | {role.value for role in Role}
)
NOBODY: frozenset[str] = frozenset()
MODERATION = frozenset({"moderator", "administrator"})
PLANNING = frozenset({"strategist", "analyst", "administrator"})
STAFF = MODERATION | PLANNING
# What is rejected or withdrawn comes into no group.
_IN_GROUPS = frozenset(ContributionStatus) - {
    ContributionStatus.REJECTED,
    ContributionStatus.WITHDRAWN,
}
SPLITTING = frozenset({"moderator", "strategist", "administrator"})
ADMINISTRATION = frozenset({"administrator"})


@dataclass(frozen=True)
class Canary:
    """A word and who may read it; `somebody_does` says that the crawl must have found it."""

    word: str
    readers: frozenset[str]
    somebody_does: bool = True


class Plant:
    """Fills a town with canaries. Words end in the town's mark."""

    def __init__(self, world: World, town: Municipality, mark: str) -> None:
        self.make: Any = world.make
        self.session = world.site.session
        self.key = world.site.app.config["HASHING_KEY"]
        self.town, self.mark = town, mark
        self.loop = world.stages[town.slug].loop
        self.canaries: list[Canary] = []

    def word(self, name: str, readers: Iterable[str], *, found: bool = True) -> str:
        """Return a new word that only these may read."""
        # Letters only, so that no escaping, no slug and no hyphenation changes it.
        word = f"Kanari{name}{self.mark}"
        allowed = frozenset(readers)
        if self.mark == "dort" and allowed != EVERYBODY:
            allowed = frozenset({"foreign"}) if allowed else NOBODY
        self.canaries.append(Canary(word, allowed, somebody_does=found and bool(allowed)))
        return word

    def everything(self) -> list[Canary]:
        """Plant all of them and return them."""
        loop = self.loop
        self._contributions(loop)
        self._survey(loop)
        self._drafts(loop)
        self._workshop(loop)
        self._people(loop)
        self.session.commit()
        return self.canaries

    def _contributions(self, loop: Any) -> None:
        readers = {
            ContributionStatus.PUBLISHED: EVERYBODY,
            ContributionStatus.PENDING: MODERATION,
            ContributionStatus.REJECTED: MODERATION,
            ContributionStatus.HIDDEN: MODERATION,
            ContributionStatus.WITHDRAWN: NOBODY,
        }
        comment_round = self.make.comment_round(self.town, elements=(loop.measure,))
        group_equal = []
        for status, who in readers.items():
            name = status.value
            pending = status is ContributionStatus.PENDING
            title, text = self.word(f"titel{name}", who), self.word(f"text{name}", who)
            elements = (loop.measure,)
            idea = self._decided(
                self.make.idea(
                    loop.call,
                    status=ContributionStatus.PENDING,
                    title=title,
                    text=text,
                    elements=elements,
                    images=[ready_photograph(self.word(f"bild{name}", who))],
                    place=ChosenPlace(address=self.word(f"ort{name}", who)),
                    channel=Channel.LETTER,
                    origin=self.word(f"herkunft{name}", who),
                ),
                status,
                loop,
            )
            self._stated(comment_round, status)
            on_idea = self.word(f"anmerkung{name}", who, found=pending or who is EVERYBODY)
            if status is ContributionStatus.PUBLISHED:
                self.make.comment(None, idea, text=on_idea)
                self._reported(idea)
            else:
                comment = self.make.comment(
                    comment_round,
                    comment_round.passages[0],
                    status=ContributionStatus.PENDING,
                    text=on_idea,
                )
                self._decided(comment, status, loop)
            group_equal.append(idea)
        # What is hidden or waits is not seen through the group that it is in either.
        shown = [one for one in group_equal if one.status in _IN_GROUPS]
        group_ideas(self.session, ideas=shown, actor=loop.second, at=NOON)
        # An image that moderation took out of an idea that everybody sees.
        idea = self.make.idea(
            loop.call, images=[ready_photograph(self.word("bildfort", MODERATION, found=False))]
        )
        remove_image(
            self.session,
            image=idea.images[0],
            ground=Ground.PERSONAL_DATA.value,
            municipality_id=self.town.id,
            actor=loop.second,
            at=NOON,
        )
        for is_public, who in ((True, EVERYBODY), (False, STAFF)):
            name = "offen" if is_public else "intern"
            draft = FieldDraft(FieldKind.SHORT, f"Frage {name}", is_public=is_public)
            asked = add_field(self.session, call=loop.call, draft=draft)
            word = self.word(f"zusatz{name}", who)
            self.make.idea(loop.call, asked=[asked], answers={asked.id: word})
        # What came with an idea that waits for moderation.
        internal = {asked.id: self.word("zusatzwartet", MODERATION, found=False)}
        self.make.idea(
            loop.call, status=ContributionStatus.PENDING, asked=[asked], answers=internal
        )
        # An image of a change that waits, and one of a change that was refused.
        shows = self.word("bildwartet", MODERATION, found=False)
        idea = self.make.idea(loop.call, supports=1, images=[ready_photograph(shows)])
        idea.images[0].position = None
        self._wordings(idea)
        # A published comment below an idea that is hidden stays out of sight with it.
        idea = self.make.idea(loop.call, title=self.word("oben", MODERATION, found=False))
        self.make.comment(None, idea, text=self.word("unten", MODERATION, found=False))
        self._decided(idea, ContributionStatus.HIDDEN, loop)

    def _stated(self, comment_round: Any, status: ContributionStatus) -> None:
        """A statement of an organisation in a status, with a piece and who signed it."""
        name = status.value
        is_open = status is ContributionStatus.PUBLISHED
        is_gone = status is ContributionStatus.WITHDRAWN
        who = EVERYBODY if is_open else NOBODY if is_gone else SPLITTING
        piece = Said("1", "concern", self.word(f"stueck{name}", who, found=is_open))
        self.make.statement(
            comment_round,
            name=f"Organisation {name}",
            status=status,
            text=self.word(f"stellungnahme{name}", who, found=is_open),
            signer_name=self.word(f"unterschrift{name}", NOBODY if is_gone else SPLITTING),
            pieces=[piece],
        )

    def _reported(self, idea: Any) -> None:
        report(
            self.session,
            contribution=idea,
            ground=Ground.OTHER,
            note=self.word("meldung", MODERATION),
            reporter="somebody",
            at=NOON,
        )

    def _decided(self, contribution: Any, status: ContributionStatus, loop: Any) -> Any:
        """Bring a pending contribution to a status as people do."""
        steps = {
            ContributionStatus.PUBLISHED: [Action.PUBLISH],
            ContributionStatus.REJECTED: [Action.REJECT],
            ContributionStatus.HIDDEN: [Action.PUBLISH, Action.HIDE],
        }.get(status, [])
        if contribution.status is ContributionStatus.PUBLISHED and steps:
            steps = steps[1:] if steps[0] is Action.PUBLISH else [Action.HIDE]
        for step in steps:
            note = ""
            if step is not Action.PUBLISH:
                kind = f"{type(contribution).__name__.lower()}{step.value}{len(self.canaries)}"
                note = self.word(f"notiz{kind}", MODERATION, found=False)
            self.make.decision(contribution, step, actor=loop.second, note=note)
        if status is ContributionStatus.WITHDRAWN:
            contribution.withdraw()
        self.session.flush()
        return contribution

    def _wordings(self, idea: Any) -> None:
        """What an idea said, is to say once that is let through, and may never say."""
        readers = {
            WordingState.EARLIER: EVERYBODY,
            WordingState.WAITING: MODERATION,
            WordingState.REFUSED: NOBODY,
            WordingState.REPLACED: NOBODY,
        }
        idea.edited_at = NOON
        for state, who in readers.items():
            name = state.value
            where = self.word(f"fassungort{name}", MODERATION if name == "waiting" else NOBODY)
            self.session.add(
                IdeaWording(
                    idea_id=idea.id,
                    state=state,
                    title=self.word(f"fassungtitel{name}", who),
                    text=self.word(f"fassungtext{name}", who),
                    parts={"place": {"kind": "address", "address": where, "points": []}},
                    written_at=NOON,
                    replaced_at=None if state is WordingState.WAITING else NOON,
                )
            )
        self.session.flush()

    def _survey(self, loop: Any) -> None:
        survey = self.make.survey(
            self.town, elements=(loop.measure,), questions=self.make.questions((loop.measure,))
        )
        for number in range(12):
            remark = self.word(f"bemerkung{'abcdefghijkl'[number]}", MODERATION, found=False)
            self.make.response(survey, self.make.sheet({"F4": remark}, F1="1"))

    def _drafts(self, loop: Any) -> None:
        values = {
            "title": self.word("entwurftitel", PLANNING),
            "summary": self.word("entwurfworum", PLANNING, found=False),
            "scope_open": self.word("entwurfoffen", PLANNING, found=False),
        }
        self.make.idea_call(
            self.town,
            published=False,
            question=self.word("entwurffrage", PLANNING, found=False),
            elements=(loop.measure,),
            **values,
        )
        asked = [
            replace(
                draft, text=f"{draft.text} {self.word(f'frage{number}', PLANNING, found=False)}"
            )
            for number, draft in zip("abcd", self.make.questions(), strict=True)
        ]
        self.make.survey(
            self.town,
            published=False,
            title=self.word("umfragetitel", PLANNING),
            questions=asked,
            elements=(loop.measure,),
        )
        # Published, but not begun: everybody may know that it comes, nobody what is asked.
        self.make.survey(
            self.town,
            title=self.word("geplant", EVERYBODY),
            questions=[
                replace(
                    draft, text=f"{draft.text} {self.word(f'spaeter{n}', PLANNING, found=False)}"
                )
                for n, draft in zip("abcd", self.make.questions(), strict=True)
            ],
            elements=(loop.measure,),
            opens_at=NOON + timedelta(days=3),
            closes_at=NOON + timedelta(days=9),
        )

    def _workshop(self, loop: Any) -> None:
        self.make.amended(
            loop.revision,
            "L-1",
            text=f"Wege werden kürzer. {self.word('neufassung', PLANNING)}",
            because=(self.make.stated(self.word("grund", PLANNING, found=False)),),
        )
        idea = self.make.idea(loop.call, elements=(loop.measure,))
        findings = [
            self.make.finding(
                loop.strategy,
                self.word(f"erkenntnis{number}", EVERYBODY),
                elements=(loop.measure,),
                contributions=(idea,),
            )
            for number in ("eins", "zwei")
        ]
        self.make.answer(findings[0], reasons=self.word("antwortentwurf", STAFF))
        half = self.make.answer(findings[1], reasons=self.word("halbunterschrieben", STAFF))
        self.make.signed(half, (loop.lead,))

    def _people(self, loop: Any) -> None:
        author = self.make.account(
            name=self.word("autorin", NOBODY), email=f"{self.word('autorin', NOBODY).lower()}@x.org"
        )
        self.make.idea(loop.call, author=author)
        idea = self.make.idea(loop.call)
        address = f"{self.word('abo', NOBODY).lower()}@example.org"
        subscription = follow(self.session, contribution=idea, address=address, at=NOON)
        confirm_subscription(self.session, subscription=subscription, at=NOON)
        invited = self.word("eingeladen", ADMINISTRATION)
        token = invite(
            self.session,
            municipality=self.town,
            email=f"{invited.lower()}@example.org",
            role=Role.ANALYST,
            key=self.key,
            actor=None,
            at=NOON,
        )
        self.canaries.append(Canary(token, NOBODY, somebody_does=False))
        self.canaries.append(Canary(loop.code, NOBODY, somebody_does=False))


def looks_like_nobody(who: str) -> bool:
    """Tell whether somebody is to see exactly what the public sees."""
    return who in SIGNED_OUT or who == "citizen"
