"""Filing many activities at once, with all that holds for one that is typed."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.urls import reverse

from accounts.models import Notice, User
from accounts.notices import notify
from accounts.scoping import scope_of
from programs.models import Activity, ActivityCost, ActivityQuantity, ActivityUpload, UploadRow
from programs.selectors.approval import heads_of
from programs.services.approval import mark_submitted
from programs.workbook.rows import ParsedRow

_BATCH = 500
_COLUMNS = (
    *("kind", "title", "started_on", "ended_on", "is_cumulative", "is_integrated"),
    *("integrated_with", "audience", "other_partners", "narrative"),
)


@dataclass(frozen=True)
class Filing:
    """One activity to be filed; the same ``submission_key`` never makes a second record."""

    submission_key: UUID
    row: ParsedRow


def submission_key(upload: ActivityUpload, number: int) -> UUID:
    """The key under which a row of an upload is filed: whoever files it again finds it filed."""
    return uuid5(upload.key, str(number))


def file_activities(*, actor: User, filings: Sequence[Filing]) -> list[Activity]:
    """File activities whose rows were read without errors, and return them in order.

    Call it within a transaction and ``pghistory.context``. Raises PermissionDenied when the actor does not file
    for one of them; IntegrityError when one was filed before.
    Each is submitted to the heads of its unit, or approved at once where it has none; ``tell_heads_of_upload`` tells
    them.
    """
    grants = list(scope_of(actor).having("activity.write"))
    heads = _Heads()
    made: list[Activity] = []
    for filing in filings:
        given = filing.row.fields
        if filing.row.errors or not any(grant.reaches(given["agency"].pk, given["area"]) for grant in grants):
            raise PermissionDenied
        columns = {name: given[name] for name in _COLUMNS}
        if not columns["is_integrated"]:
            columns["integrated_with"] = ""
        activity = Activity(
            **columns,
            agency=given["agency"],
            area=given["area"],
            submission_key=filing.submission_key,
            filed_by=actor,
        )
        mark_submitted(activity, actor, heads.of(activity))
        made.append(activity)
    with transaction.atomic():
        Activity.objects.bulk_create(made, batch_size=_BATCH)
        _file_parts(made, filings)
    return made


class _Heads:
    """The heads of units, asked once for each unit."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], list[User]] = {}

    def of(self, activity: Activity) -> list[User]:
        unit = (activity.agency_id, activity.area_id)
        if unit not in self._known:
            self._known[unit] = heads_of(activity.agency_id, activity.area)
        return self._known[unit]


def tell_heads_of_upload(upload: ActivityUpload) -> None:
    """Give each head whose approval the activities of an upload wait for one notice, however many they are."""
    waiting = (
        Activity.objects.unscoped("whose approval the rows of one upload wait for")
        .filter(pk__in=upload.upload_rows.values("activity"), state=Activity.State.SUBMITTED)
        .select_related("agency", "area")
        .order_by("agency_id", "area_id")
        .distinct("agency_id", "area_id")
    )
    heads, told = _Heads(), {}
    for activity in waiting:
        told.update({head.pk: (head, activity.agency) for head in heads.of(activity)})
    for head, agency in told.values():
        if head.pk != upload.by_id:
            notify(
                people=[head],
                kind=Notice.UPLOAD_SUBMITTED,
                key=f"upload:{upload.key}",
                url=reverse("activity_queue"),
                about={"number": str(upload.good), "unit": agency.name},
            )


def _file_parts(made: Sequence[Activity], filings: Sequence[Filing]) -> None:
    """The partners, figures and costs of activities just filed."""
    partnership = Activity.partner_agencies.through
    partners, quantities, costs = [], [], []
    for activity, filing in zip(made, filings, strict=True):
        row = filing.row
        partners += [
            partnership(activity_id=activity.pk, agency_id=partner.pk)
            for partner in row.fields["partner_agencies"]
        ]
        quantities += [
            ActivityQuantity(activity=activity, **quantity.as_columns()) for quantity in row.quantities
        ]
        costs += [
            ActivityCost(activity=activity, source=source, amount=amount)
            for source, amount in row.costs.items()
        ]
    partnership.objects.bulk_create(partners, batch_size=_BATCH)
    ActivityQuantity.objects.bulk_create(quantities, batch_size=_BATCH)
    ActivityCost.objects.bulk_create(costs, batch_size=_BATCH)


def note_filed(rows: Sequence[UploadRow], made: Sequence[Activity]) -> None:
    """Note at each row which activity it became."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE programs_uploadrow SET activity_id = filed.activity"
            " FROM unnest(%s::bigint[], %s::bigint[]) AS filed (row, activity)"
            " WHERE programs_uploadrow.id = filed.row",
            [[row.pk for row in rows], [activity.pk for activity in made]],
        )
