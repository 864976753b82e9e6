"""The forms that keep a look at figures, ask a unit about it, and answer."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.scoping import scope_of
from reporting.models import Question, SavedView
from territory.days import DayField
from territory.models import Agency
from territory.text import NarrativeField, TextField


class SavedViewForm(forms.Form):
    """Under which name a look is kept, and who else sees it."""

    name = TextField(label=_("Name"), max_length=120)
    shared_with = forms.TypedChoiceField(
        label=_("Who sees it"),
        required=False,
        empty_value=None,
        help_text=_("Others see what their own rights show."),
    )

    def __init__(self, data: Any = None, *, user: User, **more: Any) -> None:
        super().__init__(data, **more)
        agencies = {grant.membership.agency_id: grant.membership.agency for grant in scope_of(user).grants}
        shared: Any = self.fields["shared_with"]
        shared.choices = [("", _("only me")), *((str(key), each.name) for key, each in agencies.items())]
        shared.coerce = lambda chosen: agencies[int(chosen)]

    @classmethod
    def of(cls, view: SavedView, user: User) -> "SavedViewForm":
        """The form that changes a view the person keeps."""
        kept = {"name": view.name, "shared_with": str(view.shared_with_id or "")}
        return SavedViewForm(user=user, initial=kept, auto_id=f"view_{view.pk}_%s")


class DashboardViewForm(SavedViewForm):
    """A dashboard besides: whether it moves with time, and whether it is sent."""

    is_latest = forms.BooleanField(label=_("always the latest period"), required=False)
    is_mailed = forms.BooleanField(label=_("send it to me by e-mail every week"), required=False)


def kept_views(user: User, found: Iterable[SavedView]) -> dict[str, Any]:
    """Of the views of a page: those the person keeps, each with the form that changes it, and those that others share.

    One query for the people, one for the agencies, where any is shared.
    """
    views = list(found)
    prefetch_related_objects([view for view in views if view.shared_with_id], "user", "shared_with")
    return {
        "own_views": [(view, SavedViewForm.of(view, user)) for view in views if view.user_id == user.pk],
        "shared_views": [view for view in views if view.user_id != user.pk],
        "kept_count": len(views),
    }


class QuestionForm(forms.Form):
    """Which unit is asked what, and until when."""

    submission_key = forms.UUIDField(widget=forms.HiddenInput)
    agency = forms.ModelChoiceField(
        label=_("Unit"), queryset=Agency.objects.none(), to_field_name="code", empty_label=None
    )
    text = NarrativeField(label=_("Question"), rows=4, max_length=1000)
    due_on = DayField(label=_("Answer due"))

    def __init__(self, data: Any = None, *, agencies: Any, initial: Any = None) -> None:
        super().__init__(data, initial={"submission_key": uuid.uuid4(), **(initial or {})})
        fields: dict[str, Any] = self.fields
        fields["agency"].queryset = agencies


class AnswerForm(forms.Form):
    """The answer of the unit."""

    text = NarrativeField(label=_("Answer"), rows=5, max_length=Question._meta.get_field("answer").max_length)
