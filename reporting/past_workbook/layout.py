"""The columns of the workbook of past figures. A row is one figure of one unit for one period."""

from django.utils.translation import gettext_noop

from programs.workbook.columns import Column, Layout, Shape

#: The code that stands in the column of figures for "there was nothing in the whole period".
NIL = "nil"

COLUMNS = (
    Column(
        "number",
        gettext_noop("No."),
        Shape.NOTE,
        gettext_noop("For your own counting. The portal does not read it."),
        "1",
        7,
    ),
    Column(
        "form",
        gettext_noop("Form"),
        Shape.TEXT,
        gettext_noop("The code of the form that asks for the figure."),
        "six_month",
        12,
        is_required=True,
    ),
    Column(
        "unit",
        gettext_noop("Unit code"),
        Shape.TEXT,
        gettext_noop("The code of the unit whose figure it is."),
        width=20,
        is_required=True,
    ),
    Column(
        "unit_name",
        gettext_noop("Unit"),
        Shape.NOTE,
        gettext_noop("So that you know it. The portal reads the code."),
        width=34,
    ),
    Column(
        "period",
        gettext_noop("Period"),
        Shape.TEXT,
        gettext_noop("A past one: 2016, 2016-H1, 2016..2020 or 2013-01-01..2019-10-08."),
        "2016-H1",
        14,
        is_required=True,
    ),
    Column(
        "key",
        gettext_noop("Code of the figure"),
        Shape.TEXT,
        gettext_noop(
            "The code of the indicator, and of its part after a stroke. “nil” stands for the whole period."
        ),
        width=30,
        is_required=True,
    ),
    Column(
        "name",
        gettext_noop("Indicator"),
        Shape.NOTE,
        gettext_noop("So that you know it. The portal reads the code."),
        width=60,
    ),
    Column(
        "now",
        gettext_noop("In the portal now"),
        Shape.NOTE,
        gettext_noop(
            "What the portal held when the workbook was made. The portal does not read this column."
        ),
        width=18,
    ),
    Column(
        "figure",
        gettext_noop("Figure"),
        Shape.FIGURE,
        gettext_noop(
            "The figure as it was reported, with a dot between thousands: 6.770, trên 6.770, gần 31.000,"
            " khoảng 500, 100 - 200 or hàng trăm. In the row “nil”: x, where there was nothing in the whole"
            " period. A row without a figure is passed over."
        ),
        "trên 6.770",
        18,
        is_required=True,
    ),
    Column(
        "note",
        gettext_noop("Note"),
        Shape.LONG_TEXT,
        gettext_noop("What a reader must know about the figure, in at most 300 characters."),
        width=40,
    ),
    Column(
        "taken_from",
        gettext_noop("Taken from"),
        Shape.TEXT,
        gettext_noop("The paper or register the figure stands in, in at most 200 characters."),
        gettext_noop("Report 125/BC-UBND of 15 December 2016"),
        40,
    ),
)

#: The sheet of past figures.
PAST_SHEET = Layout("pcmbn-past-figures", 1, COLUMNS)
