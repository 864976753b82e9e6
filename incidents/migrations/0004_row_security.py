"""Row-level security: an agency's tips and cases for its investigators and heads, a sealed case for its readers.

Child tables ask whether their parent is seen, which obeys the parent's own policies. Rows of the history go the
way of what they tell of; triggers write them, whoever acts. See accounts/row_scope.py.
"""

from django.db import migrations

#: The cases of which the person is a reader. Runs with its owner's rights: a policy that asked the table itself
#: would ask the policy of that table, which asks the case again.
READER = """
CREATE FUNCTION incidents_read_sealed() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
    SELECT COALESCE(array_agg(case_id), ARRAY[]::bigint[]) FROM incidents_casereader WHERE user_id = portal_user()
$$;
"""

SYSTEM = "(SELECT portal_is_system())"


def own(verb: str, column: str = "agency_id") -> str:
    return f"{column} = ANY ((SELECT portal_agencies('{verb}'))::bigint[])"


UNSEALED = "(NOT is_sealed OR id = ANY ((SELECT incidents_read_sealed())::bigint[]))"
OF_SEEN_CASE = "(case_id IS NULL OR EXISTS (SELECT 1 FROM incidents_case c WHERE c.id = case_id))"

#: Table, what is needed to read a row, and what to write it.
PARENTS = {
    "incidents_case": (f"{own('case.read')} AND {UNSEALED}", own("case.write")),
    "incidents_tip": (f"{own('tip.read')} AND {OF_SEEN_CASE}", own("tip.write")),
    "incidents_campaign": (own("case.read"), own("case.write")),
    "incidents_group": (own("case.read"), own("case.write")),
}


def seen(parent: str, column: str) -> str:
    return f"EXISTS (SELECT 1 FROM {parent} p WHERE p.id = {column})"


def written(parent: str, column: str, verb: str) -> str:
    agency = own(verb, "p.agency_id")
    return f"EXISTS (SELECT 1 FROM {parent} p WHERE p.id = {column} AND {agency})"


OF_PERSON = (
    "EXISTS (SELECT 1 FROM incidents_personincase o JOIN incidents_case p ON p.id = o.case_id"
    f" WHERE o.id = person_id AND {own('case.write', 'p.agency_id')})"
)
OF_CASE = (seen("incidents_case", "case_id"), written("incidents_case", "case_id", "case.write"))
CHILDREN = {
    "incidents_caseoffence": OF_CASE,
    "incidents_stage": OF_CASE,
    "incidents_caseextension": OF_CASE,
    "incidents_caseplace": OF_CASE,
    "incidents_casereader": OF_CASE,
    "incidents_seizeditem": OF_CASE,
    "incidents_personincase": OF_CASE,
    "incidents_personstanding": (seen("incidents_personincase", "person_id"), OF_PERSON),
    "incidents_verdict": (seen("incidents_personincase", "person_id"), OF_PERSON),
    "incidents_wantedperson": (seen("incidents_personincase", "person_id"), OF_PERSON),
    "incidents_tipact": (seen("incidents_tip", "tip_id"), written("incidents_tip", "tip_id", "tip.write")),
    "incidents_campaign_areas": (
        seen("incidents_campaign", "campaign_id"),
        written("incidents_campaign", "campaign_id", "case.write"),
    ),
}
#: Tables without a history.
UNTRACKED = {"incidents_campaign_areas"}


def policies(table: str, read: str, write: str, delete: str) -> str:
    return f"""
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY reading ON {table} FOR SELECT USING ({SYSTEM} OR ({read}));
CREATE POLICY adding ON {table} FOR INSERT WITH CHECK ({SYSTEM} OR ({write}));
CREATE POLICY changing ON {table} FOR UPDATE USING ({SYSTEM} OR ({write})) WITH CHECK ({SYSTEM} OR ({write}));
CREATE POLICY removing ON {table} FOR DELETE USING ({delete});
"""


def history(table: str) -> str:
    parent = {"incidents_tipact": ("incidents_tip", "tip_id")}.get(table)
    if parent is None and table in PARENTS:
        parent = (table, "pgh_obj_id")
    elif parent is None and CHILDREN[table][1] == OF_PERSON:
        parent = ("incidents_personincase", "person_id")
    elif parent is None:
        parent = ("incidents_case", "case_id")
    return f"""
ALTER TABLE {table}event ENABLE ROW LEVEL SECURITY;
CREATE POLICY reading ON {table}event FOR SELECT USING ({SYSTEM} OR {seen(*parent)});
CREATE POLICY adding ON {table}event FOR INSERT WITH CHECK (true);
"""


def undone(table: str, *names: str) -> str:
    dropped = "".join(f"DROP POLICY {name} ON {table};\n" for name in names)
    return f"{dropped}ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;\n"


ALL = {**PARENTS, **CHILDREN}
FORWARD = (
    READER
    + "".join(policies(table, *PARENTS[table], delete=SYSTEM) for table in PARENTS)
    + "".join(policies(t, *CHILDREN[t], delete=f"{SYSTEM} OR ({CHILDREN[t][1]})") for t in CHILDREN)
    + "".join(history(table) for table in ALL if table not in UNTRACKED)
)
BACKWARD = (
    "".join(undone(f"{table}event", "reading", "adding") for table in ALL if table not in UNTRACKED)
    + "".join(undone(table, "reading", "adding", "changing", "removing") for table in ALL)
    + "DROP FUNCTION incidents_read_sealed();"
)


class Migration(migrations.Migration):
    dependencies = [("incidents", "0003_tips_and_cases"), ("accounts", "0006_read_event")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
