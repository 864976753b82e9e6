"""The figures of a dashboard: three questions that are asked together, however many figures it shows."""

import datetime as dt
from collections.abc import Hashable
from functools import cached_property

from accounts.together import Latest, read_together
from reporting.breakdowns import BREAKDOWNS, Parts
from reporting.dashboard.asked import Asked
from reporting.dashboard.owed import MOST_SILENT, NAMED
from reporting.dashboard.rows import Rows, kept_lists, rows_of
from reporting.figures import Answer, Answered, Asking, Place, Question
from reporting.figures.kept_lists import KeptList, KeptLists
from reporting.figures.remembering import all_of
from reporting.models import Indicator
from territory.models import Area
from territory.period import Period

#: The key figures, in their order.
KEY = (
    *("cases_detected", "suspects_detected", "victims_detected", "victims_received", "victims_confirmed"),
    *(
        "victims_supported",
        "victims_supported_share",
        "services_given",
        "tips_received",
        "tips_resolved_share",
    ),
    *("cases_prosecuted", "accused_prosecuted", "cases_tried", "defendants_tried"),
    *("communication_attendances", "training_people", "budget_spent"),
)
#: From the tip to the verdict.
PIPELINE = (
    *("tips_received", "cases_detected", "cases_prosecuted", "cases_concluded", "cases_indicted"),
    "cases_tried",
)
#: Where the people stand who are or may be victims.
STATUS = (
    *("victims_received", "victims_in_identification", "victims_confirmed", "victims_not_confirmed"),
    *("victims_supported", "reintegrated"),
)
#: Communication and training, by kind.
REACH = (
    *("communication_activities", "communication_sessions", "communication_attendances", "seminars"),
    *("seminar_attendances", "lessons_integrated", "lesson_attendances", "extracurricular_sessions"),
    *("extracurricular_attendances", "training_classes", "training_people", "media_items", "broadcasts"),
    *("leaflets", "panels", "movement_villages", "movement_people"),
)
#: What agencies are compared by.
REACH_BY_AGENCY = (
    *("communication_activities", "communication_attendances"),
    *("training_classes", "training_people"),
)
#: What a line over time is drawn of; all are counted in victims, or in cases.
TRENDS = (
    ("victims_received", "victims_confirmed", "victims_supported"),
    ("cases_detected", "cases_prosecuted"),
)
#: How the victims who were received are told apart.
VICTIMS_BY = ("route", "purpose", "sex", "age_group")
TOLD_APART = ("victims_received", "services_given")
#: The questions of so many looks are made once in a process.
_ASKINGS: Latest[Asking] = Latest(most=50)
#: The questions, by their number.
_OVER_TIME, _BY_PART, _BELOW = range(3)


class Answers:
    """What is known for one look, read in two statements when something of it is first shown."""

    def __init__(self, asked: Asked, *, is_file: bool = False) -> None:
        self.asked = asked
        self._most_silent = MOST_SILENT if is_file else NAMED

    def indicator(self, code: str) -> Indicator | None:
        return self.asked.indicators.get(code)

    def chosen(self, codes: tuple[str, ...]) -> list[Indicator]:
        """Those of the indicators that there are in the period."""
        return [self.asked.indicators[code] for code in codes if code in self.asked.indicators]

    def at(self, code: str, period: Period | None = None) -> Answer:
        return self._answered.at(_OVER_TIME, Place(code, self.asked.area.pk, period or self.asked.period))

    def before(self, code: str) -> Answer:
        return self.at(code, self.asked.before)

    def over_time(self, code: str) -> list[Answer]:
        return [self.at(code, period) for period in self.asked.periods_over_time]

    def part(self, code: str, part: str) -> Answer:
        return self._answered.at(_BY_PART, Place(code, self.asked.area.pk, self.asked.period, part))

    def within(self, area: Area, period: Period | None = None) -> Answer:
        """What is known of the indicator of map and ranking in a part of the area."""
        return self._answered.at(_BELOW, Place(self.asked.measure, area.pk, period or self.asked.period))

    @cached_property
    def parts(self) -> dict[str, Parts]:
        """The parts that are told apart, by breakdown."""
        return {code: BREAKDOWNS[code].parts() for code in (*VICTIMS_BY, "service")}

    @cached_property
    def rows(self) -> Rows:
        """The lists beside the figures."""
        return rows_of(
            self.asked,
            self._asking.statement,
            self.chosen(REACH_BY_AGENCY),
            most_silent=self._most_silent,
        )

    def keep(self) -> None:
        """Keep what the figures are made of, and the lists beside them, as a look at them does."""
        asking, lists = self._to_be_asked(remembers=False), KeptLists(self.kept_lists, remembers=False)
        known, *found = read_together(asking.statement, *lists.statements)
        asking.answered(known)
        lists.rows(*found)

    @cached_property
    def kept_lists(self) -> list[KeptList]:
        return kept_lists(self.asked, self.chosen(REACH_BY_AGENCY), most_silent=self._most_silent)

    @cached_property
    def _answered(self) -> Answered:
        return self._asking.answered(self.rows.known)

    @cached_property
    def _asking(self) -> Asking:
        return _ASKINGS(self._key, lambda: self._to_be_asked(remembers=True)).again()

    @property
    def _key(self) -> Hashable:
        """All that decides about the questions; the catalogue is the same as long as all in it is."""
        asked = self.asked
        return (
            *(_Same(asked.lists.catalogue), asked.period, asked.measure, tuple(asked.periods_over_time)),
            *(tuple(map(all_of, (asked.area, *asked.parts))), dt.date.today()),
            tuple((each.members, each.estimated_until) for each in asked.grounds.values()),
            None if asked.agencies is None else tuple(asked.agencies),
        )

    def _to_be_asked(self, *, remembers: bool) -> Asking:
        asked = self.asked
        periods = list(dict.fromkeys([*asked.periods_over_time, asked.before, asked.period]))
        codes = tuple(dict.fromkeys((*KEY, *PIPELINE, *STATUS, *REACH)))
        parts = [part for parts in self.parts.values() for part in parts]
        return Asking(
            [
                Question(self.chosen(codes), [asked.area], periods),
                Question(self.chosen(TOLD_APART), [asked.area], [asked.period], parts),
                Question(self.chosen((asked.measure,)), asked.parts, [asked.period, asked.before]),
            ],
            grounds=asked.grounds,
            agencies=asked.agencies,
            catalogue=asked.lists.catalogue,
            keeps=True,
            remembers=remembers,
        )


class _Same:
    """Stands for a thing that is the same as another only if both are one."""

    def __init__(self, held: object) -> None:
        self._held = held

    def __hash__(self) -> int:
        return id(self._held)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self._held is other._held
