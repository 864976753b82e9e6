"""Marks where the standing of obligations or tasks has changed, so that lists of them can be kept; names make marks too.

Such a mark stands for a province with its key below zero (`reporting.models.WordMark`): a draft, a task that is done or
a date that was put off changes no figure.
"""

from django.db import migrations, models
from django.db.models.functions import Now

MARKS = """
CREATE FUNCTION reporting_mark_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO reporting_wordmark (place)
        SELECT DISTINCT -coalesce(a.province_id, a.id) FROM new_rows o JOIN territory_area a ON a.id = o.area_id;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO reporting_wordmark (place)
        SELECT DISTINCT -coalesce(a.province_id, a.id) FROM old_rows o JOIN territory_area a ON a.id = o.area_id;
    ELSE
        INSERT INTO reporting_wordmark (place)
        SELECT DISTINCT -coalesce(a.province_id, a.id)
        FROM old_rows b JOIN new_rows o ON o.id = b.id JOIN territory_area a ON a.id IN (b.area_id, o.area_id)
        WHERE b IS DISTINCT FROM o;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION reporting_mark_stands_of_submission() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO reporting_wordmark (place)
    SELECT DISTINCT -coalesce(a.province_id, a.id)
    FROM reporting_obligation o JOIN territory_area a ON a.id = o.area_id
    WHERE o.id IN (OLD.obligation_id, NEW.obligation_id);
    RETURN NULL;
END $$;
CREATE TRIGGER reporting_mark_stands AFTER INSERT OR DELETE ON reporting_submission
    FOR EACH ROW EXECUTE FUNCTION reporting_mark_stands_of_submission();
CREATE TRIGGER reporting_mark_stands_changed AFTER UPDATE ON reporting_submission
    FOR EACH ROW WHEN (
        (OLD.obligation_id, OLD.state, OLD.is_nil, OLD.first_submitted_at)
        IS DISTINCT FROM (NEW.obligation_id, NEW.state, NEW.is_nil, NEW.first_submitted_at))
    EXECUTE FUNCTION reporting_mark_stands_of_submission();
"""

DROP_MARKS = """
DROP TRIGGER reporting_mark_stands_changed ON reporting_submission;
DROP TRIGGER reporting_mark_stands ON reporting_submission;
DROP FUNCTION reporting_mark_stands_of_submission, reporting_mark_stands;
DELETE FROM reporting_wordmark WHERE place < 0;
DELETE FROM reporting_figureversion WHERE place < 0;
"""

TABLE_MARKS = """
CREATE TRIGGER reporting_mark_stands_added AFTER INSERT ON {table}
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION reporting_mark_stands();
CREATE TRIGGER reporting_mark_stands_changed AFTER UPDATE ON {table}
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION reporting_mark_stands();
CREATE TRIGGER reporting_mark_stands_removed AFTER DELETE ON {table}
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION reporting_mark_stands();
"""

DROP_TABLE_MARKS = """
DROP TRIGGER reporting_mark_stands_added ON {table};
DROP TRIGGER reporting_mark_stands_changed ON {table};
DROP TRIGGER reporting_mark_stands_removed ON {table};
"""

#: Lists name areas and put them in the order of their names.
AREA_MARKS = """
DROP TRIGGER reporting_mark_words ON territory_area;
CREATE TRIGGER reporting_mark_words AFTER UPDATE ON territory_area
    FOR EACH ROW WHEN (({columns}) IS DISTINCT FROM ({new_columns}))
    EXECUTE FUNCTION reporting_mark_words_everywhere();
"""


def area_marks(*columns: str) -> str:
    old, new = (", ".join(f"{row}.{column}" for column in columns) for row in ("OLD", "NEW"))
    return AREA_MARKS.format(columns=old, new_columns=new)


PLACE = ("path", "level", "province_id", "district_id")


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0021_figures_kept"),
        ("programs", "0011_place_and_task_history"),
        ("territory", "0005_special_days"),
    ]
    operations = [
        migrations.AddField("wordmark", "marked_at", models.DateTimeField(db_default=Now())),
        migrations.RunSQL(MARKS, DROP_MARKS),
        *(
            migrations.RunSQL(TABLE_MARKS.format(table=table), DROP_TABLE_MARKS.format(table=table))
            for table in ("reporting_obligation", "programs_assignment")
        ),
        migrations.RunSQL(area_marks(*PLACE, "name", "short_name"), area_marks(*PLACE)),
    ]
