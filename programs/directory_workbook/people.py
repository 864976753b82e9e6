"""People and their roles: what a row says, whether the page would take it, and inviting the person."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import Role, User
from accounts.people.rights import agencies_given_by, areas_given_by, may_give, takes_two
from accounts.people.services import Wanted, check_role, invite_person
from programs.directory_workbook.judging import Judged, areas_by_name, begun
from programs.directory_workbook.layout import PEOPLE_SHEET
from programs.models import DirectoryUploadRow
from programs.workbook.choices import Words, pairs
from programs.workbook.naming import Named
from programs.workbook.reading import RawRow
from programs.workbook.rows import found_by_name, not_on_the_lists
from programs.workbook.writing import Lists
from territory.days import DayField
from territory.models import Agency
from territory.text import NarrativeField, TextField


class PeopleJudge:
    """Reads the rows of one workbook in order: what stands in an earlier row is known."""

    def __init__(self, actor: User) -> None:
        self.actor = actor
        self.roles = Words(Role)
        self.agencies: Named[Agency] = Named(agencies_given_by(actor), within=lambda agency: agency.area.name)
        self.areas = areas_by_name(areas_given_by(actor))
        self.full_name = TextField(max_length=120)
        self.email = forms.EmailField(max_length=254)
        self.first_day, self.last_day = DayField(required=False), DayField(required=False)
        self.reason = NarrativeField(required=False, max_length=500)
        self._names: dict[str, tuple[int, str]] = {}
        self._roles_seen: dict[tuple[Any, ...], int] = {}

    def lists(self) -> Lists:
        """What may be chosen, for the sheet of lists."""
        columns = {
            "role": (_("Role"), pairs(Role)),
            "agency": (_("Agency"), self.agencies.labels),
            "area": (_("Area"), self.areas.labels),
        }
        return Lists(columns, {key: key for key in columns})

    def read(self, rows: Sequence[RawRow]) -> list[Judged]:
        """The rows with everything that is wrong with them. People are looked up once for all."""
        judged = [self._row(raw) for raw in rows]
        emails = {row.given["email"] for row in judged if "email" in row.given}
        known = {each.email: each for each in User.objects.filter(email__in=emails)}
        for row in judged:
            if not row.errors:
                self._judge(row, known.get(row.given["email"]))
        return judged

    def _row(self, raw: RawRow) -> Judged:
        row = begun(raw, PEOPLE_SHEET)
        row.take("full_name", lambda text: " ".join(self.full_name.clean(text).split()))
        row.take("email", lambda text: self.email.clean(text).lower())
        row.take("valid_from", self.first_day.clean)
        row.take("valid_to", self.last_day.clean)
        row.take("reason", self.reason.clean)
        if "role" not in row.errors:
            row.given["role"] = self.roles.find(raw.values["role"])
            if row.given["role"] is None:
                row.refuse("role", not_on_the_lists(raw.values["role"]))
        day = row.given.get("valid_from")
        named: tuple[tuple[str, Named[Any]], ...] = (("agency", self.agencies), ("area", self.areas))
        for key, records in named:
            text = raw.values.get(key, "")
            if text and key not in row.errors:
                row.given[key] = found_by_name(row, key, records, text, day, "")
        return row

    def _judge(self, row: Judged, person: User | None) -> None:
        """What is wrong with a row that can be read, because of the actor, the person or another row."""
        wanted = wanted_of(row)
        if person is not None and person.pk == self.actor.pk:
            row.refuse("email", _("This is your own account. Nobody gives a role to themself."))
            return
        if not may_give(self.actor, wanted.agency, wanted.area):
            row.refuse(
                "area",
                _("You give no roles at %(agency)s for %(area)s. Choose another area or agency.")
                % {"agency": wanted.agency.name, "area": wanted.area.name},
            )
            return
        try:
            check_role(actor=self.actor, person=person, wanted=wanted)
        except ValidationError as error:
            row.refuse_all(error, at="email")
            return
        self._compare(row, wanted)
        if row.errors:
            return
        if person is not None:
            row.warnings["email"] = [
                _(
                    "An account with this e-mail exists. It gets the role beside the others, and keeps its name."
                )
            ]
        if takes_two(wanted.role):
            row.warnings["role"] = [_("Another administrator is asked to agree to this role.")]

    def _compare(self, row: Judged, wanted: Wanted) -> None:
        """Refuse a row that contradicts an earlier one, or repeats it."""
        email, full_name = row.given["email"], row.given["full_name"]
        before, name = self._names.setdefault(email, (row.number, full_name))
        if name != full_name:
            message = _(
                "Row %(row)d has this e-mail with another name. Give each person an e-mail of their own."
            )
            row.refuse("email", message % {"row": before})
            return
        role = (email, wanted.role, wanted.agency.pk, wanted.area.pk)
        same = self._roles_seen.setdefault(role, row.number)
        if same != row.number:
            row.refuse(
                "role", _("Row %(row)d gives this role already. Remove one of the two.") % {"row": same}
            )


def wanted_of(row: Judged) -> Wanted:
    """The role that a row without faults asks for."""
    given = row.given
    return Wanted(
        role=given["role"],
        agency=given["agency"],
        area=given.get("area") or given["agency"].area,
        valid_from=given["valid_from"],
        valid_to=given["valid_to"],
        reason=given["reason"],
    )


def invite(actor: User, kept: DirectoryUploadRow, row: Judged) -> None:
    """Open the account of a row, or give its owner the role, and note whose it is."""
    kept.person = invite_person(
        actor=actor, email=row.given["email"], full_name=row.given["full_name"], wanted=wanted_of(row)
    )
