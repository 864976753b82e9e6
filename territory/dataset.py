"""The administrative units as the MIT package ``vietnamadminunits`` knows them, read without importing it.

The package holds two states: January 2025 (63 provinces, 696 districts, 10,035 communes) and July 2025
(34 provinces, 3,321 communes), and a converter from the one to the other whose keys are names without
diacritics and blanks, such as ``tinhkontum_huyenngochoi_xapoy``. What to know about version 1.0.4:

* Five island districts have no communes. Their rows carry no commune name and no commune code; the converter
  writes their key with an empty third part and makes each of them a special zone.
* ``districtType`` and ``wardType`` contradict the name in a dozen rows; the name is right, as the converter's
  keys show. Names differ in the capitals of their kind ("Thị Xã", "Thị Trấn"), and an accented first letter
  is sometimes small ("Xã Đại áng"). Both are put right here.
* The converter takes some namesakes within one new province for the same commune: it says that Phường 4 of
  Tân An went to Long An and in part to Tân Ninh, 90 km away, where Phường 4 of Tây Ninh went. Such pieces are
  left out (see ``_is_of_a_namesake``). They are never the default.
* A few coordinates are of a namesake elsewhere (Xã Long Khánh of Đồng Tháp, Xã Vĩnh Thực). They are kept.
"""

import datetime as dt
import importlib.util
import json
import math
import sqlite3
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from territory.models import AreaKind, Level

PACKAGE = "vietnamadminunits"

#: The package holds the state of January 2025. By convention it held since the first programme.
LEGACY_FROM = dt.date(2004, 1, 1)
LEGACY_TO = dt.date(2025, 6, 30)
#: First day of the two-level administration (Resolution 202/2025/QH15).
TWO_LEVELS_FROM = dt.date(2025, 7, 1)
NATION_FROM = dt.date(1945, 9, 2)

_PROVINCE_KINDS = {"Tỉnh": AreaKind.PROVINCE, "Thành phố": AreaKind.MUNICIPALITY}
_DISTRICT_KINDS = {
    "Huyện": AreaKind.DISTRICT,
    "Quận": AreaKind.URBAN_DISTRICT,
    "Thị xã": AreaKind.TOWN,
    "Thành phố": AreaKind.CITY,
}
_COMMUNE_KINDS = {
    "Xã": AreaKind.COMMUNE,
    "Phường": AreaKind.WARD,
    "Thị trấn": AreaKind.TOWNSHIP,
    "Đặc khu": AreaKind.SPECIAL_ZONE,
}
KINDS = {Level.PROVINCE: _PROVINCE_KINDS, Level.DISTRICT: _DISTRICT_KINDS, Level.COMMUNE: _COMMUNE_KINDS}

#: A piece this far from its commune, while a namesake lies near, belongs to the namesake. In kilometres.
_NAMESAKE_DISTANCE = 15.0
_EARTH_DIAMETER = 12_742.0

Row = dict[str, Any]
Point = tuple[float, float]
_Span = tuple[dt.date, dt.date | None]


class DatasetMissing(Exception):
    """The package with the administrative units is not installed, or not in the form known here."""


class UnitKey(NamedTuple):
    """What names an area for good: codes are reused, so the first day belongs to the key."""

    level: Level
    code: str
    valid_from: dt.date


@dataclass(frozen=True, slots=True)
class Unit:
    """One administrative unit, ready to become an Area."""

    key: UnitKey
    valid_to: dt.date | None
    kind: AreaKind
    name: str
    short_name: str
    parent: UnitKey | None
    latitude: Decimal | None
    longitude: Decimal | None


@dataclass(frozen=True, slots=True)
class Link:
    """``successor`` took over the territory of ``predecessor``, or a piece of it."""

    predecessor: UnitKey
    successor: UnitKey
    is_default: bool
    is_divided: bool


@dataclass(frozen=True, slots=True)
class Dataset:
    """Everything the package says. ``units`` has parents before their parts."""

    units: list[Unit]
    links: list[Link]
    unlinked: list[Unit]
    left_out: int


NATION = Unit(
    key=UnitKey(Level.NATION, "VN", NATION_FROM),
    valid_to=None,
    kind=AreaKind.NATION,
    name="Việt Nam",
    short_name="Việt Nam",
    parent=None,
    latitude=None,
    longitude=None,
)


def find_package() -> Path:
    """The folder of the installed package's data files. Raises DatasetMissing."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise DatasetMissing(f"The Python package {PACKAGE} is not installed.")
    return Path(spec.origin).parent / "data"


def read_dataset(folder: Path | None = None) -> Dataset:
    """Read units and successor links from the package, or from another ``folder`` of the same form.

    Raises DatasetMissing when a file or a table is not there.
    """
    folder = folder or find_package()
    try:
        legacy, present = _read_rows(folder / "dataset.db")
        converter = json.loads((folder / "converter_2025.json").read_text(encoding="utf-8"))
    except (OSError, sqlite3.Error, ValueError) as error:
        raise DatasetMissing(f"The data files of {PACKAGE} cannot be read in {folder}: {error}") from error
    units = [NATION, *_distinct(_legacy_units(legacy)), *_distinct(_present_units(present))]
    order = list(Level)
    units.sort(key=lambda unit: order.index(unit.key.level))
    pieces = _pieces(converter, legacy, present)
    links = [*_commune_links(pieces.kept), *_province_links(pieces.kept)]
    linked = {link.predecessor for link in links}
    with_parts = {unit.parent for unit in units}
    unlinked = [
        unit
        for unit in units
        if unit.valid_to is not None
        and unit.key not in linked
        and not (unit.key.level == Level.DISTRICT and unit.key in with_parts)
    ]
    return Dataset(units=units, links=links, unlinked=unlinked, left_out=pieces.left_out)


def _read_rows(path: Path) -> tuple[list[Row], list[Row]]:
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
        database.row_factory = sqlite3.Row
        legacy = [dict(row) for row in database.execute("SELECT * FROM admin_units_legacy")]
        present = [dict(row) for row in database.execute("SELECT * FROM admin_units")]
    return legacy, present


# --- names and units ---------------------------------------------------------------------------------------


def split_name(name: str, level: Level) -> tuple[AreaKind, str, str]:
    """Return kind, name with its kind, and short name: "Thị Xã Kỳ Anh" gives TOWN, "Thị xã Kỳ Anh", "Kỳ Anh".

    A unit named by a number keeps its kind in the short name ("Quận 1").
    """
    name = " ".join(unicodedata.normalize("NFC", name).split())
    for words, kind in KINDS[level].items():
        if name.casefold().startswith(f"{words.casefold()} "):
            own = " ".join(_capitalised(word) for word in name[len(words) + 1 :].split())
            full = f"{words} {own}"
            return kind, full, full if own.isdigit() else own
    raise DatasetMissing(f"The name “{name}” does not begin with a kind of {level.value}.")


def _capitalised(word: str) -> str:
    return word if word[0].isascii() else word[0].upper() + word[1:]


def _degrees(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value)).quantize(Decimal("0.00001"))


def _unit(row: Row, column: str, level: Level, *, from_to: _Span, parent: UnitKey) -> Unit:
    kind, name, short_name = split_name(row[column], level)
    return Unit(
        key=UnitKey(level, row[f"{column}Code"], from_to[0]),
        valid_to=from_to[1],
        kind=kind,
        name=name,
        short_name=short_name,
        parent=parent,
        latitude=_degrees(row[f"{column}Lat"]),
        longitude=_degrees(row[f"{column}Lon"]),
    )


def _legacy_units(rows: Iterable[Row]) -> Iterator[Unit]:
    span = (LEGACY_FROM, LEGACY_TO)
    for row in rows:
        province = _unit(row, "province", Level.PROVINCE, from_to=span, parent=NATION.key)
        district = _unit(row, "district", Level.DISTRICT, from_to=span, parent=province.key)
        yield from (province, district)
        if row["ward"]:
            yield _unit(row, "ward", Level.COMMUNE, from_to=span, parent=district.key)


def _present_units(rows: Iterable[Row]) -> Iterator[Unit]:
    span = (TWO_LEVELS_FROM, None)
    for row in rows:
        province = _unit(row, "province", Level.PROVINCE, from_to=span, parent=NATION.key)
        yield province
        yield _unit(row, "ward", Level.COMMUNE, from_to=span, parent=province.key)


def _distinct(units: Iterable[Unit]) -> Iterable[Unit]:
    return {unit.key: unit for unit in units}.values()


# --- successor links ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Piece:
    """A legacy commune, or an island district without communes, and one commune that got a piece of it."""

    old: Row
    new: Row
    is_default: bool

    @property
    def distance(self) -> float:
        """Kilometres to the new commune, from the old commune or its district: either may be misplaced."""
        there = (self.new["wardLat"], self.new["wardLon"])
        here = [(self.old[f"{column}Lat"], self.old[f"{column}Lon"]) for column in ("ward", "district")]
        known = [_kilometres(point, there) for point in here if None not in (*point, *there)]
        return min(known, default=0.0)


class _Pieces(NamedTuple):
    kept: list[_Piece]
    left_out: int


def _kilometres(one: Point, other: Point) -> float:
    (lat, lon), (lat2, lon2) = (tuple(map(math.radians, point)) for point in (one, other))
    half = math.sin((lat2 - lat) / 2) ** 2 + math.cos(lat) * math.cos(lat2) * math.sin((lon2 - lon) / 2) ** 2
    return _EARTH_DIAMETER * math.asin(math.sqrt(half))


def _pieces(converter: Mapping[str, Any], legacy: Iterable[Row], present: Iterable[Row]) -> _Pieces:
    """What the converter says, as pairs of rows. Keys it names that no row has are passed over."""
    old = {f"{row['provinceKey']}_{row['districtKey']}_{row['wardKey'] or ''}": row for row in legacy}
    new = {(row["provinceKey"], row["wardKey"]): row for row in present}
    pieces = [
        _Piece(old[old_key], new[province, new_key], is_default)
        for province, old_key, new_key, is_default in _converter_entries(converter)
        if old_key in old and (province, new_key) in new
    ]
    namesakes: defaultdict[tuple[str, str], list[_Piece]] = defaultdict(list)
    for piece in pieces:
        namesakes[piece.old["wardKey"], piece.new["wardCode"]].append(piece)
    kept = [
        piece
        for piece in pieces
        if not _is_of_a_namesake(piece, namesakes[piece.old["wardKey"], piece.new["wardCode"]])
    ]
    return _Pieces(kept, len(pieces) - len(kept))


def _converter_entries(converter: Mapping[str, Any]) -> Iterator[tuple[str, str, str, bool]]:
    for province, communes in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for new_key, old_keys in communes.items():
            for old_key in old_keys:
                yield province, old_key, new_key, True
    for province, divided in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for old_key, shares in divided.items():
            for share in shares:
                yield province, old_key, share["newWardKey"], share["isDefaultNewWard"]


def _is_of_a_namesake(piece: _Piece, namesakes: list[_Piece]) -> bool:
    """Whether the converter mistook the commune for one of the same name that lies where the piece is."""
    if piece.is_default or piece.distance <= _NAMESAKE_DISTANCE:
        return False
    nearest = min(namesake.distance for namesake in namesakes)
    return nearest * 3 < piece.distance


def _legacy_key(row: Row) -> UnitKey:
    if row["ward"]:
        return UnitKey(Level.COMMUNE, row["wardCode"], LEGACY_FROM)
    return UnitKey(Level.DISTRICT, row["districtCode"], LEGACY_FROM)


def _commune_links(pieces: Iterable[_Piece]) -> Iterator[Link]:
    """Links of communes; and of the island districts without communes, each to its special zone."""
    of_one: defaultdict[UnitKey, list[_Piece]] = defaultdict(list)
    for piece in pieces:
        of_one[_legacy_key(piece.old)].append(piece)
    for predecessor, shares in of_one.items():
        for share in shares:
            successor = UnitKey(Level.COMMUNE, share.new["wardCode"], TWO_LEVELS_FROM)
            yield Link(predecessor, successor, share.is_default, len(shares) > 1)


def _province_links(pieces: Iterable[_Piece]) -> Iterator[Link]:
    """Where the communes of a province went; most of them decide which successor is the default."""
    went: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for piece in pieces:
        went[piece.old["provinceCode"]][piece.new["provinceCode"]] += 1
    for code, counts in went.items():
        for rank, (successor, _) in enumerate(counts.most_common()):
            yield Link(
                UnitKey(Level.PROVINCE, code, LEGACY_FROM),
                UnitKey(Level.PROVINCE, successor, TWO_LEVELS_FROM),
                is_default=rank == 0,
                is_divided=len(counts) > 1,
            )
