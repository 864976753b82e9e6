"""Models of prevention and support: the list, its export, one of them, and what its unit does with it."""

import re
import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.changing import ChangedMeanwhile, last_change
from accounts.models import AuditEvent, FormDraft, User
from accounts.services import (
    DraftTooLarge,
    discard_form_draft,
    record_event,
    save_form_draft,
    take_form_draft,
    typed_fields,
)
from programs.forms.pilot import add_errors
from programs.forms.prevention import ModelAssessmentForm, ModelForm, ModelReplicationForm, StopModelForm
from programs.models import PreventionModel
from programs.prevention_exporting import models_workbook
from programs.prevention_filters import ModelListing
from programs.selectors.activity import person
from programs.selectors.prevention import (
    SHAPES,
    family_of,
    get_model,
    keeps,
    may_keep_models,
    may_read_models,
    newest_assessments,
)
from programs.selectors.quantity import print_figure
from programs.services.prevention import (
    TRANSITIONS,
    TransitionNotAllowed,
    assess_model,
    change_model,
    entered_with,
    pause_model,
    replicate_model,
    resume_model,
    start_model,
    stop_model,
)
from territory.collation import fold
from territory.excel import XLSX

_READ_AND_SEND = ["GET", "HEAD", "POST"]
_DRAFT = re.compile(r"model:(new|[1-9][0-9]{0,17})", re.ASCII)
_NOT_TYPED = frozenset({"csrfmiddlewaretoken", "discard"})
_STEPS: dict[str, Callable[..., PreventionModel]] = {"pause": pause_model, "resume": resume_model}


def _reader(request: HttpRequest) -> User:
    """Who asks for a list. Raises PermissionDenied for a role that reads no models anywhere."""
    reader = person(request)
    if not may_read_models(reader):
        raise PermissionDenied
    return reader


def _writer(request: HttpRequest) -> User:
    """Who enters. Raises PermissionDenied for a role that keeps no models anywhere."""
    writer = person(request)
    if not may_keep_models(writer):
        raise PermissionDenied
    return writer


@require_safe
def model_list(request: HttpRequest) -> HttpResponse:
    """Models the reader may see; HTMX gets only the part below the filters."""
    reader = _reader(request)
    listing = ModelListing(request.GET, reader=reader)
    is_part = bool(request.htmx) and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    rows = list(listing.page) if listing.totals.count else []
    context = {
        "listing": listing,
        "rows": [
            {"model": model, "shape": SHAPES[model.state], "members": _members(model)} for model in rows
        ],
        "may_write": may_keep_models(reader),
        "page_sizes": settings.PAGE_SIZE_CHOICES,
        "crumbs": _crumbs()[:1] + [{"label": _("Prevention models")}],
    }
    template = "programs/_prevention_results.html" if is_part else "programs/prevention_list.html"
    return render(request, template, context)


@require_safe
def model_export(request: HttpRequest) -> HttpResponseBase:
    """What the list shows, over all its pages, as an Excel file. Leaves a row in the trail."""
    reader = _reader(request)
    listing = ModelListing(request.GET, reader=reader)
    page = f"{reverse('model_list')}?{listing.query()}"
    if not listing.filter.is_usable:
        messages.error(request, _("Nothing was exported: correct the filters first."))
        return redirect(page)
    if listing.totals.count > settings.EXPORT_MAX_ROWS:
        message = _("The list has %(count)d rows; a file holds at most %(limit)d. Narrow the filters.")
        messages.error(request, message % {"count": listing.totals.count, "limit": settings.EXPORT_MAX_ROWS})
        return redirect(page)
    file = models_workbook(listing, reader=reader, address=request.build_absolute_uri(page))
    detail = {
        "rows": listing.totals.count,
        "filters": sorted(name for name in request.GET if request.GET[name]),
    }
    record_event(
        actor=reader, kind=AuditEvent.Kind.EXPORTED, about="programs.preventionmodel:list", detail=detail
    )
    name = f"{slugify(fold(_('Prevention models')))}-{timezone.localtime():%Y%m%d-%H%M}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


@require_safe
def model_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One model with its assessments, its family and its history."""
    model = get_model(request, pk)
    reader = person(request)
    possible = TRANSITIONS[model.state] if keeps(reader, model.agency_id, model.area) else {}
    context = {
        "model": model,
        "shape": SHAPES[model.state],
        "members": _members(model),
        "assessments": newest_assessments(model),
        "family": family_of(model, reader),
        "may_write": keeps(reader, model.agency_id, model.area),
        "steps": list(possible),
        "crumbs": [*_crumbs(), {"label": model.name}],
    }
    return render(request, "programs/prevention_detail.html", context)


@require_http_methods(_READ_AND_SEND)
def model_new(request: HttpRequest) -> HttpResponse:
    """An empty form, or the one that was begun; entering leads to the model's page."""
    writer = _writer(request)
    if request.method != "POST":
        draft = _open_draft(writer)
        form = ModelForm(actor=writer, typed=typed_fields(draft) if draft else None)
        return _form_page(request, form, draft=draft)
    form = ModelForm(request.POST, actor=writer)
    if not form.is_valid():
        return _form_page(request, _shown_again(form))
    try:
        key = form.cleaned_data["submission_key"]
        model = start_model(actor=writer, submission_key=key, **form.model_fields)
    except ValidationError as error:
        add_errors(form, error)
        return _form_page(request, form)
    discard_form_draft(user=writer, form="model:new")
    messages.success(request, _("The model is entered."))
    return redirect("model_detail", pk=model.pk)


@require_http_methods(_READ_AND_SEND)
def model_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of a model. Refuses to overwrite what somebody else changed meanwhile."""
    model = get_model(request, pk, needs="write")
    writer = person(request)
    draft_form = f"model:{pk}"
    if request.method != "POST":
        draft = take_form_draft(user=writer, form=draft_form)
        form = ModelForm(actor=writer, model=model, typed=typed_fields(draft) if draft else None)
        return _form_page(request, form, draft=draft)
    form = ModelForm(request.POST, actor=writer, model=model)
    if not form.is_valid():
        return _form_page(request, _shown_again(form))
    try:
        version = form.cleaned_data["version"] or 0
        change_model(actor=writer, model=model, version=version, **form.model_fields)
    except ChangedMeanwhile as changed:
        form.add_error(None, _told(changed))
        form.put("version", changed.version)
        return _form_page(request, form, status=409, is_conflict=True)
    except ValidationError as error:
        add_errors(form, error)
        return _form_page(request, form)
    discard_form_draft(user=writer, form=draft_form)
    messages.success(request, _("Your changes are saved."))
    return redirect("model_detail", pk=pk)


@require_POST
def model_draft(request: HttpRequest, form: str) -> HttpResponse:
    """Keep what is typed into a form so far, and answer when; with ``discard``, forget it."""
    match = _DRAFT.fullmatch(form)
    if match is None:
        raise Http404
    model = None if match[1] == "new" else get_model(request, int(match[1]), needs="write")
    writer = person(request) if model else _writer(request)
    if "discard" in request.POST:
        discard_form_draft(user=writer, form=form)
        messages.info(request, _("The draft is discarded."))
        return redirect("model_edit", pk=model.pk) if model else redirect("model_new")
    if _is_sent(request, writer, model):
        return JsonResponse({"message": _("This form was sent already. Open it again.")}, status=409)
    typed = ((name, values) for name, values in request.POST.lists() if name not in _NOT_TYPED)
    try:
        saved_at = save_form_draft(user=writer, form=form, fields=typed)
    except DraftTooLarge:
        message = _("This is too much text to keep a draft of. Save it, or shorten it.")
        return JsonResponse({"message": message}, status=422)
    return JsonResponse({"saved_at": saved_at.isoformat()})


@require_http_methods(_READ_AND_SEND)
def model_assess(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what a model was found to be worth."""
    model = get_model(request, pk, needs="write")
    form = ModelAssessmentForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            assess_model(actor=person(request), model=model, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The assessment is saved."))
            return redirect("model_detail", pk=pk)
    return _act_page(request, model, form, _("Assess the model"), _("Save the assessment"))


@require_http_methods(_READ_AND_SEND)
def model_replicate(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a model anew for other units."""
    model = get_model(request, pk, needs="write")
    writer = person(request)
    if "replicate" not in TRANSITIONS[model.state]:
        return _refused(request, model)
    form = ModelReplicationForm(request.POST if request.method == "POST" else None, actor=writer, model=model)
    if form.is_valid():
        try:
            made = replicate_model(actor=writer, model=model, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        except TransitionNotAllowed:
            return _refused(request, model)
        else:
            text = ngettext("Made anew for %(count)d unit.", "Made anew for %(count)d units.", len(made))
            messages.success(request, text % {"count": len(made)})
            return redirect("model_detail", pk=pk)
    return _act_page(request, model, form, _("Replicate the model"), _("Replicate"))


@require_http_methods(_READ_AND_SEND)
def model_stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a model for good."""
    model = get_model(request, pk, needs="write")
    if "stop" not in TRANSITIONS[model.state]:
        return _refused(request, model)
    form = StopModelForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            stop_model(actor=person(request), model=model, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        except TransitionNotAllowed:
            return _refused(request, model)
        else:
            messages.success(request, _("The model is stopped."))
            return redirect("model_detail", pk=pk)
    return _act_page(request, model, form, _("Stop the model"), _("Stop it"), is_final=True)


@require_POST
def model_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Pause a model, or let it go on."""
    model = get_model(request, pk, needs="write")
    if step not in _STEPS:
        raise Http404
    try:
        _STEPS[step](actor=person(request), model=model)
    except TransitionNotAllowed:
        return _refused(request, model)
    messages.success(request, _("It is noted."))
    return redirect("model_detail", pk=pk)


def _refused(request: HttpRequest, model: PreventionModel) -> HttpResponse:
    messages.warning(request, _("This cannot be done in its present state: see below."))
    return redirect("model_detail", pk=model.pk)


def _members(model: PreventionModel) -> str:
    return print_figure(model.figure) if model.has_members else ""


def _is_sent(request: HttpRequest, writer: User, model: PreventionModel | None) -> bool:
    """Whether this form was submitted already, so that keeping a draft of it would bring it back."""
    if model is not None:
        is_older = request.POST.get("version") != str(model.version)
        return is_older and last_change(model)[0] == writer
    return _was_entered(writer, request.POST.get("submission_key", ""))


def _was_entered(writer: User, typed_key: str) -> bool:
    try:
        key = uuid.UUID(typed_key)
    except ValueError:
        return False
    return entered_with(actor=writer, submission_key=key) is not None


def _open_draft(writer: User) -> FormDraft | None:
    """The draft of a new model, unless that very form was sent since."""
    draft = take_form_draft(user=writer, form="model:new")
    if draft is not None and _was_entered(writer, (typed_fields(draft).get("submission_key") or [""])[0]):
        discard_form_draft(user=writer, form="model:new")
        return None
    return draft


def _shown_again(form: ModelForm) -> ModelForm:
    """A refused form, with its hidden fields mended so that it can be sent again."""
    if form.only_agency is not None and "agency" in form.errors:
        form.put("agency", form.only_agency.pk)
    if "version" in form.errors and form.model is not None:
        form.put("version", form.model.version)
    if "submission_key" in form.errors:
        form.put("submission_key", uuid.uuid4())
    return form


def _told(changed: ChangedMeanwhile) -> ValidationError:
    message = _(
        "%(who)s changed this on %(when)s, after you had opened it. Yours is not saved yet: compare the two, and"
        " save again to put yours in the place of theirs."
    )
    return changed.as_error(message)


def _crumbs(model: PreventionModel | None = None) -> list[dict[str, str]]:
    crumbs = [
        {"label": _("My work"), "url": reverse("home")},
        {"label": _("Prevention models"), "url": reverse("model_list")},
    ]
    if model is not None:
        crumbs.append({"label": model.name, "url": reverse("model_detail", args=[model.pk])})
    return crumbs


def _act_page(
    request: HttpRequest,
    model: PreventionModel,
    form: Any,
    title: str,
    button: str,
    *,
    is_final: bool = False,
) -> HttpResponse:
    context = {
        "form": form,
        "model": model,
        "page_title": title,
        "button": button,
        "is_final": is_final,
        "crumbs": [*_crumbs(model), {"label": title}],
    }
    return render(request, "programs/prevention_act.html", context, status=422 if form.errors else 200)


def _form_page(
    request: HttpRequest,
    form: ModelForm,
    *,
    draft: FormDraft | None = None,
    status: int = 200,
    is_conflict: bool = False,
) -> HttpResponse:
    model = form.model
    context = {
        "form": form,
        "model": model,
        "draft": draft,
        "draft_form": f"model:{model.pk if model else 'new'}",
        "is_conflict": is_conflict,
        "crumbs": [*_crumbs(model), {"label": _("Change") if model else _("New model")}],
    }
    return render(request, "programs/prevention_form.html", context, status=status)
