"""Exports of case data and their files: seen where somebody asks for or approves them, as their pages say it."""

from django.db import migrations

TABLE = "victims_caseexport"
FILE = f"{TABLE}file"
SYSTEM = "(SELECT portal_is_system())"


def _in_own_area(verb: str) -> str:
    """Whether a current membership of the person, in an agency that gives the verb, holds the area of the export."""
    return f"""EXISTS (
        SELECT 1 FROM accounts_membership m
        JOIN territory_area held ON held.id = m.area_id
        JOIN territory_area asked ON asked.id = {TABLE}.area_id
        WHERE m.user_id = (SELECT portal_user())
        AND m.agency_id = ANY ((SELECT portal_agencies('{verb}'))::bigint[])
        AND starts_with(asked.path, held.path)
    )"""


ASKS, APPROVES = _in_own_area("case_export.ask"), _in_own_area("case_export.approve")
OF_SEEN = f"EXISTS (SELECT 1 FROM {TABLE} e WHERE e.id = "

FORWARD = f"""
ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY;
CREATE POLICY reading ON {TABLE} FOR SELECT USING ({SYSTEM} OR {ASKS} OR {APPROVES});
CREATE POLICY inserting ON {TABLE} FOR INSERT
    WITH CHECK ({SYSTEM} OR (asked_by_id = (SELECT portal_user()) AND {ASKS}));
CREATE POLICY updating ON {TABLE} FOR UPDATE USING ({SYSTEM} OR {APPROVES}) WITH CHECK ({SYSTEM} OR {APPROVES});
CREATE POLICY deleting ON {TABLE} FOR DELETE USING ({SYSTEM});
ALTER TABLE {TABLE}event ENABLE ROW LEVEL SECURITY;
CREATE POLICY reading ON {TABLE}event FOR SELECT USING ({SYSTEM} OR {OF_SEEN} pgh_obj_id));
CREATE POLICY inserting ON {TABLE}event FOR INSERT WITH CHECK (true);
ALTER TABLE {FILE} ENABLE ROW LEVEL SECURITY;
CREATE POLICY reading ON {FILE} FOR SELECT USING ({SYSTEM} OR {OF_SEEN} export_id));
CREATE POLICY inserting ON {FILE} FOR INSERT WITH CHECK ({SYSTEM});
CREATE POLICY updating ON {FILE} FOR UPDATE USING ({SYSTEM}) WITH CHECK ({SYSTEM});
CREATE POLICY deleting ON {FILE} FOR DELETE USING ({SYSTEM});
"""


def _undone(table: str, *names: str) -> str:
    dropped = "".join(f"DROP POLICY {name} ON {table};\n" for name in names)
    return f"{dropped}ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;\n"


_ALL = ("reading", "inserting", "updating", "deleting")
BACKWARD = _undone(FILE, *_ALL) + _undone(f"{TABLE}event", *_ALL[:2]) + _undone(TABLE, *_ALL)


class Migration(migrations.Migration):
    dependencies = [("victims", "0007_case_exports"), ("accounts", "0005_row_scope")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
