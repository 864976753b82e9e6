"""“Việc của tôi”: what a person has to do next, each a click away."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Window
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import FormDraft, User
from accounts.scoping import scope_of
from accounts.together import read_together
from accounts.visits import note_visit, put_first_steps_away
from programs.models import Activity
from programs.selectors.statement import recommendations_to_answer
from programs.selectors.task import AssignmentRow, own_open_assignments
from reporting.changes import changes_since
from reporting.first_steps import first_steps
from reporting.models import (
    ApprovalStep,
    Obligation,
    Question,
    Report,
    ReportDraft,
    ReportJob,
    SubmissionState,
)
from reporting.obligations import waiting_for_acceptance
from reporting.reminders import IS_UNSENT

#: How many rows each list of the home page shows.
SHOWN = 8


@dataclass(frozen=True)
class Owed:
    """An obligation as the home page shows it."""

    obligation: Obligation
    is_late: bool
    is_returned: bool
    days: int

    @classmethod
    def of(cls, obligation: Obligation, today: dt.date) -> "Owed":
        state = getattr(getattr(obligation, "submission", None), "state", "")
        return cls(
            obligation,
            is_late=obligation.due_on < today,
            is_returned=state == SubmissionState.RETURNED,
            days=abs((obligation.due_on - today).days),
        )


@dataclass(frozen=True)
class OwedCounts:
    """How much a person's units owe within a month: in all, late, returned, and due but neither."""

    all: int
    late: int
    returned: int

    @classmethod
    def of(cls, shown: list[Any]) -> "OwedCounts":
        """The counts that each of the obligations shown tells."""
        if not shown:
            return cls(0, 0, 0)
        return cls(shown[0].in_all, shown[0].late_in_all, shown[0].returned_in_all)

    @property
    def due(self) -> int:
        return self.all - self.late - self.returned


@dataclass(frozen=True)
class Glance:
    """A line at the top of the page: how many of something there are, and the part of the page that names them."""

    part: str
    label: str
    count: int
    shape: str


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    user = request.user
    assert isinstance(user, User)
    scope = scope_of(user)
    now = timezone.now()
    before, knows_first_steps = note_visit(user=user, now=now)
    may_file = scope.may("activity.write")
    reads_tasks = scope.may("task.read")
    sees_activities = may_file or scope.may("activity.read") or scope.may("activity.read_all")
    may_approve = scope.may("activity.approve")
    sees_reports = scope.may("report.read") or scope.may("report.read_issued")
    gathers = scope.may("obligation.manage")
    seen = Activity.objects.visible_to(user).select_related("agency", "area")
    jobs = ReportJob.objects.visible_to(user).filter(asked_by=user).still_of_interest()
    reports = Report.objects.visible_to(user).select_related("area").defer("snapshot")
    (
        drafts,
        notices,
        obligations,
        waiting,
        returned,
        recent,
        jobs_shown,
        reports_shown,
        assignments,
        asked,
        papers,
        questions,
        late_units,
        waiting_units,
    ) = read_together(
        # Those that are removed soon come first, so that they are seen however many there are.
        FormDraft.objects.filter(user=user).order_by(F("warned_at").asc(nulls_last=True), "-saved_at")[
            :SHOWN
        ],
        user.notifications.filter(read_at=None)[:SHOWN],
        _owed(user),
        _counted(Activity.objects.waiting_for(user).order_by("submitted_at", "pk"), may_approve),
        _counted(Activity.objects.returned_to(user).order_by("-decided_at", "-pk"), may_file),
        _shown(seen.order_by("-updated_at"), sees_activities),
        _shown(jobs.select_related("area"), sees_reports),
        _shown(reports, sees_reports),
        _shown(own_open_assignments(user), reads_tasks),
        _shown(recommendations_to_answer(user), scope.may("statement.answer")),
        _shown(_papers(user), scope.may("report.review") or scope.may("report.sign")),
        _shown(_questions(user), scope.may("question.answer")),
        _shown(_late_units(user), gathers),
        _shown(waiting_for_acceptance(user).order_by("pk").annotate(in_all=Window(Count("pk"))), gathers),
    )
    today = dt.date.today()
    owed = [Owed.of(each, today) for each in obligations]
    owed_counts = OwedCounts.of(obligations)
    waiting_count, returned_count = _in_all(waiting), _in_all(returned)
    tasks = [AssignmentRow.of(each, today) for each in assignments]
    gathering = Gathering(_in_all(waiting_units), _in_all(late_units), late_units) if gathers else None
    glance = [
        Glance("owed", _("Late"), owed_counts.late, "late"),
        Glance("owed", _("Due within a month"), owed_counts.due, "due"),
        Glance("owed", _("Reports returned"), owed_counts.returned, "returned"),
        Glance("returned", _("Activities returned"), returned_count, "returned"),
        Glance("waiting", _("Waiting for my approval"), waiting_count, "submitted"),
        Glance("gathering", _("Waiting for acceptance"), gathering.waiting if gathering else 0, "submitted"),
        Glance("gathering", _("Late units"), gathering.late if gathering else 0, "late"),
        Glance("papers", _("To review or sign"), len(papers), "submitted"),
        Glance("tasks", _("Open tasks"), len(tasks), "running"),
        Glance("asked", _("To answer"), len(asked), "due"),
        Glance("questions", _("Questions to answer"), len(questions), "due"),
        Glance("drafts", _("My drafts"), len(drafts), "draft"),
        Glance("notices", _("Unread notices"), len(notices), "running"),
    ]
    return render(
        request,
        "reporting/home.html",
        {
            "first_steps": [] if knows_first_steps else first_steps(user, now),
            "glance": [each for each in glance if each.count],
            "most": SHOWN,
            "notices": notices,
            "before": before,
            "changes": changes_since(user, before, SHOWN) if before else [],
            "papers": papers,
            "sees_figures": any(map(scope.may, ("document.read", "document.read_all", "report.read"))),
            "owed": owed,
            "owed_count": owed_counts.all,
            "gathering": gathering,
            "sees_obligations": scope.may("obligation.read") or scope.may("obligation.read_all"),
            "tasks": tasks,
            "reads_tasks": reads_tasks,
            "may_approve": may_approve,
            "waiting": waiting,
            "waiting_count": waiting_count,
            "returned": returned,
            "returned_count": returned_count,
            "asked": asked,
            "questions": questions,
            "drafts": drafts,
            "may_file": may_file,
            "recent": recent,
            "sees_activities": sees_activities,
            "may_report": scope.may("report.make"),
            "sees_reports": sees_reports,
            "jobs": jobs_shown,
            "reports": reports_shown,
            "roles": list(dict.fromkeys(grant.membership.get_role_display() for grant in scope.grants)),
        },
    )


@require_POST
def first_steps_away(request: HttpRequest) -> HttpResponse:
    """Put the list of first steps away, for good."""
    assert isinstance(request.user, User)
    put_first_steps_away(user=request.user)
    return redirect("home")


def _shown(rows: Any, is_for_reader: bool) -> Any:
    """The first few of the rows; none where the page shows the reader no such list."""
    return rows[:SHOWN] if is_for_reader else rows.none()


def _counted(activities: Any, is_for_reader: bool) -> Any:
    """The first few activities, each with how many there are in all."""
    counted = activities.select_related("agency", "area").annotate(in_all=Window(Count("pk")))
    return _shown(counted.defer("narrative"), is_for_reader)


def _in_all(rows: list[Any]) -> int:
    return int(rows[0].in_all) if rows else 0


@dataclass(frozen=True)
class Gathering:
    """What somebody who gathers reports has to look at: how many wait, and which units are late."""

    waiting: int
    late: int
    late_units: list[Obligation]


def _late_units(user: User) -> Any:
    """What units of the person's area owe since a day that has passed, each with how many there are in all."""
    return (
        Obligation.objects.visible_to(user)
        .owed()
        .filter(
            IS_UNSENT,
            scope_of(user).rows(every="obligation.manage"),
            is_historical=False,
            due_on__lt=dt.date.today(),
        )
        .select_related("form", "agency", "area")
        .annotate(in_all=Window(Count("pk")))
        .order_by("due_on", "area__sort_key", "pk")
    )


def _questions(user: User) -> Any:
    """What the person's units are asked and have not answered, the most urgent first."""
    own = Question.objects.visible_to(user).filter(
        scope_of(user).rows(own="question.answer"), state=Question.State.OPEN
    )
    return own.select_related("agency").order_by("due_on", "pk")


def _papers(user: User) -> Any:
    """Drafts of reports that wait for the person's review or signature, each with the report to be read."""
    scope = scope_of(user)
    to_review = Q(state=ReportDraft.State.IN_REVIEW) & scope.rows(every="report.review")
    to_sign = Q(state=ReportDraft.State.REVIEWED) & scope.rows(every="report.sign")
    sent = ApprovalStep.objects.filter(
        draft=OuterRef("pk"), draft_version=OuterRef("version"), step=ApprovalStep.Step.SENT
    )
    found = ReportDraft.objects.visible_to(user).filter(to_review | to_sign).select_related("area")
    told = found.annotate(
        is_own=Exists(sent.filter(by=user)), to_read=Subquery(sent.order_by("-pk").values("report__key")[:1])
    )
    return told.defer("content").order_by("changed_at")


def _owed(user: User) -> Any:
    """What is late, returned or due within a month, the most urgent first, each with how much there is in all."""
    today = dt.date.today()
    own = scope_of(user).rows(own="obligation.read")
    mine = own if scope_of(user).may("obligation.read") else Q()
    returned = Q(submission__state=SubmissionState.RETURNED)
    return (
        Obligation.objects.visible_to(user)
        .owed()
        .filter(mine, IS_UNSENT, due_on__lte=today + dt.timedelta(days=31))
        .select_related("form", "agency", "area", "submission")
        .annotate(
            in_all=Window(Count("pk")),
            late_in_all=Window(Count("pk", filter=Q(due_on__lt=today) & ~returned)),
            returned_in_all=Window(Count("pk", filter=returned)),
        )
        .order_by("due_on", "area__sort_key")[:SHOWN]
    )
