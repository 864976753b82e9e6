"""The parts of a folded text by which words are found that stand anywhere in it, also within a longer word.

The embedded server has no extension for this (pg_trgm). The array holds every three letters that follow each other,
each once, for an index over arrays.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION vi_parts(value text) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    AS $$ SELECT array_agg(DISTINCT substr(value, i, 3)) FROM generate_series(1, length(value) - 2) AS i $$;
"""
DROP = "DROP FUNCTION vi_parts(text);"


class Migration(migrations.Migration):
    dependencies = [("territory", "0005_special_days")]
    operations = [migrations.RunSQL(CREATE, DROP)]
