"""Look at every issued report: snapshot, figures, files, signature, chain of revisions."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from reporting.models import Report
from reporting.verification import check_all


class Command(BaseCommand):
    help = "Recompute the figures of all issued reports from their snapshots and compare files and hashes."

    def handle(self, *args: Any, **options: Any) -> None:
        with override("vi"):
            faults = [
                f"{report.number}/{report.symbol} {report.key}: {fault}" for report, fault in check_all()
            ]
        every = Report.objects.unscoped("counted, not shown")
        count = every.filter(state__in=[Report.State.ISSUED, Report.State.SUPERSEDED]).count()
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} faults in {count} issued reports.")
        self.stdout.write(f"{count} issued reports, no fault.")
