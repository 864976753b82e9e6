"""What the process checks of itself when it starts, each with the name of the variable to mend."""

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.core.exceptions import ImproperlyConfigured

from accounts.field_keys import read_keys
from accounts.files.scanning import ScannerPlace


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
    try:
        read_keys(settings.FIELD_KEYS)
    except ImproperlyConfigured as error:
        found.append(
            Error(
                str(error),
                hint="Set FIELD_KEYS in the environment, or run scripts/setup, which makes a key in var/dev.env.",
                id="portal.E003",
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


@register()
def breached_passwords(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse to start with a file of breached passwords that is not there. Empty means that none is looked up."""
    file = settings.BREACHED_PASSWORDS_FILE
    if not file or Path(file).is_file():
        return []
    hint = "Set BREACHED_PASSWORDS_FILE to a file this process can read, or leave it out."
    return [Error("BREACHED_PASSWORDS_FILE names no file.", hint=hint, id="portal.E007")]


#: No setting makes the portal keep something for less.
_FEWEST_DAYS_KEPT = 30


@register()
def days_kept(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse to start where what people made or were told would be removed before they could have looked at it."""
    hint = f"Use {_FEWEST_DAYS_KEPT} days or more, or leave it out."
    return [
        Error(f"{name} is less than {_FEWEST_DAYS_KEPT} days.", hint=hint, id="portal.E008")
        for name in ("DRAFT_KEEP_DAYS", "NOTICE_KEEP_DAYS", "REPORT_KEEP_DAYS")
        if getattr(settings, name) < _FEWEST_DAYS_KEPT
    ]


@register()
def virus_scanner(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse to start with an address of the virus scanner that cannot be one. Empty means that there is none."""
    found: list[CheckMessage] = []
    if settings.CLAMD_ADDRESS:
        try:
            ScannerPlace.of(settings.CLAMD_ADDRESS)
        except ValueError as error:
            hint = "Use host:port, such as 127.0.0.1:3310, or a path such as /run/clamav/clamd.ctl."
            found.append(Error(f"CLAMD_ADDRESS is {error}.", hint=hint, id="portal.E003"))
    if settings.CLAMD_TIMEOUT <= 0:
        hint = "Use seconds, such as 15, or leave it out."
        found.append(Error("CLAMD_TIMEOUT is not above zero.", hint=hint, id="portal.E004"))
    return found


@register()
def report_signature(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Refuse to start with a certificate that cannot sign; warn of one that soon cannot. Empty means none."""
    if not settings.SIGNING_PKCS12_FILE:
        if not settings.SIGNING_PASSWORD_FILE:
            return []
        hint = "Set SIGNING_PKCS12_FILE to the PKCS#12 file of the certificate, or leave both out."
        return [Error("SIGNING_PASSWORD_FILE is set without a certificate.", hint=hint, id="portal.E005")]
    from reporting.rendering.signing import Certificate, SigningError

    password = Path(settings.SIGNING_PASSWORD_FILE) if settings.SIGNING_PASSWORD_FILE else None
    try:
        since, until = Certificate(Path(settings.SIGNING_PKCS12_FILE), password).days()
    except SigningError as error:
        hint = "Set SIGNING_PKCS12_FILE and SIGNING_PASSWORD_FILE to files this process can read, or leave both out."
        return [Error(f"Reports cannot be signed. {error}", hint=hint, id="portal.E005")]
    now = datetime.datetime.now(datetime.UTC)
    renew = "Put a valid certificate at SIGNING_PKCS12_FILE, or leave it out; reports are then not signed."
    if not since <= now <= until:
        said = (
            f"The certificate of SIGNING_PKCS12_FILE is valid from {since:%d/%m/%Y} to {until:%d/%m/%Y} only."
        )
        return [Error(said, hint=renew, id="portal.E006")]
    if until - now < datetime.timedelta(days=30):
        return [
            Warning(
                f"The certificate of SIGNING_PKCS12_FILE ends on {until:%d/%m/%Y}.",
                hint=renew,
                id="portal.W002",
            )
        ]
    return []
