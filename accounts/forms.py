"""The forms by which an administrator makes a key of the API and a webhook, and the one of how pages look."""

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.audit import Narrowed
from accounts.keys import MANAGE, PER_MINUTE
from accounts.models import AuditEvent, Happening, KeyScope, Membership, User
from accounts.models.api_key import LONGEST_DAYS
from accounts.models.webhook import LONGEST_ADDRESS
from accounts.people.rights import people_seen_by
from accounts.scoping import scope_of
from territory.days import DayField
from territory.models import Area
from territory.text import NarrativeField, TextField

#: For how long a key is good unless another day is chosen.
USUAL_DAYS = 90


class KeyForm(forms.Form):
    """For whom a key is, what it opens, and how long. Only what the administrator keeps can be chosen."""

    consumer = TextField(
        label=_("Consumer"),
        max_length=120,
        help_text=_("Who will use the key, such as “Open-data page of the province”."),
    )
    contact = TextField(
        label=_("Contact"), required=False, max_length=160, help_text=_("Whom to call when it misbehaves.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("Opens"), choices=KeyScope.choices, widget=forms.CheckboxSelectMultiple
    )
    area = forms.ModelChoiceField(
        label=_("True figures of"),
        queryset=Area.objects.none(),
        required=False,
        empty_label=_("No area: published figures only"),
        help_text=_("The figures of this area are given as they are. All others follow the disclosure rule."),
    )
    membership = forms.ModelChoiceField(
        label=_("Membership"),
        queryset=Membership.objects.none(),
        required=False,
        empty_label=_("None"),
        help_text=_("For records: the key does what this person may do. Only this person is shown the key."),
    )
    expires_on = DayField(label=_("Good until"))
    networks = NarrativeField(
        label=_("Networks"),
        required=False,
        max_length=900,
        rows=3,
        help_text=_("From which the key may be used, one a line: 203.0.113.0/24. Empty: from anywhere."),
    )
    per_minute = forms.IntegerField(
        label=_("Requests a minute"), min_value=PER_MINUTE[0], max_value=PER_MINUTE[1], initial=120
    )

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        memberships = Membership.objects.none()
        for grant in scope_of(actor).having(MANAGE):
            memberships |= Membership.objects.current().filter(area__path__startswith=grant.area.path)
        self.fields["area"].queryset = scope_of(actor).areas(MANAGE, on=today)  # type: ignore[attr-defined]
        self.fields["membership"].queryset = memberships.select_related(  # type: ignore[attr-defined]
            "user", "agency", "area"
        ).order_by("user__full_name")
        self.fields["membership"].label_from_instance = (  # type: ignore[attr-defined]
            lambda row: f"{row.user.full_name} · {row}"
        )
        latest = today + dt.timedelta(days=LONGEST_DAYS)
        self.fields["expires_on"].initial = today + dt.timedelta(days=USUAL_DAYS)
        self.fields["expires_on"].widget.attrs.update(min=today.isoformat(), max=latest.isoformat())

    def clean_networks(self) -> list[str]:
        typed: str = self.cleaned_data["networks"]
        return [line for line in typed.replace(",", "\n").splitlines() if line.strip()]


class ReadingForm(forms.Form):
    """How the reader wants pages; the words are those of ``accounts.middleware.CHOICES``."""

    text_size = forms.ChoiceField(
        label=_("Text size"),
        choices=[("small", _("Small")), ("normal", _("Normal")), ("large", _("Large"))],
        required=False,
        widget=forms.RadioSelect,
    )
    contrast = forms.ChoiceField(
        label=_("Contrast"),
        choices=[("normal", _("Normal")), ("high", _("High"))],
        required=False,
        widget=forms.RadioSelect,
    )
    colours = forms.ChoiceField(
        label=_("Colours"),
        help_text=_("High contrast has colours of its own."),
        choices=[("system", _("As the device is set")), ("light", _("Light")), ("dark", _("Dark"))],
        required=False,
        widget=forms.RadioSelect,
    )
    motion = forms.ChoiceField(
        label=_("Motion"),
        choices=[("system", _("As the device is set")), ("less", _("Less"))],
        required=False,
        widget=forms.RadioSelect,
    )
    keys = forms.ChoiceField(
        label=_("Shortcuts of a single key"),
        help_text=_(
            "“/” leads to the search. Turn it off if you speak to the computer, or press keys by mistake."
        ),
        choices=[("on", _("On")), ("off", _("Off"))],
        required=False,
        widget=forms.RadioSelect,
    )


class WebhookForm(forms.Form):
    """Where a consumer is told what happened, and of what."""

    url = TextField(
        label=_("Address"),
        max_length=LONGEST_ADDRESS,
        help_text=_("Beginning with https://, of a host on the public Internet."),
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )
    told_of = forms.MultipleChoiceField(
        label=_("Told of"),
        choices=Happening.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only of what the key may read. A message holds codes and a link, no personal data."),
    )


class FactorResetForm(forms.Form):
    """Why the second factors of a person are to be taken away."""

    reason = TextField(
        label=_("Reason"),
        max_length=300,
        help_text=_("How you made sure that it is this person who asks: in person, by a call back ..."),
    )


class AuditForm(forms.Form):
    """Which events of the trail a reader asks for. Only people the reader keeps can be chosen."""

    kind = forms.ChoiceField(label=_("What"), required=False)
    person = forms.ModelChoiceField(
        label=_("Who"), queryset=User.objects.none(), required=False, empty_label=_("Everybody")
    )
    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("To"), required=False)
    about = TextField(
        label=pgettext_lazy("audit", "About"),
        required=False,
        max_length=100,
        help_text=_("How it begins, as “victims.victim”."),
    )

    def __init__(self, *args: Any, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = sorted(AuditEvent.Kind.choices, key=lambda choice: str(choice[1]))
        self.fields["kind"].choices = [("", _("Everything")), *kinds]  # type: ignore[attr-defined]
        self.fields["person"].queryset = people_seen_by(reader).order_by("full_name", "pk")  # type: ignore[attr-defined]

    def narrowed(self) -> Narrowed:
        """What was asked for; the form is valid."""
        return Narrowed(**self.cleaned_data)
