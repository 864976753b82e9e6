"""What went wrong, in one sentence for the person at the keyboard."""

from __future__ import annotations

import contextlib
import errno
import re
from pathlib import Path

from config.embedded.places import Places


class EmbeddedDatabaseError(RuntimeError):
    """The embedded database cannot be used; the text is one sentence for the person at the keyboard."""


def failure(
    places: Places, reason: str, *, remedy: str = "", error: BaseException | None = None
) -> EmbeddedDatabaseError:
    full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
    if full or "No space left" in reason:
        return no_space(places, "no space left on the device")
    remedy = remedy or "restore a backup, or move the directory away if it is only a demo, and start again"
    return EmbeddedDatabaseError(
        f"The embedded database in {places.data} cannot be used because {reason.rstrip('.')}: {remedy} "
        f"(server log: {places.log})."
    )


def still_repairing(places: Places, seconds: float) -> EmbeddedDatabaseError:
    return EmbeddedDatabaseError(
        f"The embedded database in {places.data} still repairs what a crash left, after {seconds:.0f} s: leave it "
        f"alone, it goes on by itself, and start again later (server log: {places.log})."
    )


def no_space(places: Places, detail: str, *, where: Path | None = None) -> EmbeddedDatabaseError:
    return EmbeddedDatabaseError(
        f"The disk under {where or places.data} is full ({detail}), so the embedded database cannot run: free some "
        f"space and start again (server log: {places.log})."
    )


def reason_in_log(places: Places, offset: int) -> str:
    """Return what the server itself said last about its end."""
    with contextlib.suppress(OSError), open(places.log, encoding="utf-8", errors="replace") as log:
        log.seek(offset)
        said = re.findall(r"(?:FATAL|PANIC):\s+(.*)", log.read()[-20000:])
        found = [
            line.strip() for line in said if "the database system is" not in line
        ]  # told to who came too early
        if found:
            return f"the server says: {found[-1]}"
    return "the server ended while it was starting"
