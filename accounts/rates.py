"""How often in a minute one person, and one address, may ask for what costs much or tells much.

Each web process counts for itself, in its memory, so that a limit costs no statement and none waits for Redis. So
what a person really may is up to as many times the limit as there are web processes, on all machines together. What
must not be a multiple is counted in the database: signing in (`accounts.throttling`), searches for a person and
openings of identities by the hour. The API has the limits of `accounts.api.throttles`, counted likewise by process.
"""

import re
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest

from accounts.models import User
from accounts.origin import address_of

#: Addresses that give a file out, by their pattern: workbooks, CSV, printed pages, attachments.
_FILE = re.compile(
    r"\.(xlsx|csv|pdf|docx|json)$|/(export|print|file)/$|(^|/)(files|attachments)/<uuid:key>/$"
)
_SEARCHES = frozenset({"search", "victim_search"})
#: What is asked of a worker, or of a person's trust, by sending a form.
_SENT = {
    "victim_identity": "identity",
    "victim_identity_edit": "identity",
    **dict.fromkeys(
        ("report_new", "report_batch_new", "draft_new", "draft_make", "report_job_again", "case_export_new"),
        "report",
    ),
}
#: Public pages that count by themselves, hold nothing, or are asked for by machines.
_OPEN = re.compile(r"account_|mfa_|open_data|verify$|healthz$|readyz$|favicon$|set_language$|\w+_worker$")


def rate_of(request: HttpRequest, view: Callable[..., Any]) -> str | None:
    """Under which of ``PAGE_RATES`` a request falls; None where another limit holds or none is needed."""
    match = request.resolver_match
    if match is None or match.route.startswith("api/"):
        return None
    name = match.url_name or ""
    if not getattr(view, "login_required", True):
        return None if _OPEN.match(name) else "public"
    if request.method == "POST" and name in _SENT:
        return _SENT[name]
    if name in _SEARCHES:
        return "search"
    return "file" if _FILE.search(match.route) else "page"


def is_too_often(request: HttpRequest, rate: str) -> bool:
    """Count one more request of this kind, and whether it is beyond what the person or the address may ask for."""
    by_person, by_address = settings.PAGE_RATES.get(rate, (None, None))
    person = request.user.pk if isinstance(request.user, User) else None
    beyond = [
        count_this_minute(f"rate:{rate}:{who}") > most
        for who, most in ((person, by_person), (address_of(request), by_address))
        if who is not None and most is not None
    ]
    return any(beyond)


def count_this_minute(name: str) -> int:
    """How often this process counted this name in the running minute, with this time."""
    counts, key = caches["counts"], f"{name}:{int(time.time() // 60)}"
    counted = int(counts.get(key, 0)) + 1
    counts.set(key, counted, timeout=120)
    return counted


def seconds_left() -> int:
    """Until the running minute is over."""
    return 60 - int(time.time()) % 60
