"""How many requests a person may make in a minute, counted by each web process for itself."""

from typing import Any

from django.core.cache import caches
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import UserRateThrottle


class _Throttle(UserRateThrottle):
    cache = caches["counts"]
    is_for_reads: bool

    def allow_request(self, request: Request, view: Any) -> bool:
        if (request.method in SAFE_METHODS) is not self.is_for_reads:
            return True
        return super().allow_request(request, view)


class ReadThrottle(_Throttle):
    scope = "read"
    is_for_reads = True


class WriteThrottle(_Throttle):
    scope = "write"
    is_for_reads = False
