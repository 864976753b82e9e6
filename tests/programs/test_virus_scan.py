"""Uploads go past a virus scanner where one is set up. The daemon here is a real server that speaks INSTREAM."""

import logging
import socketserver
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.files.scanning import Scanned, ScannerPlace
from accounts.files.storing import UnscannedFile
from config.checks import virus_scanner
from programs.attachments import CheckedFile, check_file
from programs.models import Attachment
from tests.programs.cast import Cast, filed, png

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n%%EOF\n"
INFECTED = PDF + b"VIRUS"
NAME = "Danh sách nạn nhân.pdf"


class Daemon(socketserver.BaseRequestHandler):
    """What clamd does: reads chunks until an empty one, and says what it found in them."""

    def handle(self) -> None:
        assert self._read(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack("!L", self._read(4))[0]:
            content += self._read(size)
        self.server.seen.append(content)  # type: ignore[attr-defined]
        self.answer(content)

    def answer(self, content: bytes) -> None:
        found = b"stream: Eicar-Test-Signature FOUND\0" if b"VIRUS" in content else b"stream: OK\0"
        self.request.sendall(found)

    def _read(self, size: int) -> bytes:
        content = b""
        while len(content) < size:
            more = self.request.recv(size - len(content))
            assert more
            content += more
        return content


class Silent(Daemon):
    def answer(self, content: bytes) -> None:
        """Closes without a word."""


class Slow(Daemon):
    def answer(self, content: bytes) -> None:
        self.server.is_over.wait(10)  # type: ignore[attr-defined]


class Full(Daemon):
    def answer(self, content: bytes) -> None:
        self.request.sendall(b"INSTREAM size limit exceeded. ERROR\0")


class Hasty(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        """Closes before it has read anything."""


@contextmanager
def serving(handler: Any, settings: Any, make: Callable[[Any], Any] | None = None) -> Iterator[list[bytes]]:
    """A daemon on a port of its own; what it was sent."""
    server = make(handler) if make else socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler)
    server.daemon_threads, server.seen, server.is_over = True, [], threading.Event()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    address: Any = server.server_address
    settings.CLAMD_ADDRESS = address if isinstance(address, str) else f"{address[0]}:{address[1]}"
    settings.CLAMD_TIMEOUT = 5.0
    try:
        yield server.seen
    finally:
        server.is_over.set()
        server.shutdown()
        thread.join()
        server.server_close()


def upload(content: bytes, name: str = NAME) -> CheckedFile:
    return check_file(SimpleUploadedFile(name, content))


def reason(content: bytes) -> str:
    with pytest.raises(ValidationError) as refused:
        upload(content)
    assert NAME in refused.value.messages[0]
    return str(refused.value.code)


def test_an_infected_file_is_refused_by_name(settings: Any) -> None:
    with serving(Daemon, settings) as seen:
        assert reason(INFECTED) == "infected"
    assert seen == [INFECTED]


@pytest.mark.parametrize("handler", [Silent, Full, Hasty])
def test_a_scanner_that_does_not_answer_lets_nothing_through(settings: Any, handler: Any) -> None:
    with serving(handler, settings):
        assert reason(PDF) == "scanner_away"


def test_a_slow_scanner_lets_nothing_through(settings: Any) -> None:
    with serving(Slow, settings):
        settings.CLAMD_TIMEOUT = 0.2
        assert reason(PDF) == "scanner_away"


def test_a_scanner_that_is_gone_lets_nothing_through_and_the_log_names_no_file(
    settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with serving(Daemon, settings):
        pass
    with caplog.at_level(logging.INFO):
        assert reason(PDF) == "scanner_away"
    assert "The virus scanner is away (ConnectionRefusedError)" in caplog.text
    assert "Danh" not in caplog.text


def test_a_clean_file_says_that_it_was_scanned(settings: Any, cast: Cast) -> None:
    with serving(Daemon, settings):
        filed(cast, attachments=[upload(PDF)])
    assert Attachment.objects.get().scanned == Scanned.CLEAN


def test_a_large_file_arrives_whole(settings: Any) -> None:
    content = PDF + bytes(range(256)) * 4096
    with serving(Daemon, settings) as seen:
        assert upload(content).scanned == "clean"
    assert seen == [content]


def test_a_picture_is_scanned_as_it_came(settings: Any) -> None:
    with serving(Daemon, settings) as seen:
        upload(png(), "a.png")
    assert seen == [png()]


def test_a_socket_of_the_same_machine_serves_as_well(settings: Any, tmp_path: Path) -> None:
    path = str(tmp_path / "clamd.ctl")
    with serving(Daemon, settings, lambda handler: socketserver.ThreadingUnixStreamServer(path, handler)):
        assert path == settings.CLAMD_ADDRESS
        assert upload(PDF).scanned == "clean"


def test_a_file_no_scanner_saw_is_not_stored_while_one_is_set_up(settings: Any, cast: Cast) -> None:
    unseen = upload(PDF)
    settings.CLAMD_ADDRESS = "127.0.0.1:1"
    with pytest.raises(UnscannedFile):
        filed(cast, attachments=[unseen])
    assert not Attachment.objects.exists()


def test_without_a_scanner_a_file_says_so(settings: Any) -> None:
    assert settings.CLAMD_ADDRESS == ""
    assert upload(PDF).scanned == "not_configured"


@pytest.mark.parametrize(
    "address", ["clamd", "host:", "host:0", "host:65536", ":3310", "a b:1", "/", "tcp://a:1"]
)
def test_an_address_that_cannot_be_one_is_named_at_start(settings: Any, address: str) -> None:
    settings.CLAMD_ADDRESS = address
    (error,) = virus_scanner(None)
    assert error.id == "portal.E003"
    assert "CLAMD_ADDRESS" in error.msg


@pytest.mark.parametrize(
    "address", ["", "127.0.0.1:3310", "clamd:3310", "[::1]:3310", "/run/clamav/clamd.ctl"]
)
def test_an_address_that_can_be_one_is_taken(settings: Any, address: str) -> None:
    settings.CLAMD_ADDRESS = address
    assert virus_scanner(None) == []


def test_brackets_of_an_address_are_not_part_of_the_host() -> None:
    assert ScannerPlace.of("[::1]:3310") == ScannerPlace(host="::1", port=3310)
