"""Why an activity was not changed or decided about."""

import datetime as dt
from typing import Any

from accounts.models import User
from programs.models import Activity
from programs.selectors.history import last_change


class ChangedMeanwhile(Exception):
    """Somebody changed the activity after it was opened: who, when, and its present version."""

    def __init__(self, who: User | None, when: dt.datetime, version: int) -> None:
        super().__init__(who, when, version)
        self.who = who
        self.when = when
        self.version = version

    @classmethod
    def since(cls, activity: Activity) -> "ChangedMeanwhile":
        who, when = last_change(activity)
        return cls(who, when, activity.version)


class TransitionNotAllowed(Exception):
    """The activity does not stand where this step starts from; ``message`` says why, for a person."""

    def __init__(self, message: Any) -> None:
        super().__init__(str(message))
        self.message = message


class ApprovedAlready(TransitionNotAllowed):
    """The activity is approved, so only a head of its unit may change it."""
