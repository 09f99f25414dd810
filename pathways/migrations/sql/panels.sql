-- A place in a panel's ranking is given by a row that says who, and by nobody who has applied to that panel.

-- Whether one of two people has applied for a Masters that this panel awards; where either panel is not known
-- yet, any that waits for a panel. The second is NULL where nobody is stood in for.
CREATE FUNCTION has_applied_to_the_panel(panel bigint, actor bigint, on_behalf_of bigint) RETURNS boolean
    LANGUAGE sql STABLE
AS $$
    SELECT EXISTS (
        SELECT 1 FROM pathways_routerequest rival JOIN pathways_route its ON its.id = rival.route_id
        WHERE rival.person_id IN (actor, on_behalf_of) AND its.kind = 'masters'
            AND ((rival.panel_id = panel AND rival.state NOT IN ('draft', 'withdrawn'))
                OR (rival.state = 'panel' AND (rival.panel_id IS NULL OR panel IS NULL)))
    )
$$;

CREATE FUNCTION panel_ranked_by_no_rival() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked record;
BEGIN
    SELECT request.person_id, request.panel_id, request.state, route.kind INTO asked
    FROM pathways_routerequest request JOIN pathways_route route ON route.id = request.route_id
    WHERE request.id = NEW.request_id;
    IF asked.state IS DISTINCT FROM 'panel' THEN
        RAISE EXCEPTION 'A panel ranks who waits for it' USING ERRCODE = 'check_violation';
    END IF;
    IF asked.person_id IN (NEW.actor_id, NEW.on_behalf_of_id) THEN
        RAISE EXCEPTION 'Nobody ranks their own request' USING ERRCODE = 'check_violation';
    END IF;
    IF asked.kind = 'masters' AND has_applied_to_the_panel(asked.panel_id, NEW.actor_id, NEW.on_behalf_of_id) THEN
        RAISE EXCEPTION 'Nobody ranks in a panel they have applied to' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER ranked_by_no_rival
    BEFORE INSERT ON pathways_panelranking
    FOR EACH ROW EXECUTE FUNCTION panel_ranked_by_no_rival();

CREATE FUNCTION route_request_ranked_by_a_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.panel_rank IS DISTINCT FROM (
        SELECT place FROM pathways_panelranking WHERE request_id = NEW.id ORDER BY id DESC LIMIT 1
    ) THEN
        RAISE EXCEPTION 'A place in the ranking is given by a row that says who' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER ranked_by_a_row
    BEFORE UPDATE ON pathways_routerequest
    FOR EACH ROW
    WHEN (OLD.panel_rank IS DISTINCT FROM NEW.panel_rank)
    EXECUTE FUNCTION route_request_ranked_by_a_row();

-- BACKWARDS

DROP TRIGGER ranked_by_a_row ON pathways_routerequest;
DROP FUNCTION route_request_ranked_by_a_row();
DROP TRIGGER ranked_by_no_rival ON pathways_panelranking;
DROP FUNCTION panel_ranked_by_no_rival();
DROP FUNCTION has_applied_to_the_panel(bigint, bigint, bigint);
