"""Exports of case data a person may know of."""

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from accounts.models import User
from accounts.scoping import scope_of
from victims.models import CaseExport
from victims.services.export import APPROVE, ASK


def exporter(request: HttpRequest, *verbs: str) -> User:
    """Who asks. Raises PermissionDenied for a role that neither asks for exports nor approves them."""
    user = request.user
    if not isinstance(user, User) or not any(map(scope_of(user).may, verbs or (ASK, APPROVE))):
        raise PermissionDenied
    return user


def exports_seen_by(user: User) -> Any:
    """The exports of own areas, the newest first."""
    return CaseExport.objects.visible_to(user).select_related("area", "asked_by", "answered_by")


def get_export(request: HttpRequest, key: uuid.UUID) -> CaseExport:
    """An export of an own area. Raises Http404 for one that does not exist or lies elsewhere."""
    user = request.user
    if not isinstance(user, User):
        raise Http404
    found: CaseExport | None = exports_seen_by(user).filter(key=key).first()
    if found is None:
        raise Http404
    return found
