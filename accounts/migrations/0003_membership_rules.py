"""A person does not hold the same role twice on one day."""

from django.db import migrations

from territory.validity import refuse_overlap


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_initial"), ("territory", "0003_validity_rules")]
    operations = [
        refuse_overlap(
            "accounts_membership",
            "(user_id || ':' || agency_id || ':' || role || ':' || area_id)",
            "accounts_membership_once_a_day",
        )
    ]
