"""What the address of a free table asks for: a question to the statistics, and how its answer is laid out."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from math import prod
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import User
from reporting.dashboard.wording import name_of
from reporting.models import Indicator
from reporting.statistics import Question, QuestionError, read_question
from territory.period import FIRST_YEAR, LAST_YEAR

#: The parts of the address that are the question; they mean what they mean in the statistics API.
QUESTION = ("indicator", "area", "level", "period", "rule", "by", "map", "compare")
#: Those that say how the answer is laid out.
LAYOUT = ("rows", "columns", "chart", "totals")
#: Asks for the form, with what is chosen, in place of the table: a page holds one of them, so that it is light.
CHANGE = "change"
#: A run of periods; in every address that is passed on it is written out as periods.
RUN = ("since", "until", "each")

CHARTS = ("bars", "trend", "none")
#: Figures that one page shows, those of a comparison included; files hold as many as the API gives.
MOST_ON_A_PAGE = 300
#: Columns beside each other, sums left out; rows may be many more.
MOST_COLUMNS = 300


class Dimension(StrEnum):
    """What the figures of a table are told apart by; each lies in its rows or in its columns."""

    INDICATOR = "indicator"
    AREA = "area"
    PERIOD = "period"
    PART = "part"

    @property
    def label(self) -> str:
        return str(_DIMENSION_NAMES[self])


_DIMENSION_NAMES = {
    Dimension.INDICATOR: gettext_lazy("Indicator"),
    Dimension.AREA: gettext_lazy("Area"),
    Dimension.PERIOD: gettext_lazy("Period"),
    Dimension.PART: pgettext_lazy("of a figure", "Breakdown"),
}


@dataclass(frozen=True)
class Look:
    """One table: the question, which dimensions lie in rows and in columns, and what is drawn of it."""

    reader: User
    parameters: dict[str, str]
    question: Question
    rows: tuple[Dimension, ...]
    columns: tuple[Dimension, ...]
    chart: str
    has_totals: bool

    def address(self, page: str = "explore") -> str:
        """The address of the same table, or of a file of it."""
        return f"{reverse(page)}?{urlencode(self.parameters)}"

    @property
    def form_address(self) -> str:
        """Where the table is changed."""
        return f"{reverse('explore')}?{urlencode({**self.parameters, CHANGE: '1'})}"

    def api_address(self, output: str) -> str:
        """Where the API tells the same figures to the same reader."""
        asked = {name: self.parameters[name] for name in QUESTION if name in self.parameters}
        return f"{reverse('api-statistics')}?{urlencode({**asked, 'output': output})}"

    @cached_property
    def members(self) -> dict[Dimension, int]:
        """How many there are of each."""
        question = self.question
        return {
            Dimension.INDICATOR: len(question.codes),
            Dimension.AREA: len(question.areas),
            Dimension.PERIOD: len(question.periods),
            Dimension.PART: 1 + len(question.parts),
        }

    @property
    def error_of_size(self) -> dict[str, str]:
        """What to choose less of where the table is too large for a page, by field; empty where it fits."""
        if self.question.size <= MOST_ON_A_PAGE:
            return {}
        most = max(self.members, key=lambda each: self.members[each])
        field = {Dimension.PART: "by"}.get(most, str(most))
        told = _("This table would hold %(figures)s figures; a page shows at most %(most)s.") % {
            "figures": self.question.size,
            "most": MOST_ON_A_PAGE,
        }
        remedies = {
            "indicator": _("Choose fewer indicators, or take the table as a file."),
            "area": _("Choose fewer areas or a higher level, or take the table as a file."),
            "period": _("Choose fewer periods, or take the table as a file."),
            "by": _("Choose fewer breakdowns, or take the table as a file."),
        }
        return {field: f"{told} {remedies[field]}"}


def _typed_in(given: QueryDict) -> dict[str, str]:
    """The parts of the address that are known here, several of a name set apart by commas, a run written out.

    Raises QuestionError for a run that cannot be.
    """
    typed = {
        name: ",".join(part.strip() for part in given.getlist(name) if part.strip())
        for name in (*QUESTION, *LAYOUT)
    }
    run = {name: given.get(name, "").strip() for name in RUN}
    if run["since"] or run["until"]:
        typed["period"] = ",".join(dict.fromkeys([*filter(None, typed["period"].split(",")), *_run(run)]))
    return {name: value for name, value in typed.items() if value}


def _run(run: Mapping[str, str]) -> list[str]:
    """The codes of a run of years, or of their halves."""
    years = []
    for name in ("since", "until"):
        typed = run[name] or run["until"] or run["since"]
        if not (typed.isascii() and typed.isdigit() and FIRST_YEAR <= int(typed) <= LAST_YEAR):
            raise QuestionError({name: _("Choose a year from the list.")})
        years.append(int(typed))
    if years[0] > years[1]:
        raise QuestionError({"until": _("The run ends before it begins. Choose the earlier year first.")})
    halves = ("-H1", "-H2") if run["each"] == "half" else ("",)
    return [f"{year}{half}" for year in range(years[0], years[1] + 1) for half in halves]


def read_look(given: QueryDict, reader: User) -> Look:
    """Read and judge an address. Four queries. Raises QuestionError with every field that is wrong."""
    typed = _typed_in(given)
    errors: dict[str, str] = {}
    if "indicator" not in typed:
        errors["indicator"] = _("Choose at least one indicator.")
    if "period" not in typed:
        errors["period"] = _("Choose at least one period, or a run of years.")
    for name, allowed in (("chart", CHARTS), ("totals", ("none",))):
        if name in typed and typed[name] not in allowed:
            errors[name] = _("Choose one from the list.")
    rows, columns = (_dimensions(typed, name, errors) for name in ("rows", "columns"))
    if errors:
        raise QuestionError(errors)
    try:
        question = read_question({name: typed[name] for name in QUESTION if name in typed})
    except QuestionError as error:
        raise QuestionError(_in_words(error.errors, typed)) from error
    if not question.areas:
        raise QuestionError(
            {"level": _("There were no areas of this level in these periods. Choose another.")}
        )
    rows, columns = _placed(rows, columns)
    look = Look(
        reader,
        typed,
        question,
        rows,
        columns,
        typed.get("chart", CHARTS[0]),
        typed.get("totals") != "none",
    )
    if prod(look.members[each] for each in columns) > MOST_COLUMNS:
        told = _("A table has at most %(most)s columns. Move something to the rows.") % {"most": MOST_COLUMNS}
        raise QuestionError({"columns": told})
    return look


def _dimensions(typed: Mapping[str, str], name: str, errors: dict[str, str]) -> tuple[Dimension, ...]:
    named = dict.fromkeys(filter(None, typed.get(name, "").split(",")))
    known = {each.value: each for each in Dimension}
    if any(each not in known for each in named):
        errors[name] = _("Choose one from the list.")
        return ()
    return tuple(known[each] for each in named)


def _placed(
    rows: tuple[Dimension, ...], columns: tuple[Dimension, ...]
) -> tuple[tuple[Dimension, ...], tuple[Dimension, ...]]:
    """Every dimension in one place: columns hold the periods unless told otherwise, rows what is nowhere else."""
    columns = tuple(each for each in columns if each not in rows)
    if not columns and Dimension.PERIOD not in rows:
        columns = (Dimension.PERIOD,)
    return (*rows, *(each for each in Dimension if each not in (*rows, *columns))), columns


def _in_words(errors: Mapping[str, str], typed: Mapping[str, str]) -> dict[str, Any]:
    """The faults as a page tells them: which of the chosen indicators have no such breakdown, by name."""
    told = dict(errors)
    if "by" in told and "indicator" not in told:
        asked = [each.strip() for each in typed["by"].split(",")]
        rows = Indicator.objects.filter(code__in=typed["indicator"].split(",")).order_by("valid_from")
        latest = {row.code: row for row in rows}
        lacking = [name_of(row) for row in latest.values() if not set(asked) <= set(row.breakdowns)]
        told["by"] = _(
            "Not told apart in this way: %(names)s. Leave out the breakdown or these indicators."
        ) % {"names": "; ".join(lacking[:5])}
    return told
