"""Forms of activities."""

from programs.forms.activity import ActivityForm

__all__ = ["ActivityForm"]
