"""The words of a folded text, as the search over all records asks for them, and the index of those of the map.

The full-text search of PostgreSQL needs no extension, which the embedded server has none of for this. Its parser
would take "2978/BQP-BĐBP" for a path and "a.vn" for a host, so what stands between words becomes a blank first.
"""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations

from territory.collation import ViWords

BETWEEN = "/-._@:+&#%<>=~*|\\"

CREATE = f"""
CREATE FUNCTION vi_words(value text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    AS $$ SELECT to_tsvector('simple', translate(value, '{BETWEEN}', '{" " * len(BETWEEN)}')) $$;
"""
DROP = "DROP FUNCTION vi_words(text);"


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("territory", "0003_validity_rules")]
    operations = [
        migrations.RunSQL(CREATE, DROP),
        AddIndexConcurrently("area", GinIndex(ViWords("search_text"), name="area_words")),
    ]
