"""The list of own files, a file, its change, its log, and the day's work of a case worker."""

import datetime as dt
import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.changing import ChangedMeanwhile
from accounts.models import ReadEvent
from accounts.queries import query_without
from accounts.reading import record_reads
from accounts.row_scope import protected_rows
from accounts.scoping import scope_of
from accounts.together import read_together
from incidents.models import Case
from victims.forms.victim import VictimFilterForm, VictimForm
from victims.models import SupportCase, Victim, VictimNarrative
from victims.selectors.victim import calendar, caseload, get_victim, linked_persons, person
from victims.services.identity import has_identity
from victims.services.rights import may
from victims.services.victim import change_victim, register_victim
from victims.views.told import conflict, crumbs, show_errors

PAGE = 25
LOGGED = 100
_AHEAD = dt.timedelta(days=31)
_READ_AND_SEND = ["GET", "HEAD", "POST"]
_FIELDS = {"related_to": "related_code", "case": "case_code"}


@require_safe
@protected_rows
def victim_list(request: HttpRequest) -> HttpResponse:
    """Files in the care of own unit, under their codes. Each one shown is recorded."""
    reader = person(request)
    form = VictimFilterForm(request.GET)
    files = form.chosen(Victim.objects.visible_to(reader).select_related("support", "agency"))
    page = Paginator(files, PAGE).get_page(request.GET.get("page"))
    record_reads(actor=reader, records=list(page), how=ReadEvent.How.LIST)
    context = {
        "page_obj": page,
        "form": form,
        "query_string": query_without(request, "page"),
        "is_filtered": any(value for value in form.cleaned_data.values()),
        "may_write": scope_of(reader).may("victim.write"),
        "may_search": scope_of(reader).may("identity.open"),
        "crumbs": crumbs("")[:1] + [{"label": _("Victims")}],
    }
    return render(request, "victims/list.html", context)


@require_http_methods(_READ_AND_SEND)
@protected_rows
def victim_new(request: HttpRequest) -> HttpResponse:
    """Take a person into the care of own unit. Who it is comes after, apart from the file."""
    writer = person(request, verb="victim.write")
    form = VictimForm(request.POST if request.method == "POST" else None, actor=writer)
    if form.is_valid():
        agency, area = form.units[form.cleaned_data["unit"]]
        try:
            victim = register_victim(
                actor=writer,
                agency=agency,
                area=area,
                decision=form.decision(),
                submission_key=form.cleaned_data["submission_key"],
                **form.fields_of_file(),
            )
        except ValidationError as error:
            show_errors(form, error, {**_FIELDS, "number": "decision_number", "body": "decision_body"})
        else:
            messages.success(request, _("The file is made. Its code is %(code)s.") % {"code": victim.code})
            return redirect("victim_detail", code=victim.code)
    if "submission_key" in form.errors:
        form.put("submission_key", uuid.uuid4())
    context = {"form": form, "crumbs": crumbs(_("New file"))}
    return render(request, "victims/victim_form.html", context, status=422 if form.errors else 200)


@require_safe
@protected_rows
def victim_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One file: what is known, what was decided, how the person is supported. Nothing on it says who it is."""
    victim = get_victim(request, code)
    reader = person(request)
    may_write = may(reader, victim, "victim.write")
    may_read_narrative = may(reader, victim, "narrative.read")
    narratives = victim.narratives.order_by("kind")
    (
        supports,
        circle,
        persons,
        own_case,
        statuses,
        route,
        narratives_read,
        goals,
        services,
        stays,
        follow_ups,
        consents,
        transfers,
    ) = read_together(
        SupportCase.objects.filter(victim=victim).select_related("worker"),
        Victim.objects.visible_to(reader).filter(related_to=victim),
        linked_persons(reader, victim),
        Case.objects.visible_to(reader).filter(pk__in=[victim.case_id] if victim.case_id else []),
        victim.statuses.all(),
        victim.route.select_related("area"),
        narratives if may_read_narrative else narratives.none(),
        victim.goals.all(),
        victim.services.select_related("facility"),
        victim.stays.select_related("facility"),
        victim.follow_ups.all(),
        victim.consents.all(),
        victim.transfers.unscoped("of a file that is shown").select_related("to_agency"),
    )
    support = supports[0] if supports else None
    case = own_case[0] if own_case else None
    cases = {each.pk: each for each in (case, *(link.person.case for link in persons)) if each}
    record_reads(actor=reader, records=[*circle, *cases.values()], how=ReadEvent.How.LIST)
    context = {
        "victim": victim,
        "facts": _facts(victim, case),
        "persons": persons,
        "may_link": may_write and case is not None,
        "support": support,
        "statuses": statuses,
        "route": route,
        "narratives": [(row.get_kind_display(), row.opened()["text"]) for row in narratives_read],
        "goals": goals,
        "services": services,
        "stays": stays,
        "follow_ups": follow_ups,
        "consents": consents,
        "transfers": transfers,
        "circle": circle,
        "today": timezone.localdate(),
        "has_identity": has_identity(victim),
        "may_write": may_write,
        "may_add": may_write and support is not None and support.state != SupportCase.State.CLOSED,
        "may_open": may(reader, victim, "identity.open"),
        "may_approve": may(reader, victim, "victim.approve"),
        "may_read_narrative": may_read_narrative,
        "account": VictimNarrative.Kind.ACCOUNT,
        "crumbs": crumbs(victim.code),
    }
    return render(request, "victims/detail.html", context)


def _facts(victim: Victim, case: Case | None) -> list[tuple[str, str]]:
    """Label and words of what the file tells; what is empty is left out. ``case``: the one the reader may see."""
    age = _("%(band)s (%(age)d)") % {"band": victim.age_group, "age": victim.age or 0}
    facts = [
        (_("Protected as"), victim.get_circle_display()),
        (_("Belongs to"), victim.related_to.code if victim.related_to else ""),
        (_("How they came"), f"{victim.get_arrival_display()}, {victim.arrived_on:%d/%m/%Y}"),
        (_("Sex"), victim.get_sex_display()),
        (_("Age on arrival"), age if victim.age is not None else victim.age_group),
        (_("Ethnic minority"), victim.get_minority_display()),
        (_("Nationality"), victim.get_nationality_display()),
        (_("Schooling"), victim.get_education_display()),
        (_("Occupation"), victim.get_occupation_display()),
        (_("Persons under 18 with them"), str(victim.children_with_them or "")),
        (_("Acts against the person"), victim.said("acts")),
        (_("By which means"), victim.said("means")),
        (_("For which purposes"), victim.said("purposes")),
        (_("Relation to the recruiter"), victim.get_recruiter_relation_display()),
        (_("Way of recruitment"), victim.get_channel_display()),
        (_("Ways of control"), victim.said("controls")),
        (_("Case"), case.code if case else ""),
    ]
    return [(label, str(words)) for label, words in facts if words]


@require_http_methods(_READ_AND_SEND)
@protected_rows
def victim_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change a file. Refuses to overwrite what somebody else changed meanwhile, and keeps what was typed."""
    victim = get_victim(request, code, needs="victim.write")
    writer = person(request)
    form = VictimForm(request.POST if request.method == "POST" else None, actor=writer, victim=victim)
    status = 422
    if form.is_valid():
        try:
            change_victim(
                actor=writer,
                victim=victim,
                version=form.cleaned_data["version"] or 0,
                **form.fields_of_file(),
            )
        except ChangedMeanwhile as changed:
            form.add_error(None, conflict(changed))
            form.put("version", changed.version)
            status = 409
        except ValidationError as error:
            show_errors(form, error, _FIELDS)
        else:
            messages.success(request, _("Your changes are saved."))
            return redirect("victim_detail", code=victim.code)
    elif "version" in form.errors:
        form.put("version", victim.version)
    context = {"form": form, "victim": victim, "crumbs": crumbs(_("Change"), victim)}
    return render(request, "victims/victim_form.html", context, status=status if form.errors else 200)


@require_safe
@protected_rows
def victim_log(request: HttpRequest, code: str) -> HttpResponse:
    """Who saw this file, who opened the identity and why."""
    victim = get_victim(request, code)
    reader = person(request)
    record_reads(actor=reader, records=[victim], how=ReadEvent.How.HISTORY)
    reads = ReadEvent.objects.filter(record=f"victims.victim:{victim.pk}").select_related("user")
    context = {
        "victim": victim,
        "openings": victim.openings.select_related("person")[:LOGGED],
        "changes": victim.identity_changes.select_related("person")[:LOGGED],
        "page_obj": Paginator(reads, PAGE).get_page(request.GET.get("page")),
        "query_string": "",
        "crumbs": crumbs(_("Who saw it"), victim),
    }
    return render(request, "victims/log.html", context)


@require_safe
@protected_rows
def victim_caseload(request: HttpRequest) -> HttpResponse:
    """The open support of a case worker, and what is to be done, day by day."""
    worker = person(request, verb="victim.write")
    today = timezone.localdate()
    cases = list(caseload(worker)[: PAGE * 4])
    days = list(calendar(worker, until=today + _AHEAD))
    shown = {case.victim_id: case.victim for case in cases}
    shown |= {row.victim_id: row.victim for day in days for row in day.follow_ups}
    record_reads(actor=worker, records=shown.values(), how=ReadEvent.How.LIST)
    context = {
        "cases": cases,
        "days": days,
        "today": today,
        "crumbs": crumbs(_("My caseload")),
    }
    return render(request, "victims/caseload.html", context)
