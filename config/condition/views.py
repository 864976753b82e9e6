"""The page on which administrators see how the portal is."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import AuditEvent, CheckRun, User
from accounts.scoping import scope_of
from config.condition.archiving import MAY_BE_LOST
from config.condition.figures import figures_now
from config.health import look_at_parts

#: How many runs and backups the page names.
SHOWN = 7
#: From when on something is late, in seconds.
_LATE = {"jobs": 300, "marks": 60, "seal": 600, "backup": 26 * 3600, "check": 26 * 3600, "drill": 8 * 86400}


@require_safe
def condition(request: HttpRequest) -> HttpResponse:
    """The parts the portal needs, what waits, the nightly checks, the backups."""
    assert isinstance(request.user, User)
    if not scope_of(request.user).may("people.manage"):
        raise PermissionDenied
    now = figures_now(timezone.localdate())
    backups = AuditEvent.objects.filter(kind=AuditEvent.Kind.BACKED_UP).order_by("-pk")[:SHOWN]
    runs = list(CheckRun.objects.order_by("-pk")[:SHOWN])
    context = {
        "parts": look_at_parts(),
        "now": now,
        "is_late": {
            "jobs": (now.oldest_job_seconds or 0) > _LATE["jobs"],
            "marks": (now.oldest_mark_seconds or 0) > _LATE["marks"],
            "seal": now.last_seal_seconds is not None and now.last_seal_seconds > _LATE["seal"],
            "backup": now.last_backup_seconds is None or now.last_backup_seconds > _LATE["backup"],
            "drill": now.last_drill_seconds is None or now.last_drill_seconds > _LATE["drill"],
            "archive": (now.archive_late_seconds or 0) > MAY_BE_LOST,
            "check": now.last_check_seconds is None or now.last_check_seconds > _LATE["check"],
        },
        "runs": runs,
        "findings": runs[0].findings if runs else [],
        "backups": backups,
        "crumbs": [{"label": _("My work"), "url": reverse("home")}, {"label": _("Condition of the portal")}],
    }
    return render(request, "condition.html", context)
