"""What the process checks of itself when it starts, each with the name of the variable to mend."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register


@register()
def environment(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse to start with a missing or weak secret, or open to the world without TLS."""
    found: list[CheckMessage] = []
    if len(settings.SECRET_KEY) < 50:
        found.append(
            Error(
                "SECRET_KEY is missing or shorter than 50 characters.",
                hint="Set SECRET_KEY in the environment, or run scripts/setup, which makes one in var/dev.env.",
                id="portal.E001",
            )
        )
    local = {"127.0.0.1", "localhost", "[::1]", "testserver", ".localhost"}
    if not settings.HTTPS_ONLY and not settings.DEBUG and not set(settings.ALLOWED_HOSTS) <= local:
        found.append(
            Warning(
                "ALLOWED_HOSTS names a public host, but HTTPS_ONLY is off: cookies travel in the clear.",
                hint="Set HTTPS_ONLY=1 and serve the portal behind TLS.",
                id="portal.W001",
            )
        )
    engine = settings.DATABASES["default"]["ENGINE"]
    if engine != "config.postgres":
        found.append(
            Error(
                "DATABASE_URL does not name a PostgreSQL database.",
                hint="Use postgres://user:password@host:5432/name.",
                id="portal.E002",
            )
        )
    return found
