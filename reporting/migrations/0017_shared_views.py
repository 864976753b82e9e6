"""Looks of more than one page are kept, and may be shared with an agency."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def forget_tables(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Before this migration every view was a dashboard; one of another page would open as a wrong dashboard."""
    apps.get_model("reporting", "SavedView").objects.exclude(page="dashboard").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0016_stage_steps"),
        ("territory", "0004_words"),
    ]

    operations = [
        migrations.AddField(
            model_name="savedview",
            name="page",
            field=models.CharField(
                choices=[("dashboard", "Dashboard"), ("explore", "Explore figures")],
                default="dashboard",
                max_length=10,
                verbose_name="page",
            ),
        ),
        migrations.AddField(
            model_name="savedview",
            name="shared_with",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="territory.agency",
                verbose_name="shared with",
            ),
        ),
        migrations.RemoveConstraint(model_name="savedview", name="reporting_saved_view_once"),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(
                fields=("user", "page", "name"), name="reporting_view_once_a_page"
            ),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_mailed", False), ("page", "dashboard"), _connector="OR"),
                name="reporting_mailed_view_is_a_dashboard",
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, forget_tables),
    ]
