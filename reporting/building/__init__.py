"""From layout and figures to the snapshot a report is printed from."""

from reporting.building.snapshot import NoTemplate, build_snapshot

__all__ = ["NoTemplate", "build_snapshot"]
