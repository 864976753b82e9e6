"""Kept figures, their versions, and the triggers that mark where what units said or owe has changed.

Marks of records are those of 0003. These here only ever add rows, so writers do not wait for each other. A figure of a
submission locks the submission before it asks whether that was sent: while somebody else is sending it, the answer would
be that it was not, and neither would mark it.
"""

from django.db import migrations, models
from django.db.models.functions import Now

MARKS = """
CREATE FUNCTION reporting_mark_words_of_obligation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO reporting_wordmark (place)
        SELECT DISTINCT coalesce(a.province_id, a.id) FROM new_rows o JOIN territory_area a ON a.id = o.area_id;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO reporting_wordmark (place)
        SELECT DISTINCT coalesce(a.province_id, a.id) FROM old_rows o JOIN territory_area a ON a.id = o.area_id;
    ELSE
        INSERT INTO reporting_wordmark (place)
        SELECT DISTINCT coalesce(a.province_id, a.id)
        FROM old_rows b JOIN new_rows o ON o.id = b.id JOIN territory_area a ON a.id IN (b.area_id, o.area_id)
        WHERE (b.agency_id, b.area_id, b.period_start, b.period_end, b.due_on, b.excused_at IS NULL)
              IS DISTINCT FROM
              (o.agency_id, o.area_id, o.period_start, o.period_end, o.due_on, o.excused_at IS NULL);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER reporting_mark_words_added AFTER INSERT ON reporting_obligation
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION reporting_mark_words_of_obligation();
CREATE TRIGGER reporting_mark_words_changed AFTER UPDATE ON reporting_obligation
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION reporting_mark_words_of_obligation();
CREATE TRIGGER reporting_mark_words_removed AFTER DELETE ON reporting_obligation
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION reporting_mark_words_of_obligation();

CREATE FUNCTION reporting_mark_words_of_obligations(VARIADIC keys bigint[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO reporting_wordmark (place)
    SELECT DISTINCT coalesce(a.province_id, a.id)
    FROM reporting_obligation o JOIN territory_area a ON a.id = o.area_id WHERE o.id = ANY (keys)
$$;

CREATE FUNCTION reporting_mark_words_of_submission() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reporting_mark_words_of_obligations(OLD.obligation_id, NEW.obligation_id);
    RETURN NULL;
END $$;
CREATE TRIGGER reporting_mark_words_added AFTER INSERT ON reporting_submission
    FOR EACH ROW WHEN (NEW.state IN ('submitted', 'accepted'))
    EXECUTE FUNCTION reporting_mark_words_of_submission();
CREATE TRIGGER reporting_mark_words_changed AFTER UPDATE ON reporting_submission
    FOR EACH ROW WHEN (
        (OLD.state IN ('submitted', 'accepted') OR NEW.state IN ('submitted', 'accepted'))
        AND (OLD.state, OLD.is_nil, OLD.obligation_id) IS DISTINCT FROM (NEW.state, NEW.is_nil, NEW.obligation_id))
    EXECUTE FUNCTION reporting_mark_words_of_submission();
CREATE TRIGGER reporting_mark_words_removed AFTER DELETE ON reporting_submission
    FOR EACH ROW WHEN (OLD.state IN ('submitted', 'accepted'))
    EXECUTE FUNCTION reporting_mark_words_of_submission();

CREATE FUNCTION reporting_mark_words_of_figure() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        touched := ARRAY(SELECT DISTINCT submission_id FROM new_rows);
    ELSIF TG_OP = 'DELETE' THEN
        touched := ARRAY(SELECT DISTINCT submission_id FROM old_rows);
    ELSE
        touched := ARRAY(
            SELECT DISTINCT s.id FROM old_rows b JOIN new_rows f ON f.id = b.id
            CROSS JOIN LATERAL (VALUES (b.submission_id), (f.submission_id)) AS s (id)
            WHERE (b.submission_id, b.indicator_id, b.part, b.source, b.stands)
                  IS DISTINCT FROM (f.submission_id, f.indicator_id, f.part, f.source, f.stands)
                  OR (b.low, b.high, b.qualifier, b.words, b.word)
                  IS DISTINCT FROM (f.low, f.high, f.qualifier, f.words, f.word));
    END IF;
    IF touched <> '{}' THEN
        PERFORM FROM reporting_submission WHERE id = ANY (touched) ORDER BY id FOR NO KEY UPDATE;
        PERFORM reporting_mark_words_of_obligations(VARIADIC array_agg(obligation_id))
        FROM reporting_submission WHERE id = ANY (touched) AND state IN ('submitted', 'accepted');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER reporting_mark_words_added AFTER INSERT ON reporting_reportedfigure
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION reporting_mark_words_of_figure();
CREATE TRIGGER reporting_mark_words_changed AFTER UPDATE ON reporting_reportedfigure
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION reporting_mark_words_of_figure();
CREATE TRIGGER reporting_mark_words_removed AFTER DELETE ON reporting_reportedfigure
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION reporting_mark_words_of_figure();

-- What changes the map, who is a standing agency, or what agencies and indicators are called, changes figures and lists
-- everywhere.
CREATE FUNCTION reporting_mark_words_everywhere() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO reporting_wordmark (place) VALUES (0);
    RETURN NULL;
END $$;
CREATE TRIGGER reporting_mark_words AFTER UPDATE ON territory_area
    FOR EACH ROW WHEN ((OLD.path, OLD.level, OLD.province_id, OLD.district_id)
                       IS DISTINCT FROM (NEW.path, NEW.level, NEW.province_id, NEW.district_id))
    EXECUTE FUNCTION reporting_mark_words_everywhere();
CREATE TRIGGER reporting_mark_words AFTER INSERT OR UPDATE OR DELETE ON territory_agencyduty
    FOR EACH STATEMENT EXECUTE FUNCTION reporting_mark_words_everywhere();
CREATE TRIGGER reporting_mark_words AFTER UPDATE ON territory_agency
    FOR EACH ROW WHEN ((OLD.code, OLD.name, OLD.kind_id) IS DISTINCT FROM (NEW.code, NEW.name, NEW.kind_id))
    EXECUTE FUNCTION reporting_mark_words_everywhere();
CREATE TRIGGER reporting_mark_words AFTER UPDATE ON territory_agencykind
    FOR EACH ROW WHEN (OLD."order" IS DISTINCT FROM NEW."order")
    EXECUTE FUNCTION reporting_mark_words_everywhere();
CREATE TRIGGER reporting_mark_words AFTER UPDATE ON reporting_indicator
    FOR EACH ROW WHEN (OLD.code IS DISTINCT FROM NEW.code) EXECUTE FUNCTION reporting_mark_words_everywhere();
"""

DROP = """
DROP TRIGGER reporting_mark_words ON reporting_indicator;
DROP TRIGGER reporting_mark_words ON territory_agencykind;
DROP TRIGGER reporting_mark_words ON territory_agency;
DROP TRIGGER reporting_mark_words ON territory_agencyduty;
DROP TRIGGER reporting_mark_words ON territory_area;
DROP TRIGGER reporting_mark_words_added ON reporting_reportedfigure;
DROP TRIGGER reporting_mark_words_changed ON reporting_reportedfigure;
DROP TRIGGER reporting_mark_words_removed ON reporting_reportedfigure;
DROP TRIGGER reporting_mark_words_added ON reporting_submission;
DROP TRIGGER reporting_mark_words_changed ON reporting_submission;
DROP TRIGGER reporting_mark_words_removed ON reporting_submission;
DROP TRIGGER reporting_mark_words_added ON reporting_obligation;
DROP TRIGGER reporting_mark_words_changed ON reporting_obligation;
DROP TRIGGER reporting_mark_words_removed ON reporting_obligation;
DROP FUNCTION reporting_mark_words_everywhere, reporting_mark_words_of_figure, reporting_mark_words_of_submission,
    reporting_mark_words_of_obligations, reporting_mark_words_of_obligation;
"""


class Migration(migrations.Migration):
    dependencies = [("reporting", "0020_one_part_for_other_countries"), ("territory", "0005_special_days")]
    operations = [
        migrations.CreateModel(
            name="FigureVersion",
            fields=[
                ("place", models.BigIntegerField(primary_key=True, serialize=False)),
                ("version", models.BigIntegerField()),
            ],
            options={"verbose_name": "version of figures", "verbose_name_plural": "versions of figures"},
        ),
        migrations.CreateModel(
            name="WordMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.BigIntegerField()),
            ],
            options={
                "verbose_name": "mark of what was said",
                "verbose_name_plural": "marks of what was said",
            },
        ),
        migrations.CreateModel(
            name="KeptSheet",
            fields=[
                ("sheet", models.CharField(db_collation="C", max_length=64, primary_key=True, serialize=False)),
                ("asked", models.JSONField()),
            ],
            options={
                "verbose_name": "sheet of kept tallies",
                "verbose_name_plural": "sheets of kept tallies",
            },
        ),
        migrations.CreateModel(
            name="KeptTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ground", models.CharField(blank=True, db_collation="C", default="", max_length=64)),
                ("period_code", models.CharField(db_collation="C", max_length=24)),
                ("period_rule", models.CharField(db_collation="C", max_length=12)),
                ("sheet", models.CharField(db_collation="C", max_length=64)),
                ("version", models.BigIntegerField()),
                ("tallies", models.JSONField()),
                ("kept_at", models.DateTimeField(db_default=Now())),
                (
                    "area",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=models.CASCADE,
                        related_name="+",
                        to="territory.area",
                    ),
                ),
            ],
            options={
                "verbose_name": "kept tally",
                "verbose_name_plural": "kept tallies",
                "indexes": [models.Index(fields=["kept_at"], name="kepttally_kept_at")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["area", "sheet", "period_code", "period_rule", "ground"],
                        name="reporting_kepttally_key",
                    )
                ],
            },
        ),
        migrations.RunSQL(MARKS, DROP),
    ]
