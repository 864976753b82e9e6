"""Figures as reported: their value, their sums, how they are typed and printed, and what a table shows of
them."""

from territory.figure.cell import Cell, Coverage, Status, print_status_vi
from territory.figure.change import Change, Direction, change, print_change_vi
from territory.figure.parsing import parse_figure
from territory.figure.printing import (
    print_count_vi,
    print_figure_en,
    print_figure_vi,
    print_number_en,
    print_number_vi,
)
from territory.figure.total import Total, TotalColumns, TotalFlags, sum_figures
from territory.figure.value import VOCABULARY, Figure, FigureError, Qualifier

__all__ = [
    "VOCABULARY",
    "Cell",
    "Change",
    "Coverage",
    "Direction",
    "Figure",
    "FigureError",
    "Qualifier",
    "Status",
    "Total",
    "TotalColumns",
    "TotalFlags",
    "change",
    "parse_figure",
    "print_change_vi",
    "print_count_vi",
    "print_figure_en",
    "print_figure_vi",
    "print_number_en",
    "print_number_vi",
    "print_status_vi",
    "sum_figures",
]
