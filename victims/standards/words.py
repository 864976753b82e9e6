"""Ways to make coarser that several standards share: ages, years, countries, provinces."""

from django.utils.translation import gettext_noop

from victims.standards.column import SEPARATOR, Step, by_group, by_span, or_abroad

#: The age groups of the CTDC by their first year.
AGE_BANDS = (
    (0, "0--8"),
    (9, "9--17"),
    (18, "18--20"),
    (21, "21--23"),
    (24, "24--26"),
    (27, "27--29"),
    (30, "30--38"),
    (39, "39--47"),
    (48, "48+"),
)


def age_band(age: int | None) -> str:
    """The age group of the CTDC; empty where the age is not known."""
    if age is None:
        return ""
    return next(name for first, name in reversed(AGE_BANDS) if age >= first)


_MAJORITY = {name: "Minor" if first < 18 else "Adult" for first, name in AGE_BANDS}

#: The socio-economic regions by the codes of their provinces, of the map before July 2025 and after it: a province of
#: today has the code of one that became part of it, and counts where that one lay.
_REGIONS = {
    "NorthernMidlandsAndMountains": "02 04 06 08 10 11 12 14 15 17 19 20 24 25",
    "RedRiverDelta": "01 22 26 27 30 31 33 34 35 36 37",
    "NorthCentralAndCentralCoast": "38 40 42 44 45 46 48 49 51 52 54 56 58 60",
    "CentralHighlands": "62 64 66 67 68",
    "SouthEast": "70 72 74 75 77 79",
    "MekongRiverDelta": "80 82 83 84 86 87 89 91 92 93 94 95 96",
}
REGION_OF = {code: region for region, codes in _REGIONS.items() for code in codes.split()}

MAJORITY = Step(gettext_noop("minor or adult"), by_group(_MAJORITY))
REGION = Step(gettext_noop("region instead of province"), by_group(REGION_OF, otherwise="VN"))
FIVE_YEARS = Step(gettext_noop("five years instead of one"), by_span(5))
TEN_YEARS = Step(gettext_noop("ten years instead of one"), lambda value: by_span(10)(value[:4]))
HOME_OR_OTHER = Step(gettext_noop("Viet Nam or another country"), or_abroad("VN"))
ONE_OR_SEVERAL = Step(
    gettext_noop("several values not told apart"), lambda value: "Several" if SEPARATOR in value else value
)
