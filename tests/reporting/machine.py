"""What people do with tips and with victims' files, for the machine of `test_rollup_machine.py`."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from incidents.models import Tip, TipKind, TipState
from incidents.models.tip import Channel
from territory.models import Agency, Area
from tests.cast import person
from victims.models import CODE_LETTERS, Consent, SupportService, Victim, VictimRoute, VictimStatus
from victims.value_lists import Arrival, ServiceKind, Sex, Status

WHY = "the machine changes anything"

days = st.dates(dt.date(2019, 11, 20), dt.date(2020, 7, 10))
which = st.integers(0, 10**6)


def some(rows: Any, pick: int) -> Any:
    """One of the rows, chosen by a number; None when there is none."""
    found = rows.unscoped(WHY) if hasattr(rows, "unscoped") else rows
    keys = list(found.order_by("pk").values_list("pk", flat=True))
    return found.get(pk=keys[pick % len(keys)]) if keys else None


class Changes(RuleBasedStateMachine):
    """Tips come in and are decided; victims arrive, are helped, move and go."""

    areas: ClassVar[list[Area]]
    agencies: ClassVar[list[Agency]]

    def __init__(self) -> None:
        super().__init__()
        self.tips = self.victims = 0

    def area(self, pick: int) -> Area:
        return self.areas[pick % len(self.areas)]

    def agency(self, pick: int) -> Agency:
        return self.agencies[pick % len(self.agencies)]

    # --- tips

    @rule(of=which, place=which, on=days, channel=st.sampled_from(list(Channel)))
    def receive_tip(self, of: int, place: int, on: dt.date, channel: Channel) -> None:
        self.tips += 1
        Tip.objects.create(
            code=f"T-{self.tips}",
            kind=TipKind.REPORT,
            channel=channel,
            received_on=on,
            agency=self.agency(of),
            area=self.area(place),
            text="Tin",
            due_on=on,
        )

    @rule(
        pick=which,
        state=st.sampled_from(
            [TipState.SUSPENDED, TipState.NOT_PROSECUTED, TipState.FORWARDED, TipState.VERIFYING]
        ),
        on=days,
    )
    def decide_tip(self, pick: int, state: TipState, on: dt.date) -> None:
        if tip := some(Tip.objects, pick):
            tip.state, tip.decided_on = state, None if state == TipState.VERIFYING else on
            tip.ground, tip.forwarded_to = "other", "Công an"
            tip.save()

    @rule(pick=which, of=which, place=which, on=days)
    def move_tip(self, pick: int, of: int, place: int, on: dt.date) -> None:
        if tip := some(Tip.objects, pick):
            tip.agency, tip.area, tip.received_on = self.agency(of), self.area(place), on
            tip.save()

    @rule(pick=which)
    def delete_tip(self, pick: int) -> None:
        if tip := some(Tip.objects, pick):
            tip.delete()

    # --- victims

    @rule(of=which, place=which, on=days, age=st.none() | st.integers(0, 60), sex=st.sampled_from(list(Sex)))
    def receive_victim(self, of: int, place: int, on: dt.date, age: int | None, sex: str) -> None:
        self.victims += 1
        code = "".join(CODE_LETTERS[self.victims // 26**n % 26] for n in range(6))
        Victim.objects.create(
            code=f"NN-{code}",
            agency=self.agency(of),
            area=self.area(place),
            arrival=Arrival.RESCUED,
            arrived_on=on,
            age=age,
            sex=sex,
            purposes=["sexual"],
            registered_by=person("who.files@example.vn"),
        )

    @rule(pick=which, of=which, place=which, on=days, age=st.none() | st.integers(0, 60))
    def move_victim(self, pick: int, of: int, place: int, on: dt.date, age: int | None) -> None:
        if victim := some(Victim.objects, pick):
            victim.agency, victim.area = self.agency(of), self.area(place)
            victim.arrived_on, victim.age = on, age
            victim.save()

    @rule(pick=which, status=st.sampled_from(list(Status)), on=days)
    def decide_status(self, pick: int, status: Status, on: dt.date) -> None:
        if victim := some(Victim.objects, pick):
            VictimStatus.objects.create(victim=victim, status=status, decided_on=on)

    @rule(pick=which, on=days)
    def correct_status(self, pick: int, on: dt.date) -> None:
        if status := some(VictimStatus.objects, pick):
            status.decided_on = on
            status.save()

    @rule(
        pick=which, kind=st.sampled_from(list(ServiceKind)), on=days, amount=st.none() | st.integers(0, 10**8)
    )
    def give_service(self, pick: int, kind: str, on: dt.date, amount: int | None) -> None:
        if victim := some(Victim.objects, pick):
            SupportService.objects.create(
                victim=victim, kind=kind, provider="Sở Y tế", starts_on=on, amount=amount
            )

    @rule(pick=which, other=which, on=days)
    def correct_service(self, pick: int, other: int, on: dt.date) -> None:
        if service := some(SupportService.objects, pick):
            service.victim, service.starts_on = some(Victim.objects, other), on
            service.save()

    @rule(pick=which)
    def strike_service_or_status(self, pick: int) -> None:
        if row := some((SupportService if pick % 2 else VictimStatus).objects, pick):
            row.delete()

    @rule(pick=which, is_withdrawn=st.booleans())
    def change_consent(self, pick: int, is_withdrawn: bool) -> None:
        if victim := some(Victim.objects, pick):
            given = dt.date(2020, 1, 1)
            Consent.objects.update_or_create(
                victim=victim,
                purpose=Consent.Purpose.STATISTICS,
                defaults={
                    "given_on": given,
                    "how": Consent.How.ORAL,
                    "withdrawn_on": given if is_withdrawn else None,
                },
            )

    @rule(pick=which, country=st.sampled_from(["VN", "CN", "KH"]))
    def change_route_of_victim(self, pick: int, country: str) -> None:
        if victim := some(Victim.objects, pick):
            VictimRoute.objects.update_or_create(
                victim=victim, order=1, defaults={"kind": "destination", "country": country}
            )

    @rule(pick=which)
    def delete_victim(self, pick: int) -> None:
        if victim := some(Victim.objects, pick):
            victim.delete()
