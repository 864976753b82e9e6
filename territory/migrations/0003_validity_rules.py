"""The same code is not valid twice on one day: for areas (a level) and for agencies."""

from django.db import migrations

from territory.validity import refuse_overlap


class Migration(migrations.Migration):
    dependencies = [("territory", "0002_initial")]
    operations = [
        refuse_overlap("territory_area", "(level || ':' || code)", "territory_area_code_once_a_day"),
        refuse_overlap("territory_agency", "code", "territory_agency_code_once_a_day"),
    ]
