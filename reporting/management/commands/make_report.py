"""Make a report from what is in the database and write it to a file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override

from programs.models import Document, Pilot
from reporting.building import NoTemplate, build_snapshot
from reporting.models import MapBasis, ReportDraft, ReportKind
from reporting.rendering.pdf import FontMissing, render_pdf
from reporting.rendering.word import render_docx
from territory.period import CutOff, PeriodError, parse_period
from territory.selectors import AreaUnknown, area_on

RULES = {"nd09": CutOff.ND09, "calendar": CutOff.CALENDAR}


class Command(BaseCommand):
    help = "Make a report: make_report --area 62 --period 2020-H1 --kind six_month --out report.pdf"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--area", required=True, help="code of the area at the end of the period, such as 62"
        )
        parser.add_argument(
            "--period", required=True, help="2020-H1, 2020, 2016..2020 or 2021-05-01..2022-06-30"
        )
        parser.add_argument("--kind", required=True, choices=ReportKind.values)
        parser.add_argument(
            "--rule", default="nd09", choices=RULES, help="cut-off rule (default: Decree 09/2019)"
        )
        parser.add_argument(
            "--map", default=MapBasis.THEN, choices=MapBasis.values, help="the map of that time or today's"
        )
        parser.add_argument("--pilot", type=int, help="key of the pilot, for a pilot assessment")
        parser.add_argument(
            "--document", help="number of the document, such as 2978/BQP-BĐBP, for a progress report"
        )
        parser.add_argument("--draft", help="key of a draft, whose texts, map and template are then used")
        parser.add_argument("--out", required=True, type=Path, help="the PDF to write")
        parser.add_argument("--docx", type=Path, help="the Word file to write of the same snapshot")

    def handle(self, *args: Any, **options: Any) -> None:
        out: Path = options["out"]
        docx: Path | None = options["docx"]
        try:
            period = parse_period(options["period"], RULES[options["rule"]])
            area = area_on(options["area"], period.end)
            subject = _subject(options)
            with override("vi"):
                snapshot = build_snapshot(
                    kind=options["kind"], area=area, period=period, map_basis=options["map"], **subject
                )
                content, pages = render_pdf(snapshot)
                word = render_docx(snapshot) if docx else b""
        except (PeriodError, AreaUnknown, NoTemplate, FontMissing) as error:
            raise CommandError(str(error)) from error
        _write(out, content)
        if docx:
            _write(docx, word)
        self.stdout.write(f"{out}: {snapshot['document']['subject']}, {pages} pages.")


def _subject(options: dict[str, Any]) -> dict[str, Any]:
    """The pilot, document or draft that the report is about. Raises CommandError when it is not known or not named."""
    found: dict[str, Any] = {}
    every = "a command of the server's administrator"
    if options["pilot"]:
        found["pilot"] = Pilot.objects.unscoped(every).filter(pk=options["pilot"]).first()
    if options["document"]:
        numbered = Document.objects.unscoped(every).filter(number=options["document"])
        found["document"] = numbered.select_related("issuer").order_by("-pk").first()
    if options["draft"]:
        found["draft"] = ReportDraft.objects.unscoped(every).filter(key=options["draft"]).first()
    for name, each in found.items():
        if each is None:
            raise CommandError(f"There is no {name} {options[name]}.")
    needed = {ReportKind.PILOT: "pilot", ReportKind.PROGRESS: "document"}.get(options["kind"])
    if needed and needed not in found and "draft" not in found:
        raise CommandError(f"Say what the report is about with --{needed}.")
    return found


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all. Raises CommandError."""
    partial = path.with_name(path.name + ".part")
    try:
        partial.write_bytes(content)
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise CommandError(f"Cannot write {path}: {error.strerror}.") from error
