"""Requests of programs that write: a body in JSON, the version that was read, a key against sending twice."""

from __future__ import annotations

from typing import Any

from django.test import Client

API = "/api/v1"


def send(
    client: Client,
    address: str,
    body: Any = None,
    *,
    method: str = "post",
    version: int | None = None,
    key: str = "",
    secret: str = "",
) -> Any:
    """Send a change to an address under /api/v1/."""
    headers = {"If-Match": f'"v{version}"'} if version is not None else {}
    headers |= {"Idempotency-Key": key} if key else {}
    headers |= {"Authorization": f"Api-Key {secret}"} if secret else {}
    sender = getattr(client, method)
    return sender(f"{API}/{address}/", body or {}, content_type="application/json", headers=headers)


def faults(answer: Any) -> dict[str, str]:
    """What a refusal says of each field."""
    assert answer.status_code == 400, answer.content
    return {error["field"]: error["message"] for error in answer.json()["errors"]}
