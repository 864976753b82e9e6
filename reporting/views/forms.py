"""Forms: what units are asked, and how the administrator makes, changes and retires them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.changing import ChangedMeanwhile
from accounts.models import User
from programs.selectors.history import ChangedField, Related, record_history
from programs.templatetags.history import ENTRIES_A_PAGE, PAGE_PARAMETER
from reporting.breakdowns import label_of
from reporting.form_editing import FormChangeForm, NewFormForm
from reporting.forms_catalogue import asked_indicators
from reporting.models import Form, FormFiler, FormIndicator, FormSection, Indicator
from reporting.obligations import may_read_obligations
from reporting.services.forms import add_form, change_form, may_change_forms


def _reader(request: HttpRequest) -> User:
    """Who asks. Raises PermissionDenied for a role that neither files, gathers nor keeps forms."""
    assert isinstance(request.user, User)
    if not (may_read_obligations(request.user) or may_change_forms(request.user)):
        raise PermissionDenied
    return request.user


def _keeper(request: HttpRequest) -> User:
    """Who makes and changes forms. Raises PermissionDenied for everybody else."""
    reader = _reader(request)
    if not may_change_forms(reader):
        raise PermissionDenied
    return reader


def _get_form(code: str) -> Form:
    form: Form | None = Form.objects.filter(code=code).first()
    if form is None:
        raise Http404
    return form


@require_safe
def form_list(request: HttpRequest) -> HttpResponse:
    """The forms in use, and those that are not any more or not yet."""
    reader = _reader(request)
    today = timezone.localdate()
    forms = sorted(Form.objects.all(), key=lambda form: (not form.held_on(today), form.code))
    context = {
        "forms": forms,
        "today": today,
        "may_change": may_change_forms(reader),
        "crumbs": _crumbs()[:1] + [{"label": _("Forms")}],
    }
    return render(request, "reporting/form_list.html", context)


@require_safe
def form_detail(request: HttpRequest, code: str) -> HttpResponse:
    """One form: its sections with their indicators, who files it, until when, and its history."""
    reader = _reader(request)
    form = _get_form(code)
    catalogue = asked_indicators()
    context = {
        "form_row": form,
        "sections": _sections(form, catalogue),
        "filers": list(form.filers.select_related("agency_kind").order_by("agency_kind__order", "level")),
        "may_change": may_change_forms(reader),
        **_history(form, request, catalogue),
        "crumbs": [*_crumbs(), {"label": form.label}],
    }
    return render(request, "reporting/form_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def form_new(request: HttpRequest) -> HttpResponse:
    """Make a form: empty, or with ``?from=code`` beginning as a copy of another."""
    actor = _keeper(request)
    copied = request.GET.get("from", "")
    source = _get_form(copied) if copied else None
    form = NewFormForm(request.POST if request.method == "POST" else None, source=source)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = add_form(
                    actor=actor,
                    code=form.cleaned_data["code"],
                    valid_from=form.cleaned_data["valid_from"],
                    fields=form.cleaned_data,
                    sections=form.sections,
                    indicators=form.asked,
                    filers=form.filing,
                )
            except ValidationError as error:
                _put_errors(form, error)
            else:
                messages.success(request, _("The form is there. Open a period of it, and units owe it."))
                return redirect("form_detail", code=made.code)
    context = {"form": form, "source": source, "crumbs": [*_crumbs(), {"label": _("New form")}]}
    return render(request, "reporting/form_edit.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def form_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change a form. Obligations that are made stay as they are."""
    reader = _keeper(request)
    row = _get_form(code)
    form = FormChangeForm(request.POST if request.method == "POST" else None, form=row)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                change_form(
                    actor=reader,
                    form=row,
                    version=form.cleaned_data["version"],
                    fields=form.cleaned_data,
                    sections=form.sections,
                    indicators=form.asked,
                    filers=form.filing,
                )
            except ValidationError as error:
                _put_errors(form, error)
            except ChangedMeanwhile as changed:
                status = 409
                sentence = _("%(who)s changed the form on %(when)s. Open it again before you change it.")
                form.add_error(None, changed.as_error(sentence))
            else:
                messages.success(
                    request, _("The form is changed. Reports already asked for stay as they are.")
                )
                return redirect("form_detail", code=row.code)
    context = {
        "form": form,
        "form_row": row,
        "crumbs": [
            *_crumbs(),
            {"label": row.label, "url": reverse("form_detail", args=[row.code])},
            {"label": _("Change")},
        ],
    }
    return render(request, "reporting/form_edit.html", context, status=status)


def _put_errors(form: FormChangeForm, error: ValidationError) -> None:
    """Beside the field where there is one; of the sections, above the page."""
    by_field = error.error_dict if hasattr(error, "error_dict") else {"": error.error_list}
    for name, errors in by_field.items():
        form.add_error(name if name in form.fields else None, errors)


def _sections(form: Form, catalogue: Sequence[Indicator]) -> list[dict[str, Any]]:
    """The form's sections, each with its indicators in the reader's words."""
    asked = {row.indicator: row for row in form.indicators.all()}
    by_section: dict[str, list[Any]] = {}
    for indicator in catalogue:
        if indicator.code in asked:
            names = [label_of(name) for name in asked[indicator.code].breakdowns]
            by_section.setdefault(indicator.section, []).append((indicator, names))
    return [
        {"row": section, "indicators": by_section.get(section.section, [])} for section in form.sections.all()
    ]


def _history(form: Form, request: HttpRequest, catalogue: Sequence[Indicator]) -> dict[str, Any]:
    assert isinstance(request.user, User)
    of_form = Q(form=form.pk)
    is_english = get_language() == "en"
    called = {one.code: one.name_en if is_english else one.name for one in catalogue}
    entries = record_history(
        form,
        reader=request.user,
        related=[
            Related(FormSection, of_form, columns=["section", "order", "title", "is_narrative_required"]),
            Related(FormIndicator, of_form, columns=["breakdowns"], differ=_asked_differently(called)),
            Related(FormFiler, of_form, columns=["agency_kind", "level"]),
        ],
    )
    others = request.GET.copy()
    others.pop(PAGE_PARAMETER, None)
    page = Paginator(entries, ENTRIES_A_PAGE).get_page(request.GET.get(PAGE_PARAMETER))
    return {"history": page, "rest": others.urlencode()}


def _asked_differently(called: Mapping[str, str]) -> Callable[[Any, Any, Any, Any], Iterator[ChangedField]]:
    """Tells in words that an indicator was taken in or out, or is asked for with other breakdowns.

    ``called`` gives the name of an indicator by its code.
    """

    def said(event: Any) -> str:
        names = [str(label_of(name)) for name in event.breakdowns]
        return _("asked") if not names else f"{_('asked')}: {', '.join(names)}"

    def told(before: Any, now: Any, after: Any, names: Any) -> Iterator[ChangedField]:
        was, what = ("" if event is None else said(event) for event in (before, now))
        if was != what:
            yield ChangedField(called.get(after.indicator, after.indicator), was, what)

    return told


def _crumbs() -> list[dict[str, Any]]:
    return [
        {"label": _("My work"), "url": reverse("home")},
        {"label": _("Forms"), "url": reverse("form_list")},
    ]
