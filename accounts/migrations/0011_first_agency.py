"""The first of the agencies a person may see: most people have one, and comparing a row with it costs least."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION portal_agency(verb text) RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT (portal_agencies(verb))[1]
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0010_choices")]
    operations = [migrations.RunSQL(FORWARD, "DROP FUNCTION portal_agency(text);")]
