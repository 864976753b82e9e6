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
    ]
