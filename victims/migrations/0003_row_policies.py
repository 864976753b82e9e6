"""Who sees and writes which rows of victims, asked of the database itself; stays that do not overlap.

Each row belongs to the agency that cares for its victim. An identity is readable only while an own opening lasts.
See accounts/row_scope.py for the functions. The owner of the tables is not bound: migrations and the roll-up run as it.
"""

from typing import Any

from django.db import migrations

from territory.validity import refuse_overlap

SYSTEM = "(SELECT portal_is_system())"


def _agency(verb: str, column: str = "agency_id") -> str:
    return f"{column} = ANY ((SELECT portal_agencies('{verb}'))::bigint[])"


def _of_victim(verb: str, table: str, column: str = "victim_id") -> str:
    return f"EXISTS (SELECT 1 FROM victims_victim v WHERE v.id = {table}.{column} AND {_agency(verb, 'v.agency_id')})"


def _policies(
    table: str, *, reading: str, inserting: str = "", updating: str = "", deleting: str = ""
) -> migrations.RunSQL:
    """The policies of a table. What is left empty only work that answers to no single person may do."""
    forward = [f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"]
    for name, what, check in (
        ("reading", "SELECT USING", reading),
        ("inserting", "INSERT WITH CHECK", inserting),
        ("updating", "UPDATE USING", updating),
        ("deleting", "DELETE USING", deleting),
    ):
        condition = f"{SYSTEM} OR {check}" if check else SYSTEM
        both = f" WITH CHECK ({condition})" if name == "updating" else ""
        forward.append(f"CREATE POLICY {name} ON {table} FOR {what} ({condition}){both}")
    backward = [f"DROP POLICY {name} ON {table}" for name in ("reading", "inserting", "updating", "deleting")]
    backward.append(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    return migrations.RunSQL(";\n".join(forward), ";\n".join(backward))


def _history(table: str, reading: str) -> migrations.RunSQL:
    """Triggers add to the history as whoever makes the change; it is read like the record."""
    return _policies(table, reading=reading, inserting="true")


def _child(name: str, *, write: str = "victim.write", may_delete: bool = False) -> list[Any]:
    table, history = f"victims_{name}", f"victims_{name}event"
    writing = _of_victim(write, table)
    return [
        _policies(
            table,
            reading=_of_victim("victim.read", table),
            inserting=writing,
            updating=writing,
            deleting=writing if may_delete else "",
        ),
        _history(history, _of_victim("victim.read", history)),
    ]


def _support() -> list[Any]:
    """A head approves the closure of a support that the case worker keeps."""
    table, history = "victims_supportcase", "victims_supportcaseevent"
    writing = _of_victim("victim.write", table)
    return [
        _policies(
            table,
            reading=_of_victim("victim.read", table),
            inserting=writing,
            updating=f"{writing} OR {_of_victim('victim.approve', table)}",
        ),
        _history(history, _of_victim("victim.read", history)),
    ]


def _sealed_identity(table: str) -> migrations.RunSQL:
    opened = (
        f"(EXISTS (SELECT 1 FROM victims_identityopening o WHERE o.victim_id = {table}.victim_id"
        " AND o.person_id = (SELECT portal_user()) AND o.expires_at > clock_timestamp())"
        f" AND {_of_victim('identity.open', table)})"
    )
    writing = _of_victim("identity.write", table)
    return _policies(table, reading=opened, inserting=writing, updating=writing, deleting=writing)


NARRATIVE = "victims_victimnarrative"
OPENING, CHANGE = "victims_identityopening", "victims_identitychange"
BETWEEN = f"{_agency('victim.read', 'from_agency_id')} OR {_agency('victim.read', 'to_agency_id')}"
ANSWERING = f"{_agency('victim.write', 'from_agency_id')} OR {_agency('victim.write', 'to_agency_id')}"

RULES = """
INSERT INTO victims_retentionrule (kind, months, basis, is_active) VALUES
    ('identity', 60, '', false), ('narrative', 60, '', false), ('words', 60, '', false)
"""


class Migration(migrations.Migration):
    dependencies = [("victims", "0002_victims"), ("accounts", "0005_row_scope")]
    operations = [
        _policies(
            "victims_victim",
            reading=_agency("victim.read"),
            inserting=_agency("victim.write"),
            updating=_agency("victim.write"),
        ),
        _history(
            "victims_victimevent",
            "EXISTS (SELECT 1 FROM victims_victim v WHERE v.id = victims_victimevent.pgh_obj_id)",
        ),
        *_child("victimstatus"),
        *_child("victimroute", may_delete=True),
        *_child("supportgoal"),
        *_child("supportservice"),
        *_child("followup"),
        *_child("facilitystay"),
        *_child("consent"),
        *_support(),
        _policies(
            NARRATIVE,
            reading=_of_victim("narrative.read", NARRATIVE),
            inserting=_of_victim("narrative.write", NARRATIVE),
            updating=_of_victim("narrative.write", NARRATIVE),
        ),
        _sealed_identity("victims_victimidentity"),
        _sealed_identity("victims_identitypaper"),
        _policies(
            OPENING,
            reading=_of_victim("victim.read", OPENING),
            inserting=f"(person_id = (SELECT portal_user()) AND {_of_victim('identity.open', OPENING)})",
        ),
        _policies(
            CHANGE,
            reading=_of_victim("victim.read", CHANGE),
            inserting=f"(person_id = (SELECT portal_user()) AND {_of_victim('identity.write', CHANGE)})",
        ),
        _policies(
            "victims_transfer",
            reading=f"({BETWEEN})",
            inserting=_agency("victim.write", "from_agency_id"),
            updating=f"({ANSWERING})",
        ),
        _history("victims_transferevent", f"({BETWEEN})"),
        _policies(
            "victims_datarequest",
            reading=_agency("victim.read"),
            inserting=_agency("victim.write"),
            updating=_agency("victim.write"),
        ),
        _history("victims_datarequestevent", _agency("victim.read")),
        refuse_overlap("victims_facilitystay", "victim_id::text", "victims_stay_no_overlap"),
        migrations.RunSQL(RULES, "DELETE FROM victims_retentionrule"),
    ]
