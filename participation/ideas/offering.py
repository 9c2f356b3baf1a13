"""Say in an idea's form what its call offers: elements to choose, and whether it asks where."""

from __future__ import annotations

from collections.abc import Sequence

from participation.accounts import access
from participation.engagements.queries import NamedElement, elements_about
from participation.ideas import fitting
from participation.ideas.carried import MOST_CARRIED
from participation.ideas.forms import CallParts
from participation.ideas.models import IdeaCall
from participation.ideas.policy import LARGEST_IMAGE, MOST_IMAGES
from participation.web.bounds import takes_files
from participation.web.extensions import db
from participation.web.maps import our_area

# More than an image may have: the photograph of a good camera is refused at the field, in words.
LARGEST_FILE = 20 * 1024 * 1024

takes_images = takes_files(MOST_IMAGES * LARGEST_FILE, allowed=LARGEST_IMAGE, carried=MOST_CARRIED)


def offer_parts(form: CallParts, call: IdeaCall) -> Sequence[NamedElement]:
    """Fill in what a call offers; return its elements."""
    offered = elements_about(db.session(), call.id)
    form.offer_elements(offered, fitting.action_fields_of(db.session(), offered))
    form.ask_for_place(call.asks_place, kind=access.here().kind.value, area=our_area())
    return offered
