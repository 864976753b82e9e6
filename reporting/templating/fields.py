"""What may be set of each kind of block, and of the frame of a document."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from programs.models import ActivityKind
from reporting.models import Section
from territory.agencies import KINDS as AGENCY_KINDS

Choices = tuple[tuple[str, Any], ...]


class Way(Enum):
    """How a field is filled."""

    LINE = auto()
    TEXT = auto()
    LINES = auto()
    CHOICE = auto()
    CHOICES = auto()
    INDICATORS = auto()
    TICK = auto()


@dataclass(frozen=True)
class Field:
    """One thing of a block. ``has_places`` says that figures and names may stand in its text."""

    name: str
    label: Any
    way: Way = Way.LINE
    choices: Choices = ()
    help: Any = ""
    is_needed: bool = True
    has_places: bool = True


SECTIONS: Choices = tuple(Section.choices)
STATEMENTS: Choices = (
    ("difficulty", _("Difficulties")),
    ("direction", _("Directions for the next period")),
    ("recommendation", _("Recommendations")),
)
CHARTS: Choices = (
    ("bars", _("bars beside the same period")),
    ("trend", _("trend over the years")),
    ("pipeline", _("stages, from the first to the last")),
    ("ranking", _("one indicator by unit")),
)

_CAPTION = Field("caption", _("Caption"))
_SECTIONS = Field(
    "sections",
    _("All indicators of these sections"),
    Way.CHOICES,
    SECTIONS,
    is_needed=False,
)
_CODES = Field(
    "codes",
    _("Only these indicators, in this order"),
    Way.INDICATORS,
    help=_("Type the beginning of a name and choose. Empty: all of the sections that are ticked."),
    is_needed=False,
)
_CHOSEN = Field("codes", _("Indicators, in this order"), Way.INDICATORS)

#: The fields of the kinds that have any; "sentences" has sentences besides.
FIELDS: dict[str, tuple[Field, ...]] = {
    "heading": (
        Field("number", pgettext_lazy("heading", "Number"), is_needed=False, has_places=False),
        Field("text", _("Heading")),
    ),
    "text": (
        Field(
            "text",
            _("Text"),
            Way.TEXT,
            help=_("Each line is a paragraph; a line that starts with a dash is a point of a list."),
        ),
    ),
    "narratives": (Field("section", _("What units wrote about"), Way.CHOICE, SECTIONS),),
    "statements": (Field("of", _("Which"), Way.CHOICE, STATEMENTS),),
    "activities": (Field("kinds", _("Activities of these kinds"), Way.CHOICES, tuple(ActivityKind.choices)),),
    "table": (
        _CAPTION,
        _SECTIONS,
        _CODES,
        Field("compare", _("beside the same period of the year before"), Way.TICK, is_needed=False),
    ),
    "years": (_CAPTION, _SECTIONS, _CODES),
    "breakdowns": (_CAPTION, _SECTIONS, _CODES),
    "targets": (_CAPTION,),
    "tasks": (_CAPTION,),
    "pilot_figures": (_CAPTION,),
    "chart": (Field("chart", _("Kind of chart"), Way.CHOICE, CHARTS), _CAPTION, _CHOSEN),
    "annex": (_CAPTION, _CHOSEN),
}

#: The texts of one sentence; which is printed follows from what is known of the indicator it is about.
SENTENCE: tuple[Field, ...] = (
    Field("reported", _("When it is reported"), Way.TEXT),
    Field(
        "nil",
        _("When nil is confirmed"),
        Way.TEXT,
        help=_("Empty: the sentence is left out."),
        is_needed=False,
    ),
    Field(
        "missing",
        _("When nothing is known"),
        Way.TEXT,
        help=_("Empty: the sentence is left out."),
        is_needed=False,
    ),
)

#: The head, the opening and the end of the document.
FRAME: tuple[Field, ...] = (
    Field("title", _("Kind of document"), has_places=False),
    Field("subject", _("Subject"), Way.TEXT),
    Field("issuer", _("Issuing body")),
    Field(
        "parent_kind",
        _("Body above it"),
        Way.CHOICE,
        (("", _("none")), *((kind.code, kind.name) for kind in AGENCY_KINDS)),
        is_needed=False,
    ),
    Field("symbol", _("Symbol after the number")),
    Field(
        "place", pgettext_lazy("document", "Place"), help=_("Empty: the name of the area."), is_needed=False
    ),
    Field("opening", _("Opening paragraphs"), Way.LINES),
    Field("closing", _("Closing paragraphs"), Way.LINES, is_needed=False),
    Field("signer.authority", _("On behalf of"), is_needed=False),
    Field("signer.position", _("Position of who signs")),
    Field("recipients", _("Recipients"), Way.LINES, help=_("One a line.")),
    Field("archive", _("Kept in the archive by"), has_places=False),
)
