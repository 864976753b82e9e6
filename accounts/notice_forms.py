"""The form on which a person chooses what to hear of, how, and when."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import DIGEST_HOURS, Digest, Notice, NoticeChoice, NoticeSettings, User, Way, usual_way
from accounts.notices import choose_ways, kind_groups, ways_of

_HOURS = [(hour, f"{hour}:00") for hour in range(24)]
_NO_HOUR = [("", _("none"))]


def _hour(value: str) -> int | None:
    return int(value) if value else None


class NoticeForm(forms.Form):
    """One choice for each kind of notice, the digest, and the quiet hours."""

    digest = forms.ChoiceField(label=_("E-mail digest"), choices=Digest.choices)
    digest_hour = forms.TypedChoiceField(
        label=_("Hour of the daily digest"),
        choices=_HOURS[DIGEST_HOURS[0] : DIGEST_HOURS[1] + 1],
        coerce=int,
    )
    quiet_from = forms.TypedChoiceField(
        label=_("Quiet from"), choices=[*_NO_HOUR, *_HOURS], coerce=_hour, empty_value=None, required=False
    )
    quiet_to = forms.TypedChoiceField(
        label=_("Quiet until"), choices=[*_NO_HOUR, *_HOURS], coerce=_hour, empty_value=None, required=False
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        held = NoticeSettings.objects.filter(user=user).first() or NoticeSettings(user=user)
        chosen = dict(NoticeChoice.objects.filter(user=user).values_list("kind", "way"))
        names = ("digest", "digest_hour", "quiet_from", "quiet_to")
        kwargs["initial"] = {name: getattr(held, name) for name in names}
        super().__init__(*args, **kwargs)
        for _label, kinds in kind_groups():
            for kind in kinds:
                label = str(kind.label)
                self.fields[kind.value] = forms.ChoiceField(
                    label=label[:1].upper() + label[1:],
                    choices=[(way.value, way.label) for way in ways_of(kind)],
                    initial=chosen.get(kind, usual_way(kind)),
                )

    def groups(self) -> list[tuple[str, list[Any]]]:
        """The choices by what they are about, as the page shows them."""
        return [(label, [self[kind.value] for kind in kinds]) for label, kinds in kind_groups()]

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        first, last = typed.get("quiet_from"), typed.get("quiet_to")
        if (first is None) != (last is None) or (first is not None and first == last):
            self.add_error("quiet_to", _("Give two different hours, or none."))
        elif typed.get("digest") == Digest.DAILY and self._settings(typed).is_quiet_at_hour(
            typed.get("digest_hour", DIGEST_HOURS[0])
        ):
            error = ValidationError(_("This hour is quiet. Choose another, or change the quiet hours."))
            self.add_error("digest_hour", error)
        return typed

    def _settings(self, typed: dict[str, Any]) -> NoticeSettings:
        names = ("digest", "digest_hour", "quiet_from", "quiet_to")
        return NoticeSettings(user=self.user, **{name: typed[name] for name in names if name in typed})

    def save(self) -> None:
        self._settings(self.cleaned_data).save()
        kinds = [kind for _label, kinds in kind_groups() for kind in kinds]
        choose_ways(user=self.user, ways={Notice(kind): Way(self.cleaned_data[kind.value]) for kind in kinds})
