"""The page of a form: shown, refused with what was typed, or done. One way for every form of tips and cases."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.changing import ChangedMeanwhile
from accounts.models import ReadEvent, User
from accounts.reading import record_reads
from incidents.forms.fields import IncidentForm

Words = str | Promise


@dataclass(frozen=True)
class FormPage:
    """What a form's page says, where it leads, and which records it shows."""

    heading: Words
    submit: Words
    done: Words
    back: str
    crumbs: list[dict[str, Any]]
    lead: Words = ""
    records: Iterable[models.Model] = ()
    is_grave: bool = False
    extra: dict[str, Any] = field(default_factory=dict)


def answer(
    request: HttpRequest, form: IncidentForm, page: FormPage, *, actor: User, save: Callable[[], str]
) -> HttpResponse:
    """Show the form, or save what it sends and go where ``save`` says.

    A change somebody else made meanwhile is 409, a refusal 422; both show the form again as it was typed. The records
    the page shows are recorded as read.
    """
    answered = answer_plainly(request, form, page, save=save)
    if answered.status_code != 302:
        record_reads(actor=actor, records=page.records, how=ReadEvent.How.PAGE)
    return answered


def answer_plainly(
    request: HttpRequest, form: IncidentForm, page: FormPage, *, save: Callable[[], str]
) -> HttpResponse:
    """As `answer`, for a page that shows no protected record."""
    status = 200
    is_conflict = False
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                address = save()
            except ChangedMeanwhile as changed:
                form.add_error(None, _told(changed))
                form.put("version", changed.version)
                status, is_conflict = 409, True
            except ValidationError as error:
                form.refuse(error)
            else:
                messages.success(request, str(page.done))
                return redirect(address)
    context = {"form": form, "page": page, "crumbs": page.crumbs, "is_conflict": is_conflict, **page.extra}
    return render(request, "incidents/form.html", context, status=status)


def _told(changed: ChangedMeanwhile) -> ValidationError:
    message = _(
        "%(who)s changed this record on %(when)s, after you had opened it. Yours is not saved yet:"
        " compare the two, and save again to put yours in the place of theirs."
    )
    return changed.as_error(message)


def typed(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with; None when it is only asked for."""
    return request.POST if request.method == "POST" else None


def crumbs(*further: tuple[Words, str] | tuple[Words]) -> list[dict[str, Any]]:
    """The way to a page, from the reader's work."""
    way: list[dict[str, Any]] = [{"label": _("My work"), "url": reverse("home")}]
    for step in further:
        way.append({"label": step[0], "url": step[1] if len(step) > 1 else ""})
    return way
