"""A request that is sent again: a key of its own, so that it makes no second record."""

import uuid

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request

#: The header of a request that makes a record, for the description of the API.
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="A UUID: sent again, it makes no second record.",
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
