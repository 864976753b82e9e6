"""How many requests a person or a key may make in a minute, counted by each web process for itself."""

import math
from typing import Any

from django.core.cache import caches
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle, UserRateThrottle

from accounts.models import ApiKey


class _Throttle(UserRateThrottle):
    cache = caches["counts"]
    is_for_reads: bool

    def allow_request(self, request: Request, view: Any) -> bool:
        if (request.method in SAFE_METHODS) is not self.is_for_reads or isinstance(request.auth, ApiKey):
            return True
        return super().allow_request(request, view)


class ReadThrottle(_Throttle):
    scope = "read"
    is_for_reads = True


class WriteThrottle(_Throttle):
    scope = "write"
    is_for_reads = False


class KeyThrottle(SimpleRateThrottle):
    """The requests of one key, as many a minute as it was given. Answers carry what is left of them."""

    cache = caches["counts"]
    scope = "key"
    rate = "120/min"
    history: list[float]
    now: float
    duration: int | None

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        if not isinstance(request.auth, ApiKey):
            return None
        self.num_requests = request.auth.per_minute
        request.key_throttle = self  # type: ignore[attr-defined]
        return f"throttle_key_{request.auth.pk}"

    def headers(self) -> dict[str, str]:
        """The limit, what is left, and in how many seconds all of it is back."""
        assert self.num_requests is not None and self.duration is not None
        oldest = self.history[-1] if self.history else self.now
        return {
            "RateLimit-Limit": str(self.num_requests),
            "RateLimit-Remaining": str(max(0, self.num_requests - len(self.history))),
            "RateLimit-Reset": str(max(0, math.ceil(self.duration - (self.now - oldest)))),
        }
