"""The form in which somebody comments on a record."""

import re
import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from programs.models import COMMENT_LIMIT
from programs.selectors.comment import Record, people_concerned, who_may_see
from programs.services.comment import TELL_LIMIT
from territory.text import NarrativeField


class PeopleField(forms.MultipleChoiceField):
    """People to be told: those offered, and others by key. Who may see the record is judged when it is written."""

    def offer(self, people: list[User]) -> None:
        self.choices = [(str(user.pk), user.full_name) for user in people]

    def validate(self, value: list[str]) -> None:
        if len(value) > TELL_LIMIT:
            message = _("A comment can tell at most %(limit)d people.")
            raise ValidationError(message, code="too_many", params={"limit": TELL_LIMIT})

    def clean(self, value: Any) -> list[User]:
        typed = super().clean(value)
        keys = {int(key) for key in typed if re.fullmatch(r"[0-9]{1,18}", key, re.ASCII)}
        if len(keys) != len(set(typed)):
            raise ValidationError(_("Choose people from the list."), code="invalid_choice")
        return list(User.objects.filter(pk__in=keys, is_active=True)) if keys else []


class CommentForm(forms.Form):
    """What somebody says about a record, and whom to tell. ``concerned``: those offered, where they are read."""

    submission_key = forms.UUIDField(widget=forms.HiddenInput)
    text = NarrativeField(
        label=_("Comment"),
        rows=3,
        max_length=COMMENT_LIMIT,
        help_text=_(
            "Everybody who may see this record reads it. Type @ and a full name to tell somebody."
            " No names of victims or suspects."
        ),
        error_messages={
            "required": _("Write what you want to say."),
            "max_length": _(
                "The comment has %(show_value)d characters; at most %(limit_value)d fit. Shorten it."
            ),
        },
    )
    tell = PeopleField(
        label=_("Tell"),
        required=False,
        help_text=_("They get a notice. Hold Ctrl to choose several."),
        widget=forms.SelectMultiple(attrs={"size": 5}),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        record: Record,
        reader: User,
        concerned: list[User] | None = None,
        **kwargs: Any,
    ) -> None:
        initial = {"submission_key": uuid.uuid4(), **kwargs.pop("initial", {})}
        super().__init__(data, initial=initial, auto_id="comment_%s", **kwargs)
        # A browser cuts pasted text at maxlength without a word; the form says how much is too much instead.
        self.fields["text"].widget.attrs.pop("maxlength", None)
        people: PeopleField = self.fields["tell"]  # type: ignore[assignment]
        offered = people_concerned(record, reader) if concerned is None else concerned
        typed: list[str] = data.getlist("tell")[:TELL_LIMIT] if data is not None else []
        people.offer([*offered, *_chosen_besides(offered, typed, record)])


def _chosen_besides(offered: list[User], typed: list[str], record: Record) -> list[User]:
    """People chosen from the suggestions who are not among those offered, so that the form keeps them."""
    known = {user.pk for user in offered}
    keys = {int(key) for key in typed if re.fullmatch(r"[0-9]{1,18}", key, re.ASCII)} - known
    return who_may_see(record, User.objects.filter(pk__in=keys)) if keys else []
