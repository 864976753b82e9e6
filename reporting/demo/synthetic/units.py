"""The units of the invented province, how much happens in each, and the periods they report on."""

from dataclasses import dataclass

from accounts.models import User
from reporting.demo.cast import DAY, SINCE
from territory.models import Agency, Area, Level
from territory.period import Period, parse_period

PROVINCE = "11"
YEARS = range(2016, 2022)
HALVES = tuple(parse_period(f"{year}-H{half}") for year in YEARS for half in (1, 2))
ANNUALS = tuple(parse_period(str(year)) for year in YEARS)

#: Told in titles and notes, so that nobody takes the figures for real ones.
MARK = "(số liệu minh họa)"
INVENTED = "Số liệu và nội dung minh họa, không có thật."

#: The standing agency, which reports for the whole province.
STANDING = f"{PROVINCE}-provincial_police"

#: How many cases a half-year brings on average, by the code of the agency. The border districts have most.
_WEIGHTS = {
    "096-district_police": 1.7,
    "103-district_police": 1.3,
    "100-district_police": 1.0,
    "094-district_police": 0.6,
    "097-district_police": 0.6,
    "099-district_police": 0.45,
    "101-district_police": 0.35,
    "098-district_police": 0.3,
    "102-district_police": 0.2,
    "095-district_police": 0.12,
    STANDING: 0.5,
    f"{PROVINCE}-border_guard": 0.7,
    f"{PROVINCE}-labour": 0.0,
    f"{PROVINCE}-womens_union": 0.0,
}

#: Districts along the border, where there are patrols.
_BORDER = ("096", "103", "100", "097")


@dataclass(frozen=True)
class Unit:
    """An agency in its area, with the people who act for it."""

    agency: Agency
    area: Area
    officer: User
    head: User | None
    weight: float

    @property
    def code(self) -> str:
        return self.agency.code

    @property
    def is_standing(self) -> bool:
        return self.code == STANDING

    @property
    def is_at_border(self) -> bool:
        return self.area.code in _BORDER


def units_of_province(people: dict[str, User]) -> list[Unit]:
    """Ten district police, then the provincial agencies. Two queries."""
    agencies = Agency.objects.filter(code__in=_WEIGHTS, valid_from=SINCE).select_related("area", "kind")
    found = {agency.code: agency for agency in agencies}
    own = {"096-district_police": ("muong-nhe@demo.example", "lanh-dao.muong-nhe@demo.example")}
    units = []
    for code, weight in _WEIGHTS.items():
        officer, head = own.get(code, ("can-bo.dienbien@demo.example", ""))
        agency = found[code]
        units.append(Unit(agency, agency.area, people[officer], people.get(head), weight))
    return units


def province() -> Area:
    return Area.objects.find(PROVINCE, DAY, Level.PROVINCE)


def is_annual(period: Period) -> bool:
    return period in ANNUALS


def halves_in(period: Period) -> tuple[Period, ...]:
    """The half-years a half-year or year is made of."""
    return tuple(half for half in HALVES if period.start <= half.start and half.end <= period.end)
