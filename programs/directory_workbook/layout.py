"""The columns of the workbooks of people and of agencies. Their keys are the names the services refuse by."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from programs.models import DirectoryUpload
from programs.workbook.columns import Column, Layout, Shape

_NUMBER = Column(
    "number",
    gettext_noop("No."),
    Shape.NOTE,
    gettext_noop("For your own counting. The portal does not read it."),
    "1",
    7,
)

PEOPLE_SHEET = Layout(
    "pcmbn-people",
    1,
    (
        _NUMBER,
        Column(
            "full_name",
            gettext_noop("Full name"),
            Shape.TEXT,
            gettext_noop("Family name first, in at most 120 characters."),
            gettext_noop("Giàng Thị Súa"),
            28,
            is_required=True,
        ),
        Column(
            "email",
            gettext_noop("E-mail"),
            Shape.TEXT,
            gettext_noop(
                "The link to set a password goes there. Who has an account with it gets the role beside the others."
            ),
            "gtsua@example.vn",
            30,
            is_required=True,
        ),
        Column(
            "role",
            gettext_noop("Role"),
            Shape.CHOICE,
            gettext_noop(
                "Choose from the list. Head of unit, case worker, investigator and administrator take a second"
                " administrator, who is asked."
            ),
            width=24,
            is_required=True,
        ),
        Column(
            "agency",
            gettext_noop("Agency"),
            Shape.CHOICE,
            gettext_noop("Choose from the list."),
            width=34,
            is_required=True,
        ),
        Column(
            "area",
            gettext_noop("Area"),
            Shape.CHOICE,
            gettext_noop("The role reaches records of this area. Empty: the area of the agency."),
            width=28,
        ),
        Column(
            "valid_from",
            gettext_noop("From"),
            Shape.DAY,
            gettext_noop("First day of the role: day/month/year."),
            "01/12/2026",
            13,
            is_required=True,
        ),
        Column(
            "valid_to",
            gettext_noop("Until"),
            Shape.DAY,
            gettext_noop("Last day of the role. Empty: until further notice."),
            "31/12/2027",
            13,
        ),
        Column(
            "reason",
            gettext_noop("Reason"),
            Shape.LONG_TEXT,
            gettext_noop(
                "Needed where a second administrator agrees, who decides by it. At most 500 characters."
            ),
            width=40,
        ),
    ),
)

AGENCIES_SHEET = Layout(
    "pcmbn-agencies",
    1,
    (
        _NUMBER,
        Column(
            "name",
            gettext_noop("Name"),
            Shape.TEXT,
            gettext_noop("As it stands on its documents, in at most 160 characters."),
            gettext_noop("Sở Y tế tỉnh Lào Cai"),
            40,
            is_required=True,
        ),
        Column(
            "kind",
            gettext_noop("Kind"),
            Shape.CHOICE,
            gettext_noop("Choose from the list."),
            width=28,
            is_required=True,
        ),
        Column(
            "area",
            gettext_noop("Area"),
            Shape.CHOICE,
            gettext_noop("The area it is an agency of. Choose from the list."),
            width=28,
            is_required=True,
        ),
        Column(
            "symbol",
            gettext_noop("Symbol"),
            Shape.TEXT,
            gettext_noop("As written in document numbers, such as “CAT”. At most 20 characters."),
            "SYT",
            12,
        ),
        Column(
            "on",
            gettext_noop("First day"),
            Shape.DAY,
            gettext_noop("The day from which the agency exists: day/month/year."),
            "01/07/2025",
            13,
            is_required=True,
        ),
        Column(
            "duties",
            gettext_noop("Duties"),
            Shape.TEXT,
            gettext_noop("One or several of those on the sheet of lists, parted by semicolons."),
            width=34,
        ),
    ),
)


def title_of(subject: str) -> str:
    """What a workbook is about, as its page and its sheet are headed."""
    return _("People and roles") if subject == DirectoryUpload.Subject.PEOPLE else _("Agencies")


LAYOUTS = {
    DirectoryUpload.Subject.PEOPLE: PEOPLE_SHEET,
    DirectoryUpload.Subject.AGENCIES: AGENCIES_SHEET,
}
