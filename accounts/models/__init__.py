"""People, what they may do where, and what they did."""

from accounts.models.api_key import ApiKey, ApiUse, KeyScope
from accounts.models.audit import AuditEvent
from accounts.models.check_run import CheckRun
from accounts.models.contact import Contact
from accounts.models.draft import FormDraft
from accounts.models.factor_reset import FactorReset
from accounts.models.feedback import Feedback
from accounts.models.invitation import WaitingInvitation
from accounts.models.membership import Membership, Role, RoleRequest
from accounts.models.notice_choice import DIGEST_HOURS, Digest, MutedThing, NoticeChoice, NoticeSettings
from accounts.models.notification import ALWAYS_TOLD, Notice, Notification, Way, thing_at, usual_way
from accounts.models.outbox import Happening, OutboxEvent
from accounts.models.reading import ReadEvent
from accounts.models.seal import ReadSeal
from accounts.models.sent_request import SentRequest
from accounts.models.user import User
from accounts.models.visit import Visit
from accounts.models.webhook import Delivery, Webhook

__all__ = [
    "ALWAYS_TOLD",
    "DIGEST_HOURS",
    "ApiKey",
    "ApiUse",
    "AuditEvent",
    "CheckRun",
    "Contact",
    "Delivery",
    "Digest",
    "FactorReset",
    "Feedback",
    "FormDraft",
    "Happening",
    "KeyScope",
    "Membership",
    "MutedThing",
    "Notice",
    "NoticeChoice",
    "NoticeSettings",
    "Notification",
    "OutboxEvent",
    "ReadEvent",
    "ReadSeal",
    "Role",
    "RoleRequest",
    "SentRequest",
    "User",
    "Visit",
    "WaitingInvitation",
    "Way",
    "Webhook",
    "thing_at",
    "usual_way",
]
