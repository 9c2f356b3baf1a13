"""The path of a contribution in words: the steps that the path component takes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from participation.revisions.models import Disposition
from participation.revisions.steps import Stage, Step, StepState
from participation.strategy.models import ProgressState
from participation.web.filters import label, local_date, percent

Row = dict[str, Any]


def path_rows(steps: Iterable[Step]) -> list[Row]:
    """Return the steps as the component takes them."""
    return [
        {
            "label": _words(step),
            "detail": local_date(step.on),
            "state": step.state.value,
            "href": _address(step),
        }
        for step in steps
    ]


def mini_text(steps: Sequence[Step]) -> str | None:
    """Return what stands beside the dots where it is no plain count; None for the count."""
    reached = [step for step in steps if step.state is not StepState.TODO]
    last = reached[-1]
    if last.state is StepState.ENDED or (last.state is StepState.DONE and last is steps[-1]):
        return str(_("abgeschlossen"))
    if last.stage is Stage.ANSWERED and last.disposition is Disposition.DEFERRED:
        return str(_("ruht bei Schritt %(step)s", step=len(reached)))
    return None


def finding_address(code: str) -> str:
    """Return the permanent address of a finding."""
    return url_for("portal.finding", code=code)


def _words(step: Step) -> str:
    if step.state is StepState.TODO:
        return str(_ahead(step.stage))
    if step.stage is Stage.IN_FINDING:
        return str(_("in Erkenntnis %(code)s", code=step.finding))
    if step.stage is Stage.ANSWERED:
        return str(_("beantwortet: %(disposition)s", disposition=label(step.disposition)))
    if step.stage is Stage.IN_VERSION:
        return str(_("in Fassung %(number)s", number=step.version))
    if step.stage is Stage.PROGRESS:
        return _progress(step)
    return str(_reached(step.stage))


def _ahead(stage: Stage) -> str:
    words = {
        Stage.IN_FINDING: _("in einer Erkenntnis"),
        Stage.ANSWERED: _("beantwortet"),
        Stage.IN_VERSION: _("in der Strategie"),
        Stage.PROGRESS: _("umgesetzt"),
    }
    return str(words[stage])


def _reached(stage: Stage) -> str:
    words = {
        Stage.RECEIVED: _("eingegangen"),
        Stage.IN_REVIEW: _("wird geprüft"),
        Stage.PUBLISHED: _("veröffentlicht"),
        Stage.REJECTED: _("nicht veröffentlicht"),
        Stage.HIDDEN: _("ausgeblendet"),
        Stage.WITHDRAWN: _("zurückgezogen"),
    }
    return str(words[stage])


def _progress(step: Step) -> str:
    if step.progress is ProgressState.STOPPED:
        return str(_("%(code)s beendet", code=step.element))
    if step.progress is ProgressState.NOT_STARTED:
        return str(_("%(code)s noch nicht begonnen", code=step.element))
    return str(
        _(
            "%(code)s zu %(percent)s umgesetzt",
            code=step.element,
            percent=percent(step.percent or 0),
        )
    )


def _address(step: Step) -> str | None:
    if step.state is StepState.TODO:
        return None
    if step.stage in {Stage.IN_FINDING, Stage.ANSWERED}:
        return finding_address(step.finding)
    if step.stage is Stage.IN_VERSION:
        return url_for("portal.version", number=step.version)
    if step.stage is Stage.PROGRESS:
        return url_for("portal.element", code=step.element)
    return None
