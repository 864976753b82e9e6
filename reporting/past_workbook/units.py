"""The units of past figures by the codes that stand in the workbook."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from territory.models import Agency


class Units:
    """Agencies by their code. Where several have had it, by "code/first day", or the one of the period's last day."""

    def __init__(self, agencies: Iterable[Agency]) -> None:
        self._by_code: dict[str, list[Agency]] = defaultdict(list)
        for agency in agencies:
            self._by_code[agency.code].append(agency)

    def code_of(self, agency: Agency) -> str:
        """The code under which ``find`` gives exactly this one."""
        alike = self._by_code[agency.code]
        return agency.code if len(alike) < 2 else f"{agency.code}/{agency.valid_from.isoformat()}"

    def find(self, code: str, day: dt.date) -> Agency | None:
        """The agency of a code; None where there is none, or where it is not clear which."""
        bare, _stroke, since = code.partition("/")
        alike = self._by_code.get(bare, [])
        if since:
            alike = [each for each in alike if each.valid_from.isoformat() == since]
        elif len(alike) > 1:
            alike = [
                each
                for each in alike
                if each.valid_from <= day and (each.valid_to is None or day <= each.valid_to)
            ]
        return alike[0] if len(alike) == 1 else None

    def name_of(self, code: str) -> str:
        """How a unit of this code is called; nothing where there is none."""
        alike = self._by_code.get(code.partition("/")[0], [])
        return alike[-1].name if alike else ""
