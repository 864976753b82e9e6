"""What the proxy of a deployment answers by itself carries the headers of the portal's own answers."""

from __future__ import annotations

import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.proxy import NGINX, Proxy
from tests.faults.sockets import free_port
from tests.reporting.records import until

pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed")

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains; preload",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@pytest.fixture(scope="module")
def proxy() -> Iterator[Proxy]:
    """In front of nothing: the portal is away."""
    with tempfile.TemporaryDirectory() as folder:
        made = Proxy(Path(folder) / "proxy", f"127.0.0.1:{free_port()}")
        made.start()
        until(lambda: _answer(made, "/metrics") is not None, seconds=10)
        yield made
        made.stop()


def _answer(proxy: Proxy, path: str) -> urllib.error.HTTPError | None:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{proxy.port}{path}", timeout=5)
    except urllib.error.HTTPError as error:
        return error
    except OSError:
        return None
    raise AssertionError("nobody is there who could answer")


@pytest.mark.parametrize(("path", "status"), [("/metrics", 404), ("/readyz", 404), ("/", 502)])
def test_an_answer_of_the_proxy_itself_carries_the_headers(proxy: Proxy, path: str, status: int) -> None:
    answer = _answer(proxy, path)

    assert answer is not None
    assert answer.code == status
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert answer.headers["Server"] == "nginx"
