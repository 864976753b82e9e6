"""Invented people in the care of an agency, for every story about victims."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from accounts.models import User
from accounts.row_scope import row_scope
from victims.models import IdentityOpening, Victim
from victims.services.identity import Paper, open_identity, save_identity
from victims.services.victim import Decision, register_victim

FAR_WORKER = "y.ban@example.vn"
DAY = dt.date(2024, 3, 5)

#: Who nobody is. Each word is found nowhere else, so that a trace of it is a leak.
NAME, BORN = "Hờ Thị Chim Én Thử", "2001-02-28"
PAPER, PHONE = "010987654321", "0917 555 138"
ADDRESS, CONTACT = "Thôn Bịa Đặt 7, xã Không Có Thật", "chị gái Sùng Thị Mây Thử"
ACCOUNT = "Chị kể bị một người quen rủ đi làm thuê ở bên kia sông Tưởng Tượng."


def file_of(worker: User, **changed: Any) -> Victim:
    """A confirmed victim, an adult woman, in the care of the worker's first unit."""
    membership = worker.memberships.select_related("agency", "area").first()
    fields = {
        "arrival": "received",
        "arrived_on": DAY,
        "sex": "female",
        "age": 22,
        "purposes": ["forced_marriage"],
        **changed,
    }
    with row_scope(worker):
        return register_victim(
            actor=worker,
            agency=membership.agency,
            area=membership.area,
            decision=Decision("confirmed", DAY, "12/QĐ-CAT", "Công an tỉnh"),
            submission_key=uuid.uuid4(),
            **fields,
        )


def with_identity(worker: User, victim: Victim, **changed: str) -> Victim:
    """The same victim, with an identity kept."""
    texts = {
        "full_name": NAME,
        "birth_date": BORN,
        "address": ADDRESS,
        "phone": PHONE,
        "contacts": CONTACT,
        **changed,
    }
    number = texts.pop("paper", PAPER)
    with row_scope(worker):
        save_identity(
            actor=worker, victim=victim, version=0, papers=[Paper("identity_card", number)], **texts
        )
    return victim


def opened_by(worker: User, victim: Victim) -> IdentityOpening:
    with row_scope(worker):
        return open_identity(actor=worker, victim=victim, reason="Làm giấy tờ tùy thân")
