"""The figures and lists that a dashboard opens with, kept before somebody looks: of every province and the nation."""

import time
from collections.abc import Iterator

from accounts.models import User
from reporting.dashboard.answers import Answers
from reporting.dashboard.asked import FIRST_MEASURE, Asked, last_period
from reporting.figures import MapBasis
from reporting.figures.kept_lists import differing
from territory.models import Area, Level

#: For how long a worker counts at a time; what is left is for the next time.
_SECONDS = 10.0


def keep_ahead(seconds: float = _SECONDS) -> int:
    """Keep what is not kept, or holds no more, of the latest half-year. Returns of how many areas it is kept now."""
    until = time.monotonic() + seconds
    kept = 0
    for look in _looks():
        if time.monotonic() > until:
            break
        look.keep()
        kept += 1
    return kept


def check_lists() -> list[str]:
    """Make the lists again that are kept ahead and hold. Returns one line for each that differs."""
    return [difference for look in _looks() for difference in differing(look.kept_lists)]


def _looks() -> Iterator[Answers]:
    """What every province and the nation open with."""
    nation = Area.objects.get(level=Level.NATION, parent=None)
    period = last_period(nation)
    for area in (*Area.objects.filter(level=Level.PROVINCE).valid_on(period.end), nation):
        nobody = User(is_active=False)
        yield Answers(Asked(nobody, area, period, MapBasis.THEN, None, None, False, "", FIRST_MEASURE))
