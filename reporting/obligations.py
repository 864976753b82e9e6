"""What a person may read of obligations, and how each of them stands, in one word."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.scoping import scope_of
from reporting.models import Form, Obligation, ObligationState, SubmissionState
from reporting.services.obligations import may_manage
from territory.models import Area

READING_VERBS = ("obligation.read", "obligation.read_all")
#: States in which something is still to be sent.
OPEN_STATES = (
    ObligationState.NOT_DUE,
    ObligationState.MISSING,
    ObligationState.DRAFT,
    ObligationState.RETURNED,
)

_WORDS: dict[str, Any] = {
    ObligationState.NOT_DUE: _("not due yet"),
    ObligationState.MISSING: _("not reported"),
    ObligationState.DRAFT: _("draft"),
    ObligationState.SUBMITTED: pgettext_lazy("submission", "submitted"),
    ObligationState.RETURNED: _("returned"),
    ObligationState.ACCEPTED: _("accepted"),
    ObligationState.EXCUSED: _("excused"),
}
#: One or two letters of a cell, where there is no room for a word.
_LETTERS: dict[str, Any] = {
    ObligationState.NOT_DUE: pgettext_lazy("letter of a state", "–"),
    ObligationState.MISSING: pgettext_lazy("letter of a state", "M"),
    ObligationState.DRAFT: pgettext_lazy("letter of a state", "D"),
    ObligationState.SUBMITTED: pgettext_lazy("letter of a state", "S"),
    ObligationState.RETURNED: pgettext_lazy("letter of a state", "R"),
    ObligationState.ACCEPTED: pgettext_lazy("letter of a state", "A"),
    ObligationState.EXCUSED: pgettext_lazy("letter of a state", "X"),
}
_NIL_WORDS: dict[str, Any] = {
    ObligationState.DRAFT: _("nothing to report, draft"),
    ObligationState.SUBMITTED: _("nothing to report, submitted"),
    ObligationState.RETURNED: _("nothing to report, returned"),
    ObligationState.ACCEPTED: _("nothing to report, accepted"),
}
_NIL_LETTER = pgettext_lazy("letter of a state", "N")


@dataclass(frozen=True)
class Standing:
    """Where an obligation stands, as badges and cells show it. ``shape`` is the badge's own."""

    state: str
    is_nil: bool = False
    is_late: bool = False

    @classmethod
    def of(cls, obligation: Any) -> "Standing":
        """That of an obligation read ``with_state()`` and with its submission."""
        submission = getattr(obligation, "submission", None)
        return cls(obligation.stands, bool(submission and submission.is_nil), obligation.is_late)

    @property
    def shape(self) -> str:
        is_said = self.state in (ObligationState.SUBMITTED, ObligationState.ACCEPTED)
        return "nil" if self.is_nil and is_said else self.state

    @property
    def word(self) -> Any:
        return _NIL_WORDS[self.state] if self.is_nil and self.state in _NIL_WORDS else _WORDS[self.state]

    @property
    def letter(self) -> Any:
        return _NIL_LETTER if self.shape == "nil" else _LETTERS[self.state]

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


def legend() -> list[Standing]:
    """Every standing a cell may have, for the key of a table."""
    return [
        *(Standing(state.value) for state in ObligationState),
        Standing(ObligationState.ACCEPTED.value, is_nil=True),
    ]


def may_read_obligations(user: User) -> bool:
    return any(scope_of(user).may(verb) for verb in READING_VERBS)


def visible_obligations(user: User) -> Any:
    """The obligations a person may see, with their states and all that names them."""
    return (
        Obligation.objects.visible_to(user)
        .with_state()
        .select_related("form", "agency__kind", "area", "submission")
        .defer("agency__search_text", "area__search_text")
    )


def get_obligation(request: HttpRequest, pk: int, *, needs: str = "read") -> Any:
    """The obligation, found and allowed, with its state; ``needs`` is "read" or "manage".

    Raises Http404 when there is none, when the person may not see it, and when the person may see but not manage it.
    """
    user = request.user
    assert isinstance(user, User)
    found = visible_obligations(user).select_related("excused_by", "opened_by").filter(pk=pk).first()
    if found is None or (needs == "manage" and not may_manage(user, found.area)):
        raise Http404
    return found


def files_for(user: User, obligation: Obligation) -> bool:
    """Whether the report is one of the person's own unit."""
    grants = scope_of(user).having("obligation.read")
    return any(grant.reaches(obligation.agency_id, obligation.area) for grant in grants)


def read_areas(user: User) -> list[Area]:
    """The areas whose obligations the person reads: those of the memberships that give it."""
    scope = scope_of(user)
    return list(
        {grant.area.pk: grant.area for verb in READING_VERBS for grant in scope.having(verb)}.values()
    )


def managed_areas(user: User) -> list[Area]:
    """The areas in which the person opens periods."""
    return list({grant.area.pk: grant.area for grant in scope_of(user).having("obligation.manage")}.values())


def forms_of(user: User) -> list[Form]:
    """The forms that units whose obligations the person reads owe. One query."""
    owed = Obligation.objects.visible_to(user).order_by().values("form")
    return list(Form.objects.filter(code__in=owed))


def days_left(obligation: Obligation, today: dt.date) -> int:
    """Days until it is due; below zero once it is late."""
    return (obligation.due_on - today).days


def waiting_for_acceptance(user: User) -> Any:
    """What units have sent that the person accepts or returns."""
    return (
        Obligation.objects.visible_to(user)
        .filter(scope_of(user).rows(every="obligation.manage"), submission__state=SubmissionState.SUBMITTED)
        .owed()
    )
