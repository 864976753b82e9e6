"""Exports of case data of today's Lào Cai: one that is made, one that waits for approval. Every person is invented."""

import datetime as dt

from accounts.models import User
from accounts.row_scope import row_scope
from reporting.demo.cast import TWO_LEVELS_SINCE, agency
from reporting.demo.rows import key_of
from territory.models import Area, Level
from victims.models import CaseExport, Consent
from victims.services.consent import give_consent
from victims.services.export import approve_export, ask_export
from victims.services.export_jobs import carry_out, take
from victims.services.victim import Decision, Stop, register_victim, registered_with, set_route

_FIRST_DAY = dt.date(2025, 8, 4)
#: So many came alike that an anonymous file can tell of each of the two groups: more than eleven of each.
_WOMEN, _MEN = 16, 14


def load(people: dict[str, User]) -> None:
    """Take the people into care; a second time changes nothing."""
    worker = people["ho-tro.laocai-moi@demo.example"]
    province = _province()
    with row_scope(worker):
        for number in range(_WOMEN + _MEN):
            _register(worker, province, number)


def ask_and_make(people: dict[str, User]) -> None:
    """Ask for two exports, and make the one that is approved; a second time changes nothing.

    Outside the transaction of the loading: whoever makes an export keeps telling others that it is at work.
    """
    coordinator, head = (
        people["dieu-phoi.laocai-moi@demo.example"],
        people["lanh-dao.laocai-moi@demo.example"],
    )
    done = _ask(
        coordinator, CaseExport.Standard.HTCDS, "Báo cáo nghiên cứu minh họa", "Viện nghiên cứu thử nghiệm"
    )
    _ask(coordinator, CaseExport.Standard.IC_TIP, "Thống kê so sánh minh họa", "Tổ chức quốc tế thử nghiệm")
    if done.state == CaseExport.State.ASKED:
        with row_scope(head):
            approve_export(actor=head, export=done)
    lease = take(str(done.key))
    if lease is not None:
        carry_out(lease)


def _ask(coordinator: User, standard: CaseExport.Standard, purpose: str, recipient: str) -> CaseExport:
    with row_scope(coordinator):
        return ask_export(
            actor=coordinator,
            standard=standard,
            area=_province(),
            first_year=_FIRST_DAY.year,
            last_year=_FIRST_DAY.year,
            purpose=purpose,
            recipient=recipient,
            request_key=key_of(f"LC-export-{standard}"),
        )


def _province() -> Area:
    found: Area = Area.objects.find("15", TWO_LEVELS_SINCE, Level.PROVINCE)
    return found


def _register(worker: User, province: Area, number: int) -> None:
    key, day = key_of(f"LC-victim-{number}"), _FIRST_DAY + dt.timedelta(days=4 * number)
    if registered_with(actor=worker, submission_key=key) is not None:
        return
    is_woman = number < _WOMEN
    victim = register_victim(
        actor=worker,
        agency=agency("15-health", TWO_LEVELS_SINCE),
        area=province,
        decision=Decision("confirmed", day, f"{number + 1}/TN-THỬ", "Công an tỉnh Lào Cai"),
        submission_key=key,
        is_demo=True,
        arrival="handed_over" if is_woman else "self_returned",
        arrived_on=day,
        sex="female" if is_woman else "male",
        age=19 + number % 5 if is_woman else 24 + number % 6,
        minority="yes",
        purposes=["forced_marriage"] if is_woman else ["forced_labour"],
        means=["deceit"],
        acts=["recruited", "transported"],
        recruiter_relation="acquainted",
    )
    set_route(actor=worker, victim=victim, stops=[Stop("origin", "VN", province), Stop("destination", "CN")])
    for purpose in (Consent.Purpose.SERVICE, Consent.Purpose.STATISTICS, Consent.Purpose.RESEARCH):
        give_consent(
            actor=worker, victim=victim, purpose=purpose, given_on=day, how="written", given_by="person"
        )
