"""Optimistic locking over HTTP: a record's version is its ETag, and a change names it in If-Match."""

import re

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import exceptions, status
from rest_framework.request import Request

from accounts.models import User

#: The header of a change, for the description of the API.
IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="The ETag of the record as it was read.",
)
_MATCH = re.compile(r'\s*(?:W/)?"v(\d{1,9})"\s*', re.ASCII)


class ChangedSince(exceptions.APIException):
    """The record is not at the version the change was made for."""

    status_code = status.HTTP_412_PRECONDITION_FAILED

    def __init__(self, *, version: int, who: User | None, when: object) -> None:
        day = f"{timezone.localtime(when):%d/%m/%Y %H:%M}" if when else ""  # type: ignore[arg-type]
        told = {"who": who.full_name if who else _("Somebody"), "when": day}
        super().__init__(_("%(who)s changed it on %(when)s. Read it again, then send your change.") % told)
        self.etag = etag_of(version)


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
