-- An interest in training to teach moves by a step only (DESIGN, invariant 4). Which moves there are is a constraint
-- of pathways_teachingintereststep, and the table of pathways/rules/teaching_interest.py.

CREATE FUNCTION teaching_interest_begins_as_interested() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'An interest begins as interested' USING ERRCODE = 'check_violation';
END $$;

CREATE TRIGGER begins_as_interested
    BEFORE INSERT ON pathways_teachinginterest
    FOR EACH ROW
    WHEN (NEW.state IS DISTINCT FROM 'interested' OR NEW.step_count IS DISTINCT FROM 0)
    EXECUTE FUNCTION teaching_interest_begins_as_interested();

CREATE FUNCTION teaching_interest_moves_by_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.person_id <> OLD.person_id
        OR NEW.step_count <> OLD.step_count + 1
        OR NOT EXISTS (
            SELECT 1 FROM pathways_teachingintereststep
            WHERE interest_id = NEW.id AND number = NEW.step_count
                AND from_state = OLD.state AND to_state = NEW.state
        )
    THEN
        RAISE EXCEPTION 'An interest moves by a step only' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER moves_by_step
    BEFORE UPDATE ON pathways_teachinginterest
    FOR EACH ROW
    WHEN (OLD.state IS DISTINCT FROM NEW.state
        OR OLD.step_count IS DISTINCT FROM NEW.step_count
        OR OLD.person_id IS DISTINCT FROM NEW.person_id)
    EXECUTE FUNCTION teaching_interest_moves_by_step();

CREATE FUNCTION teaching_step_follows_the_interest() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM pathways_teachinginterest
        WHERE id = NEW.interest_id AND person_id = NEW.person_id
            AND state = NEW.from_state AND step_count + 1 = NEW.number
    ) THEN
        RAISE EXCEPTION 'A step follows on the state of its interest' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER follows_the_interest
    BEFORE INSERT ON pathways_teachingintereststep
    FOR EACH ROW EXECUTE FUNCTION teaching_step_follows_the_interest();

-- BACKWARDS

DROP TRIGGER follows_the_interest ON pathways_teachingintereststep;
DROP FUNCTION teaching_step_follows_the_interest();
DROP TRIGGER moves_by_step ON pathways_teachinginterest;
DROP FUNCTION teaching_interest_moves_by_step();
DROP TRIGGER begins_as_interested ON pathways_teachinginterest;
DROP FUNCTION teaching_interest_begins_as_interested();
