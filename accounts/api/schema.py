"""How the description of the API names the ways of signing in, and the errors that every endpoint may answer with."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension

_PROBLEM_TYPE = "application/problem+json"

#: Errors by status, and whom they are for: every request, those with a body, or those for one record.
_OF_ALL = {
    "400": _("A parameter or a field cannot be read; `errors` names each with what to send instead."),
    "401": _("Nobody is signed in, or the key is not good."),
    "403": _("The role or the key does not do this."),
    "429": _("Too many requests; `Retry-After` says how many seconds to wait."),
}
_OF_RECORDS = {"404": _("There is no such record, or the reader may not know of it.")}
_OF_WRITES = {
    "409": _("The record does not stand where this step starts from."),
    "412": _("The record was changed since it was read."),
    "413": _("The body is too large."),
    "415": _("The body is not JSON."),
    "428": _("`If-Match` is missing."),
}

PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "An error by RFC 9457.",
    "properties": {
        "type": {"type": "string"},
        "status": {"type": "integer"},
        "title": {"type": "string"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "parameter": {"type": "string"},
                    "field": {"type": "string"},
                    "message": {"type": "string"},
                },
                "required": ["message"],
            },
        },
    },
    "required": ["type", "status", "title"],
}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The cookie of the pages; writes also carry the CSRF token."""

    target_class = "accounts.api.sessions.SignedInSession"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        from django.conf import settings

        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}


def with_problems(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Add the errors to every operation. A hook of drf-spectacular."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    for address, operations in result.get("paths", {}).items():
        for method, operation in operations.items():
            if not isinstance(operation, dict) or "responses" not in operation:
                continue
            told = dict(_OF_ALL)
            if "{" in address:
                told |= _OF_RECORDS
            if method in ("post", "put", "patch", "delete"):
                told |= _OF_WRITES | _OF_RECORDS
            for status, description in told.items():
                operation["responses"].setdefault(status, _problem(description))
    return result


def _problem(description: Any) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": str(description), "content": {_PROBLEM_TYPE: {"schema": schema}}}
