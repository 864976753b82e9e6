"""Attachments of victims, readable only while an own opening of the identity lasts, as the identity itself is."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


TABLE = "victims_victimattachment"
SYSTEM = "(SELECT portal_is_system())"


def _of_victim(verb: str, table: str) -> str:
    own = f"v.agency_id = ANY ((SELECT portal_agencies('{verb}'))::bigint[])"
    return f"EXISTS (SELECT 1 FROM victims_victim v WHERE v.id = {table}.victim_id AND {own})"


OPENED = (
    f"{SYSTEM} OR (EXISTS (SELECT 1 FROM victims_identityopening o WHERE o.victim_id = {TABLE}.victim_id"
    " AND o.person_id = (SELECT portal_user()) AND o.expires_at > clock_timestamp())"
    f" AND {_of_victim('identity.open', TABLE)})"
)
WRITTEN = f"{SYSTEM} OR {_of_victim('identity.write', TABLE)}"
FORWARD = f"""
ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY;
CREATE POLICY reading ON {TABLE} FOR SELECT USING ({OPENED});
CREATE POLICY inserting ON {TABLE} FOR INSERT WITH CHECK ({WRITTEN});
CREATE POLICY updating ON {TABLE} FOR UPDATE USING ({WRITTEN}) WITH CHECK ({WRITTEN});
CREATE POLICY deleting ON {TABLE} FOR DELETE USING ({WRITTEN});
ALTER TABLE {TABLE}event ENABLE ROW LEVEL SECURITY;
CREATE POLICY reading ON {TABLE}event FOR SELECT
    USING ({SYSTEM} OR {_of_victim("victim.read", f"{TABLE}event")});
CREATE POLICY inserting ON {TABLE}event FOR INSERT WITH CHECK (true);
"""
BACKWARD = f"""
DROP POLICY reading ON {TABLE}event;
DROP POLICY inserting ON {TABLE}event;
ALTER TABLE {TABLE}event DISABLE ROW LEVEL SECURITY;
DROP POLICY reading ON {TABLE};
DROP POLICY inserting ON {TABLE};
DROP POLICY updating ON {TABLE};
DROP POLICY deleting ON {TABLE};
ALTER TABLE {TABLE} DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
        ('victims', '0005_first_agency'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='VictimAttachment',
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
                ('victim', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='victims.victim', verbose_name='victim')),
            ],
            options={
                'verbose_name': 'attachment of a victim',
                'verbose_name_plural': 'attachments of victims',
                'ordering': ['added_at', 'id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='VictimAttachmentEvent',
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
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='victims.victimattachment')),
                ('victim', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='victims.victim', verbose_name='victim')),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='victimattachment',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "victims_victimattachmentevent" ("added_at", "added_by_id", "id", "media_type", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "size", "victim_id") VALUES (NEW."added_at", NEW."added_by_id", NEW."id", NEW."media_type", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."size", NEW."victim_id"); RETURN NULL;', hash='f6402f6991452c11fb45af4059977728a0a05af9', operation='INSERT', pgid='pgtrigger_insert_insert_c7643', table='victims_victimattachment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='victimattachment',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."added_at" IS DISTINCT FROM (NEW."added_at") OR OLD."added_by_id" IS DISTINCT FROM (NEW."added_by_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."media_type" IS DISTINCT FROM (NEW."media_type") OR OLD."size" IS DISTINCT FROM (NEW."size") OR OLD."victim_id" IS DISTINCT FROM (NEW."victim_id"))', func='INSERT INTO "victims_victimattachmentevent" ("added_at", "added_by_id", "id", "media_type", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "size", "victim_id") VALUES (NEW."added_at", NEW."added_by_id", NEW."id", NEW."media_type", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."size", NEW."victim_id"); RETURN NULL;', hash='b2419dc41cdf553f27c1c56d609e4f4945ce04c5', operation='UPDATE', pgid='pgtrigger_update_update_ff2c9', table='victims_victimattachment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='victimattachment',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "victims_victimattachmentevent" ("added_at", "added_by_id", "id", "media_type", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "size", "victim_id") VALUES (OLD."added_at", OLD."added_by_id", OLD."id", OLD."media_type", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."size", OLD."victim_id"); RETURN NULL;', hash='ce008992f1b3e60be06fa7fd8e2341839eac96a6', operation='DELETE', pgid='pgtrigger_delete_delete_02a02', table='victims_victimattachment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='victimattachmentevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='046b2edc96ef3ad08606572787a08752fc55c039', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_72402', table='victims_victimattachmentevent', when='BEFORE')),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
