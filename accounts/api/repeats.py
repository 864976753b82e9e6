"""A request that is sent again: a key of its own, so that it makes no second record and gets the same answer."""

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Callable
from typing import Any, Protocol

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter
from rest_framework import exceptions, serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.lots import remove_in_lots
from accounts.models import SentRequest, User

#: How long a request is known by its key.
KNOWN_FOR = dt.timedelta(hours=24)

#: The header of a request that makes a record, for the description of the API.
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description=gettext_lazy(
        "A UUID. Sent again within 24 hours, the request makes nothing and gets the same answer."
    ),
)


def submission_key(request: Request) -> uuid.UUID:
    """The key of this request; a new one where it names none. Raises ValidationError for what is no UUID."""
    given = request.headers.get("Idempotency-Key")
    if given is None:
        return uuid.uuid4()
    try:
        return uuid.UUID(given)
    except ValueError as error:
        raise serializers.ValidationError({"Idempotency-Key": [_("Send a UUID.")]}) from error


class KeyUsed(exceptions.APIException):
    """The key of a request was used for another one."""

    status_code = 422

    def __init__(self) -> None:
        super().__init__(_("This Idempotency-Key was used for another request. Send a new UUID."))


class Repeatable(Protocol):
    """An endpoint that answers a request that is sent again."""

    def kept_of(self, answer: Response) -> Any:
        """What is kept of an answer for a day."""

    def told_again(self, kept: Any, status: int) -> Response:
        """The answer to the request that is sent again."""


def known_request(sender: User, key: uuid.UUID, digest: str) -> tuple[SentRequest, bool]:
    """The request of a key and whether it is new. Whoever sends the same at the same moment waits for the other.

    Called in a transaction. Raises KeyUsed where the key came with another request.
    """
    SentRequest.objects.filter(user=sender, key=key, sent_at__lt=timezone.now() - KNOWN_FOR).delete()
    known, is_new = SentRequest.objects.get_or_create(user=sender, key=key, defaults={"request": digest})
    if known.request != digest:
        raise KeyUsed
    return known, is_new


def answered_once(
    view: Repeatable, work: Callable[..., Response], request: Request, sender: User
) -> Callable[..., Response]:
    """The work of a request, done once for each key. What is refused or fails leaves the key free."""
    key = submission_key(request)
    digest = _digest(request)

    def once(*args: Any, **kwargs: Any) -> Response:
        with transaction.atomic():
            known, is_new = known_request(sender, key, digest)
            if not is_new:
                again = view.told_again(known.answer, known.status)
                again["Idempotency-Replayed"] = "true"
                if known.etag:
                    again.setdefault("ETag", known.etag)
                return again
            answer = work(*args, **kwargs)
            known.status, known.etag = answer.status_code, answer.get("ETag", "")
            known.answer = json.loads(JSONRenderer().render(view.kept_of(answer)) or "null")
            known.save(update_fields=["status", "etag", "answer"])
        return answer

    return once


def _digest(request: Request) -> str:
    return digest_of([request.method, request.path, request.data])


def digest_of(told: Any) -> str:
    """What a request is known again by."""
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()


def forget_sent_requests() -> int:
    """Forget requests whose day is over. Returns how many."""
    return remove_in_lots(SentRequest.objects.filter(sent_at__lt=timezone.now() - KNOWN_FOR))
