"""Words of a report: places in a text filled in, sentences chosen by what is known, one period held against another.

In a text, ``{code}`` is the figure of an indicator with its unit, ``{code:number}`` without it, ``{code:before}`` that
of the same period before and ``{code:change}`` how the two compare ("tăng 12 vụ (30%) so với cùng kỳ năm 2019").
Where there is nothing to compare with, ``{code:change}`` vanishes together with the comma before it. ``{period}``,
``{days}``, ``{area}`` and the other names of ``Wording.names`` are what is known of the report itself. Anything else
in braces is printed as it stands.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

from reporting.building.answers import is_silent
from reporting.building.citing import basis_of, cite_document
from reporting.figures import Answer
from territory.figure import Direction, Status, change, print_count_vi, print_number_vi
from territory.models import Area, AreaKind
from territory.period import PeriodKind, print_date_vi, print_period_vi

if TYPE_CHECKING:
    from reporting.building.context import Building

PLACE = re.compile(r"(, )?\{(\w+)(?::(number|before|change))?\}")

#: What areas of a kind are called when they are counted, in the order in which they are named.
KINDS_VI = {
    AreaKind.PROVINCE: "tỉnh",
    AreaKind.MUNICIPALITY: "thành phố",
    AreaKind.URBAN_DISTRICT: "quận",
    AreaKind.DISTRICT: "huyện",
    AreaKind.TOWN: "thị xã",
    AreaKind.CITY: "thành phố",
    AreaKind.COMMUNE: "xã",
    AreaKind.WARD: "phường",
    AreaKind.TOWNSHIP: "thị trấn",
    AreaKind.SPECIAL_ZONE: "đặc khu",
}


class Wording:
    """The words of one report."""

    def __init__(self, building: Building) -> None:
        self.building = building

    @cached_property
    def names(self) -> dict[str, str]:
        """What may be named in a text besides figures."""
        building = self.building
        period, area = building.period, building.area
        days = f"từ ngày {print_date_vi(period.start)} đến ngày {print_date_vi(period.end)}"
        issuer = building.document.issuer if building.document else None
        return {
            "period": print_period_vi(period),
            "days": days,
            "area": lowered(area.name),
            "AREA": area.name.upper(),
            "place": area.short_name,
            "unit": KINDS_VI.get(AreaKind(area.kind), "") if area.kind in KINDS_VI else "",
            "province": lowered(area.province.name) if area.province else "",
            "basis": "; ".join(self.basis),
            "document": cite_document(building.document, with_subject=False) if building.document else "",
            "issuer": issuer.name if issuer else "",
            "ISSUER": issuer.name.upper() if issuer else "",
            "symbol": issuer.symbol if issuer else "",
            "pilot": lowered(building.pilot.name) if building.pilot else "",
            "plan": cite_document(building.pilot.document) if building.pilot else "",
        }

    @cached_property
    def basis(self) -> list[str]:
        """The documents this report answers, cited; else the programme it belongs to."""
        return basis_of(self.building.area, self.building.period)

    def sentence(self, text: str) -> dict[str, Any]:
        """A paragraph with its places filled, the figures it rests on, and the text it was made of."""
        cited: list[str] = []

        def put(match: re.Match[str]) -> str:
            comma, name, form = match[1] or "", match[2], match[3]
            found = self.building.answers.get(name)
            if found is None:
                return comma + self.names[name] if name in self.names and not form else match[0]
            cited.append(self.building.cite(found))
            if form is None or form == "number":
                return comma + self.building.printed(found, with_unit=form is None)
            before = self.building.before[name]
            if not is_silent(before):
                cited.append(self.building.cite(before))
            words = self.building.printed(before) if form == "before" else self.compared(found, before)
            return comma + words if words else ""

        return {"text": PLACE.sub(put, text), "figures": list(dict.fromkeys(cited)), "source": text}

    def chosen(self, item: dict[str, Any]) -> str:
        """The text of a sentence that fits what is known of its indicator; empty where there is none."""
        found = self.building.answers.get(item["about"])
        if found is None:
            return ""
        text: str = item.get(known(found), "")
        if text and item.get("compare") and not is_silent(found):
            text = text.rstrip(".") + f", {{{item['about']}:change}}."
        return text

    def compared(self, now: Answer, before: Answer) -> str:
        """How a figure stands to the same period before; empty where nobody was asked before."""
        unit = now.indicator.unit
        with_what = self.period_before
        if is_silent(now) or (is_silent(before) and before.cell.coverage is None):
            return ""
        if is_silent(before):
            return f"{with_what} chưa có số liệu để so sánh"
        if Status.CONFIRMED_NIL in (now.status, before.status) and now.figure == before.figure:
            return f"bằng {with_what}"
        found = change(now.figure, before.figure)
        if found.direction is Direction.EQUAL:
            return f"bằng {with_what}"
        printed_before = self.building.printed(before)
        if found.direction is Direction.NOT_COMPARABLE:
            return f"{with_what} là {printed_before}"
        verb = "tăng" if found.direction is Direction.UP else "giảm"
        if found.difference is None:
            return f"{verb} so với {with_what} ({printed_before})"
        difference = found.difference.copy_abs()
        if unit == "%":
            return f"{verb} {print_number_vi(difference)} điểm % so với {with_what}"
        text = f"{verb} {print_count_vi(difference, unit)}"
        if found.percent:
            text += f" ({print_number_vi(found.percent.copy_abs())}%)"
        return f"{text} so với {with_what}"

    @cached_property
    def period_before(self) -> str:
        """The period a report compares with, as a sentence names it."""
        period = self.building.period
        if period.kind is PeriodKind.HALF_YEAR:
            return f"cùng kỳ năm {period.same_period_last_year().end.year}"
        if period.kind is PeriodKind.EXPLICIT:
            return "cùng kỳ năm trước"
        return print_period_vi(period.same_period_last_year())


def known(found: Answer) -> str:
    """The name of the text a sentence uses."""
    if found.status is Status.REPORTED:
        return "reported"
    return "nil" if found.status is Status.CONFIRMED_NIL else "missing"


def lowered(name: str) -> str:
    """A name inside a sentence: "tỉnh Kon Tum"."""
    return name[:1].lower() + name[1:]


def counted_areas(areas: list[Area]) -> str:
    """So many units by their kinds: "22 xã, thị trấn"."""
    kinds = [words for kind, words in KINDS_VI.items() if any(area.kind == kind for area in areas)]
    return f"{print_count_vi(len(areas))} {', '.join(dict.fromkeys(kinds))}"
