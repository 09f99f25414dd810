-- What is paid for a funded route, and what a leaver pays back (DOMAIN section 4).

-- On the day of the payment both have signed, and what a leaver would repay is written down.
CREATE FUNCTION route_fee_paid_once_signed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (
        SELECT count(*) FROM pathways_routesignature
        WHERE request_id = NEW.request_id AND document = 'training_cost'
            AND party IN ('learner', 'employer') AND signed_on <= NEW.paid_on
    ) < 2
    THEN
        RAISE EXCEPTION 'Nothing is paid before the training cost agreement is signed'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM pathways_repaymentterms WHERE request_id = NEW.request_id) THEN
        RAISE EXCEPTION 'Nothing is paid before what a leaver would repay is written down'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER paid_once_signed
    BEFORE INSERT OR UPDATE ON pathways_routefee
    FOR EACH ROW
    WHEN (NEW.paid_pence > 0)
    EXECUTE FUNCTION route_fee_paid_once_signed();

-- The funding rules forbid it.
CREATE FUNCTION repayment_never_for_an_apprenticeship() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM pathways_routerequest request JOIN pathways_route route ON route.id = request.route_id
        WHERE request.id = NEW.request_id AND route.kind = 'apprenticeship'
    ) THEN
        RAISE EXCEPTION 'Apprenticeship training is never paid back' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER never_for_an_apprenticeship
    BEFORE INSERT OR UPDATE ON pathways_repaymentterms
    FOR EACH ROW EXECUTE FUNCTION repayment_never_for_an_apprenticeship();

-- BACKWARDS

DROP TRIGGER never_for_an_apprenticeship ON pathways_repaymentterms;
DROP FUNCTION repayment_never_for_an_apprenticeship();
DROP TRIGGER paid_once_signed ON pathways_routefee;
DROP FUNCTION route_fee_paid_once_signed();
