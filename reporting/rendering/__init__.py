"""Printing reports: a snapshot in, a page or a PDF out. No database, no settings, no network."""

from reporting.rendering.html import render_html, report_context
from reporting.rendering.pdf import FontMissing, Printed, render_pdf
from reporting.rendering.snapshot import Snapshot, SnapshotError, check_snapshot, citation, printed_day

__all__ = [
    "FontMissing",
    "Printed",
    "Snapshot",
    "SnapshotError",
    "check_snapshot",
    "citation",
    "printed_day",
    "render_html",
    "render_pdf",
    "report_context",
]
