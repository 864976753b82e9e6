"""What stands above single cases: time limits, the pipeline, wanted persons, groups and campaigns."""

import datetime as dt
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import ReadEvent
from accounts.reading import record_reads
from accounts.row_scope import protected_rows
from accounts.scoping import scope_of
from incidents.forms.person import CampaignForm
from incidents.listing import NEAR_DAYS, near_or_past
from incidents.models import Campaign, Case, DeadlineRule, PersonInCase, Tip, WantedPerson
from incidents.selectors.pipeline import campaign_results, carried_over, pipeline, tip_counts
from incidents.selectors.reading import get_campaign, get_group, person, reader, writing_agencies
from incidents.services.campaign import change_campaign, open_campaign
from incidents.views.form_page import FormPage, answer, crumbs, typed
from incidents.views.tip import FORMS, tip_badge
from territory.days import DayField

ROWS_A_PAGE = 50


@require_safe
@protected_rows
def incident_limits(request: HttpRequest) -> HttpResponse:
    """Tips and investigations whose time limit is near or has passed, what is most urgent first."""
    asks = reader(request, "tip.read")
    today = timezone.localdate()
    tips = near_or_past(Tip.objects.visible_to(asks).running().select_related("area", "assigned_to"), today)
    cases = near_or_past(Case.objects.visible_to(asks).select_related("area", "investigator"), today)
    shown_tips, shown_cases = list(tips[:ROWS_A_PAGE]), list(cases[:ROWS_A_PAGE])
    record_reads(actor=asks, records=[*shown_tips, *shown_cases], how=ReadEvent.How.LIST)
    context = {
        "tips": [(tip, tip_badge(tip), tip.days_left(today)) for tip in shown_tips],
        "cases": [(case, case.days_left(today)) for case in shown_cases],
        "near_days": NEAR_DAYS,
        "most": ROWS_A_PAGE,
        "rules": DeadlineRule.objects.valid_on(today),
        "crumbs": crumbs((_("Time limits"),)),
    }
    return render(request, "incidents/limits.html", context)


@require_safe
@protected_rows
def incident_pipeline(request: HttpRequest) -> HttpResponse:
    """From tip to verdict: how many took each step in a time, and how many days it took them. Counts only."""
    asks = reader(request, "case.read")
    first, last, problem = _span(request)
    context = {
        "first": first,
        "last": last,
        "problem": problem,
        "steps": list(pipeline(asks, first, last)),
        "tips": tip_counts(asks, first, last),
        "carried": carried_over(Case.objects.visible_to(asks).order_by(), first).count(),
        "crumbs": crumbs((_("Cases"), reverse("case_list")), (_("From tip to verdict"),)),
    }
    return render(request, "incidents/pipeline.html", context)


def _span(request: HttpRequest) -> tuple[dt.date, dt.date, str]:
    """The days asked for, this year's so far where none are, and what was wrong with those asked for."""
    today = timezone.localdate()
    usual = (today.replace(month=1, day=1), today)
    asked = []
    for name, instead in zip(("from", "to"), usual, strict=True):
        try:
            asked.append(DayField(required=False).clean(request.GET.get(name, "")) or instead)
        except Exception:
            return (*usual, _("Type the date as day/month/year, for example 05/03/2020."))
    if asked[1] < asked[0]:
        return (*usual, _("The last day lies before the first."))
    return asked[0], asked[1], ""


@require_safe
@protected_rows
def wanted_list(request: HttpRequest) -> HttpResponse:
    """Wanted persons in the cases the reader may see, those still wanted first."""
    asks = reader(request, "case.read")
    found = (
        WantedPerson.objects.visible_to(asks)
        .select_related("person__case")
        .order_by("-until", "-since", "-id")
    )
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page", 1))
    rows = list(page)
    record_reads(
        actor=asks,
        records={row.person.case_id: row.person.case for row in rows}.values(),
        how=ReadEvent.How.LIST,
    )
    context = {
        "rows": rows,
        "page": page,
        "may_write": scope_of(asks).may("case.write"),
        "crumbs": crumbs((_("Cases"), reverse("case_list")), (_("Wanted persons"),)),
    }
    return render(request, "incidents/wanted_list.html", context)


@require_safe
@protected_rows
def group_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A group with its members, in the cases the reader may see."""
    group = get_group(request, pk)
    asks = person(request)
    visible = Case.objects.visible_to(asks).order_by().values("pk")
    members = list(
        PersonInCase.objects.filter(group=group, case__in=visible)
        .select_related("case")
        .order_by("case", "id")
    )
    cases = {member.case_id: member.case for member in members}
    record_reads(actor=asks, records=[group, *cases.values()], how=ReadEvent.How.PAGE)
    context = {
        "group": group,
        "members": members,
        "crumbs": crumbs((_("Cases"), reverse("case_list")), (group.code,)),
    }
    return render(request, "incidents/group_detail.html", context)


@require_safe
@protected_rows
def campaign_list(request: HttpRequest) -> HttpResponse:
    """Campaigns and special operations of the reader's agencies."""
    asks = reader(request, "case.read")
    found = Campaign.objects.visible_to(asks).select_related("agency", "area")
    page = Paginator(found, ROWS_A_PAGE).get_page(request.GET.get("page", 1))
    rows = list(page)
    record_reads(actor=asks, records=rows, how=ReadEvent.How.LIST)
    context = {
        "rows": rows,
        "page": page,
        "may_write": scope_of(asks).may("case.write"),
        "crumbs": crumbs((_("Cases"), reverse("case_list")), (_("Campaigns"),)),
    }
    return render(request, "incidents/campaign_list.html", context)


@require_safe
@protected_rows
def campaign_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A campaign with what it found, counted from the cases that name it."""
    campaign = get_campaign(request, pk)
    asks = person(request)
    cases = list(Case.objects.visible_to(asks).filter(campaign=campaign).select_related("area")[:ROWS_A_PAGE])
    record_reads(actor=asks, records=[campaign, *cases], how=ReadEvent.How.PAGE)
    may_write = any(g.reaches(campaign.agency_id, campaign.area) for g in scope_of(asks).having("case.write"))
    context: dict[str, Any] = {
        "campaign": campaign,
        "areas": campaign.areas.all(),
        "results": campaign_results(asks, campaign),
        "cases": cases,
        "may_write": may_write,
        "crumbs": [*_campaign_way(), {"label": campaign.name}],
    }
    return render(request, "incidents/campaign_detail.html", context)


@require_http_methods(FORMS)
@protected_rows
def campaign_new(request: HttpRequest) -> HttpResponse:
    """Open a campaign."""
    actor = reader(request, "case.write")
    form = CampaignForm(typed(request), units=writing_agencies(actor, "case.write"))

    def save() -> str:
        key = form.cleaned_data["submission_key"]
        return reverse(
            "campaign_detail", args=[open_campaign(actor=actor, submission_key=key, **form.given).pk]
        )

    page = FormPage(
        heading=_("New campaign"),
        lead=_("Its results are counted from the cases that name it. Patrols are filed as activities."),
        submit=_("Save"),
        done=_("The campaign is saved."),
        back=reverse("campaign_list"),
        crumbs=[*_campaign_way(), {"label": _("New campaign")}],
    )
    return answer(request, form, page, actor=actor, save=save)


@require_http_methods(FORMS)
@protected_rows
def campaign_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a campaign."""
    campaign = get_campaign(request, pk, needs="write")
    actor = person(request)
    form = CampaignForm(typed(request), units=[], campaign=campaign)

    def save() -> str:
        version = form.cleaned_data["version"] or 0
        change_campaign(campaign=campaign, actor=actor, version=version, **form.given)
        return reverse("campaign_detail", args=[campaign.pk])

    page = FormPage(
        heading=_("Change campaign"),
        submit=_("Save changes"),
        done=_("Your changes are saved."),
        back=reverse("campaign_detail", args=[campaign.pk]),
        crumbs=[*_campaign_way(), {"label": campaign.name}],
        records=[campaign],
    )
    return answer(request, form, page, actor=actor, save=save)


def _campaign_way() -> list[dict[str, Any]]:
    return crumbs((_("Cases"), reverse("case_list")), (_("Campaigns"), reverse("campaign_list")))
