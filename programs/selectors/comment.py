"""Comments on a record: which record, who reads them, and who can be told."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, IntegerField, Model, Q, QuerySet, Value, Window, prefetch_related_objects
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership, Role, User
from accounts.scoping import give_scopes, read_scopes, scope_of
from accounts.together import Asked, Kept, read_together
from programs.models import COMMENTED, Activity, Assignment, Comment, Document, Pilot, Task
from programs.selectors.activity import get_activity
from programs.selectors.document import get_document
from programs.selectors.pilot import get_pilot
from programs.selectors.task import get_assignment, get_task_document, may_read_tasks
from territory.collation import ViFold, fold
from territory.models import Area, paths_above

Record = Document | Task | Assignment | Activity | Pilot

#: The newest comments a page shows; the older ones are on further pages.
COMMENTS_A_PAGE = 50
#: People offered to be told, and people suggested while a name is typed.
MOST_CONCERNED = 60
MOST_SUGGESTED = 8
#: People looked at for a suggestion, whether they may see the record or not.
_MOST_CONSIDERED = 40
#: States in which an activity is read outside its unit too.
_SHARED_STATES = frozenset({"approved"})

_KINDS: dict[type[Model], str] = {
    Document: "document",
    Task: "task",
    Assignment: "assignment",
    Activity: "activity",
    Pilot: "pilot",
}


# --- the record ---


def _get_task(request: HttpRequest, pk: int) -> Task:
    task = Task.objects.select_related("document", "lead").filter(pk=pk).first()
    if task is None:
        raise Http404
    task.document = get_task_document(request, task.document_id)
    return task


_GUARDS: dict[str, Callable[[HttpRequest, int], Record]] = {
    "document": get_document,
    "task": _get_task,
    "assignment": get_assignment,
    "activity": get_activity,
    "pilot": get_pilot,
}


def get_commented(request: HttpRequest, kind: str, pk: int) -> Record:
    """The record that is commented on, found and allowed, by its own guard. Raises Http404."""
    guard = _GUARDS.get(kind)
    if guard is None:
        raise Http404
    return guard(request, pk)


def get_own_comment(request: HttpRequest, pk: int) -> Comment:
    """A comment the reader wrote and may still see. Raises Http404: whose it is else is nobody's business."""
    assert isinstance(request.user, User)
    found: Comment | None = (
        Comment.objects.visible_to(request.user)
        .filter(pk=pk, by=request.user, removed_at=None)
        .select_related(*COMMENTED)
        .first()
    )
    if found is None:
        raise Http404
    return found


def kind_of(record: Model) -> str:
    """The column of a comment, and the part of an address, that stands for the record."""
    return _KINDS[type(record)]


def address_of(record: Model) -> str:
    """The page that shows the record with its comments."""
    if isinstance(record, Task):
        return reverse("comment_list", args=["task", record.pk])
    return reverse(f"{kind_of(record)}_detail", args=[record.pk])


def number_of(record: Record) -> str:
    """By what the record is called in a notice: its number, never its words."""
    if isinstance(record, Assignment):
        return number_of(record.task)
    if isinstance(record, Task):
        return f"{record.number} ({record.document.number})" if record.document.number else record.number
    return (record.number if isinstance(record, Document) else "") or str(record.pk)


def title_of(record: Record) -> str:
    if isinstance(record, Assignment):
        return _("Task %(number)s") % {"number": record.task.number} + f": {record.agency.name}"
    if isinstance(record, Task):
        return _("Task %(number)s") % {"number": record.number} + f": {record.document}"
    return str(record)


def area_of(record: Record) -> Area:
    return record.document.area if isinstance(record, Task) else record.area


def is_own_affair(record: Record) -> bool:
    """Whether only its own unit reads the record so far."""
    return isinstance(record, Activity) and record.state not in _SHARED_STATES


# --- the comments ---


@dataclass(frozen=True)
class CommentRow:
    """A comment as a page shows it to one reader."""

    comment: Comment
    told: list[str]
    may_change: bool
    may_remove: bool


def comments_on(record: Record, reader: User) -> Any:
    """The comments on a record that the reader may see, newest first; those within the unit only for the unit."""
    return _comments(record.pk, **_heard(record, reader))


def _comments(key: int, *, kind: str, is_among_unit: bool) -> Any:
    found = Comment.objects.unscoped("the guard of the record has let the reader in").filter(**{kind: key})
    if not is_among_unit:
        found = found.filter(is_internal=False)
    return found.select_related("by").prefetch_related("mentions").order_by("-id")


def _heard(record: Record, reader: User) -> dict[str, Any]:
    """Which comments on a record its reader sees: what a unit says among itself about its activity stays there."""
    own = scope_of(reader).having("activity.read")
    is_among_unit = not isinstance(record, Activity) or any(
        grant.reaches(record.agency_id, record.area) for grant in own
    )
    return {"kind": kind_of(record), "is_among_unit": is_among_unit}


def comment_rows(comments: Iterable[Comment], reader: User, now: dt.datetime) -> list[CommentRow]:
    return [
        CommentRow(
            comment,
            [user.full_name for user in comment.mentions.all()],
            comment.is_changeable_by(reader, now),
            comment.is_removable_by(reader),
        )
        for comment in comments
    ]


# --- the people ---


def who_may_see(record: Record, people: Iterable[User], *, is_internal: bool = False) -> list[User]:
    """Those of the people who may see the record, in their order; with ``is_internal`` those of its own unit.

    The record's own rule judges, once for all whose memberships give the same, and all of them in one query; one
    more where somebody's memberships are not read yet.
    """
    judged = [user for user in people if user.is_active]
    if not judged:
        return []
    if any(getattr(user, "_scope", None) is None for user in judged):
        read_scopes(judged)
    alike: dict[Any, list[User]] = {}
    for user in judged:
        alike.setdefault(scope_of(user).holdings, []).append(user)
    groups = list(alike.values())
    first, *rest = (
        _visible(record, users[0], is_internal)
        .order_by()
        .annotate(group=Value(number, output_field=IntegerField()))
        .values_list("group", flat=True)
        for number, users in enumerate(groups)
    )
    seeing = {
        user.pk for number in (first.union(*rest, all=True) if rest else first) for user in groups[number]
    }
    return [user for user in judged if user.pk in seeing]


def _visible(record: Record, user: User, is_internal: bool) -> Any:
    if isinstance(record, Task):
        documents = Document.objects.visible_to(user).filter(pk=record.document_id)
        return documents if may_read_tasks(user) else documents.none()
    if is_internal:
        own = Activity.objects.unscoped("narrowed to own units here").filter(
            scope_of(user).rows(own="activity.read")
        )
        return own.filter(pk=record.pk)
    rows: Any = type(record).objects
    return rows.visible_to(user).filter(pk=record.pk)


def people_concerned(record: Record, reader: User) -> list[User]:
    """Whom a comment can be meant for: who filed or approved, who commented, the units, the coordinator."""
    return _who_of_these(record, *read_together(*_concerned(record, reader)))


def read_comments(record: Record, reader: User, *, number: int) -> tuple[list[Any], int, list[User]]:
    """The newest comments on a record, how many there are, and the people concerned. Two queries, one for mentions."""
    asked = _newest(record.pk, number=number, **_heard(record, reader))
    newest, people, held = read_together(asked, *_concerned(record, reader))
    prefetch_related_objects(newest, "mentions")
    return newest, newest[0].in_all if newest else 0, _who_of_these(record, people, held)


_newest = Kept(
    lambda key, *, number, **heard: _comments(key, **heard).annotate(in_all=Window(Count("pk")))[:number]
)


def _concerned(record: Record, reader: User) -> tuple[Asked, Asked]:
    """The people a comment may concern, whether they may see the record or not, and their memberships."""
    unit, leads = _agencies_of(record)
    above, authors = paths_above(area_of(record).path), _author_ids(record)
    concerned = (record.pk, reader.pk, unit, tuple(leads), tuple(above), tuple(authors))
    heard = _heard(record, reader)
    return _people(*concerned, **heard), _held_by_people(*concerned, **heard)


def _people_among(
    key: int,
    reader: int,
    unit: int,
    leads: Sequence[int],
    above: Sequence[str],
    authors: Sequence[int],
    **heard: Any,
) -> "QuerySet[User]":
    """Who coordinates the area, is of the units a record belongs to or is led by, commented, or made it."""
    within = Q(area__path__in=above)
    roles = Q(role=Role.COORDINATOR) & within
    roles |= _unit_roles() & ((Q(agency=unit) & within) | Q(agency__in=leads))
    held = Membership.objects.valid_on(timezone.localdate()).filter(roles).order_by().values("user")
    commented = _comments(key, **heard).order_by().values("by")
    among = Q(pk__in=held) | Q(pk__in=commented) | Q(pk__in=authors)
    people = User.objects.filter(among, is_active=True).exclude(pk=reader).order_by("full_name", "pk")
    return people[:MOST_CONCERNED]


def _memberships_among(*concerned: Any, **heard: Any) -> "QuerySet[Membership]":
    people = _people_among(*concerned, **heard)
    return Membership.objects.current().filter(user__in=people.values("pk"))


_people, _held_by_people = Kept(_people_among), Kept(_memberships_among)


def _who_of_these(record: Record, people: list[User], memberships: list[Membership]) -> list[User]:
    give_scopes(people, memberships)
    return who_may_see(record, people, is_internal=is_own_affair(record))


def people_suggested(record: Record, reader: User, typed: str) -> list[User]:
    """At most eight people whose name holds what was typed and who may see the record; diacritics are ignored."""
    wanted = fold(typed).strip()
    if not wanted:
        return people_concerned(record, reader)[:MOST_SUGGESTED]
    path = area_of(record).path
    near = Q(area__path__in=paths_above(path)) | Q(area__path__startswith=path)
    held = Membership.objects.valid_on(timezone.localdate()).filter(near).order_by().values("user")
    people = (
        User.objects.annotate(folded=ViFold("full_name"))
        .filter(pk__in=held, folded__contains=wanted, is_active=True)
        .exclude(pk=reader.pk)
        .order_by("full_name", "pk")
    )
    return who_may_see(record, people[:_MOST_CONSIDERED], is_internal=is_own_affair(record))[:MOST_SUGGESTED]


def authors_of(record: Record) -> list[User]:
    """Who made the record, and whose unit's task it is: those a comment always reaches, if they may see it."""
    among = Q(pk__in=_author_ids(record))
    if isinstance(record, Assignment):
        held = Membership.objects.valid_on(timezone.localdate()).filter(
            _unit_roles(), agency=record.agency_id, area__path__in=paths_above(record.area.path)
        )
        among |= Q(pk__in=held.order_by().values("user"))
    return list(User.objects.filter(among, is_active=True))


def earlier_commenters(record: Record, reader: User) -> list[User]:
    writers = comments_on(record, reader).order_by().values("by")
    return list(User.objects.filter(pk__in=writers, is_active=True))


def _author_ids(record: Record) -> list[int]:
    """Who filed, entered or decided on the record, as its columns tell."""
    columns = ("filed_by_id", "entered_by_id", "submitted_by_id", "decided_by_id")
    return [key for column in columns if (key := getattr(record, column, None)) is not None]


def _unit_roles() -> Q:
    return Q(role__in=[Role.FILING_OFFICER, Role.HEAD_OF_UNIT])


def _agencies_of(record: Record) -> tuple[int, list[int]]:
    """The agency whose record it is, and those that lead it."""
    if isinstance(record, Document):
        return record.issuer_id, []
    if isinstance(record, Activity):
        return record.agency_id, []
    if isinstance(record, Pilot):
        return record.lead_id, []
    task = record.task if isinstance(record, Assignment) else record
    leads = [task.lead_id] if task.lead_id else []
    return (record.agency_id if isinstance(record, Assignment) else task.document.issuer_id), leads
