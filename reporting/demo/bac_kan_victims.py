"""The four victims that Bắc Kạn supported (fact BK-10). The figure is real; everything told of a person is invented."""

import datetime as dt
from dataclasses import dataclass, field

from accounts.models import User
from accounts.row_scope import row_scope
from reporting.demo.cast import agency
from reporting.demo.rows import key_of
from territory.models import Area
from victims.models import Consent, Facility, SupportCase, Victim
from victims.services.consent import give_consent
from victims.services.identity import Paper, save_identity
from victims.services.support import (
    add_goal,
    add_service,
    approve_closure,
    ask_closure,
    begin_stay,
    open_support,
    plan_follow_up,
)
from victims.services.victim import Decision, Stop, register_victim, registered_with, set_route


@dataclass(frozen=True)
class Invented:
    """A person who never was, and how the support of such a person could go."""

    name: str
    birth: str
    arrived_on: dt.date
    arrival: str
    age: int
    purposes: list[str]
    services: list[tuple[str, int | None]] = field(default_factory=list)
    is_closed: bool = True


PEOPLE = [
    Invented(
        "Nạn nhân Thử Nghiệm Một",
        "1994",
        dt.date(2014, 4, 8),
        "self_returned",
        20,
        ["forced_marriage"],
        [("essential_needs", 900_000), ("medical", 450_000), ("hardship_allowance", 1_000_000)],
    ),
    Invented(
        "Nạn nhân Thử Nghiệm Hai",
        "1999",
        dt.date(2015, 9, 21),
        "handed_over",
        16,
        ["sexual"],
        [("travel", 350_000), ("psychological", None), ("vocational", 2_000_000)],
    ),
    Invented(
        "Nạn nhân Thử Nghiệm Ba",
        "1988",
        dt.date(2017, 2, 14),
        "rescued",
        28,
        ["forced_labour"],
        [("legal_aid", None), ("loan", 15_000_000)],
    ),
    Invented(
        "Nạn nhân Thử Nghiệm Bốn",
        "2001",
        dt.date(2019, 5, 30),
        "received",
        17,
        ["forced_marriage"],
        [("essential_needs", 1_200_000), ("schooling", 800_000)],
        is_closed=False,
    ),
]


def load(province: Area, *, worker: User, head: User, facility: Facility) -> None:
    """Take the four into the care of the department of labour; a second time changes nothing."""
    for number, invented in enumerate(PEOPLE, start=1):
        key = key_of(f"BK-10-{number}")
        with row_scope(worker):
            if registered_with(actor=worker, submission_key=key) is not None:
                continue
            victim = register_victim(
                actor=worker,
                agency=agency("06-labour"),
                area=province,
                decision=Decision(
                    "confirmed", invented.arrived_on, f"0{number}/TN-THỬ", "Công an tỉnh Bắc Kạn"
                ),
                submission_key=key,
                is_demo=True,
                arrival=invented.arrival,
                arrived_on=invented.arrived_on,
                sex="female" if number != 3 else "male",
                age=invented.age,
                minority="yes",
                purposes=invented.purposes,
                means=["deceit"] if invented.age >= 18 else [],
                acts=["recruited", "transported"],
                recruiter_relation="acquainted",
            )
            _support(worker, victim, invented, facility, province)
            _identity(worker, victim, invented, number)
        if invented.is_closed:
            with row_scope(head):
                approve_closure(actor=head, victim=victim)


def _support(worker: User, victim: Victim, invented: Invented, facility: Facility, province: Area) -> None:
    day = invented.arrived_on
    set_route(actor=worker, victim=victim, stops=[Stop("origin", "VN", province), Stop("destination", "CN")])
    for purpose in (Consent.Purpose.SERVICE, Consent.Purpose.STATISTICS):
        by = Consent.By.PERSON if invented.age >= 18 else Consent.By.PARENT
        give_consent(
            actor=worker, victim=victim, purpose=purpose, given_on=day, how="written", given_by=by.value
        )
    kinds = [kind for kind, _amount in invented.services]
    open_support(actor=worker, victim=victim, needs=kinds, opened_on=day)
    add_goal(actor=worker, victim=victim, text="Ổn định cuộc sống tại địa phương")
    begin_stay(
        actor=worker, victim=victim, facility=facility, valid_from=day, valid_to=day + dt.timedelta(days=30)
    )
    for kind, amount in invented.services:
        add_service(
            actor=worker,
            victim=victim,
            kind=kind,
            provider="Cơ sở Bảo trợ xã hội tổng hợp",
            starts_on=day,
            amount=amount,
            facility=facility,
        )
    if invented.is_closed:
        ask_closure(actor=worker, victim=victim, outcome=SupportCase.Outcome.REINTEGRATED)
    else:
        plan_follow_up(actor=worker, victim=victim, kind="visit", due_on=dt.date(2019, 11, 30))


def _identity(worker: User, victim: Victim, invented: Invented, number: int) -> None:
    save_identity(
        actor=worker,
        victim=victim,
        version=0,
        papers=[Paper("identity_card", f"00000000013{number}")],
        full_name=invented.name,
        birth_date=invented.birth,
        address="Xã Không Có Thật",
        phone=f"0000000{number}38",
        contacts="",
    )
