# Columns are added without a default that is computed, and the rule of one owner without looking at the rows
# there are: 0006_attachments_indexed looks at them and makes the indexes, with no lock that stops the portal.

import django.db.models.deletion
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
import programs.models.attachment
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

from territory.migrating import Together


class Migration(migrations.Migration):

    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
        ('programs', '0005_filed_is_approved'),
        ('territory', '0003_validity_rules'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together([
        migrations.CreateModel(
            name='TrainingRegister',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('topic', models.CharField(blank=True, default='', max_length=300, verbose_name='topic')),
                ('trainers', models.CharField(blank=True, default='', max_length=1000, verbose_name='trainers')),
                ('materials', models.CharField(blank=True, default='', max_length=1000, verbose_name='materials')),
                ('days', models.PositiveSmallIntegerField(null=True, verbose_name='days')),
                ('taken_before', models.PositiveIntegerField(null=True, verbose_name='took the test before')),
                ('passed_before', models.PositiveIntegerField(null=True, verbose_name='passed before')),
                ('average_before', models.DecimalField(decimal_places=1, max_digits=3, null=True, verbose_name='average mark before')),
                ('taken_after', models.PositiveIntegerField(null=True, verbose_name='took the test after')),
                ('passed_after', models.PositiveIntegerField(null=True, verbose_name='passed after')),
                ('average_after', models.DecimalField(decimal_places=1, max_digits=3, null=True, verbose_name='average mark after')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
                ('activity', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='training_register', to='programs.activity', verbose_name='activity')),
            ],
            options={
                'verbose_name': 'training register',
                'verbose_name_plural': 'training registers',
            },
        ),
        migrations.CreateModel(
            name='TrainingPlaces',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('other', models.CharField(blank=True, default='', max_length=200, verbose_name='other unit')),
                ('offered', models.PositiveIntegerField(null=True, verbose_name='places offered')),
                ('attended', models.PositiveIntegerField(verbose_name='attended')),
                ('attended_women', models.PositiveIntegerField(null=True, verbose_name='of them women')),
                ('certificates', models.PositiveIntegerField(null=True, verbose_name='certificates')),
                ('certificates_women', models.PositiveIntegerField(null=True, verbose_name='certificates to women')),
                ('agency', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='territory.agency', verbose_name='agency')),
                ('register', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='places', to='programs.trainingregister', verbose_name='training register')),
            ],
            options={
                'verbose_name': 'places of an agency',
                'verbose_name_plural': 'places of agencies',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='TrainingPlacesEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('other', models.CharField(blank=True, default='', max_length=200, verbose_name='other unit')),
                ('offered', models.PositiveIntegerField(null=True, verbose_name='places offered')),
                ('attended', models.PositiveIntegerField(verbose_name='attended')),
                ('attended_women', models.PositiveIntegerField(null=True, verbose_name='of them women')),
                ('certificates', models.PositiveIntegerField(null=True, verbose_name='certificates')),
                ('certificates_women', models.PositiveIntegerField(null=True, verbose_name='certificates to women')),
                ('agency', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='territory.agency', verbose_name='agency')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='programs.trainingplaces')),
                ('register', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programs.trainingregister', verbose_name='training register')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='TrainingRegisterEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('topic', models.CharField(blank=True, default='', max_length=300, verbose_name='topic')),
                ('trainers', models.CharField(blank=True, default='', max_length=1000, verbose_name='trainers')),
                ('materials', models.CharField(blank=True, default='', max_length=1000, verbose_name='materials')),
                ('days', models.PositiveSmallIntegerField(null=True, verbose_name='days')),
                ('taken_before', models.PositiveIntegerField(null=True, verbose_name='took the test before')),
                ('passed_before', models.PositiveIntegerField(null=True, verbose_name='passed before')),
                ('average_before', models.DecimalField(decimal_places=1, max_digits=3, null=True, verbose_name='average mark before')),
                ('taken_after', models.PositiveIntegerField(null=True, verbose_name='took the test after')),
                ('passed_after', models.PositiveIntegerField(null=True, verbose_name='passed after')),
                ('average_after', models.DecimalField(decimal_places=1, max_digits=3, null=True, verbose_name='average mark after')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
                ('activity', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programs.activity', verbose_name='activity')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='programs.trainingregister')),
            ],
            options={
                'abstract': False,
            },
        ),
        ]),
        Together([
        pgtrigger.migrations.RemoveTrigger(
            model_name='attachment',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='attachment',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='attachment',
            name='delete_delete',
        ),
        migrations.AddField(
            model_name='attachment',
            name='document',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='programs.document', verbose_name='document'),
        ),
        migrations.AddField(
            model_name='attachment',
            name='progress_note',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='programs.progressnote', verbose_name='progress note'),
        ),
        migrations.AddField(
            model_name='attachment',
            name='scanned',
            field=models.CharField(choices=[('not_configured', 'not scanned: no scanner is set up'), ('clean', 'scanned, nothing found')], default='not_configured', max_length=15, verbose_name='virus scan'),
        ),
        migrations.AddField(
            model_name='attachment',
            name='thumbnail',
            field=models.FileField(blank=True, default='', upload_to=programs.models.attachment.thumbnail_name, verbose_name='small picture'),
        ),
        migrations.AddField(
            model_name='attachmentevent',
            name='document',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programs.document', verbose_name='document'),
        ),
        migrations.AddField(
            model_name='attachmentevent',
            name='progress_note',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programs.progressnote', verbose_name='progress note'),
        ),
        migrations.AddField(
            model_name='attachmentevent',
            name='scanned',
            field=models.CharField(choices=[('not_configured', 'not scanned: no scanner is set up'), ('clean', 'scanned, nothing found')], default='not_configured', max_length=15, verbose_name='virus scan'),
        ),
        migrations.AddField(
            model_name='attachmentevent',
            name='thumbnail',
            field=models.FileField(blank=True, default='', upload_to=programs.models.attachment.thumbnail_name, verbose_name='small picture'),
        ),
        migrations.AlterField(
            model_name='attachment',
            name='activity',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='programs.activity', verbose_name='activity'),
        ),
        migrations.AlterField(
            model_name='attachmentevent',
            name='activity',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programs.activity', verbose_name='activity'),
        ),
        ]),
        AddConstraintNotValid(
            model_name='attachment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('activity__isnull', False), ('document__isnull', True), ('progress_note__isnull', True)), models.Q(('activity__isnull', True), ('document__isnull', False), ('progress_note__isnull', True)), models.Q(('activity__isnull', True), ('document__isnull', True), ('progress_note__isnull', False)), _connector='OR'), name='programs_attachment_has_one_owner'),
        ),
        Together([
        migrations.AddConstraint(
            model_name='trainingregister',
            constraint=models.CheckConstraint(condition=models.Q(('passed_before__isnull', True), models.Q(('taken_before__isnull', False), ('passed_before__lte', models.F('taken_before'))), _connector='OR'), name='programs_register_passed_before'),
        ),
        migrations.AddConstraint(
            model_name='trainingregister',
            constraint=models.CheckConstraint(condition=models.Q(('average_before__isnull', True), models.Q(('average_before__gte', 0), ('average_before__lte', 10)), _connector='OR'), name='programs_register_average_before'),
        ),
        migrations.AddConstraint(
            model_name='trainingregister',
            constraint=models.CheckConstraint(condition=models.Q(('passed_after__isnull', True), models.Q(('taken_after__isnull', False), ('passed_after__lte', models.F('taken_after'))), _connector='OR'), name='programs_register_passed_after'),
        ),
        migrations.AddConstraint(
            model_name='trainingregister',
            constraint=models.CheckConstraint(condition=models.Q(('average_after__isnull', True), models.Q(('average_after__gte', 0), ('average_after__lte', 10)), _connector='OR'), name='programs_register_average_after'),
        ),
        migrations.AddConstraint(
            model_name='trainingregister',
            constraint=models.CheckConstraint(condition=models.Q(('days__isnull', True), models.Q(('days__gte', 1), ('days__lte', 366)), _connector='OR'), name='programs_register_days'),
        ),
        migrations.AddConstraint(
            model_name='trainingplaces',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('agency__isnull', False), ('other', '')), models.Q(('agency__isnull', True), models.Q(('other', ''), _negated=True)), _connector='OR'), name='programs_places_agency_or_name'),
        ),
        migrations.AddConstraint(
            model_name='trainingplaces',
            constraint=models.UniqueConstraint(condition=models.Q(('agency__isnull', False)), fields=('register', 'agency'), name='programs_places_once_an_agency'),
        ),
        migrations.AddConstraint(
            model_name='trainingplaces',
            constraint=models.UniqueConstraint(models.F('register'), django.db.models.functions.text.Lower('other'), condition=models.Q(('other', ''), _negated=True), name='programs_places_once_a_name'),
        ),
        migrations.AddConstraint(
            model_name='trainingplaces',
            constraint=models.CheckConstraint(condition=models.Q(('attended_women__lte', models.F('attended'))), name='programs_places_women'),
        ),
        migrations.AddConstraint(
            model_name='trainingplaces',
            constraint=models.CheckConstraint(condition=models.Q(('certificates__lte', models.F('attended'))), name='programs_places_certificates'),
        ),
        migrations.AddConstraint(
            model_name='trainingplaces',
            constraint=models.CheckConstraint(condition=models.Q(('certificates_women__lte', models.F('certificates'))), name='programs_places_women_of_them'),
        ),
        migrations.AddConstraint(
            model_name='trainingplaces',
            constraint=models.CheckConstraint(condition=models.Q(('certificates_women__lte', models.F('attended_women'))), name='programs_places_women_attended'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='attachment',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "programs_attachmentevent" ("activity_id", "added_at", "added_by_id", "document_id", "file", "id", "key", "media_type", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "progress_note_id", "scanned", "sha256", "size", "thumbnail") VALUES (NEW."activity_id", NEW."added_at", NEW."added_by_id", NEW."document_id", NEW."file", NEW."id", NEW."key", NEW."media_type", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."progress_note_id", NEW."scanned", NEW."sha256", NEW."size", NEW."thumbnail"); RETURN NULL;', hash='56f2b047f127a457463b211a11eb35409f596bf0', operation='INSERT', pgid='pgtrigger_insert_insert_8fe97', table='programs_attachment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='attachment',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "programs_attachmentevent" ("activity_id", "added_at", "added_by_id", "document_id", "file", "id", "key", "media_type", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "progress_note_id", "scanned", "sha256", "size", "thumbnail") VALUES (NEW."activity_id", NEW."added_at", NEW."added_by_id", NEW."document_id", NEW."file", NEW."id", NEW."key", NEW."media_type", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."progress_note_id", NEW."scanned", NEW."sha256", NEW."size", NEW."thumbnail"); RETURN NULL;', hash='ace8967b564e0af8ca3b40a3f48524bd283b931f', operation='UPDATE', pgid='pgtrigger_update_update_7063d', table='programs_attachment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='attachment',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "programs_attachmentevent" ("activity_id", "added_at", "added_by_id", "document_id", "file", "id", "key", "media_type", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "progress_note_id", "scanned", "sha256", "size", "thumbnail") VALUES (OLD."activity_id", OLD."added_at", OLD."added_by_id", OLD."document_id", OLD."file", OLD."id", OLD."key", OLD."media_type", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."progress_note_id", OLD."scanned", OLD."sha256", OLD."size", OLD."thumbnail"); RETURN NULL;', hash='18945848eed9baa22613df6d65d58703d3462ac0', operation='DELETE', pgid='pgtrigger_delete_delete_1ee15', table='programs_attachment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='trainingregister',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "programs_trainingregisterevent" ("activity_id", "average_after", "average_before", "days", "id", "materials", "passed_after", "passed_before", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "taken_after", "taken_before", "topic", "trainers", "updated_at", "version") VALUES (NEW."activity_id", NEW."average_after", NEW."average_before", NEW."days", NEW."id", NEW."materials", NEW."passed_after", NEW."passed_before", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."taken_after", NEW."taken_before", NEW."topic", NEW."trainers", NEW."updated_at", NEW."version"); RETURN NULL;', hash='73a978ff834f47e86575063119fd104049fe3246', operation='INSERT', pgid='pgtrigger_insert_insert_0b401', table='programs_trainingregister', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='trainingregister',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "programs_trainingregisterevent" ("activity_id", "average_after", "average_before", "days", "id", "materials", "passed_after", "passed_before", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "taken_after", "taken_before", "topic", "trainers", "updated_at", "version") VALUES (NEW."activity_id", NEW."average_after", NEW."average_before", NEW."days", NEW."id", NEW."materials", NEW."passed_after", NEW."passed_before", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."taken_after", NEW."taken_before", NEW."topic", NEW."trainers", NEW."updated_at", NEW."version"); RETURN NULL;', hash='fd09b8f35c1b5fd6fe0b0b4f4ff321f0a5f5ff51', operation='UPDATE', pgid='pgtrigger_update_update_e8d04', table='programs_trainingregister', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='trainingregister',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "programs_trainingregisterevent" ("activity_id", "average_after", "average_before", "days", "id", "materials", "passed_after", "passed_before", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "taken_after", "taken_before", "topic", "trainers", "updated_at", "version") VALUES (OLD."activity_id", OLD."average_after", OLD."average_before", OLD."days", OLD."id", OLD."materials", OLD."passed_after", OLD."passed_before", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."taken_after", OLD."taken_before", OLD."topic", OLD."trainers", OLD."updated_at", OLD."version"); RETURN NULL;', hash='5d1fb7d0d416da637b35f1eb0a4ff2269ff5eaae', operation='DELETE', pgid='pgtrigger_delete_delete_33c2b', table='programs_trainingregister', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='trainingplacesevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5fcb11ee49ae9bcbf61815c58272506c108c6c9d', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_bd8ca', table='programs_trainingplacesevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='trainingplaces',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "programs_trainingplacesevent" ("agency_id", "attended", "attended_women", "certificates", "certificates_women", "id", "offered", "other", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "register_id") VALUES (NEW."agency_id", NEW."attended", NEW."attended_women", NEW."certificates", NEW."certificates_women", NEW."id", NEW."offered", NEW."other", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."register_id"); RETURN NULL;', hash='372ff008d36cca252d6316033fa4576e8e4ab574', operation='INSERT', pgid='pgtrigger_insert_insert_3055f', table='programs_trainingplaces', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='trainingplaces',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "programs_trainingplacesevent" ("agency_id", "attended", "attended_women", "certificates", "certificates_women", "id", "offered", "other", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "register_id") VALUES (NEW."agency_id", NEW."attended", NEW."attended_women", NEW."certificates", NEW."certificates_women", NEW."id", NEW."offered", NEW."other", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."register_id"); RETURN NULL;', hash='6e993de40c07a533a1216401c007fbe75f17d3e5', operation='UPDATE', pgid='pgtrigger_update_update_10ae4', table='programs_trainingplaces', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='trainingplaces',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "programs_trainingplacesevent" ("agency_id", "attended", "attended_women", "certificates", "certificates_women", "id", "offered", "other", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "register_id") VALUES (OLD."agency_id", OLD."attended", OLD."attended_women", OLD."certificates", OLD."certificates_women", OLD."id", OLD."offered", OLD."other", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."register_id"); RETURN NULL;', hash='22afa69fab595fdb8d44f40f0575e0388e2431ec', operation='DELETE', pgid='pgtrigger_delete_delete_c2005', table='programs_trainingplaces', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='trainingregisterevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ccd703ce6bdee0d329341d635ee52f0e84b21a78', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_9df39', table='programs_trainingregisterevent', when='BEFORE')),
        ),
        ]),
    ]
