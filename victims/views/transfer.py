"""Transfers: what own agency asked for and is asked for, and the answer to one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import ReadEvent, User
from accounts.reading import record_reads
from accounts.row_scope import protected_rows
from territory.text import TextField
from victims.models import Transfer, Victim
from victims.selectors.victim import get_transfer, person
from victims.services.transfer import accept_transfer, may_answer, refuse_transfer, withdraw_transfer
from victims.views.told import crumbs, show_errors


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(
        label=gettext_lazy("Your answer"),
        choices=[("accept", ""), ("refuse", ""), ("withdraw", "")],
        widget=forms.HiddenInput,
    )
    answer_reason = TextField(
        label=gettext_lazy("Why your agency cannot take the person over"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Needed only to refuse. Without names."),
    )


@require_safe
@protected_rows
def transfer_list(request: HttpRequest) -> HttpResponse:
    """Transfers from and to own agency, the newest first."""
    reader = person(request)
    rows = Transfer.objects.visible_to(reader).select_related("from_agency", "to_agency")
    page = Paginator(rows, 25).get_page(request.GET.get("page"))
    _record(reader, list(page), ReadEvent.How.LIST)
    context = {"page_obj": page, "query_string": "", "crumbs": crumbs(_("Transfers"))}
    return render(request, "victims/transfer_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@protected_rows
def transfer_detail(request: HttpRequest, key: Any) -> HttpResponse:
    """One transfer with the least that is needed to answer it."""
    transfer = get_transfer(request, key)
    reader = person(request)
    _record(reader, [transfer], ReadEvent.How.PAGE)
    is_receiver = may_answer(reader, transfer)
    own = Victim.objects.writable_by(reader).filter(pk=transfer.victim_id).first()
    is_sender = own is not None and own.agency_id == transfer.from_agency_id
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        if not (is_receiver or is_sender):
            raise Http404
        if form.is_valid():
            try:
                done = _answer(request, transfer, form)
            except ValidationError as error:
                show_errors(form, error)
            except PermissionDenied:
                raise Http404 from None
            else:
                messages.success(request, _("Saved."))
                if done.state == Transfer.State.ACCEPTED:
                    return redirect("victim_detail", code=done.shown_code)
                return redirect("transfer_detail", key=done.key)
    context = {
        "transfer": transfer,
        "form": form,
        "is_open": transfer.state == Transfer.State.ASKED,
        "is_receiver": is_receiver,
        "is_sender": is_sender,
        "crumbs": [*crumbs(transfer.shown_code)],
    }
    return render(request, "victims/transfer_detail.html", context, status=422 if form.errors else 200)


def _record(reader: User, transfers: list[Transfer], how: ReadEvent.How) -> None:
    """Each transfer tells of a victim, so both were read, the victim also by who may not see the file."""
    victims = [Victim(pk=pk) for pk in {transfer.victim_id for transfer in transfers}]
    record_reads(actor=reader, records=[*transfers, *victims], how=how)


def _answer(request: HttpRequest, transfer: Transfer, form: AnswerForm) -> Transfer:
    actor = person(request)
    answer = form.cleaned_data["answer"]
    if answer == "accept":
        return accept_transfer(actor=actor, transfer=transfer)
    if answer == "withdraw":
        return withdraw_transfer(actor=actor, transfer=transfer)
    return refuse_transfer(actor=actor, transfer=transfer, reason=form.cleaned_data["answer_reason"])
