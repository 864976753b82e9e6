"""The sources that hold no protected records: documents, tasks, activities, statements, reports, areas, people."""

import re
from collections.abc import Iterator
from typing import Any, ClassVar

from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership, Role, User
from accounts.scoping import scope_of
from programs.models import (
    NUMBER_FORM,
    STATEMENTS,
    Activity,
    Assignment,
    Document,
)
from programs.selectors.activity import READING_VERBS, by_rarity
from programs.selectors.document import tidy_number
from programs.selectors.period import period_name
from reporting.models import Report
from reporting.search.source import Hit, Source
from reporting.search.typed import Typed
from territory.collation import ViFold, ViWords, fold
from territory.models import Area, paths_above

#: Longest text of a hit, in characters.
_LONGEST_TITLE = 200
_REPORT_NUMBER = re.compile(r"(\d{1,9})/(\S+)")
#: Roles that know everybody with a role in their area.
_KNOW_THEIR_AREA = (Role.COORDINATOR, Role.STEERING_MEMBER, Role.ADMINISTRATOR)


class Documents(Source):
    kind = name = "document"
    day = "issued_on"

    def visible(self, user: User) -> Any:
        return Document.objects.visible_to(user)

    def exact(self, typed: Typed) -> Q | None:
        number = tidy_number(typed.text)
        return Q(search_text__startswith=f"{fold(number)} ") if NUMBER_FORM.match(number) else None

    def shown(self, rows: Any) -> Any:
        return rows.select_related("issuer").defer("note", "search_text")

    def hit(self, record: Any) -> Hit:
        return Hit(
            title=record.subject,
            about=f"{record} · {record.issuer.name}",
            url=reverse("document_detail", args=[record.pk]),
            day=record.issued_on,
            label=record.get_kind_display(),
        )


class Tasks(Source):
    kind = name = "task"
    day = "due_on"
    words = ViWords(ViFold("task__text"))

    def visible(self, user: User) -> Any:
        return Assignment.objects.visible_to(user)

    def shown(self, rows: Any) -> Any:
        return rows.select_related("task__document", "agency", "area").defer("task__document__search_text")

    def hit(self, record: Any) -> Hit:
        task = record.task
        return Hit(
            title=_shortened(f"{task.number}. {task.text}"),
            about=f"{task.document} · {record.agency.name} · {record.area.name}",
            url=reverse("assignment_detail", args=[record.pk]),
            day=record.due_on,
            label=record.get_state_display(),
        )


class Activities(Source):
    kind = name = "activity"
    day = "ended_on"

    def visible(self, user: User) -> Any:
        return Activity.objects.visible_to(user)

    def exact(self, typed: Typed) -> Q | None:
        return Q(pk=typed.key) if typed.key is not None else None

    def begun(self, rows: Any, found: Any, typed: Typed) -> Iterator[Any]:
        # A word of other letters may stand in a title in capitals, which only the index over whole words folds.
        words = [word for word in typed.words if word.isascii()]
        yield from by_rarity(rows, found, words)

    def shown(self, rows: Any) -> Any:
        return rows.select_related("agency", "area").defer("narrative", "search_text", "sort_key")

    def hit(self, record: Any) -> Hit:
        return Hit(
            title=record.title,
            about=f"{record.agency.name} · {record.area.name}",
            url=reverse("activity_detail", args=[record.pk]),
            day=record.ended_on,
            label=record.get_kind_display(),
        )


class Statements(Source):
    kind = "statement"
    day = "period_end"
    name = ""

    def __init__(self, word: str) -> None:
        self.word = word
        self.model = STATEMENTS[word]
        self.name = word  # type: ignore[misc]

    def visible(self, user: User) -> Any:
        rows: Any = self.model.objects
        return rows.visible_to(user)

    def shown(self, rows: Any) -> Any:
        return rows.select_related("agency", "area").defer("search_text")

    def hit(self, record: Any) -> Hit:
        period = period_name(record.period_start, record.period_end)
        return Hit(
            title=_shortened(record.text),
            about=f"{period} · {record.agency.name} · {record.area.name}",
            url=reverse("statement_detail", args=[self.word, record.pk]),
            day=record.period_end,
            label=record._meta.verbose_name,
        )


class Reports(Source):
    kind = name = "report"
    day = "made_at"
    words = ViWords(ViFold("title"))

    def visible(self, user: User) -> Any:
        return Report.objects.visible_to(user)

    def exact(self, typed: Typed) -> Q | None:
        if not typed.code:
            return None
        condition = Q(code=typed.code)
        number = _REPORT_NUMBER.fullmatch(typed.code)
        if number:
            condition |= Q(number=int(number[1]), symbol__iexact=number[2])
        return condition

    def shown(self, rows: Any) -> Any:
        return rows.select_related("area").defer("snapshot", "differences", "drifted")

    def hit(self, record: Any) -> Hit:
        number = f"{record.number}/{record.symbol}" if record.number else ""
        return Hit(
            title=record.title,
            about=" · ".join(filter(None, (number, record.area.name))),
            url=reverse("report_detail", args=[record.key]),
            day=timezone.localdate(record.made_at),
            label=record.get_state_display(),
        )


class Areas(Source):
    """The map is nobody's secret: every area is found, those of the reader's scope lead to their activities."""

    kind = name = "area"
    day = "valid_from"

    def visible(self, user: User) -> Any:
        return Area.objects.all()

    def exact(self, typed: Typed) -> Q | None:
        return Q(code=typed.code) if typed.code else None

    def shown(self, rows: Any) -> Any:
        return rows.select_related("district", "province").defer("search_text")

    def read(self, user: User, keys: Any) -> dict[int, Any]:
        found = super().read(user, keys)
        grants = [grant for verb in READING_VERBS for grant in scope_of(user).having(verb)]
        for area in found.values():
            area.is_in_reach = any(grant.area.contains(area) for grant in grants)
        return found

    def hit(self, record: Any) -> Hit:
        wholes = [whole.name for whole in (record.district, record.province) if whole and whole != record]
        until = _("until %(day)s") % {"day": f"{record.valid_to:%d/%m/%Y}"} if record.valid_to else ""
        code = _("code %(code)s") % {"code": record.code}
        address = f"{reverse('activity_list')}?area={record.pk}" if record.is_in_reach else ""
        return Hit(
            title=record.name,
            about=" · ".join(filter(None, (*wholes, code, until))),
            url=address,
            label=record.get_level_display(),
        )


class People(Source):
    """Colleagues: own units, the coordinators of the areas above, and everybody there for who coordinates an area."""

    kind = name = "person"
    words = ViWords(ViFold("full_name"))
    _HELD: ClassVar[str] = "held_within_reach"

    def visible(self, user: User) -> Any:
        return User.objects.filter(pk__in=_known_roles(user).order_by().values("user"), is_active=True)

    def read(self, user: User, keys: Any) -> dict[int, Any]:
        held = Prefetch("memberships", _known_roles(user).select_related("agency"), to_attr=self._HELD)
        return {person.pk: person for person in self.visible(user).filter(pk__in=keys).prefetch_related(held)}

    def hit(self, record: Any) -> Hit:
        roles = (f"{held.get_role_display()}, {held.agency.name}" for held in getattr(record, self._HELD))
        return Hit(title=record.full_name, about=" · ".join(dict.fromkeys(roles)))


def _known_roles(user: User) -> Any:
    """The roles held today of which the reader may know."""
    condition = Q(pk__in=[])
    for grant in scope_of(user).grants:
        condition |= Q(agency=grant.membership.agency_id)
        condition |= Q(role=Role.COORDINATOR, area__path__in=paths_above(grant.area.path))
        if grant.membership.role in _KNOW_THEIR_AREA:
            condition |= Q(area__path__startswith=grant.area.path)
    return Membership.objects.valid_on(timezone.localdate()).filter(condition)


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_TITLE else text[:_LONGEST_TITLE].rpartition(" ")[0] + " …"
