"""Keeping looks at figures, sharing them with the own agency, and sending a dashboard a week by e-mail."""

import datetime as dt
from collections.abc import Mapping

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.models import User
from accounts.scoping import scope_of
from reporting.dashboard import Dashboard, asked_of
from reporting.models import SavedView
from reporting.templatetags.humane import period_name
from territory.models import Agency

#: Views that one person keeps at most, and the days between two mails.
MOST_VIEWS = 30
WEEK = dt.timedelta(days=7)

_NAME_TAKEN = gettext_lazy("You keep another view under this name already. Choose another name.")
_TOO_MANY = gettext_lazy("You keep %(most)d views already. Remove one first.")


def save_view(
    *,
    actor: User,
    name: str,
    parameters: Mapping[str, str],
    page: SavedView.Page = SavedView.Page.DASHBOARD,
    shared_with: Agency | None = None,
    is_latest: bool = False,
    is_mailed: bool = False,
) -> SavedView:
    """Keep a look under a name; one of that name and page is replaced.

    ``is_latest`` lets a dashboard show the latest period. Only one view is mailed: a new one takes the place of the
    one before. Raises ValidationError for too many, PermissionDenied for an agency that is not the actor's.
    """
    _check_sharing(actor, shared_with)
    kept = {key: value for key, value in parameters.items() if not (is_latest and key in ("period", "rule"))}
    with transaction.atomic():
        User.objects.select_for_update().get(pk=actor.pk)
        own = SavedView.objects.filter(user=actor)
        if own.filter(page=page).exclude(name=name).count() >= MOST_VIEWS:
            raise ValidationError(_TOO_MANY, params={"most": MOST_VIEWS})
        if is_mailed:
            own.update(is_mailed=False)
        kept_as = {
            "parameters": kept,
            "shared_with": shared_with,
            "is_mailed": is_mailed,
            "mailed_on": None,
        }
        view: SavedView = SavedView.objects.update_or_create(
            user=actor, page=page, name=name, defaults=kept_as
        )[0]
    return view


def change_view(*, actor: User, view: SavedView, name: str, shared_with: Agency | None) -> None:
    """Give one of the actor's own views another name, and share it with an agency or with nobody.

    Raises ValidationError where another of the page has the name, PermissionDenied for a view or an agency that is
    not the actor's.
    """
    if view.user_id != actor.pk:
        raise PermissionDenied
    _check_sharing(actor, shared_with)
    try:
        with transaction.atomic():
            SavedView.objects.filter(pk=view.pk).update(name=name, shared_with=shared_with)
    except IntegrityError as taken:
        raise ValidationError(_NAME_TAKEN) from taken


def remove_view(*, actor: User, view: SavedView) -> None:
    """Remove one of the actor's own views. Raises PermissionDenied for another's."""
    if view.user_id != actor.pk:
        raise PermissionDenied
    view.delete()


def _check_sharing(actor: User, agency: Agency | None) -> None:
    agencies = {grant.membership.agency_id for grant in scope_of(actor).grants}
    if agency is not None and agency.pk not in agencies:
        raise PermissionDenied


def mail_views(today: dt.date) -> int:
    """Send each mailed view that was not sent within the last week. Returns how many were sent.

    A view is marked in the transaction that sends its mail. One that its owner may no longer see is mailed no more.
    """
    waiting = SavedView.objects.filter(is_mailed=True, user__is_active=True).exclude(
        mailed_on__gt=today - WEEK
    )
    sent = 0
    for key in waiting.values_list("pk", flat=True):
        with transaction.atomic():
            view = (
                SavedView.objects.select_for_update(skip_locked=True).filter(pk=key, is_mailed=True).first()
            )
            if view is None:
                continue
            try:
                with override(settings.LANGUAGE_CODE):
                    subject, text = _mail_of(view)
            except (Http404, PermissionDenied):
                SavedView.objects.filter(pk=key).update(is_mailed=False)
                continue
            SavedView.objects.filter(pk=key).update(mailed_on=today)
            send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [view.user.email])
            sent += 1
    return sent


def _mail_of(view: SavedView) -> tuple[str, str]:
    """The mail of a view: who is silent and the key figures. Sums only, no record and nobody's name."""
    asked = asked_of(view.parameters, view.user)
    board = Dashboard(asked)
    lines = [f"{asked.area.name}, {period_name(asked.period.code)}", ""]
    if board.coverage is not None:
        told = {"reported": board.coverage.reported, "expected": board.coverage.expected}
        lines.append(_("%(reported)s of %(expected)s units reported") % told + ".")
        lines += [f"- {unit.text}" for unit in board.silent_units]
        if board.silent_beyond:
            lines.append(_("… and %(count)s more.") % {"count": board.silent_beyond})
        lines.append("")
    for figure in board.figures:
        line = f"{figure.name}: {figure.now.text}"
        if figure.direction != "not_comparable":
            line += f" ({figure.change})"
        lines.append(line)
    lines += ["", settings.PUBLIC_URL + asked.address()]
    return f"{view.name}: {asked.area.name}", "\n".join(lines)
