"""Load provinces, districts and communes with their successors, and the kinds of agency."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from territory.agencies import load_agency_kinds
from territory.dataset import DatasetMissing
from territory.loading import load_areas


class Command(BaseCommand):
    help = "Load areas with their successors from the package vietnamadminunits, and the kinds of agency."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            summary = load_areas()
        except DatasetMissing as error:
            raise CommandError(str(error)) from error
        kinds = load_agency_kinds()
        if not summary.changed and not kinds:
            self.stdout.write(
                f"Nothing to do: all {summary.areas} areas and {summary.links} links are there."
            )
            return
        self.stdout.write(
            f"Areas: {summary.areas_created} new, {summary.areas_updated} changed, {summary.areas} in all."
        )
        self.stdout.write(
            f"Successor links: {summary.links_created} new, {summary.links_removed} removed, "
            f"{summary.links} in all; {summary.pieces_left_out} pieces of namesakes left out."
        )
        self.stdout.write(f"Kinds of agency: {kinds} new.")
        if summary.unlinked:
            self.stdout.write(f"Without a known successor: {'; '.join(summary.unlinked)}.")
