"""From a draft to a signed report: sent for review, sent back, reviewed, signed by name and title.

Who reviews and signs reads the very file that is issued later: a step names the report that was made of the draft's
present version. Nobody reviews what he sent himself while there is somebody else to do it.
"""

from collections.abc import Mapping
from typing import Any

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.changing import ChangedMeanwhile
from accounts.models import AuditEvent, Membership, Notice, Role, User
from accounts.notices import notify
from accounts.scoping import scope_of
from accounts.services import record_event
from programs.services.refusals import TransitionNotAllowed
from reporting.models import ApprovalStep, Report, ReportDraft, ReportJob, ReportTemplate
from reporting.services.jobs import JOBS
from reporting.services.numbers import new_code, next_number
from territory.models import Area, Duty
from territory.text import control_characters, normalise

State = ReportDraft.State
Step = ApprovalStep.Step

#: From which state each step leads where. A step that is not listed cannot be taken.
TRANSITIONS: Mapping[str, Mapping[str, str]] = {
    State.DRAFTING: {"send": State.IN_REVIEW},
    State.IN_REVIEW: {"send_back": State.DRAFTING, "review": State.REVIEWED},
    State.REVIEWED: {"send_back": State.DRAFTING, "sign": State.SIGNED},
    State.SIGNED: {"issue": State.ISSUED},
}

_NOT_NOW: Mapping[str, Any] = {
    State.DRAFTING: _("It is still being drafted."),
    State.IN_REVIEW: _("It is being reviewed."),
    State.REVIEWED: _("It was reviewed already and is to be signed."),
    State.SIGNED: _("It was signed already and is being issued."),
    State.ISSUED: _("It was issued already."),
    State.ABANDONED: _("This draft was given up."),
}
_NOTHING_TO_READ = _("Make the report of this version first: it is what is read and signed.")
_ANOTHER = _("You sent it for review yourself, so another person reviews it.")

LONGEST_NOTE = 1000
LONGEST_NAME = 160


def adopt_report(*, report: Report, actor: User) -> ReportDraft:
    """Take a report that was made on its own as a working copy, so that it can be edited, reviewed and signed.

    A report that already belongs to a draft gives that one. Raises PermissionDenied for whoever does not draft
    reports of its area.
    """
    _require(actor, "report.make", report.area)
    with transaction.atomic(), pghistory.context(user=actor.pk):
        current: Report = (
            Report.objects.unscoped("locked here; the actor was judged above")
            .select_for_update(of=("self",))
            .select_related("draft", "area")
            .get(pk=report.pk)
        )
        if current.draft is not None:
            return current.draft
        if current.state != Report.State.DRAFT:
            raise TransitionNotAllowed(_NOT_NOW[State.ISSUED])
        used = current.snapshot["template"]
        fits = ReportTemplate.objects.filter(code=used["code"], version=used["version"])
        template = fits.filter(level__in=["", current.area.level]).order_by("level").last()
        if template is None:
            raise ValidationError(_("The template of this report is no longer there. Make the report anew."))
        draft: ReportDraft = ReportDraft.objects.create(
            kind=current.kind,
            area=current.area,
            period_code=current.period_code,
            period_rule=current.snapshot["period"]["rule"],
            map_basis=current.map_basis,
            template=template,
            made_by=actor,
            is_demo=current.is_demo,
        )
        current.draft, current.draft_version = draft, draft.version
        current.save(update_fields=["draft", "draft_version"])
    return draft


def report_to_read(draft: ReportDraft) -> Report | None:
    """The newest report made of the draft as it is now: what a reviewer reads and a leader signs."""
    made = Report.objects.unscoped("the report of a draft the caller may see")
    found: Report | None = (
        made.filter(draft=draft, draft_version=draft.version).select_related("area").order_by("-pk").first()
    )
    return found


def send_for_review(*, draft: ReportDraft, actor: User, version: int, note: str = "") -> ReportDraft:
    """Ask for a review of the draft as it is.

    Raises PermissionDenied, TransitionNotAllowed (also when no report of this version was made), ChangedMeanwhile,
    ValidationError by field.
    """
    note = judged_text("note", note, LONGEST_NOTE, is_required=False)
    with transaction.atomic(), pghistory.context(user=actor.pk):
        current = _locked(draft)
        _require(actor, "report.make", current.area)
        _check(current, "send", version)
        report = report_to_read(current)
        if report is None:
            raise TransitionNotAllowed(_NOTHING_TO_READ)
        _take(current, "send", Step.SENT, actor, report, note=note)
        _tell(reviewers_of(current.area), current, report, Notice.REPORT_TO_REVIEW, but=actor)
    return current


def send_back(*, draft: ReportDraft, actor: User, version: int, note: str) -> ReportDraft:
    """Give the draft back to be changed, with a reason. Raises as `review_draft` does."""
    note = judged_text("note", note, LONGEST_NOTE, is_required=True)
    with transaction.atomic(), pghistory.context(user=actor.pk):
        current = _locked(draft)
        _require(actor, "report.review", current.area)
        _check(current, "send_back", version)
        report = report_to_read(current)
        _take(current, "send_back", Step.SENT_BACK, actor, report, note=note)
        drafters = [step.by for step in current.steps.filter(step=Step.SENT).select_related("by")]
        drafters += [current.made_by] if current.made_by else []
        _tell(drafters, current, report, Notice.REPORT_SENT_BACK, but=actor)
    return current


def review_draft(*, draft: ReportDraft, actor: User, version: int, note: str = "") -> ReportDraft:
    """Find the draft right, so that it can be signed.

    Raises PermissionDenied for whoever does not review reports of the area, TransitionNotAllowed when it does not
    wait or is the actor's own and somebody else could review it, ChangedMeanwhile, ValidationError by field.
    """
    note = judged_text("note", note, LONGEST_NOTE, is_required=False)
    with transaction.atomic(), pghistory.context(user=actor.pk):
        current = _locked(draft)
        _require(actor, "report.review", current.area)
        _check(current, "review", version)
        if is_left_to_another(current, actor):
            raise TransitionNotAllowed(_ANOTHER)
        report = report_to_read(current)
        _take(current, "review", Step.REVIEWED, actor, report, note=note)
        _tell(reviewers_of(current.area), current, report, Notice.REPORT_TO_REVIEW, but=actor)
    return current


def sign_draft(
    *, draft: ReportDraft, actor: User, version: int, signer_name: str, signer_title: str
) -> ReportJob:
    """Sign the reviewed report by name and title: it gets the next number of its book, and a job issues it.

    The number stays with the report however often issuing is tried. Raises PermissionDenied for whoever does not
    sign for the area, TransitionNotAllowed, ChangedMeanwhile, ValidationError by field.
    """
    name = judged_text("signer_name", signer_name, LONGEST_NAME, is_required=True)
    title = judged_text("signer_title", signer_title, LONGEST_NAME, is_required=True)
    today = timezone.localdate()
    with transaction.atomic(), pghistory.context(user=actor.pk):
        current = _locked(draft)
        _require(actor, "report.sign", current.area)
        _check(current, "sign", version)
        report = report_to_read(current)
        if report is None:
            raise TransitionNotAllowed(_NOTHING_TO_READ)
        _take(current, "sign", Step.SIGNED, actor, report, name=name, title=title)
        report.symbol = report.snapshot["document"]["symbol"]
        report.number = next_number(report.area, report.symbol, today.year)
        report.issued_on, report.issued_by = today, actor
        report.signer_name, report.signer_title = name, title
        report.code = new_code()
        if current.revises is not None:
            report.revises, report.revision = current.revises, current.revises.revision + 1
        report.save()
        job: ReportJob = ReportJob.objects.create(
            kind=report.kind,
            area=report.area,
            period_code=report.period_code,
            period_rule=current.period_rule,
            map_basis=report.map_basis,
            draft=current,
            issues=report,
            asked_by=actor,
        )
        transaction.on_commit(lambda: JOBS.send(job))
    return job


def steps_open_to(draft: ReportDraft, user: User) -> set[str]:
    """The steps this person could take now."""
    scope, found = scope_of(user), set()
    verbs = {"send": "report.make", "sign": "report.sign"}
    for step in TRANSITIONS.get(draft.state, {}):
        if step != "issue" and scope.may_in(verbs.get(step, "report.review"), draft.area):
            found.add(step)
    if "review" in found and is_left_to_another(draft, user):
        found.discard("review")
    return found


def is_left_to_another(draft: ReportDraft, user: User) -> bool:
    """Whether the person sent the draft for review himself and somebody else could review it."""
    sent = draft.steps.filter(step=Step.SENT).order_by("-pk").first()
    return (
        sent is not None and sent.by_id == user.pk and len({who.pk for who in reviewers_of(draft.area)}) > 1
    )


def reviewers_of(area: Area) -> list[User]:
    """Who reviews and signs reports of an area: its coordinators, and the heads of its standing agency."""
    ends = [place for place, character in enumerate(area.path, start=1) if character == "/"]
    around = [area.path[:end] for end in ends]
    heads = Q(role=Role.HEAD_OF_UNIT, agency__duties__duty=Duty.STANDING)
    held = Membership.objects.current().filter(Q(role=Role.COORDINATOR) | heads, area__path__in=around)
    return list(User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("pk"))


def _locked(draft: ReportDraft) -> ReportDraft:
    stored = ReportDraft.objects.unscoped("locked here; the actor is judged next").select_for_update(
        of=("self",)
    )
    current: ReportDraft = stored.select_related("area", "revises", "made_by").get(pk=draft.pk)
    return current


def _require(actor: User, verb: str, area: Area) -> None:
    if not scope_of(actor).may_in(verb, area):
        raise PermissionDenied(f"the actor lacks {verb}")


def _check(draft: ReportDraft, step: str, version: int) -> None:
    if step not in TRANSITIONS.get(draft.state, {}):
        raise TransitionNotAllowed(_NOT_NOW[draft.state])
    if draft.version != version:
        raise ChangedMeanwhile.since(draft)


def _take(
    draft: ReportDraft,
    step: str,
    noted: ApprovalStep.Step,
    actor: User,
    report: Report | None,
    *,
    name: str = "",
    title: str = "",
    note: str = "",
) -> None:
    draft.state = TRANSITIONS[draft.state][step]
    draft.save(update_fields=["state", "changed_at"])
    ApprovalStep.objects.create(
        draft=draft,
        step=noted,
        by=actor,
        report=report,
        name=name or actor.full_name or actor.email,
        title=title,
        note=note,
        draft_version=draft.version,
    )
    _record(draft, actor, step)


def _record(draft: ReportDraft, actor: User, step: str) -> None:
    record_event(
        actor=actor,
        kind=AuditEvent.Kind.REPORT_STEP,
        about=f"reporting.reportdraft:{draft.pk}",
        detail={"step": step, "version": draft.version},
    )


def _tell(people: list[User], draft: ReportDraft, report: Report | None, kind: Notice, *, but: User) -> None:
    others = [who for who in people if who.pk != but.pk]
    if not others or report is None:
        return
    step = draft.steps.order_by("-pk").values_list("pk", flat=True).first()
    notify(
        people=others,
        kind=kind,
        key=f"draft:{draft.pk}:{step}:{kind.value}",
        url=reverse("report_detail", args=[report.key]),
        about={"record": str(draft)},
    )


def judged_text(field: str, typed: str, longest: int, *, is_required: bool) -> str:
    """A text as it is stored. Raises ValidationError by field when it is missing, too long or unreadable."""
    text = normalise(typed).strip()
    message: Any = None
    if not text and is_required:
        message = _("Fill this in: it is printed or kept with the report.")
    elif len(text) > longest:
        message = _("This has more than %(limit)s characters. Shorten it.") % {"limit": longest}
    elif control_characters(text):
        message = _("The text holds an invisible control character.")
    if message:
        raise ValidationError({field: message})
    return text
