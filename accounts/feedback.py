"""What people say about the portal: given without a name, answered by the administrators of the area."""

import re

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import get_resolver, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import AuditEvent, Feedback, Notice, User
from accounts.notices import notify
from accounts.people.rights import administrators_of
from accounts.scoping import scope_of
from accounts.services import record_event

ANSWER = "feedback.answer"

#: From which state an administrator's step leads to which.
TRANSITIONS: dict[str, dict[str, Feedback.State]] = {
    Feedback.State.NEW: {"answer": Feedback.State.ANSWERED, "done": Feedback.State.DONE},
    Feedback.State.ANSWERED: {"answer": Feedback.State.ANSWERED, "done": Feedback.State.DONE},
    Feedback.State.DONE: {},
}
#: Nine digits or more, however they are set apart: a telephone or an identity number.
_NUMBER_OF_A_PERSON = re.compile(r"\d(?:[\s.\-]?\d){8,}")


def route_named(name: str) -> str:
    """The pattern of an address ("/activities/<pk>/") by the name of its view; "" for a name we do not have."""
    found = get_resolver().reverse_dict.getlist(name)
    if not found:
        return ""
    pattern = found[0][0][0][0]
    return "/" + re.sub(r"%\((\w+)\)s", r"<\1>", pattern)


def give_feedback(
    *, giver: User, kind: Feedback.Kind, text: str, page: str = "", may_contact: bool = False
) -> Feedback:
    """Keep a remark about the page whose view is named ``page``. Who gave it is kept only where they say so.

    Raises ValidationError (text) for what looks like the number of a person.
    """
    if _NUMBER_OF_A_PERSON.search(text):
        message = _("This looks like a telephone or identity number. Leave out what says who a person is.")
        raise ValidationError({"text": message}, code="number_of_a_person")
    grants = scope_of(giver).grants
    with transaction.atomic():
        made = Feedback.objects.create(
            kind=kind,
            text=text,
            route=route_named(page),
            area_id=grants[0].area.province_id if grants else None,
            author=giver if may_contact else None,
            given_on=timezone.localdate(),
        )
        notify(
            people=administrators_of(made.area),
            kind=Notice.FEEDBACK_GIVEN,
            key=f"feedback:{made.pk}",
            url=reverse("feedback_detail", args=[made.pk]),
        )
    return made


def feedback_kept_by(user: User) -> QuerySet[Feedback]:
    """The remarks that a person answers: from the own areas, and those that came from no area."""
    condition = Q(pk__in=[])
    for grant in scope_of(user).having(ANSWER):
        condition |= Q(area=None) | Q(area__path__startswith=grant.area.path)
    return Feedback.objects.filter(condition)


def may_answer(feedback: Feedback, user: User) -> bool:
    grants = scope_of(user).having(ANSWER)
    return any(feedback.area is None or grant.area.contains(feedback.area) for grant in grants)


def step_feedback(*, feedback: Feedback, actor: User, step: str, answer: str = "") -> Feedback:
    """Answer a remark, or lay it down as done. An answer reaches the author where the remark has one.

    Raises PermissionDenied, and ValidationError for a step that does not start from where the remark stands.
    """
    if not may_answer(feedback, actor):
        raise PermissionDenied("the feedback is kept by other administrators")
    with transaction.atomic():
        current = Feedback.objects.select_for_update(of=("self",)).get(pk=feedback.pk)
        if step not in TRANSITIONS[current.state]:
            raise ValidationError(_("This feedback is done already."))
        if step == "answer":
            current.answer = answer
        current.state = TRANSITIONS[current.state][step]
        current.answered_by, current.answered_at = actor, timezone.now()
        current.save(update_fields=["answer", "state", "answered_by", "answered_at"])
        record_event(
            actor=actor,
            kind=AuditEvent.Kind.FEEDBACK_ANSWERED,
            about=f"accounts.feedback:{current.pk}",
            detail={"state": current.state},
        )
        if step == "answer" and current.author is not None:
            notify(
                people=[current.author],
                kind=Notice.FEEDBACK_ANSWERED,
                key=f"feedback:{current.pk}:answer:{current.answered_at:%Y%m%d%H%M%S}",
                url=reverse("feedback_detail", args=[current.pk]),
                about={"day": f"{current.given_on:%d/%m/%Y}"},
            )
    return current
