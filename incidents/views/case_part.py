"""The forms of a case's parts: stages, persons, places, what was seized, warrants."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.row_scope import protected_rows
from incidents.forms.case import ExtensionForm, ItemForm, PartForm, PlaceForm, StageForm
from incidents.forms.person import EndSearchForm, PersonForm, StandingForm, VerdictForm, WantedForm
from incidents.models import Case
from incidents.selectors.reading import get_case, get_person, get_wanted, person
from incidents.services import case as verbs
from incidents.services import person as person_verbs
from incidents.views.case import case_page
from incidents.views.form_page import FormPage, answer, typed
from incidents.views.tip import FORMS


def _part(
    request: HttpRequest,
    case: Case,
    form: PartForm,
    page: FormPage,
    write: Callable[[dict[str, Any]], object],
) -> HttpResponse:
    """Answer the form of a part of a case; when it is written, the case's page follows."""

    def save() -> str:
        write(form.given)
        return reverse("case_detail", args=[case.pk])

    return answer(request, form, page, actor=person(request), save=save)


@require_http_methods(FORMS)
@protected_rows
def case_stage(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down a stage the case reached."""
    case, actor = get_case(request, pk, needs="write"), person(request)
    form = StageForm(typed(request), case=case, actor=actor)
    page = case_page(case, _("Stage"), _("Write down"), _("The stage is written down."))

    def write(given: dict[str, Any]) -> object:
        return verbs.reach_stage(case=case, actor=actor, version=form.cleaned_data["version"], **given)

    return _part(request, case, form, page, write)


@require_http_methods(FORMS)
@protected_rows
def case_extend(request: HttpRequest, pk: int) -> HttpResponse:
    """Extend the limit of the investigation."""
    case, actor = get_case(request, pk, needs="write"), person(request)
    form = ExtensionForm(typed(request), case=case, actor=actor)
    page = case_page(case, _("Extend the investigation"), _("Extend"), _("The limit is extended."))

    def write(given: dict[str, Any]) -> object:
        return verbs.extend_investigation(
            case=case, actor=actor, version=form.cleaned_data["version"], **given
        )

    return _part(request, case, form, page, write)


@require_http_methods(FORMS)
@protected_rows
def case_place(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a place of origin, transit or destination."""
    case, actor = get_case(request, pk, needs="write"), person(request)
    form = PlaceForm(typed(request), case=case, actor=actor)
    page = case_page(case, _("Place of the route"), _("Add"), _("The place is added."))
    return _part(request, case, form, page, lambda given: verbs.add_place(case=case, actor=actor, **given))


@require_http_methods(FORMS)
@protected_rows
def case_item(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down something that was seized."""
    case, actor = get_case(request, pk, needs="write"), person(request)
    form = ItemForm(typed(request), case=case, actor=actor)
    page = case_page(case, _("Seized item"), _("Add"), _("The item is added."))
    return _part(request, case, form, page, lambda given: verbs.add_item(case=case, actor=actor, **given))


@require_http_methods(FORMS)
@protected_rows
def case_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a person under the next label."""
    case, actor = get_case(request, pk, needs="write"), person(request)
    form = PersonForm(typed(request), case=case, actor=actor)
    lead = _("The person gets a label such as “Đ1”. Who it is stays outside the portal.")
    page = case_page(case, _("New person of the case"), _("Add"), _("The person is added."), lead=lead)
    return _part(
        request, case, form, page, lambda given: person_verbs.add_person(case=case, actor=actor, **given)
    )


@require_http_methods(FORMS)
@protected_rows
def person_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what is known about a person."""
    one, actor = get_person(request, pk), person(request)
    form = PersonForm(typed(request), case=one.case, actor=actor)
    form.begin_with(one)
    page = case_page(one.case, one.label, _("Save changes"), _("Your changes are saved."))

    def write(given: dict[str, Any]) -> object:
        return person_verbs.change_person(
            person=one, actor=actor, version=form.cleaned_data["version"] or 0, **given
        )

    return _part(request, one.case, form, page, write)


@require_http_methods(FORMS)
@protected_rows
def person_standing(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a person the next standing."""
    one, actor = get_person(request, pk), person(request)
    form = StandingForm(typed(request), case=one.case, actor=actor)
    heading = _("Standing of %(label)s") % {"label": one.label}
    page = case_page(one.case, heading, _("Write down"), _("The standing is written down."))
    return _part(
        request,
        one.case,
        form,
        page,
        lambda given: person_verbs.change_standing(person=one, actor=actor, **given),
    )


@require_http_methods(FORMS)
@protected_rows
def person_verdict(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down a verdict; one for the same trial is corrected."""
    one, actor = get_person(request, pk), person(request)
    form = VerdictForm(typed(request), case=one.case, actor=actor)
    heading = _("Verdict on %(label)s") % {"label": one.label}
    lead = _("First write down the stage “tried”; then choose it here.")
    page = case_page(one.case, heading, _("Write down"), _("The verdict is written down."), lead=lead)
    return _part(
        request,
        one.case,
        form,
        page,
        lambda given: person_verbs.give_verdict(
            person=one, actor=actor, version=form.cleaned_data["version"], **given
        ),
    )


@require_http_methods(FORMS)
@protected_rows
def person_wanted(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down that a person is wanted."""
    one, actor = get_person(request, pk), person(request)
    form = WantedForm(typed(request), case=one.case, actor=actor)
    heading = _("Warrant for %(label)s") % {"label": one.label}
    page = case_page(one.case, heading, _("Write down"), _("The warrant is written down."))
    return _part(
        request,
        one.case,
        form,
        page,
        lambda given: person_verbs.want_person(person=one, actor=actor, **given),
    )


@require_http_methods(FORMS)
@protected_rows
def wanted_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down that a person is no longer wanted."""
    wanted, actor = get_wanted(request, pk), person(request)
    case = wanted.person.case
    form = EndSearchForm(typed(request), case=case, actor=actor)
    heading = _("End of the search %(code)s") % {"code": wanted.code}
    page = case_page(case, heading, _("Write down"), _("The search has ended."))
    return _part(
        request, case, form, page, lambda given: person_verbs.end_search(wanted=wanted, actor=actor, **given)
    )
