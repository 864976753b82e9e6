"""The list of cases, a case's page with its stages, and the forms of the case itself."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.confirming import confirmation_needed
from accounts.files.sealed import opened_names
from accounts.models import AuditEvent, ReadEvent
from accounts.reading import record_reads
from accounts.row_scope import protected_rows
from accounts.scoping import scope_of
from accounts.services import record_event
from accounts.together import keep_each, prefetch_together
from incidents.exporting import cases_workbook
from incidents.forms.case import CaseForm, SealForm
from incidents.listing import CaseListing
from incidents.models import (
    Case,
    CaseExtension,
    CaseFile,
    CaseOffence,
    CasePlace,
    CaseReader,
    PersonInCase,
    PersonStanding,
    SeizedItem,
    Stage,
    StageKind,
    Tip,
    Verdict,
    WantedPerson,
)
from incidents.selectors.reading import get_case, person, reader, writing_agencies
from incidents.services import case as verbs
from incidents.views.form_page import FormPage, answer, crumbs, typed
from incidents.views.tip import FORMS
from territory.excel import XLSX


@require_http_methods(FORMS)
@protected_rows
def case_list(request: HttpRequest) -> HttpResponse:
    """Cases the reader may see. Words looked for come by POST; everything else stands in the address."""
    asks = reader(request, "case.read")
    listing = CaseListing(request.GET, reader=asks, words=request.POST if request.method == "POST" else None)
    rows = list(listing.page)
    record_reads(actor=asks, records=rows, how=ReadEvent.How.LIST)
    context = {
        "listing": listing,
        "rows": [(case, _stage_name(case)) for case in rows],
        "today": timezone.localdate(),
        "may_write": scope_of(asks).may("case.write"),
        "crumbs": crumbs((_("Cases"),)),
    }
    return render(request, "incidents/case_list.html", context, status=200 if listing.is_usable else 422)


@require_safe
@confirmation_needed
@protected_rows
def case_export(request: HttpRequest) -> HttpResponseBase:
    """What the list shows, over all its pages, as an Excel file. Every record in it is in the read log."""
    asks = reader(request, "case.read")
    listing = CaseListing(request.GET, reader=asks)
    page = f"{reverse('case_list')}?{listing.query()}"
    if not listing.is_usable:
        messages.error(request, _("Nothing was exported: correct the filters first."))
        return redirect(page)
    cases = list(listing.found[: settings.EXPORT_MAX_ROWS])
    record_reads(actor=asks, records=cases, how=ReadEvent.How.EXPORT)
    used = sorted(name for name in listing.form.fields if request.GET.get(name))
    detail = {"rows": len(cases), "filters": used}
    record_event(actor=asks, kind=AuditEvent.Kind.EXPORTED, about="incidents.case:list", detail=detail)
    name = f"cases-{timezone.localtime():%Y%m%d-%H%M}.xlsx"
    return FileResponse(
        cases_workbook(cases, reader=asks), as_attachment=True, filename=name, content_type=XLSX
    )


@require_safe
@protected_rows
def case_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A case: its stages, offences, persons, route, what was seized, and the tips it came from."""
    case = get_case(request, pk)
    asks = person(request)
    wanted_rows = WantedPerson.objects.unscoped("the case is the reader's to see").filter(person__case=case)
    tips, persons, standings, verdicts, wanted = prefetch_together(
        case,
        {
            "stages": Stage.objects.select_related("agency"),
            "offences": CaseOffence.objects.all(),
            "places": CasePlace.objects.select_related("area"),
            "items": SeizedItem.objects.all(),
            "files": CaseFile.objects.select_related("added_by"),
            "extensions": CaseExtension.objects.all(),
            "readers": CaseReader.objects.select_related("user"),
        },
        Tip.objects.visible_to(asks).filter(case=case),
        PersonInCase.objects.filter(case=case).select_related("group").order_by("id"),
        PersonStanding.objects.filter(person__case=case).order_by("since", "id"),
        Verdict.objects.filter(person__case=case).select_related("stage", "offence"),
        wanted_rows,
    )
    keep_each(persons, "standings", standings)
    keep_each(persons, "verdicts", verdicts)
    keep_each(persons, "wanted", wanted, asked=wanted_rows)
    record_reads(actor=asks, records=[case, *tips], how=ReadEvent.How.PAGE)
    may_write = any(grant.reaches(case.agency_id, case.area) for grant in scope_of(asks).having("case.write"))
    stages = case.stages.all()
    context = {
        "case": case,
        "tips": tips,
        "stages": stages,
        "may_extend": may_write and verbs.is_investigated({stage.kind for stage in stages}),
        "offences": case.offences.all(),
        "persons": persons,
        "places": case.places.all(),
        "items": case.items.all(),
        "files": opened_names(case.files.all()),
        "extensions": case.extensions.all(),
        "readers": case.readers.all() if case.is_sealed else [],
        "days_left": case.days_left(timezone.localdate()),
        "may_write": may_write,
        "crumbs": case_way(case)[:-1] + [{"label": case.code}],
    }
    return render(request, "incidents/case_detail.html", context)


@require_http_methods(FORMS)
@protected_rows
def case_new(request: HttpRequest) -> HttpResponse:
    """Open a case that came from no tip."""
    actor = reader(request, "case.write")
    form = CaseForm(typed(request), actor=actor, units=writing_agencies(actor, "case.write"))

    def save() -> str:
        given = {**form.given, "offences": list(form.cleaned_data["offences"])}
        new = verbs.NewCase(submission_key=form.cleaned_data["submission_key"], **given)
        return reverse("case_detail", args=[verbs.make_case(actor=actor, new=new).pk])

    page = FormPage(
        heading=_("New case"),
        lead=_("A case that came from a tip is opened on the tip’s page, so that the two stay linked."),
        submit=_("Open the case"),
        done=_("The case is opened."),
        back=reverse("case_list"),
        crumbs=crumbs((_("Cases"), reverse("case_list")), (_("New case"),)),
    )
    return answer(request, form, page, actor=actor, save=save)


@require_http_methods(FORMS)
@protected_rows
def case_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a case. Refuses to overwrite what somebody else changed meanwhile."""
    case = get_case(request, pk, needs="write")
    actor = person(request)
    form = CaseForm(typed(request), actor=actor, units=[], case=case)

    def save() -> str:
        given = {**form.given, "offences": list(form.cleaned_data["offences"])}
        verbs.change_case(case=case, actor=actor, version=form.cleaned_data["version"] or 0, **given)
        return reverse("case_detail", args=[case.pk])

    page = case_page(case, _("Change case"), _("Save changes"), _("Your changes are saved."))
    return answer(request, form, page, actor=actor, save=save)


@require_http_methods(FORMS)
@protected_rows
def case_seal(request: HttpRequest, pk: int) -> HttpResponse:
    """Seal a case, or change who reads a sealed one."""
    case = get_case(request, pk, needs="write")
    actor = person(request)
    form = SealForm(typed(request), case=case, actor=actor)

    def save() -> str:
        verbs.seal_case(
            case=case, actor=actor, readers=form.cleaned_data["readers"], version=form.cleaned_data["version"]
        )
        return reverse("case_detail", args=[case.pk])

    lead = _(
        "A sealed case stands in no list, search or count of other people. It still counts in the statistics."
    )
    heading = _("Readers of the sealed case") if case.is_sealed else _("Seal the case")
    page = case_page(case, heading, _("Seal"), _("The case is sealed."), lead=lead, is_grave=True)
    return answer(request, form, page, actor=actor, save=save)


@require_POST
@protected_rows
def case_unseal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the seal off a case."""
    case = get_case(request, pk, needs="write")
    verbs.unseal_case(case=case, actor=person(request))
    messages.success(request, _("The case is no longer sealed."))
    return redirect("case_detail", pk=case.pk)


def case_way(case: Case) -> list[dict[str, Any]]:
    """The crumbs to a case's page, itself the last."""
    return crumbs((_("Cases"), reverse("case_list")), (case.code, reverse("case_detail", args=[case.pk])))


def case_page(
    case: Case, heading: str, submit: str, done: str, *, lead: str = "", is_grave: bool = False
) -> FormPage:
    """The page of a form about a case."""
    return FormPage(
        heading=f"{heading}: {case.code}",
        submit=submit,
        done=done,
        lead=lead,
        back=reverse("case_detail", args=[case.pk]),
        crumbs=[*case_way(case), {"label": heading}],
        records=[case],
        is_grave=is_grave,
    )


def _stage_name(case: Any) -> str:
    return str(StageKind(case.last_stage).label) if case.last_stage else ""
