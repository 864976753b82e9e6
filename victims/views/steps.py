"""How a file grows: one page for each kind of step, and one address for what is settled by a button."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.changing import ChangedMeanwhile
from accounts.models import User
from accounts.row_scope import protected_rows
from victims.forms import steps as forms
from victims.models import SupportGoal, Victim
from victims.selectors.victim import get_victim, linked_persons, person
from victims.services.consent import give_consent, withdraw_consent
from victims.services.support import (
    add_goal,
    add_service,
    approve_closure,
    ask_closure,
    begin_stay,
    end_stay,
    finish_follow_up,
    open_support,
    plan_follow_up,
    reopen,
    return_closure,
    settle_goal,
)
from victims.services.transfer import ask_transfer
from victims.services.victim import (
    Decision,
    decide_status,
    link_person,
    set_route,
    unlink_person,
    write_narrative,
)
from victims.views.told import conflict, crumbs, show_errors

Save = Callable[[User, Victim, Any], object]


@dataclass(frozen=True)
class Step:
    """A kind of step: its page's title, its form, and what it does. ``verb`` is what it needs over the file."""

    title: Any
    form: type[forms.StepForm]
    save: Save
    verb: str = "victim.write"


def _with_fields(service: Callable[..., object]) -> Save:
    """A service that takes what the form holds, field by field."""
    return lambda actor, victim, form: service(actor=actor, victim=victim, **form.cleaned_data)


def _decide(actor: User, victim: Victim, form: Any) -> object:
    return decide_status(actor=actor, victim=victim, decision=Decision(**form.cleaned_data))


def _route(actor: User, victim: Victim, form: Any) -> object:
    return set_route(actor=actor, victim=victim, stops=form.stops(), version=form.cleaned_data["version"])


def _narrate(actor: User, victim: Victim, form: Any) -> object:
    given = form.cleaned_data
    return write_narrative(
        actor=actor, victim=victim, kind=form.kind, text=given["text"], version=given["version"]
    )


STEPS: Mapping[str, Step] = {
    "status": Step(gettext_lazy("Decide on the status"), forms.StatusForm, _decide),
    "route": Step(gettext_lazy("The route"), forms.RouteForm, _route),
    "account": Step(gettext_lazy("What happened"), forms.NarrativeForm, _narrate, "narrative.write"),
    "assessment": Step(gettext_lazy("Assess the needs"), forms.AssessmentForm, _narrate, "narrative.write"),
    "support": Step(gettext_lazy("Support and needs"), forms.SupportForm, _with_fields(open_support)),
    "goal": Step(gettext_lazy("Add a goal"), forms.GoalForm, _with_fields(add_goal)),
    "service": Step(gettext_lazy("Add a service"), forms.ServiceForm, _with_fields(add_service)),
    "stay": Step(gettext_lazy("Begin a stay"), forms.StayForm, _with_fields(begin_stay)),
    "follow-up": Step(gettext_lazy("Plan a follow-up"), forms.FollowUpForm, _with_fields(plan_follow_up)),
    "consent": Step(gettext_lazy("Write down a consent"), forms.ConsentForm, _with_fields(give_consent)),
    "transfer": Step(gettext_lazy("Ask for a transfer"), forms.TransferForm, _with_fields(ask_transfer)),
    "person": Step(gettext_lazy("Link a person of the case"), forms.PersonForm, _with_fields(link_person)),
    "closure": Step(gettext_lazy("Ask for closure"), forms.ClosureForm, _with_fields(ask_closure)),
    "return": Step(
        gettext_lazy("Return the closure"), forms.ReasonForm, _with_fields(return_closure), "victim.approve"
    ),
    "reopen": Step(gettext_lazy("Open the support again"), forms.ReasonForm, _with_fields(reopen)),
}


@require_http_methods(["GET", "HEAD", "POST"])
@protected_rows
def victim_step(request: HttpRequest, code: str, step: str) -> HttpResponse:
    """The page of one step. What was typed stays when it is refused."""
    chosen = STEPS.get(step)
    if chosen is None:
        raise Http404
    victim = get_victim(request, code, needs=chosen.verb)
    actor = person(request)
    form: Any = chosen.form(request.POST if request.method == "POST" else None, actor=actor, victim=victim)
    status = 422
    if form.is_valid():
        try:
            chosen.save(actor, victim, form)
        except ChangedMeanwhile as changed:
            form.add_error(None, conflict(changed))
            form.put("version", changed.version)
            status = 409
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("victim_detail", code=victim.code)
    context = {
        "victim": victim,
        "form": form,
        "title": chosen.title,
        "stops": _stops(form) if step == "route" else None,
        "crumbs": crumbs(str(chosen.title), victim),
    }
    return render(request, "victims/step.html", context, status=status if form.errors else 200)


def _stops(form: Any) -> list[list[Any]]:
    """The fields of a route's form, place by place."""
    names = ("kind", "country", "area", "on")
    return [[form[f"{name}_{number}"] for name in names] for number in range(forms.STOPS)]


def _goal(state: SupportGoal.State) -> Callable[[User, Victim, int], object]:
    return lambda actor, victim, pk: settle_goal(
        actor=actor, goal=get_object_or_404(victim.goals, pk=pk), state=state
    )


#: What a button on the file's page settles. The number is that of the goal, follow-up, stay, consent or link.
SETTLED: Mapping[str, tuple[str, Callable[[User, Victim, int], object]]] = {
    "goal-reached": ("victim.write", _goal(SupportGoal.State.REACHED)),
    "goal-dropped": ("victim.write", _goal(SupportGoal.State.DROPPED)),
    "follow-up-done": (
        "victim.write",
        lambda actor, victim, pk: finish_follow_up(
            actor=actor, follow_up=get_object_or_404(victim.follow_ups.open(), pk=pk)
        ),
    ),
    "stay-ended": (
        "victim.write",
        lambda actor, victim, pk: end_stay(
            actor=actor, stay=get_object_or_404(victim.stays, pk=pk), on=timezone.localdate()
        ),
    ),
    "consent-withdrawn": (
        "victim.write",
        lambda actor, victim, pk: withdraw_consent(
            actor=actor, consent=get_object_or_404(victim.consents, pk=pk)
        ),
    ),
    "person-unlinked": (
        "victim.write",
        lambda actor, victim, pk: unlink_person(
            actor=actor, link=get_object_or_404(linked_persons(actor, victim), pk=pk)
        ),
    ),
    "closure-approved": (
        "victim.approve",
        lambda actor, victim, pk: approve_closure(actor=actor, victim=victim),
    ),
}


@require_POST
@protected_rows
def victim_settle(request: HttpRequest, code: str, what: str, pk: int) -> HttpResponse:
    """Settle something by one click; a second click changes nothing, or says that it was settled."""
    if what not in SETTLED or pk > 2**62:
        raise Http404
    verb, settle = SETTLED[what]
    victim = get_victim(request, code, needs=verb)
    try:
        settle(person(request), victim, pk)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except PermissionDenied:
        raise Http404 from None
    else:
        messages.success(request, _("Saved."))
    return redirect("victim_detail", code=victim.code)
