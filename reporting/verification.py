"""Whether a report is genuine: what the public is told of a code, and what `verify_reports` looks at."""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from io import BytesIO
from typing import Any

from reporting.models import Report
from reporting.rendering import SnapshotError, check_snapshot
from reporting.rendering.pdf import SNAPSHOT_NAME, public_snapshot
from reporting.rendering.signing import read_signature
from reporting.services.issuing import content_hash
from reporting.services.numbers import as_printed

_OUT = (Report.State.ISSUED, Report.State.SUPERSEDED)
_NUMBER = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?")


class Standing(Enum):
    """What the public may learn of a code."""

    CURRENT = "current"
    SUPERSEDED = "superseded"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Verdict:
    """Whether a code belongs to an issued report, and the hash that its paper must show; nothing of the report."""

    standing: Standing
    code: str = ""
    content_hash: str = ""
    file_hash: str = ""

    @property
    def is_genuine(self) -> bool:
        return self.standing is not Standing.UNKNOWN

    def holds(self, content: bytes) -> bool:
        """Whether a file is, byte for byte, the issued PDF of this code."""
        return self.is_genuine and hashlib.sha256(content).hexdigest() == self.file_hash


def look_up(typed: str) -> Verdict:
    """The verdict on a code as somebody typed it. One query; a code that cannot be one asks the database nothing."""
    code = as_printed(typed)
    if not code:
        return Verdict(Standing.UNKNOWN)
    every = Report.objects.unscoped("the public learns only whether the code was given")
    found = every.filter(code=code, state__in=_OUT).values("state", "snapshot_sha256", "sha256").first()
    if found is None:
        return Verdict(Standing.UNKNOWN, code)
    standing = Standing.CURRENT if found["state"] == Report.State.ISSUED else Standing.SUPERSEDED
    return Verdict(standing, code, found["snapshot_sha256"], found["sha256"])


def faults_of(report: Report) -> Iterator[str]:
    """What is wrong with an issued report, a sentence each: its snapshot, its figures, its files, its place in the
    chain of revisions."""
    yield from _snapshot_faults(report)
    yield from _figure_faults(report)
    yield from _file_faults(report)
    if report.state == Report.State.SUPERSEDED and not hasattr(report, "revised_by"):
        yield "it is superseded, and no revision of it is there"
    revision = getattr(report, "revised_by", None)
    if report.state == Report.State.ISSUED and revision is not None and revision.state in _OUT:
        yield "it counts as current although a revision of it was issued"


def check_all() -> Iterator[tuple[Report, str]]:
    """Every fault of every issued report."""
    every = Report.objects.unscoped("every issued report is looked at").filter(state__in=_OUT)
    numbers: dict[tuple[int, str, int, int], Report] = {}
    for report in every.select_related("area", "revised_by").order_by("pk").iterator(chunk_size=20):
        for fault in faults_of(report):
            yield report, fault
        assert report.number is not None and report.issued_on is not None
        key = (report.area_id, report.symbol, report.issued_on.year, report.number)
        if key in numbers:
            yield report, f"its number was given before, to report {numbers[key].key}"
        numbers[key] = report


def _snapshot_faults(report: Report) -> Iterator[str]:
    try:
        check_snapshot(report.snapshot)
    except SnapshotError as error:
        yield f"its snapshot does not fit the schema: {error}"
        return
    if content_hash(report.snapshot) != report.snapshot_sha256:
        yield "its snapshot is not the one that was issued: the hash differs"
    document = report.snapshot["document"]
    stands = (document["number"], document["date"], document["signer"]["name"])
    if stands != (
        report.number,
        report.issued_on.isoformat() if report.issued_on else None,
        report.signer_name,
    ):
        yield "number, date or signer differ between the snapshot and the register"


def _figure_faults(report: Report) -> Iterator[str]:
    """Each figure computed again from its bounds, and looked for in every text that cites it."""
    figures: dict[str, Any] = report.snapshot.get("figures", {})
    for key, figure in figures.items():
        if figure["status"] == "reported" and not _prints(figure):
            yield f"figure {key} is printed as {figure['printed']!r}, which is not what its value says"
    for section in report.snapshot.get("sections", []):
        for block in section["blocks"]:
            for paragraph in block.get("paragraphs", []) if block["type"] == "paragraphs" else []:
                for key in paragraph["figures"]:
                    if figures[key]["printed"] not in paragraph["text"]:
                        yield f"a text of {section['title']!r} cites figure {key} and does not hold it"


def _prints(figure: dict[str, Any]) -> bool:
    """Whether every number in the printed figure is one of its bounds; words and open ends print no other number."""
    printed = figure["printed"].removesuffix(figure["unit"])
    numbers = {Decimal(n.replace(".", "").replace(",", ".")) for n in _NUMBER.findall(printed)}
    bounds = {Decimal(figure[side]) for side in ("low", "high") if figure[side] is not None}
    if figure["qualifier"] == "exact":
        return numbers == bounds
    return numbers <= bounds


def _file_faults(report: Report) -> Iterator[str]:
    for name, kept, sha256 in (
        ("PDF", report.file, report.sha256),
        ("Word file", report.docx, report.docx_sha256),
    ):
        try:
            with kept.open("rb") as stored:
                content = stored.read()
        except (OSError, ValueError):
            yield f"its {name} is missing"
            continue
        if hashlib.sha256(content).hexdigest() != sha256:
            yield f"its {name} is not the one that was issued: the hash differs"
        if name == "PDF":
            yield from _content_faults(report, content)


def _content_faults(report: Report, content: bytes) -> Iterator[str]:
    """What travels within the PDF: the snapshot, and the signature where it was signed."""
    if _embedded(content) != json.loads(json.dumps(public_snapshot(report.snapshot))):
        yield "the figures that travel within its PDF are not those of its snapshot"
    if report.is_signed:
        signed = read_signature(content)
        if signed is None or not signed.is_intact or not signed.covers_file:
            yield "its electronic signature is missing or broken"


def _embedded(content: bytes) -> Any:
    """The snapshot within a PDF, or None."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        names = PdfFileReader(BytesIO(content)).root["/Names"]["/EmbeddedFiles"]["/Names"]
        files = {str(names[at]): names[at + 1] for at in range(0, len(names), 2)}
        return json.loads(files[SNAPSHOT_NAME]["/EF"]["/F"].data)
    except Exception:
        return None
