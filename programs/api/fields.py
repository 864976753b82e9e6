"""Fields of serializers that take what officers type: figures as reported, and periods."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.fields import empty

from accounts.api.fields import Text
from programs.forms.fields import FIGURE_MALFORMED, FIGURE_MESSAGES
from programs.forms.statement import PERIOD_ERRORS
from territory.figure import FigureError, parse_figure
from territory.period import PeriodError, parse_period


@extend_schema_field(OpenApiTypes.STR)
class ReportedFigure(Text):
    """A figure as it was reported: "6.770", "trên 6.770", "hàng trăm". Becomes a Figure."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=60, **kwargs)

    def run_validation(self, data: Any = empty) -> Any:
        text = super().run_validation(data)
        if not isinstance(text, str):  # nothing was sent
            return text
        try:
            return parse_figure(text)
        except FigureError as error:
            message = FIGURE_MESSAGES.get(error.reason, FIGURE_MALFORMED)
            raise serializers.ValidationError(message) from error


@extend_schema_field(OpenApiTypes.STR)
class PeriodCode(Text):
    """A period: "2020-H1", "2020-H2", "2020", or two days as "2021-05-01..2022-06-30". Becomes a Period."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, **kwargs)

    def run_validation(self, data: Any = empty) -> Any:
        text = super().run_validation(data)
        try:
            return parse_period(str(text).upper())
        except PeriodError as error:
            message = PERIOD_ERRORS.get(error.reason, PERIOD_ERRORS["malformed"])
            raise serializers.ValidationError(message) from error


#: What a step says when the record does not stand where it starts from.
NOT_IN_THIS_STATE = _("This cannot be done in its present state. Read the record again.")
