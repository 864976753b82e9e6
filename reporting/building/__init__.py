"""From layout and figures to the snapshot a report is printed from."""

from reporting.building.snapshot import NoTemplate, build_snapshot, template_for

__all__ = ["NoTemplate", "build_snapshot", "template_for"]
