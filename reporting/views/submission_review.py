"""What waits for the coordinator's acceptance, the versions of a submission, and the rules it is checked by."""

import re
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.scoping import scope_of
from programs.selectors.activity import person
from programs.selectors.history.words import Piece, difference
from reporting.models import (
    Indicator,
    Obligation,
    Section,
    SubmissionState,
    SubmissionVersion,
    ValidationRule,
)
from reporting.services.rules import change_rule
from reporting.services.submissions import accept_submissions
from reporting.services.submissions.asked import asked_by
from reporting.services.submissions.nil import name_of
from reporting.submission_rights import get_obligation, submission_of
from territory.figure import Figure, print_figure_vi

_A_PAGE = 50
_CHOICE = re.compile(r"([1-9][0-9]{0,17})-([1-9][0-9]{0,8})", re.ASCII)
#: What the queue may be narrowed by, as the address names it, and the column it narrows.
_FILTERS = {"form": "form", "period": "period_code", "area": "area__code", "kind": "agency__kind__code"}


@require_http_methods(["GET", "HEAD", "POST"])
def submission_queue(request: HttpRequest) -> HttpResponse:
    """Submissions that wait for acceptance in the reader's area, the longest waiting first; several at once."""
    reviewer = person(request)
    if not scope_of(reviewer).may("submission.review"):
        raise PermissionDenied
    if request.method == "POST":
        chosen = [match for each in request.POST.getlist("chosen") if (match := _CHOICE.fullmatch(each))]
        try:
            outcome = accept_submissions(actor=reviewer, chosen=[(int(m[1]), int(m[2])) for m in chosen])
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            if outcome.accepted:
                count = {"count": len(outcome.accepted)}
                messages.success(request, _("Accepted: %(count)d.") % count)
            for name, reason in outcome.refused:
                messages.error(request, f"{name}: {reason}")
        return redirect(request.get_full_path())
    waiting = Obligation.objects.visible_to(reviewer).filter(
        scope_of(reviewer).rows(every="submission.review"), submission__state=SubmissionState.SUBMITTED
    )
    given = {name: request.GET[name][:40].replace("\0", "") for name in _FILTERS if request.GET.get(name)}
    rows = waiting.filter(**{_FILTERS[name]: value for name, value in given.items()}).select_related(
        "form", "agency__kind", "area", "submission__submitted_by"
    )
    page = Paginator(rows.order_by("submission__submitted_at", "pk"), _A_PAGE).get_page(
        request.GET.get("page")
    )
    options = list(
        waiting.order_by()
        .values_list(
            "form",
            "form__name",
            "period_code",
            "area__code",
            "area__name",
            "agency__kind__code",
            "agency__kind__name",
        )
        .distinct()
    )
    context = {
        "page_obj": page,
        "given": given,
        "filters": [
            ("form", _("Form"), _choices(options, 0, 1)),
            ("period", _("Period"), _choices(options, 2, 2)),
            ("area", _("Area"), _choices(options, 3, 4)),
            ("kind", _("Kind of agency"), _choices(options, 5, 6)),
        ],
        "query_string": "&".join(f"{name}={value}" for name, value in given.items()),
        "crumbs": [{"label": _("My work"), "url": reverse("home")}, {"label": _("Waiting for acceptance")}],
    }
    return render(request, "reporting/submission_queue.html", context)


def _choices(rows: list[Any], value: int, label: int) -> list[tuple[str, str]]:
    return sorted({(row[value], row[label]) for row in rows}, key=lambda pair: pair[1])


@require_safe
def submission_versions(request: HttpRequest, pk: int) -> HttpResponse:
    """The versions that were sent, and how two of them differ: the last two, unless others are asked for."""
    obligation = get_obligation(request, pk)
    submission = submission_of(obligation)
    if submission is None:
        raise Http404
    versions = list(submission.versions.select_related("submitted_by"))
    by_number = {version.number: version for version in versions}
    newest = versions[-1].number if versions else 0
    new = by_number.get(_number(request, "new", newest))
    old = by_number.get(_number(request, "old", newest - 1))
    context = {
        "obligation": obligation,
        "versions": versions,
        "old": old,
        "new": new,
        "figures": _figures(obligation, old, new) if old and new else [],
        "texts": _texts(old, new) if old and new else [],
        "crumbs": [
            {"label": _("My work"), "url": reverse("home")},
            {"label": _("Reports owed"), "url": reverse("obligation_list")},
            {"label": str(obligation.form), "url": reverse("submission_edit", args=[pk])},
            {"label": _("Versions")},
        ],
    }
    return render(request, "reporting/submission_versions.html", context)


def _number(request: HttpRequest, name: str, default: int) -> int:
    typed = request.GET.get(name, "")
    return int(typed) if re.fullmatch(r"[0-9]{1,5}", typed, re.ASCII) else default


def _figures(obligation: Obligation, old: SubmissionVersion, new: SubmissionVersion) -> list[dict[str, Any]]:
    """The figures of both versions side by side, each with whether it changed."""
    names = {each.code: name_of(each.indicator) for each in asked_by(obligation.form, obligation)}
    before, after = _by_key(old), _by_key(new)
    rows = []
    for key in {**before, **after}:
        code, _slash, part = key.partition("/")
        name = f"{names.get(code, code)} – {part}" if part else names.get(code, code)
        was, now = before.get(key, ""), after.get(key, "")
        rows.append({"name": name, "before": was, "after": now, "is_changed": was != now})
    return rows


def _by_key(version: SubmissionVersion) -> dict[str, str]:
    return {
        each["key"]: print_figure_vi(Figure.from_json(each["figure"]), pad=False)
        for each in version.content["figures"]
    }


def _texts(old: SubmissionVersion, new: SubmissionVersion) -> list[tuple[str, list[Piece]]]:
    before = {each["section"]: each["text"] for each in old.content["texts"]}
    after = {each["section"]: each["text"] for each in new.content["texts"]}
    return [
        (str(Section(section).label), difference(before.get(section, ""), after.get(section, "")))
        for section in {**before, **after}
    ]


class RuleForm(forms.Form):
    """Whether a rule is used, and from which change on a jump is told."""

    is_active = forms.BooleanField(required=False)
    percent = forms.IntegerField(min_value=1, max_value=1000, required=False)
    at_least = forms.IntegerField(min_value=1, max_value=1_000_000, required=False)


@require_http_methods(["GET", "HEAD", "POST"])
def validation_rules(request: HttpRequest) -> HttpResponse:
    """The rules by which submissions are checked: on or off, and the limits of a jump."""
    actor = person(request)
    if not scope_of(actor).may("rule.manage"):
        raise PermissionDenied
    if request.method == "POST":
        rule = ValidationRule.objects.filter(code=request.POST.get("code", "")).first()
        if rule is None:
            raise Http404
        form = RuleForm(request.POST)
        if form.is_valid():
            given = form.cleaned_data
            change_rule(
                actor=actor,
                rule=rule,
                is_active=given["is_active"],
                percent=given["percent"],
                at_least=given["at_least"],
            )
            messages.success(request, _("The rule is changed."))
            return redirect("validation_rules")
        messages.error(request, _("Type whole numbers: percent from 1 to 1000, and how many at least."))
    context = {
        "rules": _rules_shown(),
        "crumbs": [{"label": _("My work"), "url": reverse("home")}, {"label": _("Validation rules")}],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "reporting/validation_rules.html", context, status=status)


def _rules_shown() -> list[dict[str, Any]]:
    """Each rule with the names of the indicators it is about."""
    rules = list(ValidationRule.objects.all())
    named = {rule.params.get(role) for rule in rules for role in ("indicator", "limit", "with")}
    names = {each.code: name_of(each) for each in Indicator.objects.filter(code__in=named - {None})}
    return [
        {"rule": rule}
        | {role: names.get(code) for role, code in rule.params.items() if isinstance(code, str)}
        for rule in rules
    ]
