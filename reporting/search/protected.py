"""The sources under row-level policies: tips, cases and victims, found by their codes and by nothing else.

What was told and who somebody is are not searched here: the lists of tips and cases have a search of their own for
words, and a person is searched for on a page that asks for it exactly and counts. A sealed case is not there.
"""

import re
from typing import Any

from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from incidents.models import Case, Tip
from reporting.search.source import Hit, Source
from reporting.search.typed import Typed
from victims.models import CODE_LETTERS, Victim

#: A part of a code that is shorter would find every record.
_SHORTEST_PART = 3
_VICTIM_CODE = re.compile(rf"(?:NN-)?([{CODE_LETTERS}]{{3,6}})", re.ASCII)
_VICTIM_LENGTH = 6


class _Coded(Source):
    is_protected = True
    words = None

    def exact(self, typed: Typed) -> Q | None:
        return Q(code=typed.code) if typed.code else None

    def alike(self, typed: Typed) -> Q | None:
        return Q(code__contains=typed.code) if len(typed.code) >= _SHORTEST_PART else None


class Tips(_Coded):
    kind = name = "tip"
    day = "received_on"

    def visible(self, user: User) -> Any:
        return Tip.objects.visible_to(user)

    def shown(self, rows: Any) -> Any:
        return rows.select_related("agency", "area").defer("text")

    def hit(self, record: Any) -> Hit:
        return Hit(
            title=record.code,
            about=f"{record.get_kind_display()} · {record.agency.name} · {record.area.name}",
            url=reverse("tip_detail", args=[record.pk]),
            day=record.received_on,
            label=record.get_state_display(),
        )


class Cases(_Coded):
    kind = name = "case"

    def visible(self, user: User) -> Any:
        return Case.objects.visible_to(user)

    def shown(self, rows: Any) -> Any:
        return rows.select_related("agency", "area").defer("summary")

    def hit(self, record: Any) -> Hit:
        return Hit(
            title=record.code,
            about=f"{record.agency.name} · {record.area.name}",
            url=reverse("case_detail", args=[record.pk]),
        )


class Victims(_Coded):
    kind = name = "victim"
    day = "arrived_on"

    def visible(self, user: User) -> Any:
        return Victim.objects.visible_to(user)

    def exact(self, typed: Typed) -> Q | None:
        letters = self._letters(typed)
        return Q(code=f"NN-{letters}") if len(letters) == _VICTIM_LENGTH else None

    def alike(self, typed: Typed) -> Q | None:
        letters = self._letters(typed)
        return Q(code__startswith=f"NN-{letters}") if letters else None

    def shown(self, rows: Any) -> Any:
        return rows.select_related("agency")

    def hit(self, record: Any) -> Hit:
        return Hit(
            title=record.code,
            about=record.agency.name,
            url=reverse("victim_detail", args=[record.code]),
            day=record.arrived_on,
            label=record.get_status_display(),
        )

    @staticmethod
    def _letters(typed: Typed) -> str:
        code = _VICTIM_CODE.fullmatch(typed.code)
        return code[1] if code else ""
