"""Files of tips and cases, with row-level security as their records have it: a sealed case takes its files with it."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


SYSTEM = "(SELECT portal_is_system())"


def _policies(table: str, parent: str, column: str, verb: str) -> migrations.RunSQL:
    """Read by who sees the parent, which obeys the parent's own policies; written by who writes it."""
    seen = f"{SYSTEM} OR EXISTS (SELECT 1 FROM {parent} p WHERE p.id = {column})"
    own = f"p.agency_id = ANY ((SELECT portal_agencies('{verb}'))::bigint[])"
    written = f"{SYSTEM} OR EXISTS (SELECT 1 FROM {parent} p WHERE p.id = {column} AND {own})"
    return migrations.RunSQL(
        f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        CREATE POLICY reading ON {table} FOR SELECT USING ({seen});
        CREATE POLICY adding ON {table} FOR INSERT WITH CHECK ({written});
        CREATE POLICY changing ON {table} FOR UPDATE USING ({written}) WITH CHECK ({written});
        CREATE POLICY removing ON {table} FOR DELETE USING ({written});
        ALTER TABLE {table}event ENABLE ROW LEVEL SECURITY;
        CREATE POLICY reading ON {table}event FOR SELECT USING ({seen});
        CREATE POLICY adding ON {table}event FOR INSERT WITH CHECK (true);
        """,
        f"""
        DROP POLICY reading ON {table}event;
        DROP POLICY adding ON {table}event;
        ALTER TABLE {table}event DISABLE ROW LEVEL SECURITY;
        DROP POLICY reading ON {table};
        DROP POLICY adding ON {table};
        DROP POLICY changing ON {table};
        DROP POLICY removing ON {table};
        ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
        """,
    )


class Migration(migrations.Migration):

    dependencies = [
        ('incidents', '0006_first_agency'),
        ('pghistory', '0007_auto_20250421_0444'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CaseFile',
            fields=[
                ('key_id', models.CharField(db_index=True, editable=False, max_length=16)),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('stored', models.CharField(editable=False, max_length=100, verbose_name='file')),
                ('name', models.TextField(verbose_name='name')),
                ('content_key', models.TextField(editable=False)),
                ('sha256', models.TextField(editable=False)),
                ('media_type', models.CharField(max_length=100, verbose_name='type')),
                ('size', models.PositiveIntegerField(verbose_name='size in bytes')),
                ('scanned', models.CharField(choices=[('not_configured', 'not scanned: no scanner is set up'), ('clean', 'scanned, nothing found')], default='not_configured', max_length=15, verbose_name='virus scan')),
                ('added_at', models.DateTimeField(auto_now_add=True, verbose_name='added')),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='added by')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='incidents.case', verbose_name='case')),
            ],
            options={
                'verbose_name': 'file of a case',
                'verbose_name_plural': 'files of cases',
                'ordering': ['added_at', 'id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='CaseFileEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ('media_type', models.CharField(max_length=100, verbose_name='type')),
                ('size', models.PositiveIntegerField(verbose_name='size in bytes')),
                ('added_at', models.DateTimeField(auto_now_add=True, verbose_name='added')),
                ('added_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='added by')),
                ('case', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='incidents.case', verbose_name='case')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='incidents.casefile')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='TipFile',
            fields=[
                ('key_id', models.CharField(db_index=True, editable=False, max_length=16)),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('stored', models.CharField(editable=False, max_length=100, verbose_name='file')),
                ('name', models.TextField(verbose_name='name')),
                ('content_key', models.TextField(editable=False)),
                ('sha256', models.TextField(editable=False)),
                ('media_type', models.CharField(max_length=100, verbose_name='type')),
                ('size', models.PositiveIntegerField(verbose_name='size in bytes')),
                ('scanned', models.CharField(choices=[('not_configured', 'not scanned: no scanner is set up'), ('clean', 'scanned, nothing found')], default='not_configured', max_length=15, verbose_name='virus scan')),
                ('added_at', models.DateTimeField(auto_now_add=True, verbose_name='added')),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='added by')),
                ('tip', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='incidents.tip', verbose_name='tip')),
            ],
            options={
                'verbose_name': 'file of a tip',
                'verbose_name_plural': 'files of tips',
                'ordering': ['added_at', 'id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='TipFileEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                ('media_type', models.CharField(max_length=100, verbose_name='type')),
                ('size', models.PositiveIntegerField(verbose_name='size in bytes')),
                ('added_at', models.DateTimeField(auto_now_add=True, verbose_name='added')),
                ('added_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='added by')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='incidents.tipfile')),
                ('tip', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='incidents.tip', verbose_name='tip')),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='casefile',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "incidents_casefileevent" ("added_at", "added_by_id", "case_id", "id", "media_type", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "size") VALUES (NEW."added_at", NEW."added_by_id", NEW."case_id", NEW."id", NEW."media_type", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."size"); RETURN NULL;', hash='4fe5c77661983929dd04369430cb07234eb5c56c', operation='INSERT', pgid='pgtrigger_insert_insert_3ec76', table='incidents_casefile', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='casefile',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."added_at" IS DISTINCT FROM (NEW."added_at") OR OLD."added_by_id" IS DISTINCT FROM (NEW."added_by_id") OR OLD."case_id" IS DISTINCT FROM (NEW."case_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."media_type" IS DISTINCT FROM (NEW."media_type") OR OLD."size" IS DISTINCT FROM (NEW."size"))', func='INSERT INTO "incidents_casefileevent" ("added_at", "added_by_id", "case_id", "id", "media_type", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "size") VALUES (NEW."added_at", NEW."added_by_id", NEW."case_id", NEW."id", NEW."media_type", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."size"); RETURN NULL;', hash='35971f74778fef6ec5048be9b48da99e93008d61', operation='UPDATE', pgid='pgtrigger_update_update_a5434', table='incidents_casefile', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='casefile',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "incidents_casefileevent" ("added_at", "added_by_id", "case_id", "id", "media_type", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "size") VALUES (OLD."added_at", OLD."added_by_id", OLD."case_id", OLD."id", OLD."media_type", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."size"); RETURN NULL;', hash='17fbeb95b559721f41c2905a728ad8edb95f6d7d', operation='DELETE', pgid='pgtrigger_delete_delete_06466', table='incidents_casefile', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='casefileevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d69032a6443184fb97074760505674e8ab6e3834', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b70f1', table='incidents_casefileevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tipfile',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "incidents_tipfileevent" ("added_at", "added_by_id", "id", "media_type", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "size", "tip_id") VALUES (NEW."added_at", NEW."added_by_id", NEW."id", NEW."media_type", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."size", NEW."tip_id"); RETURN NULL;', hash='cc8b668f2359d0d15cfd8c802fb910ec61418af4', operation='INSERT', pgid='pgtrigger_insert_insert_ad9e4', table='incidents_tipfile', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tipfile',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."added_at" IS DISTINCT FROM (NEW."added_at") OR OLD."added_by_id" IS DISTINCT FROM (NEW."added_by_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."media_type" IS DISTINCT FROM (NEW."media_type") OR OLD."size" IS DISTINCT FROM (NEW."size") OR OLD."tip_id" IS DISTINCT FROM (NEW."tip_id"))', func='INSERT INTO "incidents_tipfileevent" ("added_at", "added_by_id", "id", "media_type", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "size", "tip_id") VALUES (NEW."added_at", NEW."added_by_id", NEW."id", NEW."media_type", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."size", NEW."tip_id"); RETURN NULL;', hash='7635f5c7126a5da968293e2bcae08fee64f7620c', operation='UPDATE', pgid='pgtrigger_update_update_e39cb', table='incidents_tipfile', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tipfile',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "incidents_tipfileevent" ("added_at", "added_by_id", "id", "media_type", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "size", "tip_id") VALUES (OLD."added_at", OLD."added_by_id", OLD."id", OLD."media_type", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."size", OLD."tip_id"); RETURN NULL;', hash='c41f91afcf999d27af8019035b1b2bf0fd385595', operation='DELETE', pgid='pgtrigger_delete_delete_37b02', table='incidents_tipfile', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tipfileevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='bd393f95a6d46e380712d71e33bbc1c9aaef772e', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b139a', table='incidents_tipfileevent', when='BEFORE')),
        ),
        _policies("incidents_casefile", "incidents_case", "case_id", "case.write"),
        _policies("incidents_tipfile", "incidents_tip", "tip_id", "tip.write"),
    ]
