"""The first forms: what units are asked for since the programme began. Data; administrators go on from there."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from reporting.models import (
    CutOffRule,
    Form,
    FormFiler,
    FormIndicator,
    FormKind,
    FormSection,
    Indicator,
    Section,
)
from territory.agencies import load_agency_kinds
from territory.models import AgencyKind, Level

SINCE = dt.date(2000, 1, 1)

#: Breakdowns that a form asks of victims, where the indicator can be told apart by them.
VICTIM_BREAKDOWNS = ("sex", "age_group")

_PROVINCIAL = (
    *("provincial_police", "border_guard", "labour", "health", "home_affairs", "education", "information"),
    *("culture", "justice", "womens_union", "procuracy", "court"),
)
#: Unit, district (until June 2025) or commune, provincial police: the chain of reporting.
EVERY_UNIT = (
    *((kind, Level.PROVINCE) for kind in _PROVINCIAL),
    ("district_police", Level.DISTRICT),
    ("district_committee", Level.DISTRICT),
    ("commune_police", Level.COMMUNE),
)
_SERVICES = (
    ("provincial_police", Level.PROVINCE),
    ("border_guard", Level.PROVINCE),
    ("district_police", Level.DISTRICT),
)
#: What a report cannot do without in words: what happened, and what was done about it.
_TOLD = frozenset({Section.SITUATION, Section.DIRECTION})


@dataclass(frozen=True)
class FirstForm:
    """One form to be loaded. ``narratives`` are the sections that need a text."""

    code: str
    kind: FormKind
    name: str
    name_en: str
    cut_off: CutOffRule = CutOffRule.ND09
    due_after_days: int = 5
    opens_before_days: int = 30
    may_be_nil: bool = True
    is_scheduled: bool = False
    sections: Sequence[Section] = tuple(Section)
    narratives: frozenset[Section] = _TOLD
    filers: Sequence[tuple[str, Level]] = EVERY_UNIT


FORMS = (
    FirstForm("six_month", FormKind.SIX_MONTH, "Báo cáo 6 tháng", "Six-month report", is_scheduled=True),
    FirstForm("annual", FormKind.ANNUAL, "Báo cáo năm", "Annual report", is_scheduled=True),
    FirstForm(
        "phase",
        FormKind.PHASE,
        "Báo cáo giai đoạn",
        "Phase report",
        due_after_days=20,
        opens_before_days=60,
        narratives=frozenset(Section),
    ),
    FirstForm(
        "thematic",
        FormKind.THEMATIC,
        "Báo cáo chuyên đề",
        "Thematic report",
        cut_off=CutOffRule.EXPLICIT,
        due_after_days=7,
    ),
    FirstForm(
        "ad_hoc",
        FormKind.AD_HOC,
        "Báo cáo đột xuất",
        "Ad hoc report",
        cut_off=CutOffRule.EXPLICIT,
        due_after_days=2,
        opens_before_days=7,
        sections=(Section.SITUATION,),
        narratives=frozenset({Section.SITUATION}),
    ),
    # Task 5 of letter 2978/BQP-BĐBP: figures by its annex, over calendar half-years as statistics are kept.
    FirstForm(
        "statistics",
        FormKind.SIX_MONTH,
        "Biểu thống kê số liệu (nhiệm vụ 5, Công văn 2978/BQP-BĐBP)",
        "Statistics form (task 5 of letter 2978/BQP-BĐBP)",
        cut_off=CutOffRule.CALENDAR,
        due_after_days=10,
        sections=(Section.SITUATION, Section.COMMUNICATION, Section.JUSTICE, Section.VICTIMS),
        narratives=frozenset(),
        filers=_SERVICES,
    ),
)


@transaction.atomic
def load_forms() -> int:
    """Write the first forms, and put new indicators of the catalogue into them; return how many forms there are.

    Repeatable. A form that an administrator has changed (its ``version`` is past the first) is left as it is.
    """
    load_agency_kinds()
    kinds = {kind.code: kind for kind in AgencyKind.objects.all()}
    for first in FORMS:
        form, _ = Form.objects.get_or_create(
            code=first.code, defaults={**_columns(first), "valid_from": SINCE}
        )
        if form.version > 1:
            continue
        if not form.sections.exists():
            _write_frame(form, first, kinds)
        _add_indicators(form, first)
    return len(FORMS)


def _columns(first: FirstForm) -> dict[str, object]:
    names = (
        *("kind", "name", "name_en", "cut_off", "due_after_days", "opens_before_days"),
        *("may_be_nil", "is_scheduled"),
    )
    return {name: getattr(first, name) for name in names}


def _write_frame(form: Form, first: FirstForm, kinds: dict[str, AgencyKind]) -> None:
    """The columns, sections and filers of a form that has none yet."""
    for name, value in _columns(first).items():
        setattr(form, name, value)
    form.save()
    FormSection.objects.bulk_create(
        FormSection(
            form=form, section=section, order=order, is_narrative_required=section in first.narratives
        )
        for order, section in enumerate(first.sections, start=1)
    )
    FormFiler.objects.bulk_create(
        FormFiler(form=form, agency_kind=kinds[kind], level=level) for kind, level in first.filers
    )


def _add_indicators(form: Form, first: FirstForm) -> None:
    """The indicators of the form's sections that it does not ask for yet. A percentage follows from two others."""
    asked = set(form.indicators.values_list("indicator", flat=True))
    rows = []
    for place, indicator in enumerate(asked_indicators(first.sections), start=1):
        if indicator.code not in asked:
            breakdowns = default_breakdowns(indicator) if indicator.section == Section.VICTIMS else []
            rows.append(
                FormIndicator(
                    form=form, indicator=indicator.code, breakdowns=breakdowns, order=min(place * 10, 32000)
                )
            )
    FormIndicator.objects.bulk_create(rows)


def asked_indicators(sections: Sequence[str] = tuple(Section)) -> list[Indicator]:
    """The indicators that a form may ask for, the newest wording of each, section by section. One query."""
    newest = {indicator.code: indicator for indicator in Indicator.objects.order_by("valid_from")}
    plain = [indicator for indicator in newest.values() if "ratio" not in indicator.rule]
    rank = {section: place for place, section in enumerate(sections)}
    found = [indicator for indicator in plain if indicator.section in rank]
    return sorted(found, key=lambda one: (rank[one.section], one.order, one.code))


def default_breakdowns(indicator: Indicator) -> list[str]:
    return [name for name in VICTIM_BREAKDOWNS if name in indicator.breakdowns]
