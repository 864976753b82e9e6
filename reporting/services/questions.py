"""Asking a unit about its figures, and its answer."""

import datetime as dt
import uuid
from collections.abc import Mapping

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Notice, Role, User
from accounts.notices import notify
from accounts.scoping import scope_of
from programs.services.refusals import TransitionNotAllowed
from reporting.models import Question
from territory.models import Agency, paths_above

State = Question.State

#: What can be done with a question in each state, and the state that follows.
TRANSITIONS: Mapping[str, Mapping[str, str]] = {
    State.OPEN: {"answer": State.ANSWERED, "withdraw": State.WITHDRAWN},
    State.ANSWERED: {},
    State.WITHDRAWN: {},
}
#: An answer may be asked for within so many days.
LONGEST = dt.timedelta(days=366)

_NOT_NOW = _("The question is no longer open.")
_WHEN = _("Choose a day from today to a year ahead.")


def ask_unit(
    *,
    actor: User,
    agency: Agency,
    text: str,
    due_on: dt.date,
    parameters: Mapping[str, str],
    submission_key: uuid.UUID,
) -> Question:
    """Ask an agency of an area that the actor steers or coordinates. Sent twice, it is asked once.

    Raises PermissionDenied for who may not ask there, ValidationError for a day that cannot be.
    """
    if not scope_of(actor).may_in("question.ask", agency.area):
        raise PermissionDenied("the actor asks nobody in this area")
    if not timezone.localdate() <= due_on <= timezone.localdate() + LONGEST:
        raise ValidationError({"due_on": _WHEN})
    with transaction.atomic(), pghistory.context(user=actor.pk):
        question, is_new = Question.objects.unscoped("the actor was judged above").get_or_create(
            submission_key=submission_key,
            defaults={
                "agency": agency,
                "area": agency.area,
                "text": text,
                "due_on": due_on,
                "parameters": dict(parameters),
                "asked_by": actor,
            },
        )
        if is_new:
            _tell(question, _officers_of(question), Notice.QUESTION_ASKED)
    made: Question = question
    return made


def answer_question(*, question: Question, actor: User, text: str) -> Question:
    """Answer for the own unit. Raises PermissionDenied, TransitionNotAllowed."""
    grants = scope_of(actor).having("question.answer")
    if not any(grant.reaches(question.agency_id, question.area) for grant in grants):
        raise PermissionDenied("the question is another unit's")
    with transaction.atomic(), pghistory.context(user=actor.pk):
        current = _locked(question, "answer")
        current.answer, current.answered_by, current.answered_at = text, actor, timezone.now()
        current.state = TRANSITIONS[current.state]["answer"]
        current.save()
        _tell(current, [current.asked_by], Notice.QUESTION_ANSWERED)
    return current


def withdraw_question(*, question: Question, actor: User) -> Question:
    """Ask no more. Raises PermissionDenied for everybody but who asked, TransitionNotAllowed."""
    if question.asked_by_id != actor.pk:
        raise PermissionDenied("the question is another person's")
    with transaction.atomic(), pghistory.context(user=actor.pk):
        current = _locked(question, "withdraw")
        current.state = TRANSITIONS[current.state]["withdraw"]
        current.save(update_fields=["state"])
    return current


def _locked(question: Question, step: str) -> Question:
    rows = Question.objects.unscoped("locked here; the actor was judged before").select_for_update(
        of=("self",)
    )
    current: Question = rows.select_related("agency", "area", "asked_by").get(pk=question.pk)
    if step not in TRANSITIONS[current.state]:
        raise TransitionNotAllowed(_NOT_NOW)
    return current


def _officers_of(question: Question) -> list[User]:
    """The filing officers and heads of the unit that is asked."""
    held = Membership.objects.current().filter(
        agency=question.agency_id,
        role__in=[Role.FILING_OFFICER, Role.HEAD_OF_UNIT],
        user__is_active=True,
        area__path__in=paths_above(question.area.path),
    )
    return list({each.user_id: each.user for each in held.select_related("user")}.values())


def _tell(question: Question, people: list[User], kind: Notice) -> None:
    notify(
        people=people,
        kind=kind,
        key=f"question:{question.pk}:{kind}",
        url=reverse("question_detail", args=[question.pk]),
        about={"unit": question.agency.name, "day": f"{question.due_on:%d/%m/%Y}"},
    )
