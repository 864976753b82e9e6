"""Optimistic locking over HTTP: a record's version is its ETag, and a change names it in If-Match."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter
from rest_framework import exceptions
from rest_framework.request import Request

#: The header of a change, for the description of the API.
IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description=gettext_lazy("The ETag of the record as it was read."),
)
_MATCH = re.compile(r'\s*(?:W/)?"v(\d{1,9})"\s*', re.ASCII)


class VersionNeeded(exceptions.APIException):
    """A change came without saying which version it is for."""

    status_code = 428

    def __init__(self) -> None:
        super().__init__(_("Send If-Match with the ETag of the record as you read it."))


def etag_of(version: int) -> str:
    return f'"v{version}"'


def asked_version(request: Request) -> int:
    """The version in If-Match. Raises VersionNeeded without one, ValidationError for one that is none of ours."""
    given = request.headers.get("If-Match")
    if given is None:
        raise VersionNeeded
    match = _MATCH.fullmatch(given)
    if match is None:
        raise exceptions.ValidationError({"If-Match": [_('Send the ETag as you got it, such as "v3".')]})
    return int(match[1])
