"""A signature over the whole file: intact as issued, broken by one byte, and a start refused without its key."""

import datetime
import io
from pathlib import Path

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID

from config.checks import report_signature
from reporting.rendering import render_pdf
from reporting.rendering.signing import Certificate, SigningError, read_signature, sign_pdf
from tests.reporting.snapshots import kon_tum
from tests.reporting.test_file_structure import conforms

PASSWORD = "mật khẩu thử"


def made_certificate(folder: Path, *, days: int = 400, since: int = -1) -> Certificate:
    """A certificate of its own making, as files. It says nothing about anybody."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Ban Chỉ đạo thử")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + datetime.timedelta(days=since))
        .not_valid_after(now + datetime.timedelta(days=days))
        .add_extension(
            x509.KeyUsage(True, True, False, False, False, False, False, False, False), critical=True
        )
        .sign(key, hashes.SHA256())
    )
    archive = pkcs12.serialize_key_and_certificates(
        b"seal", key, certificate, None, BestAvailableEncryption(PASSWORD.encode())
    )
    (folder / "seal.p12").write_bytes(archive)
    (folder / "password").write_text(PASSWORD + "\n", encoding="utf-8")
    return Certificate(folder / "seal.p12", folder / "password")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return made_certificate(tmp_path_factory.mktemp("seal"))


@pytest.fixture(scope="module")
def printed() -> bytes:
    return render_pdf(kon_tum()).content


@pytest.fixture(scope="module")
def signed(printed: bytes, certificate: Certificate) -> bytes:
    return sign_pdf(printed, certificate, reason="Ban hành báo cáo", place="Kon Tum")


def test_a_signed_report_is_intact_and_signed_whole(signed: bytes, certificate: Certificate) -> None:
    found = read_signature(signed)
    assert found.is_intact
    assert found.covers_file
    assert "Ban Chỉ đạo thử" in found.signer
    assert found.fingerprint == certificate.fingerprint
    assert found.signed_at is not None


def test_the_report_below_the_signature_is_unchanged(signed: bytes, printed: bytes) -> None:
    assert signed.startswith(printed)
    assert read_signature(printed) is None


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_one_changed_byte_is_told(signed: bytes, printed: bytes, share: float) -> None:
    changed = bytearray(signed)
    changed[int(len(printed) * share)] ^= 1
    found = read_signature(bytes(changed))
    assert found is None or not found.is_intact


def test_what_is_added_after_the_signature_is_told(signed: bytes) -> None:
    found = read_signature(signed + b"\n% more")
    assert found is None or not found.covers_file


def test_another_signer_has_another_fingerprint(
    printed: bytes, certificate: Certificate, tmp_path: Path
) -> None:
    other = sign_pdf(printed, made_certificate(tmp_path))
    assert read_signature(other).fingerprint != certificate.fingerprint


def test_a_signed_report_is_still_pdf_a_and_pdf_ua(signed: bytes) -> None:
    conforms(signed)
    with pikepdf.open(io.BytesIO(signed)) as pdf:
        (field,) = pdf.Root.AcroForm.Fields
        assert field.V.SubFilter == "/ETSI.CAdES.detached"
        assert field.F & 4, "PDF/A asks for the print flag"
        assert str(field.TU)
        assert float(field.Rect[2]) < 0, "what is not tagged lies outside the page"


def test_a_wrong_password_is_refused_without_being_told(certificate: Certificate, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("không phải", encoding="utf-8")
    with pytest.raises(SigningError) as refused:
        sign_pdf(b"", Certificate(certificate.pkcs12_file, wrong))
    assert "không phải" not in str(refused.value)


@pytest.mark.parametrize("content", [b"", b"not a key", bytes(range(256))])
def test_a_file_that_is_no_certificate_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "seal.p12").write_bytes(content)
    with pytest.raises(SigningError):
        Certificate(tmp_path / "seal.p12").open()


def checked(settings, certificate: Certificate | None, password: Path | None = None) -> list[str]:
    settings.SIGNING_PKCS12_FILE = str(certificate.pkcs12_file) if certificate else ""
    settings.SIGNING_PASSWORD_FILE = str(password or (certificate and certificate.password_file) or "")
    return [message.id for message in report_signature(None)]


def test_a_start_is_refused_with_a_key_that_cannot_sign(
    settings, certificate: Certificate, tmp_path: Path
) -> None:
    assert checked(settings, None) == []
    assert checked(settings, certificate) == []
    assert checked(settings, None, tmp_path / "password") == ["portal.E005"]
    assert checked(settings, Certificate(tmp_path / "none.p12", certificate.password_file)) == ["portal.E005"]
    assert "SIGNING_PKCS12_FILE" in report_signature(None)[0].hint


def test_a_start_tells_of_a_certificate_that_has_ended_or_soon_will(settings, tmp_path: Path) -> None:
    assert checked(settings, made_certificate(tmp_path, days=10)) == ["portal.W002"]
    assert checked(settings, made_certificate(tmp_path, since=-20, days=-10)) == ["portal.E006"]
