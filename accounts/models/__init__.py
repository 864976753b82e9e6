"""People, what they may do where, and what they did."""

from accounts.models.api_key import ApiKey, ApiUse, KeyScope
from accounts.models.audit import AuditEvent
from accounts.models.draft import FormDraft
from accounts.models.membership import Membership, Role
from accounts.models.notification import Notice, Notification
from accounts.models.outbox import Happening, OutboxEvent
from accounts.models.reading import ReadEvent
from accounts.models.seal import ReadSeal
from accounts.models.sent_request import SentRequest
from accounts.models.user import User
from accounts.models.visit import Visit
from accounts.models.webhook import Delivery, Webhook

__all__ = [
    "ApiKey",
    "ApiUse",
    "AuditEvent",
    "Delivery",
    "FormDraft",
    "Happening",
    "KeyScope",
    "Membership",
    "Notice",
    "Notification",
    "OutboxEvent",
    "ReadEvent",
    "ReadSeal",
    "Role",
    "SentRequest",
    "User",
    "Visit",
    "Webhook",
]
