"""The list of tips, a tip's page, and what is done with it."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.confirming import confirmation_needed
from accounts.files.sealed import opened_names
from accounts.models import AuditEvent, ReadEvent
from accounts.reading import record_reads
from accounts.row_scope import protected_rows
from accounts.scoping import scope_of
from accounts.services import record_event
from incidents.exporting import tips_workbook
from incidents.forms.tip import (
    ActForm,
    AssignForm,
    ForwardForm,
    OpenCaseForm,
    RefuseForm,
    SuspendForm,
    TipForm,
)
from incidents.listing import NEAR_DAYS, TipListing
from incidents.models import TIP_TRANSITIONS, Tip, TipDeed, TipState
from incidents.selectors.reading import get_tip, person, reader, writing_agencies
from incidents.services import tip as verbs
from incidents.views.form_page import FormPage, answer, crumbs, typed
from territory.excel import XLSX

FORMS = ["GET", "HEAD", "POST"]


@require_http_methods(FORMS)
@protected_rows
def tip_list(request: HttpRequest) -> HttpResponse:
    """Tips the reader may see. Words looked for come by POST; everything else stands in the address."""
    asks = reader(request, "tip.read")
    listing = TipListing(request.GET, reader=asks, words=request.POST if request.method == "POST" else None)
    rows = list(listing.page)
    record_reads(actor=asks, records=rows, how=ReadEvent.How.LIST)
    context = {
        "listing": listing,
        "rows": [(tip, tip_badge(tip)) for tip in rows],
        "may_write": scope_of(asks).may("tip.write"),
        "crumbs": crumbs((_("Tips"),)),
    }
    return render(request, "incidents/tip_list.html", context, status=200 if listing.is_usable else 422)


@require_safe
@confirmation_needed
@protected_rows
def tip_export(request: HttpRequest) -> HttpResponseBase:
    """What the list shows, over all its pages, as an Excel file. Every record in it is in the read log."""
    asks = reader(request, "tip.read")
    listing = TipListing(request.GET, reader=asks)
    page = f"{reverse('tip_list')}?{listing.query()}"
    if not listing.is_usable:
        messages.error(request, _("Nothing was exported: correct the filters first."))
        return redirect(page)
    tips = list(listing.found[: settings.EXPORT_MAX_ROWS])
    record_reads(actor=asks, records=tips, how=ReadEvent.How.EXPORT)
    used = sorted(name for name in listing.form.fields if request.GET.get(name))
    detail = {"rows": len(tips), "filters": used}
    record_event(actor=asks, kind=AuditEvent.Kind.EXPORTED, about="incidents.tip:list", detail=detail)
    name = f"tips-{timezone.localtime():%Y%m%d-%H%M}.xlsx"
    return FileResponse(
        tips_workbook(tips, reader=asks), as_attachment=True, filename=name, content_type=XLSX
    )


@require_safe
@protected_rows
def tip_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A tip with its limit, its acts, and what can be done with it now."""
    tip = get_tip(request, pk)
    asks = person(request)
    record_reads(actor=asks, records=filter(None, (tip, tip.case)), how=ReadEvent.How.PAGE)
    may_write = any(grant.reaches(tip.agency_id, tip.area) for grant in scope_of(asks).having("tip.write"))
    acts = list(tip.acts.select_related("by"))
    context = {
        "tip": tip,
        "badge": tip_badge(tip),
        "acts": acts,
        "days_left": tip.days_left(timezone.localdate()) if tip.is_running else None,
        "deeds": _deeds(tip) if may_write else [],
        "may_write": may_write,
        "files": opened_names(tip.files.select_related("added_by")),
        "crumbs": [*_way(tip)[:-1], {"label": tip.code}],
    }
    return render(request, "incidents/tip_detail.html", context)


@require_http_methods(FORMS)
@protected_rows
def tip_new(request: HttpRequest) -> HttpResponse:
    """Take a tip in."""
    actor = reader(request, "tip.write")
    form = TipForm(typed(request), units=writing_agencies(actor, "tip.write"))

    def save() -> str:
        tip = verbs.take_tip(actor=actor, submission_key=form.cleaned_data["submission_key"], **form.given)
        return reverse("tip_detail", args=[tip.pk])

    page = FormPage(
        heading=_("New tip"),
        lead=_("What was told, by nobody’s name. The portal gives it a code and works out the time limit."),
        submit=_("Put into the book"),
        done=_("The tip is in the book."),
        back=reverse("tip_list"),
        crumbs=crumbs((_("Tips"), reverse("tip_list")), (_("New tip"),)),
    )
    return answer(request, form, page, actor=actor, save=save)


@require_http_methods(FORMS)
@protected_rows
def tip_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a tip. Refuses to overwrite what somebody else changed meanwhile."""
    tip = get_tip(request, pk, needs="write")
    form = TipForm(typed(request), units=[], tip=tip)

    def save() -> str:
        version = form.cleaned_data["version"] or 0
        verbs.change_tip(
            tip=tip,
            actor=person(request),
            version=version,
            agency=tip.agency,
            area=tip.area,
            **form.given,
        )
        return reverse("tip_detail", args=[tip.pk])

    page = tip_page(tip, _("Change tip"), _("Save changes"), _("Your changes are saved."))
    return answer(request, form, page, actor=person(request), save=save)


@require_http_methods(FORMS)
@protected_rows
def tip_assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a tip to an investigator."""
    tip = get_tip(request, pk, needs="write")
    form = AssignForm(typed(request), tip=tip)
    page = tip_page(tip, _("Assign the tip"), _("Assign"), _("The tip is assigned."))
    return _do(request, tip, form, page, verbs.assign_tip)


@require_http_methods(FORMS)
@protected_rows
def tip_extend(request: HttpRequest, pk: int) -> HttpResponse:
    """Extend the time limit by the next step of the law."""
    tip = get_tip(request, pk, needs="write")
    form = ActForm(typed(request), tip=tip)
    step = verbs.next_extension(tip)
    ended = _("The limit was extended twice. The law knows no further extension.")
    lead = f"{capfirst(step.label)}." if step else ended
    page = tip_page(tip, _("Extend the time limit"), _("Extend"), _("The time limit is extended."), lead=lead)
    return _do(request, tip, form, page, verbs.extend_tip)


@require_http_methods(FORMS)
@protected_rows
def tip_suspend(request: HttpRequest, pk: int) -> HttpResponse:
    """Suspend the resolution of a tip."""
    tip = get_tip(request, pk, needs="write")
    form = SuspendForm(typed(request), tip=tip)
    page = tip_page(tip, _("Suspend the resolution"), _("Suspend"), _("The resolution is suspended."))
    return _do(request, tip, form, page, verbs.suspend_tip)


@require_http_methods(FORMS)
@protected_rows
def tip_resume(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a suspended tip up again."""
    tip = get_tip(request, pk, needs="write")
    form = ActForm(typed(request), tip=tip)
    page = tip_page(tip, _("Resume the resolution"), _("Resume"), _("The tip is being resolved again."))
    return _do(request, tip, form, page, verbs.resume_tip)


@require_http_methods(FORMS)
@protected_rows
def tip_forward(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a tip to the competent agency."""
    tip = get_tip(request, pk, needs="write")
    form = ForwardForm(typed(request), tip=tip)
    lead = _("The tip is then the other agency’s to resolve, and counts as received here, not as resolved.")
    page = tip_page(
        tip, _("Forward the tip"), _("Forward"), _("The tip is forwarded."), lead=lead, is_grave=True
    )
    return _do(request, tip, form, page, verbs.forward_tip, forwarded_to="to")


@require_http_methods(FORMS)
@protected_rows
def tip_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide not to prosecute."""
    tip = get_tip(request, pk, needs="write")
    form = RefuseForm(typed(request), tip=tip)
    page = tip_page(
        tip,
        _("Decide not to prosecute"),
        _("Do not prosecute"),
        _("The decision is written down."),
        is_grave=True,
    )
    return _do(request, tip, form, page, verbs.refuse_tip)


@require_http_methods(FORMS)
@protected_rows
def tip_open_case(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a case from a tip; the two stay linked."""
    tip = get_tip(request, pk, needs="write")
    actor = person(request)
    form = OpenCaseForm(typed(request), tip=tip)

    def save() -> str:
        case = verbs.open_case(
            tip=tip,
            actor=actor,
            version=form.cleaned_data["version"],
            on=form.cleaned_data["on"],
            document_number=form.cleaned_data["document_number"],
            note=form.cleaned_data["note"],
            offences=list(form.cleaned_data["offences"]),
        )
        return reverse("case_detail", args=[case.pk])

    lead = _(
        "The case gets its code, its offences and its first stages, and the tip is resolved, in one step."
    )
    page = tip_page(tip, _("Open a case"), _("Open the case"), _("The case is opened."), lead=lead)
    return answer(request, form, page, actor=actor, save=save)


def tip_badge(tip: Tip) -> tuple[str, str]:
    """The shape and the words in which a tip's state is shown: its limit while it runs."""
    if tip.is_running:
        left = tip.days_left(timezone.localdate())
        if left < 0:
            return "late", _("limit passed")
        if left <= NEAR_DAYS:
            return "due", _("limit is near")
    shapes = {
        TipState.RECEIVED: "submitted",
        TipState.VERIFYING: "running",
        TipState.SUSPENDED: "not_due",
        TipState.CASE_OPENED: "done",
        TipState.NOT_PROSECUTED: "nil",
        TipState.FORWARDED: "returned",
    }
    return shapes[TipState(tip.state)], tip.get_state_display()


def _do(request: HttpRequest, tip: Tip, form: Any, page: FormPage, verb: Any, **renamed: str) -> HttpResponse:
    """Answer a form whose fields are what a verb takes; ``renamed``: the verb's own name of a field."""

    def save() -> str:
        told = {renamed.get(name, name): value for name, value in form.given.items()}
        verb(tip=tip, actor=person(request), version=form.cleaned_data["version"], **told)
        return reverse("tip_detail", args=[tip.pk])

    return answer(request, form, page, actor=person(request), save=save)


def _deeds(tip: Tip) -> list[tuple[str, str, bool]]:
    """What can be done with the tip now: label, address, and whether it is the step that goes on."""
    allowed = TIP_TRANSITIONS[TipState(tip.state)]
    deeds = [
        (TipDeed.OPEN_CASE, _("Open a case"), "tip_open_case"),
        (TipDeed.ASSIGN, _("Assign"), "tip_assign"),
        (TipDeed.EXTEND, _("Extend the limit"), "tip_extend"),
        (TipDeed.RESUME, _("Resume"), "tip_resume"),
        (TipDeed.SUSPEND, _("Suspend"), "tip_suspend"),
        (TipDeed.FORWARD, _("Forward"), "tip_forward"),
        (TipDeed.REFUSE, _("Do not prosecute"), "tip_refuse"),
    ]
    return [
        (label, reverse(name, args=[tip.pk]), deed in (TipDeed.OPEN_CASE, TipDeed.RESUME))
        for deed, label, name in deeds
        if deed in allowed
    ]


def _way(tip: Tip) -> list[dict[str, Any]]:
    return crumbs((_("Tips"), reverse("tip_list")), (tip.code, reverse("tip_detail", args=[tip.pk])))


def tip_page(
    tip: Tip, heading: str, submit: str, done: str, *, lead: str = "", is_grave: bool = False
) -> FormPage:
    """The page of a form about a tip."""
    return FormPage(
        heading=f"{heading}: {tip.code}",
        submit=submit,
        done=done,
        lead=lead,
        back=reverse("tip_detail", args=[tip.pk]),
        crumbs=[*_way(tip), {"label": heading}],
        records=[tip],
        is_grave=is_grave,
    )
