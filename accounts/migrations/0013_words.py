"""The index of the words of people's names, made beside the work."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations

from territory.collation import ViFold, ViWords


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("accounts", "0012_audit_indicator_changed"), ("territory", "0004_words")]
    operations = [AddIndexConcurrently("user", GinIndex(ViWords(ViFold("full_name")), name="user_words"))]
