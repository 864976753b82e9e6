"""The register of a training as an Excel file."""

from collections.abc import Iterator
from typing import IO, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook

from accounts.models import User
from programs.selectors.training import RegisterSummary, TestResult
from territory.excel import headed_sheet, heading_cell, saved, text_cell, write_origin


def register_workbook(summary: RegisterSummary, *, reader: User, address: str) -> IO[bytes]:
    """The register as an open temporary file, at its start. The caller closes it."""
    book = Workbook(write_only=True)
    columns: list[tuple[str, int]] = [
        (_("Agency or unit"), 48),
        (_("Places offered"), 14),
        (_("Attended"), 14),
        (_("of them women"), 14),
        (_("Certificates"), 14),
        (_("Certificates to women"), 14),
    ]
    sheet = headed_sheet(book, _("Training register"), columns)
    for row in summary.rows:
        sheet.append([text_cell(sheet, row.unit), *_numbers(row)])
    sheet.append([heading_cell(sheet, _("Total")), *_numbers(summary)])
    write_origin(book, _about(summary, reader, address))
    return saved(book)


def _numbers(row: Any) -> list[int | None]:
    return [row.offered, row.attended, row.attended_women, row.certificates, row.certificates_women]


def _about(summary: RegisterSummary, reader: User, address: str) -> Iterator[tuple[str, Any]]:
    activity, register = summary.activity, summary.register
    yield _("Source"), _("Anti-trafficking programme portal, register of a training")
    yield _("Address"), address
    yield _("Made on"), f"{timezone.localtime():%d/%m/%Y %H:%M}"
    yield _("Made by"), reader.full_name
    yield _("Activity"), activity.title
    yield _("First day"), f"{activity.started_on:%d/%m/%Y}"
    yield _("Last day"), f"{activity.ended_on:%d/%m/%Y}"
    yield _("Agency"), activity.agency.name
    yield _("Area"), activity.area.name
    yield _("Topic"), register.topic
    yield _("Trainers"), register.trainers
    yield _("Materials"), register.materials
    yield _("Days taught"), register.days
    yield from _test(_("Test before"), summary.before)
    yield from _test(_("Test after"), summary.after)
    for warning in summary.warnings:
        yield _("Attention"), warning


def _test(name: str, result: TestResult) -> Iterator[tuple[str, Any]]:
    yield _("%(test)s: took it") % {"test": name}, result.taken
    yield _("%(test)s: passed") % {"test": name}, result.passed
    yield _("%(test)s: average mark") % {"test": name}, result.average
