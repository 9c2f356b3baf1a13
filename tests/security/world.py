"""Two towns full of life and everybody who might look at them: the stage of the security tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from participation.accounts.models import Account, Municipality, Role
from participation.accounts.operations import invite
from participation.accounts.queries import open_invitations
from participation.accounts.sessions import begin_session
from participation.comments.hearings import begin_hearing
from participation.comments.statement_content import Said
from participation.contributions.models import ContributionStatus
from participation.engagements.invitations import batches_of
from participation.engagements.models import Audience
from participation.foundation import clock
from participation.ideas.call_fields import FieldDraft, add_field
from participation.ideas.grouping import group_ideas
from participation.ideas.models import FieldKind, IdeaWording, WordingState
from participation.insights.aggregation import aggregate
from participation.moderation.models import Action
from participation.strategy import operations as strategy
from tests.conftest import NOON
from tests.factories import a_logo
from tests.factories_revisions import Loop
from tests.pdf_files import a_pdf
from tests.photographs import ready_photograph
from tests.site import Site

HERE, ELSEWHERE = "lindenow", "anderswo"
# Who looks, in the order of the reviewed table.
SIGNED_OUT = ("anonymous", "suspended", "expired")
LOOKERS = (
    "anonymous",
    "citizen",
    "moderator",
    "strategist",
    "analyst",
    "administrator",
    "foreign",
    "suspended",
    "expired",
)


@dataclass
class Stage:
    """What stands on a town's pages, with ids for sample addresses."""

    loop: Loop
    samples: dict[str, Any]


class World:
    """The site with two towns. `look(who)` gives a fresh browser of one of LOOKERS."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.make = site.make
        self.here = site.municipality
        self.elsewhere = site.make.municipality(ELSEWHERE, "Anderswo")
        site.session.commit()
        site.app.extensions["tenancy"].forget()
        self.people = self._people()
        self.stages = {town.slug: self._fill(town) for town in (self.here, self.elsewhere)}
        self.stage = self.stages[HERE]
        site.session.commit()

    @property
    def is_on_postgresql(self) -> bool:
        """Tell which database this world stands on."""
        return self.site.session.get_bind().dialect.name == "postgresql"

    def look(self, who: str) -> FlaskClient:
        """Return a fresh browser of somebody."""
        if who == "anonymous":
            return self.site.visitor()
        browser = self.site.visitor()
        account, began = self.people[who]
        at = NOON - timedelta(days=2) if began == "long ago" else clock.now()
        key = self.site.app.config["HASHING_KEY"]
        token = begin_session(self.site.session, account=account, key=key, at=at)
        self.site.session.commit()
        with browser.session_transaction() as cookie:
            cookie["_user_id"] = token
            cookie["_fresh"] = True
        return browser

    def _people(self) -> dict[str, tuple[Account, str]]:
        people = {role.value: (self._member(self.here, role), "now") for role in Role}
        people["citizen"] = (self.make.account(name="Cita Bürgerin"), "now")
        people["foreign"] = (self._member(self.elsewhere, *Role), "now")
        people["everything"] = (self._member(self.here, *Role), "now")
        people["expired"] = (self._member(self.here, *Role), "long ago")
        suspended = self._member(self.here, *Role)
        suspended.suspended_at = NOON
        people["suspended"] = (suspended, "now")
        return people

    def _member(self, town: Municipality, *roles: Role) -> Account:
        names = ", ".join(role.value for role in roles)
        member: Account = self.make.member(*roles, municipality=town, name=f"{town.name} {names}")
        return member

    def _fill(self, town: Municipality) -> Stage:
        make, session = self.make, self.site.session
        loop: Loop = make.loop(town, adopted=False)
        idea = make.idea(loop.call, elements=(loop.measure,), supports=3)
        earlier = IdeaWording(
            idea_id=idea.id,
            state=WordingState.EARLIER,
            title="Wie es war",
            text="Bevor es jemand las.",
            also=["place", "elements"],
            written_at=NOON,
            replaced_at=NOON,
        )
        session.add(earlier)
        pictured = make.idea(
            loop.call, images=(ready_photograph("Eine Bank"), ready_photograph("Ein Gesicht"))
        )
        decision = make.decision(
            make.idea(loop.call, status=ContributionStatus.PENDING),
            Action.REJECT,
            actor=loop.second,
        )
        equal = make.idea(loop.call, title="Dasselbe", elements=(loop.measure,), supports=2)
        group = group_ideas(session, ideas=[idea, equal], actor=None, at=NOON)
        call = make.idea_call(town, published=False, elements=(loop.measure,), title="Entwurf 1")
        survey = make.survey(town, elements=(loop.measure,), questions=make.questions())
        draft_survey = make.survey(town, published=False, elements=(loop.measure,))
        for _number in range(12):
            make.response(survey, make.sheet(F1="1"))
        comment_round = make.comment_round(
            town, elements=(loop.measure,), title=f"Leitlinie {town.name}"
        )
        comment = make.comment(comment_round, comment_round.passages[0])
        begin_hearing(
            session, comment_round=comment_round, title=f"Anhörung {town.slug}", actor=None, at=NOON
        )
        statement = make.statement(
            comment_round,
            pieces=(Said("2", "concern", "Bitte genauer."),),
            pdf=a_pdf("Seite eins", "Seite zwei"),
            is_public=True,
        )
        waiting = make.invited(comment_round, "Heimatverein").invitation
        session.flush()
        past = make.idea_call(
            town,
            elements=(loop.measure,),
            opens_at=NOON - timedelta(days=9),
            closes_at=NOON - timedelta(days=1),
        )
        aggregate(session, engagement=past, actor=None, at=NOON, final=True)
        finding = make.finding(
            loop.strategy, "Noch offen.", elements=(loop.measure,), contributions=(idea,)
        )
        open_answer = make.answer(finding)
        indicator = make.indicator(loop.measure)
        measurement = strategy.record_measurement(
            session, indicator=indicator, value=Decimal("2.5"), on=NOON.date()
        )
        milestone = strategy.add_milestone(
            session, element=loop.measure, title="Erste Öffnung", planned_on=NOON.date()
        )
        town.logo, town.logo_type = a_logo(), "image/webp"
        key = self.site.app.config["HASHING_KEY"]
        invite(
            session,
            municipality=town,
            email=f"neu@{town.slug}.example.org",
            role=Role.ANALYST,
            key=key,
            actor=None,
            at=NOON,
        )
        by_code = make.survey(town, elements=(loop.measure,), audience=Audience.CODE)
        make.invitations(by_code)
        session.flush()
        removed = pictured.images[1]
        removed.removed_at, removed.removed_for = NOON, "personal_data"
        draft = FieldDraft(FieldKind.SHORT, "Wie erreichen wir Sie?")
        samples = {
            "field": add_field(session, call=loop.call, draft=draft),
            "idea": idea,
            "pictured": pictured,
            "group": group,
            "decision": decision,
            "draft_call": call,
            "survey": survey,
            "draft_survey": draft_survey,
            "round": comment_round,
            "comment": comment,
            "statement": statement,
            "organisation": waiting,
            "past": past,
            "by_code": by_code,
            "invited_group": make.participant_group(by_code),
            "letters": batches_of(session, by_code.id)[0],
            "by_mail": make.survey(town, elements=(loop.measure,), audience=Audience.MAIL),
            "open_answer": open_answer,
            "indicator": indicator,
            "measurement": measurement,
            "milestone": milestone,
            # Not one of those who look: some addresses take roles away.
            "colleague": self._member(town, Role.MODERATOR),
            "invitation": open_invitations(session, town.id, NOON)[0],
        }
        return Stage(loop, samples)

    def arguments(self, endpoint: str, names: set[str], *, of: str = HERE) -> dict[str, Any]:
        """Return sample values for the arguments of an address in a town."""
        stage = self.stages[of]
        known = self._general(stage) | _SPECIAL.get(endpoint, _nothing)(stage)
        return {name: known[name] for name in names if name in known}

    def _general(self, stage: Stage) -> dict[str, Any]:
        return {
            "slug": stage.loop.call.slug,
            "code": "M-01",
            "number": 1,
            "consultation": 1,
            "token": "unknown",
            "kind": "massnahme",
            "page": "impressum",
            "language": "en",
            "filename": "css/base.css",
            "contribution_id": stage.loop.idea.id,
            "field_id": stage.samples["field"].id,
            "direction": "hoch",
            "decision_id": stage.samples["decision"].id,
            "group_id": stage.samples["group"].id,
            "answer_id": stage.samples["open_answer"].id,
            "account_id": stage.samples["colleague"].id,
            "role_name": "moderator",
            "invitation_id": stage.samples["invitation"].id,
        }


def _nothing(_stage: Stage) -> dict[str, Any]:
    return {}


def _in(name: str, **more: Any) -> Callable[[Stage], dict[str, Any]]:
    """Return samples within one of the stage's engagements."""
    return lambda stage: {"slug": stage.samples[name].slug} | more


def _image(stage: Stage, place: int) -> dict[str, Any]:
    """Return the samples of an image; the second one is out of sight."""
    idea = stage.samples["pictured"]
    return {"number": idea.number, "image_id": idea.images[place].id}


def _organisation(stage: Stage) -> dict[str, Any]:
    """Return the samples of an organisation that was invited and has not answered."""
    return {
        "slug": stage.samples["round"].slug,
        "invitation_id": stage.samples["organisation"].id,
    }


def _invited_group(stage: Stage) -> dict[str, Any]:
    """Return the samples of a group that was invited."""
    return {
        "slug": stage.samples["by_code"].slug,
        "group_id": stage.samples["invited_group"].id,
    }


_SPECIAL: dict[str, Callable[[Stage], dict[str, Any]]] = {
    "comments.add": _in("round"),
    "intake.enter_comment": _in("round"),
    "comments.hearing": _in("round"),
    "comments.leave_hearing": _in("round"),
    "portal.hearing": lambda stage: {"slug": stage.samples["round"].phase.hearing.slug},
    "comments.sow": _in("round"),
    "comments.take_seed_back": lambda stage: {"slug": stage.samples["round"].slug, "number": 1},
    "comments.vote": _in("round"),
    "comments.organisations_of_round": _in("round"),
    "comments.invitation_letter": _organisation,
    "comments.renew_invitation": _organisation,
    "comments.revoke_invitation": _organisation,
    "comments.split_statement": _in("round"),
    "comments.remove_piece": lambda stage: {
        "slug": stage.samples["round"].slug,
        "value": stage.samples["statement"].pieces[0].number,
    },
    "comments.statement_original": _in("round"),
    "portal.statement": _in("round"),
    "portal.statement_original": _in("round"),
    "contributions.days": _in("round"),
    "engagements.arrive": _in("by_mail"),
    "engagements.ask_for_link": _in("by_mail"),
    "engagements.enter_code": _in("by_code"),
    "engagements.letters": _in("by_code"),
    "engagements.rename_group": _invited_group,
    "engagements.group_qr": _invited_group,
    "engagements.renew_group_link": _invited_group,
    "engagements.close_group": _invited_group,
    "engagements.reopen_group": _invited_group,
    "engagements.remove_group": _invited_group,
    "engagements.make_letters": _in("by_code"),
    "engagements.withdraw_letters": lambda stage: {
        "slug": stage.samples["by_code"].slug,
        "number": stage.samples["letters"].id,
    },
    "portal.choose_language": _in("round", code="en"),
    "insights.feed_indicator": lambda stage: {"number": stage.samples["indicator"].id},
    "moderation.image": lambda stage: _image(stage, 0),
    "moderation.remove_image": lambda stage: _image(stage, 0),
    "moderation.show_image": lambda stage: _image(stage, 1),
    "portal.idea_image": lambda stage: _image(stage, 0) | {"size": "klein"},
    "portal.idea_wordings": lambda stage: {"number": stage.samples["idea"].number},
    "portal.comment": _in("round"),
    "portal.comment_round": _in("round"),
    "portal.report_comment": _in("round"),
    "portal.vote_on_comments": _in("round"),
    "portal.finding": lambda stage: {"code": stage.loop.finding.code},
    "revisions.correct_finding": lambda stage: {"code": stage.loop.finding.code},
    "revisions.finding": lambda stage: {"code": stage.loop.finding.code},
    "strategy.drop_indicator": lambda stage: {"number": stage.samples["indicator"].id},
    "strategy.drop_measurement": lambda stage: {
        "number": stage.samples["indicator"].id,
        "value": stage.samples["measurement"].id,
    },
    "strategy.drop_milestone": lambda stage: {"number": stage.samples["milestone"].id},
    "strategy.edit_indicator": lambda stage: {"number": stage.samples["indicator"].id},
    "strategy.edit_milestone": lambda stage: {"number": stage.samples["milestone"].id},
    "strategy.record_measurement": lambda stage: {"number": stage.samples["indicator"].id},
    "surveys.add_question": _in("draft_survey"),
    "surveys.begin_page": _in("draft_survey", code="F2"),
    "surveys.change_question": _in("draft_survey", code="F1"),
    "intake.table_template": lambda stage: {"slug": stage.loop.call.slug, "kind": "csv"},
    "portal.results_file": _in("past", kind="csv"),
    "portal.data_file": lambda _stage: {"table": "beitraege", "kind": "json"},
    "portal.staff_ideas_file": lambda _stage: {"kind": "csv"},
    "portal.ideas_file": lambda _stage: {"kind": "csv"},
    "surveys.codebook": _in("survey"),
    "surveys.codebook_file": _in("survey", kind="xlsx"),
    "surveys.raw_answers": _in("survey"),
    "surveys.check": _in("draft_survey"),
    "surveys.correct_wording": _in("survey", code="F1"),
    "surveys.delete_question": _in("draft_survey", code="F1"),
    "surveys.duplicate_question": _in("draft_survey", code="F2"),
    "surveys.edit_page": _in("draft_survey"),
    "surveys.join_pages": _in("draft_survey"),
    "surveys.languages": _in("draft_survey"),
    "surveys.move_question": _in("draft_survey", code="F2"),
    "surveys.new_version": _in("survey"),
    "surveys.preview": _in("draft_survey"),
    "surveys.preview_form": _in("draft_survey"),
    "surveys.question_library": _in("draft_survey"),
    "surveys.translate": _in("draft_survey"),
    "surveys.mail_link": _in("survey"),
    "surveys.picture": _in("survey", code="F1"),
    "surveys.questions": _in("draft_survey"),
    "surveys.days": _in("survey"),
    "surveys.enter_slips": _in("survey"),
    "surveys.paper_form": _in("survey"),
    "surveys.print_form": _in("survey"),
    "surveys.put_deadline": _in("survey"),
    "surveys.renew_totals": _in("survey"),
    "surveys.resume": _in("survey"),
    "surveys.save": _in("survey"),
    "surveys.step": _in("survey"),
    "surveys.take_part": _in("survey"),
    "surveys.totals": _in("survey"),
}


@contextmanager
def opened(app: Flask) -> Iterator[World]:
    """Open the site with its two towns."""
    with Site.opened(app, at=NOON) as site:
        yield World(site)
