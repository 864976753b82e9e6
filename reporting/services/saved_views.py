"""Keeping looks at the dashboard, and sending one a week by e-mail."""

import datetime as dt
from collections.abc import Mapping

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.models import User
from reporting.dashboard import Dashboard, asked_of
from reporting.models import SavedView
from reporting.templatetags.humane import period_name

#: Views that one person keeps at most, and the days between two mails.
MOST_VIEWS = 30
WEEK = dt.timedelta(days=7)

_TOO_MANY = gettext_lazy("You keep %(most)d views already. Remove one first.")


def save_view(
    *, actor: User, name: str, parameters: Mapping[str, str], is_latest: bool, is_mailed: bool
) -> SavedView:
    """Keep a look under a name; one of that name is replaced. ``is_latest`` lets it show the latest period.

    Only one view is mailed: a new one takes the place of the one before. Raises ValidationError for too many.
    """
    kept = {key: value for key, value in parameters.items() if not (is_latest and key in ("period", "rule"))}
    with transaction.atomic():
        User.objects.select_for_update().get(pk=actor.pk)
        own = SavedView.objects.filter(user=actor)
        if own.exclude(name=name).count() >= MOST_VIEWS:
            raise ValidationError(_TOO_MANY, params={"most": MOST_VIEWS})
        if is_mailed:
            own.update(is_mailed=False)
        view, _made = SavedView.objects.update_or_create(
            user=actor, name=name, defaults={"parameters": kept, "is_mailed": is_mailed, "mailed_on": None}
        )
    return view


def remove_view(*, actor: User, key: int) -> None:
    """Remove one of the actor's own views; another's is left as it is."""
    SavedView.objects.filter(user=actor, pk=key).delete()


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
