"""The register of a training as it is read: who may keep it, its sums, and where it and the figures disagree."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Q, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.together import Asked, Kept, keep_related, read_together
from programs.models import REGISTER_KINDS, Activity, Measure, TrainingPlaces, TrainingRegister
from programs.selectors.approval import heads_of, may_change
from programs.selectors.quantity import Quantity, print_figure, print_number
from territory.figure import Figure, Qualifier
from territory.models import Agency, Level
from territory.text import normalise

#: Agencies that are offered while a name is typed.
MOST_OFFERED = 150
#: "khoảng 500" is not contradicted by what lies within this share of it.
_ABOUT = Decimal("0.1")


def has_register(activity: Activity) -> bool:
    """Whether an activity of this kind has a register."""
    return activity.kind in REGISTER_KINDS


def may_keep_register(user: User, activity: Activity) -> bool:
    """Whether the person may write the register: whoever may change the activity."""
    return may_change(user, activity, heads_of(activity.agency_id, activity.area))


@dataclass(frozen=True)
class Share:
    """A part of a whole, summed over those rows that tell both."""

    part: int
    whole: int
    known: int
    rows: int

    @property
    def percent(self) -> Decimal | None:
        """One decimal place; None where the whole is nothing."""
        if not self.whole:
            return None
        exact = Decimal(100 * self.part) / self.whole
        return exact.quantize(Decimal("0.1"), ROUND_HALF_UP)

    @property
    def is_partial(self) -> bool:
        """Whether some rows did not tell."""
        return self.known < self.rows


@dataclass(frozen=True)
class TestResult:
    """A test before or after: people who took it and passed it, and the average mark."""

    __test__ = False  # a noun of the domain, not a test of this code

    taken: int | None
    passed: int | None
    average: Decimal | None

    @property
    def is_told(self) -> bool:
        return any(value is not None for value in (self.taken, self.passed, self.average))

    @property
    def passed_share(self) -> Share | None:
        if self.taken is None or self.passed is None:
            return None
        return Share(self.passed, self.taken, 1, 1)


class RegisterSummary:
    """A register with its rows, sums and shares. A sum is None where no row tells it."""

    def __init__(self, register: TrainingRegister, activity: Activity) -> None:
        self.register = register
        self.activity = activity
        self.rows: list[TrainingPlaces] = list(register.places.all())

    def _sum(self, column: str) -> int | None:
        told = [value for row in self.rows if (value := getattr(row, column)) is not None]
        return sum(told) if told else None

    def _share(self, part: str, whole: str) -> Share | None:
        told = [
            (getattr(row, part), getattr(row, whole))
            for row in self.rows
            if getattr(row, part) is not None and getattr(row, whole) is not None
        ]
        if not told:
            return None
        return Share(sum(p for p, _w in told), sum(w for _p, w in told), len(told), len(self.rows))

    @property
    def offered(self) -> int | None:
        return self._sum("offered")

    @property
    def attended(self) -> int:
        return self._sum("attended") or 0

    @property
    def attended_women(self) -> int | None:
        return self._sum("attended_women")

    @property
    def certificates(self) -> int | None:
        return self._sum("certificates")

    @property
    def certificates_women(self) -> int | None:
        return self._sum("certificates_women")

    @property
    def attendance(self) -> Share | None:
        """Those who attended, of the places offered."""
        return self._share("attended", "offered")

    @property
    def women(self) -> Share | None:
        """Women among those who attended."""
        return self._share("attended_women", "attended")

    @property
    def certified(self) -> Share | None:
        """Those who got a certificate, among those who attended."""
        return self._share("certificates", "attended")

    @property
    def before(self) -> TestResult:
        r = self.register
        return TestResult(r.taken_before, r.passed_before, r.average_before)

    @property
    def after(self) -> TestResult:
        r = self.register
        return TestResult(r.taken_after, r.passed_after, r.average_after)

    @cached_property
    def warnings(self) -> list[str]:
        """Where the register and the figures of the activity do not say the same."""
        found = []
        counted = _counted_people(Quantity.of(row) for row in self.activity.quantities.all())
        if self.rows and counted is not None and contradicts(self.attended, counted.figure):
            found.append(
                _(
                    "The register adds up to %(sum)s who attended, the figures of the activity say %(figure)s."
                    " Correct the one that is wrong."
                )
                % {
                    "sum": print_number(self.attended),
                    "figure": print_figure(counted.figure, counted.unit),
                }
            )
        if self.rows and any((test.taken or 0) > self.attended for test in (self.before, self.after)):
            found.append(_("More people took a test than attended. Correct the one that is wrong."))
        return found


def contradicts(number: int, figure: Figure) -> bool:
    """Whether a figure as reported cannot be this number. Words without bounds contradict nothing."""
    if figure.qualifier is Qualifier.ABOUT and figure.low is not None:
        return abs(number - figure.low) > figure.low * _ABOUT
    return (figure.low is not None and number < figure.low) or (
        figure.high is not None and number > figure.high
    )


def _counted_people(quantities: Iterable[Quantity]) -> Quantity | None:
    """The figure the register is held against: people, else attendances."""
    by_measure = {str(quantity.measure): quantity for quantity in quantities}
    return by_measure.get(Measure.PEOPLE) or by_measure.get(Measure.ATTENDANCES)


def register_of(activity: Activity) -> TrainingRegister | None:
    """The register of an activity with its rows, if somebody has begun one."""
    return register_among(*read_together(*asked_of_register(activity)))


def asked_of_register(activity: Activity) -> tuple[Asked, Asked]:
    """What reads the register of an activity and its rows."""
    return _registers(activity.pk), _register_rows(activity.pk)


_registers = Kept(lambda activity: TrainingRegister.objects.filter(activity=activity))
_register_rows = Kept(
    lambda activity: TrainingPlaces.objects.filter(register__activity=activity).select_related("agency__area")
)


def register_among(
    registers: Sequence[TrainingRegister], rows: list[TrainingPlaces]
) -> TrainingRegister | None:
    """The register with its rows, of what ``asked_of_register`` read."""
    for register in registers:
        keep_related(register, "places", rows)
        return register
    return None


class Units:
    """The agencies that can be told by name in a register: those of the province and of the nation, on the day."""

    def __init__(self, activity: Activity, held: Iterable[Agency] = ()) -> None:
        self._province = activity.province_id
        self._day: dt.date = activity.ended_on
        self._held = {agency.pk: agency for agency in held}

    @cached_property
    def offered(self) -> list[str]:
        """Names to choose from while typing, those of larger units first."""
        found = self._reach().order_by("area__path", "sort_key")
        agencies = sorted(found[: 10 * MOST_OFFERED], key=lambda agency: agency.area.path.count("/"))
        return list(dict.fromkeys(agency.name for agency in agencies))[:MOST_OFFERED]

    def named(self, names: Sequence[str]) -> dict[str, list[Agency]]:
        """The agencies that each name can mean; of several that one which the register has already."""
        wanted = {key_of_name(name): name for name in names}
        reach = Q(pk__in=list(self._held))
        for name in wanted.values():
            reach |= Q(name__iexact=_without_area(name))
        known: dict[str, list[Agency]] = {}
        if wanted:
            for agency in self._reach(or_held=True).filter(reach):
                for written in (agency.name, f"{agency.name} ({agency.area.name})"):
                    known.setdefault(key_of_name(written), []).append(agency)
        return {name: self._chosen(known.get(key, [])) for key, name in wanted.items()}

    def _chosen(self, agencies: list[Agency]) -> list[Agency]:
        kept = [agency for agency in agencies if agency.pk in self._held]
        return kept[:1] or agencies

    def _reach(self, *, or_held: bool = False) -> "QuerySet[Agency]":
        place = Q(area__level=Level.NATION)
        if self._province is not None:
            place |= Q(area__province=self._province) | Q(area=self._province)
        within = place & Q(valid_from__lte=self._day) & (Q(valid_to=None) | Q(valid_to__gte=self._day))
        if or_held:
            within |= Q(pk__in=list(self._held))
        rows: QuerySet[Agency] = Agency.objects.filter(within).select_related("area")
        return rows


def key_of_name(name: str) -> str:
    """Names that differ in case and blanks only are one."""
    return " ".join(normalise(name).split()).casefold()


def _without_area(name: str) -> str:
    """The name without the area in brackets that tells two of one name apart."""
    plain = " ".join(normalise(name).split())
    return plain.rpartition(" (")[0] if plain.endswith(")") and " (" in plain else plain
