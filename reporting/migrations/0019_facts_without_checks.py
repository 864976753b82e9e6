"""Facts are not checked row by row for their areas and agencies, and lose two indexes that nothing reads.

Taking a constraint and an index away takes a moment, however many facts there are.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reporting", "0017_shared_views")]
    operations = [
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
