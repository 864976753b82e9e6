"""Areas and agencies as they were and as they are."""

from territory.models.agency import Agency, AgencyDuty, AgencyKind, AgencySuccession, Duty
from territory.models.area import Area, AreaKind, AreaSuccession, Level, paths_above
from territory.models.calendar import SpecialDay

__all__ = [
    "Agency",
    "AgencyDuty",
    "AgencyKind",
    "AgencySuccession",
    "Area",
    "AreaKind",
    "AreaSuccession",
    "Duty",
    "Level",
    "SpecialDay",
    "paths_above",
]
