import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0024_more_kinds'),
    ]

    operations = [
        migrations.AddField(
            model_name='formdraft',
            name='warned_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='warned of its end'),
        ),
        migrations.CreateModel(
            name='WaitingInvitation',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='waiting_invitation', serialize=False, to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('asked_at', models.DateTimeField(verbose_name='asked for')),
            ],
            options={
                'verbose_name': 'invitation that waits',
                'verbose_name_plural': 'invitations that wait',
            },
        ),
    ]
