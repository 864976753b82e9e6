"""Make a report from what is in the database and write it to a file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override

from reporting.building import NoTemplate, build_snapshot
from reporting.models import ReportKind
from reporting.rendering.pdf import FontMissing, render_pdf
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
        parser.add_argument("--out", required=True, type=Path, help="the PDF to write")

    def handle(self, *args: Any, **options: Any) -> None:
        out: Path = options["out"]
        try:
            period = parse_period(options["period"], RULES[options["rule"]])
            area = area_on(options["area"], period.end)
            with override("vi"):
                snapshot = build_snapshot(kind=options["kind"], area=area, period=period)
                content, pages = render_pdf(snapshot)
        except (PeriodError, AreaUnknown, NoTemplate, FontMissing) as error:
            raise CommandError(str(error)) from error
        partial = out.with_name(out.name + ".part")
        try:
            partial.write_bytes(content)
            partial.replace(out)
        except OSError as error:
            partial.unlink(missing_ok=True)
            raise CommandError(f"Cannot write {out}: {error.strerror}.") from error
        self.stdout.write(f"{out}: {snapshot['document']['subject']}, {pages} pages.")
