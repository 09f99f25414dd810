-- What time it is, for SQL: everything of ours that asks, asks here; Python asks staff/clock.py, which agrees.
-- The tests can run as on a later day: their connections set portal.days_ahead (settings, PORTAL_DAYS_AHEAD).
--
-- The start of the statement and not now(), the start of the transaction: a booking that waited for its
-- session's lock is dated by when it got it, and rows of one transaction keep their order.
--
-- STABLE and one SELECT, so that the planner puts it in place: a column default costs no call.
CREATE FUNCTION portal_now() RETURNS timestamptz
    LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT statement_timestamp()
        + make_interval(days => coalesce(nullif(current_setting('portal.days_ahead', true), '')::int, 0))
$$;

COMMENT ON FUNCTION portal_now() IS 'The present moment (staff/clock.py)';

-- BACKWARDS

DROP FUNCTION portal_now();
