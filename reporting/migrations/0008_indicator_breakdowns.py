"""What an indicator may be told apart by, and a version so that two people who change it do not undo each other."""

import django.contrib.postgres.fields
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from territory.validity import refuse_overlap

from territory.migrating import Together


class Migration(migrations.Migration):

    dependencies = [
        ('reporting', '0007_victims_and_breakdowns'),
        ('territory', '0003_validity_rules'),
    ]

    operations = [
        refuse_overlap("reporting_indicator", "code", "reporting_indicator_code_once_a_day"),
        Together([
        pgtrigger.migrations.RemoveTrigger(
            model_name='indicator',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='indicator',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='indicator',
            name='delete_delete',
        ),
        migrations.AddField(
            model_name='indicator',
            name='breakdowns',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), blank=True, default=list, size=None, verbose_name='told apart by'),
        ),
        migrations.AddField(
            model_name='indicator',
            name='version',
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.AddField(
            model_name='indicatorevent',
            name='breakdowns',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), blank=True, default=list, size=None, verbose_name='told apart by'),
        ),
        migrations.AddField(
            model_name='indicatorevent',
            name='version',
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.AlterField(
            model_name='indicator',
            name='about',
            field=models.CharField(choices=[('work', 'work done'), ('people', 'people and cases')], default='work', max_length=6, verbose_name='tells of'),
        ),
        migrations.AlterField(
            model_name='indicator',
            name='over_areas',
            field=models.CharField(choices=[('sum', 'sum'), ('last', 'last value')], default='sum', max_length=5, verbose_name='over areas'),
        ),
        migrations.AlterField(
            model_name='indicator',
            name='over_periods',
            field=models.CharField(choices=[('sum', 'sum'), ('last', 'last value')], default='sum', max_length=5, verbose_name='over periods'),
        ),
        migrations.AlterField(
            model_name='indicatorevent',
            name='about',
            field=models.CharField(choices=[('work', 'work done'), ('people', 'people and cases')], default='work', max_length=6, verbose_name='tells of'),
        ),
        migrations.AlterField(
            model_name='indicatorevent',
            name='over_areas',
            field=models.CharField(choices=[('sum', 'sum'), ('last', 'last value')], default='sum', max_length=5, verbose_name='over areas'),
        ),
        migrations.AlterField(
            model_name='indicatorevent',
            name='over_periods',
            field=models.CharField(choices=[('sum', 'sum'), ('last', 'last value')], default='sum', max_length=5, verbose_name='over periods'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='indicator',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "reporting_indicatorevent" ("about", "breakdowns", "code", "id", "name", "name_en", "nil_text", "order", "over_areas", "over_periods", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rule", "section", "unit", "unit_en", "valid_from", "valid_to", "version") VALUES (NEW."about", NEW."breakdowns", NEW."code", NEW."id", NEW."name", NEW."name_en", NEW."nil_text", NEW."order", NEW."over_areas", NEW."over_periods", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."rule", NEW."section", NEW."unit", NEW."unit_en", NEW."valid_from", NEW."valid_to", NEW."version"); RETURN NULL;', hash='3c1a24a9984680e8d7613654f70510022160cb95', operation='INSERT', pgid='pgtrigger_insert_insert_832d1', table='reporting_indicator', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='indicator',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "reporting_indicatorevent" ("about", "breakdowns", "code", "id", "name", "name_en", "nil_text", "order", "over_areas", "over_periods", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rule", "section", "unit", "unit_en", "valid_from", "valid_to", "version") VALUES (NEW."about", NEW."breakdowns", NEW."code", NEW."id", NEW."name", NEW."name_en", NEW."nil_text", NEW."order", NEW."over_areas", NEW."over_periods", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."rule", NEW."section", NEW."unit", NEW."unit_en", NEW."valid_from", NEW."valid_to", NEW."version"); RETURN NULL;', hash='fa55b77a5511245a3e5ac703a7bfa81b05105050', operation='UPDATE', pgid='pgtrigger_update_update_5b49e', table='reporting_indicator', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='indicator',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "reporting_indicatorevent" ("about", "breakdowns", "code", "id", "name", "name_en", "nil_text", "order", "over_areas", "over_periods", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rule", "section", "unit", "unit_en", "valid_from", "valid_to", "version") VALUES (OLD."about", OLD."breakdowns", OLD."code", OLD."id", OLD."name", OLD."name_en", OLD."nil_text", OLD."order", OLD."over_areas", OLD."over_periods", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."rule", OLD."section", OLD."unit", OLD."unit_en", OLD."valid_from", OLD."valid_to", OLD."version"); RETURN NULL;', hash='091cc0f64d3b0cc658df76ac2e2bfc67adf6408b', operation='DELETE', pgid='pgtrigger_delete_delete_c0cd5', table='reporting_indicator', when='AFTER')),
        ),
        ]),
    ]
