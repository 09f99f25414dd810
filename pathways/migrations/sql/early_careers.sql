-- An appropriate body checks no induction at the school it is run from (DOMAIN section 3). Two tables say so
-- together, so each is looked at as it changes.

CREATE FUNCTION early_career_not_at_the_bodys_school() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM pathways_appropriatebody
        WHERE id = NEW.appropriate_body_id AND lead_school_id = NEW.school_id
    ) THEN
        RAISE EXCEPTION 'A body cannot check inductions at the school it is run from'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER not_the_bodys_lead_school
    BEFORE INSERT OR UPDATE ON pathways_earlycareer
    FOR EACH ROW EXECUTE FUNCTION early_career_not_at_the_bodys_school();

CREATE FUNCTION appropriate_body_not_run_where_it_checks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM pathways_earlycareer
        WHERE appropriate_body_id = NEW.id AND school_id = NEW.lead_school_id AND completed_on IS NULL
    ) THEN
        RAISE EXCEPTION 'A body cannot check inductions at the school it is run from'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER not_run_where_it_checks
    BEFORE UPDATE ON pathways_appropriatebody
    FOR EACH ROW
    WHEN (OLD.lead_school_id IS DISTINCT FROM NEW.lead_school_id)
    EXECUTE FUNCTION appropriate_body_not_run_where_it_checks();

-- BACKWARDS

DROP TRIGGER not_run_where_it_checks ON pathways_appropriatebody;
DROP FUNCTION appropriate_body_not_run_where_it_checks();
DROP TRIGGER not_the_bodys_lead_school ON pathways_earlycareer;
DROP FUNCTION early_career_not_at_the_bodys_school();
