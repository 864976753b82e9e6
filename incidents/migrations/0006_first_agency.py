"""Reading a case's or a tip's row asks for the first agency before all of them: counts over many rows cost less."""

from django.db import migrations

SYSTEM = "(SELECT portal_is_system())"
UNSEALED = "(NOT is_sealed OR id = ANY ((SELECT incidents_read_sealed())::bigint[]))"
OF_SEEN_CASE = "(case_id IS NULL OR EXISTS (SELECT 1 FROM incidents_case c WHERE c.id = case_id))"


def _own(verb: str, *, first: bool) -> str:
    every = f"agency_id = ANY ((SELECT portal_agencies('{verb}'))::bigint[])"
    return f"(agency_id = (SELECT portal_agency('{verb}')) OR {every})" if first else every


def _policies(*, first: bool) -> str:
    case, tip = _own("case.read", first=first), _own("tip.read", first=first)
    return (
        f"ALTER POLICY reading ON incidents_case USING ({SYSTEM} OR ({case} AND {UNSEALED}));"
        f"ALTER POLICY reading ON incidents_tip USING ({SYSTEM} OR ({tip} AND {OF_SEEN_CASE}));"
    )


class Migration(migrations.Migration):
    dependencies = [("incidents", "0005_trafficking_first"), ("accounts", "0011_first_agency")]
    operations = [migrations.RunSQL(_policies(first=True), _policies(first=False))]
