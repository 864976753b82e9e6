"""What a unit does with its submission, and what becomes of it."""

from programs.services.refusals import TransitionNotAllowed
from reporting.services.submissions.deciding import decide_figure
from reporting.services.submissions.files import add_files, remove_file
from reporting.services.submissions.locking import Locked, NilContradicted, NotReady
from reporting.services.submissions.nil import confirm_nil, undo_nil
from reporting.services.submissions.opening import (
    note_presence,
    open_submission,
    presences_of_others,
    refresh_from_records,
)
from reporting.services.submissions.steps import (
    MOST_AT_ONCE,
    TRANSITIONS,
    accept_submission,
    accept_submissions,
    reopen_submission,
    return_submission,
    submit_submission,
    withdraw_submission,
)
from reporting.services.submissions.writing import Typed, save_submission

__all__ = [
    "MOST_AT_ONCE",
    "TRANSITIONS",
    "Locked",
    "NilContradicted",
    "NotReady",
    "TransitionNotAllowed",
    "Typed",
    "accept_submission",
    "accept_submissions",
    "add_files",
    "confirm_nil",
    "decide_figure",
    "note_presence",
    "open_submission",
    "presences_of_others",
    "refresh_from_records",
    "remove_file",
    "reopen_submission",
    "return_submission",
    "save_submission",
    "submit_submission",
    "undo_nil",
    "withdraw_submission",
]
