"""The form of a time limit."""

from django.utils.translation import gettext_lazy as _

from incidents.forms.fields import IncidentForm, choice, whole
from incidents.models import CountedFrom, DeadlineStep
from territory.days import DayField
from territory.text import TextField


class LimitForm(IncidentForm):
    """A limit of the law that holds from a day on."""

    tells_in_words = False

    step = choice(_("Time limit for"), DeadlineStep.choices)
    valid_from = DayField(label=_("Holds from"), help_text=_("The limit before ends on the day before."))
    days = whole(_("Limit in days"), most=3_650, least=1)
    months = whole(_("Limit in months"), most=120, least=1, help_text=_("Either days or months."))
    counted_from = choice(_("Counted from"), CountedFrom.choices)
    legal_basis = TextField(label=_("Legal basis"), max_length=160)
