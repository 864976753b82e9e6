"""The view that says what each record counts for, and the triggers that mark what must be summed again.

The portal's own apps below do not know this one, so the triggers on their tables are made here.
"""

from django.db import migrations

HALF_MONTH = """
CREATE FUNCTION half_month(day date) RETURNS date
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    AS $$ SELECT date_trunc('month', day)::date + CASE WHEN extract(day FROM day) >= 15 THEN 14 ELSE 0 END $$;
"""

# The columns low, high, nominal, flags, words are those of Total.of(figure): ABOUT 1, OPEN_ABOVE 2,
# OPEN_BELOW 4, SPREAD 8, IN_WORDS 16, SAID_HON 32, SAID_TREN 64. A test compares both, figure by figure.
VIEW = """
CREATE VIEW reporting_measure AS
WITH activity AS (
    SELECT id, 'programs.activity:' || id AS record, province_id, district_id, area_id, agency_id, kind,
           is_integrated, ended_on AS day, CASE WHEN is_cumulative THEN started_on ELSE ended_on END AS from_day
    FROM programs_activity
    WHERE state = 'filed' AND province_id IS NOT NULL
)
SELECT 'activity' AS source, record, province_id, district_id, area_id, agency_id, day, from_day,
       'activity.' || kind || '.count' AS measure, part.part,
       1::numeric AS low, 1::numeric AS high, 1::numeric AS nominal, 0 AS flags, NULL::text AS words
FROM activity, LATERAL (SELECT '' AS part UNION ALL SELECT 'integrated' WHERE activity.is_integrated) AS part
UNION ALL
SELECT 'activity', record, province_id, district_id, area_id, agency_id, day, from_day,
       'activity.' || kind || '.' || q.measure, '',
       COALESCE(q.low, 0), COALESCE(q.high, q.low, 0),
       CASE WHEN q.qualifier = 'nearly' THEN q.high
            WHEN q.high IS NULL THEN COALESCE(q.low, 0)
            ELSE round((COALESCE(q.low, 0) + q.high) / 2, 3) END,
       CASE q.qualifier
            WHEN 'about' THEN 1
            WHEN 'over' THEN 2 + CASE WHEN q.word = 'trên' THEN 64 ELSE 32 END
            WHEN 'nearly' THEN 4
            WHEN 'range' THEN 8
            WHEN 'words' THEN 16 + CASE WHEN q.high IS NULL THEN 2 WHEN COALESCE(q.low, 0) < q.high THEN 8 ELSE 0 END
            ELSE 0 END,
       NULLIF(q.words, '')
FROM activity JOIN programs_activityquantity q ON q.activity_id = activity.id
UNION ALL
SELECT 'activity', record, province_id, district_id, area_id, agency_id, day, from_day,
       'activity.' || kind || '.' || q.measure, part.part, part.count, part.count, part.count, 0, NULL
FROM activity JOIN programs_activityquantity q ON q.activity_id = activity.id,
     LATERAL (VALUES ('women', q.women), ('children', q.children), ('ethnic_minority', q.ethnic_minority))
     AS part (part, count)
WHERE part.count IS NOT NULL
UNION ALL
SELECT 'case', 'incidents.case:' || c.id, c.province_id, c.district_id, c.area_id, c.agency_id,
       s.reached_on, s.reached_on, 'case.' || s.kind || '.count', part.part, 1, 1, 1, 0, NULL
FROM incidents_case c JOIN incidents_stage s ON s.case_id = c.id,
     LATERAL (SELECT '' AS part UNION ALL SELECT 'offence:' || o.article FROM incidents_caseoffence o
              WHERE o.case_id = c.id) AS part
WHERE c.province_id IS NOT NULL
UNION ALL
SELECT 'case', 'incidents.case:' || c.id, c.province_id, c.district_id, c.area_id, c.agency_id,
       s.reached_on, s.reached_on, 'case.' || s.kind || '.victims', '', s.victims, s.victims, s.victims, 0, NULL
FROM incidents_case c JOIN incidents_stage s ON s.case_id = c.id
WHERE c.province_id IS NOT NULL AND s.victims IS NOT NULL
UNION ALL
SELECT 'case', 'incidents.case:' || c.id, c.province_id, c.district_id, c.area_id, c.agency_id,
       flow.day, flow.day, 'case.investigating.' || flow.way, '', 1, 1, 1, 0, NULL
FROM incidents_case c
     JOIN LATERAL (
        SELECT min(reached_on) FILTER (WHERE kind = 'prosecuted') AS opened,
               min(reached_on) FILTER (WHERE kind IN ('investigation_concluded', 'suspended', 'dropped')) AS closed
        FROM incidents_stage WHERE case_id = c.id) AS span ON span.opened IS NOT NULL
     JOIN LATERAL (VALUES ('in', span.opened), ('out', GREATEST(span.closed, span.opened)))
        AS flow (way, day) ON flow.day IS NOT NULL AND (flow.way = 'in' OR span.closed IS NOT NULL)
WHERE c.province_id IS NOT NULL
UNION ALL
SELECT 'case', 'incidents.case:' || c.id, c.province_id, c.district_id, c.area_id, c.agency_id,
       flow.day, flow.day, flow.measure, '', flow.persons, flow.persons, flow.persons, 0, NULL
FROM incidents_case c
     JOIN LATERAL (
        SELECT min(reached_on) FILTER (WHERE kind = 'prosecuted') AS opened,
               min(reached_on) FILTER (WHERE kind IN ('investigation_concluded', 'suspended', 'dropped')) AS closed
        FROM incidents_stage WHERE case_id = c.id) AS span ON true
     JOIN LATERAL (
        SELECT st.standing, st.since, count(*)::numeric AS persons
        FROM incidents_personincase p JOIN incidents_personstanding st ON st.person_id = p.id
        WHERE p.case_id = c.id GROUP BY st.standing, st.since) AS stood ON true
     JOIN LATERAL (VALUES
        ('person.' || stood.standing || '.count', stood.since, stood.persons),
        ('person.accused_investigated.in',
         CASE WHEN stood.standing = 'accused' AND (span.closed IS NULL OR stood.since <= span.closed)
              THEN GREATEST(stood.since, span.opened) END, stood.persons),
        ('person.accused_investigated.out',
         CASE WHEN stood.standing = 'accused' AND stood.since <= span.closed AND span.opened IS NOT NULL
              THEN GREATEST(span.closed, span.opened, stood.since) END, stood.persons))
        AS flow (measure, day, persons) ON flow.day IS NOT NULL
            AND (flow.measure NOT LIKE 'person.accused_investigated.%' OR span.opened IS NOT NULL)
WHERE c.province_id IS NOT NULL
UNION ALL
SELECT 'document', 'programs.document:' || d.id, a.province_id, a.district_id, d.area_id, d.issuer_id,
       d.issued_on, d.issued_on, 'document.' || d.kind || '.count', '', 1, 1, 1, 0, NULL
FROM programs_document d JOIN territory_area a ON a.id = d.area_id
WHERE d.issued_on IS NOT NULL AND a.province_id IS NOT NULL;
"""

MARKS = """
CREATE FUNCTION reporting_mark(source text, province bigint, district bigint, agency bigint, day date)
RETURNS void LANGUAGE sql AS $$
    INSERT INTO reporting_factmark (source, province_id, district_id, agency_id, bucket)
    SELECT source, province, district, agency, half_month(day) WHERE province IS NOT NULL AND day IS NOT NULL
$$;

CREATE FUNCTION reporting_mark_activity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM reporting_mark('activity', OLD.province_id, OLD.district_id, OLD.agency_id, OLD.ended_on);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM reporting_mark('activity', NEW.province_id, NEW.district_id, NEW.agency_id, NEW.ended_on);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER reporting_mark AFTER INSERT OR UPDATE OR DELETE ON programs_activity
    FOR EACH ROW EXECUTE FUNCTION reporting_mark_activity();

-- The activity is locked before it is asked where it counts: while it is being moved by somebody else, the answer
-- would be where it was, and neither transaction would mark the quantity where it went.
CREATE FUNCTION reporting_mark_quantity() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched bigint[] := ARRAY[]::bigint[];
BEGIN
    IF TG_OP <> 'INSERT' THEN touched := touched || OLD.activity_id; END IF;
    IF TG_OP <> 'DELETE' THEN touched := touched || NEW.activity_id; END IF;
    PERFORM FROM programs_activity WHERE id = ANY (touched) ORDER BY id FOR NO KEY UPDATE;
    PERFORM reporting_mark('activity', province_id, district_id, agency_id, ended_on)
    FROM programs_activity WHERE id = ANY (touched);
    RETURN NULL;
END $$;
CREATE TRIGGER reporting_mark AFTER INSERT OR UPDATE OR DELETE ON programs_activityquantity
    FOR EACH ROW EXECUTE FUNCTION reporting_mark_quantity();

CREATE FUNCTION reporting_mark_document() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM reporting_mark('document', province_id, district_id, OLD.issuer_id, OLD.issued_on)
        FROM territory_area WHERE id = OLD.area_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM reporting_mark('document', province_id, district_id, NEW.issuer_id, NEW.issued_on)
        FROM territory_area WHERE id = NEW.area_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER reporting_mark AFTER INSERT OR UPDATE OR DELETE ON programs_document
    FOR EACH ROW EXECUTE FUNCTION reporting_mark_document();

-- A document counts where its area lies, so it goes along when the area becomes part of another one.
CREATE FUNCTION reporting_mark_area() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reporting_mark('document', whole.province, whole.district, d.issuer_id, d.issued_on)
    FROM programs_document d,
         (VALUES (OLD.province_id, OLD.district_id), (NEW.province_id, NEW.district_id)) AS whole (province, district)
    WHERE d.area_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER reporting_mark AFTER UPDATE OF parent_id ON territory_area
    FOR EACH ROW WHEN (OLD.path IS DISTINCT FROM NEW.path) EXECUTE FUNCTION reporting_mark_area();

-- A case counts on the days of its stages and standings, and one of them can shift what another counts for
-- (the first stage that ends the investigation). So a change marks every day of the case, and the old day.
-- The case is locked first: of two changes at once, the second sees the days the first has brought.
CREATE FUNCTION reporting_mark_case_days(case_key bigint, province bigint, district bigint, agency bigint)
RETURNS void LANGUAGE sql AS $$
    SELECT reporting_mark('case', province, district, agency, day) FROM (
        SELECT reached_on AS day FROM incidents_stage WHERE case_id = case_key
        UNION SELECT st.since FROM incidents_personstanding st JOIN incidents_personincase p ON p.id = st.person_id
        WHERE p.case_id = case_key) AS days
$$;

CREATE FUNCTION reporting_mark_cases(VARIADIC case_keys bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM incidents_case WHERE id = ANY (case_keys) ORDER BY id FOR NO KEY UPDATE;
    PERFORM reporting_mark_case_days(id, province_id, district_id, agency_id)
    FROM incidents_case WHERE id = ANY (case_keys);
END $$;

CREATE FUNCTION reporting_mark_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM reporting_mark_case_days(OLD.id, OLD.province_id, OLD.district_id, OLD.agency_id);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM reporting_mark_case_days(NEW.id, NEW.province_id, NEW.district_id, NEW.agency_id);
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER reporting_mark AFTER INSERT OR UPDATE ON incidents_case
    FOR EACH ROW EXECUTE FUNCTION reporting_mark_case();
CREATE TRIGGER reporting_mark_removed BEFORE DELETE ON incidents_case
    FOR EACH ROW EXECUTE FUNCTION reporting_mark_case();

CREATE FUNCTION reporting_mark_stage() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reporting_mark_cases(OLD.case_id, NEW.case_id);
    PERFORM reporting_mark('case', province_id, district_id, agency_id, OLD.reached_on)
    FROM incidents_case WHERE id = OLD.case_id;
    RETURN NULL;
END $$;
CREATE TRIGGER reporting_mark AFTER INSERT OR UPDATE OR DELETE ON incidents_stage
    FOR EACH ROW EXECUTE FUNCTION reporting_mark_stage();

CREATE FUNCTION reporting_mark_case_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reporting_mark_cases(OLD.case_id, NEW.case_id);
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER reporting_mark AFTER INSERT OR UPDATE OR DELETE ON incidents_caseoffence
    FOR EACH ROW EXECUTE FUNCTION reporting_mark_case_part();
CREATE TRIGGER reporting_mark AFTER UPDATE ON incidents_personincase
    FOR EACH ROW EXECUTE FUNCTION reporting_mark_case_part();
-- Before, too: when a person goes, or goes to another case, the days of their standings are still the case's.
CREATE TRIGGER reporting_mark_removed BEFORE UPDATE OR DELETE ON incidents_personincase
    FOR EACH ROW EXECUTE FUNCTION reporting_mark_case_part();

CREATE FUNCTION reporting_mark_standing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reporting_mark_cases(VARIADIC array_agg(case_id))
    FROM incidents_personincase WHERE id IN (OLD.person_id, NEW.person_id);
    PERFORM reporting_mark('case', c.province_id, c.district_id, c.agency_id, OLD.since)
    FROM incidents_case c JOIN incidents_personincase p ON p.case_id = c.id WHERE p.id = OLD.person_id;
    RETURN NULL;
END $$;
CREATE TRIGGER reporting_mark AFTER INSERT OR UPDATE OR DELETE ON incidents_personstanding
    FOR EACH ROW EXECUTE FUNCTION reporting_mark_standing();
"""

DROP = """
DROP TRIGGER reporting_mark ON incidents_personstanding;
DROP TRIGGER reporting_mark_removed ON incidents_personincase;
DROP TRIGGER reporting_mark ON incidents_personincase;
DROP TRIGGER reporting_mark ON incidents_caseoffence;
DROP TRIGGER reporting_mark ON incidents_stage;
DROP TRIGGER reporting_mark_removed ON incidents_case;
DROP TRIGGER reporting_mark ON incidents_case;
DROP TRIGGER reporting_mark ON territory_area;
DROP TRIGGER reporting_mark ON programs_document;
DROP TRIGGER reporting_mark ON programs_activityquantity;
DROP TRIGGER reporting_mark ON programs_activity;
DROP FUNCTION reporting_mark_standing, reporting_mark_case_part, reporting_mark_stage, reporting_mark_case,
    reporting_mark_cases, reporting_mark_case_days, reporting_mark_area, reporting_mark_document,
    reporting_mark_quantity, reporting_mark_activity, reporting_mark;
DROP VIEW reporting_measure;
DROP FUNCTION half_month;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0002_initial"),
        ("programs", "0002_initial"),
        ("incidents", "0002_initial"),
    ]
    operations = [migrations.RunSQL(HALF_MONTH + VIEW + MARKS, DROP)]
