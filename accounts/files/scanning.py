"""Uploads are shown to ClamAV's daemon before anything else opens them, where one is set up (CLAMD_ADDRESS)."""

import logging
import re
import socket
import struct
import time
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

_CHUNK = 64 * 1024
_LONGEST_REPLY = 4096
_HOST_AND_PORT = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.-]+):(?P<port>[0-9]{1,5})", re.ASCII)
_log = logging.getLogger(__name__)


class Scanned(models.TextChoices):
    """What was known of viruses when a file was stored; an infected file is never stored."""

    NOT_CONFIGURED = "not_configured", _("not scanned: no scanner is set up")
    CLEAN = "clean", _("scanned, nothing found")


class ScannerAway(Exception):
    """The scanner did not say that the content is clean, nor that it is not."""


@dataclass(frozen=True)
class ScannerPlace:
    """Where the daemon listens: a path of a socket, or a host and a port."""

    path: str = ""
    host: str = ""
    port: int = 0

    @classmethod
    def of(cls, address: str) -> "ScannerPlace":
        """Read "host:port", "[::1]:3310" or "/run/clamav/clamd.ctl". Raises ValueError for anything else."""
        if address.startswith("/") and PurePosixPath(address).name and "\0" not in address:
            return cls(path=address)
        match = _HOST_AND_PORT.fullmatch(address)
        if match is None or not 0 < int(match["port"]) < 65536:
            raise ValueError("neither host:port nor the path of a socket")
        return cls(host=match["host"].strip("[]"), port=int(match["port"]))

    def connect(self, timeout: float) -> socket.socket:
        if not self.path:
            return socket.create_connection((self.host, self.port), timeout=timeout)
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.settimeout(timeout)
            connection.connect(self.path)
        except BaseException:
            connection.close()
            raise
        return connection


def is_scanning() -> bool:
    """Whether a scanner is set up."""
    return bool(settings.CLAMD_ADDRESS)


def is_clean(content: bytes) -> bool:
    """Whether the scanner finds nothing in the content.

    Raises ScannerAway when it cannot be reached, is not done in CLAMD_TIMEOUT seconds, or answers neither.
    """
    try:
        answer = _ask(ScannerPlace.of(settings.CLAMD_ADDRESS), content)
    except (OSError, ValueError) as error:
        _log.error("The virus scanner is away (%s): an upload was refused.", type(error).__name__)
        raise ScannerAway from error
    if answer == "stream: OK":
        return True
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        _log.warning("The virus scanner found something in an upload, which was refused.")
        return False
    _log.error("The virus scanner answered neither clean nor infected: an upload was refused.")
    raise ScannerAway


def _ask(place: ScannerPlace, content: bytes) -> str:
    """What the daemon says to the content, by its command INSTREAM: chunks with their lengths, an empty one last."""
    ends_at = time.monotonic() + settings.CLAMD_TIMEOUT

    def left() -> float:
        seconds: float = ends_at - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        return seconds

    with place.connect(left()) as connection:
        connection.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), _CHUNK):
            chunk = content[start : start + _CHUNK]
            connection.settimeout(left())
            connection.sendall(struct.pack("!L", len(chunk)) + chunk)
        connection.sendall(struct.pack("!L", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < _LONGEST_REPLY:
            connection.settimeout(left())
            received = connection.recv(_LONGEST_REPLY)
            if not received:
                break
            answer += received
    return answer.decode("utf-8", "replace").rstrip("\0\n")
