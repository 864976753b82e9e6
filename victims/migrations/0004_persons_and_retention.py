"""The persons of a case who did something to a victim, and how long words in tips and cases are kept."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from territory.migrating import Together

SYSTEM = "(SELECT portal_is_system())"


def _seen(table: str, verb: str) -> str:
    """The victim is own agency's by the verb, and the person's case is one the reader sees."""
    return (
        f"EXISTS (SELECT 1 FROM victims_victim v WHERE v.id = {table}.victim_id"
        f" AND v.agency_id = ANY ((SELECT portal_agencies('{verb}'))::bigint[]))"
        f" AND EXISTS (SELECT 1 FROM incidents_personincase p WHERE p.id = {table}.person_id)"
    )


TABLE, HISTORY = "victims_victimperson", "victims_victimpersonevent"
READ, WRITE = _seen(TABLE, "victim.read"), _seen(TABLE, "victim.write")
FORWARD = f"""
ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY;
CREATE POLICY reading ON {TABLE} FOR SELECT USING ({SYSTEM} OR ({READ}));
CREATE POLICY inserting ON {TABLE} FOR INSERT WITH CHECK ({SYSTEM} OR ({WRITE}));
CREATE POLICY updating ON {TABLE} FOR UPDATE USING ({SYSTEM} OR ({WRITE})) WITH CHECK ({SYSTEM} OR ({WRITE}));
CREATE POLICY deleting ON {TABLE} FOR DELETE USING ({SYSTEM} OR ({WRITE}));
ALTER TABLE {HISTORY} ENABLE ROW LEVEL SECURITY;
CREATE POLICY reading ON {HISTORY} FOR SELECT USING ({SYSTEM} OR ({_seen(HISTORY, "victim.read")}));
CREATE POLICY inserting ON {HISTORY} FOR INSERT WITH CHECK (true);
"""
BACKWARD = "".join(
    f"DROP POLICY {name} ON {table}; "
    for table, names in (
        (HISTORY, ("reading", "inserting")),
        (TABLE, ("reading", "inserting", "updating", "deleting")),
    )
    for name in names
)
RULES = """
INSERT INTO victims_retentionrule (kind, months, basis, is_active) VALUES
    ('tip_text', 60, '', false), ('case_text', 60, '', false)
"""
NO_RULES = "DELETE FROM victims_retentionrule WHERE kind IN ('tip_text', 'case_text')"


class Migration(migrations.Migration):

    dependencies = [
        ('incidents', '0004_row_security'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('victims', '0003_row_policies'),
    ]

    operations = [
        Together([
        migrations.AlterField(
            model_name='retentionrule',
            name='kind',
            field=models.CharField(choices=[('identity', 'identity'), ('narrative', 'narratives'), ('words', 'goals, reasons and other short texts'), ('tip_text', 'what was told in tips'), ('case_text', 'summaries of cases and descriptions of what was seized')], max_length=9, unique=True, verbose_name='kind of data'),
        ),
        migrations.AlterField(
            model_name='retentionrule',
            name='months',
            field=models.PositiveSmallIntegerField(verbose_name='months after the end'),
        ),
        migrations.AlterField(
            model_name='retentionruleevent',
            name='kind',
            field=models.CharField(choices=[('identity', 'identity'), ('narrative', 'narratives'), ('words', 'goals, reasons and other short texts'), ('tip_text', 'what was told in tips'), ('case_text', 'summaries of cases and descriptions of what was seized')], max_length=9, verbose_name='kind of data'),
        ),
        migrations.AlterField(
            model_name='retentionruleevent',
            name='months',
            field=models.PositiveSmallIntegerField(verbose_name='months after the end'),
        ),
        ]),
        migrations.CreateModel(
            name='VictimPerson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(choices=[('recruiter', 'recruiter'), ('transporter', 'transporter'), ('harbourer', 'harbourer'), ('broker', 'broker'), ('exploiter', 'exploiter'), ('other', 'other')], max_length=12, verbose_name='part in it')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='harmed', to='incidents.personincase', verbose_name='person')),
                ('victim', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='persons', to='victims.victim', verbose_name='victim')),
            ],
            options={
                'verbose_name': 'person linked to a victim',
                'verbose_name_plural': 'persons linked to victims',
                'ordering': ['person', 'id'],
            },
        ),
        migrations.CreateModel(
            name='VictimPersonEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('part', models.CharField(choices=[('recruiter', 'recruiter'), ('transporter', 'transporter'), ('harbourer', 'harbourer'), ('broker', 'broker'), ('exploiter', 'exploiter'), ('other', 'other')], max_length=12, verbose_name='part in it')),
                ('person', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='incidents.personincase', verbose_name='person')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='victims.victimperson')),
                ('victim', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='victims.victim', verbose_name='victim')),
            ],
            options={
                'abstract': False,
            },
        ),
        Together([
        migrations.AddConstraint(
            model_name='victimperson',
            constraint=models.UniqueConstraint(fields=('victim', 'person', 'part'), name='victims_person_part_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='victimperson',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "victims_victimpersonevent" ("id", "part", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "victim_id") VALUES (NEW."id", NEW."part", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."victim_id"); RETURN NULL;', hash='b45cab3f68f78334e1f1e766dd87dc1bedf66c38', operation='INSERT', pgid='pgtrigger_insert_insert_aafdf', table='victims_victimperson', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='victimperson',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "victims_victimpersonevent" ("id", "part", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "victim_id") VALUES (NEW."id", NEW."part", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."victim_id"); RETURN NULL;', hash='e94d2c5695eb69f7b33ac637a54a5e3e66692a53', operation='UPDATE', pgid='pgtrigger_update_update_7b9b7', table='victims_victimperson', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='victimperson',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "victims_victimpersonevent" ("id", "part", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "victim_id") VALUES (OLD."id", OLD."part", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."victim_id"); RETURN NULL;', hash='4179470f08e7c9efdfc3e84a89548fbca4324cfd', operation='DELETE', pgid='pgtrigger_delete_delete_0f8a2', table='victims_victimperson', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='victimpersonevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='9a8ea39a409a2b3a1b1b9c718d26a19b0de98654', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_fb564', table='victims_victimpersonevent', when='BEFORE')),
        ),
        ]),
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RunSQL(RULES, NO_RULES),
    ]
