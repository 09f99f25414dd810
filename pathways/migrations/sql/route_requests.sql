-- The state of a request for a funded route moves by a decision only (DESIGN, invariant 4), so that no import,
-- task or hand steps round the actions. Which moves there are is a constraint of pathways_routedecision.

CREATE FUNCTION route_request_begins_as_draft() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A request begins as a draft' USING ERRCODE = 'check_violation';
END $$;

CREATE TRIGGER begins_as_draft
    BEFORE INSERT ON pathways_routerequest
    FOR EACH ROW
    WHEN (NEW.state IS DISTINCT FROM 'draft'
        OR NEW.decision_count IS DISTINCT FROM 0
        OR NEW.panel_rank IS NOT NULL)
    EXECUTE FUNCTION route_request_begins_as_draft();

CREATE FUNCTION route_request_moves_by_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.person_id <> OLD.person_id
        OR NEW.decision_count <> OLD.decision_count + 1
        OR NOT EXISTS (
            SELECT 1 FROM pathways_routedecision
            WHERE request_id = NEW.id AND number = NEW.decision_count
                AND from_state = OLD.state AND to_state = NEW.state
        )
    THEN
        RAISE EXCEPTION 'A request moves by a decision only' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER moves_by_decision
    BEFORE UPDATE ON pathways_routerequest
    FOR EACH ROW
    WHEN (OLD.state IS DISTINCT FROM NEW.state
        OR OLD.decision_count IS DISTINCT FROM NEW.decision_count
        OR OLD.person_id IS DISTINCT FROM NEW.person_id)
    EXECUTE FUNCTION route_request_moves_by_decision();

-- BACKWARDS

DROP TRIGGER moves_by_decision ON pathways_routerequest;
DROP FUNCTION route_request_moves_by_decision();
DROP TRIGGER begins_as_draft ON pathways_routerequest;
DROP FUNCTION route_request_begins_as_draft();
