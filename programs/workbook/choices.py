"""What one person may choose from in a workbook: own agencies, areas within reach, partners, and the words."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q, TextChoices
from django.utils.functional import cached_property
from django.utils.translation import gettext, override

from accounts.models import User
from accounts.scoping import Grant, scope_of
from programs.models import ActivityKind, Audience
from programs.selectors.area import areas_within
from programs.workbook.naming import Named
from territory.collation import fold
from territory.models import Agency, Area, Level

_YES = frozenset({"1", "x", "true", "yes", "co", "dung"})
_NO = frozenset({"0", "false", "no", "khong", "sai"})
_LANGUAGES = ("vi", "en")


class Choices:
    """The choices of whoever writes: only own agencies and own areas can be given."""

    def __init__(self, actor: User, *, verbs: Iterable[str] = ("activity.write",)) -> None:
        scope = scope_of(actor)
        self.grants: list[Grant] = [grant for verb in verbs for grant in scope.having(verb)]

    @cached_property
    def agencies(self) -> Named[Agency]:
        own = {grant.membership.agency_id for grant in self.grants}
        found = Agency.objects.filter(pk__in=own).select_related("area")
        return Named(found, within=lambda agency: agency.area.name)

    @cached_property
    def areas(self) -> Named[Area]:
        areas = areas_within({grant.area.pk: grant.area for grant in self.grants}.values())
        known = {area.pk: area for area in areas}
        missing = {area.district_id for area in areas} - set(known) - {None}
        known |= Area.objects.in_bulk(missing) if missing else {}

        def within(area: Area) -> str:
            if area.level != Level.COMMUNE or area.district_id is None:
                return ""
            district = known.get(area.district_id)
            return district.name if district else ""

        return Named(areas, within=within)

    @cached_property
    def partners(self) -> Named[Agency]:
        """Agencies of the same provinces, those of larger units first."""
        reach = Q(pk__in=[])
        for grant in self.grants:
            reach |= (
                Q(area__province=grant.area.province_id) if grant.area.province_id else Q(area=grant.area)
            )
        found = Agency.objects.filter(reach).select_related("area").order_by("area__path", "sort_key")
        in_order = sorted(found, key=lambda agency: agency.area.path.count("/"))
        return Named(in_order, within=lambda agency: agency.area.name)

    def reaches(self, agency: Agency, area: Area) -> bool:
        return any(grant.reaches(agency.pk, area) for grant in self.grants)


class Words:
    """The values of a list of words by what people call them, in either language, or by their code."""

    def __init__(self, choices: type[TextChoices]) -> None:
        self._values: dict[str, str] = {}
        for language in _LANGUAGES:
            with override(language):
                for choice in choices:
                    self._values.setdefault(_key(str(choice.label)), choice.value)
        for choice in choices:
            self._values.setdefault(choice.value, choice.value)

    def find(self, text: str) -> str | None:
        return self._values.get(_key(text))


def kinds() -> Words:
    return Words(ActivityKind)


def audiences() -> Words:
    return Words(Audience)


def yes_or_no(text: str) -> bool | None:
    """Whether a cell says yes or no, in either language; None when it says neither."""
    said = _key(text)
    if said in _YES or said in _said("Yes"):
        return True
    return False if said in _NO or said in _said("No") else None


def yes_no_labels() -> tuple[str, str]:
    return gettext("Yes"), gettext("No")


def _said(word: str) -> frozenset[str]:
    return frozenset({_key(gettext(word))})


def _key(text: str) -> str:
    # A list item that holds a semicolon could not stand among others.
    return fold(" ".join(text.replace(";", ",").split()))


def labels_of(choices: type[TextChoices]) -> Mapping[str, str]:
    """The label of each value in the reader's language, as it stands in a cell."""
    return {choice.value: " ".join(str(choice.label).replace(";", ",").split()) for choice in choices}


def pairs(choices: Any) -> list[str]:
    return list(labels_of(choices).values())
