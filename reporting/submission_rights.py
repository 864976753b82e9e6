"""Who may read, write, send and review a submission, and who is asked."""

import datetime as dt
from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest

from accounts.models import Membership, Role, User
from accounts.scoping import scope_of
from accounts.together import Asked, Kept, read_together
from programs.selectors.activity import person
from programs.selectors.approval import heads_among, heads_of
from reporting.models import Obligation, Submission
from territory.models import paths_above


def get_obligation(request: HttpRequest, pk: int, *, needs: str = "read") -> Obligation:
    """The obligation with its submission, found and allowed. ``needs`` is "read", "write" or "review".

    Raises Http404 when there is none, when the person may not see it, and when the person may see it but not do
    what is needed.
    """
    user = person(request)
    related = ("form", "agency__kind", "area", "submission__submitted_by", "submission__accepted_by")
    found: Obligation | None = (
        Obligation.objects.visible_to(user)
        .select_related(*related, "submission__returned_by", "submission__nil_confirmed_by")
        .filter(pk=pk)
        .first()
    )
    may = {"read": lambda *_: True, "write": may_write, "review": may_review}[needs]
    if found is None or not may(user, found):
        raise Http404
    return found


def submission_of(obligation: Obligation) -> Submission | None:
    """The submission, or None where nobody has begun one."""
    found: Submission | None = getattr(obligation, "submission", None)
    return found


def may_write(user: User, obligation: Obligation) -> bool:
    """Own unit's officers and head; for past periods also who enters them on behalf of the units of the area."""
    scope = scope_of(user)
    if any(
        grant.reaches(obligation.agency_id, obligation.area) for grant in scope.having("submission.write")
    ):
        return True
    return obligation.is_historical and scope.may_in("submission.write_past", obligation.area)


def may_send(user: User, obligation: Obligation, heads: Sequence[User] | None = None) -> bool:
    """The head of the unit; whoever writes it where the unit has no head, and on behalf for past periods.

    ``heads`` are those of the unit, where somebody read them.
    """
    if not may_write(user, obligation):
        return False
    if heads is None:
        heads = heads_of(obligation.agency_id, obligation.area)
    is_own = any(
        grant.reaches(obligation.agency_id, obligation.area)
        for grant in scope_of(user).having("submission.write")
    )
    return not is_own or not heads or user in heads


def may_review(user: User, obligation: Obligation) -> bool:
    """Whether the person coordinates the area."""
    return scope_of(user).may_in("submission.review", obligation.area)


def reviewers_of(obligation: Obligation, today: dt.date | None = None) -> list[User]:
    """The active coordinators of the area. One query."""
    return heads_among(*read_together(held_by_reviewers(obligation, today)))


def held_by_reviewers(obligation: Obligation, today: dt.date | None = None) -> Asked:
    """The memberships of the active coordinators of the area, by name."""
    return _held_by_reviewers(today or dt.date.today(), tuple(paths_above(obligation.area.path)))


_held_by_reviewers = Kept(
    lambda today, above: (
        Membership.objects.valid_on(today)
        .filter(role=Role.COORDINATOR, user__is_active=True, area__path__in=above)
        .select_related("user")
        .order_by("user__full_name", "user_id")
    )
)


def people_of(obligation: Obligation, today: dt.date | None = None) -> list[User]:
    """The filing officers and heads of the unit. One query."""
    held = (
        Membership.objects.valid_on(today or dt.date.today())
        .filter(
            agency=obligation.agency_id,
            role__in=[Role.FILING_OFFICER, Role.HEAD_OF_UNIT],
            user__is_active=True,
            area__path__in=paths_above(obligation.area.path),
        )
        .select_related("user")
    )
    return list({membership.user_id: membership.user for membership in held}.values())


def sent_before(form: str, agency: int, area: int, start: dt.date) -> "QuerySet[Submission]":
    """What a unit sent of a form for the newest period before a day: one submission, or none."""
    return (
        Submission.objects.filter(
            ~Q(first_submitted_at=None),
            obligation__form__code=form,
            obligation__agency=agency,
            obligation__area=area,
            obligation__period_end__lt=start,
        )
        .select_related("obligation")
        .order_by("-obligation__period_end")[:1]
    )


def sent_for(form: str, agency: int, area: int, start: dt.date, end: dt.date) -> "QuerySet[Submission]":
    """What a unit sent of a form for a period: one submission, or none."""
    return Submission.objects.filter(
        ~Q(first_submitted_at=None),
        obligation__form__code=form,
        obligation__agency=agency,
        obligation__area=area,
        obligation__period_start=start,
        obligation__period_end=end,
    )
