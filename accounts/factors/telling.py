"""Telling people what happened to their account, on their page of notices and by e-mail at once. No secret is told."""

import logging
from collections.abc import Iterable

from celery import current_app
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Notice, User
from accounts.notices import notify

logger = logging.getLogger("portal.accounts")


def tell(user: User, kind: Notice, *, key: str) -> None:
    """Tell a person of something that happened to the own account. ``key`` tells one time from another."""
    tell_all([user], kind, key=key, url=reverse("account"))


def tell_all(people: Iterable[User], kind: Notice, *, key: str, url: str) -> None:
    """The same notice to several people; one who has it already does not get it again."""
    about = {"day": f"{timezone.localtime():%H:%M %d/%m/%Y}"}
    for person in people:
        if notify(people=[person], kind=kind, key=f"{kind}:{key}"[:80], url=url, about=about):
            transaction.on_commit(_mail)


def _mail() -> None:
    """Have the notice mailed now. A broker that is away is no harm: beat has all that waits mailed each minute."""
    try:
        current_app.send_task("accounts.tasks.mail_notices", expires=60)
    except Exception as error:
        logger.warning("a notice about an account could not be sent to be mailed: %s", type(error).__name__)
