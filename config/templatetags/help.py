"""Pictures of the help pages."""

from typing import Any

from django import template

register = template.Library()

#: All pictures have one size (scripts/screenshots.py), so that nothing moves when one is opened.
WIDTH, HEIGHT = 960, 600


@register.inclusion_tag("help/_picture.html")
def help_picture(name: str, says: str) -> dict[str, Any]:
    """A picture that is loaded when the reader opens it. ``says`` tells what it shows."""
    return {"path": f"help/{name}.webp", "says": says, "width": WIDTH, "height": HEIGHT}
