"""Điện Biên, 2016 to 2021, all of it invented: a whole province to compare districts, years and phases with.

The map is real; no unit, figure, case or text is. Every number follows from `figures` and so is the same at each
loading, and each text and title that a person reads says that it is invented.
"""

from accounts.models import User
from reporting.demo.synthetic.records import load_activities, load_cases, load_documents, load_statements
from reporting.demo.synthetic.submissions import load_submissions
from reporting.demo.synthetic.units import units_of_province

__all__ = ["load"]


def load(people: dict[str, User]) -> None:
    """Load what is not there yet."""
    units = units_of_province(people)
    load_activities(units)
    load_cases(units)
    load_documents()
    load_statements()
    load_submissions(units, coordinator=people["dieu-phoi.dienbien@demo.example"])
