"""Victims under codes, their identities apart, and their support."""

from victims.models.attachment import VictimAttachment
from victims.models.consent import Consent
from victims.models.export import CaseExport, CaseExportFile
from victims.models.facility import Facility, FacilityStay
from victims.models.identity import (
    OPEN_FOR,
    IdentityChange,
    IdentityOpening,
    IdentityPaper,
    VictimIdentity,
    name_and_year,
)
from victims.models.keeping import DataRequest, RetentionRule
from victims.models.support import FollowUp, SupportCase, SupportGoal, SupportService
from victims.models.transfer import Transfer
from victims.models.victim import (
    CODE_LETTERS,
    CODE_PATTERN,
    Victim,
    VictimNarrative,
    VictimPerson,
    VictimQuerySet,
    VictimRoute,
    VictimStatus,
)

__all__ = [
    "CODE_LETTERS",
    "CODE_PATTERN",
    "OPEN_FOR",
    "CaseExport",
    "CaseExportFile",
    "Consent",
    "DataRequest",
    "Facility",
    "FacilityStay",
    "FollowUp",
    "IdentityChange",
    "IdentityOpening",
    "IdentityPaper",
    "RetentionRule",
    "SupportCase",
    "SupportGoal",
    "SupportService",
    "Transfer",
    "Victim",
    "VictimAttachment",
    "VictimIdentity",
    "VictimNarrative",
    "VictimPerson",
    "VictimQuerySet",
    "VictimRoute",
    "VictimStatus",
    "name_and_year",
]
