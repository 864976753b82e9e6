"""What happens to a recommendation after it was sent: received, considered, answered, withdrawn."""

import datetime as dt
from typing import Any

import pghistory
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Notice, Role, User
from accounts.notices import notify
from accounts.scoping import scope_of
from programs.models import Document, Recommendation
from territory.models import Agency, paths_above
from territory.text import control_characters, normalise

State = Recommendation.State

#: What can be done with a recommendation in each state, and the state that follows.
TRANSITIONS: dict[str, dict[str, str]] = {
    State.SENT: {
        "receive": State.RECEIVED,
        "consider": State.CONSIDERED,
        "accept": State.ACCEPTED,
        "refuse": State.REFUSED,
        "answer_in_part": State.PARTLY,
        "withdraw": State.WITHDRAWN,
    },
    State.RECEIVED: {
        "consider": State.CONSIDERED,
        "accept": State.ACCEPTED,
        "refuse": State.REFUSED,
        "answer_in_part": State.PARTLY,
        "withdraw": State.WITHDRAWN,
    },
    State.CONSIDERED: {
        "accept": State.ACCEPTED,
        "refuse": State.REFUSED,
        "answer_in_part": State.PARTLY,
        "withdraw": State.WITHDRAWN,
    },
    State.PARTLY: {
        "accept": State.ACCEPTED,
        "refuse": State.REFUSED,
        "answer_in_part": State.PARTLY,
        "withdraw": State.WITHDRAWN,
    },
    State.ACCEPTED: {},
    State.REFUSED: {},
    State.WITHDRAWN: {},
}

#: Steps that are an answer, with a text and a day.
ANSWERS = ("accept", "refuse", "answer_in_part")

_OFFICERS = (Role.FILING_OFFICER, Role.HEAD_OF_UNIT)


class TransitionNotAllowed(RuntimeError):
    """The recommendation is in a state in which this cannot be done any more."""


def steps_of(actor: User, recommendation: Recommendation) -> list[str]:
    """What the person may do with the recommendation now, in the order of the table."""
    possible = TRANSITIONS[recommendation.state]
    return [step for step in possible if _may(actor, recommendation, step)]


@transaction.atomic
def take_step(*, actor: User, recommendation: Recommendation, step: str) -> Recommendation:
    """Receive, consider or withdraw a recommendation. The same again where that is its state changes nothing.

    Raises PermissionDenied when it is not the actor's to do; TransitionNotAllowed.
    """
    if step in ANSWERS:
        raise TransitionNotAllowed("an answer needs a text: see answer_recommendation")
    held = _lock(recommendation)
    if not _may(actor, held, step):
        raise PermissionDenied("it is not the actor's to do")
    if (
        held.state
        == {"receive": State.RECEIVED, "consider": State.CONSIDERED, "withdraw": State.WITHDRAWN}[step]
    ):
        return held
    held.state = _next(held, step)
    held.version += 1
    with pghistory.context(user=actor.pk):
        held.save(update_fields=["state", "version"])
    return held


@transaction.atomic
def answer_recommendation(
    *,
    actor: User,
    recommendation: Recommendation,
    outcome: str,
    text: str,
    answered_on: dt.date,
    document: Document | None = None,
) -> Recommendation:
    """Answer a recommendation: ``outcome`` is one of ANSWERS. Who filed it gets a notice.

    An officer or head of the addressed agency answers in its name. Where nobody of the addressee works in the portal,
    the coordinator of the area records the answer that came on paper, and names its document. The same answer again
    changes nothing. Raises PermissionDenied, TransitionNotAllowed, ValidationError by field.
    """
    if outcome not in ANSWERS:
        raise ValidationError({"outcome": _("Choose what the answer says.")})
    held = _lock(recommendation)
    is_own = _is_asked(actor, held)
    if not _may(actor, held, outcome):
        raise PermissionDenied("it is not the actor's to answer")
    words = normalise(text).strip()
    state = {"accept": State.ACCEPTED, "refuse": State.REFUSED, "answer_in_part": State.PARTLY}[outcome]
    given = (state, words, answered_on, document.pk if document else None)
    if (held.state, held.answer, held.answered_on, held.answer_document_id) == given:
        return held
    following = _next(held, outcome)
    _judge_answer(actor, held, words, answered_on, document, is_on_paper=not is_own)
    held.state = following
    held.answer, held.answered_on, held.answer_document = words, answered_on, document
    held.answering_agency = held.addressed_to
    held.answer_entered_by = actor
    held.version += 1
    with pghistory.context(user=actor.pk):
        held.save()
    _tell_filer(held)
    return held


def _judge_answer(
    actor: User,
    held: Recommendation,
    words: str,
    answered_on: dt.date,
    document: Document | None,
    *,
    is_on_paper: bool,
) -> None:
    broken: dict[str, Any] = {}
    if not words:
        broken["text"] = _("Type the answer, or what it says in short.")
    elif control_characters(words):
        broken["text"] = _("The text holds an invisible control character.")
    if answered_on > timezone.localdate():
        broken["answered_on"] = _("The date lies in the future.")
    elif answered_on < held.period_start:
        broken["answered_on"] = _("The date lies before the period of the recommendation.")
    if document is None and is_on_paper:
        broken["document"] = _("Name the document with which the answer came.")
    if document is not None and not Document.objects.visible_to(actor).filter(pk=document.pk).exists():
        broken["document"] = _("Your register holds no such document. Enter it there first.")
    if broken:
        raise ValidationError(broken)


def _lock(recommendation: Recommendation) -> Recommendation:
    held: Recommendation = (
        Recommendation.objects.unscoped("the row is locked, then judged")
        .select_for_update(of=("self",))
        .select_related("agency", "area", "addressed_to")
        .get(pk=recommendation.pk)
    )
    return held


def _next(recommendation: Recommendation, step: str) -> str:
    try:
        return TRANSITIONS[recommendation.state][step]
    except KeyError:
        raise TransitionNotAllowed(f"{step} from {recommendation.state}") from None


def _may(actor: User, recommendation: Recommendation, step: str) -> bool:
    if step == "withdraw":
        grants = scope_of(actor).having("statement.write")
        return any(grant.reaches(recommendation.agency_id, recommendation.area) for grant in grants)
    return _is_asked(actor, recommendation) or _may_record(actor, recommendation)


def _is_asked(actor: User, recommendation: Recommendation) -> bool:
    """Whether the recommendation is addressed to an agency whose officer or head the actor is."""
    asked = recommendation.addressed_to_id
    return asked is not None and any(
        grant.membership.agency_id == asked for grant in scope_of(actor).having("statement.answer")
    )


def _may_record(actor: User, recommendation: Recommendation) -> bool:
    """Whether the actor coordinates the area, and nobody of the addressee works in the portal."""
    if not scope_of(actor).may_in("statement.record_answer", recommendation.area):
        return False
    asked = recommendation.addressed_to
    return asked is None or not _officers(asked).exists()


def tell_addressee(recommendation: Recommendation) -> int:
    """Give the people of the addressed agency a notice. Returns how many got it."""
    if recommendation.addressed_to is None:
        return 0
    people = {membership.user for membership in _officers(recommendation.addressed_to)}
    return notify(
        people=people,
        kind=Notice.RECOMMENDED,
        key=f"recommendation:{recommendation.pk}:{recommendation.addressed_to_id}",
        url=_address(recommendation),
        about=_about(recommendation, recommendation.agency.name),
    )


def _tell_filer(recommendation: Recommendation) -> None:
    reaching = _officers(recommendation.agency).filter(area__path__in=paths_above(recommendation.area.path))
    people = {membership.user for membership in reaching}
    filer = recommendation.filed_by
    if filer is not None and filer.is_active:
        people.add(filer)
    notify(
        people=people,
        kind=Notice.RECOMMENDATION_MOVED,
        key=f"recommendation:{recommendation.pk}:answer:{recommendation.version}",
        url=_address(recommendation),
        about=_about(recommendation, recommendation.addressee),
    )


def _officers(agency: Agency) -> Any:
    """The current memberships of active filing officers and heads of an agency."""
    return (
        Membership.objects.valid_on(timezone.localdate())
        .filter(agency=agency, role__in=_OFFICERS, user__is_active=True)
        .select_related("user")
    )


def _address(recommendation: Recommendation) -> str:
    return reverse("statement_detail", kwargs={"kind": "recommendation", "pk": recommendation.pk})


def _about(recommendation: Recommendation, unit: str) -> dict[str, str]:
    days = f"{recommendation.period_start:%d/%m/%Y} – {recommendation.period_end:%d/%m/%Y}"
    return {"unit": unit, "day": days}
