"""Of an exact figure no part exceeds the whole. New rows are held to it at once; those there are looked at next."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import F, Q

PARTS = ("women", "children", "ethnic_minority")


def _within(part: str) -> Q:
    return Q(**{f"{part}__isnull": True}) | Q(**{f"{part}__lte": F("low")})


class Migration(migrations.Migration):
    dependencies = [("programs", "0015_activities_by_title")]
    operations = [
        AddConstraintNotValid(
            model_name="activityquantity",
            constraint=models.CheckConstraint(
                condition=~Q(qualifier="exact")
                | Q(low__isnull=True)
                | (_within("women") & _within("children") & _within("ethnic_minority")),
                name="programs_quantity_parts_within_whole",
            ),
        )
    ]
