"""The electronic signature of a finished PDF: PAdES baseline B, without asking any other machine.

The signature comes last: it is added to the file, which stays the same below it, and nothing may be changed
afterwards. There is no time stamp of a third party; the time in it is this machine's.
"""

from __future__ import annotations

import datetime
import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyhanko.sign import SimpleSigner

FIELD = "ChuKySo"
FIELD_READ_AS = "Chữ ký số của cơ quan ban hành"


class SigningError(Exception):
    """The certificate cannot be used; the message says what to mend."""


@dataclass(frozen=True)
class Certificate:
    """Where the issuing body's key and certificate lie: a PKCS#12 file, and a file that holds its password.

    Raises SigningError when opened, if they cannot be read, do not belong together or hold no key.
    """

    pkcs12_file: Path
    password_file: Path | None = None

    def open(self) -> SimpleSigner:
        """The key, ready to sign."""
        from pyhanko.sign import SimpleSigner

        try:
            content = self.pkcs12_file.read_bytes()
        except OSError as error:
            raise SigningError(f"The file of the certificate cannot be read: {error.strerror}.") from error
        password = None
        if self.password_file is not None:
            try:
                password = self.password_file.read_bytes().strip(b"\r\n")
            except OSError as error:
                raise SigningError(f"The file of the password cannot be read: {error.strerror}.") from error
        try:
            signer: SimpleSigner = SimpleSigner.load_pkcs12_data(content, other_certs=[], passphrase=password)
        except (ValueError, TypeError, AttributeError) as error:
            # What went wrong inside may name the password, so it is not repeated.
            raise SigningError(
                "The certificate is no PKCS#12 file with a key, or its password is wrong."
            ) from error
        if signer.signing_cert is None:
            raise SigningError("The file of the certificate holds a key but no certificate.")
        return signer

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the certificate, hexadecimal."""
        return str(self._certificate().sha256.hex())

    def days(self) -> tuple[datetime.datetime, datetime.datetime]:
        """From when until when the certificate is valid."""
        certificate = self._certificate()
        return certificate.not_valid_before, certificate.not_valid_after

    def _certificate(self) -> Any:
        return self.open().signing_cert


@dataclass(frozen=True)
class Signed:
    """What a file's signature says. `is_intact` is whether nothing of what was signed has changed, and
    `covers_file` whether nothing was added afterwards. Whether the signer is to be trusted is not asked: compare
    the `fingerprint` (SHA-256 of the certificate, hexadecimal) with that of one's own."""

    is_intact: bool
    covers_file: bool
    signer: str
    fingerprint: str
    signed_at: datetime.datetime | None


def sign_pdf(content: bytes, certificate: Certificate, *, reason: str = "", place: str = "") -> bytes:
    """The file with a signature that is not drawn on any page. Raises SigningError."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import PdfSignatureMetadata, PdfSigner
    from pyhanko.sign.fields import InvisSigSettings, SigFieldSpec, SigSeedSubFilter

    signer = certificate.open()
    about = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        reason=reason or None,
        location=place or None,
    )
    field = SigFieldSpec(
        FIELD,
        on_page=0,
        readable_field_name=FIELD_READ_AS,
        # PDF/A wants the print flag; PDF/UA wants what is not tagged to lie outside the page.
        invis_sig_settings=InvisSigSettings(set_print_flag=True, box_out_of_bounds=True),
    )
    made = io.BytesIO()
    PdfSigner(about, signer, new_field_spec=field).sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(content)), output=made
    )
    return made.getvalue()


def read_signature(content: bytes) -> Signed | None:
    """What the last signature of a file says; None when it has none or cannot be read as one."""
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    try:
        found = PdfFileReader(io.BytesIO(content)).embedded_signatures
        if not found:
            return None
        # The signer's own certificate as the root, and nothing fetched: only the signature itself is looked at.
        last = found[-1]
        context = ValidationContext(trust_roots=[last.signer_cert], allow_fetching=False)
        status = validate_pdf_signature(last, signer_validation_context=context)
    except Exception:
        return None
    return Signed(
        is_intact=bool(status.intact and status.valid),
        covers_file=status.coverage is SignatureCoverageLevel.ENTIRE_FILE,
        signer=str(status.signing_cert.subject.human_friendly),
        fingerprint=status.signing_cert.sha256.hex(),
        signed_at=status.signer_reported_dt,
    )
