"""Who keeps which register, and who runs pilots."""

from accounts.models import User
from accounts.scoping import scope_of
from programs.models import Document
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


def may_run_pilot(actor: User, document: Document) -> bool:
    """Whether the actor runs pilots of this plan: own unit issued it, or the actor coordinates its whole area.

    Unlike entering a document, a plan from above gives no right to assess or to repeat its pilot.
    """
    scope = scope_of(actor)
    own = any(grant.reaches(document.issuer_id, document.area) for grant in scope.having("document.write"))
    return own or scope.may_in("document.write_all", document.area)
