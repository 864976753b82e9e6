"""People, what they may do where, and what they did."""

from accounts.models.api_key import ApiKey, ApiUse, KeyScope
from accounts.models.audit import AuditEvent
from accounts.models.draft import FormDraft
from accounts.models.factor_reset import FactorReset
from accounts.models.membership import Membership, Role
from accounts.models.notification import Notice, Notification
from accounts.models.reading import ReadEvent
from accounts.models.seal import ReadSeal
from accounts.models.sent_request import SentRequest
from accounts.models.user import User
from accounts.models.visit import Visit

__all__ = [
    "ApiKey",
    "ApiUse",
    "AuditEvent",
    "FactorReset",
    "FormDraft",
    "KeyScope",
    "Membership",
    "Notice",
    "Notification",
    "ReadEvent",
    "ReadSeal",
    "Role",
    "SentRequest",
    "User",
    "Visit",
]
