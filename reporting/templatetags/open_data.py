"""How the open-data page writes a published figure."""

from django import template
from django.utils.translation import gettext as _

from programs.selectors.quantity import print_figure
from reporting.open_data import Published
from territory.figure import Figure, Status

register = template.Library()


@register.simple_tag
def published(told: Published | None) -> str:
    """The figure, or why there is none. What was rounded is written as a plain number: the page says so once."""
    if told is None:
        return "–"
    if told.figure is not None and told.status is Status.REPORTED:
        is_rounded = told.is_by_rule and told.figure.nominal is not None
        figure = Figure.exact(told.figure.nominal) if is_rounded and told.figure.nominal else told.figure
        return print_figure(figure)
    words = {
        Status.CONFIRMED_NIL: _("nothing, confirmed"),
        Status.MISSING: _("not reported"),
        Status.NOT_DUE: _("not due yet"),
        Status.NOT_COMPARABLE: _("cannot be compared"),
        Status.SUPPRESSED: _("not published"),
    }
    return str(words.get(told.status, "–"))
