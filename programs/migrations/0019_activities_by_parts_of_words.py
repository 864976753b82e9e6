"""An index for words that are searched for in the list of activities, made beside the work."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations

from territory.collation import ViParts


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("programs", "0018_directory_uploads"), ("territory", "0006_parts_of_words")]
    operations = [
        AddIndexConcurrently("activity", GinIndex(ViParts("search_text"), name="activity_parts")),
    ]
