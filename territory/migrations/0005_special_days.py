"""Days that are not what their weekday says. `load_catalogue` enters those that are published."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
        ("territory", "0004_words"),
    ]

    operations = [
        migrations.CreateModel(
            name="SpecialDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField(unique=True, verbose_name="day")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("off", "day off"),
                            ("worked", "working day in the place of another"),
                            ("ordinary", "as its weekday"),
                        ],
                        max_length=8,
                        verbose_name="what it is",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("basis", models.CharField(max_length=200, verbose_name="legal basis")),
            ],
            options={
                "verbose_name": "special day",
                "verbose_name_plural": "special days",
                "ordering": ["day"],
            },
        ),
        migrations.CreateModel(
            name="SpecialDayEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("day", models.DateField(verbose_name="day")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("off", "day off"),
                            ("worked", "working day in the place of another"),
                            ("ordinary", "as its weekday"),
                        ],
                        max_length=8,
                        verbose_name="what it is",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("basis", models.CharField(max_length=200, verbose_name="legal basis")),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="specialday",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "territory_specialdayevent" ("basis", "day", "id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."basis", NEW."day", NEW."id", NEW."kind", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                    hash="95916536a938a7c7b92d7845f40c4e8331bd1974",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_48a1b",
                    table="territory_specialday",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="specialday",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "territory_specialdayevent" ("basis", "day", "id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."basis", NEW."day", NEW."id", NEW."kind", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                    hash="f29e8eaf44dca37d950f8fbca3d6c5d626f78107",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_6e3cd",
                    table="territory_specialday",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="specialday",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "territory_specialdayevent" ("basis", "day", "id", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."basis", OLD."day", OLD."id", OLD."kind", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;',
                    hash="31a3f08f838d65153ae281968012ea3e662874d1",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_0e178",
                    table="territory_specialday",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="specialdayevent",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="specialdayevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="territory.specialday",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="specialdayevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="082c5f30f86e290bf4a8cb6f0866a1521905453d",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_0093b",
                    table="territory_specialdayevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
