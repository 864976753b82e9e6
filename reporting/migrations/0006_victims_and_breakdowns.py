"""Victims, services, stays, models, costs, verdicts and wanted persons count, and most counts come with their parts.

Of victims the view tells the count of everybody, which the law asks of the state, and parts only of those who did not
take a consent for statistics back. The functions that mark read rows the person at work may not see (the old days of
a file that just went to another agency), so they run with the rights of their owner; they return nothing.
"""

from importlib import import_module

from django.db import migrations

BEFORE: str = import_module("reporting.migrations.0005_tips_and_cases").AFTER

HEAD = "WITH activity AS ("
COLUMNS = "is_integrated, ended_on AS day"

# Told of a victim: where, when, how; the parts of a victim who took the consent back are nobody's.
VICTIM = """WITH victim AS NOT MATERIALIZED (
    SELECT v.id, v.province_id, v.district_id, v.area_id, v.agency_id, v.arrived_on, v.children_with_them,
           'victims.victim:' || v.id AS record
    FROM victims_victim v WHERE v.circle = 'victim' AND v.province_id IS NOT NULL
), victim_part AS NOT MATERIALIZED (
    SELECT v.id AS victim_id, told.part
    FROM victims_victim v, LATERAL (
        SELECT '' AS part
        UNION ALL
        SELECT of.part FROM (
            SELECT 'sex:' || v.sex AS part
            UNION ALL SELECT 'age_group:' || v.age_band
            UNION ALL SELECT 'arrival:' || v.arrival
            UNION ALL SELECT 'nationality:' || v.nationality
            UNION ALL SELECT 'ethnic_minority' WHERE v.minority = 'yes'
            UNION ALL SELECT DISTINCT 'purpose:' || unnest(v.purposes)
            UNION ALL SELECT DISTINCT 'country:' || r.country FROM victims_victimroute r
                      WHERE r.victim_id = v.id AND r.kind = 'destination'
            UNION ALL SELECT CASE WHEN bool_or(r.country <> 'VN') THEN 'route:abroad' ELSE 'route:domestic' END
                      FROM victims_victimroute r WHERE r.victim_id = v.id AND r.kind = 'destination'
                      HAVING count(*) > 0) AS of
        WHERE NOT EXISTS (SELECT FROM victims_consent k WHERE k.victim_id = v.id AND k.purpose = 'statistics'
                          AND k.withdrawn_on IS NOT NULL)
           OR EXISTS (SELECT FROM victims_consent k WHERE k.victim_id = v.id AND k.purpose = 'statistics'
                      AND k.withdrawn_on IS NULL)) AS told
), activity AS NOT MATERIALIZED ("""

MORE = """
UNION ALL
SELECT 'activity', record, province_id, district_id, area_id, agency_id, day, from_day,
       'activity.' || kind || '.count', 'audience:' || reached.audience, 1, 1, 1, 0, NULL
FROM activity, LATERAL (SELECT DISTINCT unnest(activity.audience) AS audience) AS reached
UNION ALL
SELECT 'activity', record, province_id, district_id, area_id, agency_id, day, from_day,
       'activity.' || kind || '.cost', part.part, c.amount, c.amount, c.amount, 0, NULL
FROM activity JOIN programs_activitycost c ON c.activity_id = activity.id,
     LATERAL (VALUES (''), ('source:' || c.source)) AS part (part)
UNION ALL
SELECT 'case', 'incidents.case:' || c.id, c.province_id, c.district_id, c.area_id, c.agency_id,
       s.reached_on, s.reached_on, 'case.' || s.kind || '.' || counted.what, part.part,
       counted.number, counted.number, counted.number, 0, NULL
FROM incidents_case c JOIN incidents_stage s ON s.case_id = c.id,
     LATERAL (VALUES ('count', 1::numeric), ('victims', s.victims), ('persons', s.persons))
     AS counted (what, number),
     LATERAL (SELECT 'force:' || c.force AS part WHERE c.force <> ''
              UNION ALL SELECT 'discovery:' || c.discovery WHERE c.discovery <> ''
              UNION ALL SELECT DISTINCT 'country:' || p.country FROM incidents_caseplace p
                        WHERE p.case_id = c.id AND p.kind = 'destination'
              UNION ALL SELECT CASE WHEN bool_or(p.country <> 'VN') THEN 'route:abroad' ELSE 'route:domestic' END
                        FROM incidents_caseplace p WHERE p.case_id = c.id AND p.kind = 'destination'
                        HAVING count(*) > 0
              UNION ALL SELECT DISTINCT 'offence:' || o.article FROM incidents_caseoffence o
                        WHERE o.case_id = c.id AND counted.what <> 'count') AS part
WHERE c.province_id IS NOT NULL AND counted.number IS NOT NULL
UNION ALL
SELECT 'case', 'incidents.case:' || c.id, c.province_id, c.district_id, c.area_id, c.agency_id,
       st.since, st.since, 'person.' || st.standing || '.count', part.part, 1, 1, 1, 0, NULL
FROM incidents_case c JOIN incidents_personincase p ON p.case_id = c.id
     JOIN incidents_personstanding st ON st.person_id = p.id,
     LATERAL (SELECT extract(year FROM coalesce(c.acts_since, st.since)) - p.birth_year AS age) AS born,
     LATERAL (SELECT 'sex:' || p.sex AS part WHERE p.sex <> ''
              UNION ALL SELECT 'ethnic_minority' WHERE p.is_ethnic_minority
              UNION ALL SELECT 'nationality:' || p.nationality WHERE p.nationality <> ''
              UNION ALL SELECT 'age_band:' || p.age_band WHERE born.age IS NULL AND p.age_band <> ''
              UNION ALL SELECT 'age_band:' || CASE WHEN born.age < 16 THEN 'under_16' WHEN born.age < 18 THEN '16_17'
                            WHEN born.age < 30 THEN '18_29' WHEN born.age < 45 THEN '30_44'
                            WHEN born.age < 60 THEN '45_59' ELSE '60_up' END
                        WHERE born.age IS NOT NULL
              UNION ALL SELECT DISTINCT 'offence:' || o.article FROM incidents_caseoffence o
                        WHERE o.case_id = c.id) AS part
WHERE c.province_id IS NOT NULL
UNION ALL
SELECT 'case', 'incidents.case:' || c.id, c.province_id, c.district_id, c.area_id, c.agency_id,
       s.reached_on, s.reached_on, 'verdict.' || v.sentence || '.count', part.part, 1, 1, 1, 0, NULL
FROM incidents_case c JOIN incidents_stage s ON s.case_id = c.id JOIN incidents_verdict v ON v.stage_id = s.id
     LEFT JOIN incidents_caseoffence o ON o.id = v.offence_id,
     LATERAL (SELECT '' AS part
              UNION ALL SELECT 'court:' || s.kind
              UNION ALL SELECT 'offence:' || o.article WHERE o.article IS NOT NULL
              UNION ALL SELECT 'term:' || CASE WHEN v.months <= 36 THEN 'to_3' WHEN v.months <= 84 THEN '3_to_7'
                            WHEN v.months <= 180 THEN '7_to_15' ELSE 'over_15' END
                        WHERE v.sentence = 'imprisonment') AS part
WHERE c.province_id IS NOT NULL
UNION ALL
SELECT 'case', 'incidents.case:' || c.id, c.province_id, c.district_id, c.area_id, c.agency_id,
       flow.day, flow.day, flow.measure, part.part, 1, 1, 1, 0, NULL
FROM incidents_case c JOIN incidents_personincase p ON p.case_id = c.id
     JOIN incidents_wantedperson w ON w.person_id = p.id,
     LATERAL (VALUES ('wanted.new.count', w.since), ('wanted.running.in', w.since), ('wanted.running.out', w.until),
                     (CASE WHEN w.ended_by IN ('arrested', 'surrendered') THEN 'wanted.caught.count' END, w.until))
     AS flow (measure, day),
     LATERAL (VALUES (''), ('level:' || w.level)) AS part (part)
WHERE c.province_id IS NOT NULL AND flow.day IS NOT NULL AND flow.measure IS NOT NULL
UNION ALL
SELECT 'tip', 'incidents.tip:' || t.id, t.province_id, t.district_id, t.area_id, t.agency_id,
       t.received_on, t.received_on, 'tip.received.count', 'offence:' || o.article, 1, 1, 1, 0, NULL
FROM incidents_tip t JOIN incidents_offence o ON o.id = t.offence_id
WHERE t.province_id IS NOT NULL
UNION ALL
SELECT 'tip', 'incidents.tip:' || t.id, t.province_id, t.district_id, t.area_id, t.agency_id,
       t.decided_on, t.decided_on, 'tip.resolved.count', part.part, 1, 1, 1, 0, NULL
FROM incidents_tip t,
     LATERAL (VALUES ('kind:' || t.kind), ('channel:' || t.channel), ('outcome:' || t.state)) AS part (part)
WHERE t.province_id IS NOT NULL AND t.decided_on IS NOT NULL AND t.state <> 'forwarded'
UNION ALL
SELECT 'tip', 'incidents.tip:' || t.id, t.province_id, t.district_id, t.area_id, t.agency_id,
       flow.day, flow.day, flow.measure, '', 1, 1, 1, 0, NULL
FROM incidents_tip t,
     LATERAL (VALUES ('tip.open.in', t.received_on), ('tip.open.out', GREATEST(t.decided_on, t.received_on)))
     AS flow (measure, day)
WHERE t.province_id IS NOT NULL AND (flow.measure = 'tip.open.in' OR t.decided_on IS NOT NULL)
UNION ALL
SELECT 'model', 'programs.preventionmodel:' || m.id, a.province_id, a.district_id, m.area_id, m.agency_id,
       flow.day, flow.day, flow.measure, part.part, 1, 1, 1, 0, NULL
FROM programs_preventionmodel m JOIN territory_area a ON a.id = m.area_id,
     LATERAL (VALUES ('model.begun.count', m.since), ('model.running.in', m.since), ('model.running.out', m.ended_on))
     AS flow (measure, day),
     LATERAL (VALUES (''), ('model:' || m.kind)) AS part (part)
WHERE a.province_id IS NOT NULL AND flow.day IS NOT NULL
UNION ALL
SELECT 'victim', v.record, v.province_id, v.district_id, v.area_id, v.agency_id, v.arrived_on, v.arrived_on,
       'victim.received.count', p.part, 1, 1, 1, 0, NULL
FROM victim v JOIN victim_part p ON p.victim_id = v.id
UNION ALL
SELECT 'victim', v.record, v.province_id, v.district_id, v.area_id, v.agency_id, v.arrived_on, v.arrived_on,
       'victim.children_with_them.count', '', v.children_with_them, v.children_with_them, v.children_with_them, 0, NULL
FROM victim v
UNION ALL
SELECT 'victim', v.record, v.province_id, v.district_id, v.area_id, v.agency_id, decided.first_on, decided.first_on,
       'victim.' || decided.status || '.count', p.part, 1, 1, 1, 0, NULL
FROM victim v JOIN victim_part p ON p.victim_id = v.id,
     LATERAL (SELECT s.status, min(s.decided_on) AS first_on FROM victims_victimstatus s
              WHERE s.victim_id = v.id GROUP BY 1) AS decided
UNION ALL
SELECT 'victim', v.record, v.province_id, v.district_id, v.area_id, v.agency_id, flow.day, flow.day,
       'victim.in_identification.' || flow.way, p.part, 1, 1, 1, 0, NULL
FROM victim v JOIN victim_part p ON p.victim_id = v.id,
     LATERAL (SELECT s.status, s.decided_on,
                     lead(s.decided_on) OVER (ORDER BY s.decided_on, s.id) AS next_on
              FROM victims_victimstatus s WHERE s.victim_id = v.id) AS stood,
     LATERAL (VALUES ('in', stood.decided_on), ('out', stood.next_on)) AS flow (way, day)
WHERE stood.status = 'being_identified' AND flow.day IS NOT NULL
UNION ALL
SELECT 'victim', v.record, v.province_id, v.district_id, v.area_id, v.agency_id, given.first_on, given.first_on,
       'victim.supported.count', p.part, 1, 1, 1, 0, NULL
FROM victim v JOIN victim_part p ON p.victim_id = v.id,
     LATERAL (SELECT min(s.starts_on) AS first_on FROM victims_supportservice s WHERE s.victim_id = v.id) AS given
WHERE given.first_on IS NOT NULL
UNION ALL
SELECT 'victim', v.record, v.province_id, v.district_id, v.area_id, v.agency_id, s.starts_on, s.starts_on,
       'service.' || s.kind || '.count', p.part, 1, 1, 1, 0, NULL
FROM victim v JOIN victims_supportservice s ON s.victim_id = v.id JOIN victim_part p ON p.victim_id = v.id
UNION ALL
SELECT 'victim', v.record, v.province_id, v.district_id, v.area_id, v.agency_id, s.starts_on, s.starts_on,
       'service.given.count', part.part, 1, 1, 1, 0, NULL
FROM victim v JOIN victims_supportservice s ON s.victim_id = v.id,
     LATERAL (VALUES (''), ('service:' || s.kind), ('source:' || s.funding)) AS part (part)
UNION ALL
SELECT 'victim', v.record, v.province_id, v.district_id, v.area_id, v.agency_id, s.starts_on, s.starts_on,
       'service.given.cost', part.part, s.amount, s.amount, s.amount, 0, NULL
FROM victim v JOIN victims_supportservice s ON s.victim_id = v.id,
     LATERAL (VALUES (''), ('service:' || s.kind), ('source:' || s.funding)) AS part (part)
WHERE s.amount IS NOT NULL
UNION ALL
SELECT 'victim', v.record, v.province_id, v.district_id, v.area_id, v.agency_id, flow.day, flow.day,
       flow.measure, '', 1, 1, 1, 0, NULL
FROM victim v JOIN victims_facilitystay s ON s.victim_id = v.id,
     LATERAL (VALUES ('stay.begun.count', s.valid_from), ('stay.running.in', s.valid_from),
                     ('stay.running.out', s.valid_to + 1)) AS flow (measure, day)
WHERE flow.day IS NOT NULL
UNION ALL
SELECT 'victim', v.record, v.province_id, v.district_id, v.area_id, v.agency_id, flow.day, flow.day,
       flow.measure, '', 1, 1, 1, 0, NULL
FROM victim v JOIN victims_transfer t ON t.victim_id = v.id,
     LATERAL (VALUES
        ('transfer.asked.count', (t.asked_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date),
        (CASE WHEN t.state = 'accepted' THEN 'transfer.accepted.count' END,
         (t.answered_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date)) AS flow (measure, day)
WHERE flow.day IS NOT NULL AND flow.measure IS NOT NULL
UNION ALL
SELECT 'victim', v.record, v.province_id, v.district_id, v.area_id, v.agency_id, flow.day, flow.day,
       flow.measure, part.part, 1, 1, 1, 0, NULL
FROM victim v JOIN victims_supportcase s ON s.victim_id = v.id,
     LATERAL (VALUES ('support.opened.count', s.opened_on, ''), ('support.closed.count', s.closed_on, ''),
                     ('support.closed.count', s.closed_on, 'outcome:' || s.outcome)) AS part (measure, day, part),
     LATERAL (SELECT part.measure, part.day) AS flow
WHERE flow.day IS NOT NULL AND (flow.measure = 'support.opened.count' OR s.state = 'closed');
"""

assert BEFORE.count(HEAD) == 1 and BEFORE.count(COLUMNS) == 1
AFTER = (
    BEFORE.replace(HEAD, VICTIM).replace(COLUMNS, COLUMNS.replace(", ", ", audience, ", 1)).rstrip()
).removesuffix(";") + MORE

# The days of a case with those of its wanted persons. Verdicts count on the days of their trials.
CASE_DAYS = """
CREATE OR REPLACE FUNCTION reporting_mark_case_days(case_key bigint, province bigint, district bigint, agency bigint)
RETURNS void LANGUAGE sql {definer} AS $$
    SELECT reporting_mark('case', province, district, agency, day) FROM (
        SELECT reached_on AS day FROM incidents_stage WHERE case_id = case_key
        UNION SELECT st.since FROM incidents_personstanding st JOIN incidents_personincase p ON p.id = st.person_id
        WHERE p.case_id = case_key{wanted}) AS days
$$;
"""
WANTED = """
        UNION SELECT unnest(ARRAY[w.since, w.until]) FROM incidents_wantedperson w
        JOIN incidents_personincase p ON p.id = w.person_id WHERE p.case_id = case_key"""
DEFINER = "SECURITY DEFINER SET search_path = public, pg_temp"

MARKS = f"""
CREATE TRIGGER reporting_mark AFTER INSERT OR UPDATE OR DELETE ON incidents_caseplace
    FOR EACH ROW EXECUTE FUNCTION reporting_mark_case_part();

CREATE FUNCTION reporting_mark_verdict() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
    PERFORM reporting_mark_cases(VARIADIC array_agg(case_id))
    FROM incidents_stage WHERE id IN (OLD.stage_id, NEW.stage_id);
    RETURN NULL;
END $$;
CREATE TRIGGER reporting_mark AFTER INSERT OR UPDATE OR DELETE ON incidents_verdict
    FOR EACH ROW EXECUTE FUNCTION reporting_mark_verdict();

CREATE FUNCTION reporting_mark_wanted() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
    PERFORM reporting_mark_cases(VARIADIC array_agg(case_id))
    FROM incidents_personincase WHERE id IN (OLD.person_id, NEW.person_id);
    PERFORM reporting_mark('case', c.province_id, c.district_id, c.agency_id, day)
    FROM incidents_case c JOIN incidents_personincase p ON p.case_id = c.id,
         unnest(ARRAY[OLD.since, OLD.until]) AS day
    WHERE p.id = OLD.person_id;
    RETURN NULL;
END $$;
CREATE TRIGGER reporting_mark AFTER INSERT OR UPDATE OR DELETE ON incidents_wantedperson
    FOR EACH ROW EXECUTE FUNCTION reporting_mark_wanted();

CREATE FUNCTION reporting_mark_cost() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched bigint[] := ARRAY[]::bigint[];
BEGIN
    IF TG_OP <> 'INSERT' THEN touched := touched || OLD.activity_id; END IF;
    IF TG_OP <> 'DELETE' THEN touched := touched || NEW.activity_id; END IF;
    PERFORM FROM programs_activity WHERE id = ANY (touched) ORDER BY id FOR NO KEY UPDATE;
    PERFORM reporting_mark('activity', province_id, district_id, agency_id, ended_on)
    FROM programs_activity WHERE id = ANY (touched);
    RETURN NULL;
END $$;
CREATE TRIGGER reporting_mark AFTER INSERT OR UPDATE OR DELETE ON programs_activitycost
    FOR EACH ROW EXECUTE FUNCTION reporting_mark_cost();

CREATE FUNCTION reporting_mark_model() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM reporting_mark('model', a.province_id, a.district_id, OLD.agency_id, day)
        FROM territory_area a, unnest(ARRAY[OLD.since, OLD.ended_on]) AS day WHERE a.id = OLD.area_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM reporting_mark('model', a.province_id, a.district_id, NEW.agency_id, day)
        FROM territory_area a, unnest(ARRAY[NEW.since, NEW.ended_on]) AS day WHERE a.id = NEW.area_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER reporting_mark AFTER INSERT OR UPDATE OR DELETE ON programs_preventionmodel
    FOR EACH ROW EXECUTE FUNCTION reporting_mark_model();

CREATE FUNCTION reporting_mark_area_models() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reporting_mark('model', whole.province, whole.district, m.agency_id, day)
    FROM programs_preventionmodel m, unnest(ARRAY[m.since, m.ended_on]) AS day,
         (VALUES (OLD.province_id, OLD.district_id), (NEW.province_id, NEW.district_id)) AS whole (province, district)
    WHERE m.area_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER reporting_mark_models AFTER UPDATE OF parent_id ON territory_area
    FOR EACH ROW WHEN (OLD.path IS DISTINCT FROM NEW.path) EXECUTE FUNCTION reporting_mark_area_models();

-- One change to a file can shift what another part of it counts for (the first service, the end of identification),
-- so it marks every day of the file. The file is locked first: of two changes at once, the second sees both.
CREATE FUNCTION reporting_mark_victim_days(victim_key bigint, province bigint, district bigint, agency bigint)
RETURNS void LANGUAGE sql {DEFINER} AS $$
    SELECT reporting_mark('victim', province, district, agency, day) FROM (
        SELECT arrived_on AS day FROM victims_victim WHERE id = victim_key
        UNION SELECT decided_on FROM victims_victimstatus WHERE victim_id = victim_key
        UNION SELECT starts_on FROM victims_supportservice WHERE victim_id = victim_key
        UNION SELECT unnest(ARRAY[valid_from, valid_to + 1]) FROM victims_facilitystay WHERE victim_id = victim_key
        UNION SELECT unnest(ARRAY[opened_on, closed_on]) FROM victims_supportcase WHERE victim_id = victim_key
        UNION SELECT unnest(ARRAY[(asked_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date,
                                  (answered_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date])
        FROM victims_transfer WHERE victim_id = victim_key) AS days
$$;

CREATE FUNCTION reporting_mark_victim() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM reporting_mark_victim_days(OLD.id, OLD.province_id, OLD.district_id, OLD.agency_id);
        PERFORM reporting_mark('victim', OLD.province_id, OLD.district_id, OLD.agency_id, OLD.arrived_on);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM reporting_mark_victim_days(NEW.id, NEW.province_id, NEW.district_id, NEW.agency_id);
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER reporting_mark AFTER INSERT OR UPDATE ON victims_victim
    FOR EACH ROW EXECUTE FUNCTION reporting_mark_victim();
CREATE TRIGGER reporting_mark_removed BEFORE DELETE ON victims_victim
    FOR EACH ROW EXECUTE FUNCTION reporting_mark_victim();

-- The days a part of a file counts on, taken from its row, whichever table it is of.
CREATE FUNCTION reporting_days_of_part(part jsonb) RETURNS SETOF date LANGUAGE sql STABLE AS $$
    SELECT day FROM unnest(ARRAY[
        (part ->> 'decided_on')::date, (part ->> 'starts_on')::date, (part ->> 'valid_from')::date,
        (part ->> 'valid_to')::date + 1, (part ->> 'opened_on')::date, (part ->> 'closed_on')::date,
        ((part ->> 'asked_at')::timestamptz AT TIME ZONE 'Asia/Ho_Chi_Minh')::date,
        ((part ->> 'answered_at')::timestamptz AT TIME ZONE 'Asia/Ho_Chi_Minh')::date]) AS day
    WHERE day IS NOT NULL
$$;

CREATE FUNCTION reporting_mark_victim_part() RETURNS trigger LANGUAGE plpgsql {DEFINER} AS $$
BEGIN
    PERFORM FROM victims_victim WHERE id IN (OLD.victim_id, NEW.victim_id) ORDER BY id FOR NO KEY UPDATE;
    PERFORM reporting_mark_victim_days(id, province_id, district_id, agency_id)
    FROM victims_victim WHERE id IN (OLD.victim_id, NEW.victim_id);
    IF TG_OP <> 'INSERT' THEN
        PERFORM reporting_mark('victim', v.province_id, v.district_id, v.agency_id, day)
        FROM victims_victim v, reporting_days_of_part(to_jsonb(OLD)) AS day WHERE v.id = OLD.victim_id;
    END IF;
    RETURN NULL;
END $$;
"""
VICTIM_PARTS = (
    "victims_victimstatus",
    "victims_victimroute",
    "victims_supportservice",
    "victims_supportcase",
    "victims_facilitystay",
    "victims_transfer",
    "victims_consent",
)
PART_MARKS = "".join(
    f"CREATE TRIGGER reporting_mark AFTER INSERT OR UPDATE OR DELETE ON {table}"
    " FOR EACH ROW EXECUTE FUNCTION reporting_mark_victim_part();\n"
    for table in VICTIM_PARTS
)

# Everything is summed once more, a bucket at a time, by the worker: old counts gain their parts.
MARK_ALL = """
INSERT INTO reporting_factmark (source, province_id, district_id, agency_id, bucket)
SELECT DISTINCT source, province_id, district_id, agency_id, half_month(day) FROM reporting_measure;
"""

UNMARK = (
    "".join(f"DROP TRIGGER reporting_mark ON {table};\n" for table in VICTIM_PARTS)
    + """
DROP TRIGGER reporting_mark_removed ON victims_victim;
DROP TRIGGER reporting_mark ON victims_victim;
DROP TRIGGER reporting_mark_models ON territory_area;
DROP TRIGGER reporting_mark ON programs_preventionmodel;
DROP TRIGGER reporting_mark ON programs_activitycost;
DROP TRIGGER reporting_mark ON incidents_wantedperson;
DROP TRIGGER reporting_mark ON incidents_verdict;
DROP TRIGGER reporting_mark ON incidents_caseplace;
DROP FUNCTION reporting_mark_victim_part, reporting_days_of_part, reporting_mark_victim, reporting_mark_victim_days,
    reporting_mark_area_models, reporting_mark_model, reporting_mark_cost, reporting_mark_wanted,
    reporting_mark_verdict;
DELETE FROM reporting_factmark WHERE source IN ('victim', 'model');
DELETE FROM reporting_fact WHERE source IN ('victim', 'model');
"""
)


def _replacing(view: str) -> str:
    """The view made anew in place, whatever the text it was first made by says."""
    return view.replace("CREATE VIEW", "CREATE OR REPLACE VIEW", 1)


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0005_tips_and_cases"),
        ("programs", "0013_follow_the_map"),
        ("victims", "0003_row_policies"),
    ]
    operations = [
        migrations.RunSQL(
            _replacing(AFTER) + CASE_DAYS.format(wanted=WANTED, definer=DEFINER) + MARKS + PART_MARKS + MARK_ALL,
            UNMARK + _replacing(BEFORE) + CASE_DAYS.format(wanted="", definer="") + MARK_ALL,
        )
    ]
