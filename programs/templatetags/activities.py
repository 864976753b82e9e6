"""How pages write days and money."""

from decimal import Decimal

from django import template

from programs.models import Activity
from programs.selectors.quantity import print_number

register = template.Library()


@register.filter
def days(activity: Activity) -> str:
    """When an activity took place: "05/03/2020", or "05/03/2020 – 07/03/2020"."""
    first, last = f"{activity.started_on:%d/%m/%Y}", f"{activity.ended_on:%d/%m/%Y}"
    return last if first == last else f"{first} – {last}"


@register.filter
def dong(amount: Decimal) -> str:
    """An amount of money: "12.500.000 đ"."""
    return f"{print_number(amount)} đ"


@register.filter
def number(value: int) -> str:
    """A whole number with its thousands grouped."""
    return print_number(value)
