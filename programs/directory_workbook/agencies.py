"""Agencies: what a row says, whether the page would take it, and adding the agency."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.agencies.services import areas_kept_by, check_opening, kinds_today, open_agency
from accounts.models import User
from programs.directory_workbook.judging import Judged, areas_by_name, begun
from programs.directory_workbook.layout import AGENCIES_SHEET
from programs.models import DirectoryUploadRow
from programs.workbook.choices import Words, pairs
from programs.workbook.columns import PARTING
from programs.workbook.naming import split_names
from programs.workbook.reading import RawRow
from programs.workbook.rows import found_by_name, not_on_the_lists
from programs.workbook.writing import Lists
from territory.collation import fold
from territory.days import DayField
from territory.models import AgencyKind, Duty
from territory.text import TextField


class AgencyJudge:
    """Reads the rows of one workbook in order: what stands in an earlier row is known."""

    def __init__(self, actor: User) -> None:
        self.actor = actor
        self.kinds: list[AgencyKind] = list(kinds_today())
        self._kinds = {
            fold(label): kind for kind in self.kinds for label in (kind.code, kind.name_en, kind.name)
        }
        self.areas = areas_by_name(areas_kept_by(actor))
        self.duties = Words(Duty)
        self.name = TextField(max_length=160)
        self.symbol = TextField(required=False, max_length=20)
        self.day = DayField(required=False)
        self._seen: dict[tuple[Any, ...], int] = {}

    def lists(self) -> Lists:
        """What may be chosen, for the sheet of lists."""
        columns = {
            "kind": (_("Kind"), [kind.name for kind in self.kinds]),
            "area": (_("Area"), self.areas.labels),
            "duties": (_("Duties"), pairs(Duty)),
        }
        return Lists(columns, {key: key for key in ("kind", "area")})

    def read(self, rows: Sequence[RawRow]) -> list[Judged]:
        """The rows with everything that is wrong with them."""
        return [self._read(raw) for raw in rows]

    def _read(self, raw: RawRow) -> Judged:
        row = begun(raw, AGENCIES_SHEET)
        row.take("name", lambda text: self.name.clean(text).strip())
        row.take("symbol", lambda text: self.symbol.clean(text).strip())
        row.take("on", self.day.clean)
        if "kind" not in row.errors:
            row.given["kind"] = self._kinds.get(fold(raw.values["kind"]))
            if row.given["kind"] is None:
                row.refuse("kind", not_on_the_lists(raw.values["kind"]))
        if "area" not in row.errors:
            row.given["area"] = found_by_name(
                row, "area", self.areas, raw.values["area"], row.given.get("on"), ""
            )
        self._read_duties(row)
        if not row.errors:
            self._judge(row)
        return row

    def _read_duties(self, row: Judged) -> None:
        row.given["duties"] = duties = []
        for text in split_names(row.texts.get("duties", ""), PARTING):
            duty = self.duties.find(text)
            if duty is None:
                row.refuse("duties", not_on_the_lists(text))
            else:
                duties.append(Duty(duty))

    def _judge(self, row: Judged) -> None:
        """What is wrong with a row that can be read, because of the calendar or of another row."""
        given = row.given
        try:
            check_opening(
                actor=self.actor, kind=given["kind"], area=given["area"], name=given["name"], on=given["on"]
            )
        except ValidationError as error:
            row.refuse_all(error, at="name")
            return
        same = (given["kind"].pk, given["area"].pk, fold(given["name"]))
        before = self._seen.setdefault(same, row.number)
        if before != row.number:
            row.refuse(
                "name", _("Row %(row)d adds this agency already. Remove one of the two.") % {"row": before}
            )


def add(actor: User, kept: DirectoryUploadRow, row: Judged) -> None:
    """Add the agency of a row, and note which it is."""
    kept.agency = open_agency(actor=actor, **row.given)
