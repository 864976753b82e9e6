"""The first steps of somebody who is new: a few things of their roles, ticked off by what they really did."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import (
    Contact,
    Feedback,
    NoticeSettings,
    ReadEvent,
    Role,
    User,
)
from accounts.scoping import scope_of
from programs.models import Activity
from reporting.models import Obligation, Question, ReportJob, SavedView, Submission

#: For how long somebody counts as new.
NEW_DAYS = 60

_OWN = "whether the person's own row exists; nothing of it is shown"


@dataclass(frozen=True)
class Step:
    """One thing to try, where it is done, where the help tells how, and whether it was done."""

    label: Any
    url: str
    help_url: str
    is_done: bool


@dataclass(frozen=True)
class _Possible:
    """A step of some roles: ``done`` finds the records that tick it off."""

    code: str
    label: Any
    roles: frozenset[Role]
    page: str
    section: str
    done: Callable[[User], Any]


_UNIT = frozenset({Role.FILING_OFFICER, Role.HEAD_OF_UNIT})
_EVERYBODY = frozenset(Role)
_STEPS = (
    _Possible(
        "filed",
        _("File a first activity"),
        frozenset({Role.FILING_OFFICER}),
        "activity_new",
        "filing-officer/#file-activity",
        lambda user: Activity.objects.unscoped(_OWN).filter(filed_by=user),
    ),
    _Possible(
        "approved",
        _("Approve a first activity"),
        frozenset({Role.HEAD_OF_UNIT}),
        "activity_queue",
        "leader/#approve",
        lambda user: Activity.objects.unscoped(_OWN).filter(decided_by=user),
    ),
    _Possible(
        "opened",
        _("Look at what is due, and open a report"),
        _UNIT,
        "obligation_list",
        "filing-officer/#report",
        lambda user: Submission.objects.filter(Q(opened_by=user) | Q(submitted_by=user)),
    ),
    _Possible(
        "nil",
        _("Confirm a nil"),
        frozenset({Role.FILING_OFFICER}),
        "obligation_list",
        "filing-officer/#nil",
        lambda user: Submission.objects.filter(nil_confirmed_by=user),
    ),
    _Possible(
        "period",
        _("Open a period"),
        frozenset({Role.COORDINATOR}),
        "period_open",
        "coordinator/#open-period",
        lambda user: Obligation.objects.unscoped(_OWN).filter(opened_by=user),
    ),
    _Possible(
        "accepted",
        _("Accept a first report of a unit"),
        frozenset({Role.COORDINATOR}),
        "submission_queue",
        "coordinator/#accept",
        lambda user: Submission.objects.filter(accepted_by=user),
    ),
    _Possible(
        "made",
        _("Make a first report"),
        frozenset({Role.COORDINATOR}),
        "report_new",
        "coordinator/#make-report",
        lambda user: ReportJob.objects.unscoped(_OWN).filter(asked_by=user),
    ),
    _Possible(
        "view",
        _("Keep a view of the dashboard"),
        frozenset({Role.STEERING_MEMBER, Role.COORDINATOR}),
        "dashboard",
        "leader/#dashboard",
        lambda user: SavedView.objects.filter(user=user),
    ),
    _Possible(
        "asked",
        _("Ask a unit a question"),
        frozenset({Role.STEERING_MEMBER}),
        "question_new",
        "leader/#ask",
        lambda user: Question.objects.unscoped(_OWN).filter(asked_by=user),
    ),
    _Possible(
        "read",
        _("Open a file that is in your care"),
        frozenset({Role.CASE_WORKER}),
        "victim_list",
        "case-officer/#file",
        lambda user: ReadEvent.objects.filter(user=user),
    ),
    _Possible(
        "contact",
        _("Write down the contact of your area"),
        frozenset({Role.ADMINISTRATOR}),
        "contact",
        "administrator/#contact",
        lambda user: Contact.objects.filter(changed_by=user),
    ),
    _Possible(
        "feedback",
        _("Answer feedback"),
        frozenset({Role.ADMINISTRATOR}),
        "feedback_list",
        "administrator/#feedback",
        lambda user: Feedback.objects.filter(answered_by=user),
    ),
    _Possible(
        "notices",
        _("Choose what you hear of"),
        _EVERYBODY,
        "notice_choices",
        "filing-officer/#notices",
        lambda user: NoticeSettings.objects.filter(user=user),
    ),
)


def first_steps(user: User, now: dt.datetime) -> list[Step]:
    """The steps of a new person's roles; none for who is not new, has no role, or has done all. One query."""
    held = {grant.membership.role for grant in scope_of(user).grants}
    if not held or now - user.joined_at > dt.timedelta(days=NEW_DAYS):
        return []
    possible = [each for each in _STEPS if each.roles & held]
    marks = {each.code: Exists(each.done(user)) for each in possible}
    done: Any = User.objects.filter(pk=user.pk).values(**marks).get()
    if all(done.values()):
        return []
    return [
        Step(each.label, reverse(each.page), reverse("help") + each.section, done[each.code])
        for each in possible
    ]
