"""Confirming that there was nothing, and taking it back."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from programs.services.refusals import TransitionNotAllowed
from reporting.models import Indicator, Obligation, Submission
from reporting.services.submissions.asked import asked_by
from reporting.services.submissions.locking import NilContradicted, writing
from reporting.services.submissions.opening import said_by_records
from territory.figure import Figure

_NAMED = 5


def confirm_nil(*, submission: Submission, actor: User, version: int) -> Submission:
    """State, by name and day, that there was nothing to report about people and cases.

    Raises TransitionNotAllowed where the form knows no nil, NilContradicted while the unit's figures or records
    say otherwise, PermissionDenied, Locked, ChangedMeanwhile.
    """
    with writing(submission, actor, version) as current:
        if not current.obligation.form.may_be_nil:
            raise TransitionNotAllowed(_("This form asks for figures: nil cannot be confirmed."))
        refuse_contradicted(current)
        current.is_nil = True
        current.nil_confirmed_by, current.nil_confirmed_at = actor, timezone.now()
    return current


def undo_nil(*, submission: Submission, actor: User, version: int) -> Submission:
    """Take the nil statement back. Raises PermissionDenied, Locked, TransitionNotAllowed, ChangedMeanwhile."""
    with writing(submission, actor, version) as current:
        current.is_nil = False
        current.nil_confirmed_by = current.nil_confirmed_at = None
    return current


def refuse_contradicted(submission: Submission) -> None:
    """Raise NilContradicted where a figure about people, or a record of them, stands against the nil."""
    refuse_nil_for(submission.obligation, submission)


def refuse_nil_for(obligation: Obligation, submission: Submission | None) -> None:
    """As ``refuse_contradicted``, for an obligation that nobody has begun to answer as well; it need not be stored."""
    about_people = Indicator.About.PEOPLE
    names: list[str] = []
    if submission is not None:
        said = submission.figures.filter(part="", indicator__about=about_people).select_related("indicator")
        names += [name_of(row.indicator) for row in said if not row.figure.is_zero]
    asked = [each for each in asked_by(obligation.form, obligation) if each.indicator.about == about_people]
    told = said_by_records(obligation, asked)
    known = {each.code: each.indicator for each in asked}
    names += [
        name_of(known[key])
        for key, found in told.items()
        if key in known and found.figure is not None and not found.figure.is_zero
    ]
    _refuse(dict.fromkeys(names))


def refuse_with_nil(submission: Submission, figures: Iterable[tuple[Indicator, Figure]]) -> None:
    """Raise NilContradicted where a figure about people is typed while nil is confirmed."""
    if submission.is_nil:
        _refuse(
            dict.fromkeys(
                name_of(indicator)
                for indicator, figure in figures
                if indicator.about == Indicator.About.PEOPLE and not figure.is_zero
            )
        )


def name_of(indicator: Indicator) -> str:
    """The indicator's name in the reader's language."""
    return indicator.name_en if get_language() == "en" else indicator.name


def _refuse(names: Iterable[str]) -> None:
    listed = list(names)
    if listed:
        shown = "; ".join(listed[:_NAMED]) + (" …" if len(listed) > _NAMED else "")
        raise NilContradicted(
            _("Nil cannot stand beside these figures or records: %(names)s. Correct them, or take nil back.")
            % {"names": shown}
        )
