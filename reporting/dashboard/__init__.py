"""The steering dashboard: what an address asks for, and the blocks that answer it, for page, Excel and PDF alike."""

from reporting.dashboard.asked import Asked, asked_of
from reporting.dashboard.board import Dashboard

__all__ = ["Asked", "Dashboard", "asked_of"]
