"""The second wall: what the database itself lets a person's transaction see.

Protected tables (incidents, victims) carry row-level policies. A policy asks four SQL functions, made by the
migrations ``0005_row_scope`` and ``0011_first_agency``:

    portal_agencies('victim.read')   the agencies whose rows the person may see by that verb, as bigint[]
    portal_agency('victim.read')     the first of them, or null: most people have one, and it is asked first
    portal_user()                    the person's id, or null
    portal_is_system()               whether the work answers to no single person

They read settings of the running transaction, which only the functions here write. A transaction that set none
sees nothing. A setting ends with its transaction, so a pooled connection never carries one over.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponseBase

from accounts.models import User
from accounts.scoping import Scope, scope_of

#: Records whose rows the database itself shows only within a scope. Tests and `sanity_check` hold each of them to it.
PROTECTED_RECORDS: tuple[str, ...] = (
    *("incidents_campaign", "incidents_campaign_areas", "incidents_case", "incidents_caseextension"),
    *("incidents_caseoffence", "incidents_caseplace", "incidents_casereader", "incidents_group"),
    *("incidents_personincase", "incidents_personstanding", "incidents_seizeditem", "incidents_stage"),
    *("incidents_tip", "incidents_tipact", "incidents_verdict", "incidents_wantedperson"),
    *("incidents_casefile", "incidents_tipfile", "victims_victimattachment"),
    *("victims_caseexport", "victims_caseexportfile"),
    *("victims_consent", "victims_datarequest", "victims_facilitystay", "victims_followup"),
    *("victims_identitychange", "victims_identityopening", "victims_identitypaper"),
    *("victims_supportcase", "victims_supportgoal", "victims_supportservice", "victims_transfer"),
    *("victims_victim", "victims_victimidentity", "victims_victimnarrative", "victims_victimroute"),
    *("victims_victimperson", "victims_victimstatus"),
)
#: Their histories. Triggers add to them; nobody changes them, so they need policies for reading and adding alone.
PROTECTED_HISTORIES: tuple[str, ...] = (
    *("incidents_campaignevent", "incidents_caseevent", "incidents_caseextensionevent"),
    *("incidents_caseoffenceevent", "incidents_caseplaceevent", "incidents_casereaderevent"),
    *("incidents_groupevent", "incidents_personincaseevent", "incidents_personstandingevent"),
    *("incidents_seizeditemevent", "incidents_stageevent", "incidents_tipactevent"),
    *("incidents_tipevent", "incidents_verdictevent", "incidents_wantedpersonevent"),
    *("incidents_casefileevent", "incidents_tipfileevent", "victims_victimattachmentevent"),
    *("victims_caseexportevent", "victims_consentevent"),
    *("victims_datarequestevent", "victims_facilitystayevent"),
    *("victims_followupevent", "victims_supportcaseevent", "victims_supportgoalevent"),
    *("victims_supportserviceevent", "victims_transferevent", "victims_victimevent"),
    *("victims_victimpersonevent", "victims_victimrouteevent", "victims_victimstatusevent"),
)
PROTECTED_TABLES = (*PROTECTED_RECORDS, *PROTECTED_HISTORIES)


def policies_needed(table: str) -> set[str]:
    """The commands for which a protected table has a policy of its own."""
    return {"SELECT", "INSERT"} if table in PROTECTED_HISTORIES else {"SELECT", "INSERT", "UPDATE", "DELETE"}


#: Settings of a transaction without a scope.
_NOBODY = ("", "", "")


@contextmanager
def row_scope(user: User) -> Iterator[Scope]:
    """A transaction that sees the protected rows of this person, by their current memberships."""
    scope = scope_of(user)
    agencies: dict[str, list[int]] = {}
    for grant in scope.grants:
        for verb in grant.verbs:
            agencies.setdefault(verb, []).append(grant.membership.agency_id)
    with _settings(str(user.pk), json.dumps(agencies), ""):
        yield scope


@contextmanager
def system_scope(reason: str) -> Iterator[None]:
    """A transaction that sees every protected row, for work that answers to no single person.

    ``reason`` is for the reader of the code. Raises ValueError without one.
    """
    if not reason:
        raise ValueError("say why the work may see every row")
    with _settings("", "", "on"):
        yield


def protected_rows(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Run a view in the row scope of who asks: one transaction for what it reads, writes and records."""

    @wraps(view)
    def within(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not isinstance(request.user, User):
            raise PermissionDenied
        with row_scope(request.user):
            return view(request, *args, **kwargs)

    within.is_protected = True  # type: ignore[attr-defined]
    return within


@contextmanager
def _settings(user: str, scope: str, system: str) -> Iterator[None]:
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        outer = getattr(connection, "_row_scope", _NOBODY)
        _set(user, scope, system)
        try:
            yield
        except BaseException:
            # The rollback puts the settings back by itself; a query here would hide what went wrong.
            connection._row_scope = outer  # type: ignore[attr-defined]
            raise
        if is_outermost:  # the settings end with the transaction, which ends here
            connection._row_scope = outer  # type: ignore[attr-defined]
        else:
            _set(*outer)


def _set(user: str, scope: str, system: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('portal.user', %s, true), set_config('portal.scope', %s, true),"
            " set_config('portal.system', %s, true)",
            [user, scope, system],
        )
    connection._row_scope = (user, scope, system)  # type: ignore[attr-defined]
