"""Checks of `sanity_check`: what the rules of keeping destroy is destroyed."""

from collections import Counter
from collections.abc import Iterator

from django.utils import timezone

from accounts.findings import Finding, Level
from victims.services.erasure import find_expired


def nothing_is_kept_past_its_time() -> Iterator[Finding]:
    """Destroying takes a person who has looked at the preview of `erase_expired`; so they are told that it is time."""
    past = Counter(each.kind for each in find_expired(timezone.localdate()))
    for kind, records in sorted(past.items()):
        yield Finding(
            Level.WARNING,
            f"{records} records are past the time of their rule of keeping; see erase_expired --preview",
            f"victims.retentionrule:{kind.value}",
        )


CHECKS = [nothing_is_kept_past_its_time]
