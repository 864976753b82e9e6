"""Indexes for the search over all records, made beside the work."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

from territory.collation import ViFold, ViWords


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("programs", "0013_follow_the_map"), ("territory", "0004_words")]
    operations = [
        AddIndexConcurrently("activity", models.Index(fields=["-ended_on", "-id"], name="activity_newest")),
        AddIndexConcurrently("activity", GinIndex(ViWords("search_text"), name="activity_words")),
        AddIndexConcurrently("document", GinIndex(ViWords("search_text"), name="document_words")),
        AddIndexConcurrently("task", GinIndex(ViWords(ViFold("text")), name="task_words")),
        AddIndexConcurrently("difficulty", GinIndex(ViWords("search_text"), name="difficulty_words")),
        AddIndexConcurrently("direction", GinIndex(ViWords("search_text"), name="direction_words")),
        AddIndexConcurrently("recommendation", GinIndex(ViWords("search_text"), name="recommendation_words")),
    ]
