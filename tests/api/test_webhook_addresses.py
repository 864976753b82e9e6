"""Where messages may go: to public hosts over TLS; never behind our own walls, and only to whom was asked for."""

from __future__ import annotations

import datetime as dt
import ssl
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pytest_django import Settings

from accounts.webhooks.addresses import AddressRefused, find_target
from accounts.webhooks.sending import Outcome, post
from tests.api.receiver import receiving


@pytest.fixture(autouse=True)
def as_served(settings: Settings) -> None:
    settings.WEBHOOK_PLAIN_LOCALHOST = False


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/hook",
        "https://localhost/hook",
        "https://127.1/hook",
        "https://2130706433/hook",
        "https://0x7f.0.0.1/hook",
        "https://0.0.0.0/hook",
        "https://10.0.0.7/hook",
        "https://172.16.3.4/hook",
        "https://192.168.1.1/hook",
        "https://100.64.0.1/hook",
        "https://169.254.169.254/latest/meta-data/",
        "https://198.51.100.7/hook",
        "https://224.0.0.1/hook",
        "https://255.255.255.255/hook",
        "https://[::1]/hook",
        "https://[::]/hook",
        "https://[fe80::1]/hook",
        "https://[fd00:ec2::254]/hook",
        "https://[::ffff:10.0.0.7]/hook",
        "https://[64:ff9b::7f00:1]/hook",
        "https://[2002:7f00:1::]/hook",
        "https://[ff02::1]/hook",
    ],
)
def test_nothing_is_sent_behind_our_walls(url: str) -> None:
    with pytest.raises(AddressRefused, match=r"private network|not known"):
        find_target(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.vn/hook",
        "http://example.vn/hook",
        "http://localhost/hook",
        "ftp://example.vn/hook",
        "file:///etc/passwd",
        "https:///hook",
        "https://",
        "https://user@example.vn/hook",
        "https://user:word@example.vn/hook",
        "https://@example.vn/hook",
        "https://example.vn/hook#part",
        "https://example.vn:99999/hook",
        "https://example.vn:port/hook",
        "https://exa mple.vn/hook",
        "https://example.vn/\r\nX-More: 1",
        "https://[::1/hook",
        "https://ví-dụ.vn/hook",
        "https://example.vn/" + "a" * 300,
        "https://no-such-host.invalid/hook",
    ],
)
def test_what_is_no_address_of_a_host_over_tls_is_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        find_target(url)


def test_a_public_host_is_spoken_to_at_the_address_it_was_found_at(settings: Settings) -> None:
    target = find_target("https://8.8.8.8:8443/hook?a=1")
    assert (target.address, target.port, target.path) == ("8.8.8.8", 8443, "/hook?a=1")
    assert target.host_header == "8.8.8.8:8443"
    settings.WEBHOOK_PRIVATE_HOSTS = ["localhost"]
    assert find_target("https://localhost/hook").address == "127.0.0.1"
    with pytest.raises(AddressRefused):
        find_target("https://127.0.0.1/hook")


def test_a_host_of_our_own_is_spoken_to_under_its_own_certificate(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WEBHOOK_PRIVATE_HOSTS = ["localhost"]
    outcomes = {}
    for host in ("localhost", "elsewhere.example.vn"):
        trusted, context = certificate(tmp_path, host)
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        with receiving(context) as receiver:
            outcomes[host] = post(receiver.url("https"), headers={"webhook-id": "1"}, body=b"{}")
            assert [each.headers["host"] for each in receiver.requests] == (
                [f"localhost:{receiver.port}"] if host == "localhost" else []
            )

    assert outcomes == {"localhost": Outcome(204), "elsewhere.example.vn": Outcome(trouble="no_answer")}


def test_a_server_that_is_away_or_speaks_no_http_is_no_failure_of_ours(settings: Settings) -> None:
    settings.WEBHOOK_PLAIN_LOCALHOST = True
    with receiving() as receiver:
        url, over_tls = receiver.url(), receiver.url("https")
        settings.WEBHOOK_PRIVATE_HOSTS = ["localhost"]
        assert post(over_tls, headers={}, body=b"{}") == Outcome(trouble="no_answer")
    assert post(url, headers={}, body=b"{}") == Outcome(trouble="no_answer")
    assert post("https://10.0.0.7/", headers={}, body=b"{}") == Outcome(trouble="address")


def certificate(folder: Path, host: str) -> tuple[Path, ssl.SSLContext]:
    """A certificate of a host that vouches for itself: the file to trust, and what a server needs."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = dt.datetime.now(dt.UTC)
    made: Any = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / f"{host}.pem", folder / f"{host}.key"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return public, context
