"""Correcting an issued report by a numbered revision, and telling when its figures have changed since."""

from collections.abc import Iterator
from typing import Any

import pghistory
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from accounts.models import AuditEvent, Notice, User
from accounts.notices import notify
from accounts.scoping import scope_of
from accounts.services import record_event
from programs.services.refusals import TransitionNotAllowed
from reporting.building.context import Building
from reporting.figures import answer
from reporting.models import Indicator, Report, ReportDraft
from reporting.services.approval import judged_text, reviewers_of
from territory.period import stored_period

LONGEST_REASON = 500


def start_revision(*, report: Report, actor: User, reason: str) -> ReportDraft:
    """Begin a revision of an issued report: a draft with the same texts, to be made with the figures of now.

    A revision that is already being drafted is given back. Raises PermissionDenied for whoever does not draft
    reports of the area, TransitionNotAllowed when the report is not the current issue, ValidationError by field.
    """
    reason = judged_text("reason", reason, LONGEST_REASON, is_required=True)
    if not scope_of(actor).may_in("report.make", report.area):
        raise PermissionDenied("the actor does not draft reports of this area")
    with transaction.atomic(), pghistory.context(user=actor.pk):
        current: Report = (
            Report.objects.unscoped("locked here; the actor was judged above")
            .select_for_update(of=("self",))
            .select_related("draft", "area")
            .get(pk=report.pk)
        )
        if current.state != Report.State.ISSUED or current.draft is None:
            raise TransitionNotAllowed(_("Only the current issue of a report can be revised."))
        begun = revision_begun(current)
        if begun is not None:
            return begun
        before = current.draft
        draft: ReportDraft = ReportDraft.objects.create(
            kind=before.kind,
            area=before.area,
            period_code=before.period_code,
            period_rule=before.period_rule,
            map_basis=before.map_basis,
            template=before.template,
            pilot=before.pilot,
            document=before.document,
            content=before.content,
            revises=current,
            revision_reason=reason,
            made_by=actor,
            is_demo=before.is_demo,
        )
        record_event(
            actor=actor,
            kind=AuditEvent.Kind.REPORT_STEP,
            about=f"reporting.reportdraft:{draft.pk}",
            detail={"step": "revise", "report": report.pk},
        )
    return draft


def revision_begun(report: Report) -> ReportDraft | None:
    """The revision of an issued report that is being worked on, for who may see the report."""
    ended = [ReportDraft.State.ABANDONED, ReportDraft.State.ISSUED]
    drafts = ReportDraft.objects.unscoped("the drafts that revise a report the caller may see")
    begun: ReportDraft | None = drafts.filter(revises=report).exclude(state__in=ended).first()
    return begun


def look_for_drift() -> int:
    """Compare the figures of every current issue with what the portal answers now.

    What differs is kept with the report, and whoever reviews reports of the area is told once for each new state.
    The issued report itself does not change. Returns how many reports have drifted.
    """
    count = 0
    current = Report.objects.unscoped("every issued report is held against the figures of now")
    for report in current.filter(state=Report.State.ISSUED).select_related("area").iterator(chunk_size=50):
        with override("vi"):
            moved = list(_moved(report))
        is_news = moved != report.drifted
        current.filter(pk=report.pk).update(drifted=moved, drift_checked_at=timezone.now())
        count += bool(moved)
        if moved and is_news:
            _tell(report, moved)
    return count


def _moved(report: Report) -> Iterator[dict[str, str]]:
    """The figures of the snapshot whose answer is another now."""
    rule = report.snapshot["period"]["rule"]
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for figure in report.snapshot["figures"].values():
        if figure["area"] != report.area.code:
            continue
        part = next(iter(figure["by"].values()), "")
        groups.setdefault((figure["period"], part), []).append(figure)
    indicators = {found.code: found for found in Indicator.objects.valid_on(report.period_end)}
    for (code, part), figures in groups.items():
        asked = [indicators[f["indicator"]] for f in figures if f["indicator"] in indicators]
        found = answer(asked, area=report.area, period=stored_period(code, rule), part=part)
        for figure in figures:
            now = found.get(figure["indicator"])
            printed = Building.printed(now) if now is not None else ""
            if printed != figure["printed"]:
                yield {"what": figure["name"], "period": code, "before": figure["printed"], "after": printed}


def _tell(report: Report, moved: list[dict[str, str]]) -> None:
    with override("vi"):
        name = str(report)
    notify(
        people=reviewers_of(report.area),
        kind=Notice.REPORT_DRIFTED,
        key=f"report:{report.pk}:drift:{timezone.localdate():%Y%m%d}",
        url=reverse("report_detail", args=[report.key]),
        about={"record": name, "number": str(len(moved))},
    )
