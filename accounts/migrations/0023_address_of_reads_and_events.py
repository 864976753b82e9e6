"""The trail and the read log say from which address. Rows of before have none, and the seal they were sealed with."""

from django.db import migrations, models

import accounts.origin


def _address() -> models.GenericIPAddressField:
    return models.GenericIPAddressField(
        default=accounts.origin.current_address, editable=False, null=True, verbose_name="from address"
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0022_kinds_and_check_runs")]

    operations = [
        migrations.AddField("auditevent", "address", _address()),
        migrations.AddField("readevent", "address", _address()),
    ]
