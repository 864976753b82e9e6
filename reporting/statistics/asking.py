"""A question about figures, read from the parameters of an address, and judged before any work is done for it."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.together import read_together
from reporting.breakdowns import BREAKDOWNS
from reporting.figures import MapBasis
from reporting.models import AnswerStamp, Indicator
from territory.models import Agency, Area, Level
from territory.period import CutOff, Period, PeriodError, parse_period

MOST_INDICATORS = 50
MOST_CODES = 20
MOST_AREAS = 1_000
MOST_PERIODS = 24
MOST_BREAKDOWNS = 3
#: Figures in one answer, those of a comparison included.
MOST_FIGURES = 20_000

OUTPUTS = ("json", "csv", "jsonstat")
PARAMETERS = ("indicator", "area", "level", "agency", "period", "rule", "by", "map", "compare", "output")
#: Parameters one might look for, and why there is none.
_NONE_SUCH = {
    "agency_kind": gettext_lazy(
        "Figures are summed for one agency or for all of them, not for a kind. /api/v1/agencies/ lists the agencies"
        " of a kind: ask for each by “agency”."
    )
}
_AGENCY = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)
_LONGEST = 4_000


class QuestionError(ValueError):
    """A question that cannot be answered: by parameter, what is wrong and what to send instead."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(dict(errors))
        self.errors = dict(errors)


@dataclass(frozen=True)
class Question:
    """What is asked. ``parts`` gives each part asked for, with its breakdown; the whole has neither.

    ``indicators`` and ``areas`` are all rows that go by the codes asked for; which one counts depends on the period.
    ``stamp`` tells since when the answer was what it was when it was given last, where that was asked for.
    """

    codes: tuple[str, ...]
    indicators: tuple[Indicator, ...]
    areas: tuple[Area, ...]
    agency: Agency | None
    periods: tuple[Period, ...]
    parts: dict[str, tuple[str, Any]]
    basis: MapBasis
    is_compared: bool
    output: str
    stamp: AnswerStamp | None = None

    @cached_property
    def all_periods(self) -> tuple[Period, ...]:
        """The periods asked for and those they are compared with, each once."""
        before = [each.same_period_last_year() for each in self.periods] if self.is_compared else []
        return tuple(dict.fromkeys([*self.periods, *before]))

    @property
    def size(self) -> int:
        """How many figures answer it at most, those of a comparison included."""
        return len(self.codes) * len(self.areas) * len(self.all_periods) * (1 + len(self.parts))

    def indicators_in(self, period: Period) -> list[Indicator]:
        """Each indicator by the rule that held at the end of the period, else the one known first."""
        found = []
        for code in self.codes:
            rows = [row for row in self.indicators if row.code == code]
            begun = [row for row in rows if row.valid_from <= period.end]
            found.append((begun or rows[:1])[-1])
        return found

    def areas_in(self, period: Period) -> list[Area]:
        """The areas that held at the end of the period, or that hold today where figures are told on today's map."""
        day = timezone.localdate() if self.basis is MapBasis.NOW else period.end
        return [area for area in self.areas if area.held_on(day)]


def read_question(given: Mapping[str, str], *, stamp: str = "") -> Question:
    """Read and judge a question, with the stamp of its answer where its key (``stamp``) is given. One query.

    Raises QuestionError with every parameter that is wrong.
    """
    errors: dict[str, str] = {}
    for name in given:
        if name not in PARAMETERS:
            known = _("There is no such parameter. Known are: %(names)s.") % {"names": ", ".join(PARAMETERS)}
            errors[name[:60]] = str(_NONE_SUCH.get(name, known))
    output = _choice(given, "output", OUTPUTS, errors)
    basis = MapBasis(_choice(given, "map", [each.value for each in MapBasis], errors))
    compare = given.get("compare", "")
    if compare not in ("", "previous"):
        errors["compare"] = _(
            "Send “previous” to compare with the same period of the year before, or nothing."
        )
    periods = _periods(given, errors)
    codes = _list(given, "indicator", MOST_INDICATORS, errors)
    by = _list(given, "by", MOST_BREAKDOWNS, errors)
    place = _place(given, periods, basis)
    listed = _listed(codes, given.get("agency", ""), place, stamp)
    codes = _known_codes(codes, listed.indicators, errors)
    parts = _parts(by, codes, listed.indicators, errors)
    agency = _agency(given, listed.agencies, errors)
    if errors or place.errors:
        raise QuestionError(errors or place.errors)
    question = Question(
        tuple(codes),
        tuple(listed.indicators),
        tuple(_areas(place, listed)),
        agency,
        periods,
        parts,
        basis,
        bool(compare),
        output,
        next(iter(listed.stamps), None),
    )
    _limit(question)
    return question


@dataclass(frozen=True)
class _Place:
    """Where figures are asked for: codes of areas, the level inside them, and the days they held on."""

    codes: list[str]
    level: str
    days: list[dt.date]
    errors: dict[str, str]

    @property
    def clean(self) -> list[str]:
        return [code.replace("\0", "") for code in self.codes]


@dataclass(frozen=True)
class _Listed:
    """The rows that a question names; which of them count is judged afterwards."""

    indicators: list[Indicator]
    named: list[Area]
    within: list[Area]
    agencies: list[Agency]
    stamps: list[AnswerStamp]


#: The areas of a level inside those that go by some codes on some days; the nation holds every one.
_WITHIN = """
SELECT a.id FROM territory_area n
JOIN territory_area a ON a.path >= n.path AND a.path < rtrim(n.path, '/') || '0'
WHERE n.code = ANY (%s) AND a.level = %s AND EXISTS (
    SELECT FROM unnest(%s::date[]) AS d (day) WHERE d.day BETWEEN n.valid_from AND coalesce(n.valid_to, 'infinity')
) AND EXISTS (
    SELECT FROM unnest(%s::date[]) AS d (day) WHERE d.day BETWEEN a.valid_from AND coalesce(a.valid_to, 'infinity')
)
"""


def _listed(codes: list[str], agency: str, place: _Place, stamp: str) -> _Listed:
    """What the parameters name. One query."""
    areas = Area.objects.defer("search_text")
    within = RawSQL(_WITHIN, [place.clean, place.level, place.days, place.days])  # noqa: S611 - a constant statement
    return _Listed(
        *read_together(
            Indicator.objects.filter(code__in=[code.replace("\0", "") for code in codes]).order_by(
                "code", "valid_from"
            ),
            areas.filter(code__in=place.clean),
            areas.filter(pk__in=within)[: MOST_AREAS + 1] if place.level else areas.none(),
            Agency.objects.filter(pk=int(agency)) if _AGENCY.fullmatch(agency) else Agency.objects.none(),
            AnswerStamp.objects.filter(question=stamp) if stamp else AnswerStamp.objects.none(),
        )
    )


def _list(given: Mapping[str, str], name: str, most: int, errors: dict[str, str]) -> list[str]:
    """The values of a parameter, set apart by commas."""
    typed = given.get(name, "")
    values = [each for each in dict.fromkeys(part.strip() for part in typed[:_LONGEST].split(",")) if each]
    if len(values) > most or len(typed) > _LONGEST:
        errors[name] = _("Send at most %(most)s values, and ask again for the others.") % {"most": most}
        return []
    return values


def _choice(given: Mapping[str, str], name: str, allowed: Any, errors: dict[str, str]) -> str:
    chosen = given.get(name) or allowed[0]
    if chosen in allowed:
        return str(chosen)
    errors[name] = _("Send one of: %(values)s.") % {"values": ", ".join(allowed)}
    return str(allowed[0])


def _periods(given: Mapping[str, str], errors: dict[str, str]) -> tuple[Period, ...]:
    rules = {"nd09": CutOff.ND09, "calendar": CutOff.CALENDAR}
    rule = rules[_choice(given, "rule", list(rules), errors)]
    codes = _list(given, "period", MOST_PERIODS, errors)
    if not codes and "period" not in errors:
        errors["period"] = _("Name a period, such as 2020-H1, 2020, 2016..2020 or two dates.")
    try:
        return tuple(parse_period(code, rule) for code in codes)
    except PeriodError:
        errors["period"] = _("A period is written 2020-H1, 2020, 2016..2020 or 2021-05-01..2022-06-30.")
        return ()


def _known_codes(codes: list[str], rows: list[Indicator], errors: dict[str, str]) -> list[str]:
    """The codes asked for; none where any of them is wrong."""
    if not codes:
        errors.setdefault("indicator", _("Name an indicator by its code. /api/v1/indicators/ lists them."))
    unknown = [code for code in codes if code not in {row.code for row in rows}]
    if unknown:
        errors["indicator"] = _("There is no indicator %(codes)s. /api/v1/indicators/ lists them.") % {
            "codes": ", ".join(code[:60] for code in unknown[:5])
        }
    return codes


def _parts(
    names: list[str], codes: list[str], rows: list[Indicator], errors: dict[str, str]
) -> dict[str, tuple[str, Any]]:
    found: dict[str, tuple[str, Any]] = {}
    for name in names:
        lacking = [
            code for code in codes if not any(row.code == code and name in row.breakdowns for row in rows)
        ]
        if name not in BREAKDOWNS or lacking:
            errors["by"] = _(
                "Not all of these indicators are told apart by %(name)s. /api/v1/indicators/ says what each is."
            ) % {"name": name[:40]}
            return {}
        for part, label in BREAKDOWNS[name].parts().items():
            found.setdefault(part, (name, label))
    return found


def _agency(given: Mapping[str, str], found: list[Agency], errors: dict[str, str]) -> Agency | None:
    """The one agency whose records and reports are asked for; None where all are."""
    typed = given.get("agency", "")
    if typed and not found:
        errors["agency"] = _("There is no agency with the id %(id)s. /api/v1/agencies/ lists them.") % {
            "id": typed[:20]
        }
    return next(iter(found), None)


def _place(given: Mapping[str, str], periods: tuple[Period, ...], basis: MapBasis) -> _Place:
    errors: dict[str, str] = {}
    codes = _list(given, "area", MOST_CODES, errors) or ["VN"]
    level = given.get("level", "")
    if level not in ("", *Level.values):
        errors["level"] = _("Send one of: %(values)s.") % {"values": ", ".join(Level.values)}
        level = ""
    days = [timezone.localdate()] if basis is MapBasis.NOW else [period.end for period in periods]
    return _Place(codes, level, list(dict.fromkeys(days)), errors)


def _areas(place: _Place, listed: _Listed) -> list[Area]:
    """The rows of the areas asked for, of every period, in alphabetical order. Raises QuestionError."""
    named = [area for area in listed.named if any(area.held_on(day) for day in place.days)]
    unknown = [code for code in place.codes if code not in {area.code for area in named}]
    if unknown:
        raise QuestionError(
            {
                "area": _("No area has the code %(codes)s in these periods. /api/v1/areas/ lists them.")
                % {"codes": ", ".join(code[:20] for code in unknown[:5])}
            }
        )
    if len(listed.within) > MOST_AREAS:
        raise QuestionError(
            {"level": _("These are more than %(most)s areas. Ask for a smaller area.") % {"most": MOST_AREAS}}
        )
    return listed.within if place.level else named


def _limit(question: Question) -> None:
    """Refuse what would be too much before it is begun."""
    if question.size > MOST_FIGURES:
        raise QuestionError(
            {
                "indicator": _(
                    "This asks for %(figures)s figures; %(most)s at most in one answer. Ask for fewer indicators,"
                    " areas, periods or breakdowns, and again for the others."
                )
                % {"figures": question.size, "most": MOST_FIGURES}
            }
        )
