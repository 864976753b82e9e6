"""Transfers of files between agencies and provinces: asked for by one, answered by the other."""

from collections.abc import Callable, Iterable
from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import Text
from accounts.api.problems import NotNow
from accounts.api.protected import ProtectedViews, in_row_scope
from accounts.api.repeats import IDEMPOTENCY_KEY
from accounts.api.typed import body_of, judged, object_sent
from accounts.models import User
from accounts.scoping import scope_of
from territory.text import TextField
from victims.api.shapes import TransferSerializer
from victims.forms.steps import TransferForm
from victims.models import Transfer, Victim
from victims.selectors.victim import find_victim, get_transfer
from victims.services.support import TransitionNotAllowed
from victims.services.transfer import (
    accept_transfer,
    ask_transfer,
    may_answer,
    refuse_transfer,
    withdraw_transfer,
)

_KEY = OpenApiParameter("key", str, OpenApiParameter.PATH, description=_("The key of the transfer."))


class RefusalSerializer(serializers.Serializer[Any]):
    """Why own agency cannot take the person over, without names."""

    answer_reason = Text(max_length=300)


def _answering(request: Any = None) -> Callable[..., Any]:
    """Describe an answer to a transfer: what it takes, and what it gives."""
    return extend_schema(request=request, parameters=[_KEY, IDEMPOTENCY_KEY], responses=TransferSerializer)


class TransferViews(ProtectedViews):
    """Transfers that own agency asked for, or that it is asked for. The file behind each one given is noted."""

    serializer_class = TransferSerializer
    lookup_field = "key"
    lookup_value_regex = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    named_by = "key"

    def may_read(self, reader: User) -> bool:
        return scope_of(reader).may("victim.read")

    def may_write(self, reader: User) -> bool:
        return scope_of(reader).may("victim.write")

    def visible(self, reader: User) -> Any:
        return Transfer.objects.visible_to(reader).select_related("from_agency", "to_agency")

    def records_shown(self, rows: Iterable[Transfer]) -> Iterable[Any]:
        """Each transfer tells of a victim, also to who may not see the file."""
        shown = list(rows)
        return [*shown, *(Victim(pk=pk) for pk in {row.victim_id for row in shown})]

    @extend_schema(
        request=body_of(
            TransferForm, more={"victim": TextField(label=_("Code of the victim"), max_length=9)}
        ),
        responses={201: TransferSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    @in_row_scope
    def create(self, request: Request) -> Response:
        """Ask another agency, of any province, to take over the person whose code is given."""
        body = object_sent(request)
        victim = find_victim(self.reader, str(body.pop("victim", "")), needs="victim.write")
        form = judged(body, lambda typed: TransferForm(typed, actor=self.reader, victim=victim))
        made = ask_transfer(actor=self.reader, victim=victim, **form.cleaned_data)
        return self.answer(made, status=status.HTTP_201_CREATED)

    @_answering()
    @action(detail=True, methods=["post"])
    @in_row_scope
    def accept(self, request: Request, key: str) -> Response:
        """Take the person over: the file comes to own agency. For the agency that is asked."""
        return self._answer(accept_transfer, self._asked(request, key))

    @_answering(RefusalSerializer)
    @action(detail=True, methods=["post"])
    @in_row_scope
    def refuse(self, request: Request, key: str) -> Response:
        """Refuse with a reason. For the agency that is asked."""
        transfer = self._asked(request, key)
        sent = RefusalSerializer(data=object_sent(request))
        sent.is_valid(raise_exception=True)
        return self._answer(refuse_transfer, transfer, reason=sent.validated_data["answer_reason"])

    @_answering()
    @action(detail=True, methods=["post"])
    @in_row_scope
    def withdraw(self, request: Request, key: str) -> Response:
        """Take the request back. For the agency that asked."""
        transfer = get_transfer(request, key)
        if not Victim.objects.writable_by(self.reader).filter(pk=transfer.victim_id).exists():
            raise Http404
        return self._answer(withdraw_transfer, transfer)

    def _asked(self, request: Request, key: str) -> Transfer:
        """A transfer that own agency is asked for and the reader answers. Raises Http404."""
        transfer = get_transfer(request, key)
        if not may_answer(self.reader, transfer):
            raise Http404
        return transfer

    def _answer(self, verb: Any, transfer: Transfer, **told: Any) -> Response:
        """The transfer after its answer. Raises NotNow for a second one."""
        try:
            verb(actor=self.reader, transfer=transfer, **told)
        except TransitionNotAllowed as refused:
            raise NotNow(" ".join(refused.messages)) from refused
        return self.answer(transfer)
