-- The way that decisions on a request lead: the same rules as pathways/rules/requests.py and the actions, so that
-- no import, task or hand steps round them. tests/pathways/test_rules_requests.py goes through both.
--
-- Which (state, step, state, capacity) there may be at all is the constraint route_decision_is_a_move. Here is what
-- depends on other rows: the request itself, and the decisions and discussions before this one.

CREATE FUNCTION route_decision_follows_the_request() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked record;  -- the request
    last record;   -- its last decision of one step; all NULL where there is none
BEGIN
    SELECT request.funded_by, request.levy_forecast_pence, request.panel_id, route.kind INTO asked
    FROM pathways_routerequest request JOIN pathways_route route ON route.id = request.route_id
    WHERE request.id = NEW.request_id AND request.person_id = NEW.requester_id
        AND request.state = NEW.from_state AND request.decision_count + 1 = NEW.number;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'A decision follows on the state of its request' USING ERRCODE = 'check_violation';
    END IF;

    -- Who: never for the requester or oneself, and nobody in two parts of the trust.
    IF NEW.on_behalf_of_id IN (NEW.requester_id, NEW.actor_id)
        OR (NEW.capacity = 'requester' AND NEW.on_behalf_of_id IS NOT NULL)
    THEN
        RAISE EXCEPTION 'Nobody stands in for the requester or for themselves' USING ERRCODE = 'check_violation';
    END IF;
    -- The states that wait for somebody's decision, and the steps that say yes (ASKED_OF and DECIDING of the rules).
    IF NEW.capacity <> 'requester'
        AND NEW.from_state IN ('budget', 'finance', 'manager', 'panel', 'people')
        AND EXISTS (
            SELECT 1 FROM pathways_routedecision had
            WHERE had.request_id = NEW.request_id
                AND had.step IN ('awarded', 'checked', 'covered', 'funded', 'supported')
                AND (had.actor_id IN (NEW.actor_id, NEW.on_behalf_of_id)
                    OR had.on_behalf_of_id IN (NEW.actor_id, NEW.on_behalf_of_id))
        )
    THEN
        RAISE EXCEPTION 'Nobody takes two deciding steps of one request' USING ERRCODE = 'check_violation';
    END IF;
    -- RIVALS_IN of the rules.
    IF NEW.capacity <> 'requester' AND NEW.from_state IN ('appealed', 'panel', 'people') AND asked.kind = 'masters'
        AND has_applied_to_the_panel(asked.panel_id, NEW.actor_id, NEW.on_behalf_of_id)
    THEN
        RAISE EXCEPTION 'Nobody decides about a panel they have applied to' USING ERRCODE = 'check_violation';
    END IF;

    -- Where to: an answer to who asked, an upheld appeal to who declined, a check as the facts lead.
    SELECT from_state, actor_id, on_behalf_of_id, made_at INTO last FROM pathways_routedecision
    WHERE request_id = NEW.request_id AND step = 'asked' ORDER BY number DESC LIMIT 1;
    IF NEW.step = 'answered' AND NEW.to_state IS DISTINCT FROM last.from_state THEN
        RAISE EXCEPTION 'An answer goes back to who asked' USING ERRCODE = 'check_violation';
    END IF;

    SELECT from_state, actor_id, on_behalf_of_id, made_at INTO last FROM pathways_routedecision
    WHERE request_id = NEW.request_id AND step = 'declined' ORDER BY number DESC LIMIT 1;
    IF NEW.step = 'upheld' AND NEW.to_state IS DISTINCT FROM last.from_state THEN
        RAISE EXCEPTION 'An upheld appeal goes back to where it was declined' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.step IN ('upheld', 'dismissed')
        AND (last.actor_id IN (NEW.actor_id, NEW.on_behalf_of_id)
            OR last.on_behalf_of_id IN (NEW.actor_id, NEW.on_behalf_of_id))
    THEN
        RAISE EXCEPTION 'Who declined does not hear the appeal' USING ERRCODE = 'check_violation';
    END IF;
    -- After an upheld appeal there is another round, which needs a discussion of its own.
    IF NEW.step = 'supported'
        AND NOT EXISTS (
            SELECT 1 FROM pathways_routediscussion
            WHERE request_id = NEW.request_id AND written_at > COALESCE(last.made_at, '-infinity')
        )
    THEN
        RAISE EXCEPTION 'Nothing is supported before it is talked over' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.step = 'checked'
        AND NEW.to_state <> (
            CASE
                WHEN asked.kind = 'masters' THEN 'panel'
                WHEN asked.funded_by = 'levy' AND asked.levy_forecast_pence < 0 THEN 'finance'
                ELSE 'agreed'
            END
        )
    THEN
        RAISE EXCEPTION 'A checked request goes where its kind, payer and forecast lead'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.step = 'covered' AND asked.kind = 'masters' THEN
        RAISE EXCEPTION 'A Masters passes its panel' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.step = 'appealed'
        AND EXISTS (SELECT 1 FROM pathways_routedecision WHERE request_id = NEW.request_id AND step = 'appealed')
    THEN
        RAISE EXCEPTION 'A request is appealed once' USING ERRCODE = 'check_violation';
    END IF;

    -- What: somebody else ends it with words, and a programme from a day.
    IF NEW.step = 'withdrawn' AND NEW.capacity <> 'requester'
        AND (NEW.words = '' OR (NEW.from_state <> 'agreed' AND NEW.effective_on IS NULL))
    THEN
        RAISE EXCEPTION 'Who withdraws somebody else says why, and from which day'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER follows_the_request
    BEFORE INSERT ON pathways_routedecision
    FOR EACH ROW EXECUTE FUNCTION route_decision_follows_the_request();

-- BACKWARDS

DROP TRIGGER follows_the_request ON pathways_routedecision;
DROP FUNCTION route_decision_follows_the_request();
