"""Who keeps which register."""

from accounts.models import User
from accounts.scoping import scope_of
from territory.models import Agency, Area


def may_write_document(actor: User, issuer: Agency, area: Area) -> bool:
    """Whether the actor keeps the register of this agency in this area: own unit, or the whole area's coordinator.

    Documents from above (a ministry's letter) are entered by whoever keeps a register in the area they came to.
    """
    scope = scope_of(actor)
    own = any(grant.reaches(issuer.pk, area) for grant in scope.having("document.write"))
    came_down = any(area.contains(grant.area) for grant in scope.having("document.write_all"))
    return own or came_down or scope.may_in("document.write_all", area)


def may_write_activity(actor: User, agency_id: int, area: Area) -> bool:
    """Whether the actor files for this agency in this area."""
    return any(grant.reaches(agency_id, area) for grant in scope_of(actor).having("activity.write"))
