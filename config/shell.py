"""What every page shows around its content: navigation, the reader's units, the demonstration banner."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.scoping import Scope, scope_of

#: Where an entry leads, what it is called, and whether the reader may follow it.
Entry = tuple[str, str, bool]


@dataclass(frozen=True)
class NavItem:
    url: str
    label: str
    is_current: bool


def _register_entries(scope: Scope) -> list[Entry]:
    """Documents, tasks, pilots, models, statements and programmes, for who reads them."""
    reads_documents = scope.may("document.read") or scope.may("document.read_all")
    reads_tasks = scope.may("task.read") or scope.may("task.read_all")
    reads_models = scope.may("model.read") or scope.may("model.read_all")
    reads_statements = scope.may("statement.read") or scope.may("statement.read_all")
    return [
        (reverse("document_list"), _("Documents"), reads_documents),
        (reverse("task_list"), _("Tasks"), reads_tasks),
        (reverse("pilot_list"), _("Pilots"), reads_documents),
        (reverse("model_list"), _("Prevention models"), reads_models),
        (reverse("statement_list"), _("Difficulties and recommendations"), reads_statements),
        (reverse("programme_list"), _("Programmes"), reads_documents),
    ]


def _incident_entries(scope: Scope) -> list[Entry]:
    """Tips and cases, for investigators and heads of unit."""
    return [
        (reverse("tip_list"), _("Tips"), scope.may("tip.read")),
        (reverse("case_list"), _("Cases"), scope.may("case.read")),
        (reverse("incident_limits"), _("Time limits"), scope.may("tip.read")),
    ]


def _administration_entries(scope: Scope) -> list[Entry]:
    """What administrators keep for everybody: what is counted, asked, checked and printed, and for how long."""
    return [
        (reverse("people"), _("People and roles"), scope.may("people.manage")),
        (reverse("agency_list"), _("Agencies"), scope.may("agency.manage")),
        (reverse("area_list"), _("Areas"), scope.may("agency.manage")),
        (reverse("indicator_list"), _("Indicators"), scope.may("indicator.manage")),
        (reverse("form_list"), _("Forms"), scope.may("form.manage")),
        (reverse("template_list"), _("Report templates"), scope.may("template.manage")),
        (reverse("validation_rules"), _("Validation rules"), scope.may("rule.manage")),
        (reverse("limit_rules"), _("Limits of the law"), scope.may("list.write")),
        (reverse("retention_rules"), _("Keeping of data"), scope.may("list.write")),
        (reverse("special_days"), _("Working days"), scope.may("list.write")),
        (reverse("api_keys"), _("API keys"), scope.may("key.manage")),
        (reverse("condition"), _("Condition of the portal"), scope.may("people.manage")),
        (reverse("feedback_list"), _("Feedback"), scope.may("feedback.answer")),
        (reverse("factor_list"), _("Second factors"), scope.may("factor.reset")),
        (reverse("audit_list"), _("What people did"), scope.may("audit.read")),
    ]


def menu_entries(scope: Scope) -> tuple[list[Entry], list[Entry]]:
    """The main menu and the administrators' part of it, whether or not the reader may follow an entry."""
    reads_activities = scope.may("activity.read") or scope.may("activity.read_all")
    reads_owed = scope.may("obligation.read") or scope.may("obligation.read_all")
    enters_past = scope.may("submission.write") or scope.may("submission.write_past")
    sees_figures = any(scope.may(verb) for verb in ("document.read", "document.read_all", "report.read"))
    reads_reports = scope.may("report.read") or scope.may("report.read_issued")
    answers_for_exports = scope.may("case_export.ask") or scope.may("case_export.approve")
    entries = [
        (reverse("home"), _("My work"), True),
        (reverse("dashboard"), _("Dashboard"), sees_figures),
        (reverse("explore"), _("Explore figures"), sees_figures),
        (reverse("activity_list"), _("Activities"), reads_activities),
        *_register_entries(scope),
        *_incident_entries(scope),
        (reverse("victim_list"), _("Victims"), scope.may("victim.read")),
        (reverse("case_export_list"), _("Exports of case data"), answers_for_exports),
        (reverse("obligation_list"), _("Reports owed"), reads_owed),
        (reverse("past_periods"), _("Past periods"), enters_past),
        (reverse("submission_queue"), _("Waiting for acceptance"), scope.may("submission.review")),
        (reverse("report_list"), _("Reports"), reads_reports),
    ]
    return entries, _administration_entries(scope)


def _allowed(request: HttpRequest, entries: list[Entry]) -> list[NavItem]:
    """The entries that the reader may follow."""
    return [
        NavItem(url, label, request.path == url if url == "/" else request.path.startswith(url))
        for url, label, allowed in entries
        if allowed
    ]


def everybodys_entries(*, is_signed_in: bool) -> list[Entry]:
    """What anybody may read, and what anybody who is signed in may; below every page and on the sitemap."""
    return [
        (reverse("open_data"), _("Open data"), True),
        (reverse("help"), _("Help"), is_signed_in),
        (reverse("sitemap"), _("Sitemap"), is_signed_in),
        (reverse("contact"), _("Contact"), True),
        (reverse("changes"), _("Version and changes"), True),
        (reverse("preferences"), _("Display and keys"), True),
    ]


def _footer(request: HttpRequest) -> list[NavItem]:
    """What stands below every page; the link to feedback carries the name of the page's view and nothing else."""
    is_signed_in = isinstance(getattr(request, "user", None), User)
    found = _allowed(request, everybodys_entries(is_signed_in=is_signed_in))
    if is_signed_in:
        match = request.resolver_match
        page = f"?page={match.view_name}" if match and match.view_name else ""
        found.append(NavItem(reverse("feedback_new") + page, _("Feedback"), False))
    return found


def shell(request: HttpRequest) -> dict[str, Any]:
    """Navigation entries the reader may use, the names of own units, and whether the data is a demonstration."""
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {
            "nav_items": [],
            "nav_administration": [],
            "reader_units": [],
            "is_demo": settings.IS_DEMO,
            "footer_items": _footer(request),
        }
    scope = scope_of(request.user)
    entries, administration = menu_entries(scope)
    units = list(
        dict.fromkeys(f"{g.membership.agency.name} · {g.membership.area.name}" for g in scope.grants)
    )
    return {
        "nav_items": _allowed(request, entries),
        "files_offline": scope.may("activity.write"),
        "nav_administration": _allowed(request, administration),
        "reader_units": units,
        "unread": request.user.unread_notices,
        "is_demo": settings.IS_DEMO,
        "footer_items": _footer(request),
    }
