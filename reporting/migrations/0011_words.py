"""The index of the words of the titles of reports, made beside the work."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations

from territory.collation import ViFold, ViWords


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("reporting", "0010_signing_and_batches"), ("territory", "0004_words")]
    operations = [AddIndexConcurrently("report", GinIndex(ViWords(ViFold("title")), name="report_words"))]
