"""Errors as problem+json (RFC 9457): what is wrong, with which field or parameter, and what to do about it."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import set_rollback

from accounts.api.versions import etag_of
from accounts.changing import ChangedMeanwhile


class ProblemRenderer(JSONRenderer):
    media_type = "application/problem+json"


class FilterProblem(exceptions.APIException):
    """Parameters of a list that cannot be read, by name."""

    status_code = status.HTTP_400_BAD_REQUEST

    def __init__(self, errors: Mapping[str, Any]) -> None:
        super().__init__()
        self.errors = errors


class NotNow(exceptions.APIException):
    """The record does not stand where this step starts from."""

    status_code = status.HTTP_409_CONFLICT


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to an error that a view raised; None for one that is ours, which becomes a 500."""
    answer = _answer(error)
    if answer is None:
        return None
    status_code, body, headers = answer
    set_rollback()
    response = Response(
        {"type": "about:blank", "status": status_code, **body}, status=status_code, headers=headers
    )
    response.content_type = ProblemRenderer.media_type
    return response


def _answer(error: Exception) -> tuple[int, dict[str, Any], dict[str, str]] | None:
    headers: dict[str, str] = {}
    match error:
        case ChangedMeanwhile():
            detail = _("%(who)s changed it on %(when)s. Read it again, then send your change.") % error.told
            told = {"title": _("The record was changed meanwhile"), "detail": detail}
            return status.HTTP_412_PRECONDITION_FAILED, told, {"ETag": etag_of(error.version)}
        case FilterProblem():
            body = {
                "title": _("A parameter cannot be read"),
                "errors": [
                    {"parameter": name, "message": message}
                    for name, messages in error.errors.items()
                    for message in messages
                ],
            }
            return error.status_code, body, headers
        case exceptions.ValidationError():
            return error.status_code, _broken(list(_flattened(error.detail))), headers
        case ValidationError():
            return status.HTTP_400_BAD_REQUEST, _broken(_of_django(error)), headers
        case Http404():
            return 404, {"title": _("There is no such record, or you may not see it.")}, headers
        case PermissionDenied():
            return 403, {"title": _("Your role does not do this.")}, headers
        case exceptions.APIException():
            if auth := getattr(error, "auth_header", None):
                headers["WWW-Authenticate"] = auth
            if wait := getattr(error, "wait", None):
                headers["Retry-After"] = f"{wait:.0f}"
            return error.status_code, {"title": str(error.detail)}, headers
        case RecursionError():
            return 400, {"title": _("The body is nested too deep.")}, headers
    return None


def item_result(error: Exception) -> dict[str, Any]:
    """What became of one of several records that were sent together: the same words as an answer about it alone.

    Raises the error itself where it is none that an answer tells of.
    """
    told = _answer(error)
    if told is None:
        raise error
    status_code, body, _headers = told
    return {"status": status_code, **body}


def _broken(errors: list[dict[str, str]]) -> dict[str, Any]:
    return {"title": _("What was sent cannot be stored"), "errors": errors}


def _flattened(detail: Any, at: str = "") -> Iterator[dict[str, str]]:
    """The errors of a serializer, each with the place it belongs to: "quantities.0.as_reported"."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            place = "" if name == "non_field_errors" else str(name)
            yield from _flattened(inner, ".".join(filter(None, (at, place))))
    elif isinstance(detail, list):
        for number, inner in enumerate(detail):
            nested = isinstance(inner, dict)
            yield from _flattened(inner, f"{at}.{number}" if nested and at else at)
    else:
        yield {"field": at, "message": str(detail)}


def _of_django(error: ValidationError) -> list[dict[str, str]]:
    if hasattr(error, "error_dict"):
        return [
            {"field": "" if name == "__all__" else name, "message": message}
            for name, messages in error.message_dict.items()
            for message in messages
        ]
    return [{"field": "", "message": message} for message in error.messages]
