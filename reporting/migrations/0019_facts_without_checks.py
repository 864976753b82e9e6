"""Facts are not checked row by row for their areas and agencies, and lose two indexes that nothing reads.

Taking a constraint and an index away takes a moment, however many facts there are. The half-month of a day is
reckoned from the number of the day alone, by strict operators, so that the planner puts the reckoning in place of the
call; by `date_trunc` it went through a time of a zone, and a call for each record was the longest part of all sums.
"""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

HALF_MONTH = """
CREATE OR REPLACE FUNCTION half_month(day date) RETURNS date
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    AS $$ SELECT day - (extract(day FROM day)::int - 1 - 14 * (extract(day FROM day) >= 15)::int) $$;
"""
BEFORE = import_module("reporting.migrations.0003_measures_and_marks").HALF_MONTH.replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1
)


class Migration(migrations.Migration):
    dependencies = [("reporting", "0017_shared_views")]
    operations = [
        migrations.RunSQL(HALF_MONTH, BEFORE),
        migrations.AlterField(
            model_name="fact",
            name="area",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="territory.area",
            ),
        ),
        migrations.AlterField(
            model_name="fact",
            name="agency",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="territory.agency",
            ),
        ),
    ]
