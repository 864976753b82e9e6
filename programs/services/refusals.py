"""Why an activity was not changed or decided about."""

from typing import Any


class TransitionNotAllowed(Exception):
    """The activity does not stand where this step starts from; ``message`` says why, for a person."""

    def __init__(self, message: Any) -> None:
        super().__init__(str(message))
        self.message = message


class ApprovedAlready(TransitionNotAllowed):
    """The activity is approved, so only a head of its unit may change it."""
