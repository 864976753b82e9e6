"""Areas typed by their names, several at once."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from territory.collation import fold
from territory.models import Area
from territory.text import TextField

_LONGEST = 8_000
#: "Xã Tân Lập" or, where several units have that name, "Xã Tân Lập (Huyện Đăk Hà)".
_NAME_AND_WHOLE = re.compile(r"(?P<name>[^()]+?)\s*(?:\((?P<whole>[^()]+)\))?", re.DOTALL)


class PlacesField(TextField):
    """Names of areas, one a line or parted by commas. Cleans to the names; ``NamedAreas`` finds the areas."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 2}))
        kwargs.setdefault("max_length", _LONGEST)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        if not isinstance(value, str | None):
            return value
        names = (name.strip() for name in re.split(r"[\n,;]", super().clean(value)))
        return list(dict.fromkeys(name for name in names if name))


class NamedAreas:
    """The areas a person may choose, found by what they are called."""

    def __init__(self, areas: Iterable[Area]) -> None:
        self.areas = list(areas)
        self._names: dict[int | None, str] = {area.pk: area.name for area in self.areas}
        self._by_name: dict[str, list[Area]] = {}
        for area in self.areas:
            words = fold(area.name).split()
            # "Xã Đăk Môn" is also found as "Đăk Môn", "Thị trấn Đăk Glei" as "Đăk Glei".
            for start in range(min(3, len(words))):
                self._by_name.setdefault(" ".join(words[start:]), []).append(area)

    def name_of(self, area: Area) -> str:
        """What to type to find this area again: its name, with the district where another one has that name."""
        same = [
            other
            for other in self._by_name.get(" ".join(fold(area.name).split()), [])
            if other.name == area.name
        ]
        whole = self._names.get(area.district_id) if area.district_id != area.pk else None
        return f"{area.name} ({whole})" if len(same) > 1 and whole else area.name

    def find(self, typed: str, *, within: Area | None, day: dt.date | None) -> Area:
        """The one area meant. Raises ValidationError when there is none of that name, or several."""
        match = _NAME_AND_WHOLE.fullmatch(typed.strip())
        found = self._by_name.get(" ".join(fold(match["name"]).split()), []) if match else []
        if match and match["whole"]:
            whole = " ".join(fold(match["whole"]).split())
            found = [area for area in found if self._is_in(area, whole)]
        found = _preferred(found, lambda area: within is None or within.contains(area))
        found = _preferred(found, lambda area: day is None or area.held_on(day))
        found = _preferred(found, lambda area: fold(area.name) == fold(typed))
        if not found:
            message = _("“%(name)s” is not the name of a unit you may choose.")
            raise ValidationError(message, code="unknown_area", params={"name": typed[:120]})
        if len(found) > 1:
            message = _(
                "Several units are called “%(name)s”: add the district in brackets, as in %(example)s."
            )
            params = {"name": typed[:120], "example": self.name_of(found[0])}
            raise ValidationError(message, code="several_areas", params=params)
        return found[0]

    def _is_in(self, area: Area, whole: str) -> bool:
        names = (self._names.get(key, "") for key in (area.district_id, area.province_id) if key != area.pk)
        return any(fold(name) == whole or fold(name).endswith(f" {whole}") for name in names)


def _preferred(areas: Sequence[Area], fits: Any) -> list[Area]:
    """Those that fit; all of them where none does, so that the message can say what is wrong with the one meant."""
    return [area for area in areas if fits(area)] or list(areas)
