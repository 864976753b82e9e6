"""Cases call the countries they do not list ZZ, victims theirs XX: figures call them both XX, so that they are one part.

The facts of cases are renamed in place. No fact of a case says XX, and none of a victim says ZZ, so that none meets
another and the way back is exact.
"""

from importlib import import_module

from django.db import migrations

BEFORE: str = import_module("reporting.migrations.0007_victims_and_breakdowns").AFTER.replace(
    "CREATE VIEW", "CREATE OR REPLACE VIEW", 1
)
OF_CASES = {
    "'country:' || p.country": "'country:' || replace(p.country, 'ZZ', 'XX')",
    "'nationality:' || p.nationality": "'nationality:' || replace(p.nationality, 'ZZ', 'XX')",
}
AFTER = BEFORE
for said, says in OF_CASES.items():
    assert AFTER.count(said) == 1
    AFTER = AFTER.replace(said, says)

RENAME = """
UPDATE reporting_fact SET part = split_part(part, ':', 1) || ':{now}'
WHERE source = 'case' AND part IN ('country:{was}', 'nationality:{was}');
"""


class Migration(migrations.Migration):
    dependencies = [("reporting", "0019_facts_without_checks")]
    operations = [
        migrations.RunSQL(
            AFTER + RENAME.format(was="ZZ", now="XX"), BEFORE + RENAME.format(was="XX", now="ZZ")
        )
    ]
