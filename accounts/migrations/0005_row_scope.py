"""The functions by which row-level policies ask whose rows a transaction may see.

Settings of the transaction answer; one that set none gets an empty array, null and false. See accounts/row_scope.py.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION portal_agencies(verb text) RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT COALESCE(array_agg(agency::bigint), ARRAY[]::bigint[])
    FROM jsonb_array_elements_text(
        COALESCE(NULLIF(current_setting('portal.scope', true), '')::jsonb -> verb, '[]'::jsonb)) AS agency
$$;
CREATE FUNCTION portal_user() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT NULLIF(current_setting('portal.user', true), '')::bigint
$$;
CREATE FUNCTION portal_is_system() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT COALESCE(current_setting('portal.system', true), '') = 'on'
$$;
"""
BACKWARD = """
DROP FUNCTION portal_agencies(text);
DROP FUNCTION portal_user();
DROP FUNCTION portal_is_system();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_notification")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
