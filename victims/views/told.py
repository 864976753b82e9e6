"""What pages of victims tell in the same words: where one is, what was refused, who was faster."""

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.changing import ChangedMeanwhile
from victims.models import Victim


def crumbs(here: str, victim: Victim | None = None) -> list[dict[str, str]]:
    """The way to a page: home, the list, the file, and the page itself."""
    way = [
        {"label": _("My work"), "url": reverse("home")},
        {"label": _("Victims"), "url": reverse("victim_list")},
    ]
    if victim is not None:
        way.append({"label": victim.code, "url": reverse("victim_detail", args=[victim.code])})
    return [*way, {"label": here}]


def show_errors(form: forms.Form, error: ValidationError, names: dict[str, str] | None = None) -> None:
    """Show what a service refused beside the fields it is about; ``names`` tells fields that are called otherwise."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for column, errors in error.error_dict.items():
        name = (names or {}).get(column, column)
        form.add_error(name if name in form.fields else None, errors)


def conflict(changed: ChangedMeanwhile) -> ValidationError:
    """Who changed the record meanwhile, and what to do now."""
    message = _(
        "%(who)s changed this on %(when)s, after you had opened it. Yours is not saved yet: compare the two in"
        " another window, and save again to put yours in the place of theirs."
    )
    return changed.as_error(message)
