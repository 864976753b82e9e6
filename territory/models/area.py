"""Areas: the nation, provinces, districts (until 30 June 2025) and communes, with their successors."""

import datetime as dt
from typing import Any, ClassVar, Self

import pghistory
import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from territory.collation import ViFold, ViSortKey, ViWords, fold
from territory.validity import Validity, ValidQuerySet


class Level(models.TextChoices):
    NATION = "nation", _("Nation")
    PROVINCE = "province", _("Province")
    DISTRICT = "district", _("District")
    COMMUNE = "commune", _("Commune")


class AreaKind(models.TextChoices):
    """What an area calls itself; several kinds share a level."""

    NATION = "nation", _("Nation")
    PROVINCE = "province", _("Province (tỉnh)")
    MUNICIPALITY = "municipality", _("Centrally run city (thành phố trực thuộc trung ương)")
    DISTRICT = "district", _("Rural district (huyện)")
    URBAN_DISTRICT = "urban_district", _("Urban district (quận)")
    TOWN = "town", _("Town (thị xã)")
    CITY = "city", _("City (thành phố)")
    COMMUNE = "commune", _("Commune (xã)")
    WARD = "ward", _("Ward (phường)")
    TOWNSHIP = "township", _("Township (thị trấn)")
    SPECIAL_ZONE = "special_zone", _("Special zone (đặc khu)")


def paths_above(path: str) -> list[str]:
    """The paths of an area and of all areas above it: "1/64/702/" gives "1/", "1/64/", "1/64/702/"."""
    keys = path.rstrip("/").split("/")
    return ["/".join(keys[: i + 1]) + "/" for i in range(len(keys))]


class AreaQuerySet(ValidQuerySet["Area"]):
    def within(self, area: "Area", *, itself: bool = True) -> Self:
        """The area's descendants by one range over the indexed path; with the area unless told otherwise."""
        below = self.filter(path__startswith=area.path)
        return below if itself else below.exclude(pk=area.pk)

    def level(self, level: Level) -> Self:
        return self.filter(level=level)

    def search(self, words: str) -> Self:
        """Areas whose name holds the words, diacritics or not."""
        return self.filter(search_text__contains=fold(words.replace("\0", "").strip()))

    def find(self, code: str, day: dt.date, level: Level | None = None) -> "Area":
        """The one area with this code on this day.

        Raises Area.DoesNotExist when no area had the code then.
        """
        found = self.valid_on(day).filter(code=code)
        if level is not None:
            found = found.filter(level=level)
        return found.get()


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=["search_text", "sort_key"])
class Area(Validity):
    """An administrative unit between two dates.

    ``path`` is the chain of primary keys from the nation down, each followed by a slash ("1/64/702/"), set by
    the database. ``province`` and ``district`` are the unit's own ancestors of that level, or itself.
    Source: General Statistics Office codes, through the package vietnamadminunits.
    """

    code = models.CharField(_("code"), max_length=10, db_collation="C")
    level = models.CharField(_("level"), max_length=8, choices=Level.choices)
    kind = models.CharField(_("kind"), max_length=16, choices=AreaKind.choices)
    name = models.CharField(_("name"), max_length=120, help_text=_("With its kind, as in “Huyện Bát Xát”."))
    short_name = models.CharField(_("short name"), max_length=100)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    province = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="+")
    district = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="+")
    path = models.TextField(editable=False, db_collation="C", default="")
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    search_text = models.GeneratedField(
        expression=ViFold(F("name")), output_field=models.TextField(db_collation="C"), db_persist=True
    )
    sort_key = models.GeneratedField(
        expression=ViSortKey(F("short_name")),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )

    objects: ClassVar[Any] = AreaQuerySet.as_manager()

    class Meta(Validity.Meta):
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering = ["sort_key", "valid_from"]
        indexes = [
            models.Index(fields=["path"], name="area_path"),
            models.Index(fields=["code", "valid_from"], name="area_code_from"),
            models.Index(fields=["parent", "sort_key"], name="area_children"),
            GinIndex(ViWords("search_text"), name="area_words"),
        ]
        constraints = [
            *Validity.Meta.constraints,
            models.CheckConstraint(
                condition=Q(level=Level.NATION, parent__isnull=True) | Q(parent__isnull=False),
                name="territory_area_has_parent_below_nation",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="set_path",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("parent_id"),  # type: ignore[no-untyped-call]
                declare=[("above", "territory_area%ROWTYPE")],
                func="""
                    IF TG_OP = 'UPDATE' AND NEW.parent_id IS DISTINCT FROM OLD.parent_id AND EXISTS (
                        SELECT 1 FROM territory_area WHERE parent_id = OLD.id) THEN
                        RAISE EXCEPTION 'an area with parts cannot move; end its validity and make a new one';
                    END IF;
                    SELECT * INTO above FROM territory_area WHERE id = NEW.parent_id;
                    NEW.path := COALESCE(above.path, '') || NEW.id || '/';
                    NEW.province_id := CASE WHEN NEW.level = 'province' THEN NEW.id ELSE above.province_id END;
                    NEW.district_id := CASE WHEN NEW.level = 'district' THEN NEW.id ELSE above.district_id END;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return self.name

    def contains(self, other: "Area") -> bool:
        """Whether ``other`` is this area or lies in it."""
        return other.path.startswith(self.path)


class AreaSuccession(models.Model):
    """Which area took over the territory of which. A divided unit has several successors, one the default."""

    predecessor = models.ForeignKey(Area, models.CASCADE, related_name="succeeded_by")
    successor = models.ForeignKey(Area, models.CASCADE, related_name="preceded_by")
    is_default = models.BooleanField(
        _("default successor"),
        default=True,
        help_text=_("Gets the figures of a divided unit, marked estimated."),
    )
    is_divided = models.BooleanField(_("the predecessor was divided"), default=False)

    class Meta:
        verbose_name = _("succession")
        verbose_name_plural = _("successions")
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="territory_succession_once"),
            models.UniqueConstraint(
                fields=["predecessor"], condition=Q(is_default=True), name="territory_succession_one_default"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"
